"""Workbooks: a form as it was filled in, the report of a plan, over HTTP and at the terminal."""

import io
from typing import Any

import pytest
from fastapi.testclient import TestClient
from python_calamine import CalamineWorkbook
from sqlalchemy import Engine, text
from typer.testing import CliRunner, Result

from app.cli import application
from app.db import transaction
from app.supervision.schemas import PlanDetail
from tests.app.supervision.records import V11, V21, answer, chemical, draw, of


@pytest.fixture
def plan(place: Engine) -> PlanDetail:
    """A plan with two finished forms, one of which found something."""
    with transaction(place) as session:
        chemical(session, "NQ-7", V11, party_name="=cmd|' /C calc'!A1")
        chemical(session, "NQ-8", V21)
        drawn = draw(session)
        first, second = of(drawn, "chemical_unfinished")
        answer(session, first, found_omission=True, words="院内另有一口反应釜")
        answer(session, second, answers={str(n): {"words": "无"} if n == 7 else {"answer": "no"} for n in range(1, 14)})
        return drawn


def sheets(content: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_a_filled_form_can_be_printed_and_signed(client: TestClient, plan: PlanDetail) -> None:
    item = next(one for one in of(plan, "chemical_unfinished") if "NQ-7" in one.name)
    file = client.get(f"/api/supervision/items/{item.id}/form.xlsx")
    assert file.status_code == 200, file.text
    rows = sheets(file.content)["F6"]
    texts = [row[0] for row in rows if isinstance(row[0], str)]
    assert texts[:4] == [
        "违法违规“小化工”现场督导检查表", "名称：=cmd|' /C calc'!A1", "问题编号：NQ-7", "详细地址：三组 12 号",
    ]  # fmt: skip
    lines = [row for row in rows if isinstance(row[0], float)]
    assert [int(row[0]) for row in lines] == list(range(1, 14))
    assert lines[0][1:3] in (["是否为信访举报问题", "是"], ["是否为信访举报问题", "否"])
    assert any(text.startswith("检查人：supervisor") for text in texts)
    assert any(text.startswith("抽取依据：按规则全部督导") for text in texts)


def test_an_open_form_is_printed_with_what_is_known(client: TestClient, plan: PlanDetail) -> None:
    item = of(plan, "unit")[0]
    rows = sheets(client.get(f"/api/supervision/items/{item.id}/form.xlsx").content)["F5"]
    lines = {int(row[0]): row[2] for row in rows if isinstance(row[0], float)}
    assert lines[1] == ""
    assert lines[9] == "（系统记录：没有市场监督管理部门提供的底单。）"


def test_the_report_adds_up_and_names_what_was_left_out(client: TestClient, plan: PlanDetail) -> None:
    told = client.get(f"/api/supervision/plans/{plan.id}/report").json()
    by_unit = {one["unit"]["name"]: (one["drawn"], one["final"], one["omissions"]) for one in told["units"]}
    assert by_unit["试验市本级"] == (1, 0, 0)
    assert sum(one[0] for one in by_unit.values()) == told["plan"]["items"] == 4
    assert sum(one[1] for one in by_unit.values()) == told["plan"]["final"] == 2
    tally = {(one["form"], one["number"]): (one["yes"], one["no"]) for one in told["tallies"]}
    assert tally[("F6", 3)] == (1, 1)
    assert ("F6", 7) not in tally
    assert [one["words"] for one in told["left_out"]] == ["院内另有一口反应釜"]
    book = sheets(client.get(f"/api/supervision/plans/{plan.id}/report.xlsx").content)
    assert set(book) == {"汇总", "F6", "漏查"}
    assert ["合计", 4, 2, 1] in [row[:4] for row in book["汇总"]]


def test_the_command_proves_a_sample_and_tells_when_it_was_changed(
    database: str, place: Engine, plan: PlanDetail, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WUYILOU_DATABASE_URL", database)
    asked = ["supervision", "redraw", str(plan.id)]

    def run() -> Result:
        return CliRunner().invoke(application(asked), asked)

    proved = run()
    assert (proved.exit_code, "4 项全部相同" in proved.output) == (0, True), proved.output
    with transaction(place) as session:
        session.execute(text("UPDATE supervision_plan SET seed = 'chosen'"))
    refused = run()
    assert refused.exit_code == 1
    assert "不可信" in refused.output
