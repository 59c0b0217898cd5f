"""An area as it was drawn into a sound MultiPolygon on WGS-84, each refusal said in words."""

from typing import NamedTuple

import numpy as np
import shapely
import shapely.errors
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from app.errors import InvalidInputError
from app.evidence import service as evidence
from app.evidence.service import NOTHING_KEPT
from app.marks.schemas import MarkIn, PolygonIn, Rings
from geo.areas import area_cells
from geo.datum import Datum, geodesic_area_m2, geometry_to_wgs84
from geo.daytiles import Cells
from geo.errors import GeoError
from geo.frame import TileKey, tile_row_area_cm2

MIN_AREA_M2 = 20.0  # a cell and its neighbours; anything less is a slip of the finger
MAX_AREA_M2 = 500_000.0  # what one person can answer for with one photo is a compound, not a village
MAX_VERTICES = 500


class Ground(NamedTuple):
    """A mark's area (WGS-84) and what follows from it; position lon, lat, distance in m, None without a position."""

    area: MultiPolygon
    wkb: bytes
    area_m2: float
    cells: dict[TileKey, Cells]
    position: tuple[float, float] | None
    distance_m: float | None


def ground_of(mark: MarkIn) -> Ground:
    """The same mark gives the same ground, which `verify` relies on. Raises InvalidInputError."""
    area = area_of(mark)
    position = None if mark.position is None else evidence.position_of(mark.position, mark.datum)
    away_m = None if position is None else evidence.distance_m(area, position)
    return Ground(area, shapely.to_wkb(area), area_m2(area), area_cells(area), position, away_m)


def area_of(mark: MarkIn) -> MultiPolygon:
    """The area of a mark on WGS-84. Raises InvalidInputError naming the place of a fault."""
    drawn = _drawn(mark)
    try:
        area = MultiPolygon(geometry_to_wgs84(drawn, Datum(mark.datum)))
    except GeoError as error:
        raise InvalidInputError(
            f"所画范围不像是 {mark.datum} 坐标，请核对坐标系和经纬度次序后重发。{NOTHING_KEPT}", problem="datum"
        ) from error
    _check_sound(area)
    return area


def area_m2(area: MultiPolygon) -> float:
    """Area on the ellipsoid. Raises InvalidInputError when it is too small or too large."""
    found = geodesic_area_m2(area)
    if found < MIN_AREA_M2:
        raise InvalidInputError(
            f"所画范围只有 {found:.0f} 平方米，至少应有 {MIN_AREA_M2:.0f} 平方米。请放大地图后重画。{NOTHING_KEPT}",
            problem="too_small",
            area_m2=round(found, 1),
        )
    if found > MAX_AREA_M2:
        raise InvalidInputError(
            f"所画范围有 {found:,.0f} 平方米，一次最多 {MAX_AREA_M2:,.0f} 平方米。请分块标记。{NOTHING_KEPT}",
            problem="too_large",
            area_m2=round(found, 1),
        )
    return found


def seen_m2(cells: dict[TileKey, Cells]) -> float:
    """Ground of some cells, whole cm2 each, in m2."""
    return sum(int(np.dot(part.sum(axis=1), tile_row_area_cm2(key.y))) for key, part in cells.items()) / 10_000


def _drawn(mark: MarkIn) -> MultiPolygon:
    geometry = mark.geometry
    parts = [geometry.coordinates] if isinstance(geometry, PolygonIn) else geometry.coordinates
    vertices = sum(len(ring) for rings in parts for ring in rings)
    if vertices > MAX_VERTICES:
        raise InvalidInputError(
            f"所画范围有 {vertices} 个顶点，最多 {MAX_VERTICES} 个。请画得简单些。{NOTHING_KEPT}",
            problem="vertices",
            limit=MAX_VERTICES,
        )
    try:
        return MultiPolygon([_polygon(rings) for rings in parts])
    except (ValueError, shapely.errors.ShapelyError) as error:  # a ring of two points and the first again
        raise InvalidInputError(f"所画范围不成面，至少要有三个点。{NOTHING_KEPT}", problem="not_simple") from error


def _polygon(rings: Rings) -> shapely.Polygon:
    shell, *holes = ([point[:2] for point in ring] for ring in rings)
    return shapely.Polygon(shell, holes)


def _check_sound(area: BaseGeometry) -> None:
    if shapely.is_valid(area):
        return
    # "Self-intersection[119.97 31.81]"
    reason, _, place = shapely.is_valid_reason(area).partition("[")
    at = [float(degrees) for degrees in place.rstrip("]").split()]
    where = f"在经度 {at[0]:.6f}、纬度 {at[1]:.6f} 附近" if len(at) == 2 else ""
    raise InvalidInputError(
        f"所画范围{where}自相交或不成面，说不清里外。请重画，不要让边线交叉。{NOTHING_KEPT}",
        problem="not_simple",
        reason=reason,
        at=at,
    )
