"""POST /api/patrols: what a sender is told, what is stored, and that a repeat changes nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.db import transaction
from app.main import create_app
from app.patrols.fixes import decode
from app.rights import Role
from app.security import CSRF_HEADER, cookie_name, csrf_token
from app.settings import Settings
from geo.daytiles import decode_cells
from tests.app.patrols.bodies import LAT_PER_M, LON_PER_M, OFFICER, START, body, walk
from tests.app.patrols.conftest import counts, rows
from tests.app.patrols.territory import add_grids
from tests.support.people import add_person, session_token

NOTHING = {"patrol": 0, "patrol_fixes": 0, "track": 0, "look": 0, "day_tile": 0}


@pytest.fixture
def post(client: TestClient, operator: dict[str, str], db: Engine):  # type: ignore[no-untyped-def]
    """Send a body as the operator."""
    return lambda sent: client.post("/api/patrols", json=sent, headers=operator)


def test_a_good_walk_counts_wholly(post: Any, db: Engine) -> None:
    sent = body(walk(101))
    answer = post(sent).json()
    assert answer["id"] == sent["id"]
    assert answer["state"] == "accepted"
    assert answer["fixes"] == 101
    assert answer["counted"]["pairs"] == 100
    assert answer["counted"]["length_m"] == pytest.approx(500, rel=1e-3)
    assert answer["counted"]["minutes"] == pytest.approx(500 / 60, abs=0.01)
    assert answer["left_out"] == []
    assert answer["days"] == ["2024-10-01"]
    assert answer["started_at"].startswith("2024-10-01T00:00:00")
    # A capsule of 500 m by 60 m: its rectangle and two half discs.
    assert answer["seen_m2"] == pytest.approx(500 * 60 + 3.14159 * 900, rel=0.02)
    assert counts(db)["track"] == 1
    assert rows(db, "SELECT ST_NPoints(geom), first_day, last_day FROM track") == [(101, 9040, 9040)]


def test_raw_fixes_are_kept_in_their_own_datum(post: Any, db: Engine) -> None:
    sent = body(datum="GCJ-02")
    assert post(sent).status_code == 200
    kept = decode(bytes(rows(db, "SELECT payload FROM patrol_fixes")[0][0]))
    assert kept.lon.tolist() == [fix["lon"] for fix in sent["fixes"]]
    assert kept.lat.tolist() == [fix["lat"] for fix in sent["fixes"]]
    (track_lon,) = rows(db, "SELECT ST_X(ST_StartPoint(ST_GeometryN(geom, 1))) FROM track")[0]
    moved_m = (kept.lon[0] - track_lon) / LON_PER_M
    assert 300 < abs(moved_m) < 700, "GCJ-02 lies some 500 m off WGS-84 at Changzhou"


def test_what_does_not_count_is_told_by_reason(post: Any) -> None:
    fixes = walk(60)
    fixes[10]["accuracy_m"] = 80
    fixes[20]["accuracy_m"] = None
    fixes[30]["lon"] += 500 * LON_PER_M
    for fix in fixes[40:]:
        fix["time"] = fix["time"].replace("T00:", "T01:")
    for n, fix in enumerate(fixes[50:]):
        fix["lat"] += n * 40 * LAT_PER_M
    answer = post(body(fixes)).json()
    told = {part["reason"]: part for part in answer["left_out"]}
    assert {reason: part["pairs"] for reason, part in told.items()} == {
        "weak_accuracy": 2,
        "unknown_accuracy": 2,
        "jump": 2,
        "gap": 1,
        "too_fast": 9,
    }
    assert answer["counted"]["pairs"] + sum(part["pairs"] for part in told.values()) == 59
    assert told["weak_accuracy"]["reason_text"] == "定位精度差于 35 米"
    assert "路过不等于看过" in told["too_fast"]["reason_text"]
    assert told["gap"]["minutes"] == pytest.approx(60, abs=0.1)


def test_nothing_that_counts_is_still_evidence(post: Any, db: Engine) -> None:
    for fixes in (walk(1), walk(20, accuracy_m=None), walk(20, east_m=60)):
        answer = post(body(fixes)).json()
        assert answer["seen_m2"] == 0
        assert any("未计入覆盖" in note for note in answer["notes"])
    assert counts(db) == {**NOTHING, "patrol": 3, "patrol_fixes": 3}


def test_midnight_makes_looks_on_both_days(post: Any, db: Engine) -> None:
    before_midnight = datetime(2024, 10, 1, 15, 58, tzinfo=UTC)
    assert post(body(walk(60, start=before_midnight))).json()["days"] == ["2024-10-01", "2024-10-02"]
    assert {day for (day,) in rows(db, "SELECT day FROM look")} == {9040, 9041}


def test_seen_ground_is_counted_once(post: Any, db: Engine) -> None:
    there_and_back = [*walk(50), *walk(50, start=START.replace(hour=1))]
    once, twice = post(body(walk(50))).json(), post(body(there_and_back)).json()
    assert twice["seen_m2"] == once["seen_m2"]
    cells = sum(decode_cells(bytes(c)).sum() for (c,) in rows(db, "SELECT cells FROM look")) / 2
    assert once["seen_m2"] == pytest.approx(cells * 16.2, rel=0.02)


def test_sent_again_the_answer_is_the_same_to_the_byte(post: Any, db: Engine) -> None:
    sent = body()
    first = post(sent)
    stored = counts(db)
    again = post(sent)
    assert again.status_code == 200
    assert again.content == first.content
    assert "idempotent-replay" not in first.headers
    assert again.headers["idempotent-replay"] == "true"
    assert counts(db) == stored


@pytest.mark.parametrize("change", [{"mode": "drone"}, {"datum": "CGCS2000"}, {"fixes": walk(99)}])
def test_the_same_id_with_other_content_is_refused(post: Any, db: Engine, change: dict[str, Any]) -> None:
    sent = body()
    first = post(sent)
    stored = counts(db)
    answer = post({**sent, **change})
    assert answer.status_code == 409
    assert "已用于另一份内容" in answer.json()["error"]["message"]
    assert counts(db) == stored
    assert post(sent).content == first.content


def test_eight_at_once_make_one_patrol(post: Any, db: Engine) -> None:
    sent = body(walk(300))
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(post, [sent] * 8))
    assert [answer.status_code for answer in answers] == [200] * 8
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotent-replay" not in answer.headers for answer in answers) == 1
    assert counts(db)["patrol"] == 1


def test_eight_neighbours_at_once_are_all_taken_in(post: Any, db: Engine) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(post, [body(walk(200)) for _ in range(8)]))
    assert [answer.status_code for answer in answers] == [200] * 8
    assert counts(db)["patrol"] == 8


def test_forty_phones_at_once_share_two_connections(settings: Settings, db: Engine) -> None:
    """The door lets go of its connection before the route takes one: waiting for each other would end in 503."""
    with transaction(db) as session:
        add_person(session, "phones", Role.CITY)
    token = session_token(str(settings.database_url), "phones")
    few = create_app(settings.model_copy(update={"pool_size": 1}))  # and one more when it is busy
    headers = {"Cookie": f"{cookie_name(settings)}={token}", CSRF_HEADER: csrf_token(token)}
    with TestClient(few, "http://127.0.0.1", headers=headers) as client, ThreadPoolExecutor(40) as phones:
        sent = [body(walk(3)) for _ in range(40)]
        answers = list(phones.map(lambda patrol: client.post("/api/patrols", json=patrol), sent))
    assert [answer.status_code for answer in answers] == [200] * 40
    assert counts(db)["patrol"] == 40


def test_an_unknown_officer_is_refused(post: Any, db: Engine) -> None:
    answer = post(body(officer_code="nobody"))
    assert answer.status_code == 404
    assert "nobody" in answer.json()["error"]["message"]
    assert counts(db) == NOTHING


def test_bad_bodies_leave_nothing_behind(post: Any, db: Engine) -> None:
    fixes = walk(5)
    fixes[2]["lat"] = 99
    for sent, status in ((body(fixes), 422), (body([]), 422), (body(walk(3), datum="x"), 422), ([], 422)):
        answer = post(sent)
        assert answer.status_code == status
        assert "未保存任何内容" in answer.json()["error"]["message"]
    assert counts(db) == NOTHING


def test_a_patrol_far_from_every_unit_is_kept_and_told_so(post: Any, db: Engine) -> None:
    add_grids(db)
    answer = post(body(walk(5, at=(14.3, 45.7))))
    assert any("不在本系统的辖区附近" in note for note in answer.json()["notes"])


def test_exchanged_coordinates_are_recognized_by_where_the_units_are(post: Any, db: Engine) -> None:
    add_grids(db, at=(76.0, 39.5))
    answer = post(body(walk(5, at=(39.5, 76.0))))
    assert answer.status_code == 422
    assert "疑似经纬度写反" in answer.json()["error"]["message"]
    assert counts(db) == NOTHING


def test_nobody_writes_without_signing_in(stranger: TestClient, db: Engine) -> None:
    for path in ("/api/patrols", "/api/patrols/import", f"/api/patrols/{uuid4()}/void"):
        assert stranger.post(path, json=body()).status_code == 401
    assert counts(db) == NOTHING


def test_a_patrol_can_be_read_and_listed(post: Any, client: TestClient) -> None:
    sent = body(label="真实轨迹，已移位", device="试验机")
    told = post(sent).json()
    found = client.get(f"/api/patrols/{sent['id']}").json()
    assert {name: found[name] for name in told} == told
    assert found["officer_name"] == "王小明"
    assert found["label"] == "真实轨迹，已移位"
    assert found["raw_fixes_kept"] is True
    assert found["track"]["type"] == "MultiLineString"
    assert [one["id"] for one in client.get("/api/patrols", params={"officer": OFFICER}).json()] == [sent["id"]]
    assert len(client.get("/api/patrols", params={"day": "2024-10-01"}).json()) == 1
    assert client.get("/api/patrols", params={"day": "2024-10-02"}).json() == []
    assert client.get("/api/patrols", params={"officer": "x"}).json() == []


def test_an_unknown_patrol_is_said_to_be_unknown(client: TestClient, db: Engine) -> None:
    answer = client.get(f"/api/patrols/{uuid4()}")
    assert answer.status_code == 404
    assert "没有编号为" in answer.json()["error"]["message"]


def test_the_body_is_described(client: TestClient, db: Engine) -> None:
    operation = client.get("/openapi.json").json()["paths"]["/api/patrols"]["post"]
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    assert set(schema["properties"]["fixes"]["items"]["required"]) == {"lon", "lat", "time", "accuracy_m"}
    assert "$ref" not in str(schema)


def test_a_chunked_body_over_the_bound_is_refused(client: TestClient, operator: dict[str, str], db: Engine) -> None:
    chunks = (b"[" + b" " * 1_000_000 for _ in range(40))
    answer = client.post("/api/patrols", content=chunks, headers=operator)
    assert answer.status_code == 413
    assert "超过上限 32 MB" in answer.json()["error"]["message"]
    assert counts(db) == NOTHING
