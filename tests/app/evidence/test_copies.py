"""The same track sent by another officer or on another day is found and marked on both records."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from app.actor import terminal
from app.db import transaction
from app.evidence import service as evidence
from app.evidence.schemas import EvidenceFacts, Finding
from app.patrols import service as patrols
from app.settings import Settings
from geo.datum import Datum, from_wgs84
from tests.app.evidence.conftest import NEIGHBOUR
from tests.app.evidence.walks import believable, moved, patrol

Send = Callable[[dict[str, Any]], UUID]
Ask = Callable[[UUID], dict[str, Finding]]
Record = Callable[[UUID], EvidenceFacts]
DAY_S = 86_400
WALK = believable()


def test_the_same_fixes_under_a_new_id_are_a_copy_on_both_records(send: Send, findings: Ask, record: Record) -> None:
    first, second = send(patrol(WALK)), send(patrol(WALK))
    for own, other in ((first, second), (second, first)):
        found = findings(own)["copied_track"]
        assert found.other_id == other
        assert found.facts["how"] == "places"
        assert found.facts["percent"] == 100
        assert found.facts["same_officer"] is True
        assert found.text == "与本人 2024-10-01 的另一条记录有 240 个定位点完全重合（占 100%）"
        assert record(own).review == "open"


def test_the_same_id_again_is_none(send: Send, findings: Ask) -> None:
    sent = patrol(WALK)
    assert [findings(send(sent)), findings(send(sent))] == [{}, {}]


def test_anothers_track_on_another_day_is_found(send: Send, findings: Ask) -> None:
    first = send(patrol(WALK))
    second = send(patrol(moved(WALK, DAY_S), officer_code=NEIGHBOUR))
    found = findings(second)["copied_track"]
    assert (found.other_id, found.facts["same_officer"]) == (first, False)
    assert found.text.startswith("与其他网格员 2024-10-01 的另一条记录")
    assert findings(first)["copied_track"].text.startswith("与其他网格员 2024-10-02 的另一条记录")


def _gcj02(fixes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    lon, lat = from_wgs84([f["lon"] for f in fixes], [f["lat"] for f in fixes], Datum.GCJ02)
    return [
        {**fix, "lon": round(float(x), 7), "lat": round(float(y), 7)} for fix, x, y in zip(fixes, lon, lat, strict=True)
    ]


CHANGED: dict[str, Callable[[], dict[str, Any]]] = {
    "backwards": lambda: patrol(
        [{**place, "time": fix["time"]} for place, fix in zip(reversed(WALK), moved(WALK, DAY_S), strict=True)]
    ),
    "a part of it": lambda: patrol(moved(WALK[60:200], DAY_S)),
    "thinned out": lambda: patrol(moved(WALK[::3], DAY_S)),
    "in another datum": lambda: patrol(_gcj02(moved(WALK, DAY_S)), datum="GCJ-02"),
    "with other accuracies": lambda: patrol(
        [{**fix, "accuracy_m": 9.5 + fix["lon"] % 1} for fix in moved(WALK, DAY_S)]
    ),
}


@pytest.mark.parametrize("how", CHANGED)
def test_a_changed_copy_is_found(send: Send, findings: Ask, how: str) -> None:
    first = send(patrol(WALK))
    assert findings(send(CHANGED[how]()))["copied_track"].other_id == first


def test_walks_of_other_days_are_not(send: Send, findings: Ask) -> None:
    sent = [send(patrol(moved(believable(seed=seed), DAY_S * seed))) for seed in range(6)]
    assert [findings(one) for one in sent] == [{}] * 6


@pytest.mark.parametrize("step", ["accept", "void"])
def test_a_record_that_a_person_decided_on_is_left_alone(
    send: Send, findings: Ask, record: Record, db: Engine, step: Any
) -> None:
    first = send(patrol(WALK))
    with transaction(db) as session:
        evidence.add_step(session, terminal(), first, step, "已核实")
    second = send(patrol(moved(WALK, DAY_S), officer_code=NEIGHBOUR))
    assert findings(second)["copied_track"].other_id == first
    assert findings(first) == {}
    assert record(first).review == {"accept": "accepted", "void": "voided"}[step]


def test_a_copy_of_a_voided_record_says_so(send: Send, findings: Ask, db: Engine, settings: Settings) -> None:
    first = send(patrol(WALK))
    with transaction(db) as session:
        patrols.void(session, settings, first, "记错人", terminal())
    found = findings(send(patrol(WALK, officer_code=NEIGHBOUR)))["copied_track"]
    assert found.text.endswith("，该记录已作废")


def test_without_raw_fixes_nothing_is_said(send: Send, findings: Ask, db: Engine) -> None:
    """Raw fixes go after some months, and what was made of them with them."""
    send(patrol(WALK))
    with db.begin() as connection:
        connection.execute(text("DELETE FROM patrol_fixes"))
    assert findings(send(patrol(moved(WALK, 200 * DAY_S)))) == {}


def test_two_copies_at_the_same_moment_find_each_other(
    client: TestClient, db: Engine, findings: Ask, record: Record
) -> None:
    bodies = [patrol(moved(WALK, DAY_S * n)) for n in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda body: client.post("/api/patrols", json=body), bodies))
    assert [answer.status_code for answer in answers] == [200] * 4
    assert all("copied_track" in findings(UUID(body["id"])) for body in bodies)
    assert {record(UUID(body["id"])).review for body in bodies} == {"open"}


def test_who_is_deciding_on_the_first_is_not_waited_for(send: Send, findings: Ask, record: Record, db: Engine) -> None:
    first = send(patrol(WALK))
    with transaction(db) as session:
        assert evidence.lock(session, first) is not None
        second = send(patrol(WALK, officer_code=NEIGHBOUR))
        evidence.add_step(session, terminal(), first, "accept", "现场核实")
    assert findings(second)["copied_track"].other_id == first
    assert record(first).review == "accepted"
