"""SQL of marks."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

_INSERT = text(
    """INSERT INTO mark (id, kind, officer_code, geom, area_m2, datum, reason, note, made_at, utc_offset_s, day, until,
        patrol_id, position, position_accuracy_m, position_at, distance_m, exclusion_code, sent, content_digest, answer)
    VALUES (:id, :kind, :officer_code, ST_GeomFromWKB(:geom, 4326), :area_m2, :datum, :reason, :note, :made_at,
        :utc_offset_s, :day, :until, :patrol_id,
        CASE WHEN CAST(:lon AS float8) IS NULL THEN NULL ELSE ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) END,
        :position_accuracy_m, :position_at, :distance_m, :exclusion_code, CAST(:sent AS jsonb), :content_digest,
        CAST(:answer AS jsonb))"""
)
_STORED = text("SELECT content_digest, answer, state, officer_code, void_reason FROM mark WHERE id = :id")
_KIND = text("SELECT kind FROM mark WHERE id = :id")
_LOCK = text("SELECT state, void_reason FROM mark WHERE id = :id FOR NO KEY UPDATE")
_VOID = text(
    "UPDATE mark SET state = 'voided', void_reason = :reason, voided_by = :actor, voided_at = :at WHERE id = :id"
)
_DETAIL = text(
    """SELECT m.*, CAST(ST_AsGeoJSON(m.geom, 7) AS json) AS geometry,
        CAST(ST_AsGeoJSON(m.position, 7) AS json) AS position_geometry
    FROM mark m WHERE m.id = :id"""
)
_BRIEF = text(
    """SELECT id, kind, state, reason, area_m2, CAST(answer->>'seen_m2' AS float8) AS seen_m2, exclusion_code
    FROM mark WHERE id = ANY(:ids)"""
)
_EXCLUSION_CODE = text("SELECT exclusion_code FROM mark WHERE id = :id")
_COUNT = text("SELECT count(*) FROM mark")
_ALL = text("SELECT id, kind, day, ST_AsBinary(geom) AS geom, sent, content_digest FROM mark ORDER BY id")
# Whether looks count must follow from the mark's state.
_MISPLACED = text(
    """SELECT DISTINCT m.id, m.state = 'voided' AS is_voided FROM mark m JOIN look l ON l.evidence_id = m.id
    WHERE l.withdrawn <> (m.state = 'voided') ORDER BY m.id"""
)
_OF_NOTHING = text(
    """SELECT DISTINCT l.evidence_id AS id FROM look l
    WHERE NOT EXISTS (SELECT FROM patrol p WHERE p.id = l.evidence_id)
      AND NOT EXISTS (SELECT FROM mark m WHERE m.id = l.evidence_id) ORDER BY id"""
)
_BATCH_ROWS = 200


class Stored(NamedTuple):
    """What a repeated mark is compared with, and answered from."""

    content_digest: bytes
    answer: dict[str, Any]
    state: str
    officer_code: str
    void_reason: str | None


class Kept(NamedTuple):
    """What everything about a mark must follow from: `sent` as it came; the area on WGS-84 as WKB."""

    id: UUID
    kind: str
    day: int
    geom: bytes
    sent: dict[str, Any]
    content_digest: bytes


def insert(session: Session, values: dict[str, Any]) -> None:
    """Store a mark whose evidence was just added."""
    session.execute(_INSERT, values)


def stored(session: Session, mark_id: UUID) -> Stored | None:
    """What is known of an id; None when no mark has it."""
    row = session.execute(_STORED, {"id": mark_id}).first()
    return None if row is None else Stored(*row)


def kind(session: Session, mark_id: UUID) -> str | None:
    """The kind of a mark, which never changes; None when there is none."""
    found: str | None = session.execute(_KIND, {"id": mark_id}).scalar_one_or_none()
    return found


def lock(session: Session, mark_id: UUID) -> Row[Any]:
    """state, void_reason of a mark that exists, locked until the transaction ends."""
    return session.execute(_LOCK, {"id": mark_id}).one()


def set_voided(session: Session, mark_id: UUID, reason: str, actor: str, at: datetime) -> None:
    """Set the state of a locked mark."""
    session.execute(_VOID, {"id": mark_id, "reason": reason, "actor": actor, "at": at})


def detail(session: Session, mark_id: UUID) -> Row[Any] | None:
    """Everything about a mark, geometry and position_geometry as GeoJSON; None when there is none."""
    return session.execute(_DETAIL, {"id": mark_id}).first()


def brief(session: Session, ids: Iterable[UUID]) -> dict[UUID, Row[Any]]:
    """kind, state, reason, area_m2, seen_m2, exclusion_code of those of the marks that exist."""
    return {row.id: row for row in session.execute(_BRIEF, {"ids": list(ids)})}


def exclusion_code(session: Session, mark_id: UUID) -> str | None:
    """The code of the request that a mark made; None when it made none, or is none."""
    code: str | None = session.execute(_EXCLUSION_CODE, {"id": mark_id}).scalar_one_or_none()
    return code


def count(session: Session) -> int:
    """Number of marks, voided ones too."""
    return int(session.execute(_COUNT).scalar_one())


def every(session: Session) -> Iterator[Kept]:
    """All marks in order of id, voided ones too."""
    with session.execute(_ALL, execution_options={"yield_per": _BATCH_ROWS}) as rows:
        for row in rows:
            yield Kept(row.id, row.kind, row.day, bytes(row.geom), row.sent, bytes(row.content_digest))


def misplaced_looks(session: Session) -> list[tuple[UUID, bool]]:
    """Marks whose looks count though they are voided (True), or do not count though they are not (False)."""
    return [(row.id, row.is_voided) for row in session.execute(_MISPLACED)]


def looks_of_nothing(session: Session) -> list[UUID]:
    """Records that have looks but are neither a patrol nor a mark."""
    return [row.id for row in session.execute(_OF_NOTHING)]
