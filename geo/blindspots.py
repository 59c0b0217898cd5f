"""Uncovered cells of a zone as ranked patches of ground that somebody can walk to."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import rasterio.features
import shapely
from rasterio.transform import Affine
from scipy import ndimage

from geo.daytiles import NEVER, DayTile
from geo.errors import GeometryError
from geo.frame import TILE_SIZE, TileKey, row_area_cm2, to_lonlat
from geo.zones import CLASS_BITS, DOMAIN, Mask

NEVER_AGE_DAYS = 365
RISK_WEIGHT: Mapping[str, int] = {"high": 3, "medium": 2, "low": 1}
UNKNOWN_RISK_WEIGHT = 3
MAX_MOSAIC_TILES = 4096

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class BlindSpot:
    """A connected patch of domain cells that is not covered.

    `polygon` (lon/lat WGS-84) follows the cells' edges. `last_seen_day` is the latest day on which any of it was seen,
    0 when none ever was. `walk_to` is the lon/lat of the cell farthest from the patch's edge.
    """

    polygon: shapely.Polygon
    area_m2: float
    never_seen_m2: float
    last_seen_day: int
    walk_to: tuple[float, float]


def rank_score(area_m2: float, risk: str | None, last_seen_day: int, on_day: int) -> float:
    """How urgent a blind spot is: area x risk weight x days since last seen.

    Weights 3, 2, 1 for high, medium, low; an unknown risk weighs as high. Never seen counts as NEVER_AGE_DAYS, and no
    age counts as more, so that old looks never outrank places nobody has ever been to.
    """
    age_days = NEVER_AGE_DAYS if last_seen_day == NEVER else min(on_day - last_seen_day, NEVER_AGE_DAYS)
    return area_m2 * RISK_WEIGHT.get(risk or "", UNKNOWN_RISK_WEIGHT) * age_days


def blind_spots(
    masks: Mapping[TileKey, Mask],
    tracked: Mapping[TileKey, DayTile],
    declared: Mapping[TileKey, DayTile],
    cycle_days: int,
    on_day: int,
    min_area_m2: float = 0.0,
) -> list[BlindSpot]:
    """The blind spots of a zone given as masks, largest first; missing day tiles mean never seen.

    Day tiles must be as of `on_day`. Cells shared with another grid count: both grids answer for them. Raises
    GeometryError when the zone spans more tiles than fit in memory.
    """
    if not masks:
        return []
    origin, mask, last = _mosaic(masks, tracked, declared)
    blind = ((mask & CLASS_BITS) == DOMAIN) & ((last == NEVER) | (last <= on_day - cycle_days))
    labels, count = ndimage.label(blind)
    if count == 0:
        return []
    areas_cm2 = _area_cm2(labels, count, origin)
    kept = [int(i) for i in np.flatnonzero(areas_cm2 >= max(min_area_m2 * 1e4, 1)) if i > 0]
    never_cm2 = _area_cm2(np.where(last == NEVER, labels, 0), count, origin)
    boxes = ndimage.find_objects(labels)
    spots = [
        _spot(i, labels[boxes[i - 1]], last[boxes[i - 1]], boxes[i - 1], origin, int(areas_cm2[i]), int(never_cm2[i]))
        for i in kept
    ]
    return sorted(spots, key=lambda spot: (-spot.area_m2, spot.walk_to))


def _mosaic(
    masks: Mapping[TileKey, Mask], tracked: Mapping[TileKey, DayTile], declared: Mapping[TileKey, DayTile]
) -> tuple[TileKey, Mask, DayTile]:
    """The zone's tiles put together: the mosaic's north-west tile, mask, and last seen day of either kind."""
    origin = TileKey(min(key.x for key in masks), min(key.y for key in masks))
    columns = max(key.x for key in masks) - origin.x + 1
    rows = max(key.y for key in masks) - origin.y + 1
    if columns * rows > MAX_MOSAIC_TILES:
        raise GeometryError("zone spans too many tiles", tiles=columns * rows, limit=MAX_MOSAIC_TILES)
    mask = np.zeros((rows * TILE_SIZE, columns * TILE_SIZE), dtype=np.uint8)
    last = np.zeros(mask.shape, dtype=np.uint16)
    for key, piece in masks.items():
        top, left = (key.y - origin.y) * TILE_SIZE, (key.x - origin.x) * TILE_SIZE
        window = (slice(top, top + TILE_SIZE), slice(left, left + TILE_SIZE))
        mask[window] = piece
        for tiles in (tracked, declared):
            if key in tiles:
                np.maximum(last[window], tiles[key], out=last[window])
    return origin, mask, last


def _area_cm2(labels: npt.NDArray[np.integer], count: int, origin: TileKey) -> npt.NDArray[np.int64]:
    """Ground area of each label, index = label. Whole cm2 below 2^53 add up exactly."""
    rows, columns = np.nonzero(labels)
    areas = row_area_cm2(np.arange(labels.shape[0]) + origin.y * TILE_SIZE).astype(np.float64)
    sums = np.bincount(labels[rows, columns], weights=areas[rows], minlength=count + 1)
    return sums.astype(np.int64)


def _spot(
    label: int,
    labels: npt.NDArray[np.integer],
    last: DayTile,
    box: tuple[slice, slice],
    origin: TileKey,
    area_cm2: int,
    never_cm2: int,
) -> BlindSpot:
    inside = labels == label
    v0, u0 = origin.y * TILE_SIZE + box[0].start, origin.x * TILE_SIZE + box[1].start
    row, column = _middle(inside)
    lon, lat = to_lonlat(u0 + column + 0.5, v0 + row + 0.5)
    return BlindSpot(
        polygon=_polygon(inside, u0, v0),
        area_m2=area_cm2 / 1e4,
        never_seen_m2=never_cm2 / 1e4,
        last_seen_day=int(last[inside].max()),
        walk_to=(float(lon), float(lat)),
    )


def _middle(inside: Bools) -> tuple[int, int]:
    """Row and column of the cell farthest from the patch's edge."""
    depth = ndimage.distance_transform_cdt(np.pad(inside, 1), metric="taxicab")
    row, column = np.unravel_index(int(depth.argmax()), depth.shape)
    return int(row) - 1, int(column) - 1


def _polygon(inside: Bools, u0: int, v0: int) -> shapely.Polygon:
    """The patch's outline along its cells' edges, lon/lat."""
    outlines = rasterio.features.shapes(
        inside.view(np.uint8), mask=inside, connectivity=4, transform=Affine.translation(u0, v0)
    )
    outline = shapely.geometry.shape(next(geometry for geometry, _ in outlines))
    return shapely.transform(outline, lambda uv: np.column_stack(to_lonlat(uv[:, 0], uv[:, 1])))
