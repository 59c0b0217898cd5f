"""SQL of tiles. Geometry is stored in EPSG:4326; the tile's box is transformed to it, never the indexed column.

Every statement looks up a box a little wider than the tile is clipped to (the margin of `_TILE`), so that outlines and
hatching run on across tile borders.
"""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, Integer, Row, String, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from app.scope import PLACES, Scope
from app.scope import UNITS as IN_UNITS

EXTENT = 4096
BUFFER = 64
_EPOCH = date(2000, 1, 1)

# env: the clip box, EPSG:3857. box: what is looked up, 4326, a buffer wider. tolerance: a quarter of a screen pixel.
_TILE = """
tile AS MATERIALIZED (
    SELECT ST_TileEnvelope(:z, :x, :y) AS env,
           ST_Transform(ST_TileEnvelope(:z, :x, :y, margin => CAST(:margin AS float8)), 4326) AS box,
           90.0 / 512 / (1 << :z) AS tolerance
)"""

_SHAPE = """ST_AsMVTGeom(ST_Transform(
    CASE WHEN :z < 14 THEN ST_SimplifyPreserveTopology(s.geom, (SELECT tolerance FROM tile)) ELSE s.geom END, 3857),
    (SELECT env FROM tile), :extent, :buffer, true)"""


# Of a scope. What is asked of a row is a subplan behind the scope's "everything": who sees all pays nothing for it.
_IN_UNIT = """(CAST(:scope_all AS boolean) OR EXISTS (
        SELECT FROM unit v WHERE v.code = s.unit_code AND v.path <@ ANY(CAST(:scope_paths AS ltree[]))))"""
_GRID = f"({_IN_UNIT} OR s.code = ANY(CAST(:scope_grids AS text[])))"
_DEFECT = f"({_IN_UNIT} OR s.part_codes && CAST(:scope_grids AS text[]))"
_MEETS = """(CAST(:scope_all AS boolean)
        OR EXISTS (SELECT FROM unit v WHERE v.path = ANY(CAST(:scope_paths AS ltree[]))
                   AND ST_Intersects(v.geom, s.geom))
        OR EXISTS (SELECT FROM grid h WHERE h.code = ANY(CAST(:scope_grids AS text[])) AND ST_Intersects(h.geom, s.geom)
                   AND h.valid_from <= :on AND (h.valid_to IS NULL OR h.valid_to > :on)))"""
_PARTS = {
    "$TILE": _TILE.strip(),
    "$SHAPE": _SHAPE,
    "$UNIT_IN_SCOPE": IN_UNITS.format(path="s.path"),
    "$GRID_IN_SCOPE": _GRID,
    "$DEFECT_IN_SCOPE": _DEFECT,
    "$MEETS_SCOPE": _MEETS,
    "$EVIDENCE_IN_SCOPE": PLACES.format(paths="e.unit_paths"),
}


def _sql(template: str) -> str:
    for name, part in _PARTS.items():
        template = template.replace(name, part)
    return template


# A unit that has no finer units stands in for them, so that no zoom shows a hole where the tree ends early.
UNITS = _sql(
    """
WITH $TILE,
shown AS (
    SELECT s.code, s.name, s.level, s.parent_code,
           EXISTS (SELECT 1 FROM unit d JOIN grid g ON g.unit_code = d.code
                   WHERE d.path <@ s.path AND g.valid_to IS NULL) AS gridded,
           $SHAPE AS geom
    FROM unit s
    WHERE s.geom && (SELECT box FROM tile) AND $UNIT_IN_SCOPE
      AND (s.level = :level
           OR (s.level = ANY(:coarser) AND NOT EXISTS (SELECT 1 FROM unit c WHERE c.parent_code = s.code)))
),
parents AS (
    SELECT s.code, s.level, $SHAPE AS geom
    FROM unit s
    WHERE s.geom && (SELECT box FROM tile) AND s.level = ANY(:coarser) AND $UNIT_IN_SCOPE
)
SELECT (SELECT coalesce(ST_AsMVT(shown, 'units', :extent, 'geom'), ''::bytea) FROM shown WHERE geom IS NOT NULL)
    || (SELECT coalesce(ST_AsMVT(parents, 'parents', :extent, 'geom'), ''::bytea) FROM parents WHERE geom IS NOT NULL)
"""
)

