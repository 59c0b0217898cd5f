"""A small city for these tests: rows of territory and of patrols, put straight into the tables.

The city is a strip of two villages, each a row of square grids; between the last grid and the village's eastern edge
there is a strip that belongs to no grid.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import numpy as np
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.coverage import service
from geo.daytiles import day_number
from geo.frame import TileKey
from geo.passing import Passed, Passing
from geo.swath import Look, looks
from geo.tracks import Segments

CITY, COUNTY, TOWN = "320400000000", "320404000000", "320404001000"
VILLAGES = ("320404001001", "320404001002")
WEST, SOUTH = 119.95, 31.80
SIDE = 0.004  # degrees: about 380 m x 440 m
STRIP = 0.001
COLUMNS = 3
OFFICER = "W001"
BEGINNING = date(2025, 1, 1)

_UNIT = text(
    """
INSERT INTO unit (code, name, level, parent_code, path, geom, label_point, area_m2, source_datum)
SELECT :code, :name, :level, :parent, CAST(:path AS ltree), g, ST_PointOnSurface(g), ST_Area(CAST(g AS geography)),
       'WGS-84'
FROM ST_Multi(ST_GeomFromText(:wkt, 4326)) AS g
"""
)
_GRID = text(
    """
INSERT INTO grid (code, name, unit_code, risk, cycle_days, geom, label_point, area_m2, source_datum, valid_from)
SELECT :code, :name, :unit, :risk, :cycle_days, g, ST_PointOnSurface(g), ST_Area(CAST(g AS geography)), 'WGS-84', :since
FROM ST_Multi(ST_GeomFromText(:wkt, 4326)) AS g
"""
)
_EXCLUSION = text(
    """
INSERT INTO exclusion (code, kind, effect, reason, state, requested_by, decided_by, geom, area_m2, source_datum,
                       valid_from)
SELECT :code, 'water', :effect, '测试', 'approved', '测试员', '测试员', g, ST_Area(CAST(g AS geography)), 'WGS-84',
       :since
FROM ST_Multi(ST_GeomFromText(:wkt, 4326)) AS g
"""
)
_PATROL = text(
    """
WITH known AS (
    INSERT INTO evidence (id, kind, officer_code, started_at, ended_at, unit_paths, sent_by)
    SELECT :id, 'patrol', 'W001', :at, :at, ARRAY(SELECT path FROM unit), 'test'
)
INSERT INTO patrol (id, officer_code, mode, source, datum, started_at, ended_at, utc_offset_s, content_digest, answer,
                    received_from)
VALUES (:id, 'W001', 'foot', 'phone', 'WGS-84', :at, :at, 28800, '\\x00', '{}', 'test')
"""
)


@dataclass(frozen=True)
class Way:
    """A straight walk on one local day, WGS-84."""

    day: date
    start: tuple[float, float]
    end: tuple[float, float]
    half_width_m: float = 30.0


def grid_code(village: int, column: int) -> str:
    """The code of a grid."""
    return f"{VILLAGES[village]}-{column + 1:02d}"


def grid_box(village: int, column: int) -> shapely.Polygon:
    """The square of a grid."""
    west, south = WEST + column * SIDE, SOUTH + village * SIDE
    return shapely.box(west, south, west + SIDE, south + SIDE)


def village_box(village: int) -> shapely.Polygon:
    """A village: its grids and the strip east of them."""
    south = SOUTH + village * SIDE
    return shapely.box(WEST, south, WEST + COLUMNS * SIDE + STRIP, south + SIDE)


def city_box() -> shapely.Polygon:
    """The city, which is its county, which is its town."""
    return shapely.union_all([village_box(0), village_box(1)])


def add_unit(session: Session, lineage: Sequence[str], level: str, shape: shapely.Geometry) -> None:
    """Store a unit; `lineage` are codes from the root to itself."""
    parent = lineage[-2] if len(lineage) > 1 else None
    values = {"code": lineage[-1], "name": f"单位{lineage[-1]}", "level": level, "parent": parent}
    session.execute(_UNIT, {**values, "path": ".".join(lineage), "wkt": shape.wkt})


def add_grid(
    session: Session,
    code: str,
    unit: str,
    shape: shapely.Geometry,
    since: date = BEGINNING,
    risk: str | None = "medium",
    cycle_days: int | None = None,
) -> None:
    """Store a version of a grid."""
    values = {"code": code, "name": f"网格{code}", "unit": unit, "risk": risk, "cycle_days": cycle_days}
    session.execute(_GRID, {**values, "since": since, "wkt": shape.wkt})


def end_grid(session: Session, code: str, day: date) -> None:
    """Let the current version of a grid end before a day."""
    session.execute(
        text("UPDATE grid SET valid_to = :day WHERE code = :code AND valid_to IS NULL"), {"day": day, "code": code}
    )


def add_exclusion(session: Session, code: str, effect: str, shape: shapely.Geometry, since: date = BEGINNING) -> None:
    """Store an approved exclusion."""
    session.execute(_EXCLUSION, {"code": code, "effect": effect, "since": since, "wkt": shape.wkt})


def build(session: Session, since: date = BEGINNING) -> None:
    """Store the city and paint it."""
    add_unit(session, [CITY], "city", city_box())
    add_unit(session, [CITY, COUNTY], "county", city_box())
    add_unit(session, [CITY, COUNTY, TOWN], "town", city_box())
    for village, code in enumerate(VILLAGES):
        add_unit(session, [CITY, COUNTY, TOWN, code], "village", village_box(village))
        for column in range(COLUMNS):
            add_grid(session, grid_code(village, column), code, grid_box(village, column), since)
    session.execute(text("INSERT INTO officer (code, name) VALUES (:code, '测试员')"), {"code": OFFICER})
    service.repaint(session, city_box(), since)


def add_patrol(session: Session) -> UUID:
    """Store a patrol's row."""
    patrol_id = uuid4()
    session.execute(_PATROL, {"id": patrol_id, "at": datetime(2025, 6, 1, tzinfo=UTC)})
    return patrol_id


