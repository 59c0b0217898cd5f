"""The small city behind a client."""

import pytest
from fastapi.testclient import TestClient

from app.db import make_engine, transaction
from tests.support.seeding import seed_city


@pytest.fixture
def city(client: TestClient, database: str) -> TestClient:
    """A client of an application that knows the small city."""
    engine = make_engine(database, pool_size=1)
    with transaction(engine) as session:
        seed_city(session)
    engine.dispose()
    return client
