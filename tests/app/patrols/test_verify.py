"""`wuyilou coverage verify` finds whatever does not follow from the evidence, and nothing else."""

from datetime import date, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from app.coverage.cli import commands
from app.patrols.verify import Report, verify
from geo.daytiles import decode, decode_cells, encode, encode_cells
from tests.app.patrols.bodies import START, body, walk
from tests.app.patrols.conftest import rows
from tests.app.patrols.territory import add_grids

TODAY = date(2026, 1, 1)
UNVOID = "UPDATE patrol SET state = 'accepted', void_reason = NULL, voided_by = NULL, voided_at = NULL"


@pytest.fixture
def patrolled(client: TestClient, operator: dict[str, str], db: Engine) -> Engine:
    """A village with grids, patrols in and out of order, one of them voided."""
    add_grids(db)
    for number, day in enumerate((1, 5, 3)):
        start = START + timedelta(days=day)
        sent = body(walk(60, start=start, north_m=number))
        assert client.post("/api/patrols", json=sent, headers=operator).status_code == 200
    assert client.post(f"/api/patrols/{sent['id']}/void", json={"reason": "x"}, headers=operator).status_code == 200
    return db


def run(engine: Engine) -> Report:
    with Session(engine) as session:
        return verify(session, TODAY)


def test_what_was_taken_in_is_proved(patrolled: Engine) -> None:
    told: list[tuple[Any, ...]] = []
    with Session(patrolled) as session:
        report = verify(session, TODAY, lambda *step: told.append(step))
    assert report.differences == []
    assert report.patrols == 3
    assert told
    assert rows(patrolled, "SELECT count(*) > 0 FROM freshness") == [(True,)]


def test_nothing_at_all_is_proved_too(db: Engine) -> None:
    assert run(db).differences == []


def test_purged_fixes_are_counted_and_the_rest_still_proved(patrolled: Engine) -> None:
    with patrolled.begin() as connection:
        connection.exec_driver_sql("DELETE FROM patrol_fixes")
    report = run(patrolled)
    assert report.purged == 3
    assert report.differences == []


def test_the_command_says_so_by_its_exit_code(
    patrolled: Engine, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WUYILOU_DATABASE_URL", database)
    proved = CliRunner().invoke(commands, ["verify"])
    assert proved.exit_code == 0, proved.output
    _run(patrolled, "DELETE FROM day_tile")
    assert CliRunner().invoke(commands, ["verify"]).exit_code == 1


def _change(engine: Engine, table: str, column: str, change: Any) -> None:
    """Replace the bytes of one row of a table, as somebody with the database's password could."""
    with engine.begin() as connection:
        row, data = connection.exec_driver_sql(f"SELECT ctid, {column} FROM {table} ORDER BY 1 LIMIT 1").one()  # noqa: S608
        sql = f"UPDATE {table} SET {column} = %s WHERE ctid = %s::tid"  # noqa: S608
        connection.exec_driver_sql(sql, (change(bytes(data)), row))


def _one_more_cell(data: bytes) -> bytes:
    cells = decode_cells(data).copy()
    cells[0, 0] = not cells[0, 0]
    return encode_cells(cells)


def _a_day_later(data: bytes) -> bytes:
    tile = decode(data)
    tile[tile > 0] += 1
    return encode(tile)


@pytest.mark.parametrize(
    ("tamper", "found"),
    [
        (lambda e: _change(e, "look", "cells", _one_more_cell), "look"),
        (lambda e: _run(e, "DELETE FROM look WHERE ctid = (SELECT ctid FROM look LIMIT 1)"), "look"),
        (lambda e: _run(e, "UPDATE look SET day = day + 1 WHERE ctid = (SELECT ctid FROM look LIMIT 1)"), "look"),
        (lambda e: _run(e, "UPDATE look SET withdrawn = NOT withdrawn"), "look"),
        (lambda e: _run(e, UNVOID), "look"),
        (lambda e: _change(e, "day_tile", "days", _a_day_later), "day_tile"),
        (lambda e: _run(e, "DELETE FROM day_tile"), "day_tile"),
        (lambda e: _run(e, "UPDATE freshness SET from_day = from_day + 1 WHERE from_day > 8800"), "freshness"),
        (lambda e: _run(e, "DELETE FROM freshness WHERE from_day > 8800"), "freshness"),
        (lambda e: _run(e, "UPDATE freshness SET histogram = (SELECT histogram FROM freshness LIMIT 1)"), "freshness"),
        (lambda e: _run(e, "UPDATE patrol SET officer_code = (SELECT max(code) FROM officer)"), "fixes"),
        (lambda e: _change(e, "patrol_fixes", "payload", lambda data: data[:-9]), "fixes"),
    ],
)  # fmt: skip
def test_tampering_is_found(patrolled: Engine, tamper: Any, found: str) -> None:
    _run(patrolled, "INSERT INTO officer VALUES ('Z', '赵六')")
    tamper(patrolled)
    assert found in {difference.what for difference in run(patrolled).differences}


def _run(engine: Engine, sql: str) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(sql)
