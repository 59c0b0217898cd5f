"""Rows of lists in force that nobody has looked into: counts by unit, and rows that say where."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.baselines.queries.lists import CHECKED
from app.scope import GRIDS

_IN_FORCE = "b.withdrawn_at IS NULL AND CAST(b.created_at AT TIME ZONE :zone AS date) <= :on"
_HERE = f"r.unit_path <@ CAST(:path AS ltree) AND {GRIDS.format(path='r.unit_path', grid='r.grid_code')}"
_LISTS = text(
    f"""SELECT b.id FROM baseline b
    WHERE {_IN_FORCE} AND EXISTS (SELECT FROM baseline_row r WHERE r.baseline_id = b.id AND {_HERE})"""  # noqa: S608
)
_UNCHECKED = f"""FROM baseline_row r JOIN baseline b ON b.id = r.baseline_id
    WHERE {_IN_FORCE} AND {_HERE} AND NOT {CHECKED}"""
_COUNTS = text(f"SELECT r.unit_path::text AS unit_path, count(*) AS n {_UNCHECKED} GROUP BY r.unit_path")
_PAGE = text(
    f"""SELECT 'baseline_row:' || r.id AS subject, r.id, r.baseline_id, r.row_number, r.name, r.address, r.state,
        r.unit_path::text AS unit_path, COALESCE(r.grid_code, s.grid_code) AS grid_code, b.name AS list_name,
        CAST(b.created_at AT TIME ZONE :zone AS date) AS since,
        ST_X(COALESCE(r.place, s.place)) AS lon, ST_Y(COALESCE(r.place, s.place)) AS lat
    {_UNCHECKED.replace("WHERE", "LEFT JOIN site s ON s.id = r.site_id WHERE", 1)}
    ORDER BY subject LIMIT :limit OFFSET :skip"""
)


def lists(session: Session, values: dict[str, Any]) -> list[UUID]:
    """Lists in force with rows at or below the unit."""
    return [row.id for row in session.execute(_LISTS, values)]


def counts(session: Session, values: dict[str, Any]) -> Sequence[Row[Any]]:
    """unit_path, n."""
    return session.execute(_COUNTS, values).all()


def page(session: Session, values: dict[str, Any]) -> Sequence[Row[Any]]:
    """Unchecked rows by subject."""
    return session.execute(_PAGE, values).all()
