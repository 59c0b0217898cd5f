"""Decisions: what each changes, and every one that must be refused."""

from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.coverage import service as coverage
from app.evidence.schemas import FindingKind
from tests.app.review.conftest import Person
from tests.app.review.world import World
from tests.support.seeding import VILLAGE_11

GRID = f"{VILLAGE_11}001"


def shares(person: Person, code: str = GRID) -> dict[str, float]:
    """Square metres of a grid by share, as the county sees them."""
    answer = person("county").get(f"/api/grids/{code}/coverage")
    assert answer.status_code == 200, answer.text
    return {name: share["area_m2"] for name, share in answer.json()["grid"]["shares"].items()}


def reason(answer: Any, status: int) -> str:
    """The message of a refusal."""
    assert answer.status_code == status, answer.text
    return str(answer.json()["error"]["message"])


def test_voiding_a_patrol_takes_its_ground_out_at_once_and_says_why(world: World, person: Person) -> None:
    before = shares(person)
    patrol = world.suspicious()
    assert shares(person)["tracked"] > before["tracked"]
    answer = person("village11").post(f"/api/review/{patrol}/void", json={"words": "轨迹来自车辆"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["review"] == "voided"
    assert shares(person) == before
    step = person("town1").get(f"/api/review/{patrol}").json()["steps"][-1]
    assert (step["step"], step["words"], step["by_name"]) == ("void", "轨迹来自车辆", "测试village11")


def test_voiding_a_mark_takes_back_what_it_declared(world: World, person: Person) -> None:
    before = shares(person)
    mark = world.mark()
    assert shares(person)["declared"] > before["declared"]
    assert person("village11").post(f"/api/review/{mark}/void", json={"words": "未进入"}).status_code == 200
    assert shares(person) == before


def test_accepting_changes_no_ground(world: World, person: Person) -> None:
    patrol = world.suspicious()
    before = shares(person)
    answer = person("village11").post(f"/api/review/{patrol}/accept", json={"words": "已电话核实"})
    assert answer.json()["review"] == "accepted"
    assert shares(person) == before


def test_what_was_accepted_can_be_voided_later_with_the_history_kept(world: World, person: Person) -> None:
    patrol = world.suspicious()
    person("village11").post(f"/api/review/{patrol}/accept", json={})
    answer = person("town1").post(f"/api/review/{patrol}/void", json={"words": "复查发现代走"})
    assert [step["step"] for step in answer.json()["steps"]] == ["accept", "void"]


def test_what_was_voided_stays_voided(world: World, person: Person) -> None:
    patrol = world.suspicious()
    person("village11").post(f"/api/review/{patrol}/void", json={"words": "代走"})
    for step in ("accept", "ask", "void"):
        message = reason(person("town1").post(f"/api/review/{patrol}/{step}", json={"words": "代走"}), 409)
        assert "测试village11" in message
        assert "作废：代走" in message


def test_asking_back_waits_for_the_answer(world: World, person: Person) -> None:
    patrol = world.suspicious()
    answer = person("village11").post(f"/api/review/{patrol}/ask", json={"words": "请说明第三段"})
    assert answer.json()["review"] == "asked"
    message = reason(person("town1").post(f"/api/review/{patrol}/ask", json={"words": "再问"}), 409)
    assert "请说明第三段" in message
    assert person("town1").post(f"/api/review/{patrol}/accept", json={}).status_code == 200


@pytest.mark.parametrize("step", ["void", "ask"])
@pytest.mark.parametrize("words", [None, "", "   "])
def test_voiding_and_asking_need_words(world: World, person: Person, step: str, words: str | None) -> None:
    patrol = world.suspicious()
    assert "请写明" in reason(person("village11").post(f"/api/review/{patrol}/{step}", json={"words": words}), 422)
    assert person("village11").get(f"/api/review/{patrol}").json()["steps"] == []


@pytest.mark.parametrize("step", ["accept", "void", "ask"])
def test_nobody_decides_on_what_their_account_sent(world: World, person: Person, step: str) -> None:
    patrol = world.suspicious(by="town1")
    message = reason(person("town1").post(f"/api/review/{patrol}/{step}", json={"words": "x"}), 403)
    assert "应由他人核查" in message
    item = person("town1").get(f"/api/review/{patrol}").json()["item"]
    assert (item["may_decide"], item["may_ask"]) == (False, False)
    assert "应由他人核查" in item["why_not"]
    assert person("deputy1").post(f"/api/review/{patrol}/{step}", json={"words": "x"}).status_code == 200


@pytest.mark.parametrize("step", ["accept", "void", "ask"])
def test_nobody_decides_on_their_own_walk(world: World, person: Person, step: str) -> None:
    with world.engine.begin() as connection:
        connection.execute(text("UPDATE account SET officer_code = 'W3' WHERE username = 'village11'"))
    patrol = world.suspicious("W3", 0, 2)
    reason(person("village11").post(f"/api/review/{patrol}/{step}", json={"words": "x"}), 403)


@pytest.mark.parametrize("step", ["accept", "void", "ask"])
def test_records_outside_the_scope_are_refused(world: World, person: Person, step: str) -> None:
    patrol = world.suspicious("W2", 0, 0)
    reason(person("village11").post(f"/api/review/{patrol}/{step}", json={"words": "x"}), 403)
    reason(person("village11").get(f"/api/review/{patrol}"), 403)


def test_an_unknown_record_is_not_found(person: Person) -> None:
    unknown = "00000000-0000-0000-0000-000000000000"
    reason(person("town1").get(f"/api/review/{unknown}"), 404)
    reason(person("town1").post(f"/api/review/{unknown}/accept", json={}), 404)


@pytest.mark.parametrize("name", ["wang", "leader"])
@pytest.mark.parametrize("step", ["accept", "void", "ask"])
def test_without_the_right_nobody_decides(world: World, person: Person, name: str, step: str) -> None:
    patrol = world.suspicious()
    reason(person(name).post(f"/api/review/{patrol}/{step}", json={"words": "x"}), 403)


def test_nothing_waits_about_a_record_without_findings(world: World, person: Person) -> None:
    patrol = world.patrol()
    reason(person("village11").post(f"/api/review/{patrol}/accept", json={}), 409)


def test_an_inaccessible_place_is_approved_by_the_town(world: World, person: Person) -> None:
    before = shares(person)
    mark = world.mark(kind="inaccessible")
    assert shares(person)["inaccessible"] == 0, "before it is approved it counts as never seen"
    item = person("village11").get("/api/review").json()["items"][0]
    assert item["may_decide"] is False
    assert "由镇（街道）审批" in item["why_not"]
    reason(person("village11").post(f"/api/review/{mark}/accept", json={}), 403)
    assert person("town1").post(f"/api/review/{mark}/accept", json={}).status_code == 200
    after = shares(person)
    assert after["inaccessible"] > 0
    assert after["never_seen"] < before["never_seen"]


def test_an_approval_can_be_taken_back(world: World, person: Person) -> None:
    before = shares(person)
    mark = world.mark(kind="inaccessible")
    person("town1").post(f"/api/review/{mark}/accept", json={})
    assert person("county").post(f"/api/review/{mark}/void", json={"words": "已可进入"}).status_code == 200
    assert shares(person) == before


def test_a_refused_request_stays_never_seen(world: World, person: Person) -> None:
    before = shares(person)
    mark = world.mark(kind="inaccessible")
    reason(person("village11").post(f"/api/review/{mark}/void", json={"words": "门开着"}), 403)
    answer = person("town1").post(f"/api/review/{mark}/void", json={"words": "门开着"})
    assert answer.status_code == 200, answer.text
    assert shares(person) == before
    state = world.row("SELECT state FROM exclusion WHERE code LIKE 'N-%' ORDER BY id DESC LIMIT 1").state
    assert state == "refused"


def test_a_village_may_ask_about_what_it_may_not_approve(world: World, person: Person) -> None:
    mark = world.mark(kind="inaccessible")
    answer = person("village11").post(f"/api/review/{mark}/ask", json={"words": "联系过业主吗"})
    assert answer.json()["review"] == "asked"


@pytest.mark.parametrize(("first", "second"), [("accept", "void"), ("void", "accept"), ("accept", "accept")])
def test_the_second_of_two_reviewers_is_told_what_the_first_decided(
    world: World, person: Person, first: str, second: str
) -> None:
    """Both had the record open before anybody decided."""
    patrol = world.suspicious()
    body = {"words": "看过", "steps_seen": 0}
    assert person("town1").post(f"/api/review/{patrol}/{first}", json=body).status_code == 200
    answer = person("deputy1").post(f"/api/review/{patrol}/{second}", json=body)
    assert "测试town1" in reason(answer, 409)
    assert answer.json()["error"]["facts"]["step"] == first
    assert len(person("town1").get(f"/api/review/{patrol}").json()["steps"]) == 1


@pytest.mark.parametrize("step", ["accept", "void"])
@pytest.mark.parametrize("kind", ["patrol", "mark", "inaccessible"])
def test_of_two_at_the_same_instant_one_decides(world: World, person: Person, kind: str, step: str) -> None:
    record = world.suspicious() if kind == "patrol" else world.mark(kind="declared" if kind == "mark" else kind)
    if kind == "mark":
        world.find(record, FindingKind.MARK_FAR, {"distance_m": 600.0})
    clients = [person("town1"), person("deputy1")]
    ready, answers = Barrier(2), []

    def decide(index: int) -> None:
        ready.wait()
        answers.append(clients[index].post(f"/api/review/{record}/{step}", json={"words": "同一理由"}).status_code)

    threads = [Thread(target=decide, args=(index,)) for index in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 409]
    assert len(person("county").get(f"/api/review/{record}").json()["steps"]) == 1


@pytest.mark.parametrize("kind", ["patrols", "marks"])
def test_voided_by_its_own_route_it_says_so_among_its_steps(world: World, person: Person, kind: str) -> None:
    record = world.suspicious() if kind == "patrols" else world.mark()
    for _ in range(2):
        answer = person("village11").post(f"/api/{kind}/{record}/void", json={"reason": "记错人"})
        assert answer.status_code == 200, answer.text
    [step] = person("town1").get(f"/api/review/{record}").json()["steps"]
    assert (step["step"], step["words"], step["by_name"]) == ("void", "记错人", "测试village11")
    message = reason(person("town1").post(f"/api/review/{record}/void", json={"words": "代走"}), 409)
    assert "测试village11" in message
    assert "作废：记错人" in message


def test_coverage_still_follows_from_the_evidence_afterwards(world: World, person: Person) -> None:
    patrol, mark, closed = world.suspicious(), world.mark(), world.mark(kind="inaccessible")
    town = person("town1")
    for path, step in ((patrol, "void"), (mark, "void"), (closed, "accept")):
        assert town.post(f"/api/review/{path}/{step}", json={"words": "x"}).status_code == 200
    with Session(world.engine) as session:
        assert list(coverage.verify(session, world.settings.today())) == []


def test_the_officers_answer_opens_the_record_again(world: World, person: Person) -> None:
    patrol = world.suspicious()
    person("village11").post(f"/api/review/{patrol}/ask", json={"words": "请说明第三段"})
    question = person("wang").get("/api/field/inbox").json()[0]
    assert (question["evidence_id"], question["question"]) == (str(patrol), "请说明第三段")
    said = {"id": str(uuid4()), "evidence_id": str(patrol), "words": "坐渡船过河", "photo_ids": []}
    assert person("wang").post("/api/field/answers", json=said).status_code == 204
    item = person("village11").get("/api/review").json()["items"][0]
    assert (item["id"], item["review"]) == (str(patrol), "open")
    steps = person("village11").get(f"/api/review/{patrol}").json()["steps"]
    assert [(step["step"], step["words"]) for step in steps] == [("ask", "请说明第三段"), ("answer", "坐渡船过河")]


@pytest.mark.parametrize("step", ["accept", "void"])
def test_what_an_officer_reported_is_taken_note_of(world: World, person: Person, step: str) -> None:
    """A report changes no ground: only the record says what became of it."""
    report = uuid4()
    body = {
        "id": str(report),
        "officer_code": "W1",
        "what": "smell",
        "datum": "WGS-84",
        "lon": 119.81,
        "lat": 31.77,
        "accuracy_m": 8.0,
        "made_at": world.settings.now().isoformat(),
        "photo_ids": [],
    }
    answer = person("wang").post("/api/leads", json=body)
    assert answer.status_code == 200, answer.text
    world.find(report, FindingKind.PHOTO_TIME, {"photos": [{"apart_minutes": 90, "said_by": "picture"}]})
    before = shares(person)
    detail = person("village11").get(f"/api/review/{report}").json()
    assert detail["item"]["kind"] == "report"
    assert detail["position"]["coordinates"] == [119.81, 31.77]
    assert {"name": "情况", "text": "异味"} in detail["facts"]
    assert person("village11").post(f"/api/review/{report}/{step}", json={"words": "已核"}).status_code == 200
    assert shares(person) == before
