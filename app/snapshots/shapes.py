"""The ground that a snapshot shows: a unit, what lies straight below it, and what is coloured, as fine as may be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from app.coverage.schemas import Level
from app.snapshots import queries
from app.snapshots.queries import Outline
from app.territory import service as territory
from app.territory.schemas import UnitRow

MOST_AREAS = 8_000  # a city has 7,000 grids; more than that no sheet and no browser shows apart
MOST_EXCLUSIONS = 5_000
_COARSER: tuple[Level, ...] = ("village", "town", "county")
_METRES_A_DEGREE = 111_320.0  # of latitude: only to say how coarse an outline is
_FIRST_STEP, _COARSEST_STEP = 2e-5, 0.01  # of the unit's extent


@dataclass(frozen=True, slots=True)
class Area:
    """A unit or grid with its WGS-84 shape; lon, lat: where its name stands."""

    code: str
    name: str
    shape: BaseGeometry
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Ground:
    """A unit on a day. `below`: its child units, else its grids; `areas`: what is coloured, all of one `level`.

    `tolerance_m`: how far outlines were eased, 0 for not at all. `grid_count`: of all grids, drawn or not.
    """

    own: Area
    below: list[Area]
    areas: list[Area]
    level: Level
    excluded: BaseGeometry
    tolerance_m: float
    grid_count: int


def ground(session: Session, unit: UnitRow, on: date, most_points: int) -> Ground:
    """The ground of a unit as it was divided on a local day, with at most about `most_points` corners."""
    grid_count = territory.grid_counts(session, [unit.code], on).get(unit.code, 0)
    level, outlines = _coloured(session, unit, on, grid_count)
    own = _areas([queries.unit(session, unit.code)])
    below = _areas(queries.children(session, unit.code))
    areas = _areas(outlines)
    excluded = shapely.union_all(_shapes(queries.exclusions(session, unit.code, on, MOST_EXCLUSIONS)))
    extent = max(unit.bbox[2] - unit.bbox[0], unit.bbox[3] - unit.bbox[1])
    eased, tolerance = _eased(areas, extent, most_points)
    if tolerance:
        own, below = ([_with(area, area.shape.simplify(tolerance)) for area in some] for some in (own, below))
        excluded = excluded.simplify(tolerance)
    return Ground(
        own[0],
        below or (eased if level == "grid" else []),
        eased,
        level,
        excluded,
        tolerance * _METRES_A_DEGREE,
        grid_count,
    )


def _coloured(session: Session, unit: UnitRow, on: date, grid_count: int) -> tuple[Level, list[Outline]]:
    """The finest division that may be shown, with its outlines; without grids, none."""
    if grid_count <= MOST_AREAS:
        return "grid", queries.grids(session, unit.path, on)
    fitting = (level for level in _COARSER if 0 < len(territory.units_within(session, unit, level)) <= MOST_AREAS)
    level: Level = next(fitting, "county")
    return level, queries.units(session, unit.path, level)


def _eased(areas: list[Area], extent: float, most_points: int) -> tuple[list[Area], float]:
    """Areas with few enough corners, borders still shared, and the tolerance in degrees that this took."""
    shapes = np.array([area.shape for area in areas], dtype=object)
    tolerance = 0.0
    while int(shapely.get_num_coordinates(shapes).sum()) > most_points:
        coarser = tolerance * 2 or extent * _FIRST_STEP
        if coarser > extent * _COARSEST_STEP:  # so many small ones that no easing helps
            break
        tolerance = coarser
        shapes = shapely.coverage_simplify(shapes, tolerance)
    return [_with(area, shape) for area, shape in zip(areas, shapes, strict=True)], tolerance


def _with(area: Area, shape: BaseGeometry) -> Area:
    return Area(area.code, area.name, shape, area.lon, area.lat)


def _areas(outlines: Sequence[Outline]) -> list[Area]:
    return [
        Area(each.code, each.name, shape, each.lon, each.lat)
        for each, shape in zip(outlines, _shapes(outlines), strict=True)
    ]


def _shapes(outlines: Sequence[Outline]) -> list[BaseGeometry]:
    return list(shapely.from_wkb([each.geom for each in outlines]))
