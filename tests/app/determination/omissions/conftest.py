"""Each test on the clean village: on a copy, or in a transaction that is rolled back."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.app.determination.conftest import Clean
from tests.support import databases


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
