"""Reading units, and what lies at a place or carries a name."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.scope import GRIDS, UNITS, Scope
from app.territory.schemas import Bbox, UnitRow

COLUMNS = """u.code, u.name, u.level, u.parent_code, u.path::text AS path, u.area_m2, u.generated,
    ST_XMin(u.geom) AS west, ST_YMin(u.geom) AS south, ST_XMax(u.geom) AS east, ST_YMax(u.geom) AS north"""

_BY_CODES = text(f"SELECT {COLUMNS} FROM unit u WHERE u.code = ANY(:codes) ORDER BY u.path")  # noqa: S608
_CHILDREN = text(f"SELECT {COLUMNS} FROM unit u WHERE u.parent_code = :code ORDER BY u.code")  # noqa: S608
_ROOTS = text(f"SELECT {COLUMNS} FROM unit u WHERE u.parent_code IS NULL ORDER BY u.code")  # noqa: S608
_ANCESTORS = text(f"SELECT {COLUMNS} FROM unit u WHERE u.path @> CAST(:path AS ltree) ORDER BY u.path")  # noqa: S608
_WITHIN = text(
    f"SELECT {COLUMNS} FROM unit u WHERE u.path <@ CAST(:path AS ltree) AND u.level = :level ORDER BY u.code"  # noqa: S608
)
_IN_SCOPE = text(
    f"SELECT {COLUMNS} FROM unit u WHERE u.level = :level AND {UNITS.format(path='u.path')} ORDER BY u.code"  # noqa: S608
)
_AT = text(
    f"""SELECT {COLUMNS} FROM unit u
    WHERE ST_Covers(u.geom, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)) ORDER BY u.path"""  # noqa: S608
)
_MEETING = text(
    """SELECT u.code, u.parent_code, nlevel(u.path) AS depth, ST_AsBinary(u.geom) AS geom FROM unit u
    WHERE u.geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326) ORDER BY u.code"""
)
_BY_PATHS = text(f"SELECT {COLUMNS} FROM unit u WHERE u.path = ANY(CAST(:paths AS ltree[])) ORDER BY u.path")  # noqa: S608
# The units of an officer's grids on a day, and those whose grids a line or point (WGS-84) enters.
_OF_OFFICER = text(
    """SELECT DISTINCT u.path::text AS path FROM grid_officer o
    JOIN grid g ON g.code = o.grid_code JOIN unit u ON u.code = g.unit_code
    WHERE o.officer_code = :officer_code AND o.valid_from <= :on AND (o.valid_to IS NULL OR o.valid_to > :on)
    ORDER BY path"""
)
_ENTERED = text(
    """WITH way AS (SELECT ST_GeomFromWKB(:wkb, 4326) AS geom)
    SELECT DISTINCT g.code, u.path::text AS path FROM way
    JOIN grid g ON ST_Intersects(g.geom, way.geom) JOIN unit u ON u.code = g.unit_code
    WHERE g.valid_from <= :on AND (g.valid_to IS NULL OR g.valid_to > :on)
    ORDER BY g.code"""
)
_NEAR = text(
    """SELECT NOT EXISTS (SELECT FROM unit) OR EXISTS (
        SELECT FROM unit u WHERE u.parent_code IS NULL AND ST_DWithin(u.geom, ST_GeomFromWKB(:wkb, 4326), :degrees))"""
)
_VERSION = text("SELECT version FROM territory_version")
_BUMP = text("UPDATE territory_version SET version = nextval('change_number')")
_TOTALS = text(
    f"""SELECT (SELECT count(*) FROM unit u WHERE {UNITS.format(path="u.path")}) AS units,
        (SELECT count(*) FROM grid g JOIN unit u ON u.code = g.unit_code
         WHERE g.valid_from <= :on AND (g.valid_to IS NULL OR g.valid_to > :on)
           AND {GRIDS.format(path="u.path", grid="g.code")}) AS grids,
        EXISTS (SELECT 1 FROM unit WHERE generated) OR EXISTS (SELECT 1 FROM grid WHERE generated) AS generated"""  # noqa: S608
)
_SEARCH = text(
    f"""WITH hit AS (
        SELECT u.code, u.name, u.level, u.path, u.geom, 0 AS is_grid FROM unit u
        WHERE (u.code LIKE :prefix OR u.name ILIKE :inside) AND {UNITS.format(path="u.path")}
        UNION ALL
        SELECT g.code, g.name, 'grid', u.path, g.geom, 1 FROM grid g JOIN unit u ON u.code = g.unit_code
        WHERE (g.code ILIKE :prefix OR g.name ILIKE :inside)
          AND g.valid_from <= :on AND (g.valid_to IS NULL OR g.valid_to > :on)
          AND {GRIDS.format(path="u.path", grid="g.code")}
        ORDER BY is_grid, code LIMIT 2000
    ), best AS (
        SELECT * FROM hit
        ORDER BY (code = :exact OR name = :exact) DESC, name ILIKE :prefix DESC, is_grid, nlevel(path), code
        LIMIT :limit
    )
    SELECT b.code, b.name, b.level, ST_XMin(b.geom) AS west, ST_YMin(b.geom) AS south,
        ST_XMax(b.geom) AS east, ST_YMax(b.geom) AS north,
        ARRAY(SELECT a.name FROM unit a WHERE a.path @> b.path AND (b.is_grid = 1 OR a.code <> b.code)
              ORDER BY a.path) AS path_names
    FROM best b
    ORDER BY (b.code = :exact OR b.name = :exact) DESC, b.name ILIKE :prefix DESC, b.is_grid, nlevel(b.path), b.code"""  # noqa: S608
)


def _unit(row: Row[Any]) -> UnitRow:
    bbox = (row.west, row.south, row.east, row.north)
    return UnitRow(row.code, row.name, row.level, row.parent_code, row.path, row.area_m2, bbox, row.generated)


def by_codes(session: Session, codes: Sequence[str]) -> list[UnitRow]:
    """Units of these codes that exist, parents before children."""
    return [_unit(row) for row in session.execute(_BY_CODES, {"codes": list(codes)})]


def by_paths(session: Session, paths: Sequence[str]) -> list[UnitRow]:
    """Those of the units that exist."""
    return [_unit(row) for row in session.execute(_BY_PATHS, {"paths": list(paths)})]


def of_officer(session: Session, officer_code: str, on: object) -> list[str]:
    """Paths of the units in which an officer has grids on a day."""
    return [row.path for row in session.execute(_OF_OFFICER, {"officer_code": officer_code, "on": on})]


def entered(session: Session, wkb: bytes, on: object) -> Sequence[Row[Any]]:
    """Code and unit path of each grid of a day that a WGS-84 geometry meets."""
    return session.execute(_ENTERED, {"wkb": wkb, "on": on}).all()


def near(session: Session, wkb: bytes, degrees: float) -> bool:
    """Whether some unit lies within some degrees of a WGS-84 geometry, or there is no unit at all."""
    return bool(session.execute(_NEAR, {"wkb": wkb, "degrees": degrees}).scalar_one())


def children(session: Session, code: str) -> list[UnitRow]:
    """Units straight below, by code."""
    return [_unit(row) for row in session.execute(_CHILDREN, {"code": code})]


def roots(session: Session) -> list[UnitRow]:
    """Units with no unit above."""
    return [_unit(row) for row in session.execute(_ROOTS)]


def ancestors(session: Session, path: str) -> list[UnitRow]:
    """Units above a path that are stored, and the unit of the path itself, root first."""
    return [_unit(row) for row in session.execute(_ANCESTORS, {"path": path})]


def within(session: Session, path: str, level: str) -> list[UnitRow]:
    """Units of one level at or below a path."""
    return [_unit(row) for row in session.execute(_WITHIN, {"path": path, "level": level})]


def in_scope(session: Session, scope: Scope, level: str) -> list[UnitRow]:
    """Units of one level in a scope."""
    return [_unit(row) for row in session.execute(_IN_SCOPE, {**scope.params(), "level": level})]


def at(session: Session, lon: float, lat: float) -> list[UnitRow]:
    """Units that cover a WGS-84 position, in path order."""
    return [_unit(row) for row in session.execute(_AT, {"lon": lon, "lat": lat})]


def meeting(session: Session, bounds: Bbox) -> Sequence[Row[Any]]:
    """code, parent_code, depth, geom (WKB) of units whose box meets a WGS-84 box."""
    values = dict(zip(("west", "south", "east", "north"), bounds, strict=True))
    return session.execute(_MEETING, values).all()


def totals(session: Session, scope: Scope, on: object) -> Row[Any]:
    """units, grids (valid on the day) of a scope; generated, whether any of the installation's are."""
    return session.execute(_TOTALS, {**scope.params(), "on": on}).one()


def version(session: Session) -> int:
    """The number of the last change of territory."""
    return int(session.execute(_VERSION).scalar_one())


def bump_version(session: Session) -> None:
    """Give territory a new number."""
    session.execute(_BUMP)


def search(session: Session, scope: Scope, words: str, on: object, limit: int) -> Sequence[Row[Any]]:
    """Units and grids of a scope by name (anywhere) or code (prefix): exact first, names that begin so, then units."""
    safe = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    patterns = {"exact": words, "prefix": f"{safe}%", "inside": f"%{safe}%"}
    values = {**scope.params(), **patterns, "on": on, "limit": limit}
    return session.execute(_SEARCH, values).all()
