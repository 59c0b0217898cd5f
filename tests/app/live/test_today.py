"""A unit's day: who is out, who has not started, what falls out of its cycle; and who may know."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from app.settings import Settings
from tests.app.live.conftest import report
from tests.support.people import let_in
from tests.support.seeding import CITY, COUNTY_A, COUNTY_B, TOWN_1, TOWN_2, VILLAGE_11, VILLAGE_12, VILLAGE_21
from tests.support.walks import walk, walk_of_day

HIGH_RISK_11, HIGH_RISK_21 = f"{VILLAGE_11}001", f"{VILLAGE_21}001"
STATES = ("out", "waiting", "not_started", "patrolled")


def patrol(client: TestClient, days_ago: int, column: int, row: int, officer: str, at: datetime | None = None) -> str:
    """Send a walk of 76 minutes: a morning's, gone by; today's, just ended; or begun at an instant."""
    fixes = walk(column, row, at) if at else walk_of_day(days_ago, column, row)
    identity = str(uuid4())
    body = {"id": identity, "officer_code": officer, "mode": "foot", "datum": "WGS-84"}
    answer = client.post("/api/patrols", json={**body, "fixes": fixes})
    assert answer.status_code == 200, answer.text
    return identity


def today(client: TestClient, unit: str | None = None) -> dict[str, Any]:
    """The day of a unit."""
    answer = client.get("/api/today", params={} if unit is None else {"unit": unit})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def as_person(client: TestClient, username: str) -> TestClient:
    """The client with a person's session."""
    let_in(client, username)
    return client


def test_what_falls_out_of_its_cycle_is_what_will_be_stale(db: Engine, client: TestClient) -> None:
    """The grid walked six days ago (cycle 7) falls; the one of twenty days ago is overdue; areas as coverage says."""
    patrol(client, 6, 0, 2, "W1")
    patrol(client, 20, 0, 0, "W2")
    day = today(client)
    assert [grid["code"] for grid in day["falling"]] == [HIGH_RISK_11]
    assert [grid["code"] for grid in day["overdue"]] == [HIGH_RISK_21]
    in_three_days = (Settings().today() + timedelta(days=3)).isoformat()
    for listed, code, on in (("falling", HIGH_RISK_11, in_three_days), ("overdue", HIGH_RISK_21, None)):
        told = client.get(f"/api/grids/{code}/coverage", params={"on": on} if on else {}).json()["grid"]
        stale = told["shares"]["stale"]["area_m2"]
        assert day[listed][0]["area_m2"] == pytest.approx(stale, abs=1e-4)
        assert stale > 10_000
        assert day[listed][0]["percent"] == int(stale * 1000 / told["domain_m2"]) / 10
    assert day["falling"][0] | {"area_m2": 0, "percent": 0} == {
        "code": HIGH_RISK_11,
        "name": "柳树第1网格",
        "unit": "柳树村",
        "town": "南桥镇",
        "cycle_days": 7,
        "area_m2": 0,
        "percent": 0,
        "officer": "王建国",
        "phone": "138-0013-8001",
    }


def test_a_new_look_takes_a_grid_off_the_list(db: Engine, client: TestClient) -> None:
    """Walked again, it no longer falls; what was never looked at falls nowhere."""
    patrol(client, 6, 0, 2, "W1")
    assert today(client)["unit"]["falling_grids"] == 1
    patrol(client, 0, 0, 2, "W1")
    day = today(client)
    assert (day["unit"]["falling_grids"], day["unit"]["falling_m2"], day["falling"]) == (0, 0.0, [])


def test_sums_of_the_units_below_are_the_unit(db: Engine, client: TestClient) -> None:
    """Down to the grids, for every count of grids and every area; the domain holds land in no grid too."""
    patrol(client, 6, 0, 2, "W1")
    patrol(client, 20, 0, 0, "W2")
    for unit in (CITY, COUNTY_A, TOWN_1, TOWN_2, VILLAGE_11):
        day = today(client, unit)
        for name in ("grid_count", "without_officer", "falling_grids", "overdue_grids"):
            assert sum(row[name] for row in day["children"]) == day["unit"][name], (unit, name)
        for name in ("falling_m2", "overdue_m2", "never_seen_m2"):
            assert sum(row[name] for row in day["children"]) == pytest.approx(day["unit"][name]), (unit, name)
    city, county = today(client, CITY)["unit"], today(client, COUNTY_A)["unit"]
    assert city["overdue_m2"] == county["overdue_m2"]
    assert city["overdue_percent"] < county["overdue_percent"]
    assert [row["level"] for row in today(client, VILLAGE_11)["children"]] == ["grid"] * 4


