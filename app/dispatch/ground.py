"""An area that somebody is sent to, as it came from a map, into a sound MultiPolygon."""

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


def area_of(given: PolygonIn | MultiPolygonIn) -> tuple[MultiPolygon, float]:
    """The area and its size in m2 on the ellipsoid. Raises InvalidInputError for what is no area that can be walked."""
    parts = [given.coordinates] if isinstance(given, PolygonIn) else given.coordinates
    if sum(len(ring) for rings in parts for ring in rings) > MAX_VERTICES:
        raise InvalidInputError(
            f"地块边界的点过多，最多 {MAX_VERTICES} 个。请缩小范围。{NOTHING_KEPT}", problem="vertices"
        )
    try:
        # Outlines eased for the map may touch themselves; what they enclose is clear.
        mended = shapely.make_valid(MultiPolygon([_polygon(rings) for rings in parts]))
        polygons = [part for part in shapely.get_parts(shapely.get_parts(mended)) if part.geom_type == "Polygon"]
        area = MultiPolygon([part for each in polygons for part in shapely.get_parts(each)])
        cells = area_cells(area) if not area.is_empty else {}
    except (ValueError, GeoError, shapely.errors.ShapelyError) as error:
        raise InvalidInputError(f"地块边界不成面，或不是 WGS-84 经纬度。{NOTHING_KEPT}", problem="area") from error
    if not cells:
        raise InvalidInputError(
            f"地块太小或太窄，没有盖住任何一个统计单元，无法判断是否完成。{NOTHING_KEPT}", problem="small"
        )
    area_m2 = geodesic_area_m2(area)
    if area_m2 > MAX_AREA_M2:
        raise InvalidInputError(
            f"地块有 {area_m2 / 1e6:.1f} 平方公里，一次派单最多 {MAX_AREA_M2 / 1e6:.0f} 平方公里。请分块派单。"
            f"{NOTHING_KEPT}",
            problem="large",
        )
    return area, area_m2


def _polygon(rings: Rings) -> shapely.Polygon:
    shell, *holes = ([point[:2] for point in ring] for ring in rings)
    return shapely.Polygon(shell, holes)
