"""A visit before a reviewer: shown with its site and answers, asked about, accepted, voided by one path."""

from collections.abc import Iterator
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from tests.app.visits.conftest import Works
from tests.app.visits.test_accepted import state_of
from tests.support.phone import at, refused, send_photo, signed_in
from tests.support.seeding import cell
from tests.support.visiting import YARD, checklist, not_entered, put_site, visit

AFAR = at(cell(0.8, 2.3, 0.01, 0.01))


@pytest.fixture
def village(city: Engine, application: FastAPI) -> Iterator[TestClient]:
    """Staff of W1's village."""
    with signed_in(application, "village") as client:
        yield client


@pytest.fixture
def doubtful(w1: TestClient, works: Works) -> dict[str, Any]:
    """A visit with a problem, made from afar, that found a new tenant and did not see another."""
    body = visit(
        works.site,
        {works.tenant: True, works.subtenant: False},
        position=AFAR,
        result="problem_found",
        checklist=checklist(chemicals="no"),
        note="二楼有 20 桶无标签溶剂",
        photo_ids=[send_photo(w1)],
        new_tenants=[{"id": str(uuid4()), "tenant_name": "丙电镀"}],
    )
    answer = w1.post("/api/visits", json=body)
    assert answer.status_code == 200, answer.text
    return body


def test_it_waits_in_the_queue_under_its_own_name(village: TestClient, doubtful: dict[str, Any]) -> None:
    queue = village.get("/api/review", params={"kind": "visit"}).json()
    assert [item["id"] for item in queue["items"]] == [doubtful["id"]]
    assert queue["records"] == {"visit": 1}
    assert queue["items"][0]["findings"][0]["kind"] == "visit_far"
    assert queue["finding_names"]["visit_far"] == "走访时不在现场"


def test_a_reviewer_sees_all_that_was_answered(village: TestClient, doubtful: dict[str, Any]) -> None:
    detail = village.get(f"/api/review/{doubtful['id']}").json()
    facts = {fact["name"]: fact["text"] for fact in detail["facts"]}
    assert facts["场所"].startswith("红星机械厂（")
    assert facts["结果"] == "发现问题"
    assert facts["说明"] == "二楼有 20 桶无标签溶剂"
    assert facts["租户"] == "见到 2 个，未见到 1 个"
    assert "距场所" in facts["手机位置"]
    assert detail["area"]["type"] == "MultiPolygon"
    assert detail["place"]["type"] == detail["position"]["type"] == "Point"
    assert detail["distance_m"] > 700
    assert len(detail["photos"]) == 1
    told = detail["visit"]
    assert {each["tenant_name"]: (each["seen"], each["is_new"]) for each in told["tenancies"]} == {
        "甲五金厂": (True, False), "乙喷涂作坊": (False, False), "丙电镀": (True, True),
    }  # fmt: skip
    assert [item["code"] for item in told["checklist"] if item["answer"] == "no"] == ["chemicals"]


def test_a_shut_gate_at_a_site_that_is_nowhere_is_shown_too(
    w1: TestClient, village: TestClient, client: TestClient
) -> None:
    body = not_entered(put_site(client, None), position=None)
    assert w1.post("/api/visits", json=body).status_code == 200
    detail = village.get(f"/api/review/{body['id']}").json()
    facts = {fact["name"]: fact["text"] for fact in detail["facts"]}
    assert facts["结果"] == "未能进入：大门上锁"
    assert facts["手机位置"] == "没有随检查上传定位"
    assert "租户" not in facts
    assert (detail["area"], detail["place"], detail["position"]) == (None, None, None)


def test_asked_back_it_comes_to_the_phone_and_opens_again(
    w1: TestClient, village: TestClient, doubtful: dict[str, Any]
) -> None:
    assert village.post(f"/api/review/{doubtful['id']}/ask", json={"words": "为什么不在现场？"}).status_code == 200
    [question] = w1.get("/api/field/inbox").json()
    assert (question["kind"], question["label"]) == ("visit", "红星机械厂：发现问题")
    said = {"id": str(uuid4()), "evidence_id": doubtful["id"], "words": "回来后才填", "photo_ids": []}
    assert w1.post("/api/field/answers", json=said).status_code == 204
    accepted = village.post(f"/api/review/{doubtful['id']}/accept", json={"words": "已核实"})
    assert accepted.json()["review"] == "accepted"


def test_voided_in_review_it_no_longer_counts(
    w1: TestClient, village: TestClient, client: TestClient, works: Works, doubtful: dict[str, Any]
) -> None:
    assert state_of(client, works.site) == "incomplete"
    answer = village.post(f"/api/review/{doubtful['id']}/void", json={"words": "没有进入场所"})
    assert answer.status_code == 200, answer.text
    assert [(step["step"], step["words"]) for step in answer.json()["steps"]] == [("void", "没有进入场所")]
    assert state_of(client, works.site) == "never"
    told = client.get(f"/api/visits/{doubtful['id']}").json()
    assert (told["state"], told["void_reason"], told["review"]) == ("voided", "没有进入场所", "voided")
    [mine] = w1.get("/api/field/records").json()
    assert (mine["kind"], mine["state"], mine["label"]) == ("visit", "voided", "红星机械厂：发现问题")
    refused(village.post(f"/api/review/{doubtful['id']}/void", json={"words": "再一次"}), 409, "没有进入场所")
    # What it found is still there to be looked into.
    names = [each["tenant_name"] for each in client.get(f"/api/sites/{works.site}").json()["tenancies"]]
    assert "丙电镀" in names


def test_of_two_who_void_at_once_one_does(
    village: TestClient, client: TestClient, city: Engine, doubtful: dict[str, Any]
) -> None:
    """One in review, one by the visit's own route."""
    start, answers = Barrier(2), []

    def void(who: TestClient, path: str, said: dict[str, str]) -> None:
        start.wait()
        answers.append(who.post(path, json=said).status_code)

    threads = [
        Thread(target=void, args=(village, f"/api/review/{doubtful['id']}/void", {"words": "甲说"})),
        Thread(target=void, args=(client, f"/api/visits/{doubtful['id']}/void", {"reason": "乙说"})),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 409]
    with city.connect() as connection:
        said = connection.execute(text("SELECT words FROM review_step")).scalars().all()
        kept = connection.execute(text("SELECT void_reason FROM visit")).scalar_one()
    assert said == [kept], "one reason is kept, and it is the one among the steps"


def test_a_visit_outside_the_scope_is_not_shown(application: FastAPI, doubtful: dict[str, Any]) -> None:
    with signed_in(application, "elsewhere") as elsewhere:
        assert elsewhere.get("/api/review", params={"kind": "visit"}).json()["items"] == []
        refused(elsewhere.get(f"/api/review/{doubtful['id']}"), 403, "不在您的管辖范围内")
        refused(elsewhere.post(f"/api/review/{doubtful['id']}/void", json={"words": "x"}), 403, "不在您的管辖范围内")


def test_the_map_has_the_ground_of_the_yard(village: TestClient, doubtful: dict[str, Any]) -> None:
    ring = village.get(f"/api/review/{doubtful['id']}").json()["area"]["coordinates"][0][0]
    assert sorted({point[0] for point in ring}) == pytest.approx([YARD.bounds[0], YARD.bounds[2]])
