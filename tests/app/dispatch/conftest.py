"""The city with its people: officers' phones, and desks that send them out."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
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

Person = Callable[[str], TestClient]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Work goes on all day, so that no test finds something in the night that it does not by day."""
    return settings.model_copy(update={"work_starts": time(0), "work_ends": time(0)})


def put_people(session: Session) -> None:
    """The city with its people, and those who send them out."""
    add_people(session)
    add_person(session, "head", Role.LEADER, [(seeding.TOWN_1, None)])
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
def person(city: Engine, application: "FastAPI") -> Iterator[Person]:
    """One of the people, signed in."""
    with ExitStack() as stack:
        known: dict[str, TestClient] = {}

        def client_of(name: str) -> TestClient:
            if name not in known:
                known[name] = stack.enter_context(signed_in(application, name))
            return known[name]

        yield client_of


@pytest.fixture
def head(person: Person) -> TestClient:
    """The head of town 1, in which villages 11 and 12 are."""
    return person("head")


@pytest.fixture
def w1(person: Person) -> TestClient:
    """The phone of officer W1."""
    return person("w1")
