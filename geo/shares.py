"""Freshness histograms and the seven shares: a zone's ground by when it was last seen, answered for any cycle.

All areas are whole cm2, so sums are exact in any order and the shares add up to the total to the last digit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from geo.daytiles import DayTile
from geo.frame import Ints
from geo.zones import Mask

Bytes = npt.NDArray[np.uint8]
Days = npt.NDArray[np.uint16]


class Share(StrEnum):
    """Where each square metre falls, exactly one each, in the order of figures and arrays."""

    TRACKED = "tracked"
    DECLARED = "declared"
    STALE = "stale"
    NEVER_SEEN = "never_seen"
    INACCESSIBLE = "inaccessible"
    EXCLUDED = "excluded"
    UNASSIGNED = "unassigned"


@dataclass(frozen=True, slots=True)
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
        raise NotImplementedError

    @property
    def total_cm2(self) -> int:
        """All ground of the zone."""
        raise NotImplementedError

    @property
    def last_seen_day(self) -> int:
        """The latest day of either kind; 0 never."""
        raise NotImplementedError

    def __add__(self, other: "Histogram") -> "Histogram":
        raise NotImplementedError

    def __eq__(self, other: object) -> bool:
        raise NotImplementedError

    def encode(self) -> bytes:
        """Compact bytes; equal histograms give equal bytes."""
        raise NotImplementedError

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """The histogram of `encode`'s bytes. Raises TileError for any other bytes."""
        raise NotImplementedError


def histogram(mask: Mask, tracked: DayTile | None, declared: DayTile | None, tile_y: int) -> Histogram:
    """The histogram of one tile of a zone; None stands for a day tile that nobody has written yet."""
    raise NotImplementedError


def merge(histograms: Iterable[Histogram]) -> Histogram:
    """All of them as one (a zone's tiles); none give the empty one. Quicker than adding one by one."""
    raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Shares:
    """Ground in whole cm2 by share. Percentages are floored to 0.1, so 100.0 means all of it; None of nothing."""

    tracked_cm2: int = 0
    declared_cm2: int = 0
    stale_cm2: int = 0
    never_seen_cm2: int = 0
    inaccessible_cm2: int = 0
    excluded_cm2: int = 0
    unassigned_cm2: int = 0

    @classmethod
    def from_row(cls, row: Sequence[int] | Ints) -> Self:
        """From seven areas in the order of `Share`, such as a row of `shares_by_group`."""
        raise NotImplementedError

    def area_cm2(self, share: Share) -> int:
        """One share's ground, whole cm2."""
        raise NotImplementedError

    def area_m2(self, share: Share) -> float:
        """One share's ground, m2."""
        raise NotImplementedError

    @property
    def total_cm2(self) -> int:
        """All seven shares."""
        raise NotImplementedError

    @property
    def domain_cm2(self) -> int:
        """What must be covered: all but the excluded. Inaccessible and unassigned ground stay in."""
        raise NotImplementedError

    def percent(self, share: Share) -> float | None:
        """One share of the total, floored to 0.1; None when there is no ground."""
        raise NotImplementedError

    @property
    def covered_percent(self) -> float | None:
        """Tracked of the domain, floored to 0.1; None without a domain."""
        raise NotImplementedError

    @property
    def declared_percent(self) -> float | None:
        """Declared of the domain, floored to 0.1; None without a domain."""
        raise NotImplementedError

    def __add__(self, other: "Shares") -> "Shares":
        raise NotImplementedError


def shares(histogram: Histogram, cycle_days: int, on_day: int, *, owned_only: bool) -> Shares:
    """A grid's shares for a cycle on a day, from its histogram as of that day.

    `owned_only` drops cells that another zone owns: for sums over units. Raises GeoError when the histogram knows days
    after `on_day`: what was seen before them is no longer in it.
    """
    raise NotImplementedError


def unassigned(area_by_value_cm2: Ints) -> Shares:
    """Shares of a remainder from its area by mask value (`masks_area_cm2`): excluded, else unassigned, seen or not."""
    raise NotImplementedError


class Entries(NamedTuple):
    """Histograms of many zones, one after the other; `group` is each entry's place in the list given."""

    group: Ints
    value: Bytes
    tracked_day: Days
    declared_day: Days
    area_cm2: Ints


def decode_many(data: Sequence[bytes]) -> Entries:
    """Encoded histograms of many zones as `shares_by_group` takes them. Raises TileError as `decode` does."""
    raise NotImplementedError


def shares_by_group(
    entries: Entries, cycle_days: npt.ArrayLike, on_day: int, n_groups: int, *, owned_only: bool
) -> Ints:
    """Areas (n_groups, 7) in whole cm2, columns in the order of `Share`, in one pass over thousands of zones.

    `cycle_days` is one for all or one per group, shape (n_groups,). Raises GeoError as `shares` does.
    """
    raise NotImplementedError
