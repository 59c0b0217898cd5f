"""Voiding takes back exactly what the patrol alone had covered, once, for a stated reason."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from geo.daytiles import decode
from tests.app.patrols.bodies import START, body, walk
from tests.app.patrols.conftest import counts, rows


@pytest.fixture
def api(client: TestClient, operator: dict[str, str], db: Engine):  # type: ignore[no-untyped-def]
    """Post JSON as the operator."""
    return lambda path, sent: client.post(f"/api/patrols{path}", json=sent, headers=operator)


def days(db: Engine) -> dict[tuple[int, int], bytes]:
    found = rows(db, "SELECT x, y, days FROM day_tile")
    return {(x, y): decode(bytes(data)).tobytes() for x, y, data in found if decode(bytes(data)).any()}


def test_what_others_saw_stays(api: Any, db: Engine) -> None:
    kept = body(walk(60))
    assert api("", kept).status_code == 200
    before = days(db)
    overlapping = body(walk(60, start=START.replace(day=3), north_m=3.0))
    assert api("", overlapping).status_code == 200
    assert days(db) != before
    answer = api(f"/{overlapping['id']}/void", {"reason": " 不是本人 "})
    assert answer.status_code == 200
    assert answer.json()["state"] == "voided"
    assert answer.json()["void_reason"] == "不是本人"
    assert answer.json()["voided_by"] == "operator @ testclient"
    assert days(db) == before
    assert counts(db)["patrol_fixes"] == 2, "the record stays"


def test_voiding_again_changes_nothing_and_cannot_be_reworded(api: Any, db: Engine) -> None:
    sent = body()
    api("", sent)
    first = api(f"/{sent['id']}/void", {"reason": "重复"})
    assert api(f"/{sent['id']}/void", {"reason": "重复"}).json() == first.json()
    other = api(f"/{sent['id']}/void", {"reason": "别的"})
    assert other.status_code == 409
    assert "重复" in other.json()["error"]["message"]


def test_a_voided_patrol_sent_again_is_not_brought_back(api: Any, db: Engine) -> None:
    sent = body()
    api("", sent)
    api(f"/{sent['id']}/void", {"reason": "重复"})
    again = api("", sent)
    assert again.json()["state"] == "voided"
    assert any("已作废" in note and "重复" in note for note in again.json()["notes"])
    assert days(db) == {}


@pytest.mark.parametrize("sent", [{}, {"reason": ""}, {"reason": "  "}, {"reason": 1}, {"reason": "x" * 501}, []])
def test_a_reason_is_needed(api: Any, db: Engine, sent: Any) -> None:
    patrol = body()
    api("", patrol)
    assert api(f"/{patrol['id']}/void", sent).status_code == 422
    assert rows(db, "SELECT state FROM patrol") == [("accepted",)]


def test_an_unknown_patrol_cannot_be_voided(api: Any) -> None:
    answer = api("/00000000-0000-0000-0000-000000000000/void", {"reason": "x"})
    assert answer.status_code == 404
