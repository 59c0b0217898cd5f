"""An officer to patrol, and questions to the database that people would put."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text

from tests.app.patrols.bodies import OFFICER


@pytest.fixture
def db(database: str) -> Iterator[Engine]:
    """An engine on the test's own database, with one officer in it."""
    engine = create_engine(database, connect_args={"options": "-c timezone=UTC"})
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO officer VALUES (:code, '王小明', '13800000000')"), {"code": OFFICER})
    yield engine
    engine.dispose()


def rows(engine: Engine, sql: str, **values: Any) -> list[tuple[Any, ...]]:
    """What a statement gives."""
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(sql), values)]


def counts(engine: Engine) -> dict[str, int]:
    """Rows of every table that a patrol may leave something in."""
    tables = ("patrol", "patrol_fixes", "track", "look", "day_tile")
    return {table: rows(engine, f"SELECT count(*) FROM {table}")[0][0] for table in tables}  # noqa: S608 - names above
