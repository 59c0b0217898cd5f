"""Ground that was passed without looking: cells beside ways that do not count as segments, by why they do not.

Never coverage. It tells apart what nobody went near from what somebody drove past, saw with poor positions, or left out
where the record breaks. A way must be possible at all: both ends placed within MOST_WEAK_M, no longer than MOST_LINE_M,
no faster than a car; anything else is no way that somebody went.
"""

from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from geo.daytiles import Cells
from geo.frame import TileKey
from geo.plausibility import MOST_M_S
from geo.swath import Look, looks
from geo.tracks import UTC_OFFSET_S, Fixes, Judged, Mode, Reason, TrackRules, judge_pairs

MOST_WEAK_M = 200.0
MOST_LINE_M = 500.0
_MOST_M_S = MOST_M_S[Mode.VEHICLE]


class Passed(StrEnum):
    """Why ground that was passed does not count as seen. Where several hold, the first in this order is given."""

    TOO_FAST = "too_fast"
    WEAK = "weak"
    GAP = "gap"


_REASONS = tuple(Passed)


class Passing(NamedTuple):
    """The cells (256, 256) of one tile passed on one local day, for one reason."""

    reason: Passed
    day: int
    key: TileKey
    cells: Cells


def passings(fixes: Fixes, rules: TrackRules, seen: Iterable[Look], utc_offset_s: int = UTC_OFFSET_S) -> list[Passing]:
    """What fixes given in any order pass without looking, to the mode's half-width, by reason, day and tile.

    `seen` are the looks of the same fixes: what was seen that day was not merely passed. Of a day each cell has one
    reason; none are empty. Raises FixesError as `geo.tracks.clean`.

    >>> time_ms = [1751256000000, 1751256005000]
    >>> fixes = Fixes.of([119.97, 119.971], [31.81] * 2, time_ms, [8] * 2)
    >>> [(str(each.reason), int(each.cells.sum())) for each in passings(fixes, TrackRules(8.3, 20.0), [])]
    [('too_fast', 203), ('too_fast', 109)]
    """
    judged = judge_pairs(fixes, rules, utc_offset_s)
    rank = np.full(len(judged.ways), -1)
    for number, passing in enumerate(_ways(judged).values()):
        rank[passing] = number
    some = np.flatnonzero(rank >= 0)
    # Day and reason as one number: all reasons are stamped in one pass.
    ways = judged.ways.take(some)
    ways = replace(ways, day=ways.day * len(Passed) + rank[some])
    taken = {(look.day, look.key): look.cells for look in seen}
    found = []
    for look in looks(ways, rules.half_width_m):
        day, number = divmod(look.day, len(Passed))
        known = taken.get((day, look.key))
        cells = look.cells if known is None else look.cells & ~known
        taken[day, look.key] = look.cells if known is None else look.cells | known
        if cells.any():
            found.append(Passing(_REASONS[number], day, look.key, cells))
    return found


def _ways(judged: Judged) -> dict[Passed, npt.NDArray[np.bool_]]:
    """Which ways pass for each reason, in the order of precedence."""
    fault = judged.first_fault()
    placed = judged.accuracy_m <= MOST_WEAK_M  # not where an accuracy is unknown
    near = judged.length_m <= MOST_LINE_M
    possible = placed & near & (judged.length_m <= _MOST_M_S * judged.duration_s)
    quick = judged.faults[Reason.TOO_FAST]
    # Fixes far apart at a speed that would count: what lies between them was not recorded, as in a gap of time.
    return {
        Passed.TOO_FAST: possible & (fault[Reason.TOO_FAST] | (fault[Reason.JUMP] & quick)),
        Passed.WEAK: possible & fault[Reason.WEAK_ACCURACY],
        Passed.GAP: possible & (fault[Reason.GAP] | (fault[Reason.JUMP] & ~quick)),
    }
