"""SQL of visits."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

# Whoever takes in or voids a visit of a site waits for others who do: what the site's checks say follows from all.
_LOCK_SITE = text(
    """SELECT id, code, name, kind, address, grid_code, unit_path::text AS unit_path, removed_on, removed_why,
        ST_AsBinary(place) AS place, ST_AsBinary(COALESCE(outline, place)) AS ground
    FROM site WHERE id = :id FOR NO KEY UPDATE"""
)
_INSERT = text(
    """INSERT INTO visit (id, site_id, officer_code, visited_at, utc_offset_s, day, result, not_entered_why, checklist,
        note, position, position_accuracy_m, position_at, distance_m, datum, sent, content_digest, answer)
    VALUES (:id, :site_id, :officer_code, :visited_at, :utc_offset_s, :day, :result, :not_entered_why,
        CAST(:checklist AS jsonb), :note,
        CASE WHEN CAST(:lon AS float8) IS NULL THEN NULL ELSE ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) END,
        :position_accuracy_m, :position_at, :distance_m, :datum, CAST(:sent AS jsonb), :content_digest,
        CAST(:answer AS jsonb))"""
)
_INSERT_SEEN = text(
    """INSERT INTO visit_tenancy (visit_id, tenancy_id, seen, note)
    SELECT :visit_id, t.tenancy_id, t.seen, t.note
    FROM jsonb_to_recordset(CAST(:seen AS jsonb)) AS t(tenancy_id uuid, seen boolean, note text)"""
)
_STORED = text("SELECT content_digest, answer, state, void_reason FROM visit WHERE id = :id")
_SITE_OF = text("SELECT site_id FROM visit WHERE id = :id")
_LOCK = text("SELECT state, void_reason FROM visit WHERE id = :id FOR NO KEY UPDATE")
_VOID = text(
    "UPDATE visit SET state = 'voided', void_reason = :reason, voided_by = :actor, voided_at = :at WHERE id = :id"
)
_DETAIL = text(
    """SELECT v.*, s.code AS site_code, s.kind AS site_kind, s.address AS site_address,
        CAST(ST_AsGeoJSON(s.place, 7) AS json) AS site_place, CAST(ST_AsGeoJSON(s.outline, 7) AS json) AS site_outline,
        CAST(ST_AsGeoJSON(v.position, 7) AS json) AS position_geometry
    FROM visit v JOIN site s ON s.id = v.site_id WHERE v.id = :id"""
)
_SEEN = text(
    """SELECT v.tenancy_id, t.tenant_name, v.seen, v.note FROM visit_tenancy v JOIN tenancy t ON t.id = v.tenancy_id
    WHERE v.visit_id = :id ORDER BY t.started_on, t.id"""
)
_BRIEFS = text(
    """SELECT v.id, v.site_id, s.name AS site_name, v.officer_code, v.visited_at, v.day, v.result,
    v.not_entered_why, v.distance_m, v.note, v.state FROM visit v JOIN site s ON s.id = v.site_id
    WHERE v.id = ANY(:ids)"""
)
_COUNT = text("SELECT count(*) FROM visit")
_ALL = text(
    """SELECT v.id, v.site_id, v.officer_code, v.visited_at, v.utc_offset_s, v.day, v.result, v.not_entered_why,
        v.checklist, v.note, ST_X(v.position) AS lon, ST_Y(v.position) AS lat, v.position_accuracy_m, v.position_at,
        v.distance_m, v.datum, v.sent, v.content_digest, v.answer, v.state, e.kind AS evidence_kind,
        e.officer_code AS evidence_officer, e.started_at AS evidence_at, e.review,
        COALESCE((SELECT json_agg(json_build_object('tenancy_id', t.tenancy_id, 'seen', t.seen, 'note', t.note)
            ORDER BY t.tenancy_id) FROM visit_tenancy t WHERE t.visit_id = v.id), '[]') AS seen
    FROM visit v JOIN evidence e ON e.id = v.id ORDER BY v.id"""
)
# From afar is what is left out of a site by that name: a phone that said nothing, or was away from the site.
_ANSWERING = text(
    """SELECT w.key, c.id AS visit_id, c.day
    FROM unnest(CAST(:keys AS uuid[]), CAST(:sites AS uuid[]), CAST(:tenancies AS uuid[]),
        CAST(:since AS timestamptz[])) AS w(key, site_id, tenancy_id, since)
    CROSS JOIN LATERAL (
        SELECT v.id, v.day FROM visit v
        WHERE v.site_id = w.site_id AND v.visited_at >= w.since AND v.state = 'accepted' AND v.result <> 'not_entered'
          AND v.position IS NOT NULL
          AND (v.distance_m IS NULL OR v.distance_m <= 100 + COALESCE(v.position_accuracy_m, 0))
          AND (w.tenancy_id IS NULL OR EXISTS (
            SELECT FROM visit_tenancy t WHERE t.visit_id = v.id AND t.tenancy_id = w.tenancy_id AND t.seen))
        ORDER BY v.visited_at, v.id LIMIT 1
    ) c"""
)
_BATCH_ROWS = 200


class SiteRow(NamedTuple):
    """A site that is visited; `place` and `ground` (outline, else place) are WKB in WGS-84, None without a place."""

    id: UUID
    code: str
    name: str
    kind: str
    address: str | None
    grid_code: str | None
    unit_path: str
    removed_on: date | None
    removed_why: str | None
    place: bytes | None
    ground: bytes | None


class Stored(NamedTuple):
    """What a repeated visit is compared with, and answered from."""

    content_digest: bytes
    answer: dict[str, Any]
    state: str
    void_reason: str | None


def lock_site(session: Session, site_id: UUID) -> SiteRow | None:
    """A site, locked until the transaction ends; None when there is none."""
    row = session.execute(_LOCK_SITE, {"id": site_id}).first()
    if row is None:
        return None
    known = row._asdict()
    binary = {name: None if known[name] is None else bytes(known[name]) for name in ("place", "ground")}
    return SiteRow(**{**known, **binary})


def insert(session: Session, values: dict[str, Any]) -> None:
    """Store a visit whose evidence was just added."""
    session.execute(_INSERT, values)


def insert_seen(session: Session, visit_id: UUID, seen_json: str) -> None:
    """Store which tenancies a visit saw or looked for in vain: a JSON array of {tenancy_id, seen, note}."""
    session.execute(_INSERT_SEEN, {"visit_id": visit_id, "seen": seen_json})


def stored(session: Session, visit_id: UUID) -> Stored | None:
    """What is known of an id; None when no visit has it."""
    row = session.execute(_STORED, {"id": visit_id}).first()
    return None if row is None else Stored(bytes(row.content_digest), row.answer, row.state, row.void_reason)


def site_of(session: Session, visit_id: UUID) -> UUID | None:
    """Which site a visit went to, which never changes; None when there is no such visit."""
    found: UUID | None = session.execute(_SITE_OF, {"id": visit_id}).scalar_one_or_none()
    return found


def lock(session: Session, visit_id: UUID) -> Row[Any]:
    """state, void_reason of a visit that exists, locked until the transaction ends."""
    return session.execute(_LOCK, {"id": visit_id}).one()


def set_voided(session: Session, visit_id: UUID, reason: str, actor: str, at: datetime) -> None:
    """Set the state of a locked visit."""
    session.execute(_VOID, {"id": visit_id, "reason": reason, "actor": actor, "at": at})


def detail(session: Session, visit_id: UUID) -> Row[Any] | None:
    """Everything about a visit with its site; geometries as GeoJSON; None when there is none."""
    return session.execute(_DETAIL, {"id": visit_id}).first()


def seen(session: Session, visit_id: UUID) -> Sequence[Row[Any]]:
    """tenancy_id, tenant_name, seen, note of the tenancies that a visit answered for, the oldest first."""
    return session.execute(_SEEN, {"id": visit_id}).all()


def briefs(session: Session, ids: Iterable[UUID]) -> Sequence[Row[Any]]:
    """Those of the visits that exist, for a list."""
    return session.execute(_BRIEFS, {"ids": list(ids)}).all()


def count(session: Session) -> int:
    """Number of visits, voided ones too."""
    return int(session.execute(_COUNT).scalar_one())


def every(session: Session) -> Iterator[Row[Any]]:
    """All visits in order of id, voided ones too, with what their evidence says and the tenancies they answered for."""
    with session.execute(_ALL, execution_options={"yield_per": _BATCH_ROWS}) as rows:
        yield from rows


def answering(session: Session, awaited: Sequence[tuple[UUID, UUID, UUID | None, datetime]]) -> Sequence[Row[Any]]:
    """key, visit_id, day of the first visit since then that counts, for each (key, site, tenancy or None, since)."""
    columns = zip(*awaited, strict=True) if awaited else ((), (), (), ())
    keys, sites, tenancies, since = (list(column) for column in columns)
    values = {"keys": keys, "sites": sites, "tenancies": tenancies, "since": since}
    return session.execute(_ANSWERING, values).all()
