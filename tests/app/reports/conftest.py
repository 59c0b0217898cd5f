"""The small city in the test's own database, for tests that ask over HTTP."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine

from app.db import transaction
from tests.support.seeding import seed_city


@pytest.fixture
def place(database: str) -> Iterator[Engine]:
    """An engine on the test's own database with the city in it."""
    engine = create_engine(database, connect_args={"options": "-c timezone=UTC"})
    with transaction(engine) as session:
        seed_city(session)
    yield engine
    engine.dispose()
