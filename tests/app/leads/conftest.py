"""The city with its people, and an officer's phone."""

from collections.abc import Iterator
from datetime import time
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from app.rights import Role
from app.settings import Settings
from tests.support import seeding
from tests.support.databases import Seed
from tests.support.people import add_person
from tests.support.phone import add_people, signed_in

if TYPE_CHECKING:
    from fastapi import FastAPI


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Work goes on all day, so that no test finds something in the night that it does not by day."""
    return settings.model_copy(update={"work_starts": time(0), "work_ends": time(0)})


def put_people(session: Session) -> None:
    """The city with its people, and those who take calls."""
    add_people(session)
    add_person(session, "intake", Role.INTAKE, [(seeding.COUNTY_A, None)])
    add_person(session, "county", Role.COUNTY, [(seeding.COUNTY_A, None)])


@pytest.fixture
def world_seed() -> Seed:
    """The city with its people."""
    return put_people


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


@pytest.fixture
def town(city: Engine, application: "FastAPI") -> Iterator[TestClient]:
    """Staff of town 1, in which villages 11 and 12 are."""
    with signed_in(application, "town") as client:
        yield client


@pytest.fixture
def intake(city: Engine, application: "FastAPI") -> Iterator[TestClient]:
    """Who takes calls, for county A."""
    with signed_in(application, "intake") as client:
        yield client
