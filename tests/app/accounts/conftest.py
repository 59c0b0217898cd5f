"""People of the small city, each at a browser of their own."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, create_engine

from app.db import transaction
from app.rights import Role
from tests.support import seeding
from tests.support.people import EVERYTHING, add_person
from tests.support.seeding import seed_city
from tests.support.visitor import Visitor

SignIn = Callable[[str], Visitor]


@pytest.fixture
def tables(database: str) -> Iterator[Engine]:
    """The database of the application, for looking and for winding clocks back."""
    engine = create_engine(database)
    yield engine
    engine.dispose()


@pytest.fixture
def city(tables: Engine) -> None:
    """The small city with people in it; all have the same password."""
    with transaction(tables) as session:
        seed_city(session)
        add_person(session, "root", Role.ADMINISTRATOR, EVERYTHING)
        add_person(session, "admin-a", Role.ADMINISTRATOR, [(seeding.COUNTY_A, None)])
        add_person(session, "staff", Role.CITY, EVERYTHING)
        add_person(session, "town1", Role.TOWN, [(seeding.TOWN_1, None)])
        add_person(session, "village31", Role.VILLAGE, [(seeding.VILLAGE_31, None)])
        add_person(session, "w1", Role.OFFICER, (), officer_code="W1")
        add_person(session, "w2", Role.OFFICER, (), officer_code="W2")


@pytest.fixture
def visit(application: FastAPI, city: None) -> Iterator[Callable[[], Visitor]]:
    """Somebody's browser, not signed in; as many as wanted."""
    with ExitStack() as opened:

        def visitor() -> Visitor:
            client = TestClient(application, "http://127.0.0.1", raise_server_exceptions=False)
            return Visitor(opened.enter_context(client))

        yield visitor


@pytest.fixture
def as_(visit: Callable[[], Visitor]) -> SignIn:
    """Somebody's browser, signed in by username."""

    def signed_in(username: str) -> Visitor:
        visitor = visit()
        answer = visitor.sign_in(username)
        assert answer.status_code == 200, answer.text
        return visitor

    return signed_in
