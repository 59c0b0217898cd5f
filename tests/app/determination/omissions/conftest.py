"""Each test on the clean village: on a copy, or in a transaction that is rolled back."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from anyio.from_thread import start_blocking_portal
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.app.determination.conftest import Clean
from tests.support import databases
from tests.support.people import let_in

if TYPE_CHECKING:
    from fastapi import FastAPI

Person = Callable[[str], TestClient]


@pytest.fixture
def database(clean: Clean) -> Iterator[str]:
    """A copy of the clean village."""
    with databases.fresh_database(clean.url) as url:
        yield url


@pytest.fixture
def session(clean_engine: Engine) -> Iterator[Session]:
    """A session on the clean village whose work is rolled back."""
    with clean_engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            yield session
        outer.rollback()


@pytest.fixture
def person(application: "FastAPI") -> Iterator[Person]:
    """Somebody signed in at the application, by name; all on one loop."""
    with start_blocking_portal() as portal:
        known: dict[str, TestClient] = {}

        def of(name: str) -> TestClient:
            if name not in known:
                client = TestClient(application, "http://127.0.0.1", raise_server_exceptions=False)
                client.portal = portal
                let_in(client, name)
                known[name] = client
            return known[name]

        yield of
    application.state.engine.dispose()
