"""The seven shares: where each square metre of a zone falls, for any cycle, from its freshness histogram.

All areas are whole cm2, so the shares add up to the total to the last digit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

import numpy as np
import numpy.typing as npt

from geo.daytiles import NEVER
from geo.errors import GeoError
from geo.frame import Ints
from geo.histograms import Entries, Histogram, decode_many, histogram, merge
from geo.zones import CLASS_BITS, DOMAIN, EXCLUDED, INACCESSIBLE, SHARED

__all__ = [
    "Entries",
    "Histogram",
    "Share",
    "Shares",
    "decode_many",
    "histogram",
    "merge",
    "shares",
    "shares_by_group",
    "unassigned",
]


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
        if len(row) != len(Share):
            raise GeoError("not one area for each share", given=len(row))
        return cls(*(int(area) for area in row))

    def area_cm2(self, share: Share) -> int:
        """One share's ground, whole cm2."""
        return self._areas()[_INDEX[share]]

    def area_m2(self, share: Share) -> float:
        """One share's ground, m2."""
        return self.area_cm2(share) / 1e4

    @property
    def total_cm2(self) -> int:
        """All seven shares."""
        return sum(self._areas())

    @property
    def domain_cm2(self) -> int:
        """What must be covered: all but the excluded. Inaccessible and unassigned ground stay in."""
        return self.total_cm2 - self.excluded_cm2

    def percent(self, share: Share) -> float | None:
        """One share of the total, floored to 0.1; None when there is no ground."""
        return _floored_percent(self.area_cm2(share), self.total_cm2)

    @property
    def covered_percent(self) -> float | None:
        """Tracked of the domain, floored to 0.1; None without a domain."""
        return _floored_percent(self.tracked_cm2, self.domain_cm2)

    @property
    def declared_percent(self) -> float | None:
        """Declared of the domain, floored to 0.1; None without a domain."""
        return _floored_percent(self.declared_cm2, self.domain_cm2)

    def __add__(self, other: "Shares") -> "Shares":
        return Shares(*(a + b for a, b in zip(self._areas(), other._areas(), strict=True)))

    def _areas(self) -> tuple[int, ...]:
        return (
            self.tracked_cm2,
            self.declared_cm2,
            self.stale_cm2,
            self.never_seen_cm2,
            self.inaccessible_cm2,
            self.excluded_cm2,
            self.unassigned_cm2,
        )


_INDEX = {share: index for index, share in enumerate(Share)}


def _floored_percent(part_cm2: int, whole_cm2: int) -> float | None:
    return part_cm2 * 1000 // whole_cm2 / 10 if whole_cm2 else None


def shares(histogram: Histogram, cycle_days: int, on_day: int, *, owned_only: bool) -> Shares:
    """A grid's shares for a cycle on a day, from its histogram as of that day.

    `owned_only` drops cells that another zone owns: for sums over units. Raises GeoError when the histogram knows days
    after `on_day`: what was seen before them is no longer in it; or when a cycle is no day long.
    """
    group = np.zeros(histogram.value.size, dtype=np.int64)
    entries = Entries(group, histogram.value, histogram.tracked_day, histogram.declared_day, histogram.area_cm2)
    return Shares.from_row(shares_by_group(entries, cycle_days, on_day, 1, owned_only=owned_only)[0])


def unassigned(area_by_value_cm2: Ints) -> Shares:
    """Shares of a remainder from its area by mask value (`masks_area_cm2`): excluded, else unassigned, seen or not."""
    excluded_cm2 = int(area_by_value_cm2[EXCLUDED])
    return Shares(
        excluded_cm2=excluded_cm2, unassigned_cm2=int(area_by_value_cm2[DOMAIN] + area_by_value_cm2[INACCESSIBLE])
    )


def shares_by_group(
    entries: Entries, cycle_days: npt.ArrayLike, on_day: int, n_groups: int, *, owned_only: bool
) -> Ints:
    """Areas (n_groups, 7) in whole cm2, columns in the order of `Share`, in one pass over thousands of zones.

    `cycle_days` is one for all or one per group, shape (n_groups,). Raises GeoError as `shares` does.
    """
    index = _share_index(entries, np.broadcast_to(np.asarray(cycle_days, dtype=np.int64), n_groups), on_day)
    kept = (entries.value & SHARED) == 0 if owned_only else slice(None)
    areas = np.zeros(n_groups * len(Share), dtype=np.int64)
    np.add.at(areas, (entries.group * len(Share) + index)[kept], entries.area_cm2[kept])
    return areas.reshape(n_groups, len(Share))


def _share_index(entries: Entries, cycle_days: Ints, on_day: int) -> Ints:
    """Each entry's place in `Share`; what is written later wins."""
    latest = max(entries.tracked_day.max(initial=NEVER), entries.declared_day.max(initial=NEVER))
    if latest > on_day:
        raise GeoError("a histogram that knows later days", on_day=on_day, last_day=int(latest))
    if cycle_days.size and cycle_days.min() < 1:
        raise GeoError("a cycle of no days", cycle_days=int(cycle_days.min()))
    before = np.maximum(on_day - cycle_days, NEVER)[entries.group]  # in the cycle: seen after this day
    kind = entries.value & CLASS_BITS
    index = np.full(kind.shape, _INDEX[Share.NEVER_SEEN])
    index[(entries.tracked_day != NEVER) | (entries.declared_day != NEVER)] = _INDEX[Share.STALE]
    index[kind == INACCESSIBLE] = _INDEX[Share.INACCESSIBLE]
    index[entries.declared_day > before] = _INDEX[Share.DECLARED]
    index[entries.tracked_day > before] = _INDEX[Share.TRACKED]
    index[kind == EXCLUDED] = _INDEX[Share.EXCLUDED]
    return index
