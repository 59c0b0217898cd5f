"""The small city behind a client."""

import pytest
from fastapi.testclient import TestClient

from tests.support.databases import Seed
from tests.support.seeding import seed_city


@pytest.fixture
def world_seed() -> Seed:
    """The small city."""
    return seed_city


@pytest.fixture
def city(client: TestClient) -> TestClient:
    """A client of an application that knows the small city."""
    return client
