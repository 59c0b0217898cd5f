"""A file becomes a list: every row is kept, told of, or counted as what it is; what cannot be is refused whole."""

from typing import Any
from uuid import uuid4

import pytest

from tests.app.baselines.world import CODE, HEADERS, MAPPING, NO_PLACE, World, csv_of, fields, send
from tests.app.sites.bodies import days, place, refused, taken
from tests.app.spreadsheets.books import xlsx
from tests.support.seeding import COUNTY_B, VILLAGE_11, VILLAGE_12, VILLAGE_21


def test_a_preview_tells_what_a_file_holds_and_keeps_nothing(world: World) -> None:
    rows = [["名单"], ["序号", "企业名称", "统一社会信用代码", "生产经营地址"], [1, "宏达机械厂", CODE, "人民路12号"]]
    answer = world.client.post("/api/baselines/preview", files={"file": ("名单.xlsx", xlsx(rows))})
    found = taken(answer)
    assert found["mapping"] == {"name": "企业名称", "uscc": "统一社会信用代码", "address": "生产经营地址"}
    assert (found["header_row"], found["row_count"], found["encoding"]) == (2, 1, None)
    assert found["sample"] == [["1", "宏达机械厂", CODE, "人民路12号"]]
    assert taken(world.client.get("/api/baselines"))["total"] == 0


def test_a_gbk_list_is_kept_with_a_report_on_what_is_not_as_it_should_be(world: World) -> None:
    lon, lat = place(0.5, 2.5)
    rows: list[list[Any]] = [
        ["宏达机械厂", CODE, "人民路12号", "0519", "柳树村", lon, lat],
        ["抄错代码厂", "91110000600037341X", "", "", "柳树村"],
        ["宏达机械厂", CODE, "人民路12号", "0519", "柳树村", lon, lat],
        ["宏达机械厂分号", CODE, "新园路3号"],
        ["别处厂", "", "", "", "河口镇"],
        ["远处厂", "", "", "", "", 121.47, 31.23],
        ["反了厂", "", "", "", "", lat, lon],
        ["", "", "只有地址路1号"],
        ["合计", "", "7 户"],
        ["填表人：张三"],
        [""],
        ["文字厂", "无", "", "", "", "东经", "北纬"],
    ]
    found = taken(send(world.client, csv_of(rows), fields(mapping=MAPPING, datum="WGS-84")))
    assert found["encoding"] == "GB18030"
    report = found["report"]
    counts = {name: report[name] for name in ("read", "kept", "identical", "skipped", "repeated", "bad_codes")}
    assert counts == {"read": 11, "kept": 9, "identical": 1, "skipped": 1, "repeated": 1, "bad_codes": 1}
    assert report["identical_rows"] == [4]
    assert report["skipped_rows"] == [{"row": 10, "what": "合计行，不计入名单"}]
    told = {problem["row"]: problem["what"] for problem in report["problems"]}
    assert "末位应为“L”" in told[3]
    assert "与第 2 行重复" in told[5]
    assert "不在东山区范围内" in told[6]
    assert "坐标不在东山区范围内" in told[7]
    assert "颠倒" in told[8]
    assert "没有名称" in told[9]
    assert "不是数字" in told[13]
    assert found["figures"]["rows"] == report["kept"]


def test_a_remark_below_the_list_is_no_row(world: World) -> None:
    rows = [["序号", "企业名称", "地址"], [1, "宏达机械厂", "人民路12号"], ["注：数据截至10月", None, None]]
    mapping = {"name": "企业名称", "address": "地址"}
    found = taken(send(world.client, xlsx(rows), fields(mapping=mapping), "名单.xlsx"))
    assert (found["figures"]["rows"], found["report"]["skipped"]) == (1, 1)
    assert "说明文字" in found["report"]["skipped_rows"][0]["what"]


def test_a_row_belongs_where_it_lies_else_where_it_says_else_to_the_list(world: World) -> None:
    lon, lat = place(2.5, 2.5)
    baseline = world.list_of(
        ["一厂", "", "", "", "柳树村", lon, lat],
        ["二厂", "", "", "", "南桥镇柳树村"],
        ["三厂", "", "", "", VILLAGE_21],
        ["四厂"],
        mapping=MAPPING,
        datum="WGS-84",
    )
    assert [row["unit_code"] for row in world.rows(baseline)][:3] == [VILLAGE_12, VILLAGE_11, VILLAGE_21]
    assert world.rows(baseline)[3]["unit_name"] == "东山区"


