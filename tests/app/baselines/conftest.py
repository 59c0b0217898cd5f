"""The small city with sites and tenants, lists sent in by its people, and their matching done at once."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.db import make_engine
from app.rights import Role
from app.settings import Settings
from tests.app.baselines.world import World
from tests.support.databases import Seed
from tests.support.people import add_person
from tests.support.phone import signed_in
from tests.support.seeding import COUNTY_A, VILLAGE_11, VILLAGE_21, seed_city

PEOPLE = {
    "county": (Role.COUNTY, COUNTY_A),
    "village11": (Role.VILLAGE, VILLAGE_11),
    "village21": (Role.VILLAGE, VILLAGE_21),
    "leader": (Role.LEADER, COUNTY_A),
}


class People(dict[str, TestClient]):
    """Those who have signed in; whoever is asked for does."""

    def __init__(self, application: FastAPI, stack: ExitStack) -> None:
        super().__init__()
        self._application, self._stack = application, stack

    def __missing__(self, name: str) -> TestClient:
        self[name] = self._stack.enter_context(signed_in(self._application, name))
        return self[name]


def put_people(session: Session) -> None:
    """The small city with its people."""
    seed_city(session)
    for name, (role, unit) in PEOPLE.items():
        add_person(session, name, role, ((unit, None),))


@pytest.fixture
def world_seed() -> Seed:
    """The small city with its people."""
    return put_people


@pytest.fixture
def own_engine(database: str) -> Iterator[Engine]:
    """An engine on the test's own database, with the small city and its people in it."""
    engine = make_engine(database, pool_size=3)
    yield engine
    engine.dispose()


@pytest.fixture
def world(own_engine: Engine, settings: Settings, application: FastAPI, client: TestClient) -> Iterator[World]:
    """The city, the operator, and whoever signs in."""
    with ExitStack() as stack:
        yield World(own_engine, settings, client, People(application, stack))
