"""What people with an account, or with somebody's phone, try: credit without walking, others' tracks, traces gone."""

import csv
import io
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from shapely.geometry import mapping
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from app import retention
from app.live import robots
from app.rights import Role
from app.settings import Settings
from tests.app.evidence.pictures import jpeg, scene
from tests.app.patrols.bodies import body, walk
from tests.support import seeding
from tests.support.databases import Seed
from tests.support.people import EVERYTHING, PASSWORD, add_person
from tests.support.phone import add_people, mark, refused, send_photo

# Times that a clock with an offset can state and no calendar hold once they are turned to UTC.
UNHOLDABLE = ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Work goes on all day, so that no test finds something in the night that it does not by day."""
    return settings.model_copy(update={"work_starts": time(0), "work_ends": time(0)})


def put_people(session: Session) -> None:
    """The city with its officers and staff, and administrators of all, of county A and of county B."""
    add_people(session)
    add_person(session, "root", Role.ADMINISTRATOR, EVERYTHING)
    add_person(session, "admin-a", Role.ADMINISTRATOR, [(seeding.COUNTY_A, None)])
    add_person(session, "admin-b", Role.ADMINISTRATOR, [(seeding.COUNTY_B, None)])


@pytest.fixture
def world_seed() -> Seed:
    """The city with its people."""
    return put_people


@pytest.fixture
def city(database: str) -> Iterator[Engine]:
    """An engine on the test's own database with the city in it."""
    engine = create_engine(database, connect_args={"options": "-c timezone=UTC"})
    yield engine
    engine.dispose()


@pytest.fixture
def people(city: Engine, application: FastAPI) -> Iterator[Any]:
    """Somebody's browser, signed in by username. The application's background work does not run."""
    known: dict[str, TestClient] = {}

    def somebody(username: str) -> TestClient:
        if username not in known:
            known[username] = TestClient(application, "http://127.0.0.1", raise_server_exceptions=False)
            came = told(known[username].post("/api/session", json={"username": username, "password": PASSWORD}))
            known[username].headers["X-CSRF-Token"] = came["csrf_token"]
        return known[username]

    yield somebody
    application.state.engine.dispose()


