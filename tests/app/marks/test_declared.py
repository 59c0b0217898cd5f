"""A declared mark counts at once, apart from what was tracked, and goes without a trace in the figures."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import shapely
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.db import transaction
from geo.datum import Datum, from_wgs84, geodesic_area_m2
from tests.support import seeding
from tests.support.phone import GRID, HOME, at, mark, refused, review_of, send_photo, signed_in

YARD = seeding.cell(0.3, 2.3, 0.1, 0.1)
FOOT_FIXES = 40


def shares(client: TestClient, code: str = GRID) -> dict[str, float]:
    row = client.get(f"/api/grids/{code}/coverage").json()["grid"]
    return {name: share["area_m2"] for name, share in row["shares"].items()}


def walk(client: TestClient, lon: float, lat: float) -> None:
    """W1 walks some 200 m eastwards, up to now."""
    start = datetime.now(UTC) - timedelta(minutes=5)
    fixes = [
        {
            "lon": lon + n * 5e-5,
            "lat": lat,
            "time": (start + timedelta(seconds=5 * n)).isoformat(),
            "accuracy_m": 5.0 + n % 3,
        }
        for n in range(FOOT_FIXES)
    ]
    body = {"id": str(uuid4()), "officer_code": "W1", "mode": "foot", "datum": "WGS-84", "fixes": fixes}
    assert client.post("/api/patrols", json=body).status_code == 200


def test_what_is_declared_is_never_seen_no_more_and_tracked_as_before(w1: TestClient, client: TestClient) -> None:
    walk(w1, *YARD.centroid.coords[0])
    before = shares(client)
    body = mark([send_photo(w1)], YARD)
    told = w1.post("/api/marks", json=body)
    assert told.status_code == 200, told.text
    after = shares(client)
    answer = told.json()
    assert answer["state"] == "accepted"
    assert answer["area_m2"] == round(geodesic_area_m2(YARD), 1)
    assert answer["grids"] == [{"code": GRID, "name": "柳树第1网格"}]
    assert answer["distance_m"] == 0.0
    assert before["tracked"] > 0
    assert after["tracked"] == before["tracked"]
    assert 0 < after["declared"] < answer["seen_m2"], "ground that was tracked is not declared as well"
    assert abs(after["never_seen"] + after["declared"] - before["never_seen"]) < 0.01
    assert abs(answer["seen_m2"] / answer["area_m2"] - 1) < 0.02


def test_voiding_brings_the_figures_back(w1: TestClient, client: TestClient, application: FastAPI) -> None:
    walk(w1, *YARD.centroid.coords[0])
    before = shares(client)
    body = mark([send_photo(w1)], YARD)
    w1.post("/api/marks", json=body)
    with signed_in(application, "village") as village:
        voided = village.post(f"/api/marks/{body['id']}/void", json={"reason": "照片不是这个院子"})
        assert voided.status_code == 200, voided.text
        again = village.post(f"/api/marks/{body['id']}/void", json={"reason": "照片不是这个院子"})
        assert again.status_code == 200
        other = village.post(f"/api/marks/{body['id']}/void", json={"reason": "别的原因"})
        refused(other, 409, "照片不是这个院子")
    assert voided.json()["state"] == "voided"
    assert shares(client) == before
    replay = w1.post("/api/marks", json=body).json()
    assert replay["state"] == "voided"
    assert "照片不是这个院子" in replay["notes"][-1]


def test_the_map_shows_what_was_declared(w1: TestClient, client: TestClient) -> None:
    lon, lat = YARD.centroid.coords[0]
    w1.post("/api/marks", json=mark([send_photo(w1)], YARD))
    looked = client.get("/api/looked-at", params={"lon": lon, "lat": lat}).json()
    assert looked["share"] == "declared"
    assert [(look["kind"], look["officer_name"], look["mode"]) for look in looked["looks"]] == [
        ("declared", "王建国", None)
    ]
    assert looked["last"]["at"] is not None


def test_sent_again_it_is_there_once(w1: TestClient, client: TestClient) -> None:
    body = mark([send_photo(w1)], YARD)
    first = w1.post("/api/marks", json=body)
    once = shares(client)
    second = w1.post("/api/marks", json=body)
    assert second.json() == first.json()
    assert (first.headers.get("Idempotent-Replay"), second.headers["Idempotent-Replay"]) == (None, "true")
    assert shares(client) == once
    refused(w1.post("/api/marks", json={**body, "reason": "weak_signal"}), 409, "另一份内容")


def test_an_id_of_another_record_is_refused(w1: TestClient) -> None:
    body = mark([send_photo(w1)], YARD)
    fixes = [{"lon": 119.81, "lat": 31.77, "time": datetime.now(UTC).isoformat(), "accuracy_m": 5.0}]
    patrol = {"id": body["id"], "officer_code": "W1", "mode": "foot", "datum": "WGS-84", "fixes": fixes}
    assert w1.post("/api/patrols", json=patrol).status_code == 200
    refused(w1.post("/api/marks", json=body), 409, "另一条记录")


def test_what_a_webview_drew_in_gcj_02_is_put_where_it_is(w1: TestClient, client: TestClient) -> None:
    def shifted(shape: shapely.Geometry) -> shapely.Geometry:
        return shapely.transform(shape, lambda x, y: from_wgs84(x, y, Datum.GCJ02), interleaved=False)

    photo = send_photo(w1)
    drawn = shifted(YARD)
    told = w1.post("/api/marks", json=mark([photo], drawn, datum="GCJ-02", position=at(drawn))).json()
    assert told["grids"] == [{"code": GRID, "name": "柳树第1网格"}]
    assert told["distance_m"] == 0.0
    inside, west = YARD.centroid.coords[0], drawn.centroid.coords[0]
    assert client.get("/api/looked-at", params={"lon": inside[0], "lat": inside[1]}).json()["share"] == "declared"
    assert client.get("/api/looked-at", params={"lon": west[0], "lat": west[1]}).json()["share"] == "never_seen"


def test_a_hole_is_not_declared(w1: TestClient, client: TestClient) -> None:
    pond = seeding.cell(0.34, 2.34, 0.02, 0.02)
    told = w1.post("/api/marks", json=mark([send_photo(w1)], YARD.difference(pond))).json()
    assert abs(told["area_m2"] - geodesic_area_m2(YARD) + geodesic_area_m2(pond)) < 0.2
    lon, lat = pond.centroid.coords[0]
    assert client.get("/api/looked-at", params={"lon": lon, "lat": lat}).json()["share"] == "never_seen"


def test_one_that_was_made_on_the_spot_needs_no_review_and_others_do(w1: TestClient, city: Engine) -> None:
    far = at(HOME, lon=HOME.centroid.x + 0.004)
    old = at(HOME, time=(datetime.now(UTC) - timedelta(hours=1)).isoformat())
    vague = at(HOME, accuracy_m=900.0)
    states = []
    for position in (at(HOME), far, None, old, vague):
        body = mark([send_photo(w1)], position=position)
        assert w1.post("/api/marks", json=body).status_code == 200
        with transaction(city) as session:
            states.append(review_of(session, body["id"]))
    assert states == ["none", "open", "open", "open", "open"]


def test_one_outside_of_the_officers_grids_is_put_before_a_person(w1: TestClient, client: TestClient) -> None:
    body = mark([send_photo(w1)], seeding.cell(0.3, 0.3, 0.1, 0.1))
    assert w1.post("/api/marks", json=body).status_code == 200
    found = client.get(f"/api/review/{body['id']}").json()["item"]["findings"]
    assert [finding["kind"] for finding in found] == ["outside_scope"]
