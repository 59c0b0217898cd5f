"""Where records and units lie, for rows that their features tell without a place."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

# The beginning of a track, the phone of a visit, the middle of a mark, the place of a lead.
_RECORDS = text(
    """SELECT e.id, ST_X(p.place) AS lon, ST_Y(p.place) AS lat FROM evidence e CROSS JOIN LATERAL (
        SELECT ST_StartPoint(ST_GeometryN(t.geom, 1)) AS place FROM track t WHERE t.patrol_id = e.id
        UNION ALL SELECT COALESCE(v.position, s.place) FROM visit v JOIN site s ON s.id = v.site_id WHERE v.id = e.id
        UNION ALL SELECT ST_PointOnSurface(m.geom) FROM mark m WHERE m.id = e.id
        UNION ALL SELECT l.geom FROM lead l WHERE l.id = e.id
    ) p WHERE e.id = ANY(:ids) AND p.place IS NOT NULL"""
)
_UNITS = text(
    """SELECT path::text AS path, ST_X(label_point) AS lon, ST_Y(label_point) AS lat FROM unit
    WHERE path = ANY(CAST(:paths AS ltree[]))"""
)


def of_records(session: Session, ids: Collection[UUID]) -> dict[UUID, tuple[float, float]]:
    """Lon and lat (WGS-84) of those of the records that have a place."""
    return {row.id: (row.lon, row.lat) for row in session.execute(_RECORDS, {"ids": list(ids)})}


def of_units(session: Session, paths: Collection[str]) -> dict[str, tuple[float, float]]:
    """Lon and lat (WGS-84) of a point in each of those of the units that exist."""
    return {row.path: (row.lon, row.lat) for row in session.execute(_UNITS, {"paths": list(paths)})}