def told(answer: Response, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


def progress(client: TestClient, **changes: Any) -> Response:
    now = datetime.now(UTC).isoformat()
    stated = {"patrol_id": str(uuid4()), "mode": "foot", "state": "recording", "started_at": now}
    where = {"lon": 119.81, "lat": 31.77, "accuracy_m": 8.0, "length_m": 10.0, "minutes": 1.0}
    return client.post("/api/field/progress", json={**stated, **where, **changes})


def count(city: Engine, sql: str, **values: Any) -> int:
    with city.connect() as connection:
        return int(connection.execute(text(sql), values).scalar_one())


# --- an officer who wants a reviewer to see nothing


@pytest.mark.parametrize("at", UNHOLDABLE)
def test_a_progress_with_a_time_that_no_calendar_holds_blinds_nobody(people: Any, at: str) -> None:
    answer = progress(people("w1"), started_at=at)
    assert answer.status_code == 422, answer.text
    told(people("village").get("/api/progress"))
    told(people("village").get("/api/today"))


@pytest.mark.parametrize("at", UNHOLDABLE)
def test_a_mark_whose_position_is_of_no_time_is_refused_and_hides_from_no_reviewer(people: Any, at: str) -> None:
    w1 = people("w1")
    sent = mark([send_photo(w1)])
    sent["position"]["time"] = at
    assert w1.post("/api/marks", json=sent).status_code == 422
    sent["position"]["time"] = datetime.now(UTC).isoformat()
    told(w1.post("/api/marks", json=sent))
    told(people("village").get(f"/api/review/{sent['id']}"))


@pytest.mark.parametrize(("taken", "offset"), [("0001:01:01 00:00:00", "+14:00"), ("9999:12:31 23:59:59", "-14:00")])
def test_a_photo_whose_camera_states_no_time_can_be_used(people: Any, taken: str, offset: str) -> None:
    w1, photo_id = people("w1"), uuid4()
    where = {"officer_code": "W1", "taken_at": datetime.now(UTC).isoformat()}
    content = jpeg(scene(1), taken=taken, offset=offset)
    told(w1.put(f"/api/photos/{photo_id}", params=where, content=content))
    sent = mark([str(photo_id)])
    told(w1.post("/api/marks", json=sent))
    told(people("village").get(f"/api/review/{sent['id']}"))


def test_a_mark_that_names_no_patrol_but_another_mark_can_be_reviewed(people: Any) -> None:
    w1 = people("w1")
    first = mark([send_photo(w1)])
    told(w1.post("/api/marks", json=first))
    second = mark([send_photo(w1)], patrol_id=first["id"])
    told(w1.post("/api/marks", json=second))
    found = told(people("village").get(f"/api/review/{second['id']}"))
    assert found["track"] is None


def test_an_answer_cannot_say_that_it_was_written_when_its_old_photo_was_taken(people: Any, city: Engine) -> None:
    w1, long_ago = people("w1"), datetime.now(UTC) - timedelta(days=90)
    sent = mark([send_photo(w1)])
    told(w1.post("/api/marks", json=sent))
    with city.begin() as connection:
        connection.execute(text("UPDATE evidence SET review = 'open' WHERE id = :id"), {"id": sent["id"]})
    told(people("village").post(f"/api/review/{sent['id']}/ask", json={"words": "请补拍"}))
    old = send_photo(w1, taken_at=long_ago)
    said = {"id": str(uuid4()), "evidence_id": sent["id"], "words": "见照片", "photo_ids": [old]}
    told(w1.post("/api/field/answers", json={**said, "made_at": long_ago.isoformat()}), 204)
    kinds = [f["kind"] for f in told(people("village").get(f"/api/review/{sent['id']}"))["item"]["findings"]]
    assert "photo_time" in kinds


# --- somebody who wants to see tracks that are not theirs to see


def test_a_mark_does_not_show_the_track_of_somebody_elses_patrol(people: Any, client: TestClient) -> None:
    theirs = body(walk(at=(119.805, 31.74)), officer_code="W2")
    told(client.post("/api/patrols", json=theirs))
    assert told(client.get(f"/api/patrols/{theirs['id']}"))["track"] is not None
    w1 = people("w1")
    sent = mark([send_photo(w1)], patrol_id=theirs["id"])
    told(w1.post("/api/marks", json=sent))
    assert told(people("village").get(f"/api/review/{sent['id']}"))["track"] is None


def test_an_administrator_of_one_county_cannot_make_somebody_the_officer_of_another(people: Any) -> None:
    places = {"unit_codes": [seeding.VILLAGE_31]}
    wanted = {"username": "mine", "name": "某人", "role": "village", "places": places}
    with_code = {**wanted, "officer_code": "W9"}
    admin_b = people("admin-b")
    refused(admin_b.post("/api/accounts", json={**with_code, "officer_code": "W2"}), 403, "W2")
    made = told(admin_b.post("/api/accounts", json=wanted), 201)["account"]
    refused(admin_b.patch(f"/api/accounts/{made['id']}", json={"officer_code": "W2"}), 403, "W2")


def test_an_administrator_cannot_leave_a_token_behind_in_an_account_they_reset(people: Any, city: Engine) -> None:
    root = people("root")
    village_id = count(city, "SELECT id FROM account WHERE username = 'village'")
    temporary = told(root.post(f"/api/accounts/{village_id}/password"))["temporary_password"]
    village = people("elsewhere")
    came = told(village.post("/api/session", json={"username": "village", "password": temporary}))
    village.headers["X-CSRF-Token"] = came["csrf_token"]
    token = {"name": "后门", "rights": ["tracks.read"], "expires_on": (datetime.now(UTC).date()).isoformat()}
    token["expires_on"] = (datetime.now(UTC).date() + timedelta(days=30)).isoformat()
    refused(village.post("/api/tokens", json=token), 403, "初始密码")


def test_a_password_reset_ends_the_tokens_that_a_thief_may_have_made(
    people: Any, stranger: TestClient, city: Engine
) -> None:
    last = (datetime.now(UTC).date() + timedelta(days=30)).isoformat()
    made = told(
        people("w1").post("/api/tokens", json={"name": "x", "rights": ["coverage.read"], "expires_on": last}), 201
    )
    bearer = {"Authorization": f"Bearer {made['secret']}"}
    told(stranger.get("/api/status", headers=bearer))
    w1_id = count(city, "SELECT id FROM account WHERE username = 'w1'")
    told(people("root").post(f"/api/accounts/{w1_id}/password"))
    assert stranger.get("/api/status", headers=bearer).status_code == 401


# --- somebody who wants prettier figures


def test_two_requests_cannot_share_a_code_so_that_one_is_approved_for_the_other(people: Any) -> None:
    w1, today = people("w1"), datetime.now(UTC)
    first_id = uuid4()
    small = mark([send_photo(w1)], kind="inaccessible", reason="locked", id=str(first_id))
    small["until"] = today.date().isoformat()
    earlier = (today - timedelta(days=20)).isoformat()
    small |= {"made_at": earlier, "until": (today - timedelta(days=10)).date().isoformat()}
    told(w1.post("/api/marks", json=small))
    twin = UUID(int=(first_id.int >> 80 << 80) | (uuid4().int % 2**80))
    large = mark([send_photo(w1)], seeding.cell(0.2, 2.2, 0.3, 0.3), kind="inaccessible", reason="locked", id=str(twin))
    refused(w1.post("/api/marks", json=large), 409, "编号")


def test_an_import_cannot_swap_the_ground_of_a_request_that_an_officer_made(people: Any) -> None:
    w1 = people("w1")
    sent = mark([send_photo(w1)], kind="inaccessible", reason="locked")
    told(w1.post("/api/marks", json=sent))
    code = f"N-{UUID(sent['id']).hex[:12]}"
    row = {"编码": code, "类别": "水域", "名称": "塘", "原因": "水面"}
    layer = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": row, "geometry": mapping(seeding.cell(0, 2, 2, 2))}],
    }
    form = {"subject": "exclusions", "datum": "WGS-84"}
    files = {"file": ("x.geojson", json.dumps(layer).encode())}
    answer = people("root").post("/api/territory/imports", data=form, files=files)
    assert answer.status_code == 422, answer.text
    assert code in answer.text


