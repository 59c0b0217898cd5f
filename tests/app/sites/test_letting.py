"""Tenancies: a tree that stays one, what is left out at each, and what is refused."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from tests.app.sites.bodies import TODAY, days, kinds, put_site, put_tenancy, refused, taken, tenancy


def tree(client: TestClient, site_id: str) -> list[tuple[str, int, bool]]:
    """Names, depths and whether they are current, as listed."""
    rows = taken(client.get(f"/api/sites/{site_id}"))["tenancies"]
    return [(row["tenant_name"], row["depth"], row["is_current"]) for row in rows]


def one(client: TestClient, site_id: str, tenancy_id: str) -> dict[str, Any]:
    """A tenancy in its site."""
    rows = taken(client.get(f"/api/sites/{site_id}"))["tenancies"]
    return next(dict(row) for row in rows if row["id"] == tenancy_id)


def test_space_that_is_sub_let_is_a_tree(city: TestClient) -> None:
    site_id = put_site(city)
    top = put_tenancy(city, site_id, "甲")
    other = put_tenancy(city, site_id, "丁", started_on=days(100).isoformat())
    middle = put_tenancy(city, site_id, "乙", parent_id=top)
    put_tenancy(city, site_id, "丙", parent_id=middle)
    assert other
    assert tree(city, site_id) == [("甲", 0, True), ("乙", 1, True), ("丙", 2, True), ("丁", 0, True)]
    assert one(city, site_id, top)["sublets"] == "some", "who has somebody under them does sub-let"
    kinds_of_events = [event["kind"] for event in taken(city.get(f"/api/sites/{site_id}"))["events"]]
    assert kinds_of_events.count("tenancy_added") == 4


def test_sent_again_it_is_answered_alike_and_other_content_is_refused(city: TestClient) -> None:
    site_id, other = put_site(city), put_site(city)
    body = tenancy()
    first, again = (taken(city.post(f"/api/sites/{site_id}/tenancies", json=body)) for _ in range(2))
    assert first == again
    assert len(tree(city, site_id)) == 1
    refused(city.post(f"/api/sites/{site_id}/tenancies", json=body | {"tenant_name": "乙"}), 409, "另一份内容")
    refused(city.post(f"/api/sites/{other}/tenancies", json=body), 409, "另一份内容")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"uscc": "91110000600037341M"}, "末位应为“L”"),
        ({"lease_from": "2026-02-01", "lease_to": "2026-01-31"}, "租期止日早于起日"),
        ({"started_on": "2190-01-01"}, "过远"),
        ({"parent_id": str(uuid4())}, "不是这处场所的租户"),
    ],
)
def test_what_cannot_be_is_refused(city: TestClient, more: dict[str, Any], words: str) -> None:
    site_id = put_site(city)
    refused(city.post(f"/api/sites/{site_id}/tenancies", json=tenancy(**more)), 422, words)
    assert tree(city, site_id) == []


def test_a_parent_in_another_site_is_refused(city: TestClient) -> None:
    here, there = put_site(city), put_site(city)
    parent = put_tenancy(city, there)
    refused(city.post(f"/api/sites/{here}/tenancies", json=tenancy(parent_id=parent)), 422, "不是这处场所的租户")


def test_a_tree_does_not_bite_its_tail(city: TestClient) -> None:
    site_id = put_site(city)
    top = put_tenancy(city, site_id, "甲")
    middle = put_tenancy(city, site_id, "乙", parent_id=top)
    low = put_tenancy(city, site_id, "丙", parent_id=middle)
    version = one(city, site_id, top)["version"]
    for parent in (top, middle, low):
        refused(city.patch(f"/api/tenancies/{top}", json={"version": version, "parent_id": parent}), 422, "循环")
    moved = taken(city.patch(f"/api/tenancies/{low}", json={"version": 1, "parent_id": top}))
    assert moved["depth"] == 1


def test_nobody_sub_lets_before_they_came_or_more_than_they_have(city: TestClient) -> None:
    site_id = put_site(city)
    top = put_tenancy(city, site_id, "甲", area_m2=100.0, started_on=days(50).isoformat())
    address = f"/api/sites/{site_id}/tenancies"
    refused(city.post(address, json=tenancy("早", parent_id=top)), 422, "早于转租方")
    since = days(20).isoformat()
    refused(city.post(address, json=tenancy("大", parent_id=top, started_on=since, area_m2=101)), 422, "超出了自身面积")
    put_tenancy(city, site_id, "乙", parent_id=top, started_on=since, area_m2=60)
    refused(city.post(address, json=tenancy("丙", parent_id=top, started_on=since, area_m2=41)), 422, "合计 101")
    put_tenancy(city, site_id, "丁", parent_id=top, started_on=since, area_m2=40)
    version = one(city, site_id, top)["version"]
    refused(city.patch(f"/api/tenancies/{top}", json={"version": version, "area_m2": 99}), 422, "超出了自身面积")
    late = days(10).isoformat()
    refused(city.patch(f"/api/tenancies/{top}", json={"version": version, "started_on": late}), 422, "晚于名下")
    refused(city.patch(f"/api/tenancies/{top}", json={"version": version, "sublets": "none"}), 422, "乙")


def test_more_levels_than_anybody_lets_are_refused(city: TestClient) -> None:
    site_id = put_site(city)
    parent = put_tenancy(city, site_id, "1")
    for level in range(2, 9):
        parent = put_tenancy(city, site_id, str(level), parent_id=parent)
    body = tenancy("9", parent_id=parent)
    refused(city.post(f"/api/sites/{site_id}/tenancies", json=body), 422, "8 层")


def test_who_sub_lets_does_not_go_unnoticed_before_those_under_them(city: TestClient) -> None:
    site_id = put_site(city)
    top = put_tenancy(city, site_id, "甲")
    middle = put_tenancy(city, site_id, "乙", parent_id=top)
    put_tenancy(city, site_id, "丙", parent_id=middle)
    end = {"ended_on": TODAY.isoformat(), "why": "到期"}
    error = refused(city.post(f"/api/tenancies/{top}/end", json=end), 409, "乙、丙")
    assert error["facts"]["tenancies"] == ["乙", "丙"]
    assert [current for _, _, current in tree(city, site_id)] == [True] * 3
    taken(city.post(f"/api/tenancies/{top}/end", json=end | {"with_subtenancies": True}))
    assert [current for _, _, current in tree(city, site_id)] == [False] * 3
    refused(city.post(f"/api/tenancies/{top}/end", json=end), 409, "已登记于")
    refused(city.patch(f"/api/tenancies/{middle}", json={"version": 3, "tenant_name": "x"}), 409, "不能再修改")
    late = tenancy("丁", parent_id=top)
    refused(city.post(f"/api/sites/{site_id}/tenancies", json=late), 422, "名下不能再有租户")


def test_an_end_before_the_beginning_is_refused(city: TestClient) -> None:
    site_id = put_site(city)
    top = put_tenancy(city, site_id, started_on=days(5).isoformat())
    refused(city.post(f"/api/tenancies/{top}/end", json={"ended_on": days(6).isoformat(), "why": "x"}), 422, "早于入驻")


def test_an_end_to_come_leaves_them_in_until_then(city: TestClient) -> None:
    site_id = put_site(city)
    top = put_tenancy(city, site_id)
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    ended = taken(city.post(f"/api/tenancies/{top}/end", json={"ended_on": tomorrow, "why": "到期"}))
    assert ended["is_current"]
    assert taken(city.get(f"/api/sites/{site_id}"))["tenancy_count"] == 1


def check(aspect: str, result: str = "passed", ago: int = 1) -> dict[str, Any]:
    """A check before letting."""
    day = days(ago).isoformat()
    return {"id": str(uuid4()), "aspect": aspect, "result": result, "checked_by": "第三方机构", "checked_on": day}


def test_a_lease_without_every_check_shows_and_one_that_failed_shows_as_let(city: TestClient) -> None:
    site_id = put_site(city)
    top = put_tenancy(city, site_id)
    address = f"/api/tenancies/{top}/checks"
    for aspect, result in (("structure", "passed"), ("fire", "failed")):
        assert "lease_without_check" in kinds(taken(city.post(address, json=check(aspect, result, 9))))
    done = taken(city.post(address, json=check("special_equipment", "not_applicable", 9)))
    assert "lease_without_check" not in kinds(done)
    [failed] = [omission for omission in done["omissions"] if omission["kind"] == "let_despite_failed_check"]
    assert failed["since"] == days(9).isoformat()
    again = taken(city.post(address, json=check("fire", "passed", 2)))
    assert "let_despite_failed_check" not in kinds(again), "the latest of an aspect counts"
    earlier = taken(city.post(address, json=check("fire", "failed", 5)))
    assert "let_despite_failed_check" not in kinds(earlier), "one told of late is not the latest"
    assert [(row["aspect"], row["counts"]) for row in earlier["checks"] if row["aspect"] == "fire"] == [
        ("fire", True), ("fire", False), ("fire", False),
    ]  # fmt: skip


def test_a_check_is_never_changed_and_not_of_a_day_to_come(city: TestClient, own_engine: Engine) -> None:
    site_id = put_site(city)
    top = put_tenancy(city, site_id)
    address, body = f"/api/tenancies/{top}/checks", check("fire", "failed")
    assert len(taken(city.post(address, json=body))["checks"]) == 1
    assert len(taken(city.post(address, json=body))["checks"]) == 1
    refused(city.post(address, json=body | {"result": "passed"}), 409, "另一份内容")
    refused(city.post(address, json=check("fire", ago=-1)), 422, "今天之后")
    for statement in ("UPDATE pre_lease_check SET result = 'passed'", "DELETE FROM pre_lease_check"):
        with pytest.raises(DBAPIError), own_engine.begin() as connection:
            connection.execute(text(statement))


def test_what_is_not_known_and_what_ran_out_shows(city: TestClient) -> None:
    site_id = put_site(city)
    top = put_tenancy(city, site_id, sublets="unknown", lease_from="2020-01-01", lease_to=days(1).isoformat())
    found = kinds(one(city, site_id, top))
    assert found == {"never_seen", "sublet_unknown", "lease_expired", "lease_without_check"}
    longer = {"version": 1, "lease_to": TODAY.isoformat(), "sublets": "none"}
    done = taken(city.patch(f"/api/tenancies/{top}", json=longer))
    assert kinds(done) == {"never_seen", "lease_without_check"}
    counts = taken(city.get("/api/sites/omissions"))["counts"]
    assert (counts["sublet_unknown"], counts["never_seen"], counts["never_visited"]) == (0, 1, 1)


def test_the_list_of_omissions_says_where_and_who(city: TestClient) -> None:
    site_id = put_site(city, name="厂")
    for name in ("甲", "乙"):
        put_tenancy(city, site_id, name)
    found = taken(city.get("/api/sites/omissions?kind=never_seen"))
    assert found["total"] == 2
    assert [(row["tenant_name"], row["site_name"], row["officer"]["code"]) for row in found["items"]] == [
        ("甲", "厂", "W1"), ("乙", "厂", "W1"),
    ]  # fmt: skip
    assert found["items"][0]["lon"] == pytest.approx(119.81)
    assert found["items"][0]["text"] == "从未核实"
    second = taken(city.get("/api/sites/omissions?kind=never_seen&limit=1&skip=1"))
    assert [row["tenant_name"] for row in second["items"]] == ["乙"]
    everything = taken(city.get("/api/sites/omissions"))
    assert everything["total"] == 5
    assert [row["kind"] for row in everything["items"]] == [
        "never_visited", "never_seen", "never_seen", "lease_without_check", "lease_without_check",
    ]  # fmt: skip


def test_a_change_meanwhile_is_refused(city: TestClient) -> None:
    site_id = put_site(city)
    top = put_tenancy(city, site_id)
    taken(city.patch(f"/api/tenancies/{top}", json={"version": 1, "tenant_name": "新名"}))
    refused(city.patch(f"/api/tenancies/{top}", json={"version": 1, "tenant_name": "又名"}), 409, "已被他人修改")
    refused(city.patch(f"/api/tenancies/{uuid4()}", json={"version": 1}), 404, "没有编号")
