"""An area that somebody is sent to, as it came from a map, into a sound MultiPolygon."""

import numpy as np
import shapely
import shapely.errors
from shapely.geometry import MultiPolygon

from app.dispatch.schemas import MultiPolygonIn, PolygonIn, Rings
from app.dispatch.wording import NOTHING_KEPT
from app.errors import InvalidInputError
from geo.areas import area_cells
from geo.datum import geodesic_area_m2
from geo.errors import GeoError

# What one person may be sent to at once; the largest grids of the countryside are smaller.
MAX_AREA_M2 = 50e6
MAX_VERTICES = 20_000
# A side of the box around it: what is thin and long would be looked for in all that lies between its ends.
MAX_SIDE_M = 60e3
METRES_PER_DEGREE = 111_320.0
# Mending a star of 250 points by its 30,000 crossings takes minutes and gigabytes; an outline eased for a map has few.
MAX_CROSSINGS = 10_000
_EDGES_AT_ONCE = 200


def area_of(given: PolygonIn | MultiPolygonIn) -> tuple[MultiPolygon, float]:
    """The area and its size in m2 on the ellipsoid. Raises InvalidInputError for what is no area that can be walked."""
    parts = [given.coordinates] if isinstance(given, PolygonIn) else given.coordinates
    if sum(len(ring) for rings in parts for ring in rings) > MAX_VERTICES:
        raise InvalidInputError(
            f"地块边界的点过多，最多 {MAX_VERTICES} 个。请缩小范围。{NOTHING_KEPT}", problem="vertices"
        )
    try:
        area = _mended(MultiPolygon([_polygon(rings) for rings in parts]))
        area_m2 = _size(area)
        cells = area_cells(area) if not area.is_empty else {}
    except (ValueError, GeoError, shapely.errors.ShapelyError) as error:
        raise InvalidInputError(f"地块边界不成面，或不是 WGS-84 经纬度。{NOTHING_KEPT}", problem="area") from error
    if not cells:
        raise InvalidInputError(
            f"地块太小或太窄，没有盖住任何一个统计单元，无法判断是否完成。{NOTHING_KEPT}", problem="small"
        )
    return area, area_m2


def _mended(given: MultiPolygon) -> MultiPolygon:
    """Without crossings: outlines eased for the map may touch themselves; what they enclose is clear."""
    if given.is_valid:
        return given
    _check_crossings(given)
    mended = shapely.make_valid(given, method="structure", keep_collapsed=False)
    polygons = [part for part in shapely.get_parts(shapely.get_parts(mended)) if part.geom_type == "Polygon"]
    return MultiPolygon(polygons)


def _check_crossings(given: MultiPolygon) -> None:
    points, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(given)), return_index=True)
    first = np.flatnonzero(ring[1:] == ring[:-1])
    edges = shapely.linestrings(np.stack([points[first], points[first + 1]], axis=1))
    tree, met = shapely.STRtree(edges), 0
    for start in range(0, len(edges), _EDGES_AT_ONCE):
        met += tree.query(edges[start : start + _EDGES_AT_ONCE], predicate="intersects").shape[1]
        if met > 3 * len(edges) + 2 * MAX_CROSSINGS:  # each edge meets itself and its two neighbours
            raise InvalidInputError(
                f"地块边界自身交叉过多，无法判断范围。请重新圈画。{NOTHING_KEPT}", problem="crossing"
            )


def _size(area: MultiPolygon) -> float:
    """m2. Raises InvalidInputError for more than one person can be sent to, ValueError for what is no lon and lat."""
    west, south, east, north = area.bounds
    if max(-west, east) > 180 or max(-south, north) > 90:
        raise ValueError("off the earth")
    area_m2 = geodesic_area_m2(area)
    if area_m2 > MAX_AREA_M2:
        raise InvalidInputError(
            f"地块有 {area_m2 / 1e6:.1f} 平方公里，一次派单最多 {MAX_AREA_M2 / 1e6:.0f} 平方公里。请分块派单。"
            f"{NOTHING_KEPT}",
            problem="large",
        )
    if max(east - west, north - south) * METRES_PER_DEGREE > MAX_SIDE_M:
        raise InvalidInputError(f"地块的两端相距过远，一张派单无法完成。请分块派单。{NOTHING_KEPT}", problem="large")
    return area_m2


def _polygon(rings: Rings) -> shapely.Polygon:
    shell, *holes = ([point[:2] for point in ring] for ring in rings)
    return shapely.Polygon(shell, holes)
