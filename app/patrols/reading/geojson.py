"""GeoJSON: points with a time property, or lines with one time per coordinate."""

from collections.abc import Mapping
from typing import Any

from pydantic_core import from_json

from app.patrols.reading.common import NAN, Clock, Points, number, refused
from app.patrols.schemas import bound_json
from app.patrols.wording import shown

_VALUES_PER_FIX = 40
_TIME = ("time", "timestamp", "datetime", "date_time", "时间", "定位时间")
_TIMES = ("coordTimes", "times", "timestamps")
_ACCURACY = ("accuracy_m", "accuracy", "hacc", "精度")
_SPEED = ("speed_m_s", "speed", "速度")
_HEADING = ("heading_deg", "heading", "bearing", "方向")
_LONLAT_CRS = ("CRS84", "EPSG::4326", "EPSG:4326", "EPSG::4490", "EPSG:4490")


def read_geojson(data: bytes, points: Points, clock: Clock) -> None:
    """Fill `points` from GeoJSON bytes. Raises InvalidInputError or TooLargeError with a message in Chinese."""
    bound_json(data, points.max_fixes, _VALUES_PER_FIX)
    try:
        document = from_json(data.removeprefix(b"\xef\xbb\xbf"), allow_inf_nan=False)
    except ValueError as error:
        raise refused(f"文件不是有效的 JSON：{error}", problem="broken_json") from None
    if not isinstance(document, dict):
        raise refused("文件不是 GeoJSON 对象", problem="not_geojson")
    _refuse_crs(document)
    features = document.get("features") if document.get("type") == "FeatureCollection" else [document]
    if not isinstance(features, list):
        raise refused("GeoJSON 的 features 应为数组", problem="not_geojson")
    points.begin()
    for index, feature in enumerate(features, 1):
        _feature(feature, f"第 {index} 个要素", points, clock)


def _refuse_crs(document: Mapping[str, Any]) -> None:
    crs = document.get("crs")
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name", "") if isinstance(properties, dict) else ""
    if name and not str(name).endswith(_LONLAT_CRS):
        raise refused(f"GeoJSON 声明的坐标系 {shown(name)} 不是经纬度，请转换后再导入", problem="crs")


def _feature(feature: Any, place: str, points: Points, clock: Clock) -> None:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise refused(f"{place}不是 GeoJSON 的 Feature", problem="not_geojson")
    geometry, properties = feature.get("geometry"), feature.get("properties") or {}
    if not isinstance(geometry, dict) or not isinstance(properties, dict):
        raise refused(f"{place}没有几何或属性有误", problem="not_geojson")
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind == "Point":
        _point(coordinates, properties, place, points, clock)
    elif kind == "LineString":
        _line(coordinates, _times(properties), properties, place, points, clock)
    elif kind == "MultiLineString" and isinstance(coordinates, list):
        times = _times(properties)
        for index, line in enumerate(coordinates):
            part = times[index] if isinstance(times, list) and index < len(times) else None
            _line(line, part, properties, f"{place}第 {index + 1} 段", points, clock)
    else:
        raise refused(f"{place}的几何类型 {shown(kind)} 不是点或线，不能作为轨迹", problem="geometry")


def _point(position: Any, properties: Mapping[str, Any], place: str, points: Points, clock: Clock) -> None:
    at = _first(properties, _TIME)
    if at is None:
        raise refused(f"{place}没有时间属性（{'、'.join(_TIME[:3])} 或 时间），看不出何时有人到过", problem="no_time")
    lon, lat = _position(position, place)
    extra = [_value(_first(properties, names), place, what) for names, what in _EXTRAS]
    points.add(lon, lat, clock.time_us(str(at), place), *extra)


_EXTRAS = ((_ACCURACY, "精度"), (_SPEED, "速度"), (_HEADING, "方向"))


def _line(line: Any, times: Any, properties: Mapping[str, Any], place: str, points: Points, clock: Clock) -> None:
    if not isinstance(line, list):
        raise refused(f"{place}的坐标有误", problem="coordinates")
    if not isinstance(times, list):
        raise refused(
            f"{place}是没有时间的线，看不出何时有人到过，不能作为巡查证据（需要属性 coordTimes）", problem="no_time"
        )
    if len(times) != len(line):
        raise refused(f"{place}有 {len(line)} 个坐标、{len(times)} 个时间，数目不一致", problem="times_mismatch")
    accuracies = _first(properties, _ACCURACY)
    points.begin()
    for index, (position, at) in enumerate(zip(line, times, strict=True)):
        where = f"{place}第 {index + 1} 个点"
        lon, lat = _position(position, where)
        one = accuracies[index] if isinstance(accuracies, list) and len(accuracies) == len(line) else accuracies
        points.add(lon, lat, clock.time_us(str(at), where), _value(one, where, "精度"))
    points.begin()


def _times(properties: Mapping[str, Any]) -> Any:
    nested = properties.get("coordinateProperties")
    return _first(nested, _TIMES) if isinstance(nested, dict) else _first(properties, _TIMES)


def _first(properties: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    return next((properties[name] for name in names if properties.get(name) is not None), None)


def _position(position: Any, place: str) -> tuple[float, float]:
    if not isinstance(position, list) or len(position) < 2:
        raise refused(f"{place}的坐标 {shown(position)} 不是 [经度, 纬度]", problem="coordinates")
    return _value(position[0], place, "经度", required=True), _value(position[1], place, "纬度", required=True)


def _value(value: Any, place: str, what: str, required: bool = False) -> float:
    if value is None and not required:
        return NAN
    if isinstance(value, float):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return number(str(value), place, what)  # which knows whole numbers too large for a float
    if isinstance(value, str) and not required:
        return number(value, place, what)
    raise refused(f"{place}的{what} {shown(value)} 不是有效的数字", problem="number")
