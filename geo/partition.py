"""Nobody's land, overlaps and land outside: where parts (grids) fail to divide a whole (their unit) exactly."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

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
    raise NotImplementedError


@dataclass(frozen=True, slots=True)
class RepairNote:
    """What was wrong (`reason`, GEOS's wording in snake_case, e.g. "self_intersection"), where, and what it changed."""

    reason: str
    at: tuple[float, float] | None
    area_before_m2: float
    area_after_m2: float


def repair(geometry: BaseGeometry) -> tuple[BaseGeometry, RepairNote | None]:
    """A valid flat Polygon or MultiPolygon (WGS-84 degrees), and a note unless it was valid as it came.

    Raises GeometryError when no area is left, or when mending would change the area by more than 1 %: then what was
    meant is not ours to guess (a bow-tie, overlapping pieces). Facts: `reason`, `at`, both areas.
    """
    raise NotImplementedError
