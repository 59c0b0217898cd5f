"""Orders about cases and rows of lists: done when the file or the list says so, by what stands behind it."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from app.settings import Settings
from tests.app.accounts.matrix_baselines import new_list
from tests.app.cases.desk import Desks
from tests.app.dispatch.asks import day, kinds, now_of, order, sent, told, voided
from tests.app.dispatch.conftest import Person
from tests.support import seeding
from tests.support.phone import refused
from tests.support.visiting import put_site, visit


@pytest.fixture
def desks(person: Person, settings: Settings) -> Desks:
    """Cases, handled by the people of this city."""
    names = {"village11": "village", "town1": "town"}
    return Desks(lambda name: person(names.get(name, name)), settings)


@pytest.fixture
def row(person: Person) -> dict[str, Any]:
    """A row of a list of village 11 that nobody has found on the ground."""
    county = person("county")
    data, file = new_list(seeding.VILLAGE_11)({})
    kept = told(county.post("/api/baselines", data=data, files={"file": file}))["id"]
    found: dict[str, Any] = told(county.get(f"/api/baselines/{kept}/rows"))["items"][0]
    return {**found, "list": kept}


def decided(person: Person, row: dict[str, Any], **decision: Any) -> None:
    """Say what a row is."""
    told(person("county").post(f"/api/baselines/{row['list']}/rows/{row['id']}/decision", json=decision))


def test_a_case_is_done_when_it_is_closed_with_all_that_belongs_to_it(
    head: TestClient, desks: Desks, city: Engine
) -> None:
    case = desks.opened(found_on=desks.ago(20), deadline=desks.ahead(1), way_to_close="ban")
    known = sent(head, f"case:{case['id']}")
    assert (known["officer"]["code"], known["supervised"]) == ("W1", None)
    desks.taken(desks.step(case["id"], "start", on_day=desks.ago(19)))
    evidence = desks.prove_all(case["id"], desks.ago(1))
    assert now_of(head, known)["state"] == "open"
    desks.taken(desks.step(case["id"], "close", on_day=desks.ago(0)))
    assert now_of(head, known)["state"] == "done"
    with city.begin() as connection:
        gone = text("UPDATE case_attachment SET withdrawn_why = '照片不是本案' WHERE id = :id")
        connection.execute(gone, {"id": evidence["water"]})
    assert now_of(head, known)["state"] == "open", "what was closed without everything was not closed"


def test_a_case_on_the_boards_says_by_which_level(head: TestClient, desks: Desks) -> None:
    case = desks.opened()
    known = sent(head, f"case:{case['id']}")
    desks.taken(desks.step(case["id"], "supervise", by="county", level="county", on_day=desks.ago(0)))
    assert now_of(head, known)["supervised"] == "县级挂牌督办"


def test_a_missed_look_back_is_done_by_the_look(head: TestClient, desks: Desks) -> None:
    case = desks.closed(days_ago=40)
    refused(head.post("/api/orders", json=order(f"case:{case['id']}")), 409, "已办结")
    known = sent(head, f"case:{case['id']}", omission="look_back_missed")
    assert "回头看" in known["task"]
    assert known["state"] == "open"
    desks.taken(desks.look_back(case["id"], 0, done_on=desks.ago(0)))
    assert (now_of(head, known)["state"], now_of(head, known)["done_on"]) == ("done", day())


def test_a_row_is_done_when_its_site_was_looked_into_and_stays_so_as_looks_grow_old(
    head: TestClient, w1: TestClient, person: Person, city: Engine, row: dict[str, Any]
) -> None:
    known = sent(head, f"baseline_row:{row['id']}", officer_code="W1")
    assert known["baseline_id"] == row["list"]
    site = put_site(person("county"))
    decided(person, row, state="matched", site_id=site)
    assert now_of(head, known)["state"] == "open", "found in the papers is not looked into"
    seen = visit(site)
    told(w1.post("/api/visits", json=seen))
    assert now_of(head, known)["state"] == "done"
    refused(head.post("/api/orders", json=order(f"baseline_row:{row['id']}", officer_code="W1")), 409, "已核查")
    with city.begin() as connection:
        connection.execute(text("UPDATE site SET cycle_days = 1"))
        connection.execute(text("UPDATE visit SET day = day - 5"))
        connection.execute(
            text("UPDATE site_check SET last_visit_day = last_visit_day - 5, checked_day = checked_day - 5")
        )
        seen_on = text("UPDATE work_order SET done_by = done_by || jsonb_build_object('seen_on', CAST(:day AS text))")
        connection.execute(seen_on, {"day": day(-5)})
    assert now_of(head, known)["state"] == "done"
    voided(person("town"), "visits", seen["id"])
    assert now_of(head, known)["state"] == "open"
    assert kinds(now_of(head, known)) == ["created", "done", "reopened"]


def test_a_firm_that_is_not_there_is_done_by_whoever_looked(
    head: TestClient, person: Person, row: dict[str, Any]
) -> None:
    known = sent(head, f"baseline_row:{row['id']}", officer_code="W1")
    decided(person, row, state="absent", why="现场为空地", visited_on=day())
    assert now_of(head, known)["state"] == "done"
    decided(person, row, state="unmatched", why="找错了地方")
    assert now_of(head, known)["state"] == "open"
