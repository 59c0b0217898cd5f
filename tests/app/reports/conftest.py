"""The small city in the test's own database, for tests that ask over HTTP."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine

from tests.support.databases import Seed
from tests.support.seeding import seed_city


@pytest.fixture
def world_seed() -> Seed:
    """The small city."""
    return seed_city


@pytest.fixture
def place(database: str) -> Iterator[Engine]:
    """An engine on the test's own database with the city in it."""
    engine = create_engine(database, connect_args={"options": "-c timezone=UTC"})
    yield engine
    engine.dispose()
