"""SQL of lists of orders: filters, counts, those of one officer."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.scope import GRIDS, Scope

IS_OVERDUE = "(o.state = 'open' AND o.deadline < :today)"
_STORED = """id subject_kind subject omission name words unit_code grid_code area_m2 officer_code deadline state done_on
    level climbed_on created_by created_at version"""
COLUMNS = f"""{", ".join(f"o.{name}" for name in _STORED.split())}, o.unit_path::text AS unit_path,
    ST_X(o.place) AS lon, ST_Y(o.place) AS lat, {IS_OVERDUE} AS is_overdue"""
# What is counted beside the list: every filter but state, overdue and level, which are what the counts are of.
_AROUND = f"""{GRIDS.format(path="o.unit_path", grid="o.grid_code")}
    AND (CAST(:unit_path AS ltree) IS NULL OR o.unit_path <@ CAST(:unit_path AS ltree))
    AND (CAST(:officer AS text) IS NULL OR o.officer_code = :officer)
    AND (CAST(:kind AS text) IS NULL OR o.subject_kind = :kind)
    AND (CAST(:subject AS text) IS NULL OR o.subject = :subject)
    AND (CAST(:like AS text) IS NULL OR o.name ILIKE :like OR o.words ILIKE :like)"""
_ASKED = f"""{_AROUND}
    AND (CAST(:state AS text) IS NULL OR o.state = :state)
    AND (NOT CAST(:overdue AS boolean) OR {IS_OVERDUE})
    AND (CAST(:level AS text) IS NULL OR (o.level = :level AND o.state = 'open'))"""
_ORDER = """CASE o.state WHEN 'open' THEN 0 ELSE 1 END, CASE WHEN o.state = 'open' THEN o.deadline END,
    o.created_at DESC, o.id"""
_LISTED = text(
    f"SELECT {COLUMNS} FROM work_order o WHERE {_ASKED} ORDER BY {_ORDER} LIMIT :limit OFFSET :skip"  # noqa: S608
)
_COUNT = text(f"SELECT count(*) FROM work_order o WHERE {_ASKED}")  # noqa: S608
_COUNTS = text(
    f"""SELECT o.state, o.level, count(*) AS orders, count(*) FILTER (WHERE {IS_OVERDUE}) AS overdue
    FROM work_order o WHERE {_AROUND} GROUP BY o.state, o.level"""  # noqa: S608 - constants
)
_ONE = text(
    f"""SELECT {COLUMNS}, ST_AsBinary(o.area) AS area, CAST(ST_AsGeoJSON(o.area, 7) AS json) AS area_geojson, o.done_by
    FROM work_order o WHERE o.id = :id"""  # noqa: S608 - constants
)
_OF_OFFICER = text(
    f"""SELECT {COLUMNS}, ST_AsBinary(o.area) AS area, EXISTS (
        SELECT FROM work_order_event e WHERE e.order_id = o.id AND e.kind = 'seen'
          AND e.facts->>'officer_code' = :officer) AS is_seen
    FROM work_order o WHERE o.officer_code = :officer AND o.state = 'open'
    ORDER BY o.deadline, o.created_at, o.id LIMIT :limit"""  # noqa: S608 - constants
)


_NEWS = text(
    f"""SELECT count(*) FILTER (WHERE o.state = 'open') AS open, count(*) FILTER (WHERE {IS_OVERDUE}) AS overdue,
        count(*) FILTER (WHERE CAST(o.created_at AT TIME ZONE :zone AS date) >= :since) AS new
    FROM work_order o
    WHERE o.unit_path <@ CAST(:unit_path AS ltree) AND o.state <> 'withdrawn'"""  # noqa: S608 - a constant
)


class Asked(NamedTuple):
    """What a list is asked for; None means any."""

    state: str | None = None
    overdue: bool = False
    level: str | None = None
    unit_path: str | None = None
    officer: str | None = None
    kind: str | None = None
    subject: str | None = None
    words: str | None = None


def listed(session: Session, scope: Scope, asked: Asked, today: date, limit: int, skip: int) -> Sequence[Row[Any]]:
    """Orders of a scope: open ones by deadline, then the others, the newest first."""
    return session.execute(_LISTED, {**_values(scope, asked, today), "limit": limit, "skip": skip}).all()


def count(session: Session, scope: Scope, asked: Asked, today: date) -> int:
    """How many orders a list has."""
    return int(session.execute(_COUNT, _values(scope, asked, today)).scalar_one())


def counts(session: Session, scope: Scope, asked: Asked, today: date) -> Sequence[Row[Any]]:
    """state, level, orders, overdue of the other filters; what there is none of has no entry."""
    return session.execute(_COUNTS, _values(scope, asked, today)).all()


def one(session: Session, order_id: UUID, today: date) -> Row[Any] | None:
    """An order with area (WKB), area_geojson and done_by; None when there is none."""
    return session.execute(_ONE, {"id": order_id, "today": today}).first()


def of_officer(session: Session, officer_code: str, today: date, limit: int) -> Sequence[Row[Any]]:
    """An officer's open orders, the most urgent first, with area (WKB) and whether they saw each."""
    return session.execute(_OF_OFFICER, {"officer": officer_code, "today": today, "limit": limit}).all()


def news(session: Session, unit_path: str, today: date, since: date, zone: str) -> Row[Any]:
    """open, overdue, and new: made on or after a local day, of orders at or below a unit that were not taken back."""
    values = {"unit_path": unit_path, "today": today, "since": since, "zone": zone}
    return session.execute(_NEWS, values).one()


def _values(scope: Scope, asked: Asked, today: date) -> dict[str, Any]:
    return {**scope.params(), **asked._asdict(), "like": _like(asked.words), "today": today}


def _like(words: str | None) -> str | None:
    if not words:
        return None
    plain = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{plain}%"
