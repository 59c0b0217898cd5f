"""A clean village, built once a run; each test works on a copy or in a transaction that is rolled back."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL, make_url

from app.db import transaction
from app.main import create_app
from app.settings import Settings
from tests.app.determination import village
from tests.support import databases
from tests.support.server import OPERATOR_TOKEN


@dataclass(frozen=True)
class Clean:
    """The database of the clean village, and ids of what stands in it."""

    url: URL
    ids: dict[str, str]


@pytest.fixture(scope="session")
def clean(template: URL, run_directory: Path) -> Iterator[Clean]:
    """Built once, to be copied."""
    with databases.fresh_database(template) as url:
        settings = Settings(
            database_url=url, operator_token=SecretStr(OPERATOR_TOKEN), data_dir=run_directory / "clean"
        )
        engine = create_engine(url, connect_args={"options": "-c timezone=UTC"})
        with transaction(engine) as session:
            village.seed(session, settings.today() - timedelta(days=60))
        engine.dispose()
        headers = {"Authorization": f"Bearer {OPERATOR_TOKEN}"}
        with TestClient(create_app(settings), "http://127.0.0.1", headers=headers) as office:
            ids = village.furnish(office, settings)
        yield Clean(make_url(url), json.loads(json.dumps(ids)))


@pytest.fixture(scope="module")
def clean_engine(clean: Clean) -> Iterator[Engine]:
    """An engine on a copy that no test of the module changes for good."""
    with databases.fresh_database(clean.url) as url:
        engine = create_engine(url, connect_args={"options": "-c timezone=UTC"})
        yield engine
        engine.dispose()
