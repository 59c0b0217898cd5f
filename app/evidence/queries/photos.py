"""SQL of photos."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.evidence.schemas import Photo

_ADD = text(
    """INSERT INTO photo (id, officer_code, digest, look_alike, look_alike_parts, width, height, taken_at, lon, lat,
        own_taken_at, own_lon, own_lat)
    VALUES (:id, :officer_code, :digest, :look_alike, :look_alike_parts, :width, :height, :taken_at, :lon, :lat,
        :own_taken_at, :own_lon, :own_lat)
    ON CONFLICT DO NOTHING RETURNING id"""
)
_ADD_CONTENT = text("INSERT INTO photo_content (photo_id, jpeg) VALUES (:id, :jpeg)")
_COLUMNS = """p.id, p.width, p.height, encode(p.digest, 'hex') AS digest_hex, p.officer_code, p.taken_at, p.lon, p.lat,
    p.own_taken_at, p.own_lon, p.own_lat, p.received_at"""
_BY_IDS = text(f"SELECT {_COLUMNS} FROM photo p WHERE p.id = ANY(:ids)")  # noqa: S608 - a constant
_OF_RECORD = text(
    f"""SELECT {_COLUMNS} FROM evidence_photo e JOIN photo p ON p.id = e.photo_id
    WHERE e.evidence_id = :evidence_id ORDER BY e.ordinal"""  # noqa: S608 - a constant
)
_CONTENT = text("SELECT jpeg FROM photo_content WHERE photo_id = :id")
_UNIT_PATHS = text(
    """SELECT r.unit_paths::text[] AS unit_paths FROM evidence_photo e JOIN evidence r ON r.id = e.evidence_id
    WHERE e.photo_id = :id"""
)
_ATTACH = text(
    """INSERT INTO evidence_photo (evidence_id, photo_id, ordinal)
    SELECT :evidence_id, n.photo_id,
        n.place + COALESCE((SELECT max(ordinal) FROM evidence_photo WHERE evidence_id = :evidence_id), 0)
    FROM unnest(CAST(:ids AS uuid[])) WITH ORDINALITY AS n(photo_id, place)
    ON CONFLICT DO NOTHING"""
)
# Of several earlier records the oldest: it is where the picture comes from.
_USED_BEFORE = text(
    """SELECT DISTINCT ON (p.id) p.id AS photo_id, r.id AS evidence_id, o.id AS other_photo_id, r.started_at
    FROM photo p JOIN photo o ON o.digest = p.digest
    JOIN evidence_photo e ON e.photo_id = o.id JOIN evidence r ON r.id = e.evidence_id
    WHERE p.id = ANY(:ids) AND e.evidence_id <> :evidence_id
    ORDER BY p.id, r.received_at, r.id"""
)
# Two pictures of one thing, taken in one go by one person, look alike with good reason.
_ALIKE = text(
    """SELECT p.id AS photo_id, f.evidence_id, f.other_photo_id, f.started_at, f.different_bits
    FROM photo p CROSS JOIN LATERAL (
        SELECT r.id AS evidence_id, o.id AS other_photo_id, r.started_at,
            bit_count(CAST(o.look_alike # p.look_alike AS bit(64))) AS different_bits
        FROM photo o JOIN evidence_photo e ON e.photo_id = o.id JOIN evidence r ON r.id = e.evidence_id
        WHERE o.look_alike_parts && p.look_alike_parts
            AND bit_count(CAST(o.look_alike # p.look_alike AS bit(64))) <= :most_different_bits
            AND o.digest <> p.digest AND e.evidence_id <> :evidence_id
            AND NOT (o.officer_code = p.officer_code
                AND COALESCE(abs(extract(epoch FROM o.taken_at - p.taken_at)) < :in_one_go_s, false))
        ORDER BY different_bits, r.received_at, r.id LIMIT 1) f
    WHERE p.id = ANY(:ids)"""
)


def add(session: Session, values: dict[str, Any], jpeg: bytes) -> bool:
    """Store a photo; False when the id is taken. Waits for one being stored."""
    if session.execute(_ADD, values).first() is None:
        return False
    session.execute(_ADD_CONTENT, {"id": values["id"], "jpeg": jpeg})
    return True


def by_ids(session: Session, ids: Sequence[UUID]) -> dict[UUID, Photo]:
    """Those of the photos that exist."""
    return {row.id: _photo(row) for row in session.execute(_BY_IDS, {"ids": list(ids)})}


def of_record(session: Session, evidence_id: UUID) -> list[Photo]:
    """The photos of a record, in order."""
    return [_photo(row) for row in session.execute(_OF_RECORD, {"evidence_id": evidence_id})]


def content(session: Session, photo_id: UUID) -> bytes:
    """The bytes of a photo that exists, as they came."""
    return bytes(session.execute(_CONTENT, {"id": photo_id}).scalar_one())


def unit_paths(session: Session, photo_id: UUID) -> list[str]:
    """The units of all records that name a photo; empty when none does."""
    rows = session.execute(_UNIT_PATHS, {"id": photo_id})
    return sorted({path for row in rows for path in row.unit_paths})


def attach(session: Session, evidence_id: UUID, ids: Sequence[UUID]) -> None:
    """Tie photos to a record after those it has; one that it has stays where it is."""
    session.execute(_ATTACH, {"evidence_id": evidence_id, "ids": list(ids)})


def used_before(session: Session, evidence_id: UUID, ids: Sequence[UUID]) -> Sequence[Row[Any]]:
    """For each photo whose bytes another record has too: photo_id, evidence_id, other_photo_id, started_at of it."""
    return session.execute(_USED_BEFORE, {"evidence_id": evidence_id, "ids": list(ids)}).all()


def alike(
    session: Session, evidence_id: UUID, ids: Sequence[UUID], most_different_bits: int, in_one_go_s: float
) -> Sequence[Row[Any]]:
    """The same for photos that look like another record's, and `different_bits`; those of one go are left out."""
    values = {"most_different_bits": most_different_bits, "in_one_go_s": in_one_go_s}
    return session.execute(_ALIKE, {"evidence_id": evidence_id, "ids": list(ids), **values}).all()


def _photo(row: Row[Any]) -> Photo:
    return Photo.model_validate(row, from_attributes=True)
