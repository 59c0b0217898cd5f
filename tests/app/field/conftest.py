"""The city with its people, and an officer's phone."""

from collections.abc import Iterator
from datetime import time
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, create_engine

from app.settings import Settings
from tests.support.databases import Seed
from tests.support.phone import add_people, signed_in

if TYPE_CHECKING:
    from fastapi import FastAPI


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Work goes on all day, so that no test finds something in the night that it does not by day."""
    return settings.model_copy(update={"work_starts": time(0), "work_ends": time(0)})


@pytest.fixture
def world_seed() -> Seed:
    """The city with its people."""
    return add_people


@pytest.fixture
def city(database: str) -> Iterator[Engine]:
    """An engine on the test's own database with the city and its people in it."""
    engine = create_engine(database, connect_args={"options": "-c timezone=UTC"})
    yield engine
    engine.dispose()


@pytest.fixture
def w1(city: Engine, application: "FastAPI") -> Iterator[TestClient]:
    """The phone of officer W1."""
    with signed_in(application, "w1") as client:
        yield client