def looks_of(ways: Iterable[Way]) -> list[Look]:
    """What some walks see."""
    found: list[Look] = []
    for way in ways:
        lon = np.linspace(way.start[0], way.end[0], 11)
        lat = np.linspace(way.start[1], way.end[1], 11)
        days = np.full(10, day_number(way.day))
        found += looks(Segments(lon[:-1], lat[:-1], lon[1:], lat[1:], days), way.half_width_m)
    merged: dict[tuple[int, TileKey], Look] = {}
    for look in found:
        known = merged.get((look.day, look.key))
        merged[look.day, look.key] = look if known is None else look._replace(cells=look.cells | known.cells)
    return list(merged.values())


def take_in(session: Session, *ways: Way, kind: str = "tracked") -> UUID:
    """Accept a patrol of some walks."""
    service.lock_for_looks(session)
    patrol_id = add_patrol(session)
    service.apply_looks(session, patrol_id, looks_of(ways), kind)
    return patrol_id


def pass_by(session: Session, reason: str, *ways: Way) -> UUID:
    """Accept a patrol that only passed on some ways."""
    service.lock_for_looks(session)
    patrol_id = add_patrol(session)
    passings = [Passing(Passed(reason), look.day, look.key, look.cells) for look in looks_of(ways)]
    service.store_passings(session, patrol_id, passings)
    return patrol_id


def void(session: Session, patrol_id: UUID) -> None:
    """Void a patrol."""
    service.lock_for_looks(session)
    session.execute(
        text(
            "UPDATE patrol SET state = 'voided', void_reason = '测试', voided_by = '测试员', voided_at = now()"
            " WHERE id = :id"
        ),
        {"id": patrol_id},
    )
    service.withdraw(session, patrol_id)


def across(village: int, day: date, lane: float = 0.5) -> Way:
    """A walk through all grids of a village from west to east, at a part of its height."""
    lat = SOUTH + (village + lane) * SIDE
    return Way(day, (WEST, lat), (WEST + COLUMNS * SIDE, lat))


def through(village: int, column: int, day: date, lane: float = 0.5) -> Way:
    """A walk inside one grid from west to east."""
    west, lat = WEST + column * SIDE, SOUTH + (village + lane) * SIDE
    return Way(day, (west + SIDE * 0.2, lat), (west + SIDE * 0.8, lat), 20.0)


def whole_grid(village: int, column: int, day: date) -> Way:
    """A walk that sees all of one grid, and more."""
    west, lat = WEST + column * SIDE, SOUTH + (village + 0.5) * SIDE
    return Way(day, (west, lat), (west + SIDE, lat), 300.0)


def derived(session: Session) -> dict[str, list[tuple[object, ...]]]:
    """The derived tables' contents, comparable between histories."""
    tiles = session.execute(text("SELECT x, y, kind, days FROM day_tile ORDER BY x, y, kind")).all()
    rows = session.execute(
        text(
            "SELECT z.grid_code, z.from_day AS since, f.from_day, f.histogram FROM freshness f"
            " JOIN zone z ON z.id = f.zone_id ORDER BY 1, 2, 3"
        )
    ).all()
    return {"tiles": [tuple(row) for row in tiles], "freshness": [tuple(row) for row in rows]}
