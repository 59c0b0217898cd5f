"""Which visit did what somebody was sent to do: the first since then that went in, was near, saw whom it should."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from app.visits import queries
from geo.daytiles import DAY_ZERO, day_date


class Awaited(NamedTuple):
    """A visit that is waited for: to a site, and to see a tenancy there unless that is None. `key`: the caller's."""

    key: UUID
    site_id: UUID
    tenancy_id: UUID | None
    since: datetime


class Came(NamedTuple):
    """The visit that came, on its local day."""

    visit_id: UUID
    day: date


def answering(session: Session, awaited: Sequence[Awaited]) -> dict[UUID, Came]:
    """The first visit that each awaited one is answered by, by key; one that nobody made has no entry.

    Voided ones, such as did not get in, and such as were made from afar answer nothing.
    """
    rows = queries.answering(session, awaited)
    return {row.key: Came(row.visit_id, day_date(row.day) or DAY_ZERO) for row in rows}
