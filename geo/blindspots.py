"""Blind spots: connected patches of a grid's domain that are not covered on the day asked about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from rasterio.features import shapes
from scipy import ndimage
from shapely.geometry import Polygon

from geo.daytiles import NEVER, Cells, DayTile
from geo.errors import GeoError, GeometryError
from geo.frame import TILE_SIZE, Ints, TileKey, row_area_cm2, to_lonlat
from geo.passing import Passed
from geo.zones import CLASS_BITS, DOMAIN, Mask

MAX_TILES = 1024  # the box of one zone: 1,000 km2 at 32 degrees, half a gigabyte while it is looked at

NEVER_AGE_DAYS = 365
Risk = Literal["high", "medium", "low"]
_RISK_WEIGHT: dict[str | None, int] = {"high": 3, "medium": 2, "low": 1, None: 3}  # unknown is not low


@dataclass(frozen=True, slots=True)
class BlindSpot:
    """A patch. `polygon` (WGS-84) follows the cells' edges; areas are the cells' exact ground.

    `last_seen_day` is the latest day any of it was seen, tracked or declared; 0 never. `walk_to` (lon, lat) is the cell
    centre farthest from the patch's edge. `passed_m2` tells how much of it was passed without looking, by reason.
    """

    polygon: Polygon
    area_m2: float
    never_seen_m2: float
    last_seen_day: int
    walk_to: tuple[float, float]
    passed_m2: Mapping[Passed, float] = field(default_factory=dict)


def blind_spots(
    masks: Mapping[TileKey, Mask],
    tracked: Mapping[TileKey, DayTile],
    declared: Mapping[TileKey, DayTile],
    cycle_days: int,
    on_day: int,
    min_area_m2: float = 0.0,
    passed: Mapping[TileKey, Mapping[Passed, Cells]] = MappingProxyType({}),
) -> list[BlindSpot]:
    """Patches of a zone's DOMAIN cells (shared ones too) neither tracked nor declared in the cycle, largest first.

    Cells hang together across their sides, also over tile borders. A missing day tile was never seen. Days after
    `on_day` within the zone raise GeoError, as in `shares`; a zone whose box is more than MAX_TILES tiles raises
    GeometryError. `passed` holds what was passed in the cycle; of several reasons a cell has the first.
    """
    uncovered = _uncovered(masks, tracked, declared, cycle_days, on_day)
    if uncovered is None:
        return []
    labels, count = ndimage.label(uncovered.cells, output=np.int32)
    rows, columns = np.nonzero(labels)
    label, day = labels[rows, columns], uncovered.seen[rows, columns]
    area = row_area_cm2(np.arange(uncovered.cells.shape[0]) + uncovered.v0)[rows]
    # Sums in float64 are exact: all of MAX_TILES tiles is less than 2**53 cm2.
    area_cm2 = np.bincount(label, area, minlength=count + 1)
    never_cm2 = np.bincount(label, area * (day == NEVER), minlength=count + 1)
    last_day = np.zeros(count + 1, dtype=np.uint16)
    np.maximum.at(last_day, label, day)
    kept = np.flatnonzero(area_cm2 >= max(min_area_m2 * 1e4, 1))
    polygons, places = _polygons(labels, kept, uncovered), _middles(labels, kept, uncovered)
    by_reason = _passed_cm2(uncovered, passed, labels, count)
    spots = [
        BlindSpot(
            polygons[n],
            float(area_cm2[n]) / 1e4,
            float(never_cm2[n]) / 1e4,
            int(last_day[n]),
            places[n],
            {reason: float(areas[n]) / 1e4 for reason, areas in by_reason.items() if areas[n]},
        )
        for n in kept.tolist()
    ]
    return sorted(spots, key=lambda spot: (-spot.area_m2, spot.walk_to))


def _passed_cm2(
    uncovered: "_Uncovered",
    passed: Mapping[TileKey, Mapping[Passed, Cells]],
    labels: npt.NDArray[np.int32],
    count: int,
) -> dict[Passed, npt.NDArray[np.float64]]:
    """Ground of each patch by why those who passed it did not look."""
    sums = {reason: np.zeros(count + 1) for reason in Passed}
    height, width = labels.shape
    for tile, by_reason in passed.items():
        top, left = tile.y * TILE_SIZE - uncovered.v0, tile.x * TILE_SIZE - uncovered.u0
        rows, columns = (
            slice(max(top, 0), min(top + TILE_SIZE, height)),
            slice(max(left, 0), min(left + TILE_SIZE, width)),
        )
        if rows.start >= rows.stop or columns.start >= columns.stop:
            continue
        here = labels[rows, columns].copy()
        area = row_area_cm2(np.arange(rows.start, rows.stop) + uncovered.v0)
        for reason in (reason for reason in Passed if reason in by_reason):
            cells = by_reason[reason][rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
            row, column = np.nonzero(cells & (here > 0))
            sums[reason] += np.bincount(here[row, column], area[row], minlength=count + 1)
            here[row, column] = 0  # counted once, for the first reason
    return sums


class _Uncovered(NamedTuple):
    """Uncovered cells in their box, which begins at global column u0 and row v0; and the last day of either kind."""

    cells: Cells
    seen: DayTile
    u0: int
    v0: int


def _uncovered(
    masks: Mapping[TileKey, Mask],
    tracked: Mapping[TileKey, DayTile],
    declared: Mapping[TileKey, DayTile],
    cycle_days: int,
    on_day: int,
) -> _Uncovered | None:
    if not masks:
        return None
    x0, y0 = min(tile.x for tile in masks), min(tile.y for tile in masks)
    across, down = max(tile.x for tile in masks) - x0 + 1, max(tile.y for tile in masks) - y0 + 1
    if across * down > MAX_TILES:
        raise GeometryError("a zone too large for blind spots", tiles=across * down, most=MAX_TILES)
    cells = np.zeros((down * TILE_SIZE, across * TILE_SIZE), dtype=np.bool_)
    seen = np.zeros(cells.shape, dtype=np.uint16)
    for tile, mask in masks.items():
        top, left = (tile.y - y0) * TILE_SIZE, (tile.x - x0) * TILE_SIZE
        where = slice(top, top + TILE_SIZE), slice(left, left + TILE_SIZE)
        np.equal(mask & CLASS_BITS, DOMAIN, out=cells[where])
        for days in (tracked.get(tile), declared.get(tile)):
            if days is not None:
                np.maximum(seen[where], days, out=seen[where])
    seen *= cells
    if (latest := int(seen.max())) > on_day:
        raise GeoError("day tiles that know later days", on_day=on_day, last_day=latest)
    cells &= seen <= max(on_day - cycle_days, NEVER)
    rows, columns = np.flatnonzero(cells.any(axis=1)), np.flatnonzero(cells.any(axis=0))
    if not rows.size:
        return None
    box = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)  # tiles are mostly other zones' ground
    return _Uncovered(cells[box], seen[box], x0 * TILE_SIZE + int(columns[0]), y0 * TILE_SIZE + int(rows[0]))


def _polygons(labels: npt.NDArray[np.int32], kept: Ints, uncovered: _Uncovered) -> dict[int, Polygon]:
    """Outlines of patches along the cells' edges, WGS-84, corners only."""
    is_kept = np.zeros(int(labels.max(initial=0)) + 1, dtype=np.bool_)
    is_kept[kept] = True
    traced = shapes(labels, mask=is_kept[labels], connectivity=4)
    polygons = {int(label): Polygon(outline["coordinates"][0], outline["coordinates"][1:]) for outline, label in traced}

    def lonlat(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.column_stack(to_lonlat(points[:, 0] + uncovered.u0, points[:, 1] + uncovered.v0))

    return dict(zip(polygons, shapely.transform(list(polygons.values()), lonlat), strict=True))


def _middles(labels: npt.NDArray[np.int32], kept: Ints, uncovered: _Uncovered) -> dict[int, tuple[float, float]]:
    """The cell farthest from each patch's edge, lon/lat of its centre; of several the one nearest to their mean."""
    boxes = ndimage.find_objects(labels)
    middles = {}
    for label in kept.tolist():
        box = boxes[label - 1]
        depth = ndimage.distance_transform_cdt(np.pad(labels[box] == label, 1), metric="chessboard")
        rows, columns = np.nonzero(depth == depth.max())
        nearest = np.argmin((rows - rows.mean()) ** 2 + (columns - columns.mean()) ** 2)
        u = uncovered.u0 + box[1].start + columns[nearest] - 0.5  # the padding's cell is taken off again
        v = uncovered.v0 + box[0].start + rows[nearest] - 0.5
        lon, lat = to_lonlat(u, v)
        middles[label] = (float(lon), float(lat))
    return middles


def rank_score(area_m2: float, risk: Risk | None, last_seen_day: int, on_day: int, cycle_days: int) -> float:
    """How urgent: m2 x risk weight (high 3, medium 2, low 1, unknown 3) x days since it was last seen.

    Never seen counts as NEVER_AGE_DAYS, or the cycle if that is longer; no age counts more.
    """
    oldest = max(NEVER_AGE_DAYS, cycle_days)
    age_days = oldest if last_seen_day == NEVER else min(on_day - last_seen_day, oldest)
    return area_m2 * _RISK_WEIGHT[risk] * age_days
