"""What is left undone about cases: counts by unit, and rows that say where and since when."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.cases.queries.parts import CLOSED_INCOMPLETE, LOOK_BACK_MISSED, OVERDUE
from app.scope import UNITS

_LEFT_OUT = f"""FROM case_file c CROSS JOIN LATERAL (
        SELECT 'case_overdue' AS kind, c.deadline + 1 AS since WHERE {OVERDUE}
        UNION ALL SELECT 'case_closed_incomplete', c.closed_on WHERE {CLOSED_INCOMPLETE}
        UNION ALL SELECT 'look_back_missed', (
            SELECT min(b.due_on) + 1 FROM look_back b
            WHERE b.case_id = c.id AND b.round = c.relapses AND b.done_on IS NULL) WHERE {LOOK_BACK_MISSED}
    ) AS k
    WHERE {UNITS.format(path="c.unit_path")} AND c.unit_path <@ CAST(:path AS ltree)"""  # noqa: S608 - constants
_COUNTS = text(f"SELECT k.kind, c.unit_path::text AS unit_path, count(*) AS n {_LEFT_OUT} GROUP BY k.kind, c.unit_path")
_PAGE = text(
    f"""SELECT k.kind, 'case:' || c.id AS subject, k.since, c.id, c.number, c.party_name,
        c.unit_path::text AS unit_path, c.grid_code, c.address, ST_X(c.place) AS lon, ST_Y(c.place) AS lat,
        c.handler_name, c.handler_phone
    {_LEFT_OUT} AND k.kind = ANY(CAST(:kinds AS text[])) ORDER BY k.kind, subject LIMIT :limit OFFSET :skip"""
)


def counts(session: Session, values: dict[str, Any]) -> Sequence[Row[Any]]:
    """kind, unit_path, n."""
    return session.execute(_COUNTS, values).all()


def page(session: Session, values: dict[str, Any]) -> Sequence[Row[Any]]:
    """Omissions of the kinds asked for, by kind and subject."""
    return session.execute(_PAGE, values).all()
