"""GET /api/looked-at: who passed a place, when, and how close."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.patrols.looked_at import WITH_TIMES
from tests.app.patrols.bodies import HOME, LAT_PER_M, LON_PER_M, START, body, walk
from tests.app.patrols.conftest import rows


@pytest.fixture
def post(client: TestClient, operator: dict[str, str], db: Engine):  # type: ignore[no-untyped-def]
    """Send a body as the operator."""
    return lambda sent: client.post("/api/patrols", json=sent, headers=operator)


def ask(client: TestClient, east_m: float, north_m: float) -> dict[str, Any]:
    place = {"lon": HOME[0] + east_m * LON_PER_M, "lat": HOME[1] + north_m * LAT_PER_M}
    answer = client.get("/api/looked-at", params=place)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_the_moment_and_distance_of_passing(post: Any, client: TestClient) -> None:
    sent = body(walk(41), label="晨巡")
    post(sent)
    found = ask(client, east_m=102, north_m=12)
    last = found["last"]
    assert last["evidence_id"] == sent["id"]
    assert last["officer_name"] == "王小明"
    assert last["label"] == "晨巡"
    assert last["day"] == "2024-10-01"
    assert last["distance_m"] == pytest.approx(12, abs=0.3)
    passed = datetime.fromisoformat(last["at"])
    assert passed == pytest.approx(START + timedelta(seconds=102), abs=timedelta(seconds=1))
    assert found["total"] == 1


def test_newest_first_and_nothing_where_nobody_was(post: Any, client: TestClient) -> None:
    for day in (3, 1, 2):
        post(body(walk(20, start=START.replace(day=day))))
    found = ask(client, east_m=50, north_m=0)
    assert [look["day"] for look in found["looks"]] == ["2024-10-03", "2024-10-02", "2024-10-01"]
    assert found["last"] == found["looks"][0]
    nobody = ask(client, east_m=50, north_m=40)
    assert nobody["last"] is None
    assert nobody["looks"] == []


def test_two_passes_on_one_day_give_the_nearer(post: Any, client: TestClient) -> None:
    there = walk(41)
    back = walk(41, start=START + timedelta(minutes=10), at=(HOME[0], HOME[1] + 20 * LAT_PER_M))
    post(body([*there, *back]))
    last = ask(client, east_m=100, north_m=19)["last"]
    assert last["distance_m"] == pytest.approx(1, abs=0.3)
    assert datetime.fromisoformat(last["at"]) > START + timedelta(minutes=10)


def test_each_day_of_a_night_patrol_has_its_own_moment(post: Any, client: TestClient) -> None:
    night = datetime(2024, 10, 1, 15, 59, 50, tzinfo=UTC)
    post(body(walk(5, start=night, east_m=2)))
    looks = ask(client, east_m=3, north_m=0)["looks"]
    local = [datetime.fromisoformat(look["at"]).astimezone(UTC) + timedelta(hours=8) for look in looks]
    assert [at.date().isoformat() for at in local] == [look["day"] for look in looks] == ["2024-10-02", "2024-10-01"]


def test_voided_patrols_looked_at_nothing(post: Any, client: TestClient, operator: dict[str, str]) -> None:
    sent = body()
    post(sent)
    client.post(f"/api/patrols/{sent['id']}/void", json={"reason": "x"}, headers=operator)
    assert ask(client, east_m=100, north_m=0)["total"] == 0


def test_without_raw_fixes_the_look_stays_and_the_moment_is_gone(post: Any, client: TestClient, db: Engine) -> None:
    post(body())
    with db.begin() as connection:
        connection.exec_driver_sql("DELETE FROM patrol_fixes")
    last = ask(client, east_m=100, north_m=0)["last"]
    assert last["day"] == "2024-10-01"
    assert last["at"] is None
    assert last["distance_m"] is None


def test_moments_only_for_the_newest(post: Any, client: TestClient, db: Engine) -> None:
    for day in range(WITH_TIMES + 2):
        post(body(walk(3, start=START + timedelta(days=day))))
    looks = ask(client, east_m=5, north_m=0)["looks"]
    assert [look["at"] is not None for look in looks] == [True] * WITH_TIMES + [False] * 2
    assert rows(db, "SELECT count(*) FROM patrol") == [(WITH_TIMES + 2,)]


@pytest.mark.parametrize("query", ["", "lon=1", "lon=x&lat=1", "lon=nan&lat=1", "lon=1&lat=89", "lon=181&lat=1"])
def test_a_place_is_needed(client: TestClient, query: str) -> None:
    assert client.get(f"/api/looked-at?{query}").status_code == 422
