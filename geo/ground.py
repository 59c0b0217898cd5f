"""A zone's ground that is not covered by tracks, each cell by why not; and where the largest patch of it lies."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from geo.daytiles import NEVER, Cells, DayTile
from geo.frame import TILE_SIZE, Ints, TileKey, row_area_cm2, tile_row_area_cm2, to_lonlat
from geo.passing import Passed
from geo.zones import CLASS_BITS, DOMAIN, EXCLUDED, OUTSIDE, Mask

Lacks = npt.NDArray[np.uint8]


class Lack(StrEnum):
    """What a cell lacks, in the order of figures and arrays; numbered from 1 in `Lacks`, 0 is nothing.

    The first five are uncovered cells of the domain: no look of either kind in the cycle. One passed within the cycle
    is so for the reason of the passing, any other stale when it was ever seen. DECLARED is covered, but by hand only.
    """

    NEVER = "never"
    STALE = "stale"
    TOO_FAST = "too_fast"
    WEAK = "weak"
    GAP = "gap"
    DECLARED = "declared"


NUMBER = {lack: number for number, lack in enumerate(Lack, start=1)}


class Patch(NamedTuple):
    """The largest patch of some cells: its ground in whole cm2, and a point (lon, lat) inside it."""

    area_cm2: int
    point: tuple[float, float]


def lacks(
    mask: Mask,
    tracked: DayTile | None,
    declared: DayTile | None,
    passed: Mapping[Passed, Cells],
    covered_after: int,
) -> Lacks:
    """What each cell (256, 256) of a zone's tile lacks; missing tiles were never seen, or never passed.

    Covered is what was last seen after day `covered_after`; `passed` holds what was passed after it.
    """
    after = max(covered_after, NEVER)
    by_track, by_hand = (
        np.zeros(mask.shape, dtype=np.bool_) if days is None else days > after for days in (tracked, declared)
    )
    found = np.where((mask & CLASS_BITS) == DOMAIN, np.uint8(NUMBER[Lack.NEVER]), np.uint8(0))
    uncovered = (found != 0) & ~by_track & ~by_hand
    for days in (tracked, declared):
        if days is not None:
            found[uncovered & (days != NEVER)] = NUMBER[Lack.STALE]
    for reason in reversed(Passed):  # what is written last stands: the first in the order of precedence
        if reason in passed:
            found[uncovered & passed[reason]] = NUMBER[Lack(reason.value)]
    found[~uncovered] = 0
    vouched = (mask != OUTSIDE) & ((mask & CLASS_BITS) != EXCLUDED) & by_hand & ~by_track
    found[vouched] = NUMBER[Lack.DECLARED]
    return found


def moved_cm2(
    key: TileKey,
    mask: Mask,
    tracked: DayTile | None,
    declared: DayTile | None,
    passed: Mapping[Passed, Cells],
    covered_after: int,
) -> Ints:
    """What passing changes of a tile's ground by what it lacks: whole cm2 in the order of `Lack`, zero in all.

    Without it uncovered ground is stale or never seen. Only the cells passed are looked at; as for `lacks`.
    """
    at = np.flatnonzero(np.logical_or.reduce([np.zeros(mask.shape, np.bool_), *passed.values()]))
    ground = tile_row_area_cm2(key.y)[at // TILE_SIZE].astype(np.float64)  # sums of whole cm2 below 2^53 are exact
    by_track, by_hand = (None if days is None else days.reshape(-1)[at] for days in (tracked, declared))
    here = {reason: cells.reshape(-1)[at] for reason, cells in passed.items()}
    now, before = (
        np.bincount(lacks(mask.reshape(-1)[at], by_track, by_hand, some, covered_after), ground, len(NUMBER) + 1)
        for some in (here, {})
    )
    return (now - before)[1:].astype(np.int64)


def largest(cells: Mapping[TileKey, Cells]) -> Patch | None:
    """The largest patch of cells that hang together across their sides, also over tile borders; None of no cells.

    Its point is the middle of a cell farthest from the patch's edge; of several the one nearest to their mean.
    """
    filled = {key: tile for key, tile in cells.items() if tile.any()}
    if not filled:
        return None
    x0, y0 = min(key.x for key in filled), min(key.y for key in filled)
    across, down = max(key.x for key in filled) - x0 + 1, max(key.y for key in filled) - y0 + 1
    whole = np.zeros((down * TILE_SIZE, across * TILE_SIZE), dtype=np.bool_)
    for key, tile in filled.items():
        top, left = (key.y - y0) * TILE_SIZE, (key.x - x0) * TILE_SIZE
        whole[top : top + TILE_SIZE, left : left + TILE_SIZE] = tile
    labels, count = ndimage.label(whole)
    rows, columns = np.nonzero(labels)
    ground = row_area_cm2(np.arange(whole.shape[0]) + y0 * TILE_SIZE)[rows].astype(np.float64)  # exact below 2^53
    areas = np.bincount(labels[rows, columns], ground, count + 1)
    best = int(np.argmax(areas))
    box = ndimage.find_objects(labels)[best - 1]
    depth = ndimage.distance_transform_cdt(np.pad(labels[box] == best, 1), metric="chessboard")
    deepest = np.argwhere(depth == depth.max())
    row, column = deepest[np.argmin(((deepest - deepest.mean(axis=0)) ** 2).sum(axis=1))]
    # The padding's cell is taken off again, half of one brings the middle.
    lon, lat = to_lonlat(x0 * TILE_SIZE + box[1].start + column - 0.5, y0 * TILE_SIZE + box[0].start + row - 0.5)
    return Patch(int(areas[best]), (float(lon), float(lat)))