def test_places_are_read_in_the_datum_that_was_named(world: World) -> None:
    lon, lat = place(0.5, 2.5)
    plain = world.list_of(["一厂", "", "", "", "", lon, lat], mapping=MAPPING, datum="WGS-84")
    shifted = world.list_of(["一厂", "", "", "", "", lon, lat], mapping=MAPPING, datum="GCJ-02", kind="tax")
    there, here = world.rows(shifted)[0], world.rows(plain)[0]
    assert here["lon"] == pytest.approx(lon)
    assert 0.003 < here["lon"] - there["lon"] < 0.008


def test_the_same_list_sent_again_is_answered_and_kept_once(world: World) -> None:
    asked, content = fields(), csv_of([["宏达机械厂"]])
    first = send(world.client, content, asked)
    again = send(world.client, content, asked)
    assert (first.headers.get("Idempotent-Replay"), again.headers.get("Idempotent-Replay")) == (None, "true")
    assert taken(again)["id"] == taken(first)["id"]
    assert taken(world.client.get("/api/baselines"))["total"] == 1
    refused(send(world.client, csv_of([["别的厂"]]), asked), 409, "另一份名单")
    refused(send(world.client, content, {**asked, "id": str(uuid4())}), 409, "未重复导入", asked["name"])


WRONG: list[tuple[str, dict[str, Any], bytes, int, str]] = [
    ("no name column", {"mapping": {"uscc": HEADERS[1]}}, csv_of([["甲厂"]]), 422, "名称"),
    ("unknown column", {"mapping": {"name": "没有的列"}}, csv_of([["甲厂"]]), 422, "没有的列"),
    ("a day to come", {"as_of": days(-1).isoformat()}, csv_of([["甲厂"]]), 422, "在将来"),
    ("no datum", {"mapping": MAPPING}, csv_of([["甲厂"]]), 422, "坐标系"),
    ("a datum without places", {"datum": "WGS-84"}, csv_of([["甲厂"]]), 422, "坐标系"),
    ("half a place", {"mapping": NO_PLACE | {"lon": "经度"}, "datum": "WGS-84"}, csv_of([["甲厂"]]), 422, "同时"),
    ("no rows", {}, csv_of([]), 422, "没有读到任何名单行"),
    ("no unit", {"unit_code": "999999999999"}, csv_of([["甲厂"]]), 404, "999999999999"),
    ("no kind", {"kind": "lottery"}, csv_of([["甲厂"]]), 422, "kind"),
    ("no table", {}, b"%PDF\x00", 422, "UTF-8 或 GB18030"),
]


@pytest.mark.parametrize(
    ("changes", "content", "status", "word"), [each[1:] for each in WRONG], ids=[w[0] for w in WRONG]
)
def test_what_is_wrong_is_refused_and_nothing_is_kept(
    world: World, changes: dict[str, Any], content: bytes, status: int, word: str
) -> None:
    refused(send(world.client, content, fields(**changes)), status, word)
    assert taken(world.client.get("/api/baselines"))["total"] == 0


def test_nobody_imports_for_a_unit_beyond_their_own(world: World) -> None:
    refused(send(world.people["village11"], csv_of([["甲厂"]]), fields()), 403, "管辖范围")
    refused(send(world.people["county"], csv_of([["甲厂"]]), fields(unit_code=COUNTY_B)), 403, "管辖范围")
    refused(send(world.people["leader"], csv_of([["甲厂"]]), fields()), 403, "权限")
    taken(send(world.people["village11"], csv_of([["甲厂"]]), fields(unit_code=VILLAGE_11)))


def test_a_file_over_the_bound_is_refused_before_it_is_read(world: World) -> None:
    world.settings.upload.table_bytes = 1000
    refused(send(world.client, csv_of([["甲厂"]] * 2000), fields()), 413, "上限")
