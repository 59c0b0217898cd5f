"""Snapshots over HTTP and at a terminal."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from shapely import union_all
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from app.cli import application
from app.coverage import service as coverage
from app.settings import Settings
from tests.support.databases import Seed
from tests.support.seeding import CITY, VILLAGE_11, VILLAGE_31, seed_city, units

TODAY = Settings().today()


def put_painted(session: Session) -> None:
    """The small city, painted."""
    seed_city(session)
    coverage.repaint(session, union_all([unit.shape for unit in units()]), TODAY)


@pytest.fixture
def world_seed() -> Seed:
    """The small city."""
    return put_painted


@pytest.fixture
def city(database: str) -> str:
    """The URL of a database with the small city."""
    return database


def test_files_are_saved_and_never_opened_in_place(city: str, client: TestClient) -> None:
    for kind, media_type, begins in (
        ("html", "text/html; charset=utf-8", "<!DOCTYPE html>"),
        ("pdf", "application/pdf", "%PDF-"),
    ):
        answer = client.get(f"/api/snapshots/{VILLAGE_11}.{kind}")
        assert answer.status_code == 200, answer.text[:500]
        assert answer.headers["content-type"] == media_type
        name = f"{VILLAGE_11}-{TODAY.isoformat()}.{kind}"
        assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''{name}"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.content.decode("latin-1").startswith(begins)


def test_a_unit_without_grids_or_children_has_its_files_too(city: str, client: TestClient) -> None:
    for kind in ("html", "pdf"):
        assert client.get(f"/api/snapshots/{VILLAGE_31}.{kind}").status_code == 200


@pytest.mark.parametrize("query", ["on=2999-01-01", "on=1999-01-01", "on=gestern"])
def test_days_that_cannot_be_are_refused_in_words(city: str, client: TestClient, query: str) -> None:
    for kind in ("html", "pdf"):
        answer = client.get(f"/api/snapshots/{CITY}.{kind}?{query}")
        assert answer.status_code == 422
        assert answer.json()["error"]["message"]


def test_the_command_writes_the_file_named(city: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WUYILOU_DATABASE_URL", city)
    for kind, begins in (("html", b"<!DOCTYPE html>"), ("pdf", b"%PDF-")):
        path = tmp_path / f"a.{kind}"
        asked = ["snapshot", kind, VILLAGE_11, "--on", TODAY.isoformat(), "-o", str(path)]
        result = CliRunner().invoke(application(asked), asked)
        assert result.exit_code == 0, result.output
        assert str(path) in result.output
        assert path.read_bytes().startswith(begins)
