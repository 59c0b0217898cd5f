"""Imported requests to take ground out: the level above decides, nobody on their own, and figures follow at once."""

from pathlib import Path
from typing import Any

import pytest

from tests.app.review.conftest import Person
from tests.app.review.test_deciding import reason, shares
from tests.app.review.world import World, square


@pytest.fixture
def pond(world: World, tmp_path: Path) -> str:
    """A pond in W1's first grid that somebody asked to leave out."""
    world.exclusion(tmp_path, "X7", square(0.5, 2.5, 300))
    return "X7"


def listed(answer: Any) -> list[dict[str, Any]]:
    """The requests of a list."""
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def test_requests_wait_where_their_ground_lies(person: Person, pond: str) -> None:
    found = listed(person("town1").get("/api/review/exclusions"))
    assert [(each["code"], each["unit_name"], each["may_decide"]) for each in found] == [(pond, "柳树村", True)]
    assert found[0]["geometry"]["type"] == "MultiPolygon"
    assert listed(person("town2").get("/api/review/exclusions")) == []


def test_approving_takes_the_ground_out_at_once(person: Person, pond: str) -> None:
    before = shares(person)
    answer = person("town1").post(f"/api/review/exclusions/{pond}/approve", json={"words": "现场确认"})
    assert answer.status_code == 200, answer.text
    after = shares(person)
    assert after["excluded"] > before["excluded"] + 80_000
    assert after["never_seen"] < before["never_seen"]
    assert "测试town1" in answer.json()["decided_by"]
    assert "现场确认" in answer.json()["decided_by"]
    assert listed(person("town1").get("/api/review/exclusions")) == []


def test_refusing_needs_words_and_changes_nothing(person: Person, pond: str) -> None:
    before = shares(person)
    assert "请写明" in reason(person("town1").post(f"/api/review/exclusions/{pond}/refuse", json={}), 422)
    assert person("town1").post(f"/api/review/exclusions/{pond}/refuse", json={"words": "已填平"}).status_code == 200
    assert shares(person) == before


def test_the_second_is_told_who_decided(person: Person, pond: str) -> None:
    person("town1").post(f"/api/review/exclusions/{pond}/refuse", json={"words": "已填平"})
    message = reason(person("deputy1").post(f"/api/review/exclusions/{pond}/approve", json={}), 409)
    assert "测试town1" in message
    assert "已填平" in message


def test_a_village_reads_but_does_not_decide(person: Person, pond: str) -> None:
    found = listed(person("village11").get("/api/review/exclusions"))
    assert found[0]["may_decide"] is False
    assert "由镇（街道）审批" in found[0]["why_not"]
    reason(person("village11").post(f"/api/review/exclusions/{pond}/approve", json={}), 403)


@pytest.mark.parametrize("outcome", ["approve", "refuse"])
def test_ground_outside_the_scope_is_refused(person: Person, pond: str, outcome: str) -> None:
    reason(person("town2").post(f"/api/review/exclusions/{pond}/{outcome}", json={"words": "x"}), 403)


@pytest.mark.parametrize("outcome", ["approve", "refuse"])
def test_ground_of_two_towns_is_for_the_county(world: World, person: Person, tmp_path: Path, outcome: str) -> None:
    world.exclusion(tmp_path, "X8", square(0.5, 2.0, 300))
    for town in ("town1", "town2"):
        assert "由上级审批" in listed(person(town).get("/api/review/exclusions"))[0]["why_not"]
        reason(person(town).post(f"/api/review/exclusions/X8/{outcome}", json={"words": "x"}), 403)
    assert person("county").post(f"/api/review/exclusions/X8/{outcome}", json={"words": "x"}).status_code == 200


@pytest.mark.parametrize("outcome", ["approve", "refuse"])
def test_nobody_decides_on_what_they_asked_for(world: World, person: Person, tmp_path: Path, outcome: str) -> None:
    world.exclusion(tmp_path, "X9", square(0.5, 2.5, 300), actor="测试town1（town1） @ 10.0.0.1")
    assert "应由他人审批" in listed(person("town1").get("/api/review/exclusions"))[0]["why_not"]
    reason(person("town1").post(f"/api/review/exclusions/X9/{outcome}", json={"words": "x"}), 403)
    assert person("deputy1").post(f"/api/review/exclusions/X9/{outcome}", json={"words": "x"}).status_code == 200


def test_an_unknown_code_is_not_found(person: Person) -> None:
    reason(person("town1").post("/api/review/exclusions/none/approve", json={}), 404)