GRIDS = _sql(
    """
WITH $TILE,
shown AS (
    SELECT s.code, s.name, 'grid' AS level, s.unit_code AS parent_code, s.risk, $SHAPE AS geom
    FROM grid s
    WHERE s.geom && (SELECT box FROM tile) AND $GRID_IN_SCOPE
      AND s.valid_from <= :on AND (s.valid_to IS NULL OR s.valid_to > :on)
)
SELECT coalesce(ST_AsMVT(shown, 'grids', :extent, 'geom'), ''::bytea) FROM shown WHERE geom IS NOT NULL
"""
)

LABELS = _sql(
    """
WITH $TILE,
point AS (
    SELECT s.code, s.name, s.level, s.label_point
    FROM unit s
    WHERE s.geom && (SELECT box FROM tile) AND s.level = ANY(:levels) AND $UNIT_IN_SCOPE
    UNION ALL
    SELECT s.code, s.name, 'grid', s.label_point
    FROM grid s
    WHERE :with_grids AND s.geom && (SELECT box FROM tile) AND $GRID_IN_SCOPE
      AND s.valid_from <= :on AND (s.valid_to IS NULL OR s.valid_to > :on)
),
shown AS (
    SELECT code, name, level,
           ST_AsMVTGeom(ST_Transform(label_point, 3857), (SELECT env FROM tile), :extent, 0, true) AS geom
    FROM point
)
SELECT coalesce(ST_AsMVT(shown, 'labels', :extent, 'geom'), ''::bytea) FROM shown WHERE geom IS NOT NULL
"""
)

DEFECTS = _sql(
    """
WITH $TILE,
shown AS (
    SELECT s.id, s.kind, s.unit_code, array_to_string(s.part_codes, '、') AS part_codes, s.is_sliver,
           round(s.area_m2::numeric, 1)::float8 AS area_m2,
           NOT EXISTS (SELECT 1 FROM unit u JOIN unit d ON d.path <@ u.path JOIN grid g ON g.unit_code = d.code
                       WHERE u.code = s.unit_code AND g.valid_to IS NULL) AS ungridded,
           $SHAPE AS geom
    FROM defect s
    WHERE s.geom && (SELECT box FROM tile) AND s.kind IN ('nobodys_land', 'overlap', 'outside')
      AND $DEFECT_IN_SCOPE
)
SELECT coalesce(ST_AsMVT(shown, 'defects', :extent, 'geom'), ''::bytea) FROM shown WHERE geom IS NOT NULL
"""
)

EXCLUSIONS = _sql(
    """
WITH $TILE,
shown AS (
    SELECT s.code, coalesce(s.name, '') AS name, s.kind, s.effect, s.state, s.reason, $SHAPE AS geom
    FROM exclusion s
    WHERE s.geom && (SELECT box FROM tile) AND s.state <> 'refused' AND $MEETS_SCOPE
      AND s.valid_from <= :on AND (s.valid_to IS NULL OR s.valid_to > :on)
)
SELECT coalesce(ST_AsMVT(shown, 'exclusions', :extent, 'geom'), ''::bytea) FROM shown WHERE geom IS NOT NULL
"""
)

# `walked`: whose tracks the tile shows, for the audit.
TRACKS = _sql(
    """
WITH $TILE,
found AS MATERIALIZED (
    SELECT s.patrol_id::text AS patrol_id, p.mode, s.last_day AS day, $SHAPE AS geom, p.officer_code
    FROM track s JOIN patrol p ON p.id = s.patrol_id JOIN evidence e ON e.id = p.id
    WHERE s.geom && (SELECT box FROM tile) AND p.state = 'accepted' AND $EVIDENCE_IN_SCOPE
      AND s.first_day <= :until_day AND s.last_day > :until_day - :days
),
shown AS (SELECT patrol_id, mode, day, geom FROM found WHERE geom IS NOT NULL)
SELECT (SELECT coalesce(ST_AsMVT(shown, 'tracks', :extent, 'geom'), ''::bytea) FROM shown) AS tile,
       ARRAY(SELECT DISTINCT officer_code FROM found WHERE geom IS NOT NULL ORDER BY officer_code) AS walked
"""
)

