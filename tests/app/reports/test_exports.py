"""Lists as files: whole, within one's scope, harmless in a spreadsheet, and each look written down."""

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pyogrio
import pyogrio.raw
import pytest
from fastapi.testclient import TestClient
from python_calamine import CalamineWorkbook
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from app import exporting
from app.actor import Actor
from app.db import transaction
from app.errors import ForbiddenError, TooLargeError
from app.exporting import Column
from app.reports import exports
from app.reports.lists import LISTS
from app.rights import Right, Role
from app.scope import EVERYTHING
from app.settings import Settings
from app.sites import service as sites
from tests.app.reports.records import PATHS, V11, V21, put_case, put_site, put_visit
from tests.support.people import PASSWORD, add_person

DAY = date(2026, 3, 5)
_TENANCY = text(
    """INSERT INTO tenancy (id, site_id, tenant_name, contact_phone, chemicals, started_on, created_by)
    VALUES (gen_random_uuid(), :site, '甲五金厂', '13900139000', '[{"name": "甲醇", "amount": 2, "unit": "吨"}]',
        '2026-01-01', 'test')"""
)
_BASELINE = text(
    """INSERT INTO baseline (id, name, kind, department, as_of, unit_code, unit_path, file_name, file_digest, mapping,
        report, row_count, created_by)
    VALUES (gen_random_uuid(), '用电户', 'power_users', '供电所', '2026-01-01', :unit, CAST(:path AS ltree), 'a.csv',
        'x', '{}', '{}', 1, 'test') RETURNING id"""
)
_ROW = text(
    """INSERT INTO baseline_row (baseline_id, row_number, name, uscc_valid, unit_path, extra, reasons)
    VALUES (:baseline, 1, '丙厂', false, CAST(:path AS ltree), '{}', ARRAY['名称相近', '地址相同'])"""
)
_LEAD = text(
    """INSERT INTO lead (id, source, number, what, note, unit_path, made_at, received_at, content_digest, answer,
        officer_code)
    VALUES (gen_random_uuid(), 'letter', 'X-1', 'smell', '夜间异味', CAST(:path AS ltree), now(), now(), 'x', '{}',
        NULL)
    RETURNING id"""
)
_REPORTER = text(
    "INSERT INTO lead_reporter (lead_id, is_anonymous, name, phone) VALUES (:lead, false, '吴举报', '131')"
)


@pytest.fixture
def office(client: TestClient, place: Engine) -> TestClient:
    """The operator, where every list has a row in village 11, and sites and cases in village 21 too."""
    with transaction(place) as session:
        site = put_site(session, "S-1", name='=HYPERLINK("http://x")')
        put_site(session, "S-2", V21)
        put_visit(session, site, DAY)
        sites.refresh_checks(session, [site], (date.today() - date(2000, 1, 1)).days)  # noqa: DTZ011
        session.execute(_TENANCY, {"site": site})
        baseline = session.execute(_BASELINE, {"unit": V11, "path": PATHS[V11]}).scalar_one()
        session.execute(_ROW, {"baseline": baseline, "path": PATHS[V11]})
        lead = session.execute(_LEAD, {"path": PATHS[V11]}).scalar_one()
        session.execute(_REPORTER, {"lead": lead})
        put_case(session, "C-1", V11, DAY, fine_wan="0.5", stages=["produce", "use"], party_name="+某厂")
        put_case(session, "C-2", V21, DAY)
        add_person(session, "town", Role.TOWN, [("320491001000", None)])
    return client


def lines(office: TestClient, name: str, query: str = "") -> list[dict[str, str]]:
    """The rows of a list's CSV, by their heads."""
    answer = office.get(f"/api/exports/{name}.csv{query}")
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"\xef\xbb\xbf"), "Excel would read it as GBK"
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_every_list_says_its_codes_in_words(office: TestClient) -> None:
    found = {name: lines(office, name) for name in LISTS}
    assert [row["场所编号"] for row in found["sites"]] == ["S-1", "S-2"]
    assert found["sites"][0]["类型"] == "厂房"
    assert found["sites"][0]["最近检查日期"] == "2026-03-05"
    assert found["sites"][1]["检查状态"] == "从未检查"
    assert found["tenancies"][0]["化学品及数量"] == "甲醇 2 吨"
    assert found["visits"][0]["结果"] == "未发现问题"
    assert found["visits"][0]["检查时间"].startswith("2026-03-05 18:00"), "local time"
    assert found["baseline-rows"][0]["匹配依据"] == "名称相近；地址相同"
    assert found["leads"][0]["来源"] == "信访来信"
    assert found["leads"][0]["情况"] == "异味"
    assert found["cases"][0]["违法环节"] == "生产；使用"
    assert found["cases"][0]["行政处罚(万元)"] == "0.5"
    assert found["cases"][0]["地区"] == "南桥镇柳树村"


