"""Sites one by one: storing, changing, where they lie, what happened to them."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, Row, text
from sqlalchemy.orm import Session

_FACTS = (
    "code",
    "name",
    "kind",
    "occupancy",
    "shut_down_kind",
    "risk",
    "cycle_days",
    "uscc",
    "address",
    "lessor_name",
    "lessor_phone",
    "source_datum",
    "stated_unit_code",
    "dust_kind",
    "dust_confirmed_by",
    "dust_confirmed_on",
    "safety_officer",
    "provenance",
)
_SHAPES = "ST_GeomFromWKB(CAST(:point AS bytea), 4326), ST_Multi(ST_GeomFromWKB(CAST(:outline AS bytea), 4326))"
INSERT = text(
    f"""INSERT INTO site (id, {", ".join(_FACTS)}, point, outline, unit_path, located_on, content_digest, created_by)
    VALUES (:id, {", ".join(f":{name}" for name in _FACTS)}, {_SHAPES},
        (SELECT path FROM unit WHERE code = :stated_unit_code), :located_on, :content_digest, :created_by)
    ON CONFLICT DO NOTHING"""  # noqa: S608
)
_UPDATE = text(
    f"""UPDATE site SET {", ".join(f"{name} = :{name}" for name in _FACTS)},
        point = ST_GeomFromWKB(CAST(:point AS bytea), 4326),
        outline = ST_Multi(ST_GeomFromWKB(CAST(:outline AS bytea), 4326)),
        version = version + 1
    WHERE id = :id"""  # noqa: S608
)
_NEXT_CODE = text("SELECT 'CS' || lpad(CAST(nextval('site_number') AS text), 6, '0') AS code")
_CODE_TAKEN = text("SELECT EXISTS (SELECT FROM site WHERE code = :code AND id <> :id)")
_DIGEST = text("SELECT content_digest FROM site WHERE id = :id")
_STORED = text(
    f"""SELECT id, {", ".join(_FACTS)}, ST_AsBinary(point) AS point, ST_AsBinary(outline) AS outline, version,
        removed_on, unit_code, grid_code, CAST(unit_path AS text) AS unit_path
    FROM site WHERE id = :id"""  # noqa: S608
)
_REMOVE = text(
    "UPDATE site SET removed_on = :removed_on, removed_why = :removed_why, version = version + 1 WHERE id = :id"
)
ADD_EVENT = text(
    """INSERT INTO site_event (site_id, tenancy_id, kind, changes, words, by_account, by_name)
    VALUES (:site_id, :tenancy_id, :kind, CAST(:changes AS jsonb), :words, :by_account, :by_name)"""
)
_EVENTS = text(
    """SELECT e.id, e.kind, e.tenancy_id, t.tenant_name, e.changes, e.words, e.by_name, e.at
    FROM site_event e LEFT JOIN tenancy t ON t.id = e.tenancy_id
    WHERE e.site_id = :site_id ORDER BY e.id DESC LIMIT :limit"""
)
_VISITS = text(
    """SELECT v.id, v.visited_at, v.officer_code, o.name AS officer_name, v.result, v.not_entered_why, v.note,
        v.distance_m, v.position_accuracy_m AS accuracy_m, v.state,
        (SELECT count(*) FROM visit_tenancy a WHERE a.visit_id = v.id AND a.seen) AS tenancies_seen,
        (SELECT count(*) FROM visit_tenancy a WHERE a.visit_id = v.id AND NOT a.seen) AS tenancies_missed
    FROM visit v LEFT JOIN officer o ON o.code = v.officer_code
    WHERE v.site_id = :site_id ORDER BY v.visited_at DESC, v.id LIMIT :limit"""
)
_BRIEF = """SELECT s.id, s.code, s.name, s.kind, s.occupancy, s.address, ST_X(s.place) AS lon, ST_Y(s.place) AS lat,
    s.unit_code, s.grid_code, CAST(s.unit_path AS text) AS unit_path, s.stated_unit_code,
    s.removed_on IS NOT NULL AS is_removed, s.risk FROM site s"""
_BRIEFS = text(f"{_BRIEF} WHERE s.id = ANY(:ids)")
# Degrees that hold the distance anywhere up to 60 degrees north; then exactly, on the ellipsoid.
_NEAREST = text(
    f"""WITH asked AS MATERIALIZED (
        SELECT p.geom, CAST(p.geom AS geography) AS geog, CAST(:distance_m AS float8) / 55000 AS degrees
        FROM (SELECT ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) AS geom) p)
    {_BRIEF} CROSS JOIN asked a
    WHERE (s.removed_on IS NULL OR s.removed_on > :on)
      AND (s.place && ST_Expand(a.geom, a.degrees) OR s.outline && ST_Expand(a.geom, a.degrees))
      AND (ST_DWithin(CAST(s.place AS geography), a.geog, :distance_m)
           OR ST_DWithin(CAST(s.outline AS geography), a.geog, :distance_m))
    ORDER BY LEAST(ST_Distance(CAST(s.place AS geography), a.geog), ST_Distance(CAST(s.outline AS geography), a.geog)),
        s.code"""  # noqa: S608
)
_SHAPES_OF = text(
    """SELECT id, ST_AsBinary(COALESCE(outline, place)) AS shape FROM site
    WHERE id = ANY(:ids) AND place IS NOT NULL"""
)
_IN_GRIDS = text("SELECT id FROM site WHERE grid_code = ANY(:codes) AND removed_on IS NULL ORDER BY code")
_NAMES = text(
    """WITH chosen AS MATERIALIZED (
        SELECT s.id, s.name, s.uscc, s.address, ST_X(s.place) AS lon, ST_Y(s.place) AS lat FROM site s
        WHERE s.removed_on IS NULL AND s.unit_path <@ ANY(CAST(:paths AS ltree[])))
    SELECT id AS site_id, CAST(NULL AS uuid) AS tenancy_id, name, uscc, address, lon, lat FROM chosen
    UNION ALL
    SELECT c.id, t.id, t.tenant_name, t.uscc, c.address, c.lon, c.lat FROM chosen c JOIN tenancy t ON t.site_id = c.id
    WHERE t.ended_on IS NULL
    ORDER BY site_id, tenancy_id NULLS FIRST"""
)


def insert(session: Session, values: dict[str, Any]) -> bool:
    """Store a site that lies nowhere yet; false when its id or code is taken."""
    result = session.execute(INSERT, values)
    return isinstance(result, CursorResult) and result.rowcount == 1


def update(session: Session, values: dict[str, Any]) -> None:
    """Store all facts of a site anew."""
    session.execute(_UPDATE, values)


def remove(session: Session, site_id: UUID, removed_on: date | None, why: str | None) -> None:
    """Take a site out of all lists; None for both brings it back."""
    session.execute(_REMOVE, {"id": site_id, "removed_on": removed_on, "removed_why": why})


def next_code(session: Session) -> str:
    """A code of our own making."""
    return str(session.execute(_NEXT_CODE).scalar_one())


def code_taken(session: Session, code: str, site_id: UUID) -> bool:
    """Whether another site has the code."""
    return bool(session.execute(_CODE_TAKEN, {"code": code, "id": site_id}).scalar_one())


def digest(session: Session, site_id: UUID) -> bytes | None:
    """Of the request that made a site, empty when none did; None when there is no such site."""
    row = session.execute(_DIGEST, {"id": site_id}).first()
    return None if row is None else bytes(row.content_digest or b"")


def stored(session: Session, site_id: UUID) -> Row[Any] | None:
    """All facts of a site as they are stored, shapes as WKB."""
    return session.execute(_STORED, {"id": site_id}).first()


def add_event(session: Session, values: dict[str, Any]) -> None:
    """Write down a change."""
    changes = json.dumps(values["changes"], ensure_ascii=False, default=str)
    session.execute(ADD_EVENT, {"tenancy_id": None, "words": None, **values, "changes": changes})


def events(session: Session, site_id: UUID, limit: int) -> Sequence[Row[Any]]:
    """Changes of a site, newest first."""
    return session.execute(_EVENTS, {"site_id": site_id, "limit": limit}).all()


def visits(session: Session, site_id: UUID, limit: int) -> Sequence[Row[Any]]:
    """Visits to a site, voided ones and locked gates too, newest first."""
    return session.execute(_VISITS, {"site_id": site_id, "limit": limit}).all()


def briefs(session: Session, ids: Iterable[UUID]) -> Sequence[Row[Any]]:
    """Those of the sites that exist, removed ones too."""
    return session.execute(_BRIEFS, {"ids": list(ids)}).all()


def nearest(session: Session, lon: float, lat: float, distance_m: float, on: date) -> Sequence[Row[Any]]:
    """Sites within a distance of a WGS-84 place that were not removed by a day, nearest first."""
    return session.execute(_NEAREST, {"lon": lon, "lat": lat, "distance_m": distance_m, "on": on}).all()


def shapes(session: Session, ids: Iterable[UUID]) -> dict[UUID, bytes]:
    """Outline, else place, of each site that has one (WKB, WGS-84)."""
    return {row.id: bytes(row.shape) for row in session.execute(_SHAPES_OF, {"ids": list(ids)})}


def in_grids(session: Session, codes: Iterable[str]) -> list[UUID]:
    """Sites in some grids, by code."""
    return [row.id for row in session.execute(_IN_GRIDS, {"codes": list(codes)})]


def names(session: Session, unit_paths: Iterable[str]) -> Sequence[Row[Any]]:
    """Names of sites and tenants at or below some units."""
    return session.execute(_NAMES, {"paths": list(unit_paths)}).all()
