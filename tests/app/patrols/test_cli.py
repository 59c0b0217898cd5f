"""`wuyilou patrols` at a terminal does what the addresses do."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from app.errors import DomainError
from app.patrols.cli import commands
from tests.app.patrols.bodies import OFFICER
from tests.app.patrols.conftest import counts, rows

HIKE = str(Path(__file__).parents[2] / "data" / "cerknicko-jezero.gpx")


@pytest.fixture
def terminal(db: Engine, database: str, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """A terminal where the database is configured."""
    monkeypatch.setenv("WUYILOU_DATABASE_URL", database)
    return CliRunner()


def test_import_look_and_void(terminal: CliRunner, db: Engine) -> None:
    arguments = ["import", HIKE, "--officer", OFFICER, "--accuracy-m", "10"]
    first = terminal.invoke(commands, arguments)
    assert first.exit_code == 0, first.output
    answer = json.loads(first.stdout)
    assert answer["counted"]["pairs"] > 100
    again = terminal.invoke(commands, arguments)
    assert json.loads(again.stdout) == answer
    assert "already there" in again.stderr
    assert counts(db)["patrol"] == 1
    assert terminal.invoke(commands, ["void", answer["id"], "--reason", "试验"]).exit_code == 0
    shown = json.loads(terminal.invoke(commands, ["show", answer["id"]]).stdout)
    assert (shown["state"], shown["void_reason"]) == ("voided", "试验")


def test_what_goes_wrong_is_said_and_nothing_stored(terminal: CliRunner, db: Engine, tmp_path: Path) -> None:
    broken = tmp_path / "a.gpx"
    broken.write_text("<gpx><trk>", "utf-8")
    result = terminal.invoke(commands, ["import", str(broken), "--officer", OFFICER])
    assert isinstance(result.exception, DomainError)
    assert "XML 文件不完整" in result.exception.message
    assert terminal.invoke(commands, ["void", "0" * 32, "--reason", " "]).exit_code == 2
    assert rows(db, "SELECT count(*) FROM patrol") == [(0,)]
