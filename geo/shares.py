"""A mask and day tiles to a freshness histogram, and a histogram to the seven shares for any cycle.

A histogram holds the ground area of a zone by mask value (see `geo.zones`), last tracked day and last declared day. It is
the state as of one day; the shares for any cycle on that day, or later as long as nothing new was seen, are one sum.
"""

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from geo.daytiles import NEVER, DayTile
from geo.errors import GeoError, TileError
from geo.frame import tile_row_area_cm2
from geo.zones import CLASS_BITS, EXCLUDED, INACCESSIBLE, OUTSIDE, SHARED, Mask

Int64s = npt.NDArray[np.int64]
_HEADER = struct.Struct("<BI")
_FORMAT = 1
_DTYPE = np.dtype([("value", "u1"), ("tracked", "<u2"), ("declared", "<u2"), ("area_cm2", "<i8")])


class Share(StrEnum):
    """The seven parts of a unit's ground, in the order in which they are shown."""

    TRACKED = "tracked"
    DECLARED = "declared"
    STALE = "stale"
    NEVER_SEEN = "never_seen"
    INACCESSIBLE = "inaccessible"
    EXCLUDED = "excluded"
    UNASSIGNED = "unassigned"


SHARES = tuple(Share)
_INDEX = {share: i for i, share in enumerate(SHARES)}


@dataclass(frozen=True, eq=False)
class Histogram:
    """Parallel arrays: mask value (uint8), last tracked and declared day (uint16), area (int64 cm2); unique, sorted."""

    value: npt.NDArray[np.uint8]
    tracked_day: npt.NDArray[np.uint16]
    declared_day: npt.NDArray[np.uint16]
    area_cm2: Int64s

    @classmethod
    def empty(cls) -> "Histogram":
        """A histogram of no ground."""
        return cls(np.zeros(0, np.uint8), np.zeros(0, np.uint16), np.zeros(0, np.uint16), np.zeros(0, np.int64))

    def __len__(self) -> int:
        return self.area_cm2.size

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Histogram) and self.encode() == other.encode()

    def __hash__(self) -> int:
        return hash(self.encode())

    def __add__(self, other: "Histogram") -> "Histogram":
        return merge([self, other])

    @property
    def total_cm2(self) -> int:
        """All ground of it, shared cells included."""
        return int(self.area_cm2.sum())

    def encode(self) -> bytes:
        """Compact bytes, the same for equal histograms."""
        rows = np.empty(len(self), dtype=_DTYPE)
        rows["value"], rows["tracked"] = self.value, self.tracked_day
        rows["declared"], rows["area_cm2"] = self.declared_day, self.area_cm2
        return _HEADER.pack(_FORMAT, len(self)) + rows.tobytes()

    @classmethod
    def decode(cls, data: bytes) -> "Histogram":
        """The histogram of `encode`'s bytes. Raises TileError for any other bytes."""
        raw = bytes(data)
        if len(raw) < _HEADER.size:
            raise TileError("not an encoded histogram", size=len(raw))
        version, count = _HEADER.unpack_from(raw)
        if version != _FORMAT or len(raw) != _HEADER.size + count * _DTYPE.itemsize:
            raise TileError("not an encoded histogram", version=version, size=len(raw))
        rows = np.frombuffer(raw, dtype=_DTYPE, offset=_HEADER.size)
        return cls(
            rows["value"].copy(),
            rows["tracked"].astype(np.uint16),
            rows["declared"].astype(np.uint16),
            rows["area_cm2"].astype(np.int64),
        )


def merge(histograms: Iterable[Histogram]) -> Histogram:
    """The sum of histograms, in any order; none gives an empty one."""
    parts = list(histograms)
    if not parts:
        return Histogram.empty()
    value = np.concatenate([part.value for part in parts])
    tracked = np.concatenate([part.tracked_day for part in parts])
    declared = np.concatenate([part.declared_day for part in parts])
    area = np.concatenate([part.area_cm2 for part in parts])
    keys = value.astype(np.int64) << 32 | tracked.astype(np.int64) << 16 | declared
    unique, where = np.unique(keys, return_inverse=True)
    sums = np.zeros(unique.size, dtype=np.int64)
    np.add.at(sums, where, area)
    return _of_keys(unique, sums)


def _of_keys(keys: Int64s, area_cm2: Int64s) -> Histogram:
    return Histogram(
        (keys >> 32).astype(np.uint8),
        (keys >> 16 & 0xFFFF).astype(np.uint16),
        (keys & 0xFFFF).astype(np.uint16),
        area_cm2,
    )


def histogram(mask: Mask, tracked: DayTile | None, declared: DayTile | None, tile_y: int) -> Histogram:
    """The histogram of one tile's part of a zone; no day tile means never seen. Sums of whole cm2 below 2^53 are exact."""
    inside = np.flatnonzero(mask != OUTSIDE)
    if inside.size == 0:
        return Histogram.empty()
    value_rank, values = _ranks(mask.ravel()[inside], 8)
    tracked_rank, tracked_days = _day_ranks(tracked, inside)
    declared_rank, declared_days = _day_ranks(declared, inside)
    code = (value_rank * tracked_days.size + tracked_rank) * declared_days.size + declared_rank
    areas = tile_row_area_cm2(tile_y).astype(np.float64)[inside >> 8]
    sums = np.bincount(code, weights=areas)
    found = np.flatnonzero(sums)
    rest, d = np.divmod(found, declared_days.size)
    v, t = np.divmod(rest, tracked_days.size)
    keys = values[v] << 32 | tracked_days[t] << 16 | declared_days[d]
    return _of_keys(keys, sums[found].astype(np.int64))


