"""What a leader sees of a unit: the same figures that the pages behind them show, and only of that unit."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from fastapi.testclient import TestClient
from sqlalchemy import Engine, event

from tests.app.baselines.world import csv_of, fields, send
from tests.app.cases.desk import FAR, Desks
from tests.app.leads.asks import entry
from tests.app.review.conftest import Person
from tests.app.review.world import World
from tests.app.sites import bodies
from tests.support.seeding import CITY, COUNTY_A, COUNTY_B, TOWN_1, TOWN_2, VILLAGE_11, VILLAGE_21


def asked(client: TestClient, unit: str | None = None) -> dict[str, Any]:
    """The overview of a unit."""
    answer = client.get("/api/overview", params={} if unit is None else {"unit": unit})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def told(client: TestClient, path: str, **params: Any) -> Any:
    """What another page's request answers."""
    answer = client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_shares_are_those_of_the_map(world: World, person: Person) -> None:
    world.patrol("W1", 0, 2)
    world.patrol("W2", 0, 0)
    for unit in (COUNTY_A, TOWN_1, VILLAGE_11):
        shown, mapped = asked(person("leader"), unit), told(person("leader"), f"/api/units/{unit}/coverage")
        assert (shown["unit"], shown["children"]) == (mapped["unit"], mapped["children"])
        assert shown["unit"]["covered_percent"] > 0
        assert [step["code"] for step in shown["path"]] == [step["code"] for step in mapped["path"]]


def test_the_worst_blind_spots_come_first_with_who_answers_for_them(world: World, person: Person) -> None:
    world.patrol("W1", 0, 2)
    spots = asked(person("leader"), COUNTY_A)["spots"]
    listed = told(person("leader"), "/api/blind-spots", unit=COUNTY_A, limit=6)
    assert spots["total_m2"] == listed["total_m2"]
    assert [spot["walk_to"] for spot in spots["items"]] == [
        each["properties"]["walk_to"] for each in listed["features"]
    ]
    assert {spot["officer_name"] for spot in spots["items"]} == {"王建国", "李秀英", None}


def test_cases_leads_sites_and_lists_are_counted_in_the_unit_alone(
    world: World, person: Person, desks: Desks, client: TestClient
) -> None:
    late = desks.opened(deadline=desks.ago(1))
    desks.opened("village21", place=FAR)
    person("village11").post(f"/api/cases/{late['id']}/steps", json={"step": "start"})
    for unit in (VILLAGE_11, VILLAGE_21):
        assert client.post("/api/leads/entries", json=entry(unit_code=unit)).status_code == 200
    bodies.taken(client.post("/api/sites", json=bodies.site()))
    rows = [["甲厂", "", "柳树村"], ["乙厂", "", "柳树村"], ["丙厂", "", "清水村"]]
    send(client, csv_of([[*row[:3], "", row[2]] for row in rows]), fields())
    village, county = asked(person("leader"), VILLAGE_11), asked(person("leader"), COUNTY_A)
    for shown, count in ((village, 1), (county, 2)):
        assert sum(shown["cases"]["states"].values()) == count
        assert sum(shown["leads"]["states"].values()) == count
    assert village["cases"]["omissions"]["overdue"] == 1
    assert county["cases"]["supervised"] == 0
    assert (village["sites"]["never"], sum(asked(person("leader"), VILLAGE_21)["sites"].values())) == (1, 0)
    assert [(each["rows"], each["checked"], each["percent"]) for each in village["lists"]["items"]] == [(2, 0, 0)]
    assert [each["rows"] for each in county["lists"]["items"]] == [3]


def test_orders_are_counted_in_the_unit_alone(person: Person, desks: Desks) -> None:
    body = {"id": str(uuid4()), "subject_kind": "grid", "subject": f"grid:{VILLAGE_11}001", "deadline": desks.ahead(3)}
    assert person("county").post("/api/orders", json=body).status_code in (200, 201)
    found = [asked(person("leader"), unit)["orders"] for unit in (COUNTY_A, VILLAGE_11, VILLAGE_21)]
    assert [(orders["open"], orders["overdue"], orders["done"]) for orders in found] == [
        (1, 0, 0),
        (1, 0, 0),
        (0, 0, 0),
    ]


