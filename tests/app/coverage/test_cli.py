"""`wuyilou coverage` at a terminal."""

from datetime import date

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from app.coverage.cli import commands
from app.db import make_engine, transaction
from tests.app.coverage import world

DAY = date(2025, 6, 1)


@pytest.fixture
def run(database: str, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """A terminal on the small city after a patrol."""
    monkeypatch.setenv("WUYILOU_DATABASE_URL", database)
    monkeypatch.setenv("COLUMNS", "240")
    engine = make_engine(database, pool_size=1)
    with transaction(engine) as session:
        world.build(session)
        session.execute(text("UPDATE unit SET name = '[red]红[/red]' WHERE code = :code"), {"code": world.VILLAGES[0]})
        patrol_id = world.add_patrol(session)
        world.service.apply_looks(session, patrol_id, world.looks_of([world.whole_grid(0, 0, DAY)]))
    engine.dispose()
    return CliRunner()


def test_show_prints_children_and_the_unit_itself(run: CliRunner) -> None:
    shown = run.invoke(commands, ["show", world.TOWN, "--on", "2025-06-01"])
    assert shown.exit_code == 0
    for words in ("从未查看", "无主地", "[red]红[/red]", world.VILLAGES[1], "2025-06-01"):
        assert words in shown.output
    grid = run.invoke(commands, ["show", world.grid_code(0, 0), "--on", "2025-06-01", "--cycle-days", "7"])
    assert "100.0" in grid.output
    assert "周期 7 天" in grid.output


def test_show_of_something_unknown_fails_in_words(run: CliRunner) -> None:
    shown = run.invoke(commands, ["show", "999999999999"])
    assert shown.exit_code == 1
    assert "999999999999" in str(shown.exception)


def test_rebuild_mends_what_verify_finds(run: CliRunner, database: str) -> None:
    engine = make_engine(database, pool_size=1)
    with transaction(engine) as session:
        session.execute(text("DELETE FROM day_tile"))
    engine.dispose()
    found = run.invoke(commands, ["verify"])
    assert found.exit_code == 1
    assert "day_tile" in found.output
    assert run.invoke(commands, ["rebuild"]).exit_code == 0
    assert "day_tile" not in run.invoke(commands, ["verify"]).output
