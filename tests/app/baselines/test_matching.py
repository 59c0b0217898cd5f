"""Rows find the sites and tenants they are; what is not sure waits for a person, and what a person said stays."""

import pytest
from sqlalchemy import text

from app.baselines import matching
from app.baselines.matching import EndedError
from app.db import transaction
from tests.app.baselines.world import CODE, MAPPING, World
from tests.app.sites.bodies import place, refused, taken
from tests.support.seeding import VILLAGE_11, VILLAGE_21


def test_rows_find_sites_and_tenants_with_their_reasons(world: World) -> None:
    park = world.site(name="南桥工业园", address="南桥镇人民路12号", kind="park", occupancy="multi_tenant")
    tenant = world.tenancy(park, "鑫源电镀有限公司", uscc=CODE)
    works = world.site(name="宏达机械有限公司", address="柳树村8号", at=(0.2, 2.2))
    baseline = world.list_of(
        ["改了名的厂", CODE],
        ["试验市宏达机械有限公司"],
        ["南桥工业园区管理处", "", "人民路12号"],
        ["从没听说过的厂", "", "别处路99号"],
    )
    by_code, by_name, by_house, unknown = world.rows(baseline)
    assert (by_code["state"], by_code["target"]["tenancy_id"], by_code["score"]) == ("matched", tenant, 1.0)
    assert by_code["reasons"][0] == "统一社会信用代码相同"
    assert (by_name["state"], by_name["target"]["site_id"], by_name["target"]["tenancy_id"]) == ("matched", works, None)
    assert (by_house["state"], by_house["candidates"][0]["target"]["site_id"]) == ("doubtful", park)
    assert "地址相同" in by_house["candidates"][0]["reasons"]
    assert (unknown["state"], unknown["target"], unknown["candidates"]) == ("unmatched", None, [])
    found = world.get(baseline)
    assert found["state"] == "ready"
    assert found["progress"] == {"done": 4, "total": 4}
    assert [found["figures"][name] for name in ("rows", "matched", "doubtful", "unmatched")] == [4, 2, 1, 1]


def test_a_row_finds_the_site_it_lies_at(world: World) -> None:
    site = world.site(name="老厂房", at=(0.5, 2.5))
    lon, lat = place(0.5, 2.5)
    metre = 1 / 111_320
    baseline = world.list_of(
        ["鑫源电镀厂", "", "", "", "", lon, lat + 40 * metre],
        ["宏达机械厂", "", "", "", "", lon, lat + 60 * metre],
        mapping=MAPPING,
        datum="WGS-84",
    )
    near, beyond = world.rows(baseline)
    assert (near["state"], near["candidates"][0]["target"]["site_id"]) == ("doubtful", site)
    assert near["candidates"][0]["reasons"] == ["名称不同", "位置相距 40 米"]
    assert beyond["state"] == "unmatched"


def test_removed_sites_and_tenants_who_left_are_not_found(world: World) -> None:
    gone, stays = world.site(name="宏达机械有限公司"), world.site(name="出租厂房")
    left = world.tenancy(stays, "鑫源电镀有限公司")
    taken(world.client.post(f"/api/sites/{gone}/removal", json={"why": "已拆除", "version": 1}))
    taken(world.client.post(f"/api/tenancies/{left}/end", json={"why": "搬走", "ended_on": "2026-06-01", "version": 1}))
    baseline = world.list_of(["宏达机械有限公司"], ["鑫源电镀有限公司"])
    assert [row["state"] for row in world.rows(baseline)] == ["unmatched", "unmatched"]


def test_only_sites_of_the_lists_own_unit_are_looked_at(world: World) -> None:
    world.site(name="宏达机械有限公司", at=(0.5, 0.5), stated_unit_code=VILLAGE_21)
    baseline = world.list_of(["宏达机械有限公司"], unit_code=VILLAGE_11)
    assert world.rows(baseline)[0]["state"] == "unmatched"


def test_matching_again_finds_new_sites_and_leaves_what_people_decided(world: World) -> None:
    baseline = world.list_of(["宏达机械有限公司"], ["鑫源电镀有限公司"])
    first, second = world.rows(baseline)
    taken(world.decide(baseline, second, state="unmatched", why="查过，尚未登记"))
    world.site(name="宏达机械有限公司")
    world.site(name="鑫源电镀有限公司", at=(0.2, 2.2))
    assert taken(world.client.post(f"/api/baselines/{baseline}/matching"))["state"] == "waiting"
    refused(world.client.post(f"/api/baselines/{baseline}/matching"), 409, "正在匹配")
    world.match(baseline)
    again, kept = world.rows(baseline)
    assert (first["state"], again["state"]) == ("unmatched", "matched")
    assert (kept["state"], kept["decided_why"]) == ("unmatched", "查过，尚未登记")


def test_matching_broken_off_is_begun_again_and_comes_to_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "CHUNK", 2)
    names = [f"{word}机械有限公司" for word in ("宏达", "鑫源", "永盛", "恒泰", "金龙")]
    for at, name in enumerate(names):
        world.site(name=name, at=(0.1 + at / 10, 2.5))
    baseline = world.list_of(*[[name] for name in names], matched=False)
    asked = iter([False, True])
    with pytest.raises(EndedError):
        matching.run(world.engine, world.settings, baseline, lambda: next(asked))
    found = world.get(baseline)
    assert (found["state"], found["progress"]) == ("matching", {"done": 2, "total": 5})
    world.match(baseline)
    found = world.get(baseline)
    assert (found["state"], found["progress"]) == ("ready", {"done": 5, "total": 5})
    assert found["figures"]["matched"] == 5
    with transaction(world.engine) as session:
        assert session.execute(text("SELECT count(*) FROM baseline_candidate")).scalar_one() == 0


def test_a_matching_that_fails_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    baseline = world.list_of(["宏达机械有限公司"], matched=False)

    def broken(*_args: object) -> None:
        raise RuntimeError("on purpose")

    monkeypatch.setattr(matching, "compare", broken)
    with pytest.raises(RuntimeError, match="on purpose"):
        world.match(baseline)
    found = world.get(baseline)
    assert found["state"] == "failed"
    assert "编号" in found["failure"]
    monkeypatch.undo()
    world.match(baseline)
    assert (world.get(baseline)["state"], world.get(baseline)["failure"]) == ("ready", None)


def test_a_list_withdrawn_meanwhile_is_matched_no_further(world: World) -> None:
    baseline = world.list_of(["宏达机械有限公司"], matched=False)
    taken(world.client.post(f"/api/baselines/{baseline}/withdrawal", json={"why": "传错了"}))
    world.site(name="宏达机械有限公司")
    world.match(baseline)
    assert world.rows(baseline)[0]["state"] == "unmatched"
