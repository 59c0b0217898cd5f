"""Nobody's land, overlaps and land outside: where parts (grids) fail to divide a whole (their unit) exactly."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import shapely
from shapely.errors import GEOSException
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from geo.datum import geodesic_area_m2, length_m
from geo.errors import GeometryError

_EMPTY_M2 = 0.01
_FALLBACK_GRID_DEG = 1e-9  # 0.1 mm: only where GEOS fails at full precision, as snapping makes slivers of its own
MAX_CHANGE = 0.01

DefectKind = Literal["nobodys_land", "overlap", "outside"]


@dataclass(frozen=True, slots=True)
class PartDefect:
    """One polygon (WGS-84) of the fault. `parts` are indexes of the parts at fault: none, two or one by kind.

    `width_m` is the mean width of a strip, 2 x area / perimeter; a sliver is narrower than the limit given.
    """

    kind: DefectKind
    geometry: Polygon
    area_m2: float
    parts: tuple[int, ...]
    is_sliver: bool
    width_m: float


def partition_defects(
    whole: BaseGeometry, parts: Sequence[BaseGeometry], *, sliver_width_m: float = 2.0
) -> list[PartDefect]:
    """All faults, by kind and then largest first. Polygons and multipolygons in WGS-84 degrees.

    Nothing is too small to be told, but what is numerically empty (under 0.01 m2). No parts: the whole is nobody's.
    An empty part is no part. Raises GeometryError for a geometry without area.
    """
    ground = _valid(whole)
    valid = {index: _valid(part) for index, part in enumerate(parts) if not part.is_empty}
    defects = [
        *_defects("nobodys_land", _nobodys(ground, list(valid.values())), (), sliver_width_m),
        *_overlaps(valid, sliver_width_m),
    ]
    for index, part in valid.items():
        defects += _defects("outside", _robust(shapely.difference, part, ground), (index,), sliver_width_m)
    order: tuple[DefectKind, ...] = ("nobodys_land", "overlap", "outside")
    return sorted(defects, key=lambda defect: (order.index(defect.kind), -defect.area_m2, defect.parts))


def _nobodys(ground: BaseGeometry, parts: list[BaseGeometry]) -> BaseGeometry:
    try:
        return shapely.difference(ground, shapely.union_all(parts))
    except GEOSException:
        grid = _FALLBACK_GRID_DEG
        return shapely.difference(ground, shapely.union_all(parts, grid_size=grid), grid_size=grid)


def _overlaps(parts: dict[int, BaseGeometry], sliver_width_m: float) -> Iterator[PartDefect]:
    if len(parts) < 2:
        return  # and an empty list would be taken for numbers
    indexes, geometries = list(parts), list(parts.values())
    if len(geometries) < 2:
        return
    tree = shapely.STRtree(geometries)
    for first, second in zip(*tree.query(geometries, predicate="intersects"), strict=True):
        if first < second:
            common = _robust(shapely.intersection, geometries[first], geometries[second])
            yield from _defects("overlap", common, (indexes[first], indexes[second]), sliver_width_m)


def _defects(
    kind: DefectKind, fault: BaseGeometry, parts: tuple[int, ...], sliver_width_m: float
) -> Iterator[PartDefect]:
    for polygon in _polygons(fault):
        area_m2 = geodesic_area_m2(polygon)
        if area_m2 >= _EMPTY_M2:
            width_m = 2 * area_m2 / length_m(polygon)
            yield PartDefect(kind, polygon, area_m2, parts, width_m < sliver_width_m, width_m)


def _robust(operation: Callable[..., BaseGeometry], first: BaseGeometry, second: BaseGeometry) -> BaseGeometry:
    try:
        return operation(first, second)
    except GEOSException:
        return operation(first, second, grid_size=_FALLBACK_GRID_DEG)


def _valid(geometry: BaseGeometry) -> BaseGeometry:
    return _with_area(geometry if geometry.is_valid else _mended(geometry))


def _mended(geometry: BaseGeometry) -> BaseGeometry:
    """Rings made valid, then one ground of them: GEOS leaves pieces that touch along an edge apart."""
    return shapely.union_all(list(_polygons(shapely.make_valid(geometry, method="structure", keep_collapsed=False))))


def _with_area(geometry: BaseGeometry) -> BaseGeometry:
    polygons = list(_polygons(geometry))
    if not polygons:
        raise GeometryError("a geometry without area", type=geometry.geom_type)
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)


def _polygons(geometry: BaseGeometry) -> Iterable[Polygon]:
    pieces = shapely.get_parts(shapely.get_parts(geometry))
    return [piece for piece in pieces if isinstance(piece, Polygon) and piece.area > 0]


@dataclass(frozen=True, slots=True)
class RepairNote:
    """What was wrong (`reason`, GEOS's wording in snake_case, e.g. "self_intersection"), where, and what it changed."""

    reason: str
    at: tuple[float, float] | None
    area_before_m2: float
    area_after_m2: float


def repair(geometry: BaseGeometry) -> tuple[BaseGeometry, RepairNote | None]:
    """A valid flat Polygon or MultiPolygon (WGS-84 degrees), and a note unless it was valid as it came.

    Points doubled in place are left out without a note. Lines and points beside polygons go with the note
    "no_polygon". Raises GeometryError when no area is left, or when mending would change the area (of rings as drawn:
    a bow-tie's lobes cancel out) by more than MAX_CHANGE: then what was meant is not ours to guess. Facts: those of the
    note.
    """
    if not shapely.is_valid_input(geometry):
        raise GeometryError("not a geometry")
    try:
        flat = shapely.remove_repeated_points(shapely.force_2d(geometry))
    except GEOSException as error:  # a ring of one place
        raise GeometryError("a geometry without area", reason="too_few_points") from error
    reason, at = _fault(flat)
    mended = flat if reason is None else _mended(flat)
    before_m2, after_m2 = geodesic_area_m2(flat), sum(geodesic_area_m2(polygon) for polygon in _polygons(mended))
    facts = {"reason": reason, "at": at, "area_before_m2": before_m2, "area_after_m2": after_m2}
    if after_m2 < _EMPTY_M2:
        raise GeometryError("a geometry without area", **facts)
    if abs(after_m2 - before_m2) > MAX_CHANGE * max(after_m2, before_m2):
        raise GeometryError("a geometry that mending would change", **facts)
    return _with_area(mended), None if reason is None else RepairNote(reason, at, before_m2, after_m2)


def _fault(geometry: BaseGeometry) -> tuple[str | None, tuple[float, float] | None]:
    """GEOS says e.g. "Ring Self-intersection[119.5 31.2]"."""
    found = re.fullmatch(r"(.+?)(?:\[(\S+) (\S+)\])?", shapely.is_valid_reason(geometry))
    if found is None or found[1] == "Valid Geometry":
        has_others = any(not isinstance(piece, Polygon) for piece in shapely.get_parts(shapely.get_parts(geometry)))
        return ("no_polygon" if has_others else None), None
    reason = re.sub(r"[^a-z]+", "_", found[1].lower()).strip("_")
    return reason, (float(found[2]), float(found[3])) if found[2] else None
