"""Inaccessible ground is asked for: never seen until somebody above approves it, and only for a time."""

from datetime import date, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from app.coverage import service as coverage
from app.db import transaction
from app.errors import ConflictError, InvalidInputError
from app.scope import EVERYTHING
from app.settings import Settings
from app.territory.change import decide_exclusion
from tests.support import seeding
from tests.support.phone import GRID, mark, refused, review_of, send_photo

YARD = seeding.cell(0.3, 2.3, 0.1, 0.1)
TODAY = Settings().today()
IN_TEN_DAYS = TODAY + timedelta(days=10)


def asked(w1: TestClient, until: date | None = IN_TEN_DAYS, **changes: Any) -> dict[str, Any]:
    """W1 cannot get into YARD; what was sent."""
    last = None if until is None else until.isoformat()
    body = mark([send_photo(w1)], YARD, kind="inaccessible", reason="locked", until=last, **changes)
    answer = w1.post("/api/marks", json=body)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["state"], answer.json()["seen_m2"]) == ("requested", 0.0)
    return body


def code_of(body: dict[str, Any]) -> str:
    return f"N-{body['id'].replace('-', '')[:12]}"


def decide(city: Engine, body: dict[str, Any], state: str, on: date = TODAY) -> None:
    with transaction(city) as session:
        decide_exclusion(session, code_of(body), state, "镇里", on)


def shares(city: Engine, on: date) -> dict[str, float]:
    with transaction(city) as session:
        row = coverage.grid_coverage(session, Settings(), EVERYTHING, GRID, None, on).grid
        assert not list(coverage.verify(session, on))
    return {name: share["area_m2"] for name, share in row.shares.model_dump().items()}


def test_until_it_is_approved_it_is_never_seen_and_waits_for_a_person(w1: TestClient, city: Engine) -> None:
    before = shares(city, TODAY)
    body = asked(w1)
    assert shares(city, TODAY) == before
    with transaction(city) as session:
        assert review_of(session, body["id"]) == "open"
    assert w1.post("/api/marks", json=body).json()["state"] == "requested"


def test_approved_it_is_inaccessible_until_its_last_day_and_then_must_be_covered_again(
    w1: TestClient, city: Engine
) -> None:
    before = shares(city, TODAY)
    body = asked(w1)
    decide(city, body, "approved")
    now = shares(city, TODAY)
    assert now["inaccessible"] > 0
    assert now["never_seen"] + now["inaccessible"] == pytest.approx(before["never_seen"])
    assert shares(city, IN_TEN_DAYS) == now
    assert shares(city, IN_TEN_DAYS + timedelta(days=1)) == before
    assert shares(city, TODAY - timedelta(days=1)) == before
    assert w1.post("/api/marks", json=body).json()["state"] == "approved"


def test_an_approval_taken_back_leaves_nothing(w1: TestClient, city: Engine) -> None:
    before = shares(city, TODAY)
    body = asked(w1)
    decide(city, body, "approved")
    decide(city, body, "refused")
    for day in (TODAY, IN_TEN_DAYS, IN_TEN_DAYS + timedelta(days=1)):
        assert shares(city, day) == before
    assert w1.post("/api/marks", json=body).json()["state"] == "refused"


def test_two_that_overlap_end_each_on_its_day(w1: TestClient, city: Engine) -> None:
    first, second = asked(w1), asked(w1, TODAY + timedelta(days=20))
    decide(city, second, "approved")
    both = shares(city, TODAY)
    decide(city, first, "approved")
    assert shares(city, TODAY) == both
    assert shares(city, TODAY + timedelta(days=20)) == both
    assert shares(city, TODAY + timedelta(days=21))["inaccessible"] == 0


def test_who_gets_in_after_all_is_counted_now_and_later(w1: TestClient, city: Engine) -> None:
    body = asked(w1)
    decide(city, body, "approved")
    assert w1.post("/api/marks", json=mark([send_photo(w1)], YARD)).status_code == 200
    now = shares(city, TODAY)
    assert (now["inaccessible"], now["declared"] > 0) == (0, True)
    later = shares(city, IN_TEN_DAYS + timedelta(days=1))  # the grid's cycle is seven days
    assert (later["inaccessible"], later["declared"], later["stale"]) == (0, 0, now["declared"])


def test_a_grid_that_comes_later_is_inaccessible_for_no_longer(w1: TestClient, city: Engine) -> None:
    gap = seeding.cell(2.3, 0.3, 0.1, 0.1)  # nobody's land: the first grid of village 22 is missing
    body = mark([send_photo(w1)], gap, kind="inaccessible", reason="flooded", until=IN_TEN_DAYS.isoformat())
    assert w1.post("/api/marks", json=body).json()["grids"] == []
    decide(city, body, "approved")
    with transaction(city) as session:
        shape = seeding.cell(2, 0)
        values = {"wkt": shape.wkt, "unit": seeding.VILLAGE_22, "day": TODAY}
        session.execute(
            text(
                """INSERT INTO grid (code, name, unit_code, geom, label_point, area_m2, source_datum, valid_from)
                VALUES ('NEW', '新网格', :unit, ST_Multi(ST_GeomFromText(:wkt, 4326)),
                    ST_PointOnSurface(ST_GeomFromText(:wkt, 4326)), 1, 'WGS-84', :day)"""
            ),
            values,
        )
        coverage.repaint(session, shape, TODAY)
        found = [
            coverage.grid_coverage(session, Settings(), EVERYTHING, "NEW", None, day).grid.shares.inaccessible.area_m2
            for day in (TODAY, IN_TEN_DAYS, IN_TEN_DAYS + timedelta(days=1))
        ]
    assert found[0] == found[1] > 0
    assert found[2] == 0


def test_without_a_day_it_ends_after_ninety(w1: TestClient, city: Engine) -> None:
    body = asked(w1, None)
    decide(city, body, "approved")
    assert shares(city, TODAY + timedelta(days=90))["inaccessible"] > 0
    assert shares(city, TODAY + timedelta(days=91))["inaccessible"] == 0


def test_what_has_run_out_is_approved_no_more_but_can_be_refused(w1: TestClient, city: Engine) -> None:
    body = asked(w1, TODAY)
    tomorrow = TODAY + timedelta(days=1)
    with pytest.raises(InvalidInputError, match="届满"):
        decide(city, body, "approved", tomorrow)
    decide(city, body, "refused", tomorrow)
    with pytest.raises(ConflictError, match="已被否决"):
        decide(city, body, "refused", tomorrow)


def test_it_is_not_voided_by_the_way(w1: TestClient, client: TestClient) -> None:
    body = asked(w1)
    refused(client.post(f"/api/marks/{body['id']}/void", json={"reason": "不批"}), 409, "请在审核页批准或驳回")


def test_its_detail_says_all_that_a_reviewer_needs(w1: TestClient, client: TestClient) -> None:
    body = asked(w1, note="铁门，敲门无人应")
    told = client.get(f"/api/marks/{body['id']}").json()
    expected = {
        "state": "requested",
        "officer_name": "王建国",
        "reason_text": "大门上锁",
        "note": "铁门，敲门无人应",
        "until": IN_TEN_DAYS.isoformat(),
        "distance_m": 0.0,
        "position_accuracy_m": 8.0,
    }
    assert {name: told[name] for name in expected} == expected
    assert told["geometry"]["type"] == "MultiPolygon"
    assert told["position"]["type"] == "Point"
