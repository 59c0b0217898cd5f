"""Freshness histograms: a zone's ground by what it is and when it was last seen. They answer any cycle with one sum.

All areas are whole cm2, so sums are exact in any order.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt
import zstandard

from geo.daytiles import NEVER, DayTile
from geo.errors import TileError
from geo.frame import TILE_SIZE, Ints, tile_row_area_cm2
from geo.zones import CLASS_BITS, EXCLUDED, MASK_VALUES, Mask

_ENTRY_BYTES = 1 + 2 + 2 + 8
_MOST_ENTRY_BYTES = 1 << 26  # five million entries: what decoding may take at most

Bytes = npt.NDArray[np.uint8]
Days = npt.NDArray[np.uint16]


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """Area by (mask value incl. SHARED, last tracked day, last declared day): parallel arrays, sorted, unique triples.

    Excluded ground carries no days. `+` merges two zones' or tiles' histograms, in any order.
    """

    value: Bytes
    tracked_day: Days
    declared_day: Days
    area_cm2: Ints

    @classmethod
    def empty(cls) -> Self:
        """A histogram of no ground."""
        no_days = np.empty(0, np.uint16)
        return cls(np.empty(0, np.uint8), no_days, no_days, np.empty(0, np.int64))

    @property
    def total_cm2(self) -> int:
        """All ground of the zone."""
        return int(self.area_cm2.sum())

    @property
    def last_seen_day(self) -> int:
        """The latest day of either kind; 0 never."""
        return int(max(self.tracked_day.max(initial=NEVER), self.declared_day.max(initial=NEVER)))

    def __add__(self, other: "Histogram") -> "Histogram":
        return merge([self, other])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Histogram):
            return NotImplemented
        same_key = np.array_equal(_key(*_columns(self)[:3]), _key(*_columns(other)[:3]))
        return same_key and np.array_equal(self.area_cm2, other.area_cm2)

    __hash__ = None  # type: ignore[assignment]

    def encode(self) -> bytes:
        """Compact bytes; equal histograms give equal bytes."""
        areas = np.ascontiguousarray(self.area_cm2, dtype="<i8").view(np.uint8).reshape(-1, 8).T  # like bytes together
        days = (np.ascontiguousarray(column, dtype="<u2") for column in (self.tracked_day, self.declared_day))
        raw = b"".join([self.value.tobytes(), *(column.tobytes() for column in days), areas.tobytes()])
        return zstandard.ZstdCompressor(level=3).compress(raw)

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """The histogram of `encode`'s bytes. Raises TileError for any other bytes."""
        decoded = cls(*_split(_raw(data, zstandard.ZstdDecompressor())))
        key = _key(*_columns(decoded)[:3])
        values, areas = decoded.value, decoded.area_cm2
        if not ((key[1:] > key[:-1]).all() and (values < MASK_VALUES).all() and (areas > 0).all()):
            raise TileError("bytes that are not a histogram")
        return decoded


def _columns(histogram: Histogram) -> tuple[Bytes, Days, Days, Ints]:
    return histogram.value, histogram.tracked_day, histogram.declared_day, histogram.area_cm2


def _key(value: Bytes, tracked_day: Days, declared_day: Days) -> Ints:
    return (value.astype(np.int64) << 32) | (tracked_day.astype(np.int64) << 16) | declared_day