def test_evidence_sent_late_is_kept_as_long_as_any(people: Any, city: Engine, settings: Settings) -> None:
    start = datetime.now(UTC) - timedelta(days=settings.fix_retention_days + 30)
    late = body(walk(start=start, at=(119.805, 31.77)), officer_code="W1")
    told(people("w1").post("/api/patrols", json=late))
    retention.run(city, settings)
    assert count(city, "SELECT count(*) FROM patrol_fixes") == 1
    assert count(city, "SELECT count(*) FROM track_sketch") == 1


# --- somebody who wants the service to be busy with them


def test_a_phone_cannot_fill_the_live_map_with_patrols_of_its_own(people: Any, city: Engine) -> None:
    for _ in range(70):
        told(progress(people("w1")), 204)
    assert count(city, "SELECT count(*) FROM patrol_progress") <= 50


def test_refused_sign_ins_do_not_fill_the_audit(city: Engine, stranger: TestClient) -> None:
    for _ in range(25):
        stranger.post("/api/session", json={"username": "w1", "password": "wrong"})
    assert count(city, "SELECT count(*) FROM audit_entry WHERE what = 'sign_in_failed'") == 5
    assert count(city, "SELECT count(*) FROM audit_entry WHERE what = 'sign_in_refused'") == 1


def test_a_look_from_another_address_is_written_down_anew(city: Engine, application: FastAPI, people: Any) -> None:
    village = people("village")
    told(village.get("/api/patrols"))
    with TestClient(application, "http://127.0.0.1", client=("10.9.8.7", 4444)) as thief:
        told(thief.get("/api/patrols", headers={"Cookie": f"wuyilou_session={village.cookies['wuyilou_session']}"}))
    assert (
        count(city, "SELECT count(*) FROM audit_entry WHERE route = 'GET /api/patrols' AND address = '10.9.8.7'") == 1
    )


def test_a_robot_that_answers_drop_by_drop_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robots, "PATIENCE_S", 0.5)
    stop = threading.Event()
    with closing(socket.create_server(("127.0.0.1", 0))) as server:

        def drip() -> None:
            connection, _ = server.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
                while not stop.wait(0.1):
                    try:
                        connection.sendall(b" ")
                    except OSError:
                        return

        dripping = threading.Thread(target=drip)
        dripping.start()
        watchdog = threading.Timer(20, stop.set)
        watchdog.start()
        try:
            with pytest.raises(robots.NotTakenError, match="无法送达"):
                robots.send(f"http://127.0.0.1:{server.getsockname()[1]}/", {})
            assert not stop.is_set(), "it waited until the robot was done"
        finally:
            watchdog.cancel()
            stop.set()
            dripping.join()


def test_a_number_of_many_digits_in_a_stream_header_is_refused(people: Any) -> None:
    answer = people("village").get("/api/live", headers={"Last-Event-ID": "x-" + "9" * 5000})
    assert answer.status_code == 422


# --- words that are not what they seem


@pytest.mark.parametrize("word", ["a\x00b", "a\u202eb", "a\nb"])
def test_names_hold_nothing_unseen(people: Any, word: str) -> None:
    last = (datetime.now(UTC).date() + timedelta(days=30)).isoformat()
    token = {"name": word, "rights": ["coverage.read"], "expires_on": last}
    assert people("w1").post("/api/tokens", json=token).status_code == 422
    account = {"username": "xx", "name": word, "role": "leader", "places": {"is_everything": True}}
    assert people("root").post("/api/accounts", json=account).status_code == 422
    robot = {"name": word, "format": "wecom", "url": "https://example.com/x", "unit_code": seeding.CITY}
    assert people("root").post("/api/webhooks", json=robot).status_code == 422


@pytest.mark.parametrize("typed", ["=1+1", "＝1+1", "＋1", "－1", "＠x", "\n=1"])
def test_a_name_typed_at_sign_in_is_no_formula_in_the_exported_audit(
    people: Any, stranger: TestClient, typed: str
) -> None:
    stranger.post("/api/session", json={"username": f"{typed}x", "password": "x"})
    table = people("root").get("/api/audit.csv?what=sign_in_failed").content.decode("utf-8-sig")
    names = [row[1] for row in list(csv.reader(io.StringIO(table)))[1:]]
    assert len(names) == 1
    assert not any(name.startswith(tuple("=+-@＝＋－＠\n\t\r")) for name in names), names
