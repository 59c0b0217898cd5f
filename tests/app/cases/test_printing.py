"""The file on paper and as an archive; each time somebody takes one away it is told."""

import csv
import hashlib
import io
import json
import zipfile
from typing import Any
from uuid import UUID

from app.cases import service
from app.cases.sheet import sheet
from app.db import transaction
from tests.app.cases.desk import PDF, Desks
from tests.app.review.world import World

STRANGE = '*粗体* #panic("x") _斜_ `码` $x^2$ <标> \\ "引号" @甲 = 标题'


def archive(desks: Desks, case_id: str, by: str = "county") -> zipfile.ZipFile:
    """The file as a zip."""
    answer = desks.person(by).get(f"/api/cases/{case_id}.zip")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''320491-")
    return zipfile.ZipFile(io.BytesIO(answer.content))


def test_the_pdf_is_a_pdf_of_some_pages(desks: Desks) -> None:
    case = desks.closed(days_ago=40)
    answer = desks.person("county").get(f"/api/cases/{case['id']}.pdf")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert answer.content.count(b"/Subtype/Image") + answer.content.count(b"/Subtype /Image") >= 5


def test_text_is_never_read_as_markup(desks: Desks) -> None:
    case = desks.opened(
        description=STRANGE, measures=STRANGE, party_name="#let x = 1", address='"]) #include "/etc/passwd"'
    )
    answer = desks.person("county").get(f"/api/cases/{case['id']}.pdf")
    assert answer.status_code == 200, answer.text


def test_the_sheet_says_what_the_file_says_in_words(desks: Desks, world: World) -> None:
    case = desks.closed(
        days_ago=40, stages=["produce", "store"], chemicals=[{"name": "甲苯", "amount": 0.2, "unit": "吨"}]
    )
    desks.taken(desks.look_back(case["id"], 0))
    desks.taken(desks.patch(case["id"], fine_wan="12.50", is_shut=True))
    with transaction(world.engine) as session:
        actor = world.sender("county")
        told = sheet(world.settings, service.detail(session, world.settings, actor, UUID(case["id"])), "张三", {})
    facts = dict(told["facts"])
    assert (facts["违法环节"], facts["化学品及数量"], facts["整治方式"]) == ("生产、储存", "甲苯 0.2吨", "关闭取缔")
    assert dict(told["penalties"])["行政处罚（万元）"] == "12.5"
    assert told["place"] == "试验市东山区南桥镇柳树村"
    assert told["look_backs"][0][2:4] == ["未发现反弹", "现场空置"]
    assert [item["evidence"][0]["label"] for item in told["closure"]] == [f"附件{at}" for at in range(1, 6)]
    kinds = [event[1] for event in told["events"]]
    assert kinds[:2] == ["登记立案", "开始整治"]
    assert kinds[-1] == "修改档案"
    changed = told["events"][-1][2]
    assert "行政处罚（万元）：0 → 12.5" in changed
    assert "停产或关闭：否 → 是" in changed
    assert "断水证据：空 → 附件1" in "\n".join(event[2] for event in told["events"])
    assert "由 张三 打印" in told["printed"]


def test_the_archive_holds_every_original_as_it_came_under_a_stated_name(desks: Desks) -> None:
    case = desks.opened()
    first = desks.attached(case["id"], 1, what="=HYPERLINK(1)", name="断电 现场.jpg")
    desks.taken(desks.attach(case["id"], PDF, what="决定书", name="a/b\\决定书.pdf"))
    url = f"/api/cases/{case['id']}/attachments/{first}/withdrawal"
    desks.taken(desks.person("village11").post(url, json={"why": "重复"}))
    with archive(desks, case["id"]) as found:
        pdf, *rest = found.namelist()
        assert pdf == f"{case['number']}.pdf"
        assert rest == ["case.json", "manifest.csv", "attachments/01_断电 现场.jpg", "attachments/02_决定书.pdf"]
        rows = list(csv.DictReader(io.StringIO(found.read("manifest.csv").decode("utf-8-sig"))))
        for row in rows:
            assert hashlib.sha256(found.read(row["文件"])).hexdigest() == row["sha256"]
        assert [row["内容"] for row in rows] == ["'=HYPERLINK(1)", "决定书"]
        assert rows[0]["撤销原因"] == "重复"
        assert json.loads(found.read("case.json"))["number"] == case["number"]
    with archive(desks, case["id"]) as again:
        assert again.namelist()[1:] == rest


def test_a_number_from_outside_makes_no_path_in_the_archive(desks: Desks) -> None:
    case = desks.opened(number="../东镇/7 号")
    answer = desks.person("county").get(f"/api/cases/{case['id']}.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as found:
        assert all(not name.startswith((".", "/")) and ".." not in name for name in found.namelist())


def test_taking_a_file_away_is_told_each_time_and_looking_at_the_page_is_not(desks: Desks, world: World) -> None:
    case = desks.opened()

    def told() -> list[Any]:
        row = world.row(
            "SELECT COALESCE(json_agg(json_build_array(route, actor, facts ->> 'download') ORDER BY id), '[]') AS found"
            " FROM audit_entry WHERE what = 'cases.read'"
        )
        return list(row.found)

    desks.read(case["id"], by="leader")
    assert told() == []
    for _ in range(2):
        desks.person("leader").get(f"/api/cases/{case['id']}.pdf")
    desks.person("leader").get(f"/api/cases/{case['id']}.zip")
    pdf = ["GET /api/cases/{case_id}.pdf", "测试leader（leader）", f"{case['number']}.pdf"]
    assert told()[:2] == [pdf, pdf]
    assert told()[2][2] == f"{case['number']}.zip"