def _raw(data: bytes, decompressor: zstandard.ZstdDecompressor) -> bytes:
    try:
        size = zstandard.get_frame_parameters(data).content_size
        if size % _ENTRY_BYTES or size > _MOST_ENTRY_BYTES:
            raise TileError("an encoded histogram of the wrong size", actual=size)
        return decompressor.decompress(data, max_output_size=size, allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise TileError("not an encoded histogram") from error


def _split(raw: bytes) -> tuple[Bytes, Days, Days, Ints]:
    n = len(raw) // _ENTRY_BYTES
    value = np.frombuffer(raw, np.uint8, n)
    days = np.frombuffer(raw, "<u2", 2 * n, n).astype(np.uint16)
    areas = np.frombuffer(raw, np.uint8, 8 * n, 5 * n).reshape(8, n).T
    return value, days[:n], days[n:], np.ascontiguousarray(areas).view("<i8").reshape(n).astype(np.int64)


def histogram(mask: Mask, tracked: DayTile | None, declared: DayTile | None, tile_y: int) -> Histogram:
    """The histogram of one tile of a zone; None stands for a day tile that nobody has written yet."""
    start = _run_starts([layer for layer in (mask, tracked, declared) if layer is not None])
    length = np.diff(start, append=mask.size)
    inside = np.flatnonzero(mask.reshape(-1)[start])
    start, length = start[inside], length[inside]
    value, tracked_day, declared_day = mask.reshape(-1)[start], _days_at(tracked, start), _days_at(declared, start)
    is_excluded = (value & CLASS_BITS) == EXCLUDED
    tracked_day[is_excluded] = declared_day[is_excluded] = NEVER
    return _grouped(value, tracked_day, declared_day, length * tile_row_area_cm2(tile_y)[start // TILE_SIZE])


def _days_at(tile: DayTile | None, cells: Ints) -> Days:
    return np.zeros(cells.size, np.uint16) if tile is None else tile.reshape(-1)[cells]


def _run_starts(layers: Sequence[Mask | DayTile]) -> Ints:
    """Cells, row by row, that differ from their western neighbour in any layer; what was walked lies in long runs."""
    differs = np.ones(layers[0].shape, dtype=np.bool_)
    differs[:, 1:] = layers[0][:, 1:] != layers[0][:, :-1]
    for layer in layers[1:]:
        differs[:, 1:] |= layer[:, 1:] != layer[:, :-1]
    return np.flatnonzero(differs)


def merge(histograms: Iterable[Histogram]) -> Histogram:
    """All of them as one (a zone's tiles); none give the empty one. Quicker than adding one by one."""
    several = [_columns(part) for part in histograms if part.value.size]
    if len(several) < 2:
        return Histogram(*several[0]) if several else Histogram.empty()
    return _grouped(*(np.concatenate(column) for column in zip(*several, strict=True)))


def _grouped(value: Bytes, tracked_day: Days, declared_day: Days, area_cm2: Ints) -> Histogram:
    """Entries in any order, with repetitions, as a histogram."""
    if not value.size:
        return Histogram.empty()
    key = _key(value, tracked_day, declared_day)
    order = np.argsort(key, kind="stable")
    first = np.flatnonzero(np.diff(key[order], prepend=-1))
    entry = order[first]
    sums = np.add.reduceat(area_cm2[order], first)
    return Histogram(value[entry], tracked_day[entry], declared_day[entry], sums)


class Entries(NamedTuple):
    """Histograms of many zones, one after the other; `group` is each entry's place in the list given."""

    group: Ints
    value: Bytes
    tracked_day: Days
    declared_day: Days
    area_cm2: Ints


def decode_many(data: Sequence[bytes]) -> Entries:
    """Encoded histograms of many zones as `shares_by_group` takes them. Raises TileError for bytes that are none."""
    decompressor = zstandard.ZstdDecompressor()
    raws = [_raw(one, decompressor) for one in data]
    sizes = [len(raw) // _ENTRY_BYTES for raw in raws]

    def joined(first: int, width: int) -> bytes:
        """The bytes of one column of all of them: cutting bytes is ten times quicker than as many small arrays."""
        return b"".join([raw[first * n : (first + width) * n] for raw, n in zip(raws, sizes, strict=True)])

    tracked_day, declared_day = (np.frombuffer(joined(first, 2), "<u2").astype(np.uint16) for first in (1, 3))
    area_cm2 = np.zeros(sum(sizes), dtype=np.int64)
    for place in range(8):  # like bytes lie together, the lowest first
        area_cm2 |= np.frombuffer(joined(5 + place, 1), np.uint8).astype(np.int64) << (8 * place)
    group = np.repeat(np.arange(len(raws)), sizes)
    return Entries(group, np.frombuffer(joined(0, 1), np.uint8), tracked_day, declared_day, area_cm2)
