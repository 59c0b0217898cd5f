"""Where people say a site is, on WGS-84, each refusal said in words."""

import math
from typing import Any

import shapely
import shapely.errors
from shapely.geometry import MultiPolygon, Point
from shapely.geometry.base import BaseGeometry

from app.errors import InvalidInputError
from geo.datum import Datum, geodesic_area_m2, geometry_to_wgs84, to_wgs84
from geo.errors import GeoError

NOTHING_KEPT = "未保存任何内容。"
MAX_VERTICES = 2000
MIN_AREA_M2, MAX_AREA_M2 = 4.0, 50_000_000.0
# A point that stands for a large park may lie at its gate, not in the next village.
_FAR_DEG = 0.02


def point_of(lon: float | None, lat: float | None, datum: str | None) -> bytes | None:
    """A stated point as WKB; None for none. Raises InvalidInputError."""
    if lon is None and lat is None:
        return None
    if lon is None or lat is None:
        raise InvalidInputError(f"经度和纬度须同时填写，或同时留空。{NOTHING_KEPT}", problem="place")
    try:
        east, north = to_wgs84(lon, lat, Datum(_stated(datum)))
    except GeoError as error:
        raise _not_of(datum, error) from error
    return bytes(shapely.to_wkb(Point(float(east), float(north))))


def outline_of(given: dict[str, Any] | None, datum: str | None) -> bytes | None:
    """A stated outline (GeoJSON) as WKB of a MultiPolygon; None for none. Raises InvalidInputError."""
    if given is None:
        return None
    drawn = _polygons(given)
    try:
        area = MultiPolygon(geometry_to_wgs84(drawn, Datum(_stated(datum))))
    except GeoError as error:
        raise _not_of(datum, error) from error
    _check_sound(area)
    return bytes(shapely.to_wkb(area))


def check_near(point: bytes | None, outline: bytes | None) -> None:
    """Raise InvalidInputError when a point lies nowhere near its outline: one of the two is another place's."""
    if point is None or outline is None:
        return
    if shapely.distance(shapely.from_wkb(point), shapely.from_wkb(outline)) > _FAR_DEG:
        raise InvalidInputError(
            f"点位离所画范围超过约两公里，不像是同一处场所。请核对坐标系和经纬度。{NOTHING_KEPT}", problem="place"
        )


def geojson(wkb: bytes | None) -> dict[str, Any] | None:
    """A shape as GeoJSON, for the history."""
    return None if wkb is None else dict(shapely.geometry.mapping(shapely.from_wkb(wkb)))


def _stated(datum: str | None) -> str:
    if datum is None:
        raise InvalidInputError(
            f"填写位置时须注明坐标系（WGS-84、CGCS2000、GCJ-02 或 BD-09）。{NOTHING_KEPT}", problem="datum"
        )
    return datum


def _not_of(datum: str | None, error: GeoError) -> InvalidInputError:
    swapped = error.facts.get("suspected") == "swapped"
    hint = "经度和纬度好像填反了" if swapped else "请核对坐标系和经纬度"
    return InvalidInputError(f"位置不像是 {datum} 坐标：{hint}。{NOTHING_KEPT}", problem="datum")


def _polygons(given: dict[str, Any]) -> MultiPolygon:
    kind, parts = given.get("type"), given.get("coordinates")
    if kind not in ("Polygon", "MultiPolygon"):
        raise _unreadable("应为 GeoJSON 的 Polygon 或 MultiPolygon")
    try:
        rings: list[Any] = [parts] if kind == "Polygon" else list(parts or ())
        polygons = [[[(float(x), float(y)) for x, y, *_ in ring] for ring in polygon] for polygon in rings]
        if sum(len(ring) for polygon in polygons for ring in polygon) > MAX_VERTICES:
            raise _unreadable(f"顶点超过 {MAX_VERTICES} 个，请简化")
        if not all(math.isfinite(value) for polygon in polygons for ring in polygon for at in ring for value in at):
            raise _unreadable("坐标不是有限的数")
        return MultiPolygon([shapely.Polygon(polygon[0], polygon[1:]) for polygon in polygons])
    except (TypeError, ValueError, IndexError, OverflowError, shapely.errors.ShapelyError) as error:
        raise _unreadable("每个环至少要有三个点，每个点为 [经度, 纬度]") from error


def _unreadable(what: str) -> InvalidInputError:
    return InvalidInputError(f"场所范围不能识别：{what}。{NOTHING_KEPT}", problem="outline")


def _check_sound(area: BaseGeometry) -> None:
    if not shapely.is_valid(area):
        raise _unreadable("边线自相交或不成面，说不清里外")
    found = geodesic_area_m2(area)
    if not MIN_AREA_M2 <= found <= MAX_AREA_M2:
        raise _unreadable(f"面积 {found:,.0f} 平方米，应在 {MIN_AREA_M2:,.0f} 到 {MAX_AREA_M2:,.0f} 平方米之间")
