"""SQL of rows: what they are, what they may be, what people said they are."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.baselines.queries.lists import CHECKED
from app.scope import GRIDS, Scope

_IN_SCOPE = GRIDS.format(path="r.unit_path", grid="r.grid_code")
_COLUMNS = f"""r.id, r.baseline_id, r.row_number, r.name, r.uscc, r.uscc_valid, r.address, r.contact,
    ST_X(r.place) AS lon, ST_Y(r.place) AS lat, r.unit_path::text AS unit_path, r.grid_code, r.extra, r.findings,
    r.state, r.site_id, r.tenancy_id, r.score, r.reasons, r.decided_by, r.decided_at, r.decided_why, r.visited_on,
    {CHECKED} AS is_checked"""
_FILTERED = f"""FROM baseline_row r WHERE r.baseline_id = :id AND {_IN_SCOPE}
    AND (CAST(:state AS text) IS NULL OR r.state = :state)
    AND (CAST(:checked AS boolean) IS NULL OR {CHECKED} = :checked)
    AND (CAST(:with_findings AS boolean) IS NULL OR (cardinality(r.findings) > 0) = :with_findings)
    AND (CAST(:q AS text) IS NULL OR r.name ILIKE :q OR r.uscc ILIKE :q OR r.address ILIKE :q)"""
_LISTED = text(f"SELECT {_COLUMNS} {_FILTERED} ORDER BY r.row_number LIMIT :limit OFFSET :skip")
_COUNT = text(f"SELECT count(*) {_FILTERED}")
_ONE = text(f"SELECT {_COLUMNS} FROM baseline_row r WHERE r.baseline_id = :id AND r.id = :row_id")  # noqa: S608
_LOCKED = text(
    f"""SELECT {_COLUMNS} FROM baseline_row r WHERE r.baseline_id = :id AND r.id = :row_id FOR NO KEY UPDATE"""  # noqa: S608
)
_CANDIDATES = text(
    """SELECT row_id, rank, site_id, tenancy_id, score, reasons FROM baseline_candidate
    WHERE row_id = ANY(:ids) ORDER BY row_id, rank"""
)
_DECIDE = text(
    """UPDATE baseline_row SET state = :state, site_id = :site_id, tenancy_id = :tenancy_id, score = :score,
        reasons = string_to_array(:reasons, E'\\n'), decided_by = :by_name, decided_at = now(), decided_why = :why,
        visited_on = :visited_on
    WHERE id = :row_id"""
)
NOTHING_CHECKED: dict[str, Any] = {"checked_sites": [], "checked_tenancies": []}


def _like(q: str | None) -> str | None:
    if not q:
        return None
    escaped = q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def page(
    session: Session,
    scope: Scope,
    baseline_id: UUID,
    asked: dict[str, Any],
    checked: dict[str, Any],
    limit: int,
    skip: int,
) -> tuple[int, Sequence[Row[Any]]]:
    """How many rows of a list in a scope are as asked (state, checked, with_findings, q), and a page by number."""
    values = {"id": baseline_id, **asked, "q": _like(asked["q"]), **checked, **scope.params()}
    total = int(session.execute(_COUNT, values).scalar_one())
    return total, session.execute(_LISTED, {**values, "limit": limit, "skip": skip}).all()


def one(
    session: Session, baseline_id: UUID, row_id: int, checked: dict[str, Any], *, lock: bool = False
) -> Row[Any] | None:
    """A row, with `lock` held until the transaction ends; None when the list has none of the id."""
    values = {"id": baseline_id, "row_id": row_id, **checked}
    return session.execute(_LOCKED if lock else _ONE, values).first()


def candidates(session: Session, ids: Sequence[int]) -> dict[int, list[Row[Any]]]:
    """What each row may be, best first; a row without any has no entry."""
    found: dict[int, list[Row[Any]]] = {}
    for row in session.execute(_CANDIDATES, {"ids": list(ids)}):
        found.setdefault(row.row_id, []).append(row)
    return found


def decide(session: Session, row_id: int, values: dict[str, Any]) -> None:
    """Write what a person said."""
    reasons = "\n".join(values.pop("reasons"))
    session.execute(_DECIDE, {"row_id": row_id, **values, "reasons": reasons})
