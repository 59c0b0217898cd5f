"""People at the review, each with a browser's session of their own."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import NamedTuple

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL, make_url

from app.main import create_app
from app.settings import Settings
from tests.app.review.world import PEOPLE, World
from tests.support import databases
from tests.support.people import PASSWORD
from tests.support.server import OPERATOR_TOKEN

Person = Callable[[str], TestClient]


class Built(NamedTuple):
    """A database with the city and its people, to be copied; each person's session is open in every copy."""

    url: URL
    accounts: dict[str, int]
    cookies: dict[str, dict[str, str]]
    csrf: dict[str, str]


@pytest.fixture(scope="session")
def built(template: URL) -> Iterator[Built]:
    """Built once: painting a city and hashing passwords takes longer than a test."""
    with databases.fresh_database(template) as url:
        engine = _engine(url)
        settings = Settings(database_url=url)
        world = World.built(engine, settings)
        engine.dispose()
        cookies, csrf = {}, {}
        for name in PEOPLE:
            with TestClient(create_app(settings), "http://127.0.0.1") as client:
                answer = client.post("/api/session", json={"username": name, "password": PASSWORD})
                cookies[name], csrf[name] = dict(client.cookies), answer.json()["csrf_token"]
        yield Built(make_url(url), world.accounts, cookies, csrf)


@pytest.fixture
def settings(built: Built) -> Iterator[Settings]:
    """Settings of an application on a copy."""
    with databases.fresh_database(built.url) as url:
        yield Settings(database_url=url, operator_token=SecretStr(OPERATOR_TOKEN), pool_size=8)


@pytest.fixture
def world(settings: Settings, built: Built) -> Iterator[World]:
    """The small city with its people, and no records yet."""
    engine = _engine(settings.database_url or "")
    yield World(engine, settings, dict(built.accounts))
    engine.dispose()


@pytest.fixture
def person(application: FastAPI, built: Built) -> Iterator[Person]:
    """One of the people, signed in."""
    with ExitStack() as stack:
        known: dict[str, TestClient] = {}

        def signed_in(name: str) -> TestClient:
            if name not in known:
                client = TestClient(application, "http://127.0.0.1", raise_server_exceptions=False)
                client.cookies.update(built.cookies[name])
                client.headers["X-CSRF-Token"] = built.csrf[name]
                known[name] = stack.enter_context(client)
            return known[name]

        yield signed_in


def _engine(url: str) -> Engine:
    return create_engine(url, connect_args={"options": "-c timezone=UTC"})
