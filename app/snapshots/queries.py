"""SQL of what a snapshot draws. Whether a unit may be asked about is settled before; all below it may be, then."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Row, text
from sqlalchemy.orm import Session


class Outline(NamedTuple):
    """A unit, grid or exclusion (level None): geometry as WKB, label point, all WGS-84."""

    code: str
    name: str
    level: str | None
    geom: bytes
    lon: float
    lat: float


_COLUMNS = (
    "s.code, s.name, s.level, ST_AsBinary(s.geom) AS geom, ST_X(s.label_point) AS lon, ST_Y(s.label_point) AS lat"
)
_UNIT = text(f"SELECT {_COLUMNS} FROM unit s WHERE s.code = :code")  # noqa: S608 - constants
_CHILDREN = text(f"SELECT {_COLUMNS} FROM unit s WHERE s.parent_code = :code ORDER BY s.code")  # noqa: S608
_UNITS = text(
    f"SELECT {_COLUMNS} FROM unit s WHERE s.path <@ CAST(:path AS ltree) AND s.level = :level ORDER BY s.code"  # noqa: S608
)
_GRIDS = text(
    """
SELECT s.code, s.name, 'grid' AS level, ST_AsBinary(s.geom) AS geom,
       ST_X(s.label_point) AS lon, ST_Y(s.label_point) AS lat
FROM grid s JOIN unit u ON u.code = s.unit_code
WHERE u.path <@ CAST(:path AS ltree) AND s.valid_from <= :on AND (s.valid_to IS NULL OR s.valid_to > :on)
ORDER BY s.code
"""
)
_EXCLUSIONS = text(
    """
SELECT s.code, coalesce(s.name, '') AS name, NULL AS level, ST_AsBinary(ST_Intersection(s.geom, u.geom)) AS geom,
       0.0 AS lon, 0.0 AS lat
FROM unit u JOIN exclusion s ON s.geom && u.geom AND ST_Intersects(s.geom, u.geom)
WHERE u.code = :code AND s.state = 'approved' AND s.effect = 'excluded'
  AND s.valid_from <= :on AND (s.valid_to IS NULL OR s.valid_to > :on)
ORDER BY s.code
LIMIT :most
"""
)
_SITES = text(
    """
SELECT s.id, s.name, s.kind, ST_X(s.place) AS lon, ST_Y(s.place) AS lat
FROM site s
WHERE s.unit_path <@ CAST(:path AS ltree) AND (s.removed_on IS NULL OR s.removed_on > :on)
ORDER BY s.code
"""
)
# The state a case was in on the day: where its last step up to then had led.
_CASES = text(
    """
SELECT c.number, c.party_name AS name, ST_X(c.place) AS lon, ST_Y(c.place) AS lat,
       coalesce((SELECT e.to_state FROM case_event e WHERE e.case_id = c.id AND e.on_day <= :on
                 ORDER BY e.id DESC LIMIT 1), 'registered') AS state
FROM case_file c
WHERE c.unit_path <@ CAST(:path AS ltree) AND c.found_on <= :on
ORDER BY c.number
"""
)
_LOOKS_IN = text(
    """
SELECT count(*) FROM (
    SELECT 1 FROM look l
    WHERE l.x BETWEEN :x0 AND :x1 AND l.y BETWEEN :y0 AND :y1 AND NOT l.withdrawn LIMIT :most) AS n
"""
)


def unit(session: Session, code: str) -> Outline:
    """A unit that exists."""
    return Outline(*session.execute(_UNIT, {"code": code}).one())


def children(session: Session, code: str) -> list[Outline]:
    """The units straight below a unit, by code."""
    return [Outline(*row) for row in session.execute(_CHILDREN, {"code": code})]


def units(session: Session, path: str, level: str) -> list[Outline]:
    """The units of a level at or below a path, by code."""
    return [Outline(*row) for row in session.execute(_UNITS, {"path": path, "level": level})]


def grids(session: Session, path: str, on: date) -> list[Outline]:
    """The grids at or below a path on a day, by code."""
    return [Outline(*row) for row in session.execute(_GRIDS, {"path": path, "on": on})]


def exclusions(session: Session, code: str, on: date, most: int) -> list[Outline]:
    """Ground of a unit that need not be covered on a day, `most` pieces of it."""
    return [Outline(*row) for row in session.execute(_EXCLUSIONS, {"code": code, "on": on, "most": most})]


def sites(session: Session, path: str, on: date) -> Sequence[Row[Any]]:
    """id, name, kind, lon, lat (None: nobody has said where) of the sites on a day, by code."""
    return session.execute(_SITES, {"path": path, "on": on}).all()


def cases(session: Session, path: str, on: date) -> Iterator[Row[Any]]:
    """number, name, lon, lat (None when unknown), state of the cases found up to a day, by number."""
    yield from session.execute(_CASES, {"path": path, "on": on})


def looks_in(session: Session, block: tuple[int, int, int, int], most: int) -> int:
    """How many looks a block of tiles (x0, y0, x1, y1, both ends in it) holds, counted up to `most`."""
    values = dict(zip(("x0", "y0", "x1", "y1"), block, strict=True))
    return int(session.execute(_LOOKS_IN, {**values, "most": most}).scalar_one())
