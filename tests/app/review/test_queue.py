"""The queue holds what waits in one's own scope, oldest first, counted by kind."""

from typing import Any

import pytest

from app.evidence.schemas import FindingKind
from tests.app.review.conftest import Person
from tests.app.review.world import World
from tests.support.seeding import TOWN_1, TOWN_2, VILLAGE_11


def ids(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


def test_oldest_first_with_findings_in_words(world: World, person: Person) -> None:
    first, second = world.suspicious(), world.suspicious(column=1)
    world.patrol()
    queue = person("village11").get("/api/review").json()
    assert [item["id"] for item in queue["items"]] == [str(first), str(second)], "what nobody doubts does not wait"
    item = queue["items"][0]
    assert (item["officer_name"], item["unit_name"], item["review"]) == ("王建国", "柳树村", "open")
    assert "瞬间跳变" in item["findings"][0]["text"]
    assert item["may_decide"] is True


def test_only_records_of_the_own_scope(world: World, person: Person) -> None:
    here, there = world.suspicious("W1", 0, 2), world.suspicious("W2", 0, 0)
    assert ids(person("village11").get("/api/review")) == [str(here)]
    assert ids(person("town2").get("/api/review")) == [str(there)]
    assert ids(person("county").get("/api/review")) == [str(here), str(there)]


def test_a_walk_into_the_neighbours_village_is_seen_by_both(world: World, person: Person) -> None:
    astray = world.suspicious("W1", 0, 0)
    assert ids(person("village11").get("/api/review")) == [str(astray)]
    assert ids(person("village21").get("/api/review")) == [str(astray)]


def test_counts_tell_of_every_kind_whichever_is_shown(world: World, person: Person) -> None:
    world.suspicious()
    double = world.suspicious(column=1)
    world.find(double, FindingKind.MOCK_LOCATION, {"fixes": 360, "mocked": 12})
    asked = world.mark(kind="inaccessible")
    queue = person("town1").get("/api/review", params={"kind": "mock_location"}).json()
    assert [item["id"] for item in queue["items"]] == [str(double)]
    assert (queue["total"], queue["of_all_kinds"]) == (1, 3)
    assert queue["records"] == {"patrol": 2, "inaccessible": 1}
    assert queue["findings"] == {"jumps": 2, "mock_location": 1}
    assert queue["finding_names"]["mock_location"] == "模拟定位"
    assert ids(person("town1").get("/api/review", params={"kind": "inaccessible"})) == [str(asked)]


def test_filters_by_unit_and_officer(world: World, person: Person) -> None:
    here, there = world.suspicious("W1", 0, 2), world.suspicious("W2", 0, 0)
    county = person("county")
    assert ids(county.get("/api/review", params={"unit": VILLAGE_11})) == [str(here)]
    assert ids(county.get("/api/review", params={"unit": TOWN_2})) == [str(there)]
    assert ids(county.get("/api/review", params={"officer": "W2"})) == [str(there)]
    queue = county.get("/api/review", params={"officer": "W2"}).json()
    assert {(each["code"], each["count"]) for each in queue["officers"]} == {("W1", 1), ("W2", 1)}
    assert VILLAGE_11 in {each["code"] for each in queue["units"]}, "choices stay when one is chosen"


def test_pages_do_not_overlap(world: World, person: Person) -> None:
    sent = [str(world.suspicious(column=index % 2)) for index in range(5)]
    county = person("county")
    pages = [county.get("/api/review", params={"limit": 2, "skip": skip}) for skip in (0, 2, 4)]
    assert [found for page in pages for found in ids(page)] == sent
    assert {page.json()["total"] for page in pages} == {5}


def test_asked_and_decided_have_lists_of_their_own(world: World, person: Person) -> None:
    asked, accepted, voided = world.suspicious(), world.suspicious(), world.suspicious()
    village = person("village11")
    village.post(f"/api/review/{asked}/ask", json={"words": "请说明"})
    village.post(f"/api/review/{accepted}/accept", json={})
    village.post(f"/api/review/{voided}/void", json={"words": "不是本人"})
    assert ids(village.get("/api/review")) == []
    assert ids(village.get("/api/review", params={"state": "asked"})) == [str(asked)]
    assert ids(village.get("/api/review", params={"state": "decided"})) == [str(voided), str(accepted)], "newest first"


def test_a_unit_outside_is_refused(world: World, person: Person) -> None:
    assert person("village11").get("/api/review", params={"unit": TOWN_1}).status_code == 403
    assert person("county").get("/api/review", params={"unit": "320000000000"}).status_code == 404
    assert world.accounts


@pytest.mark.parametrize("name", ["wang", "leader"])
def test_who_does_not_review_sees_no_queue(person: Person, name: str) -> None:
    assert person(name).get("/api/review").status_code == 403


def test_whose_records_were_looked_at_is_written_down(world: World, person: Person) -> None:
    patrol = world.suspicious()
    assert person("village11").get(f"/api/review/{patrol}").status_code == 200
    row = world.row(
        "SELECT officer_codes, subject FROM audit_entry WHERE actor LIKE '%village11%' AND subject LIKE :id",
        id=f"%{patrol}%",
    )
    assert row.officer_codes == ["W1"]
