"""What a patrol passed without looking is stored with it, never counts as seen, and goes when it is voided."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from app.coverage import service as coverage
from app.coverage.cli import commands
from app.patrols.verify import verify
from app.scope import EVERYTHING
from app.settings import Settings
from app.territory.codes import path_of
from geo.daytiles import decode_cells, encode_cells
from tests.app.patrols.bodies import START, body, walk
from tests.app.patrols.conftest import rows
from tests.app.patrols.territory import VILLAGE, add_grids

ON = date(2024, 10, 3)
WALK = walk(20)
DRIVE = walk(20, start=START + timedelta(minutes=10), east_m=60.0, step_s=5.0)
POOR = walk(20, start=START + timedelta(minutes=20), accuracy_m=80.0)
SILENT = [walk(1)[0], walk(1, start=START + timedelta(minutes=30), at=(119.953, 31.77))[0]]


@pytest.fixture
def grids(db: Engine) -> Engine:
    """A village with two grids."""
    add_grids(db)
    return db


def send(client: TestClient, fixes: list[dict[str, Any]], mode: str = "foot") -> str:
    sent = body(fixes, mode=mode)
    assert client.post("/api/patrols", json=sent).status_code == 200
    return str(sent["id"])


def stored(engine: Engine) -> Counter[str]:
    return Counter(reason for (reason,) in rows(engine, "SELECT DISTINCT reason FROM passing WHERE NOT withdrawn"))


def lacking(engine: Engine) -> dict[str, float]:
    """Ground of the village by kind, m2."""
    found: dict[str, float] = defaultdict(float)
    with Session(engine) as session:
        for count in coverage.ground_counts(session, Settings(), EVERYTHING, path_of(VILLAGE), ON):
            found[count.kind] += count.area_m2 or 0.0
    return dict(found)


def differences(engine: Engine) -> set[str]:
    with Session(engine) as session:
        return {difference.what for difference in verify(session, date(2026, 1, 1)).differences}


@pytest.mark.parametrize(
    ("fixes", "reason"), [(DRIVE, "too_fast"), (POOR, "weak"), (SILENT, "gap")], ids=["drive", "poor", "silent"]
)
def test_each_reason_reaches_the_ground(
    client: TestClient, grids: Engine, fixes: list[dict[str, Any]], reason: str
) -> None:
    untouched = lacking(grids)
    assert set(untouched) == {"ground_never"}
    patrol_id = send(client, fixes)
    assert set(stored(grids)) == {reason}
    assert rows(grids, "SELECT count(*) FROM look") == [(0,)], "passing is not looking"
    found = lacking(grids)
    assert set(found) == {"ground_never", f"ground_{reason}"}
    assert sum(found.values()) == pytest.approx(untouched["ground_never"])
    assert differences(grids) == set()
    answer = client.post(f"/api/patrols/{patrol_id}/void", json={"reason": "不是本人"})
    assert answer.status_code == 200
    assert lacking(grids) == untouched
    assert set(stored(grids)) == set()
    assert rows(grids, "SELECT count(*) > 0 FROM passing") == [(True,)], "the record stays"
    assert differences(grids) == set()


def test_what_the_patrol_saw_itself_it_did_not_merely_pass(client: TestClient, grids: Engine) -> None:
    send(client, [*WALK, *DRIVE])
    seen = [decode_cells(bytes(cells)) for (cells,) in rows(grids, "SELECT cells FROM look ORDER BY x, y")]
    passed = [decode_cells(bytes(cells)) for (cells,) in rows(grids, "SELECT cells FROM passing ORDER BY x, y")]
    assert seen
    assert passed
    assert not (seen[0] & passed[0]).any()
    assert set(lacking(grids)) == {"ground_never", "ground_too_fast"}, "the silence lies over what was walked"


def test_a_good_walk_stores_nothing_beside_its_looks(client: TestClient, grids: Engine) -> None:
    send(client, WALK)
    assert rows(grids, "SELECT count(*) FROM passing") == [(0,)]


def test_sent_again_it_is_stored_once(client: TestClient, grids: Engine) -> None:
    sent = body(DRIVE)
    for _ in range(2):
        assert client.post("/api/patrols", json=sent).status_code == 200
    assert rows(grids, "SELECT count(*) FROM (SELECT DISTINCT evidence_id FROM passing) AS p") == [(1,)]
    assert differences(grids) == set()


def _one_more_cell(engine: Engine) -> None:
    row, data = rows(engine, "SELECT ctid, cells FROM passing LIMIT 1")[0]
    cells = decode_cells(bytes(data)).copy()
    cells[0, 0] = not cells[0, 0]
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE passing SET cells = %s WHERE ctid = %s::tid", (encode_cells(cells), row))


def _run(sql: str) -> Any:
    def tamper(engine: Engine) -> None:
        with engine.begin() as connection:
            connection.exec_driver_sql(sql)

    return tamper


@pytest.mark.parametrize(
    "tamper",
    [
        _one_more_cell,
        _run("DELETE FROM passing"),
        _run("UPDATE passing SET day = day + 1"),
        _run("UPDATE passing SET reason = 'weak'"),
        _run("UPDATE passing SET withdrawn = NOT withdrawn"),
    ],
)
def test_tampering_is_found_and_rebuilding_mends_it(
    client: TestClient, grids: Engine, database: str, monkeypatch: pytest.MonkeyPatch, tamper: Any
) -> None:
    voided = send(client, DRIVE)
    client.post(f"/api/patrols/{voided}/void", json={"reason": "x"})
    send(client, DRIVE)
    before = lacking(grids)
    tamper(grids)
    assert differences(grids) == {"passing"}
    monkeypatch.setenv("WUYILOU_DATABASE_URL", database)
    built = CliRunner().invoke(commands, ["rebuild"])
    assert built.exit_code == 0, built.output
    assert differences(grids) == set()
    assert lacking(grids) == before


def test_rebuilding_keeps_what_was_stored_of_patrols_without_fixes(
    client: TestClient, grids: Engine, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(client, DRIVE)
    before = rows(grids, "SELECT reason, day, x, y, cells FROM passing ORDER BY 1, 2, 3, 4")
    _run("DELETE FROM patrol_fixes")(grids)
    monkeypatch.setenv("WUYILOU_DATABASE_URL", database)
    assert CliRunner().invoke(commands, ["rebuild"]).exit_code == 0
    assert rows(grids, "SELECT reason, day, x, y, cells FROM passing ORDER BY 1, 2, 3, 4") == before
    assert differences(grids) == set()