def test_nobody_reads_in_a_list_who_reported(office: TestClient) -> None:
    for kind in ("csv", "geojson", "xlsx", "gpkg"):
        content = office.get(f"/api/exports/leads.{kind}").content
        assert "吴举报".encode() not in content
        if kind == "xlsx":
            shown = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
            assert "吴举报" not in str(shown)


def test_a_spreadsheet_takes_no_name_for_a_formula(office: TestClient) -> None:
    assert lines(office, "sites")[0]["场所名称"] == '\'=HYPERLINK("http://x")'
    assert lines(office, "cases")[0]["问题单位(个人)"] == "'+某厂"
    book = CalamineWorkbook.from_filelike(io.BytesIO(office.get("/api/exports/cases.xlsx").content))
    assert book.get_sheet_by_index(0).to_python()[1][1] == "+某厂"


def test_maps_get_places_and_rows_without_one(office: TestClient, tmp_path: Path) -> None:
    for name in LISTS:
        told = json.loads(office.get(f"/api/exports/{name}.geojson").content)
        path = tmp_path / f"{name}.gpkg"
        path.write_bytes(office.get(f"/api/exports/{name}.gpkg").content)
        info = pyogrio.read_info(path)
        assert info["features"] == len(told["features"]) == len(lines(office, name))
        assert "4326" in info["crs"]
    sites = json.loads(office.get("/api/exports/sites.geojson").content)["features"]
    assert sites[0]["geometry"] == {"type": "Point", "coordinates": [119.81, 31.77]}
    assert json.loads(office.get("/api/exports/cases.geojson").content)["features"][0]["geometry"] is None
    _, _, shapes, values = pyogrio.raw.read(tmp_path / "cases.gpkg")
    heads = list(pyogrio.read_info(tmp_path / "cases.gpkg")["fields"])
    assert list(shapes) == [None, None]
    assert list(values[heads.index("行政处罚(万元)")]) == [0.5, 0.0]


def test_a_list_keeps_to_the_scope_and_to_the_unit(office: TestClient, stranger: TestClient) -> None:
    assert [row["问题编号"] for row in lines(office, "cases", f"?unit={V21}")] == ["C-2"]
    signed = stranger.post("/api/session", json={"username": "town", "password": PASSWORD})
    assert signed.status_code == 200
    assert [row["问题编号"] for row in lines(stranger, "cases")] == ["C-1"]
    assert [row["场所编号"] for row in lines(stranger, "sites")] == ["S-1"]
    assert stranger.get(f"/api/exports/cases.csv?unit={V21}").status_code == 403


def test_a_token_for_reports_alone_takes_no_list_away(session: Session) -> None:
    token = Actor("机器", Role.TOWN, frozenset({Right.READ_REPORTS}), EVERYTHING, "token", "127.0.0.1")
    for name in LISTS:
        with pytest.raises(ForbiddenError, match=r"没有查看.*的权限"):
            exports.export(session, Settings(), token, name, "csv", None)


def test_who_takes_a_list_away_stands_in_the_audit(office: TestClient, place: Engine) -> None:
    lines(office, "visits")
    with place.connect() as connection:
        [row] = connection.execute(
            text("SELECT route, subject, officer_codes, facts FROM audit_entry WHERE route LIKE '%exports%'")
        ).all()
    assert row.route == "GET /api/exports/{name}.{kind}"
    assert row.subject == "visits/csv"
    assert list(row.officer_codes) == ["W1"]
    assert row.facts == {"list": "visits", "rows": 1}


@pytest.mark.parametrize("address", ["people.csv", "sites.pdf", "sites.csv?unit=999999999999"])
def test_what_is_no_list_is_refused(office: TestClient, address: str) -> None:
    assert office.get(f"/api/exports/{address}").status_code in (404, 422)


def test_more_rows_than_the_bound_are_refused_in_words() -> None:
    rows: list[dict[str, Any]] = [{"a": 1}] * (exporting.MAX_ROWS + 1)
    with pytest.raises(TooLargeError, match="50,000"):
        exporting.export(rows, [Column("a", "甲")], None, "csv", "甲")
    assert exporting.export(rows[1:], [Column("a", "甲")], None, "csv", "甲").content.count(b"\n") == 50_001
