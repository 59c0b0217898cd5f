"""The database edge: engine, session, and the one place that commits.

A request is one transaction: routes get a session from `get_session`, which commits before the answer leaves and rolls
back on any error. Command-line work uses `transaction`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import DeclarativeBase, Session


class Base(DeclarativeBase):
    """Base of all models."""


def make_engine(url: str, pool_size: int = 20) -> Engine:
    """An engine on psycopg 3 with a bounded pool that notices dead connections."""
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
        hide_parameters=True,  # an error is logged with its statement, and values may be who reported
        connect_args={"options": "-c timezone=UTC", "application_name": "wuyilou"},
    )


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """A session whose work is committed at the end, or not at all."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


def get_session(request: Request) -> Iterator[Session]:
    """The request's transaction, committed before the answer leaves (`scope="function"`).

    `app.state.before_commit`, if set, is given the session and the request last: it writes the audit.
    """
    with transaction(request.app.state.engine) as session:
        yield session
        before_commit = getattr(request.app.state, "before_commit", None)
        if before_commit is not None:
            before_commit(session, request)


# scope="function": FastAPI would otherwise commit only after the answer was sent, and a yes could be followed by a no.
SessionDep = Annotated[Session, Depends(get_session, scope="function")]
