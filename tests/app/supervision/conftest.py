"""The small city with cases and sites to draw from, and those who look."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from tests.support.databases import Seed
from tests.support.seeding import seed_city


@pytest.fixture
def city(session: Session) -> Session:
    """The small city, rolled back at the end."""
    seed_city(session)
    return session


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