_TYPES: dict[str, Any] = {
    "z": Integer,
    "x": Integer,
    "y": Integer,
    "level": String,
    "coarser": ARRAY(String),
    "levels": ARRAY(String),
    "on": Date,
}


def tile(session: Session, sql: str, scope: Scope, z: int, x: int, y: int, **values: Any) -> bytes:
    """The bytes of one vector tile of a scope; empty when nothing is there."""
    return bytes(_tile(session, sql, scope, z, x, y, **values)[0] or b"")


def tracks(
    session: Session, scope: Scope, z: int, x: int, y: int, until_day: int, days: int
) -> tuple[bytes, list[str]]:
    """The bytes of a tile of tracks, and the codes of the officers who walked them."""
    row = _tile(session, TRACKS, scope, z, x, y, until_day=until_day, days=days)
    return bytes(row.tile), row.walked


def _tile(session: Session, sql: str, scope: Scope, z: int, x: int, y: int, **values: Any) -> Row[Any]:
    given = {"z": z, "x": x, "y": y, "margin": BUFFER / EXTENT, "extent": EXTENT, "buffer": BUFFER, **values}
    statement = text(sql)
    names = [name for name in statement.compile().params if name in _TYPES]
    statement = statement.bindparams(*(bindparam(name, type_=_TYPES[name]) for name in names))
    return session.execute(statement, {**given, **scope.params()}).one()


def territory_version(session: Session) -> int:
    """The number that every change of territory moves."""
    return int(session.execute(text("SELECT version FROM territory_version")).scalar_one())


def grid_epochs(session: Session) -> list[date]:
    """Days on which some grid or exclusion began or ceased to be valid, ascending."""
    rows = session.execute(
        text(
            "SELECT valid_from AS day FROM grid UNION SELECT valid_to FROM grid WHERE valid_to IS NOT NULL "
            "UNION SELECT valid_from FROM exclusion UNION SELECT valid_to FROM exclusion WHERE valid_to IS NOT NULL "
            "ORDER BY day"
        )
    )
    return [row.day for row in rows]


CHILDREN = _sql(
    """
WITH self AS (
    SELECT code, name, level, path, geom, sqrt(ST_Area(ST_Envelope(geom))) / 1500 AS tolerance
    FROM unit WHERE code = :code
),
shape AS (
    SELECT s.code, s.name, s.level, true AS is_self, s.geom FROM self s WHERE $UNIT_IN_SCOPE
    UNION ALL
    SELECT c.code, c.name, c.level, false, c.geom FROM self s JOIN unit c ON c.parent_code = s.code WHERE $UNIT_IN_SCOPE
    UNION ALL
    SELECT s.code, s.name, 'grid', false, s.geom FROM grid s
    WHERE s.unit_code = :code AND s.valid_from <= :on AND (s.valid_to IS NULL OR s.valid_to > :on) AND $GRID_IN_SCOPE
)
SELECT s.code, s.name, s.level, s.is_self,
       ST_AsGeoJSON(ST_SimplifyPreserveTopology(s.geom, self.tolerance), 6)::jsonb AS geometry
FROM shape s CROSS JOIN self
ORDER BY s.is_self DESC, s.code
"""
)


def children(session: Session, scope: Scope, code: str, on: date) -> list[dict[str, Any]]:
    """A unit's own shape and its children's (units and grids valid on a day) as GeoJSON features, those of a scope."""
    rows = session.execute(text(CHILDREN), {"code": code, "on": on, **scope.params()})
    return [
        {
            "type": "Feature",
            "properties": {"code": row.code, "name": row.name, "level": row.level, "self": row.is_self},
            "geometry": row.geometry,
        }
        for row in rows
    ]


def day_number(on: date) -> int:
    """Local days since 2000-01-01, as tracks carry them."""
    return (on - _EPOCH) // timedelta(days=1)
