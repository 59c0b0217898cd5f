"""The clean village with the heads of every level, each at a browser of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import Engine, create_engine

from app.main import create_app
from app.settings import Settings
from tests.app.determination.conftest import Clean
from tests.app.determination.signing.office import Office
from tests.support import databases
from tests.support.server import OPERATOR_TOKEN
from tests.support.visitor import Visitor


@pytest.fixture
def database(clean: Clean) -> Iterator[str]:
    """A copy of the clean village."""
    with databases.fresh_database(clean.url) as url:
        yield url


@pytest.fixture
def settings(database: str, tmp_path: Path) -> Settings:
    """Settings of an application on it, with keys of the test's own."""
    token = SecretStr(OPERATOR_TOKEN)
    return Settings(database_url=database, operator_token=token, pool_size=4, data_dir=tmp_path / "data")


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    """The database, for looking and for tampering."""
    engine = create_engine(database, connect_args={"options": "-c timezone=UTC"})
    yield engine
    engine.dispose()


@pytest.fixture
def application(settings: Settings) -> Iterator[FastAPI]:
    """The application in this process."""
    application = create_app(settings)
    yield application
    application.state.engine.dispose()


@pytest.fixture
def office(application: FastAPI, settings: Settings, engine: Engine, clean: Clean) -> Office:
    """Everybody at their desks."""

    def visitor() -> Visitor:
        return Visitor(TestClient(application, "http://127.0.0.1", raise_server_exceptions=False))

    return Office(visitor, settings, engine, clean.ids)
