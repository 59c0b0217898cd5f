"""Many zones' shares in one pass: the basis of every figure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.coverage.queries.report import ZoneState
from app.settings import Settings
from geo.daytiles import NEVER
from geo.frame import Ints
from geo.shares import Entries, Histogram, Share, Shares, decode_many, shares_by_group

_COLUMN = {share: i for i, share in enumerate(Share)}
_NOTHING = Histogram.empty().encode()
_LATER_THAN_ANY = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class ZoneTable:
    """Zones on a day, row by row as `states`. Areas are whole cm2, (n, 7) in the order of `geo.shares.Share`.

    `owned` leaves out what another zone owns, for sums over units; `whole` is a grid's own view. `blind` is the ground
    neither tracked, declared, inaccessible nor excluded; `newest_stale` and `oldest_stale` the days last seen of its
    stale part (0 if there is none).
    """

    states: Sequence[ZoneState]
    day: int
    cycles: Ints
    owned: Ints
    whole: Ints
    last_seen: Ints
    newest_stale: Ints
    oldest_stale: Ints

    @property
    def blind(self) -> Ints:
        """Ground of each zone that is blind, whole cm2."""
        return self.whole[:, _COLUMN[Share.STALE]] + self.never_seen

    @property
    def never_seen(self) -> Ints:
        """Ground of each zone that nobody has ever seen, whole cm2."""
        never: Ints = self.whole[:, _COLUMN[Share.NEVER_SEEN]]
        return never

    def owned_shares(self, rows: npt.NDArray[np.bool_] | Ints) -> Shares:
        """The shares of some rows together, each square metre once."""
        return Shares.from_row(self.owned[rows].sum(axis=0))


def zone_table(settings: Settings, states: Sequence[ZoneState], cycle_days: int | None, day: int) -> ZoneTable:
    """Zones' figures on a day, for one cycle or, by None, for each grid's own."""
    entries = decode_many([state.histogram or _NOTHING for state in states])
    cycles = np.array([cycle_days or own_cycle(settings, state.risk, state.cycle_days) for state in states], np.int64)
    owned, whole = (
        shares_by_group(entries, cycles, day, len(states), owned_only=owned_only) for owned_only in (True, False)
    )
    for column, areas in (
        (_COLUMN[Share.UNASSIGNED], [state.unassigned_cm2 for state in states]),
        (_COLUMN[Share.EXCLUDED], [state.excluded_cm2 for state in states]),
    ):
        owned[:, column] += np.array(areas, dtype=np.int64)
    return ZoneTable(states, day, cycles, owned, whole, *_days(entries, cycles, day, len(states)))


def own_cycle(settings: Settings, risk: str | None, cycle_days: int | None) -> int:
    """A grid's own cycle."""
    return settings.cycle_days.of(risk, cycle_days)


def _days(entries: Entries, cycles: Ints, day: int, count: int) -> tuple[Ints, Ints, Ints]:
    """Last day seen, newest and oldest day of the stale part, of each zone."""
    seen = np.maximum(entries.tracked_day, entries.declared_day).astype(np.int64)
    last, newest = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    oldest = np.full(count, _LATER_THAN_ANY)
    np.maximum.at(last, entries.group, seen)
    stale = (seen != NEVER) & (seen <= day - cycles[entries.group])
    np.maximum.at(newest, entries.group[stale], seen[stale])
    np.minimum.at(oldest, entries.group[stale], seen[stale])
    oldest[newest == NEVER] = NEVER
    return last, newest, oldest
