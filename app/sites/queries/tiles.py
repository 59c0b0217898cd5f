"""SQL of tiles: single sites, or clusters counted by the server, of the sites that pass the list's filters."""

import math
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.sites.queries.listing import BY_OMISSION, CHOSEN, IN_STATE
from app.sites.queries.rules import COUNT, HAS, OF_SITE, STATE

EXTENT = 4096
BUFFER = 64
CELLS = 8  # clusters along a side of a tile

# What is looked up, 4326, a buffer wider than the tile: as numbers, so that the plan knows how much of all it is.
_BOX = "ST_MakeEnvelope(:west, :south, :east, :north, 4326)"
_IN_TILE = f"s.place && {_BOX}"
_CLIP = "ST_TileEnvelope(:z, :x, :y)"
# Where a place lies in the tile, 0 to 1 from its north-west corner (spherical Mercator, as EPSG:3857).
_U = "((ST_X(s.place) + 180) / 360 * (1 << :z) - :x)"
_V = "((1 - asinh(tan(radians(ST_Y(s.place)))) / pi()) / 2 * (1 << :z) - :y)"
# What nobody looked into weighs whole, what is looked into a quarter.
_HEAT = f"""(CASE s.risk WHEN 'low' THEN 1.0 WHEN 'medium' THEN 2.0 ELSE 3.0 END
    * CASE {STATE} WHEN 'checked' THEN 0.25 WHEN 'due' THEN 0.5 ELSE 1.0 END)"""
_DOUBTFUL = f"({HAS['in_no_grid']} OR {HAS['outside_stated_unit']})"
_STATES = "never", "incomplete", "overdue", "due", "checked"

_POINTS = {
    kind: text(
        f"""WITH shown AS (
            SELECT CAST(s.id AS text) AS id, s.name, s.kind, s.occupancy, {STATE} AS state,
                COALESCE(s.risk, '') AS risk,
                {COUNT} AS omissions, {_DOUBTFUL} AS uncertain, CAST({_HEAT} AS float8) AS heat,
                ST_AsMVTGeom(ST_Transform(s.place, 3857), {_CLIP}, {EXTENT}, {BUFFER}, true) AS geom
            FROM {OF_SITE} WHERE {_IN_TILE} AND {CHOSEN} AND {IN_STATE} AND {has}
            ORDER BY s.code
        ),
        outlined AS (
            SELECT CAST(s.id AS text) AS id, s.kind, {STATE} AS state,
                ST_AsMVTGeom(ST_Transform(s.outline, 3857), {_CLIP}, {EXTENT}, {BUFFER}, true) AS geom
            FROM {OF_SITE}
            WHERE :z >= 15 AND s.outline && {_BOX} AND {CHOSEN} AND {IN_STATE} AND {has}
            ORDER BY s.code
        )
        SELECT (SELECT COALESCE(ST_AsMVT(shown, 'sites', {EXTENT}, 'geom'), CAST('' AS bytea))
                FROM shown WHERE geom IS NOT NULL)
            || (SELECT COALESCE(ST_AsMVT(outlined, 'outlines', {EXTENT}, 'geom'), CAST('' AS bytea))
                FROM outlined WHERE geom IS NOT NULL)"""  # noqa: S608
    )
    for kind, has in BY_OMISSION.items()
}
_CLUSTERS = {
    kind: text(
        f"""WITH found AS MATERIALIZED (
            SELECT s.id, s.name, {STATE} AS state, {_HEAT} AS heat, {_U} AS u, {_V} AS v
            FROM {OF_SITE} WHERE {_IN_TILE} AND {CHOSEN} AND {IN_STATE} AND {has}
        ),
        counted AS (
            SELECT CAST(count(*) AS integer) AS count,
                {", ".join(f"CAST(count(*) FILTER (WHERE state = '{s}') AS integer) AS {s}" for s in _STATES)},
                CAST(sum(heat) AS float8) AS heat, CASE WHEN count(*) = 1 THEN min(CAST(id AS text)) END AS id,
                CASE WHEN count(*) = 1 THEN min(name) END AS name, avg(u) AS u, avg(v) AS v
            FROM found WHERE u >= 0 AND u < 1 AND v >= 0 AND v < 1
            GROUP BY floor(u * {CELLS}), floor(v * {CELLS})
        ),
        shown AS (
            SELECT count, {", ".join(_STATES)}, heat, id, name,
                ST_MakePoint(round(u * {EXTENT}), round(v * {EXTENT})) AS geom
            FROM counted ORDER BY v, u
        )
        SELECT COALESCE(ST_AsMVT(shown, 'clusters', {EXTENT}, 'geom'), CAST('' AS bytea)) FROM shown"""  # noqa: S608
    )
    for kind, has in BY_OMISSION.items()
}
_HOW_MANY = text(
    f"""SELECT count(*) FROM (
        SELECT 1 FROM site s WHERE {_IN_TILE} AND s.removed_on IS NULL LIMIT :most) n"""  # noqa: S608
)


def points(session: Session, omission: str | None, values: dict[str, Any]) -> bytes:
    """Layers `sites` and, from zoom 15, `outlines`; empty when nothing is there."""
    return bytes(session.execute(_POINTS[omission], values).scalar_one() or b"")


def clusters(session: Session, omission: str | None, values: dict[str, Any]) -> bytes:
    """Layer `clusters`; empty when nothing is there."""
    return bytes(session.execute(_CLUSTERS[omission], values).scalar_one() or b"")


def how_many(session: Session, values: dict[str, Any], most: int) -> int:
    """Sites in a tile, counted up to `most`."""
    return int(session.execute(_HOW_MANY, {**values, "most": most}).scalar_one())


def tile_values(z: int, x: int, y: int) -> dict[str, Any]:
    """A tile as the statements name it, with the WGS-84 box it is looked up in."""
    side, margin = 1 << z, BUFFER / EXTENT

    def latitude(row: float) -> float:
        return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / side))))

    west, east = ((column / side) * 360 - 180 for column in (x - margin, x + 1 + margin))
    return {
        "z": z,
        "x": x,
        "y": y,
        "west": max(west, -180.0),
        "east": min(east, 180.0),
        "south": latitude(y + 1 + margin),
        "north": latitude(y - margin),
    }
