"""What a phone tells: where it is, answers to what was asked; and what the server holds of an officer."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from app.db import transaction
from tests.support.phone import HOME, mark, refused, review_of, send_photo, signed_in

LON, LAT = HOME.centroid.coords[0]


def progress(**changes: Any) -> dict[str, Any]:
    stated = {
        "patrol_id": str(uuid4()),
        "mode": "foot",
        "state": "recording",
        "started_at": datetime.now(UTC).isoformat(),
        "lon": LON,
        "lat": LAT,
        "accuracy_m": 6.0,
        "length_m": 120.5,
        "minutes": 2.5,
    }
    return {**stated, **changes}


def kept(city: Engine) -> list[tuple[Any, ...]]:
    with city.connect() as connection:
        rows = connection.execute(text("SELECT officer_code, state, length_m FROM patrol_progress ORDER BY length_m"))
        return [tuple(row) for row in rows]


def test_where_a_phone_is_is_kept_once_a_patrol(w1: TestClient, city: Engine) -> None:
    body = progress()
    assert w1.post("/api/field/progress", json=body).status_code == 204
    too_soon = {**body, "length_m": 121.0}
    assert w1.post("/api/field/progress", json=too_soon).status_code == 204
    assert kept(city) == [("W1", "recording", 120.5)], "a phone that tells every second is not followed"
    with city.begin() as connection:
        connection.execute(text("UPDATE patrol_progress SET updated_at = updated_at - interval '20 s'"))
    w1.post("/api/field/progress", json=too_soon)
    assert kept(city) == [("W1", "recording", 121.0)]
    w1.post("/api/field/progress", json={**body, "state": "stopped", "length_m": 122.0})
    assert kept(city) == [("W1", "stopped", 122.0)], "that it stopped is told at once"


def test_nobody_tells_for_another(w1: TestClient, application: FastAPI, city: Engine) -> None:
    body = progress()
    w1.post("/api/field/progress", json=body)
    with signed_in(application, "w2") as w2:
        refused(w2.post("/api/field/progress", json={**body, "state": "stopped"}), 403, "其他网格员")
        marked = mark([send_photo(w1)])
        w1.post("/api/marks", json=marked)
        refused(w2.post("/api/field/progress", json=progress(patrol_id=marked["id"])), 403, "其他网格员")
    assert kept(city) == [("W1", "recording", 120.5)]


@pytest.mark.parametrize("changes", [{"lon": 181}, {"state": "asleep"}, {"length_m": -1}, {"minutes": "NaN"}, {"x": 1}])
def test_what_is_no_progress_is_refused(changes: dict[str, Any], w1: TestClient, city: Engine) -> None:
    assert w1.post("/api/field/progress", json=progress(**changes)).status_code == 422
    assert kept(city) == []


@pytest.fixture
def asked(w1: TestClient, application: FastAPI) -> str:
    """The id of a mark of W1 about which the village asked."""
    body = mark([send_photo(w1)], position=None)
    assert w1.post("/api/marks", json=body).status_code == 200
    with signed_in(application, "village") as village:
        answer = village.post(f"/api/review/{body['id']}/ask", json={"words": "从哪个门进去的？"})
        assert answer.status_code == 200, answer.text
    return str(body["id"])


def reply(evidence_id: str, **changes: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "evidence_id": evidence_id, "words": "西门，门卫带进去的", "photo_ids": [], **changes}


def test_what_was_asked_is_in_the_inbox_until_it_is_answered(w1: TestClient, asked: str, city: Engine) -> None:
    [question] = w1.get("/api/field/inbox").json()
    assert (question["evidence_id"], question["question"]) == (asked, "从哪个门进去的？")
    assert (question["kind"], question["label"]) == ("mark", "室内检查，无定位")
    body = reply(asked, photo_ids=[send_photo(w1)])
    assert w1.post("/api/field/answers", json=body).status_code == 204
    assert w1.post("/api/field/answers", json=body).status_code == 204, "sent again, it is not said twice"
    assert w1.get("/api/field/inbox").json() == []
    with transaction(city) as session:
        assert review_of(session, asked) == "open"
        steps = session.execute(text("SELECT step, words FROM review_step ORDER BY id")).all()
        photos = session.execute(text("SELECT count(*) FROM evidence_photo WHERE evidence_id = :id"), {"id": asked})
        assert photos.scalar_one() == 2
    assert [tuple(step) for step in steps] == [("ask", "从哪个门进去的？"), ("answer", "西门，门卫带进去的")]
    refused(w1.post("/api/field/answers", json={**body, "words": "东门"}), 409, "另一条答复")
    refused(w1.post("/api/field/answers", json=reply(asked)), 409, "没有待答复的问题")


def test_nobody_answers_for_another(asked: str, application: FastAPI) -> None:
    with signed_in(application, "w2") as w2:
        assert w2.get("/api/field/inbox").json() == []
        refused(w2.post("/api/field/answers", json=reply(asked)), 403, "只能答复本人的记录")


def test_an_answer_needs_words_and_photos_of_ones_own(w1: TestClient, asked: str, application: FastAPI) -> None:
    assert w1.post("/api/field/answers", json=reply(asked, words=" ")).status_code == 422
    refused(w1.post("/api/field/answers", json=reply(str(uuid4()))), 404, "没有编号")
    refused(w1.post("/api/field/answers", json=reply(asked, photo_ids=[str(uuid4())])), 422, "还没有上传")
    with signed_in(application, "w2") as w2:
        photo = send_photo(w2, "W2")
    refused(w1.post("/api/field/answers", json=reply(asked, photo_ids=[photo])), 422, "不是网格员 W1")
    assert len(w1.get("/api/field/inbox").json()) == 1


def test_my_records_are_mine_newest_first_with_what_was_found(w1: TestClient, application: FastAPI) -> None:
    now = datetime.now(UTC)
    marked = mark([send_photo(w1)], position=None, made_at=(now - timedelta(hours=2)).isoformat())
    shut = mark([send_photo(w1)], kind="inaccessible", reason="locked")
    fixes = [
        {
            "lon": LON + n * 5e-5,
            "lat": LAT,
            "time": (now - timedelta(minutes=30, seconds=-5 * n)).isoformat(),
            "accuracy_m": 5.0 + n % 3,
        }
        for n in range(20)
    ]
    patrol = {"id": str(uuid4()), "officer_code": "W1", "mode": "foot", "datum": "WGS-84", "fixes": fixes}
    assert w1.post("/api/patrols", json=patrol).status_code == 200
    for body in (marked, shut):
        assert w1.post("/api/marks", json=body).status_code == 200
    with signed_in(application, "w2") as w2:
        assert w2.get("/api/field/records").json() == []
    records = w1.get("/api/field/records").json()
    assert [record["id"] for record in records] == [shut["id"], patrol["id"], marked["id"]]
    assert [record["state"] for record in records] == ["requested", "accepted", "accepted"]
    assert records[1]["counted_length_m"] > 50
    assert records[2]["review"] == "open"
    assert any("没有手机定位" in text for text in records[2]["findings"])
    assert records[2]["area_m2"] > 300
    assert len(w1.get("/api/field/records", params={"limit": 2}).json()) == 2
