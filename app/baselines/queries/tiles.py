"""SQL of tiles of rows: where the row says it is, else where the site it is matched with is."""

from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.baselines.queries.lists import CHECKED
from app.scope import GRIDS, Scope

EXTENT, BUFFER = 4096, 64
# Sides of the squares that rows are counted in, in units of the tile: an eighth of it.
CELL = EXTENT // 8

_IN_SCOPE = GRIDS.format(path="r.unit_path", grid="r.grid_code")
_FOUND = f"""
tile AS MATERIALIZED (
    SELECT ST_TileEnvelope(:z, :x, :y) AS env,
        ST_Transform(ST_TileEnvelope(:z, :x, :y, margin => CAST(:margin AS float8)), 4326) AS box
),
found AS MATERIALIZED (
    SELECT r.id, r.name, r.state, {CHECKED} AS is_checked,
        ST_AsMVTGeom(ST_Transform(COALESCE(r.place, s.place), 3857), (SELECT env FROM tile), {EXTENT}, {BUFFER}, true)
            AS geom
    FROM baseline_row r LEFT JOIN site s ON s.id = r.site_id
    WHERE r.baseline_id = :id AND {_IN_SCOPE} AND COALESCE(r.place, s.place) && (SELECT box FROM tile)
      AND (CAST(:state AS text) IS NULL OR r.state = :state)
      AND (CAST(:checked AS boolean) IS NULL OR {CHECKED} = :checked)
)"""  # noqa: S608
_POINTS = text(
    f"""WITH {_FOUND},
    shown AS (SELECT id, name, state, is_checked AS checked, geom FROM found WHERE geom IS NOT NULL)
    SELECT coalesce(ST_AsMVT(shown, 'rows', {EXTENT}, 'geom'), ''::bytea) FROM shown"""  # noqa: S608
)
# Each square stands at the middle of what it holds. What lies in the buffer is the next tile's.
_CLUSTERS = text(
    f"""WITH {_FOUND},
    shown AS (
        SELECT count(*) AS count, count(*) FILTER (WHERE NOT is_checked) AS unchecked,
            ST_MakePoint(round(avg(ST_X(geom))), round(avg(ST_Y(geom)))) AS geom
        FROM found
        WHERE ST_X(geom) >= 0 AND ST_X(geom) < {EXTENT} AND ST_Y(geom) >= 0 AND ST_Y(geom) < {EXTENT}
        GROUP BY floor(ST_X(geom) / {CELL}), floor(ST_Y(geom) / {CELL})
    )
    SELECT coalesce(ST_AsMVT(shown, 'clusters', {EXTENT}, 'geom'), ''::bytea) FROM shown"""  # noqa: S608
)
_HOW_MANY = text(
    """SELECT count(*) FROM (
        SELECT FROM baseline_row r LEFT JOIN site s ON s.id = r.site_id
        WHERE r.baseline_id = :id
          AND COALESCE(r.place, s.place) && ST_Transform(ST_TileEnvelope(:z, :x, :y), 4326) LIMIT :most) t"""
)


def how_many(session: Session, baseline_id: UUID, z: int, x: int, y: int, most: int) -> int:
    """How many rows of a list lie in a tile, counted no further than `most`."""
    asked = {"id": baseline_id, "z": z, "x": x, "y": y, "most": most}
    return int(session.execute(_HOW_MANY, asked).scalar_one())


def points(session: Session, scope: Scope, values: dict[str, Any]) -> bytes:
    """Rows of a tile, each for itself."""
    return _tile(session, scope, _POINTS, values)


def clusters(session: Session, scope: Scope, values: dict[str, Any]) -> bytes:
    """Rows of a tile, counted in squares."""
    return _tile(session, scope, _CLUSTERS, values)


def _tile(session: Session, scope: Scope, statement: Any, values: dict[str, Any]) -> bytes:
    given: dict[str, Any] = {**values, "margin": BUFFER / EXTENT, **scope.params()}
    return bytes(session.execute(statement, given).scalar_one() or b"")
