"""SQL of how cases ended."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.cases.queries.parts import IS_COMPLETE, IS_FINISHED

_ENDINGS = text(
    f"""SELECT c.id, {IS_FINISHED} AS is_finished, ({IS_FINISHED} AND {IS_COMPLETE}) AS is_whole, e.on_day AS closed_on,
        e.at AS closed_at, c.supervised_level
    FROM case_file c LEFT JOIN LATERAL (
        SELECT e.on_day, e.at FROM case_event e WHERE e.case_id = c.id AND e.kind = 'closed' ORDER BY e.id DESC LIMIT 1
    ) e ON true
    WHERE c.id = ANY(:ids)"""  # noqa: S608 - constants
)
_LOOK_BACKS = text(
    """SELECT b.case_id, b.due_on, b.done_on, b.visit_id, COALESCE(v.state = 'voided', false) AS visit_voided
    FROM look_back b JOIN case_file c ON c.id = b.case_id LEFT JOIN visit v ON v.id = b.visit_id
    WHERE b.case_id = ANY(:ids) AND (b.done_on IS NOT NULL OR b.round = c.relapses) ORDER BY b.case_id, b.due_on"""
)


def endings(session: Session, ids: Sequence[UUID]) -> Sequence[Row[Any]]:
    """id, is_finished, is_whole, closed_on, closed_at, supervised_level of those of the cases that exist."""
    return session.execute(_ENDINGS, {"ids": list(ids)}).all()


def look_backs(session: Session, ids: Sequence[UUID]) -> Sequence[Row[Any]]:
    """case_id, due_on, done_on, visit_id, visit_voided of looks back that were done or are due in this round."""
    return session.execute(_LOOK_BACKS, {"ids": list(ids)}).all()
