"""The seven shares of many days in one pass, from the freshness histograms as they stood one after the other.

Each entry of a histogram that stood for some days was tracked in cycle up to a day, declared in cycle up to a later,
and stale, never seen or inaccessible after that: three spans of days, whose ends are all that is summed.
"""

import numpy as np

from geo.daytiles import NEVER
from geo.frame import Ints
from geo.histograms import Entries
from geo.shares import Share
from geo.zones import CLASS_BITS, EXCLUDED, INACCESSIBLE, SHARED

_COLUMN = {share: column for column, share in enumerate(Share)}


def shares_by_day(
    entries: Entries,
    from_day: Ints,
    to_day: Ints,
    cycle_days: Ints,
    group: Ints,
    n_groups: int,
    first_day: int,
    days: int,
) -> Ints:
    """Areas (n_groups, days, 7) in whole cm2, in the order of `Share`, each square metre once (`owned_only`).

    The i-th histogram stood on the days [from_day[i], to_day[i]) for a zone of cycle_days[i], and counts for group[i].
    Days on which none stood are zeros. As `shares_by_group` day by day, in one pass.
    """
    kept = (entries.value & SHARED) == 0
    of = entries.group[kept]
    start, end = (np.clip(some - first_day, 0, days)[of] for some in (from_day, to_day))
    end = np.maximum(start, end)
    kind = (entries.value & CLASS_BITS)[kept]
    until = []  # the first day after which a look of each kind is out of its cycle
    for last in (entries.tracked_day[kept], entries.declared_day[kept]):
        valid = np.where(last == NEVER, 0, last.astype(np.int64) + cycle_days[of] - first_day)
        until.append(np.where(kind == EXCLUDED, 0, valid))
    after_tracked = np.clip(until[0], start, end)
    after_declared = np.clip(until[1], after_tracked, end)
    seen = (entries.tracked_day[kept] != NEVER) | (entries.declared_day[kept] != NEVER)
    rest = np.where(seen, _COLUMN[Share.STALE], _COLUMN[Share.NEVER_SEEN])
    rest[kind == INACCESSIBLE] = _COLUMN[Share.INACCESSIBLE]
    rest[kind == EXCLUDED] = _COLUMN[Share.EXCLUDED]
    change = np.zeros(n_groups * (days + 1) * len(Share), dtype=np.int64)
    row = group[of] * (days + 1)
    area = entries.area_cm2[kept]
    for opens, closes, column in (
        (start, after_tracked, _COLUMN[Share.TRACKED]),
        (after_tracked, after_declared, _COLUMN[Share.DECLARED]),
        (after_declared, end, rest),
    ):
        some = np.flatnonzero(opens < closes)
        share = column if isinstance(column, int) else column[some]
        for edge, sign in ((opens, 1), (closes, -1)):
            np.add.at(change, (row[some] + edge[some]) * len(Share) + share, sign * area[some])
    summed: Ints = change.reshape(n_groups, days + 1, len(Share)).cumsum(axis=1)[:, :days]
    return summed
