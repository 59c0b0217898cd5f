"""Segments and a half-width to the cells seen from them.

A segment with its half-width is a capsule, which is convex: a row of cells meets it in one interval. All segments and
all their rows are taken at once; the intervals' first and last columns are marked +1 and -1, and a running sum along
each row tells what is seen. Each segment is judged for itself, so any split of them gives the same cells.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from geo.daytiles import Cells
from geo.errors import GeometryError
from geo.frame import CELLS_PER_AXIS, TILE_SIZE, TILES_PER_AXIS, ZOOM, Ints, TileKey
from geo.tracks import Segments, Steps, steps

_TILE_BITS = TILE_SIZE.bit_length() - 1
_LEVEL_M = 1e-9  # a nanometre of slope keeps the division by it defined where a segment runs due east
_MOST_INT16 = 32_767
_ROWS_AT_ONCE = 32_768  # bounds the memory of one pass to some 100 MB, also where cells are small or tiles many


class Look(NamedTuple):
    """The cells (256, 256) of one tile seen on one local day."""

    day: int
    key: TileKey
    cells: Cells


class _Spans(NamedTuple):
    """Runs of cells, arrays (n,): day and tile as one number, row in the tile, first and last column in the tile."""

    code: Ints
    row: Ints
    first: Ints
    last: Ints


def looks(segments: Segments, half_width_m: float) -> list[Look]:
    """Cells whose centre lies within `half_width_m` (inclusive) of a segment, by day and tile, sorted, none empty.

    Distance is on the ground, by the size of a cell at the segment's middle latitude: right to a few millimetres at
    Chinese latitudes, 1 cm at 85 degrees, for segments up to 150 m. Rows beyond the frame are dropped; tiles wrap at
    the antimeridian. No segments give no looks. Raises GeometryError for a half-width that is not a positive number
    or for segments outside the frame.

    >>> standing = Segments(*(np.array([degrees]) for degrees in (119.97, 31.81, 119.97, 31.81)), np.array([9312]))
    >>> [(look.day, look.key, int(look.cells.sum())) for look in looks(standing, 30.0)]
    [(9312, TileKey(x=27303, y=13327), 171)]
    """
    if not 0 < half_width_m < np.inf:
        raise GeometryError("half-width is not a positive number of metres", half_width_m=half_width_m)
    way = steps(segments.lon0, segments.lat0, segments.lon1, segments.lat1)
    first_row, row_count = _rows(way, half_width_m)
    seen: dict[int, Cells] = {}
    for part in _parts(row_count):
        count = row_count[part]
        row = _counted(first_row[part], count)
        first, last = _columns(Steps(*(column[part] for column in way)), row, count, half_width_m)
        for code, cells in _fill(_cut(np.repeat(segments.day[part], count), row, first, last)):
            seen[code] = seen[code] | cells if code in seen else cells
    return [Look(*_decoded(code), seen[code]) for code in sorted(seen)]


def _rows(way: Steps, half_width_m: float) -> tuple[Ints, Ints]:
    """First global row each capsule may reach, and how many rows inside the frame."""
    reach = half_width_m / way.height_m + 0.5
    end = way.v + way.south_m / way.height_m
    first = np.maximum(np.ceil(np.minimum(way.v, end) - reach), 0).astype(np.int64)
    last = np.minimum(np.floor(np.maximum(way.v, end) + reach), CELLS_PER_AXIS - 1).astype(np.int64)
    return first, np.maximum(last - first + 1, 0)


def _parts(row_count: Ints) -> Iterator[slice]:
    """Slices of the segments of about `_ROWS_AT_ONCE` rows each."""
    until = np.cumsum(row_count)
    total = int(until[-1]) if until.size else 0
    cuts = np.unique(np.searchsorted(until, np.arange(_ROWS_AT_ONCE, total, _ROWS_AT_ONCE)))
    for start, stop in pairwise([0, *cuts.tolist(), row_count.size]):
        if start < stop:
            yield slice(start, stop)


def _counted(start: Ints, count: Ints) -> Ints:
    """start, start + 1, ... `count` numbers for each, one after the other."""
    numbers: Ints = np.arange(int(count.sum())) + np.repeat(start - (np.cumsum(count) - count), count)
    return numbers


def _columns(way: Steps, row: Ints, count: Ints, half_width_m: float) -> tuple[Ints, Ints]:
    """First and last global column seen in each row of each capsule; last < first where there is none.

    The capsule is swept by a disc. In a row at `y` metres south of the start, the disc that reaches farthest west is
    the one whose point on the western long edge lies in the row, or else the first or last disc: a clipped fraction
    `s` of the way. Eastward alike.
    """
    south_m = np.where(np.abs(way.south_m) < _LEVEL_M, _LEVEL_M, way.south_m)
    edge_m = half_width_m * np.copysign(way.east_m, way.east_m * south_m) / np.hypot(way.east_m, south_m)
    south, edge, east = (np.repeat(of_each, count) for of_each in (south_m, edge_m, way.east_m))
    y = (row - np.repeat(way.v - 0.5, count)) * np.repeat(way.height_m, count)
    start = np.repeat(way.u - 0.5, count)
    cells_per_m = np.repeat(1 / way.width_m, count)
    bounds = []
    for side, rounded in ((-1.0, np.ceil), (1.0, np.floor)):
        s = np.clip((y + side * edge) / south, 0.0, 1.0)
        half2 = half_width_m**2 - (y - s * south) ** 2
        half = np.sqrt(np.maximum(half2, 0.0))
        bounds.append(rounded(start + (s * east + side * half) * cells_per_m).astype(np.int64))
    first, last = bounds
    return first, np.where(half2 < 0, first - 1, last)


def _cut(day: Ints, row: Ints, first: Ints, last: Ints) -> _Spans:
    """Runs of global cells, cut at the borders of tiles; empty ones go."""
    kept = np.flatnonzero(first <= last)
    day, row, first, last = day[kept], row[kept], first[kept], last[kept]
    tile = first >> _TILE_BITS
    tiles = (last >> _TILE_BITS) - tile + 1
    if tiles.size and tiles.max() > 1:
        tile = _counted(tile, tiles)
        day, row, first, last = (np.repeat(column, tiles) for column in (day, row, first, last))
        west = tile << _TILE_BITS
        first, last = np.maximum(first, west), np.minimum(last, west + TILE_SIZE - 1)
    code = (((day << ZOOM) + tile % TILES_PER_AXIS) << ZOOM) + (row >> _TILE_BITS)
    inside = TILE_SIZE - 1
    return _Spans(code, row & inside, first & inside, last & inside)


def _fill(spans: _Spans) -> Iterator[tuple[int, Cells]]:
    """Cells of each day and tile that the runs touch."""
    codes, slot = _distinct(spans.code)
    touched = np.zeros(codes.size * TILE_SIZE, dtype=np.bool_)
    line = slot * TILE_SIZE + spans.row
    touched[line] = True
    rows = np.flatnonzero(touched)
    width = TILE_SIZE + 1  # one more column for the ends at the border, so that every row's sum returns to 0
    at = (np.cumsum(touched) - 1)[line] * width
    # No cell is in more runs than there are: small numbers take a quarter of the memory, and of the time.
    small = np.dtype(np.int16 if spans.code.size < _MOST_INT16 else np.int32)
    change: npt.NDArray[Any] = np.zeros(rows.size * width, dtype=small)
    np.add.at(change, at + spans.first, small.type(1))  # of the same type: anything else is many times slower
    np.add.at(change, at + spans.last + 1, small.type(-1))
    cells = np.zeros((codes.size * TILE_SIZE, TILE_SIZE), dtype=np.bool_)
    cells[rows] = np.cumsum(change, out=change).reshape(-1, width)[:, :TILE_SIZE] > 0
    yield from zip(codes.tolist(), cells.reshape(-1, TILE_SIZE, TILE_SIZE), strict=True)


def _distinct(code: Ints) -> tuple[Ints, Ints]:
    """The distinct codes, sorted, and the place of each code among them. Neighbours are mostly alike: sort runs."""
    starts = np.flatnonzero(np.diff(code, prepend=-1))
    codes, of_run = np.unique(code[starts], return_inverse=True)
    return codes, np.repeat(of_run, np.diff(starts, append=code.size))


def _decoded(code: int) -> tuple[int, TileKey]:
    x = (code >> ZOOM) % TILES_PER_AXIS
    return code >> 2 * ZOOM, TileKey(x, code % TILES_PER_AXIS)
