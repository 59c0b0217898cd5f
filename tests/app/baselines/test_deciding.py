"""What people say a row is; what they may not say."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from app.db import transaction
from tests.app.baselines.world import MAPPING, World
from tests.app.sites.bodies import days, place, refused, taken
from tests.support.seeding import VILLAGE_11, VILLAGE_21


def test_a_person_chooses_among_the_candidates_and_it_is_kept_who_and_what_was_before(world: World) -> None:
    sites = [world.site(name="宏达机械有限公司", at=(0.1 + at / 5, 2.5)) for at in range(2)]
    baseline = world.list_of(["宏达机械有限公司"])
    (row,) = world.rows(baseline)
    assert {each["target"]["site_id"] for each in row["candidates"]} == set(sites)
    chosen = taken(world.decide(baseline, row, "county", state="matched", site_id=sites[1], seen="doubtful"))
    assert (chosen["state"], chosen["target"]["site_id"]) == ("matched", sites[1])
    assert chosen["reasons"] == ["名称相同", "人工选定"]
    assert "测试county" in chosen["decided_by"]
    again = taken(world.decide(baseline, chosen, "county", state="unmatched", why="选错了"))
    assert [event["to_state"] for event in again["events"]] == ["unmatched", "matched"]
    with transaction(world.engine) as session:
        steps = session.execute(
            text("SELECT from_state, to_state, words, facts FROM baseline_event WHERE row_id IS NOT NULL ORDER BY id")
        ).all()
    assert [(step.from_state, step.to_state, step.words) for step in steps] == [
        ("doubtful", "matched", None),
        ("matched", "unmatched", "选错了"),
    ]
    assert steps[1].facts["before"]["site_id"] == sites[1]


def test_who_decides_on_what_is_no_longer_so_is_told(world: World) -> None:
    site = world.site(name="宏达机械有限公司")
    baseline = world.list_of(["鑫源电镀厂"])
    (row,) = world.rows(baseline)
    taken(world.decide(baseline, row, state="matched", site_id=site, seen="unmatched"))
    refused(world.decide(baseline, row, "county", state="unmatched", why="没有", seen="unmatched"), 409, "已匹配")
    assert world.rows(baseline)[0]["state"] == "matched"


@pytest.mark.parametrize(
    ("decision", "word"),
    [
        ({"state": "matched"}, "请选择所匹配的场所"),
        ({"state": "unmatched"}, "理由"),
        ({"state": "absent", "visited_on": days(1).isoformat()}, "理由"),
        ({"state": "absent", "why": "没人"}, "走访日期"),
        ({"state": "absent", "why": "没人", "visited_on": days(-1).isoformat()}, "在将来"),
        ({"state": "absent", "why": "没人", "visited_on": days(31).isoformat()}, "早于名单日期"),
        ({"state": "unmatched", "why": "没人", "visited_on": days(1).isoformat()}, "查无此企业"),
        ({"state": "absent", "why": "没人", "visited_on": days(1).isoformat(), "site_id": str(uuid4())}, "已匹配"),
        ({"state": "doubtful", "why": "不知道"}, "state"),
    ],
)
def test_what_cannot_be_is_refused(world: World, decision: dict[str, Any], word: str) -> None:
    baseline = world.list_of(["鑫源电镀厂"])
    (row,) = world.rows(baseline)
    refused(world.decide(baseline, row, **decision), 422, word)
    assert world.rows(baseline)[0]["decided_by"] is None


def test_sites_that_are_gone_unknown_or_elsewhere_are_refused(world: World) -> None:
    gone, here = world.site(name="旧厂房"), world.site(name="新厂房", at=(0.2, 2.2))
    there = world.site(name="村外厂房", at=(0.5, 0.5), stated_unit_code=VILLAGE_21)
    tenant = world.tenancy(gone, "鑫源电镀厂")
    taken(
        world.client.post(f"/api/tenancies/{tenant}/end", json={"why": "搬走", "ended_on": "2026-09-01", "version": 1})
    )
    taken(world.client.post(f"/api/sites/{gone}/removal", json={"why": "已拆除", "version": 1}))
    baseline = world.list_of(["永盛制衣厂"], unit_code=VILLAGE_11)
    (row,) = world.rows(baseline)
    refused(world.decide(baseline, row, state="matched", site_id=gone), 409, "已移出")
    refused(world.decide(baseline, row, state="matched", site_id=str(uuid4())), 404)
    refused(world.decide(baseline, row, state="matched", site_id=here, tenancy_id=tenant), 404, "没有这个租户")
    refused(world.decide(baseline, row, "village11", state="matched", site_id=there), 403)


def test_a_village_sees_and_decides_its_own_rows_only(world: World) -> None:
    (lon, lat), (other_lon, other_lat) = place(0.5, 2.5), place(0.5, 0.5)
    baseline = world.list_of(
        ["村里厂", "", "", "", "", lon, lat],
        ["村外厂", "", "", "", "", other_lon, other_lat],
        mapping=MAPPING,
        datum="WGS-84",
        by="county",
    )
    inside, outside = world.rows(baseline)
    assert [row["name"] for row in world.rows(baseline, "village11")] == ["村里厂"]
    seen = world.get(baseline, "village11")
    assert (seen["figures"]["rows"], seen["is_part"], seen["report"]) == (1, True, None)
    taken(world.decide(baseline, inside, "village11", state="unmatched", why="村里没有"))
    refused(world.decide(baseline, outside, "village11", state="unmatched", why="没有"), 403)
    refused(world.people["village11"].post(f"/api/baselines/{baseline}/withdrawal", json={"why": "不要"}), 403)
    refused(world.people["village11"].post(f"/api/baselines/{baseline}/matching"), 403)
    refused(world.decide(baseline, inside, "leader", state="unmatched", why="没有"), 403)
    refused(world.people["village21"].get(f"/api/baselines/{uuid4()}"), 404)


def test_a_list_of_another_village_is_not_shown(world: World) -> None:
    baseline = world.list_of(["村里厂"], unit_code=VILLAGE_11)
    assert taken(world.people["village21"].get("/api/baselines"))["items"] == []
    for path in ("", "/rows"):
        refused(world.people["village21"].get(f"/api/baselines/{baseline}{path}"), 403)
    tile = f"/api/tiles/baseline-rows/10/852/417.mvt?baseline={baseline}"
    refused(world.people["village21"].get(tile), 403)


def test_a_candidate_beyond_the_scope_is_not_told(world: World) -> None:
    world.site(name="宏达机械厂", at=(0.5, 0.5), stated_unit_code=VILLAGE_21)
    baseline = world.list_of(["宏达机械有限公司", "", "", "", "柳树村"], by="county")
    (row,) = world.rows(baseline, "county")
    assert row["candidates"][0]["target"]["site_name"] == "宏达机械厂"
    (row,) = world.rows(baseline, "village11")
    assert row["candidates"][0]["target"] is None