def test_the_trend_ends_with_what_is_shown_now(world: World, person: Person) -> None:
    """Ninety days ago and each day since; nothing was seen before the walk of five days ago."""
    world.patrol("W1", 0, 2)
    shown = asked(person("leader"), VILLAGE_11)
    days = [date.fromisoformat(point["on"]) for point in shown["trend"]]
    assert days == [days[-1] - timedelta(days=90 - number) for number in range(91)]
    assert shown["trend"][-1]["covered_percent"] == shown["unit"]["covered_percent"] > 0
    assert shown["trend"][-1]["on"] == shown["on"]
    assert shown["trend"][-10]["covered_percent"] == 0
    assert told(person("village11"), f"/api/units/{VILLAGE_11}/trend") == shown["trend"]


def test_a_unit_without_grids_has_figures_too(client: TestClient) -> None:
    """All of it is nobody's, so nothing of it is covered; before there were boundaries there is no figure at all."""
    shown = asked(client, COUNTY_B)
    assert (shown["trend"][0]["covered_percent"], shown["trend"][-1]["covered_percent"]) == (None, 0)
    assert (shown["unit"]["covered_percent"], shown["unit"]["grid_count"]) == (0, 0)
    assert (shown["spots"]["items"], shown["signing"]["unsigned"]) == ([], 1)


def test_check_rates_are_floored(world: World, person: Person, client: TestClient) -> None:
    """Two of three rows were found to be no firm: 66 %, not 67."""
    rows = [[name, "", "柳树村", "", "柳树村"] for name in ("甲厂", "乙厂", "丙厂")]
    listed = send(client, csv_of(rows), fields()).json()
    found = told(client, f"/api/baselines/{listed['id']}/rows")["items"]
    for row in found[:2]:
        body = {"state": "absent", "why": "现场无此企业", "visited_on": bodies.TODAY.isoformat()}
        answer = client.post(f"/api/baselines/{listed['id']}/rows/{row['id']}/decision", json=body)
        assert answer.status_code == 200, answer.text
    assert asked(person("leader"), VILLAGE_11)["lists"]["items"][0]["percent"] == 66


def test_it_begins_at_the_top_of_the_readers_scope_and_ends_with_it(person: Person, client: TestClient) -> None:
    assert asked(person("town1"))["unit"]["code"] == TOWN_1
    assert asked(client)["unit"]["code"] == CITY
    assert person("town1").get("/api/overview", params={"unit": TOWN_2}).status_code == 403
    assert person("town1").get("/api/overview", params={"unit": COUNTY_A}).status_code == 403
    assert person("leader").get("/api/overview", params={"unit": COUNTY_B}).status_code == 403
    assert person("leader").get("/api/overview", params={"unit": "320499999999"}).status_code == 404
    assert person("wang").get("/api/overview").status_code == 403


def test_no_statement_is_asked_once_more_for_each_child(world: World, person: Person) -> None:
    """A county of eight villages' worth of records asks as many statements as an empty one."""
    asked(person("leader"), COUNTY_A)
    before = _statements(world.engine, person, COUNTY_A)
    for column, row, officer in ((0, 2, "W1"), (1, 2, "W1"), (0, 0, "W2"), (3, 0, "W2")):
        world.patrol(officer, column, row)
    asked(person("leader"), COUNTY_A)
    assert _statements(world.engine, person, COUNTY_A) <= before + 2


def _statements(_engine: Engine, person: Person, unit: str) -> int:
    """How many statements an overview takes."""
    count = 0

    def counted(*_facts: Any) -> None:
        nonlocal count
        count += 1

    event.listen(Engine, "before_cursor_execute", counted)
    try:
        asked(person("leader"), unit)
    finally:
        event.remove(Engine, "before_cursor_execute", counted)
    return count
