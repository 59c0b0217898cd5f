"""Whether leads were answered: somebody looked into them, and what they go by still stands."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from app.leads.queries import steps as queries


class Answered(NamedTuple):
    """When a lead was last answered, and by which visit, None for a look that is only told in words."""

    at: datetime
    looked_on: date | None
    visit_id: UUID | None


def answered(session: Session, ids: Iterable[UUID]) -> dict[UUID, Answered]:
    """Those of the leads that are checked or beyond; one whose visit was voided is not."""
    rows = queries.answered(session, list(ids))
    return {
        row.lead_id: Answered(
            row.at, None if row.looked_on is None else date.fromisoformat(row.looked_on), row.visit_id
        )
        for row in rows
    }
