"""People of the small city, each at a browser of their own."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from shapely import union_all
from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.engine import URL

from app.coverage import service as coverage
from app.db import make_engine, transaction
from app.main import create_app
from app.rights import Role
from app.settings import Settings
from tests.support import databases, seeding
from tests.support.people import EVERYTHING, add_person
from tests.support.seeding import seed_city
from tests.support.visitor import Visitor

SignIn = Callable[[str], Visitor]


@pytest.fixture(scope="session")
def peopled(template: URL) -> Iterator[URL]:
    """A database to copy from: the small city with people in it, who all have the same password."""
    with databases.fresh_database(template) as url:
        engine = make_engine(url, pool_size=1)
        with transaction(engine) as session:
            first_day = Settings().today() - timedelta(days=400)
            seed_city(session, first_day)
            coverage.repaint(session, union_all([unit.shape for unit in seeding.units()]), first_day)
            add_person(session, "root", Role.ADMINISTRATOR, EVERYTHING)
            add_person(session, "admin-a", Role.ADMINISTRATOR, [(seeding.COUNTY_A, None)])
            add_person(session, "staff", Role.CITY, EVERYTHING)
            add_person(session, "town1", Role.TOWN, [(seeding.TOWN_1, None)])
            add_person(session, "village31", Role.VILLAGE, [(seeding.VILLAGE_31, None)])
            add_person(session, "w1", Role.OFFICER, (), officer_code="W1")
            add_person(session, "w2", Role.OFFICER, (), officer_code="W2")
        engine.dispose()
        yield make_url(url)


@pytest.fixture
def database(peopled: URL) -> Iterator[str]:
    """The URL of a fresh copy of it."""
    with databases.fresh_database(peopled) as url:
        yield url


@pytest.fixture
def tables(database: str) -> Iterator[Engine]:
    """The database of the application, for looking and for winding clocks back."""
    engine = create_engine(database)
    yield engine
    engine.dispose()


@pytest.fixture
def application(settings: Settings) -> Iterator[FastAPI]:
    """The application in this process; its connections end after all of its visitors."""
    application = create_app(settings)
    yield application
    application.state.engine.dispose()


@pytest.fixture
def visit(application: FastAPI) -> Callable[[], Visitor]:
    """Somebody's browser, not signed in; as many as wanted. The application's background work does not run."""
    return lambda: Visitor(TestClient(application, "http://127.0.0.1", raise_server_exceptions=False))


@pytest.fixture
def as_(visit: Callable[[], Visitor]) -> SignIn:
    """Somebody's browser, signed in by username."""

    def signed_in(username: str) -> Visitor:
        visitor = visit()
        answer = visitor.sign_in(username)
        assert answer.status_code == 200, answer.text
        return visitor

    return signed_in
