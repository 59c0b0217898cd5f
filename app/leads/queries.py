"""SQL of leads."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.scope import UNITS, Scope

_INSERT = text(
    """INSERT INTO lead (id, source, what, note, officer_code, geom, accuracy_m, datum, unit_path, grid_code, made_at,
        content_digest, answer)
    VALUES (:id, 'officer', :what, :note, :officer_code, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326), :accuracy_m,
        :datum, CAST(:unit_path AS ltree), :grid_code, :made_at, :content_digest, CAST(:answer AS jsonb))"""
)
_STORED = text("SELECT content_digest, answer FROM lead WHERE id = :id")
_COLUMNS = """l.id, l.state, l.source, l.what, l.note, l.officer_code, l.accuracy_m, l.made_at, l.received_at, l.answer,
    ST_X(l.geom) AS lon, ST_Y(l.geom) AS lat, l.unit_path::text AS unit_path"""
_IN_SCOPE = f"FROM lead l WHERE {UNITS.format(path='l.unit_path')}"
_LISTED = text(f"SELECT {_COLUMNS} {_IN_SCOPE} ORDER BY l.made_at DESC, l.id LIMIT :limit OFFSET :skip")
_COUNT = text(f"SELECT count(*) {_IN_SCOPE}")
_ONE = text(f"SELECT {_COLUMNS} FROM lead l WHERE l.id = :id")  # noqa: S608
_BRIEF = text("SELECT id, what, state FROM lead WHERE id = ANY(:ids)")


class Stored(NamedTuple):
    """What a repeated report is compared with, and answered from."""

    content_digest: bytes
    answer: dict[str, Any]


def insert(session: Session, values: dict[str, Any]) -> None:
    """Store a lead whose evidence was just added."""
    session.execute(_INSERT, values)


def stored(session: Session, lead_id: UUID) -> Stored | None:
    """What is known of an id; None when no lead has it."""
    row = session.execute(_STORED, {"id": lead_id}).first()
    return None if row is None else Stored(bytes(row.content_digest), row.answer)


def listed(session: Session, scope: Scope, limit: int, skip: int) -> Sequence[Row[Any]]:
    """Leads of a scope, newest first."""
    return session.execute(_LISTED, {**scope.params(), "limit": limit, "skip": skip}).all()


def count(session: Session, scope: Scope) -> int:
    """How many leads a scope holds."""
    return int(session.execute(_COUNT, scope.params()).scalar_one())


def one(session: Session, lead_id: UUID) -> Row[Any] | None:
    """A lead; None when there is none."""
    return session.execute(_ONE, {"id": lead_id}).first()


def brief(session: Session, ids: Sequence[UUID]) -> dict[UUID, Row[Any]]:
    """what, state of those of the leads that exist."""
    return {row.id: row for row in session.execute(_BRIEF, {"ids": list(ids)})}
