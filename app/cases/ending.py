"""How the work on cases ended, as others who wait for it ask: closed with all that belongs to it, looked at again."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from app.cases.queries import ending as queries


class Ending(NamedTuple):
    """Whether a case is closed now, and with all five of 两断三清 (`is_whole`).

    `closed_on`, `closed_at`: the day it was closed last and when that was written down, also before a relapse.
    """

    is_finished: bool
    is_whole: bool
    closed_on: date | None
    closed_at: datetime | None
    supervised_level: str | None


class Looked(NamedTuple):
    """A look back that was due on a day; `done_on` None: not done. `visit_voided`: what it went by counts no longer."""

    due_on: date
    done_on: date | None
    visit_id: UUID | None
    visit_voided: bool


def endings(session: Session, ids: Iterable[UUID]) -> dict[UUID, Ending]:
    """Those of the cases that exist."""
    return {
        row.id: Ending(row.is_finished, row.is_whole, row.closed_on, row.closed_at, row.supervised_level)
        for row in queries.endings(session, list(ids))
    }


def look_backs(session: Session, ids: Iterable[UUID]) -> dict[UUID, list[Looked]]:
    """The looks back of cases by their day; those that a relapse made pointless are left out."""
    found: dict[UUID, list[Looked]] = {}
    for row in queries.look_backs(session, list(ids)):
        found.setdefault(row.case_id, []).append(Looked(row.due_on, row.done_on, row.visit_id, row.visit_voided))
    return found
