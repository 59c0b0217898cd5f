"""Shapes of a file into sound MultiPolygons in WGS-84, each refusal said in words."""

from collections.abc import Callable, Mapping

import numpy as np
import pyproj
import shapely
from pyproj.exceptions import CRSError
from shapely.geometry.base import BaseGeometry

from app.errors import InvalidInputError
from app.territory.importing.drafts import plain_text
from app.territory.importing.reading import RawLayer
from app.territory.importing.report import Findings, RowLabel
from app.territory.importing.request import Floats, Shapes
from app.territory.schemas import Counts
from geo.datum import Datum, from_wgs84, geodesic_area_m2, parse_datum, to_wgs84
from geo.errors import DatumError, GeometryError
from geo.partition import RepairNote, repair

_POLYGON, _MULTIPOLYGON = 3, 6
_KM_A_DEGREE = 111.3
MAX_BOX_KM2 = 1_000_000  # no county, city or small province is larger; about a million tiles
_GEOGRAPHIC = (Datum.WGS84, Datum.CGCS2000, Datum.GCJ02, Datum.BD09)
_SAME = frozenset({Datum.WGS84, Datum.CGCS2000})  # these agree within a metre
_SUSPECTED = {
    "degrees": "坐标像是经纬度，不是米",
    "metres": "坐标像是米（投影坐标），不是经纬度",
    "swapped": "经度和纬度像是颠倒了",
    "other_zone": "坐标像是另一投影带",
    "not_finite": "坐标含有无效数字（NaN 或无穷大）",
    "out_of_range": "坐标超出该坐标系的范围",
}
_REASONS = {
    "self_intersection": "边界自相交",
    "ring_self_intersection": "环自相交",
    "hole_lies_outside_shell": "洞在外环之外",
    "holes_are_nested": "洞互相嵌套",
    "nested_holes": "洞互相嵌套",
    "nested_shells": "各部分互相嵌套",
    "duplicate_rings": "环重复",
    "too_few_points_in_geometry_component": "顶点太少",
    "interior_is_disconnected": "内部不连通",
}


def known_datum(name: str) -> Datum:
    """The datum of a name. Raises InvalidInputError naming what can be used."""
    try:
        return parse_datum(name)
    except DatumError as error:
        raise InvalidInputError(
            f"不认识坐标系“{name[:60]}”。可用：WGS-84、CGCS2000、GCJ-02、BD-09，"
            "或 CGCS2000 三度带 EPSG:4513 至 EPSG:4554。",
            datum=name[:60],
        ) from error


def stated_name(stated: str | None) -> str | None:
    """What a file says its CRS is, short enough to print; None when it says nothing."""
    if stated is None:
        return None
    if len(stated) < 40:
        return stated
    try:
        return pyproj.CRS.from_user_input(stated).name
    except CRSError:
        return "无法识别的坐标系"


def crs_differs(datum: Datum, stated: str) -> bool:
    """Whether the CRS a file states is another than the datum named."""
    try:
        code = pyproj.CRS.from_user_input(stated).to_epsg(min_confidence=25)
        read = parse_datum("WGS-84" if code == 4326 else f"EPSG:{code}")
    except (CRSError, DatumError):
        return True
    return read != datum and not {read, datum} <= _SAME


def sound(layer: RawLayer, mapping: Mapping[str, str], datum: Datum, counts: Counts, findings: Findings) -> Shapes:
    """MultiPolygons in WGS-84, one a row; None where a row has an error. Counts repairs and says what they changed."""
    labels = [_label(layer, mapping, at) for at in range(len(layer))]
    shapes = np.array(layer.shapes, dtype=object)
    _drop_unusable(shapes, labels, findings)
    _convert(shapes, datum, labels, findings)
    _drop_vast(shapes, labels, findings)
    present = np.flatnonzero(~shapely.is_missing(shapes))
    for at in present[~shapely.is_valid(shapes[present])]:
        shapes[at] = _mended(shapes[at], labels[at], counts, findings)
    for at in np.flatnonzero(shapely.get_type_id(shapes) == _POLYGON):
        shapes[at] = shapely.MultiPolygon([shapes[at]])
    return shapes


def areas_m2(shapes: Shapes) -> Floats:
    """Areas on the ellipsoid of WGS-84 shapes."""
    return np.array([geodesic_area_m2(shape) for shape in shapes], dtype=np.float64)


def label_points(shapes: Shapes) -> Shapes:
    """A point inside each shape."""
    points: Shapes = shapely.point_on_surface(shapes)
    return points


def readings(named: Datum) -> dict[str, Callable[[Shapes], Shapes]]:
    """How shapes read by one datum would lie by each other datum that is often mistaken for it."""
    if named not in _GEOGRAPHIC:
        return {}
    others = [other for other in (Datum.WGS84, Datum.GCJ02, Datum.BD09) if other != named]
    return {str(other): _reread(named, other) for other in others if not {other, named} <= _SAME}


