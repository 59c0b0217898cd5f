"""Whether those who were let in may stay: asked for all open answers at once."""

from collections.abc import Callable, Iterable
from uuid import UUID

from sqlalchemy import Engine

from app.accounts.queries import presence as queries
from app.db import transaction
from app.settings import Settings

StillValid = Callable[[Iterable[UUID]], set[UUID]]


def still_valid(engine: Engine, settings: Settings) -> StillValid:
    """What open answers ask now and then: which of their sessions and tokens have not ended."""

    def check(ids: Iterable[UUID]) -> set[UUID]:
        with transaction(engine) as session:
            return queries.valid(session, ids, settings.now())

    return check
