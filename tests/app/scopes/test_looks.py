"""Who looked at a place, and patrols: named to those who may know, within their scope."""

from typing import Any

import pytest

from app.db import make_engine
from tests.app.scopes.conftest import VISIT_OF_W2, WALK_OF_W1, WALK_OF_W2, As, place
from tests.support.seeding import VILLAGE_11

ON_W1_GROUND = place(0.5, 2.5)  # both officers walked there
BEYOND = place(0.5, 0.5)  # only W2, in village 21


def looked(visitor: Any, where: tuple[float, float]) -> Any:
    answer = visitor.get("/api/looked-at", params={"lon": where[0], "lat": where[1]})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_officials_see_who_looked(as_: As) -> None:
    found = looked(as_("town1"), ON_W1_GROUND)
    assert [look["officer_name"] for look in found["looks"]] == ["李秀英", "王建国"]
    assert found["last"]["evidence_id"] == str(VISIT_OF_W2)
    assert found["last"]["at"] is not None


def test_an_officer_sees_their_own_looks_and_that_there_were_others(as_: As) -> None:
    found = looked(as_("w1"), ON_W1_GROUND)
    other, own = found["looks"]
    assert own["officer_name"] == "王建国"
    assert own["evidence_id"] == str(WALK_OF_W1)
    assert {name: value for name, value in other.items() if value is not None} == {
        "kind": "tracked",
        "day": other["day"],
    }
    assert found["total"] == 2
    assert found["grid"]["code"] == f"{VILLAGE_11}001"
    assert found["path"] == []


def test_who_may_not_see_tracks_is_told_no_names_even_in_their_scope(as_: As) -> None:
    found = looked(as_("admin-a"), ON_W1_GROUND)
    assert found["total"] == 2
    assert {look["officer_name"] for look in found["looks"]} == {None}


@pytest.mark.parametrize(
    ("username", "where"),
    [("town1", BEYOND), ("w1", BEYOND), ("w3", ON_W1_GROUND), ("village21", place(0.5, 2.5)), ("town1", (100.0, 30.0))],
)
def test_a_place_outside_is_refused(as_: As, username: str, where: tuple[float, float]) -> None:
    answer = as_(username).get("/api/looked-at", params={"lon": where[0], "lat": where[1]})
    assert answer.status_code == 403
    assert "不在您的管辖范围内" in answer.json()["error"]["message"]


def test_a_place_outside_of_everything_is_answered_to_who_sees_all(as_: As) -> None:
    assert looked(as_("city"), (100.0, 30.0))["path"] == []


def test_land_without_a_grid_is_answered_to_the_unit_it_lies_in(as_: As) -> None:
    assert looked(as_("county"), place(2.5, 0.5))["share"] == "unassigned"


def test_patrols_are_listed_by_scope(as_: As) -> None:
    def listed(username: str, **params: str) -> set[str]:
        answer = as_(username).get("/api/patrols", params=params)
        assert answer.status_code == 200
        return {each["id"] for each in answer.json()}

    assert listed("city") == {str(WALK_OF_W1), str(WALK_OF_W2), str(VISIT_OF_W2)}
    assert listed("town1") == {str(WALK_OF_W1), str(VISIT_OF_W2)}
    assert listed("town1", officer="W2") == {str(VISIT_OF_W2)}
    assert listed("village21") == {str(WALK_OF_W2), str(VISIT_OF_W2)}
    assert as_("w1").get("/api/patrols").status_code == 403


def test_a_patrol_outside_is_refused(as_: As) -> None:
    assert as_("town1").get(f"/api/patrols/{WALK_OF_W1}").json()["officer_name"] == "王建国"
    assert as_("town1").get(f"/api/patrols/{WALK_OF_W2}").status_code == 403
    assert as_("w1").get(f"/api/patrols/{WALK_OF_W1}").status_code == 403


def test_a_patrol_outside_or_of_ones_own_is_not_voided(writing_as: As) -> None:
    def void(username: str, patrol: object) -> Any:
        return writing_as(username).post(f"/api/patrols/{patrol}/void", {"reason": "不实"})

    assert void("town1", WALK_OF_W2).status_code == 403
    own = void("village21", WALK_OF_W2)
    assert own.status_code == 403
    assert own.json()["error"]["facts"]["reason"] == "own"
    assert writing_as("city").get(f"/api/patrols/{WALK_OF_W2}").json()["state"] == "accepted"
    assert void("town1", WALK_OF_W1).json()["state"] == "voided"


def test_whose_looks_were_named_is_written_down(writing_as: As, database: str) -> None:
    looked(writing_as("town1"), ON_W1_GROUND)
    looked(writing_as("w1"), ON_W1_GROUND)  # their own only
    writing_as("town1").get(f"/api/patrols/{WALK_OF_W1}")
    engine = make_engine(database, pool_size=1)
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT actor, route, officer_codes FROM audit_entry WHERE officer_codes <> '{}' ORDER BY id"
        ).all()
    engine.dispose()
    assert [(row.route, row.officer_codes) for row in rows] == [
        ("GET /api/looked-at", ["W1", "W2"]),
        ("GET /api/patrols/{patrol_id}", ["W1"]),
    ]
