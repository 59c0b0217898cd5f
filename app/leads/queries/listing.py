"""SQL of lists of leads: filters, counts, map tiles."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.leads.queries.leads import COLUMNS, IS_OVERDUE, IS_UNMATCHED, IS_UNPLACED
from app.scope import UNITS, Scope

EXTENT = 4096
BUFFER = 64

# What is counted beside the list: every filter but state and omission, which are what the counts are of.
_AROUND = f"""{UNITS.format(path="l.unit_path")}
    AND (CAST(:unit_path AS ltree) IS NULL OR l.unit_path <@ CAST(:unit_path AS ltree))
    AND (CAST(:source AS text) IS NULL OR l.source = :source)
    AND (CAST(:like AS text) IS NULL OR l.number ILIKE :like OR l.note ILIKE :like OR l.subject_name ILIKE :like
         OR l.subject_uscc ILIKE :like OR l.address ILIKE :like)"""
_ASKED = f"""{_AROUND}
    AND (CAST(:state AS text) IS NULL OR l.state = :state)
    AND CASE CAST(:omission AS text) WHEN 'unmatched' THEN {IS_UNMATCHED} WHEN 'unplaced' THEN {IS_UNPLACED}
        WHEN 'overdue' THEN {IS_OVERDUE} ELSE true END"""
_LISTED = text(
    f"SELECT {COLUMNS} FROM lead l WHERE {_ASKED} ORDER BY l.made_at DESC, l.id LIMIT :limit OFFSET :skip"  # noqa: S608
)
_COUNT = text(f"SELECT count(*) FROM lead l WHERE {_ASKED}")  # noqa: S608
_COUNTS = text(
    f"""SELECT l.state, count(*) AS n, count(*) FILTER (WHERE {IS_UNMATCHED}) AS unmatched,
        count(*) FILTER (WHERE {IS_UNPLACED}) AS unplaced, count(*) FILTER (WHERE {IS_OVERDUE}) AS overdue
    FROM lead l WHERE {_AROUND} GROUP BY l.state"""  # noqa: S608 - constants
)
_TILE = text(
    f"""WITH tile AS MATERIALIZED (
        SELECT ST_TileEnvelope(:z, :x, :y) AS env,
               ST_Transform(ST_TileEnvelope(:z, :x, :y, margin => CAST(:margin AS float8)), 4326) AS box
    ), shown AS (
        SELECT l.id::text AS id, l.state, l.source, {IS_UNMATCHED} AS unmatched, {IS_OVERDUE} AS overdue,
               ST_AsMVTGeom(ST_Transform(l.geom, 3857), (SELECT env FROM tile), {EXTENT}, {BUFFER}, true) AS geom
        FROM lead l WHERE l.geom && (SELECT box FROM tile) AND {_ASKED}
    )
    SELECT coalesce(ST_AsMVT(shown, 'leads', {EXTENT}, 'geom'), ''::bytea) FROM shown WHERE geom IS NOT NULL"""  # noqa: S608
)


class Asked(NamedTuple):
    """What a list is asked for; None means any. `words` are looked for in what was told, never in who told it."""

    state: str | None = None
    source: str | None = None
    unit_path: str | None = None
    omission: str | None = None
    words: str | None = None


class Counts(NamedTuple):
    """How many leads stand in a state, and how many of those are omissions."""

    state: str
    leads: int
    unmatched: int
    unplaced: int
    overdue: int


def listed(session: Session, scope: Scope, asked: Asked, today: date, limit: int, skip: int) -> Sequence[Row[Any]]:
    """Leads of a scope, newest first."""
    return session.execute(_LISTED, {**_values(scope, asked, today), "limit": limit, "skip": skip}).all()


def count(session: Session, scope: Scope, asked: Asked, today: date) -> int:
    """How many leads a list has."""
    return int(session.execute(_COUNT, _values(scope, asked, today)).scalar_one())


def counts(session: Session, scope: Scope, asked: Asked, today: date) -> list[Counts]:
    """Counts by state, whatever state and omission are asked for; a state without leads has no entry."""
    return [Counts(*row) for row in session.execute(_COUNTS, _values(scope, asked, today))]


def tile(session: Session, scope: Scope, asked: Asked, today: date, z: int, x: int, y: int) -> bytes:
    """The bytes of a vector tile of placed leads; empty when nothing is there."""
    values = {**_values(scope, asked, today), "z": z, "x": x, "y": y, "margin": BUFFER / EXTENT}
    return bytes(session.execute(_TILE, values).scalar_one_or_none() or b"")


def _values(scope: Scope, asked: Asked, today: date) -> dict[str, Any]:
    return {**scope.params(), **asked._asdict(), "like": _like(asked.words), "today": today}


def _like(words: str | None) -> str | None:
    if not words:
        return None
    plain = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{plain}%"
