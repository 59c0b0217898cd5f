"""SQL of single rows of lists, wherever they belong."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.baselines.queries.lists import CHECKED

_LISTS = text("SELECT DISTINCT baseline_id FROM baseline_row WHERE id = ANY(:ids)")
_ROWS = text(
    f"""SELECT r.id, r.baseline_id, b.name AS list_name, r.row_number, r.name, r.unit_path::text AS unit_path,
        r.grid_code, ST_X(COALESCE(r.place, s.place)) AS lon, ST_Y(COALESCE(r.place, s.place)) AS lat, r.state,
        r.site_id, r.tenancy_id, r.decided_at, r.visited_on, b.withdrawn_at IS NOT NULL AS is_withdrawn,
        {CHECKED} AS is_checked
    FROM baseline_row r JOIN baseline b ON b.id = r.baseline_id LEFT JOIN site s ON s.id = r.site_id
    WHERE r.id = ANY(:ids)"""  # noqa: S608 - a constant
)


def lists_of(session: Session, ids: Sequence[int]) -> list[UUID]:
    """The lists that some rows are of."""
    return [row.baseline_id for row in session.execute(_LISTS, {"ids": list(ids)})]


def rows(session: Session, ids: Sequence[int], checked: dict[str, Any]) -> Sequence[Row[Any]]:
    """Those of the rows that exist; `checked`: the sites and tenancies that are, as `app.baselines.figures` says."""
    return session.execute(_ROWS, {"ids": list(ids), **checked}).all()
