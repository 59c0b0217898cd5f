"""Leads: what an officer saw comes to those in whose place it lies, once, and to nobody else."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from app.db import transaction
from app.settings import Settings
from geo.datum import Datum, from_wgs84
from tests.app.leads.asks import LAT, LON, lead
from tests.support import seeding
from tests.support.phone import refused, review_of, send_photo, signed_in


def test_it_is_told_where_it_lies_and_who_sees_it(w1: TestClient, application: FastAPI, city: Engine) -> None:
    body = lead(photo_ids=[send_photo(w1)])
    told = w1.post("/api/leads", json=body)
    assert told.status_code == 200, told.text
    assert told.json() == {
        "id": body["id"],
        "state": "new",
        "unit": {"code": seeding.VILLAGE_11, "name": "柳树村"},
        "grid": {"code": f"{seeding.VILLAGE_11}001", "name": "柳树第1网格"},
    }
    with signed_in(application, "village") as village:
        listed = village.get("/api/leads").json()
        assert (listed["total"], [row["what_text"] for row in listed["items"]]) == (1, ["异味"])
        detail = village.get(f"/api/leads/{body['id']}").json()
        assert detail["officer_name"] == "王建国"
        assert [photo["id"] for photo in detail["photos"]] == body["photo_ids"]
        assert village.get(f"/api/photos/{body['photo_ids'][0]}").status_code == 200
    with signed_in(application, "town") as town:
        assert town.get("/api/leads").json()["total"] == 1
    with signed_in(application, "elsewhere") as elsewhere:
        nothing = elsewhere.get("/api/leads").json()
        assert (nothing["total"], nothing["items"], sum(nothing["counts"].values())) == (0, [], 0)
        refused(elsewhere.get(f"/api/leads/{body['id']}"), 403, "不在您的管辖范围内")
    refused(w1.get("/api/leads"), 403, "没有此项权限")
    with transaction(city) as session:
        assert review_of(session, body["id"]) == "none"


def test_sent_again_it_is_there_once(w1: TestClient, client: TestClient) -> None:
    body = lead()
    first, second = w1.post("/api/leads", json=body), w1.post("/api/leads", json=body)
    assert second.json() == first.json()
    assert second.headers["Idempotent-Replay"] == "true"
    assert client.get("/api/leads").json()["total"] == 1
    refused(w1.post("/api/leads", json={**body, "note": "别的"}), 409, "另一份内容")


def test_the_newest_comes_first_page_by_page(w1: TestClient, client: TestClient) -> None:
    now = datetime.now(UTC)
    bodies = [lead(made_at=(now - timedelta(hours=hours)).isoformat()) for hours in (2, 0, 1)]
    for body in bodies:
        w1.post("/api/leads", json=body)
    pages = [client.get("/api/leads", params={"limit": 2, "skip": skip}).json() for skip in (0, 2)]
    assert [page["total"] for page in pages] == [3, 3]
    ids = [row["id"] for page in pages for row in page["items"]]
    assert ids == [bodies[n]["id"] for n in (1, 2, 0)]


def test_what_a_webview_saw_in_gcj_02_is_put_where_it_is(w1: TestClient, client: TestClient) -> None:
    lon, lat = (float(degrees) for degrees in from_wgs84(LON, LAT, Datum.GCJ02))
    body = lead(datum="GCJ-02", lon=lon, lat=lat)
    assert w1.post("/api/leads", json=body).json()["grid"]["name"] == "柳树第1网格"
    told = client.get(f"/api/leads/{body['id']}").json()
    assert (told["lon"], told["lat"]) == pytest.approx((LON, LAT), abs=1e-6)


def test_just_outside_of_all_units_it_is_for_those_whose_officer_saw_it(w1: TestClient, application: FastAPI) -> None:
    body = lead(lon=seeding.WEST - 0.005)
    assert w1.post("/api/leads", json=body).json()["unit"] is None
    with signed_in(application, "village") as village:
        assert village.get("/api/leads").json()["total"] == 1


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"officer_code": "W2"}, 403, "不能以网格员 W2 的名义上传"),
        ({"officer_code": "W9"}, 404, "没有编码为 W9"),
        ({"what": "nothing"}, 422, "不可选"),
        ({"what": "other", "note": " "}, 422, "写明看到了什么"),
        ({"photo_ids": [str(uuid4())]}, 422, "还没有上传"),
        ({"photo_ids": [str(uuid4()) for _ in range(7)]}, 422, "最多 6 张"),
        ({"lon": LAT, "lat": LON}, 422, "不像是 WGS-84 坐标"),
        ({"lon": LON + 1}, 422, "辖区附近"),
        ({"accuracy_m": -1}, 422, "accuracy_m"),
        ({"made_at": (datetime.now(UTC) + timedelta(days=1)).isoformat()}, 422, "在将来"),
    ],
)
def test_what_is_no_lead_is_refused_and_leaves_nothing(
    changes: dict[str, Any], status: int, words: str, w1: TestClient, city: Engine
) -> None:
    refused(w1.post("/api/leads", json=lead(**changes)), status, words)
    with city.connect() as connection:
        found = connection.execute(text("SELECT (SELECT count(*) FROM lead) + (SELECT count(*) FROM evidence)"))
        assert found.scalar_one() == 0


def test_an_id_of_another_record_is_refused(w1: TestClient) -> None:
    fixes = [{"lon": LON, "lat": LAT, "time": datetime.now(UTC).isoformat(), "accuracy_m": 5.0}]
    patrol = {"id": str(uuid4()), "officer_code": "W1", "mode": "foot", "datum": "WGS-84", "fixes": fixes}
    assert w1.post("/api/patrols", json=patrol).status_code == 200
    refused(w1.post("/api/leads", json=lead(id=patrol["id"])), 409, "另一条记录")


def test_it_has_a_deadline_by_its_source_and_says_who_put_it_in(
    w1: TestClient, client: TestClient, city: Engine
) -> None:
    body = lead()
    w1.post("/api/leads", json=body)
    told = client.get(f"/api/leads/{body['id']}").json()
    today = Settings().today()
    assert told["deadline"] == (today + timedelta(days=7)).isoformat()
    assert [(event["kind"], event["to_state"], event["by_name"]) for event in told["events"]] == [
        ("created", "new", "测试w1")
    ]
    assert told["responsible"] == {"code": "W1", "name": "王建国"}
    with city.connect() as connection, pytest.raises(DBAPIError, match="never"):
        connection.execute(text("UPDATE lead_event SET words = 'x'"))


def test_what_was_stored_before_there_were_deadlines_is_answered_the_same(w1: TestClient, city: Engine) -> None:
    """A phone sends again what an older version took in; its answer was kept as it was."""
    body = lead()
    first = w1.post("/api/leads", json=body).json()
    with transaction(city) as session:
        session.execute(text("UPDATE lead SET deadline = NULL, created_by = NULL"))
    again = w1.post("/api/leads", json=body)
    assert (again.json(), again.headers["Idempotent-Replay"]) == (first, "true")
