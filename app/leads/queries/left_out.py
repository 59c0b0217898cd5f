"""What is left out about leads: counts by unit, and rows that say where, whose and since when."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.leads.queries.leads import IS_OVERDUE, IS_UNMATCHED, IS_UNPLACED
from app.omitted import BELOW_OR_OUTSIDE
from app.scope import UNITS

_CAME_ON = "CAST(l.received_at AT TIME ZONE :zone AS date)"
_LEFT_OUT = f"""FROM lead l CROSS JOIN LATERAL (VALUES
        ('lead_unmatched', {IS_UNMATCHED}, {_CAME_ON}),
        ('lead_unplaced', {IS_UNPLACED}, {_CAME_ON}),
        ('lead_overdue', {IS_OVERDUE}, l.deadline + 1)
    ) AS o (kind, holds, since)
    WHERE l.state IN ('new', 'assigned', 'checked') AND o.holds AND {_CAME_ON} <= :today
      AND {BELOW_OR_OUTSIDE.format(path="l.unit_path")} AND {UNITS.format(path="l.unit_path")}"""
_COUNTS = text(f"SELECT o.kind, l.unit_path::text AS unit_path, count(*) AS n {_LEFT_OUT} GROUP BY o.kind, l.unit_path")
_PAGE = text(
    f"""SELECT o.kind, 'lead:' || l.id AS subject, l.id, l.what, l.number, l.address, l.source,
        l.unit_path::text AS unit_path, l.grid_code, l.assigned_to, o.since, ST_X(l.geom) AS lon, ST_Y(l.geom) AS lat
    {_LEFT_OUT} AND o.kind = ANY(CAST(:kinds AS text[])) ORDER BY o.kind, subject LIMIT :limit OFFSET :skip"""
)


def counts(session: Session, values: dict[str, Any]) -> Sequence[Row[Any]]:
    """kind, unit_path, n."""
    return session.execute(_COUNTS, values).all()


def page(session: Session, values: dict[str, Any]) -> Sequence[Row[Any]]:
    """Omissions of the kinds asked for, by kind and subject."""
    return session.execute(_PAGE, values).all()
