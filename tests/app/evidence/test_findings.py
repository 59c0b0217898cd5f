"""What the service finds in patrols besides their fixes: each kind planted and found, and nothing in an honest one."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from app.actor import terminal
from app.db import transaction
from app.evidence import service as evidence
from app.evidence.schemas import EvidenceFacts, Finding, FindingKind, NewFinding
from app.settings import Settings
from tests.app.evidence.walks import MORNING, believable, moved, patrol
from tests.app.patrols.bodies import HOME, LON_PER_M, OFFICER

Send = Callable[[dict[str, Any]], UUID]
Ask = Callable[[UUID], dict[str, Finding]]
Record = Callable[[UUID], EvidenceFacts]


def test_an_honest_patrol_has_none_and_needs_no_review(send: Send, findings: Ask, record: Record) -> None:
    sent = [send(patrol(moved(believable(seed=seed), 86_400 * seed))) for seed in range(5)]
    assert [findings(one) for one in sent] == [{}] * 5
    assert {record(one).review for one in sent} == {"none"}


def test_signs_in_the_fixes_are_kept_with_their_facts(send: Send, findings: Ask, record: Record) -> None:
    fixes = [{**fix, "accuracy_m": 0} for fix in believable()]
    sent = send(patrol(fixes))
    found = findings(sent)
    assert list(found) == ["accuracy_zero"]
    assert found["accuracy_zero"].facts == {"zero": 240, "fixes": 240}
    assert found["accuracy_zero"].text == "240 个定位点中有 240 个精度为 0 米；真实接收机不会给出 0 米的精度"
    assert record(sent).review == "open"


def test_an_assumed_accuracy_is_not_the_devices_own(client: TestClient, db: Engine, findings: Ask) -> None:
    rows = "\n".join(
        f"{datetime.fromtimestamp(fix['time'] / 1000, UTC).isoformat()},{fix['lon']},{fix['lat']}"
        for fix in believable()
    )
    stated = {"officer_code": OFFICER, "mode": "foot", "datum": "WGS-84", "accuracy_m": "8"}
    answer = client.post("/api/patrols/import", data=stated, files={"file": ("w.csv", f"time,lon,lat\n{rows}\n")})
    assert answer.status_code == 200, answer.text
    assert findings(UUID(answer.json()["id"])) == {}


def test_mocked_positions_are_told(send: Send, findings: Ask) -> None:
    fixes = [{**fix, "mock": number == 100} for number, fix in enumerate(believable())]
    assert findings(send(patrol(fixes)))["mock_location"].facts == {"mocked": 1, "fixes": 240}


def test_a_clock_ahead_is_told(send: Send, findings: Ask) -> None:
    ahead = datetime.now(UTC) + timedelta(minutes=8) - timedelta(seconds=240 * 5)
    found = findings(send(patrol(believable(start=ahead))))
    assert 420 <= found["clock_off"].facts["ahead_s"] <= 485
    assert "手机时钟可能不准" in found["clock_off"].text


def test_a_clock_that_went_back_while_recording_is_told(send: Send, findings: Ask) -> None:
    fixes = believable()
    turned = fixes[:120] + moved(fixes[120:], -3600)
    assert findings(send(patrol(turned)))["clock_off"].facts["back_s"] == pytest.approx(3595, abs=1)


def test_a_file_may_hold_its_parts_in_any_order(client: TestClient, db: Engine, findings: Ask) -> None:
    fixes = believable()
    points = [
        f'<trkpt lon="{fix["lon"]}" lat="{fix["lat"]}">'
        f"<time>{datetime.fromtimestamp(fix['time'] / 1000, UTC).isoformat()}</time></trkpt>"
        for fix in (*fixes[120:], *fixes[:120])
    ]
    gpx = f'<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>{"".join(points)}</trkseg></trk></gpx>'
    stated = {"officer_code": OFFICER, "mode": "foot", "datum": "WGS-84", "accuracy_m": "8"}
    answer = client.post("/api/patrols/import", data=stated, files={"file": ("w.gpx", gpx)})
    assert answer.status_code == 200, answer.text
    assert "clock_off" not in findings(UUID(answer.json()["id"]))


def test_a_patrol_in_anothers_grid_is_told(send: Send, findings: Ask) -> None:
    there = (HOME[0] + 700 * LON_PER_M, HOME[1])
    found = findings(send(patrol(believable(at=there))))
    assert found["outside_scope"].facts == {"own_grids": True, "inside_percent": 0}
    assert found["outside_scope"].text == "记录只有 0% 在该网格员当天负责的网格内"


def test_a_patrol_partly_next_door_is_told_by_its_share(send: Send, findings: Ask) -> None:
    """The own grid ends 189 m east of HOME; a street on its border is walked on either side."""
    mostly_there = (HOME[0] + 130 * LON_PER_M, HOME[1])
    facts = findings(send(patrol(believable(at=mostly_there))))["outside_scope"].facts
    assert 15 <= facts["inside_percent"] < 50
    mostly_here = (HOME[0] - 80 * LON_PER_M, HOME[1])
    assert findings(send(patrol(believable(at=mostly_here, seed=2)))) == {}


def test_an_officer_without_any_grid_is_outside_everywhere(send: Send, findings: Ask, db: Engine) -> None:
    with db.begin() as connection:
        connection.execute(text("INSERT INTO officer (code, name) VALUES ('G009', '李四')"))
    facts = findings(send(patrol(officer_code="G009")))["outside_scope"].facts
    assert facts == {"own_grids": False, "inside_percent": 0}


def test_charge_of_the_day_decides(send: Send, findings: Ask, db: Engine) -> None:
    with db.begin() as connection:
        connection.execute(
            text("UPDATE grid_officer SET valid_to = '2024-10-02' WHERE officer_code = :code"), {"code": OFFICER}
        )
    assert findings(send(patrol())) == {}
    later = patrol(moved(believable(seed=3), 86_400))
    assert findings(send(later))["outside_scope"].facts["own_grids"] is False


@pytest.mark.parametrize(("hour", "minutes"), [(-4, 20), (14, 20)])  # five and twenty-three o'clock
def test_a_patrol_outside_working_hours_is_told(send: Send, findings: Ask, hour: int, minutes: int) -> None:
    found = findings(send(patrol(moved(believable(), 3600 * hour))))
    assert found["outside_hours"].facts["outside_s"] == pytest.approx(60 * minutes, abs=10)
    assert found["outside_hours"].text == "有 20 分钟不在工作时间（06:00 至 22:00）内"


def test_a_little_before_work_is_nothing(send: Send, findings: Ask) -> None:
    assert findings(send(patrol(moved(believable(), -3600 * 3 - 600)))) == {}


def test_night_shifts_and_all_day_can_be_set(db: Engine) -> None:
    noon = {"lon": 119.95, "lat": 31.77, "at": MORNING + timedelta(hours=3)}
    assert _hours(db, noon, "22:00", "06:00") == ["outside_hours"]
    assert _hours(db, {**noon, "at": MORNING + timedelta(hours=15)}, "22:00", "06:00") == []
    assert _hours(db, noon, "00:00", "00:00") == []


def _hours(db: Engine, where: dict[str, Any], starts: str, ends: str) -> list[str]:
    """Kinds found in a record of a single instant."""
    settings = Settings.model_validate({"work_starts": starts, "work_ends": ends})
    lon, lat = np.array([where["lon"]]), np.array([where["lat"]])
    with transaction(db) as session:
        found = evidence.duty_findings(
            session, settings, OFFICER, where["at"].date(), lon, lat, np.array([where["at"].timestamp()])
        )
    return [finding.kind.value for finding in found]


def test_the_same_sign_twice_is_one(send: Send, db: Engine, findings: Ask) -> None:
    sent = send(patrol())
    far = NewFinding(FindingKind.MARK_FAR, {"distance_m": 400})
    with transaction(db) as session:
        evidence.add_findings(session, sent, [far])
        evidence.add_findings(session, sent, [far])
        assert len(evidence.findings_of(session, [sent])[sent]) == 1


@pytest.mark.parametrize("step", ["accept", "void"])
def test_a_sign_after_a_decision_does_not_undo_it(send: Send, db: Engine, record: Record, step: Any) -> None:
    sent = send(patrol())
    with transaction(db) as session:
        evidence.add_step(session, terminal(), sent, step, "已核实")
        evidence.add_findings(session, sent, [NewFinding(FindingKind.MARK_FAR, {"distance_m": None})])
    assert record(sent).review == {"accept": "accepted", "void": "voided"}[step]


def test_what_people_said_is_kept_in_order_and_moves_the_review(send: Send, db: Engine, record: Record) -> None:
    sent = send(patrol())
    reviews = []
    for step, words in (("ask", "请说明"), ("answer", "去送材料了"), ("accept", "情况属实")):
        with transaction(db) as session:
            evidence.add_step(session, terminal(), sent, step, words)  # type: ignore[arg-type]
        reviews.append(record(sent).review)
    assert reviews == ["asked", "open", "accepted"]
    with transaction(db) as session:
        steps = evidence.steps_of(session, [sent])[sent]
    assert [(step.step, step.words, step.by_name) for step in steps] == [
        ("ask", "请说明", "operator"),
        ("answer", "去送材料了", "operator"),
        ("accept", "情况属实", "operator"),
    ]


def test_every_kind_has_words() -> None:
    assert set(evidence.KIND_NAMES) == set(FindingKind)