def _reread(named: Datum, other: Datum) -> Callable[[Shapes], Shapes]:
    def move(lonlat: Floats) -> Floats:
        return np.column_stack(to_wgs84(*from_wgs84(lonlat[:, 0], lonlat[:, 1], named), other))

    def reread(shapes: Shapes) -> Shapes:
        moved = shapely.transform(shapes, move)
        invalid = ~shapely.is_valid(moved)
        moved[invalid] = shapely.make_valid(moved[invalid])
        return np.asarray(moved, dtype=object)

    return reread


def _label(layer: RawLayer, mapping: Mapping[str, str], at: int) -> RowLabel:
    def cell(field: str) -> str | None:
        return plain_text(layer.columns[mapping[field]][at])[:100] or None if field in mapping else None

    return RowLabel(at + 1, cell("code"), cell("name"))


def _drop_unusable(shapes: Shapes, labels: list[RowLabel], findings: Findings) -> None:
    kinds, empty = shapely.get_type_id(shapes), shapely.is_missing(shapes) | shapely.is_empty(shapes)
    coordinates, owner = shapely.get_coordinates(shapes, return_index=True)
    broken = np.zeros(len(shapes), dtype=np.bool_)
    broken[owner[~np.isfinite(coordinates).all(axis=1)]] = True
    for at, label in enumerate(labels):
        if empty[at]:
            findings.error(label, "empty_geometry", "没有图形，或图形无法读取", "补画该要素的面，或删去这一行。")
        elif kinds[at] not in (_POLYGON, _MULTIPOLYGON):
            what = f"图形是{_kind(shapes[at])}，不是面"
            findings.error(label, "not_polygon", what, "只导入面图形；点和线请删去或另存。")
        elif broken[at]:
            findings.error(label, "not_finite", _SUSPECTED["not_finite"], "在制图软件中修复该要素的坐标。")
        else:
            continue
        shapes[at] = None


def _kind(shape: BaseGeometry) -> str:
    return {"Point": "点", "MultiPoint": "点", "LineString": "线", "MultiLineString": "线"}.get(
        shape.geom_type, "混合图形"
    )


def _convert(shapes: Shapes, datum: Datum, labels: list[RowLabel], findings: Findings) -> None:
    """Read coordinates by the datum, in place; all at once, and row by row only to say which are wrong."""
    present = np.flatnonzero(~shapely.is_missing(shapes))

    def read(xy: Floats) -> Floats:
        return np.column_stack(to_wgs84(xy[:, 0], xy[:, 1], datum))

    try:
        shapes[present] = shapely.transform(shapes[present], read)
    except DatumError:
        for at in present:
            try:
                shapes[at] = shapely.transform(shapes[at], read)
            except DatumError as error:
                shapes[at] = None
                _say_datum(error, datum, labels[at], findings)


def _drop_vast(shapes: Shapes, labels: list[RowLabel], findings: Findings) -> None:
    """One stray vertex may stretch a shape over continents, and every tile on the way would be painted."""
    west, south, east, north = shapely.bounds(shapes).T  # NaN where there is no shape, which is not more than anything
    box_km2 = (east - west) * np.cos(np.radians((south + north) / 2)) * (north - south) * _KM_A_DEGREE**2
    for at in np.flatnonzero(box_km2 > MAX_BOX_KM2):
        what = f"图形的外框约 {box_km2[at]:,.0f} 平方公里，超过上限 {MAX_BOX_KM2:,} 平方公里"
        findings.error(labels[at], "too_vast", what, "检查是否有远离的顶点、坐标系是否有误。")
        shapes[at] = None


def _say_datum(error: DatumError, datum: Datum, label: RowLabel, findings: Findings) -> None:
    what = _SUSPECTED.get(str(error.facts.get("suspected")), "坐标不属于该坐标系")
    suggested = error.facts.get("suggested")
    advice = f"可能应为 {suggested}；" if suggested else ""
    findings.error(label, "datum", f"按 {datum} 读取：{what}", f"{advice}核对坐标系后重新导入。")


def _mended(shape: BaseGeometry, label: RowLabel, counts: Counts, findings: Findings) -> BaseGeometry | None:
    try:
        mended, note = repair(shape)
    except GeometryError as error:
        reason = _reason(str(error.facts.get("reason", "")))
        what = f"图形无效（{reason}），修复会改变面积或没有面积，不能代为决定"
        findings.error(label, "invalid_geometry", what, "在制图软件中修复该要素后重新导入。")
        return None
    if note is not None:
        counts.repaired += 1
        findings.warning(label, "repaired", _repaired(note), "请在地图上核对该要素。")
    return mended


def _repaired(note: RepairNote) -> str:
    where = f"（{note.at[0]:.6f}, {note.at[1]:.6f} 附近）" if note.at else ""
    change = note.area_after_m2 - note.area_before_m2
    return f"图形无效：{_reason(note.reason)}{where}，已修复，面积变化 {change:+,.1f} 平方米"


def _reason(reason: str) -> str:
    return _REASONS.get(reason, reason.replace("_", " ") or "无效")