def test_everybody_in_charge_is_in_exactly_one_state(db: Engine, client: TestClient) -> None:
    """Not started; out; silent since a while; patrolled; and out again: what was last heard counts first."""

    def states() -> dict[str, str]:
        day = today(client)
        assert sum(day["unit"][state] for state in STATES) == day["unit"]["officers"] == 2
        return {each["code"]: state for state in STATES for each in day[state]}

    assert states() == {"W1": "not_started", "W2": "not_started"}
    report(db, "W1")
    gone = report(db, "W2", silent_s=600)
    assert states() == {"W1": "out", "W2": "waiting"}
    patrol(client, 0, 0, 2, "W1")
    patrol(client, 0, 0, 0, "W2")
    assert states() == {"W1": "out", "W2": "patrolled"}
    report(db, "W2", "stopped", gone)
    with db.begin() as connection:
        connection.execute(text("UPDATE patrol_progress SET state = 'stopped'"))
    assert states() == {"W1": "patrolled", "W2": "patrolled"}


def test_yesterdays_patrol_and_a_voided_one_are_no_patrol_of_today(db: Engine, client: TestClient) -> None:
    """One that went over midnight is."""
    patrol(client, 1, 0, 2, "W1")
    client.post(f"/api/patrols/{patrol(client, 0, 0, 0, 'W2')}/void", json={"reason": "测试"})
    assert today(client)["unit"]["not_started"] == 2
    midnight = Settings().now().replace(hour=0, minute=0, second=0, microsecond=0)
    patrol(client, 0, 1, 3, "W1", midnight - timedelta(minutes=76))
    assert [each["code"] for each in today(client)["patrolled"]] == ["W1"]


def test_grids_without_an_officer_are_counted(db: Engine, client: TestClient) -> None:
    """Nobody can be missing where nobody is in charge; it is said instead."""
    row = next(row for row in today(client, TOWN_1)["children"] if row["code"] == VILLAGE_12)
    assert (row["grid_count"], row["without_officer"], row["officers"], row["not_started"]) == (4, 4, 0, 0)


def test_a_unit_without_grids_has_a_day_too(db: Engine, client: TestClient) -> None:
    """All zero, no percentage of nothing made up."""
    unit = today(client, COUNTY_B)["unit"]
    assert (unit["grid_count"], unit["officers"], unit["overdue_m2"], unit["overdue_percent"]) == (0, 0, 0.0, 0.0)


def test_without_territory_the_day_says_what_is_missing(client: TestClient) -> None:
    """Not an error of the page."""
    answer = client.get("/api/today")
    assert answer.status_code == 404
    assert "区划" in answer.json()["error"]["message"]


def test_the_day_is_ones_own_units_day(db: Engine, stranger: TestClient) -> None:
    """Town 2 sees itself by default, and is refused town 1."""
    town2 = as_person(stranger, "town2")
    day = today(town2)
    assert (day["unit"]["code"], [step["code"] for step in day["path"]]) == (TOWN_2, [TOWN_2])
    assert [each["code"] for each in day["not_started"]] == ["W2"]
    assert town2.get("/api/today", params={"unit": TOWN_1}).status_code == 403
    assert town2.get("/api/today", params={"unit": "999999999999"}).status_code == 404


@pytest.mark.parametrize("path", ["/api/today", "/api/progress"])
def test_officers_and_administrators_do_not_see_who_is_out(db: Engine, stranger: TestClient, path: str) -> None:
    """Neither has the right."""
    assert stranger.get(path).status_code == 401
    assert as_person(stranger, "wang").get(path).status_code == 403
    assert as_person(stranger, "admin").get(path).status_code == 403


def test_patrols_in_progress_with_names_in_ones_own_units(db: Engine, stranger: TestClient) -> None:
    """Town 1 sees W1 with name and place, not W2; a phone silent for six minutes is not out any more."""
    patrol_id = report(db, "W1")
    report(db, "W2")
    town1 = as_person(stranger, "town1")
    (found,) = town1.get("/api/progress").json()["patrols"]
    assert (found["patrol_id"], found["officer_name"], found["lon"], found["minutes"]) == (
        str(patrol_id),
        "王建国",
        119.81,
        17.0,
    )
    assert town1.get("/api/progress", params={"unit": VILLAGE_12}).json()["patrols"] == []
    assert town1.get("/api/progress", params={"unit": VILLAGE_21}).status_code == 403
    report(db, "W1", patrol_id=patrol_id, silent_s=360)
    assert town1.get("/api/progress").json()["patrols"] == []


def test_names_are_only_for_those_who_may_see_tracks(db: Engine, stranger: TestClient) -> None:
    """A machine that may know how many are out does not learn who."""
    report(db, "W1")
    county = as_person(stranger, "county")
    expires = (Settings().today() + timedelta(days=30)).isoformat()
    given = {"name": "大屏", "rights": ["duty.read"], "expires_on": expires}
    made = county.post("/api/tokens", json=given)
    assert made.status_code < 300, made.text
    county.cookies.clear()
    token = {"Authorization": f"Bearer {made.json()['secret']}"}
    (found,) = county.get("/api/progress", headers=token).json()["patrols"]
    assert (found["officer_name"], found["officer_code"], found["phone"]) == (None, None, None)
    assert found["lon"] == 119.81
