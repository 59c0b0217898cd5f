"""From a call to a reward: each step in its state, by those whose place it is, seen by everybody after it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.db import transaction
from app.settings import Settings
from tests.app.leads.asks import ELSEWHERE, LAT, LON, entered, site, taken, tenancy, took, visit
from tests.support import seeding
from tests.support.phone import refused, signed_in

PLACE = {"lon": LON, "lat": LAT, "datum": "WGS-84"}
LOOKED = {"looked_by": "王建国", "words": "现场有两台生产设备"}


def today() -> str:
    """The local day now."""
    return Settings().today().isoformat()


def checked(client: TestClient, **changes: Any) -> dict[str, Any]:
    """A placed lead at no known site that was looked into."""
    known = entered(client, place=PLACE, **changes)
    known = taken(client, known, "assign", officer_code="W1")
    known = taken(client, known, "match", site_id=None)
    return taken(client, known, "check", looked_on=today(), **LOOKED)


def test_a_lead_from_the_call_to_the_reward_with_every_step_kept(town: TestClient) -> None:
    known = entered(town, place=PLACE)
    assert (known["state"], known["steps"]) == ("new", ["assign", "match", "place", "note"])
    assert known["grid"]["name"] == "柳树第1网格"
    assert {"code": "W1", "name": "王建国"} in known["officers"]
    known = taken(town, known, "assign", officer_code="W1", words="请今日核实")
    assert known["assigned_to"] == {"code": "W1", "name": "王建国"}
    known = taken(town, known, "match", site_id=None, words="查无此场所")
    assert known["omissions"] == []
    known = taken(town, known, "check", looked_on=today(), **LOOKED)
    known = taken(town, known, "judge", verdict="true", words="属实，立案")
    known = taken(town, known, "reward", amount_yuan="500.00")
    assert (known["state"], known["reward_yuan"], known["steps"]) == ("rewarded", "500.00", ["reopen", "note"])
    told = [(event["kind"], event["from_state"], event["to_state"], event["by_name"]) for event in known["events"]]
    assert told == [
        ("created", None, "new", "测试town"),
        ("assigned", "new", "assigned", "测试town"),
        ("matched", "assigned", "assigned", "测试town"),
        ("checked", "assigned", "checked", "测试town"),
        ("judged", "checked", "true", "测试town"),
        ("rewarded", "true", "rewarded", "测试town"),
    ]


@pytest.mark.parametrize(
    ("state", "allowed"),
    [
        ("new", {"assign", "match", "place", "note"}),
        ("assigned", {"assign", "check", "match", "place", "note"}),
        ("checked", {"judge", "match", "place", "note"}),
        ("true", {"reward", "reopen", "note"}),
        ("false", {"reopen", "note"}),
        ("rewarded", {"reopen", "note"}),
    ],
)
def test_a_step_out_of_its_state_is_refused(state: str, allowed: set[str], town: TestClient) -> None:
    known = entered(town, place=PLACE)
    path = {
        "new": [],
        "assigned": ["assign"],
        "checked": ["assign", "match", "check"],
        "true": ["assign", "match", "check", "judge"],
        "false": ["assign", "match", "check", "refute"],
        "rewarded": ["assign", "match", "check", "judge", "reward"],
    }[state]
    steps: dict[str, tuple[str, dict[str, Any]]] = {
        "assign": ("assign", {"officer_code": "W1"}),
        "place": ("place", {"place": PLACE}),
        "match": ("match", {"site_id": None}),
        "check": ("check", {"looked_on": today(), **LOOKED}),
        "judge": ("judge", {"verdict": "true", "words": "属实"}),
        "refute": ("judge", {"verdict": "false", "words": "不属实"}),
        "reward": ("reward", {"amount_yuan": 300}),
        "reopen": ("reopen", {"words": "有新情况"}),
        "note": ("note", {"words": "备忘"}),
    }
    for name in path:
        step, body = steps[name]
        known = taken(town, known, step, **body)
    assert known["state"] == state
    assert set(known["steps"]) == allowed
    for step, body in steps.values():
        if step not in allowed:
            refused(took(town, known, step, **body), 409, "不能")
    assert town.get(f"/api/leads/{known['id']}").json() == known


def test_somebody_elses_step_in_between_is_seen_first(town: TestClient, client: TestClient) -> None:
    known = entered(town, place=PLACE)
    taken(client, known, "assign", officer_code="W1")
    facts = refused(took(town, known, "note", words="迟到的备注"), 409, "刚被他人处理过")
    assert facts == {"version": 2, "state": "assigned"}
    assert len(town.get(f"/api/leads/{known['id']}").json()["events"]) == 2


def test_nobody_moves_a_lead_beyond_their_scope(town: TestClient, application: FastAPI) -> None:
    known = entered(town, place=PLACE)
    with signed_in(application, "elsewhere") as elsewhere:
        refused(took(elsewhere, known, "note", words="看不到"), 403, "管辖范围")
        refused(elsewhere.get(f"/api/leads/{known['id']}"), 403, "管辖范围")
    refused(took(town, known, "assign", officer_code="W2"), 403, "没有网格")
    refused(took(town, known, "assign", officer_code="W9"), 404, "没有编码为 W9")
    south = {**PLACE, "lat": seeding.SOUTH + 0.5 * seeding.HEIGHT}
    refused(took(town, known, "place", place=south), 403, "管辖范围")
    refused(took(town, known, "place", place={**PLACE, "lon": LON + 3}), 422, "不在本系统的任何区划内")
    assert town.get(f"/api/leads/{known['id']}").json()["version"] == 1


def test_leaders_and_supervisors_look_and_do_not_touch(town: TestClient, w1: TestClient) -> None:
    known = entered(town, place=PLACE)
    refused(took(w1, known, "note", words="我是网格员"), 403, "没有此项权限")


def test_placing_moves_it_to_its_grid_and_unit(town: TestClient, application: FastAPI) -> None:
    known = entered(town)
    assert known["omissions"] == ["unmatched", "unplaced"]
    assert (known["lon"], known["unit"]["name"], known["responsible"]) == (None, "柳树村", None)
    known = taken(town, known, "place", place={"lon": ELSEWHERE[0], "lat": ELSEWHERE[1], "datum": "WGS-84"})
    assert (known["unit"]["name"], known["grid"]["name"]) == ("石桥村", "石桥第1网格")
    assert known["omissions"] == ["unmatched"]
    with signed_in(application, "village") as village:
        assert village.get("/api/leads").json()["total"] == 0, "it is no longer this village's"


def test_matching_to_a_site_places_it_there_and_says_so(town: TestClient, city: Engine) -> None:
    with transaction(city) as session:
        here, other = site(session, "柳树五金厂"), site(session, "石桥仓库", ELSEWHERE, seeding.VILLAGE_12)
        tenant, beyond = tenancy(session, here), site(session, "清水厂", None, seeding.VILLAGE_21)
    known = entered(town)
    refused(took(town, known, "match", site_id=str(other), tenancy_id=str(tenant)), 422, "不在所选场所内")
    refused(took(town, known, "match", site_id=str(beyond)), 403, "管辖范围")
    refused(took(town, known, "match", site_id=None, tenancy_id=str(tenant)), 422, "所在场所")
    known = taken(town, known, "match", site_id=str(here), tenancy_id=str(tenant))
    assert (known["site"]["name"], known["tenancy"]["name"]) == ("柳树五金厂", "承租电镀加工点")
    assert (known["lon"], known["omissions"]) == (pytest.approx(LON), [])
    assert known["events"][-1]["facts"]["placed_at_site"] is True


def test_a_visit_answers_only_at_its_site_after_it_was_told_and_inside(town: TestClient, city: Engine) -> None:
    now = datetime.now(UTC)
    with transaction(city) as session:
        here, other = site(session), site(session, "石桥仓库", ELSEWHERE, seeding.VILLAGE_12)
        good = visit(session, here, now)
        before, locked = visit(session, here, now - timedelta(days=3)), visit(session, here, now, "not_entered")
        there = visit(session, other, now)
    known = taken(town, entered(town, place=PLACE), "assign", officer_code="W1")
    refused(took(town, known, "check", visit_id=str(good)), 422, "尚未匹配场所")
    known = taken(town, known, "match", site_id=str(here))
    for wrong, words in ((there, "不是在线索所在场所"), (before, "早于线索"), (locked, "未能进入"), (here, "不是在")):
        refused(took(town, known, "check", visit_id=str(wrong)), 422, words)
    known = taken(town, known, "check", visit_id=str(good))
    assert (known["state"], known["visit_id"]) == ("checked", str(good))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"looked_by": None}, "须到现场"),
        ({"words": None}, "须到现场"),
        ({"looked_on": None}, "须到现场"),
        ({"looked_on": "2026-01-01"}, "核查日期"),
        ({"looked_on": "2099-01-01"}, "核查日期"),
    ],
)
def test_a_look_in_words_says_when_who_and_what(changes: dict[str, Any], words: str, town: TestClient) -> None:
    known = taken(town, entered(town, place=PLACE), "assign", officer_code="W1")
    refused(took(town, known, "check", **{"looked_on": today(), **LOOKED, **changes}), 422, words)


def test_true_needs_a_place_and_an_answer_to_which_site(town: TestClient) -> None:
    known = taken(town, entered(town), "assign", officer_code="W1")
    known = taken(town, known, "check", looked_on=today(), **LOOKED)
    refused(took(town, known, "judge", verdict="true", words="属实"), 409, "先匹配场所")
    known = taken(town, known, "match", site_id=None)
    refused(took(town, known, "judge", verdict="true", words="属实"), 409, "标明线索的位置")
    assert taken(town, known, "judge", verdict="false", words="查无其事")["state"] == "false"


@pytest.mark.parametrize("source", ["drone", "market_register"])
def test_nobody_is_paid_for_what_nobody_reported(source: str, town: TestClient) -> None:
    known = taken(town, checked(town, source=source), "judge", verdict="true", words="属实")
    assert "reward" not in known["steps"]
    refused(took(town, known, "reward", amount_yuan=100), 422, "没有举报人")


@pytest.mark.parametrize("amount", [0, -5, "12.345", 10_000_000, "NaN"])
def test_an_amount_is_yuan_and_fen(amount: object, town: TestClient) -> None:
    known = taken(town, checked(town), "judge", verdict="true", words="属实")
    refused(took(town, known, "reward", amount_yuan=amount), 422, "amount_yuan")


def test_reopened_it_has_a_new_deadline_and_is_not_paid_for_twice(town: TestClient) -> None:
    known = taken(town, checked(town, source="letter"), "judge", verdict="true", words="属实")
    known = taken(town, known, "reward", amount_yuan=200)
    refused(took(town, known, "reopen"), 422, "words")
    known = taken(town, known, "reopen", words="发现另有窝点")
    assert (known["state"], known["assigned_to"]["code"]) == ("assigned", "W1")
    assert known["deadline"] == (Settings().today() + timedelta(days=15)).isoformat()
    known = taken(town, known, "check", looked_on=today(), **LOOKED)
    known = taken(town, known, "judge", verdict="true", words="属实")
    assert known["steps"] == ["reopen", "note"]
    refused(took(town, known, "reward", amount_yuan=200), 409, "不能重复奖励")
