"""The workbook is the form as it is printed: merged heads, page set-up, numbers as numbers, text as text."""

import io
import re
import zipfile
from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from python_calamine import CalamineWorkbook
from sqlalchemy import Engine

from app.db import transaction
from tests.app.reports.records import ITEMS, TOWN, V11, V12, clear, put_case

FOUND = date(2026, 3, 5)
ASKED = f"unit={TOWN}&first_day=2026-03-01&last_day=2026-03-31"


@pytest.fixture
def office(client: TestClient, place: Engine) -> TestClient:
    """The operator, in a town with two problems and a chemical works."""
    with transaction(place) as session:
        facts = {"fine_wan": "0.1234", "transferred_persons": 2, "is_shut": True}
        first = put_case(session, "001", V11, FOUND, party_name="=cmd|' /C calc'!A1", **facts)
        clear(session, first, dict.fromkeys(ITEMS, FOUND))
        put_case(session, "002", V12, FOUND, category="shut_down", description="停产后" + "夜间恢复生产，" * 40)
        put_case(session, "003", V12, FOUND, category="chemical", chemical_kind="affiliated", confiscated_wan=3)
    return client


def opened(office: TestClient, form: str) -> tuple[dict[str, Any], zipfile.ZipFile, bytes]:
    """The form as the page has it, and the workbook."""
    shown = office.get(f"/api/reports/{form}?{ASKED}")
    file = office.get(f"/api/reports/{form}.xlsx?{ASKED}")
    assert (shown.status_code, file.status_code) == (200, 200), shown.text
    return shown.json(), zipfile.ZipFile(io.BytesIO(file.content)), file.content


def column_name(at: int) -> str:
    return chr(ord("A") + at)


@pytest.mark.parametrize(("form", "paper", "heads"), [("F1", 8, 2), ("F2", 9, 3), ("F3", 9, 1), ("F4", 9, 2)])
def test_the_sheet_is_set_up_to_be_printed(office: TestClient, form: str, paper: int, heads: int) -> None:
    shown, file, _ = opened(office, form)
    sheet = file.read("xl/worksheets/sheet1.xml").decode()
    book = file.read("xl/workbook.xml").decode()
    setup = re.findall(r"<pageSetup [^>]*>", sheet)[0]
    assert f'paperSize="{paper}"' in setup
    assert 'orientation="landscape"' in setup
    assert 'fitToHeight="0"' in setup, "one page wide, as many long as it takes"
    assert '<pageSetUpPr fitToPage="1"/>' in sheet
    assert f"'{form}'!$3:${2 + heads}" in book, "heads come again on every page"
    assert "第 &amp;P 页，共 &amp;N 页" in sheet
    assert len(re.findall(r"<col ", sheet)) >= 1
    assert len(shown["columns"]) == len(shown["heads"][0]) or heads > 1


@pytest.mark.parametrize("form", ["F1", "F2", "F3", "F4"])
def test_heads_are_merged_as_the_page_shows_them(office: TestClient, form: str) -> None:
    shown, file, _ = opened(office, form)
    merged = set(re.findall(r'<mergeCell ref="([^"]+)"', file.read("xl/worksheets/sheet1.xml").decode()))
    taken: set[tuple[int, int]] = set()
    for down, row in enumerate(shown["heads"]):
        at = 0
        for head in row:
            while (down, at) in taken:
                at += 1
            span = {(down + y, at + x) for y in range(head["rows"]) for x in range(head["columns"])}
            taken |= span
            if len(span) > 1:
                end = f"{column_name(at + head['columns'] - 1)}{3 + down + head['rows'] - 1}"
                assert f"{column_name(at)}{3 + down}:{end}" in merged, head
    assert f"A1:{column_name(len(shown['columns']) - 1)}1" in merged, "the title"


@pytest.mark.parametrize("form", ["F1", "F2", "F3", "F4"])
def test_the_cells_are_what_the_page_shows(office: TestClient, form: str) -> None:
    shown, _, content = opened(office, form)
    lines = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    first = 2 + len(shown["heads"])
    expected = [*shown["rows"], *([shown["total"]] if shown["total"] else [])]
    for line, cells in zip(lines[first:], expected, strict=False):
        assert line == ["" if cell is None else "√" if cell is True else cell for cell in cells]
    texts = [cell for line in lines for cell in line if cell]
    assert lines[0][0] == shown["title"]
    assert [cell for cell in lines[1] if cell] == shown["above"]
    for said in [*(f"{text}：" for text in shown["signatures"]), *shown["notes"]]:
        assert said in texts


def test_a_name_that_looks_like_a_formula_stays_a_name(office: TestClient) -> None:
    _, file, content = opened(office, "F1")
    assert "<f>" not in file.read("xl/worksheets/sheet1.xml").decode()
    lines = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert lines[4][3] == "=cmd|' /C calc'!A1"


def test_amounts_and_ticks_are_such(office: TestClient) -> None:
    _, _, content = opened(office, "F1")
    row = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()[4]
    assert row[4:11] == ["", "√", "", "", "", "", ""]
    assert row[14:16] == ["√", "√"]
    assert row[17:20] == [0.1234, "", 2]


def test_the_file_is_named_after_form_unit_and_days(office: TestClient) -> None:
    told = office.get(f"/api/reports/F3.xlsx?{ASKED}").headers["Content-Disposition"]
    assert told.endswith("_%E5%8D%97%E6%A1%A5%E9%95%87_20260301-20260331.xlsx")


@pytest.mark.parametrize("address", ["F9?first_day=2026-03-01&last_day=2026-03-02", "F1?first_day=2026-03-01",
                                     "F1?first_day=1999-01-01&last_day=2026-03-02",
                                     "F1.xlsx?first_day=2026-03-02&last_day=2026-03-01"])  # fmt: skip
def test_a_form_that_is_none_and_days_that_are_none_are_refused(office: TestClient, address: str) -> None:
    assert office.get(f"/api/reports/{address}").status_code == 422