def _day_ranks(tile: DayTile | None, inside: Int64s) -> tuple[Int64s | int, Int64s]:
    if tile is None:
        return 0, np.zeros(1, dtype=np.int64)
    return _ranks(tile.ravel()[inside], 1 << 16)


def _ranks(numbers: npt.NDArray[np.unsignedinteger], limit: int) -> tuple[Int64s, Int64s]:
    """Each number's rank among those that occur, and these, ascending."""
    occurs = np.zeros(limit, dtype=np.bool_)
    occurs[numbers] = True
    found = np.flatnonzero(occurs)
    rank = np.zeros(limit, dtype=np.int64)
    rank[found] = np.arange(found.size)
    return rank[numbers], found


@dataclass(frozen=True)
class Shares:
    """Ground by share in whole cm2, in the order of `SHARES`."""

    area_cm2: tuple[int, int, int, int, int, int, int]

    def __add__(self, other: "Shares") -> "Shares":
        a, b = self.area_cm2, other.area_cm2
        return Shares((a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3], a[4] + b[4], a[5] + b[5], a[6] + b[6]))

    @property
    def total_cm2(self) -> int:
        """All ground: the seven shares together."""
        return sum(self.area_cm2)

    @property
    def domain_cm2(self) -> int:
        """The ground that must be covered: all but what is excluded. Unassigned and inaccessible stay in it."""
        return self.total_cm2 - self[Share.EXCLUDED]

    def __getitem__(self, share: Share) -> int:
        return self.area_cm2[_INDEX[share]]

    def area_m2(self, share: Share) -> float:
        """A share's ground in m2."""
        return self[share] / 1e4

    def percent(self, share: Share) -> float | None:
        """A share in % of all ground, floored to 0.1; None when there is no ground."""
        return floor_percent(self[share], self.total_cm2)

    @property
    def covered_percent(self) -> float | None:
        """Tracked ground in % of the domain, floored to 0.1: 100.0 means all of it. None when there is no domain."""
        return floor_percent(self[Share.TRACKED], self.domain_cm2)

    @property
    def declared_percent(self) -> float | None:
        """Declared ground in % of the domain, floored to 0.1. None when there is no domain."""
        return floor_percent(self[Share.DECLARED], self.domain_cm2)


NO_GROUND = Shares((0, 0, 0, 0, 0, 0, 0))


def floor_percent(part: int, whole: int) -> float | None:
    """Part of a whole in %, floored to 0.1 in whole-number arithmetic; None when there is no whole."""
    return None if whole == 0 else part * 1000 // whole / 10


def remainder_shares(unassigned_cm2: int, excluded_cm2: int) -> Shares:
    """The shares of a unit's remainder: what is not excluded there is unassigned."""
    return Shares((0, 0, 0, 0, 0, excluded_cm2, unassigned_cm2))


def shares(of: Histogram, cycle_days: int, on_day: int, *, owned_only: bool) -> Shares:
    """The shares of a histogram for a cycle on a day; `owned_only` leaves shared cells out, for a unit's sum.

    Raises GeoError when the histogram knows looks after `on_day`: it is not the state as of that day.
    """
    group = np.zeros(len(of), dtype=np.int64)
    row = shares_by_group(
        group, of.value, of.tracked_day, of.declared_day, of.area_cm2, cycle_days, on_day, 1, owned_only=owned_only
    )[0]
    return Shares(tuple(int(n) for n in row))  # type: ignore[arg-type]


def shares_by_group(
    group: Int64s,
    value: npt.NDArray[np.uint8],
    tracked_day: npt.NDArray[np.uint16],
    declared_day: npt.NDArray[np.uint16],
    area_cm2: Int64s,
    cycle_days: int | Int64s,
    on_day: int,
    n_groups: int,
    *,
    owned_only: bool,
) -> Int64s:
    """The shares of many zones' concatenated histograms in one pass: int64 (n_groups, 7), columns as `SHARES`.

    `cycle_days` is one number or one per entry. Raises GeoError for looks after `on_day`.
    """
    tracked, declared = tracked_day.astype(np.int64), declared_day.astype(np.int64)
    if tracked.size and max(int(tracked.max()), int(declared.max())) > on_day:
        raise GeoError("a histogram that is not as of the day asked about", on_day=on_day)
    since = on_day - np.asarray(cycle_days, dtype=np.int64)
    kind = value & CLASS_BITS
    share = np.select(
        [
            kind == EXCLUDED,
            (tracked > since) & (tracked != NEVER),
            (declared > since) & (declared != NEVER),
            kind == INACCESSIBLE,
            (tracked != NEVER) | (declared != NEVER),
        ],
        [_INDEX[s] for s in (Share.EXCLUDED, Share.TRACKED, Share.DECLARED, Share.INACCESSIBLE, Share.STALE)],
        default=_INDEX[Share.NEVER_SEEN],
    )
    kept = (value & SHARED) == 0 if owned_only else np.ones(value.size, dtype=np.bool_)
    sums = np.zeros(n_groups * len(SHARES), dtype=np.int64)
    np.add.at(sums, (group * len(SHARES) + share)[kept], area_cm2[kept])
    return sums.reshape(n_groups, len(SHARES))
