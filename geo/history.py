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
    kept = np.flatnonzero((entries.value & SHARED) == 0)
    of = entries.group[kept]
    short = np.int32  # days: small numbers are quicker to go through
    start, end, cycle = (
        some.astype(short)[of]
        for some in (np.clip(from_day - first_day, 0, days), np.clip(to_day - first_day, 0, days), cycle_days)
    )
    end = np.maximum(start, end)
    kind = entries.value[kept] & CLASS_BITS
    last = entries.tracked_day[kept].astype(short), entries.declared_day[kept].astype(short)
    # The first day after which a look of each kind is out of its cycle.
    tracked, declared = (
        np.where((some == NEVER) | (kind == EXCLUDED), short(0), some + cycle - short(first_day)) for some in last
    )
    after_tracked = np.clip(tracked, start, end)
    after_declared = np.clip(declared, after_tracked, end)
    seen = (last[0] | last[1]) != NEVER
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
