"""Sites put down, changed, taken out: what is kept, and what is refused."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from geo.datum import Datum, from_wgs84
from tests.app.sites.bodies import GOOD_USCC, kinds, place, put_site, put_tenancy, refused, site, taken
from tests.support.seeding import COUNTY_A, TOWN_1, VILLAGE_11, VILLAGE_12, VILLAGE_21, VILLAGE_22, cell


def test_a_site_lies_in_the_unit_and_grid_of_its_place_and_is_never_checked_at_first(city: TestClient) -> None:
    made = taken(city.post("/api/sites", json=site()))
    assert made["unit"] == {"code": VILLAGE_11, "name": "柳树村"}
    assert made["grid"] == {"code": f"{VILLAGE_11}001", "name": "柳树第1网格"}
    assert made["officers"] == [{"code": "W1", "name": "王建国", "phone": "138-0013-8001"}]
    assert (made["state"], made["state_text"], made["cycle_days"]) == ("never", "从未检查", 15)
    assert kinds(made) == {"never_visited"}
    assert made["code"].startswith("CS")
    assert made["unit_names"][-1] == "柳树村"
    assert [event["kind"] for event in made["events"]] == ["created"]
    assert taken(city.get("/api/sites"))["items"][0]["id"] == made["id"]


def test_sent_again_it_is_answered_alike_and_other_content_is_refused(city: TestClient) -> None:
    body = site()
    first, again = (taken(city.post("/api/sites", json=body)) for _ in range(2))
    assert first == again
    assert taken(city.get("/api/sites"))["total"] == 1
    refused(city.post("/api/sites", json=body | {"name": "别的"}), 409, "另一份内容")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"uscc": "9111000060003734"}, "应为 18 位，现为 16 位"),
        ({"uscc": "91110000600037341I"}, "第 18 位“I”不是可用字符"),
        ({"uscc": "9111000A600037341L"}, "第 8 位“A”应为数字"),
        ({"uscc": "91110000600037341M"}, "末位应为“L”"),
        ({"occupancy": "shut_down"}, "须选类别"),
        ({"shut_down_kind": "banned"}, "须选类别"),
        ({"dust_confirmed_by": "应急局"}, "须同时填写"),
        ({"dust_confirmed_by": "应急局", "dust_confirmed_on": "2020-01-01"}, "没有填写粉尘种类"),
        ({"dust_kind": "铝粉", "dust_confirmed_by": "甲", "dust_confirmed_on": "2190-01-01"}, "今天之后"),
        ({"lat": None}, "须同时填写"),
        ({"datum": None}, "须注明坐标系"),
        ({"lon": 31.7, "lat": 119.8}, "填反"),
        ({"outline": {"type": "Point", "coordinates": [1, 2]}}, "Polygon"),
        ({"outline": {"type": "Polygon", "coordinates": [[[119.8, 31.7], [119.81, 31.7]]]}}, "三个点"),
        (
            {"outline": {"type": "Polygon", "coordinates": [[[119.8, 31.7], [119.81, 31.71], [119.81, 31.7],
                                                             [119.8, 31.71], [119.8, 31.7]]]}},
            "自相交",
        ),
        (
            {"outline": {"type": "Polygon", "coordinates": [[[118.8, 31.7], [118.801, 31.7], [118.801, 31.701],
                                                             [118.8, 31.7]]]}},
            "两公里",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_words(city: TestClient, more: dict[str, Any], words: str) -> None:
    refused(city.post("/api/sites", json=site(**more)), 422, words)
    assert taken(city.get("/api/sites"))["total"] == 0


def test_a_right_code_is_kept_as_the_licence_writes_it(city: TestClient) -> None:
    made = taken(city.post("/api/sites", json=site(uscc=" 9111 0000 6000 3734 1l ")))
    assert made["uscc"] == GOOD_USCC


@pytest.mark.parametrize("datum", ["GCJ-02", "BD-09", "CGCS2000"])
def test_a_place_in_another_datum_is_converted(city: TestClient, datum: str) -> None:
    lon, lat = place(1.5, 3.5)
    x, y = (float(value) for value in from_wgs84(lon, lat, Datum(datum)))
    made = taken(city.post("/api/sites", json=site(lon=x, lat=y, datum=datum)))
    assert made["grid"]["code"] == f"{VILLAGE_11}004"
    assert (made["lon"], made["lat"]) == pytest.approx((lon, lat), abs=1e-6)
    assert made["source_datum"] == datum


def test_an_outline_alone_is_a_place(city: TestClient) -> None:
    ring = [list(point) for point in cell(1.4, 2.4, 0.1, 0.1).exterior.coords]
    outline = {"type": "Polygon", "coordinates": [ring]}
    made = taken(city.post("/api/sites", json=site(None, outline=outline, datum="WGS-84")))
    assert made["grid"]["code"] == f"{VILLAGE_11}002"
    assert made["outline"]["type"] == "MultiPolygon"
    assert not made["has_point"]


def test_no_place_no_grid_and_another_unit_than_stated_show(city: TestClient) -> None:
    nowhere = taken(city.post("/api/sites", json=site(None)))
    assert kinds(nowhere) == {"no_place", "never_visited"}
    assert nowhere["unit"] is None
    gap = taken(city.post("/api/sites", json=site((2.5, 0.5), stated_unit_code=VILLAGE_22)))
    assert kinds(gap) == {"in_no_grid", "never_visited"}
    other = taken(city.post("/api/sites", json=site((2.5, 2.5))))
    assert kinds(other) == {"outside_stated_unit", "never_visited"}
    assert other["unit"]["code"] == VILLAGE_12
    beyond = taken(city.post("/api/sites", json=site((-1, 2.5))))
    assert kinds(beyond) == {"in_no_grid", "outside_stated_unit", "never_visited"}
    by_town = taken(city.post("/api/sites", json=site((2.5, 2.5), stated_unit_code=TOWN_1)))
    assert "outside_stated_unit" not in kinds(by_town)


def test_dust_without_confirmation_and_safety_officer_shows_until_both_are_known(city: TestClient) -> None:
    made = taken(city.post("/api/sites", json=site(dust_kind="铝粉")))
    assert {"dust_unconfirmed", "no_safety_officer"} <= kinds(made)
    patch = {"version": 1, "dust_confirmed_by": "应急局", "dust_confirmed_on": "2026-01-01", "safety_officer": "赵"}
    done = taken(city.patch(f"/api/sites/{made['id']}", json=patch))
    assert kinds(done) == {"never_visited"}


def test_a_change_is_kept_with_what_was_before(city: TestClient) -> None:
    made = taken(city.post("/api/sites", json=site()))
    lon, lat = place(2.5, 2.5)
    patch = {"version": 1, "name": "新名", "risk": "high", "lon": lon, "lat": lat, "datum": "WGS-84", "words": "核实"}
    done = taken(city.patch(f"/api/sites/{made['id']}", json=patch))
    assert (done["name"], done["version"], done["cycle_days"], done["unit"]["code"]) == ("新名", 2, 7, VILLAGE_12)
    event = done["events"][0]
    assert event["changes"]["name"] == ["柳树老厂房", "新名"]
    assert event["changes"]["risk"] == ["medium", "high"]
    assert event["changes"]["point"][1]["coordinates"] == pytest.approx([lon, lat])
    assert event["words"] == "核实"
    assert event["by_name"] == "operator @ testclient"


def test_a_change_of_nothing_leaves_no_trace(city: TestClient) -> None:
    made = taken(city.post("/api/sites", json=site()))
    same = taken(city.patch(f"/api/sites/{made['id']}", json={"version": 1, "name": made["name"]}))
    assert (same["version"], len(same["events"])) == (1, 1)


def test_a_change_to_what_somebody_else_changed_meanwhile_is_refused(city: TestClient) -> None:
    site_id = put_site(city)
    taken(city.patch(f"/api/sites/{site_id}", json={"version": 1, "name": "甲"}))
    refused(city.patch(f"/api/sites/{site_id}", json={"version": 1, "name": "乙"}), 409, "已被他人修改")
    assert taken(city.get(f"/api/sites/{site_id}"))["name"] == "甲"


def test_what_a_site_must_have_cannot_be_cleared(city: TestClient) -> None:
    site_id = put_site(city)
    refused(city.patch(f"/api/sites/{site_id}", json={"version": 1, "name": None}), 422, "不能清空")
    cleared = taken(city.patch(f"/api/sites/{site_id}", json={"version": 1, "risk": None}))
    assert cleared["cycle_days"] == 7, "an unstated duty is not a light one"


def test_a_site_that_opens_again_needs_no_kind_of_shut_down(city: TestClient) -> None:
    site_id = put_site(city, occupancy="shut_down", shut_down_kind="closed")
    opened = taken(city.patch(f"/api/sites/{site_id}", json={"version": 1, "occupancy": "leased"}))
    assert opened["shut_down_kind"] is None
    refused(city.patch(f"/api/sites/{site_id}", json={"version": 2, "occupancy": "shut_down"}), 422, "须选类别")


def test_two_sites_have_no_code_in_common(city: TestClient) -> None:
    put_site(city, code="A-1")
    refused(city.post("/api/sites", json=site(code="A-1")), 409, "A-1")
    other = put_site(city, code="A-2")
    refused(city.patch(f"/api/sites/{other}", json={"version": 1, "code": "A-1"}), 409, "A-1")


def test_a_removed_site_is_in_no_list_cannot_be_changed_and_comes_back(city: TestClient) -> None:
    site_id = put_site(city)
    gone = taken(city.post(f"/api/sites/{site_id}/removal", json={"why": "已拆除"}))
    assert gone["removed_why"] == "已拆除"
    assert taken(city.get("/api/sites"))["total"] == 0
    refused(city.patch(f"/api/sites/{site_id}", json={"version": 2, "name": "甲"}), 409, "移出")
    refused(city.post(f"/api/sites/{site_id}/removal", json={"why": "再移"}), 409, "移出")
    back = taken(city.post(f"/api/sites/{site_id}/restoration", json={"why": "误移"}))
    assert [event["kind"] for event in back["events"]] == ["restored", "removed", "created"]
    assert taken(city.get("/api/sites"))["total"] == 1
    refused(city.post(f"/api/sites/{site_id}/restoration", json={"why": "误移"}), 409, "不需要恢复")


def test_a_site_with_tenants_is_not_removed(city: TestClient) -> None:
    site_id = put_site(city)
    put_tenancy(city, site_id, "甲加工厂")
    error = refused(city.post(f"/api/sites/{site_id}/removal", json={"why": "拆"}), 409, "甲加工厂")
    assert error["facts"]["tenancies"] == ["甲加工厂"]


def test_unknown_units_sites_and_fields_are_refused(city: TestClient) -> None:
    refused(city.post("/api/sites", json=site(stated_unit_code="999999999999")), 404, "999999999999")
    refused(city.get("/api/sites/00000000-0000-0000-0000-000000000000"), 404, "没有编号")
    assert city.post("/api/sites", json=site(owner="x")).status_code == 422


def test_nothing_of_a_history_can_be_changed(city: TestClient, own_engine: Engine) -> None:
    put_site(city)
    for statement in ("UPDATE site_event SET by_name = 'x'", "DELETE FROM site_event"):
        with pytest.raises(DBAPIError), own_engine.begin() as connection:
            connection.execute(text(statement))


def test_lists_filter_by_everything_at_once(city: TestClient) -> None:
    first = put_site(city, name="老厂房", kind="factory", risk="high")
    put_site(city, name="旧仓库", kind="warehouse", risk="high", at=(0.5, 0.5), stated_unit_code=VILLAGE_21)
    put_site(city, name="养猪场", kind="farm", risk="low", occupancy="idle")
    put_tenancy(city, first, "隐蔽电镀")
    asked = {
        f"unit={VILLAGE_11}": 2,
        f"unit={COUNTY_A}": 3,
        "kind=factory&kind=farm": 2,
        "kind=factory&risk=low": 0,
        "occupancy=idle": 1,
        "q=电镀": 1,
        "q=%25": 0,
        "state=never": 3,
        "state=checked": 0,
        "omission=never_seen": 1,
        f"grid={VILLAGE_11}001&risk=high": 1,
    }
    assert {query: taken(city.get(f"/api/sites?{query}"))["total"] for query in asked} == asked
    found = taken(city.get("/api/sites?state=checked&kind=farm"))
    assert found["counts"] == {"never": 1, "overdue": 0, "incomplete": 0, "due": 0, "checked": 0}
    assert found["items"] == []
    assert city.get("/api/sites?kind=castle").status_code == 422
    assert city.get("/api/sites?colour=red").status_code == 422
