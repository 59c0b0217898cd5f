"""Sites with tenancies from files: all of it or nothing, with what is wrong row by row."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from typer.testing import CliRunner

from app.actor import Actor
from app.db import transaction
from app.errors import InvalidInputError
from app.rights import EVERY_RIGHT, Role
from app.scope import Scope
from app.settings import Settings
from app.sites.cli import commands
from app.sites.importing import run
from tests.app.sites.bodies import GOOD_USCC, kinds, place, refused, taken
from tests.app.spreadsheets.books import xlsx
from tests.support.seeding import VILLAGE_11, VILLAGE_12, cell

HEAD = ("场所编号", "场所名称", "场所类型", "使用状况", "风险等级", "所属村", "经度", "纬度", "租户名称", "转租方",
        "入驻日期", "租赁面积", "企业统一社会信用代码")  # fmt: skip
LON, LAT = place(0.5, 2.5)
ONE = ("A-1", "老厂房", "厂房", "厂中厂", "高风险", "柳树村", str(LON), str(LAT))
ROWS = [
    (*ONE, "甲公司", "", "2026-01-01", "1,000", GOOD_USCC),
    (*ONE, "丙作坊", "乙公司", "2026-03-01", "100", ""),
    (*ONE, "乙公司", "甲公司", "2026年2月1日", "300", ""),
    ("", "空房", "民房", "闲置", "", "南桥镇柳树村", "", "", "", "", "", "", ""),
]


def csv(rows: Sequence[Sequence[str]], encoding: str = "utf-8") -> bytes:
    """A CSV file."""
    return "\n".join(",".join(f'"{cell}"' for cell in row) for row in [HEAD, *rows]).encode(encoding)


def send(client: TestClient, content: bytes, name: str = "sites.csv", **data: Any) -> Any:
    """Ask for an import."""
    return client.post(
        "/api/sites/imports", data={"datum": "WGS-84"} | data, files={"file": (name, content, "text/plain")}
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("sites.csv", csv(ROWS)),
        ("sites.csv", csv(ROWS, "gb18030")),
        ("sites.xlsx", xlsx([["东山区厂房台账"], HEAD, *ROWS], ["A1:M1"])),
    ],
    ids=["utf-8", "gbk", "xlsx"],
)
def test_a_table_becomes_sites_with_their_tenants_as_a_tree(city: TestClient, name: str, content: bytes) -> None:
    report = taken(send(city, content, name))
    assert (report["rows"], report["sites"], report["tenancies"], report["stored"]) == (4, 2, 3, True)
    assert report["message"] == "已导入 2 处场所、3 户租户。"
    [found] = taken(city.get("/api/sites?q=A-1"))["items"]
    site = taken(city.get(f"/api/sites/{found['id']}"))
    assert (site["kind"], site["risk"], site["grid"]["code"]) == ("factory", "high", f"{VILLAGE_11}001")
    assert [(row["tenant_name"], row["depth"], row["sublets"]) for row in site["tenancies"]] == [
        ("甲公司", 0, "some"), ("乙公司", 1, "some"), ("丙作坊", 2, "unknown"),
    ]  # fmt: skip
    assert (site["tenancies"][0]["area_m2"], site["tenancies"][0]["uscc"]) == (1000.0, GOOD_USCC)
    assert site["events"][-1]["words"] == "批量导入"
    assert (site["state"], site["unseen_count"]) == ("never", 3)
    empty = taken(city.get("/api/sites?kind=house"))["items"][0]
    assert kinds(empty) == {"never_visited", "no_place"}
    assert empty["code"].startswith("CS")


def test_what_is_wrong_is_told_row_by_row_and_nothing_is_stored(city: TestClient) -> None:
    wrong = [
        ("B-1", "", "厂房", "出租", "", "柳树村", "", "", "", "", "", "", ""),
        ("B-2", "甲", "城堡", "出租", "", "柳树村", "", "", "", "", "", "", ""),
        ("B-3", "乙", "厂房", "出租", "", "无名村", "", "", "", "", "", "", ""),
        ("B-4", "丙", "厂房", "出租", "", "柳树村", str(LAT), str(LON), "", "", "", "", ""),
        ("B-5", "丁", "厂房", "出租", "", "柳树村", "", "", "戊", "", "", "", ""),
        ("B-6", "己", "厂房", "出租", "", "柳树村", "", "", "庚", "", "2026-01-01", "", "91110000600037341M"),
        ("B-7", "辛", "厂房", "出租", "", "柳树村", "", "", "壬", "谁", "2026-01-01", "", ""),
        ("B-8", "癸", "厂房", "停产停业", "", "柳树村", "", "", "", "", "", "", ""),
        ("B-8", "癸改", "厂房", "停产停业", "", "柳树村", "", "", "", "", "", "", ""),
        ("B-9", "子", "厂房", "出租", "", "柳树村", "", "", "丑", "", "2026-13-01", "", ""),
    ]
    error = refused(send(city, csv([*ROWS, *wrong])), 422, "未导入任何内容")
    report = error["facts"]["report"]
    found = {(problem["row"], problem["column"]) for problem in report["problems"]}
    assert found >= {
        (6, "场所名称"), (7, "场所类型"), (8, "所属区划"), (9, None), (10, "入驻日期"),
        (11, "租户统一社会信用代码"), (12, "转租方"), (13, None), (14, "场所名称"), (15, "入驻日期"),
    }  # fmt: skip
    assert not report["stored"]
    assert taken(city.get("/api/sites"))["total"] == 0


def test_tenants_keep_the_rules_of_letting(city: TestClient) -> None:
    over = [
        (*ONE, "甲公司", "", "2026-01-01", "100", ""),
        (*ONE, "乙公司", "甲公司", "2026-02-01", "101", ""),
        (*ONE, "丙公司", "甲公司", "2025-02-01", "", ""),
    ]
    report = refused(send(city, csv(over)), 422)["facts"]["report"]
    assert {problem["row"] for problem in report["problems"]} == {3, 4}
    ring = [(*ONE, "甲", "乙", "2026-01-01", "", ""), (*ONE, "乙", "甲", "2026-01-01", "", "")]
    assert "互为转租方" in refused(send(city, csv(ring)), 422)["message"]


def test_two_places_that_a_file_does_not_tell_apart_are_refused(city: TestClient) -> None:
    house = ("", "空房", "民房", "闲置", "", "柳树村", "", "", "", "", "", "", "")
    refused(send(city, csv([house, house])), 422, "加以区分")


def test_the_same_file_and_the_same_codes_are_refused(city: TestClient) -> None:
    taken(send(city, csv(ROWS)))
    refused(send(city, csv(ROWS)), 409, "已经导入过")
    refused(send(city, csv(ROWS[:1])), 422, "已用于另一处场所")
    assert taken(city.get("/api/sites"))["total"] == 2


def test_a_trial_says_what_would_be_and_stores_nothing(city: TestClient) -> None:
    report = taken(send(city, csv(ROWS), dry_run="true"))
    assert (report["sites"], report["stored"], report["message"][:4]) == (2, False, "可以导入")
    assert taken(city.get("/api/sites"))["total"] == 0


def test_a_preview_guesses_the_columns(city: TestClient) -> None:
    found = taken(city.post("/api/sites/imports/preview", files={"file": ("台账.csv", csv(ROWS, "gb18030"))}))
    assert (found["row_count"], found["encoding"]) == (4, "GB18030")
    assert {name: found["mapping"][name] for name in ("code", "unit", "tenant_uscc", "parent", "area_m2")} == {
        "code": "场所编号", "unit": "所属村", "tenant_uscc": "企业统一社会信用代码", "parent": "转租方",
        "area_m2": "租赁面积",
    }  # fmt: skip
    assert found["sample"][0][0] == "A-1"


def test_columns_that_are_not_there_are_refused(city: TestClient) -> None:
    refused(send(city, csv(ROWS), mapping='{"name": "没有"}'), 422, "没有")
    refused(send(city, csv(ROWS), mapping='{"name": "场所名称"}'), 422, "场所类型")
    refused(send(city, csv(ROWS), mapping="[]"), 422, "JSON")
    refused(send(city, b"%PDF-1.7"), 422)
    assert send(city, csv(ROWS), datum="MARS").status_code == 422


def test_geojson_brings_outlines(city: TestClient) -> None:
    def feature(name: str, geometry: Any) -> dict[str, Any]:
        return {
            "type": "Feature",
            "geometry": geometry,
            "properties": {"名称": name, "类型": "厂房", "使用状况": "闲置"},
        }

    area = cell(1.4, 2.4, 0.1, 0.1).__geo_interface__
    point = {"type": "Point", "coordinates": [LON, LAT]}
    document: dict[str, Any] = {"type": "FeatureCollection", "features": [feature("甲", area), feature("乙", point)]}
    report = taken(send(city, json.dumps(document).encode(), "厂房.geojson", unit=VILLAGE_11))
    assert report["sites"] == 2
    rows = {row["name"]: row["grid"]["code"] for row in taken(city.get("/api/sites"))["items"]}
    assert rows == {"甲": f"{VILLAGE_11}002", "乙": f"{VILLAGE_11}001"}
    line = {"type": "LineString", "coordinates": [[0, 0], [1, 1]]}
    document["features"] = [feature("丙", line)]
    refused(send(city, json.dumps(document).encode(), "x.geojson", unit=VILLAGE_11), 422, "LineString")
    refused(send(city, b"{}", "x.geojson"), 422, "FeatureCollection")


def test_a_file_brings_nothing_beyond_its_senders_scope(
    city: TestClient, own_engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    scope = Scope(("320499000000.320491000000.320491001000.320491001001",))
    clerk = Actor("村", Role.VILLAGE, EVERY_RIGHT, scope, "session", "127.0.0.1")
    lon, lat = place(2.5, 2.5)
    for row, words in (
        (("", "甲", "厂房", "闲置", "", "石桥村", "", ""), "石桥村"),
        (("", "甲", "厂房", "闲置", "", VILLAGE_12, "", ""), VILLAGE_12),
        (("", "甲", "厂房", "闲置", "", "柳树村", str(lon), str(lat)), "不在您的管辖范围内"),
    ):
        path = tmp_path / "sites.csv"
        path.write_bytes(csv([(*row, "", "", "", "", "")]))
        with pytest.raises(InvalidInputError) as found, transaction(own_engine) as session:
            run.import_sites(session, settings, clerk, run.SiteImport("sites.csv", "WGS-84"), path)
        assert words in found.value.message
    assert taken(city.get("/api/sites"))["total"] == 0


def test_an_operator_imports_at_the_terminal(
    city: TestClient, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WUYILOU_DATABASE_URL", database)
    path = tmp_path / "sites.csv"
    path.write_bytes(csv(ROWS))
    told = CliRunner().invoke(commands, ["import", str(path), "--datum", "WGS-84"])
    assert "已导入 2 处场所" in told.output
    assert CliRunner().invoke(commands, ["verify"]).exit_code == 0
    assert "已重建 2 处" in CliRunner().invoke(commands, ["rebuild"]).output
    path.write_bytes(csv([("",) * len(HEAD), *ROWS[:1]]))
    again = CliRunner().invoke(commands, ["import", str(path), "--datum", "WGS-84"])
    assert again.exit_code == 1
    assert "已用于另一处场所" in again.output
