"""SQL of leads: taking in, and asking for single ones."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

_PLACE = """CASE WHEN CAST(:lon AS float8) IS NULL THEN NULL
        ELSE ST_SetSRID(ST_MakePoint(CAST(:lon AS float8), CAST(:lat AS float8)), 4326) END"""
_INSERT = text(
    f"""INSERT INTO lead (id, source, what, note, officer_code, geom, accuracy_m, datum, unit_path, grid_code, made_at,
        content_digest, answer, number, address, subject_name, subject_uscc, facts, deadline, site_id, tenancy_id,
        created_by)
    VALUES (:id, :source, :what, :note, :officer_code, {_PLACE}, :accuracy_m, :datum, CAST(:unit_path AS ltree),
        :grid_code, :made_at, :content_digest, CAST(:answer AS jsonb), :number, :address, :subject_name, :subject_uscc,
        CAST(:facts AS jsonb), :deadline, :site_id, :tenancy_id, :created_by)
    ON CONFLICT DO NOTHING RETURNING id"""  # noqa: S608 - constants
)
_STORED = text(
    """SELECT l.content_digest, l.answer, e.by_account
    FROM lead l LEFT JOIN lead_event e ON e.lead_id = l.id AND e.kind = 'created' WHERE l.id = :id"""
)
# A lead is an omission as long as nobody has answered it.
IS_OPEN = "l.state IN ('new', 'assigned', 'checked')"
IS_UNMATCHED = f"({IS_OPEN} AND l.site_id IS NULL AND NOT l.no_known_site)"
IS_UNPLACED = f"({IS_OPEN} AND l.geom IS NULL)"
IS_OVERDUE = f"({IS_OPEN} AND l.deadline < :today)"
COLUMNS = f"""l.id, l.state, l.source, l.what, l.note, l.officer_code, l.accuracy_m, l.made_at, l.received_at, l.answer,
    ST_X(l.geom) AS lon, ST_Y(l.geom) AS lat, l.unit_path::text AS unit_path, l.grid_code, l.number, l.address,
    l.subject_name, l.subject_uscc, l.deadline, l.assigned_to, l.site_id, l.tenancy_id, l.no_known_site, l.version,
    {IS_UNMATCHED} AS unmatched, {IS_UNPLACED} AS unplaced, {IS_OVERDUE} AS overdue"""
_ONE = text(f"SELECT {COLUMNS}, l.facts, l.visit_id, l.reward_yuan FROM lead l WHERE l.id = :id")  # noqa: S608
_LOCK = text("SELECT id FROM lead WHERE id = :id FOR NO KEY UPDATE")
_BRIEF = text("SELECT id, what, state FROM lead WHERE id = ANY(:ids)")
_LEAD_BRIEF = text(
    """SELECT id, state, source, number, ST_X(geom) AS lon, ST_Y(geom) AS lat, unit_path::text AS unit_path
    FROM lead WHERE id = ANY(:ids)"""
)
_ASSIGNED = text(
    f"SELECT {COLUMNS} FROM lead l WHERE l.assigned_to = :officer_code AND l.state = 'assigned'"  # noqa: S608
    " ORDER BY l.deadline, l.id LIMIT :limit"
)


class Stored(NamedTuple):
    """What a repeated lead is compared with, and answered from; `by_account`: who entered it, None for machines."""

    content_digest: bytes
    answer: dict[str, Any]
    by_account: int | None


def insert(session: Session, values: dict[str, Any]) -> bool:
    """Store a lead; False when its id, or its number of the source, is taken."""
    return session.execute(_INSERT, values).first() is not None


def stored(session: Session, lead_id: UUID) -> Stored | None:
    """What is known of an id; None when no lead has it."""
    row = session.execute(_STORED, {"id": lead_id}).first()
    return None if row is None else Stored(bytes(row.content_digest), row.answer, row.by_account)


def one(session: Session, lead_id: UUID, today: Any) -> Row[Any] | None:
    """A lead; None when there is none."""
    return session.execute(_ONE, {"id": lead_id, "today": today}).first()


def lock(session: Session, lead_id: UUID) -> None:
    """Keep a lead from others' steps until the transaction ends."""
    session.execute(_LOCK, {"id": lead_id})


def brief(session: Session, ids: Sequence[UUID]) -> dict[UUID, Row[Any]]:
    """what, state of those of the leads that exist."""
    return {row.id: row for row in session.execute(_BRIEF, {"ids": list(ids)})}


def lead_brief(session: Session, ids: Sequence[UUID]) -> Sequence[Row[Any]]:
    """id, state, source, number, lon, lat, unit_path of those of the leads that exist."""
    return session.execute(_LEAD_BRIEF, {"ids": list(ids)}).all()


def assigned(session: Session, officer_code: str, today: Any, limit: int) -> Sequence[Row[Any]]:
    """Leads that an officer is to look at, the most urgent first."""
    return session.execute(_ASSIGNED, {"officer_code": officer_code, "today": today, "limit": limit}).all()
