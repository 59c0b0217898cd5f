"""The small city behind a client, and an engine on the same database."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.db import make_engine
from tests.support.databases import Seed
from tests.support.seeding import seed_city


@pytest.fixture
def world_seed() -> Seed:
    """The small city."""
    return seed_city


@pytest.fixture
def own_engine(database: str) -> Iterator[Engine]:
    """An engine on the test's own database, with the small city in it."""
    engine = make_engine(database, pool_size=2)
    yield engine
    engine.dispose()


@pytest.fixture
def city(client: TestClient, own_engine: Engine) -> TestClient:
    """The operator at an application that knows the small city."""
    return client
