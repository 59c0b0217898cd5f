"""Signs in a record's own fixes that it was not made by being there. They mark for a person; they prove nothing.

A receiver that moves with a person errs by metres, differently each time, and says so in its accuracy; a person or a
car in a street never keeps its speed and its bearing to the centimetre. The signs are what is too good, and what nobody
can do.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from geo.frame import Floats
from geo.tracks import Fixes, Mode, steps

Bools = npt.NDArray[np.bool_]

# A phone that knows nothing of its accuracy may say 0 once; a program that invents positions says it again and again.
ZERO_FIXES, ZERO_SHARE = 3, 0.05
# Good reception in the open can hold one rounded value for minutes, but hardly on a way through streets.
CONSTANT_FIXES, CONSTANT_S, CONSTANT_MOVED_M = 100, 900.0, 300.0
# Receivers smooth their positions from second to second; what a body does in 5 s no filter smooths away.
THINNED_S = 5.0
# Half of the real tracks' steps are 1.5 m or more off the smooth way between their neighbours, in the smoothest 0.4 m.
JITTER_M, JITTER_FIXES = 0.1, 30
STILL_M, STILL_FIXES, STILL_S = 0.2, 60, 600.0
# Below this, scatter is not told from standing.
MOVED_M = 1.0
# At most 5 % of a real track's moving fixes lie this close to the middle of their neighbours.
STRAIGHT_M, STRAIGHT_FIXES, STRAIGHT_SHARE = 0.1, 20, 0.3
# Nobody runs so fast, no car drives so fast where it looks for workshops, no inspection drone flies so fast.
MOST_M_S = {Mode.FOOT: 12.0, Mode.VEHICLE: 45.0, Mode.DRONE: 30.0}
FAST_PAIRS, FAST_M = 3, 300.0
# Faster than any of them: the position was changed, not the place. One leap happens to receivers, under a kilometre.
JUMP_M_S, JUMP_M, JUMPS, FAR_JUMP_M = 60.0, 150.0, 3, 1000.0
# Weak fixes leap about by themselves, and do not count anyhow.
TRUSTED_M = 35.0


class Sign(StrEnum):
    """What may be wrong with fixes."""

    ACCURACY_ZERO = "accuracy_zero"
    ACCURACY_CONSTANT = "accuracy_constant"
    NO_JITTER = "no_jitter"
    IMPOSSIBLE_SPEED = "impossible_speed"
    JUMPS = "jumps"
    INTERPOLATED = "interpolated"


Facts = dict[str, float | int | str]


class _Path(NamedTuple):
    """Positions in metres from the first, and seconds from it, in order."""

    time_s: Floats
    east_m: Floats
    south_m: Floats


class _Way(NamedTuple):
    """Fixes in order of time: accuracy per fix; length and seconds per pair; all positions, and those well apart."""

    accuracy_m: Floats
    length_m: Floats
    duration_s: Floats
    path: _Path
    thinned: _Path


def signs(fixes: Fixes, mode: Mode) -> dict[Sign, Facts]:
    """The signs found in fixes given in any order, each with its facts; fewer than two fixes show none.

    `fixes.accuracy_m` is what the device itself said, nan where it said nothing.

    >>> minute = np.arange(40)
    >>> planned = Fixes.of(119.97 + minute * 6e-5, [31.81] * 40, 1751256000000 + minute * 5000, [8] * 40)
    >>> signs(planned, Mode.FOOT)
    {<Sign.INTERPOLATED: 'interpolated'>: {'stretches': 1, 'length_m': 221.6, 'percent': 100}}
    """
    if len(fixes) < 2:
        return {}
    way = _way(fixes)
    found: dict[Sign, Facts] = {}
    for sign, look in _LOOKS.items():
        facts = look(way, mode)
        if facts is not None:
            found[sign] = facts
    return found


def _way(fixes: Fixes) -> _Way:
    by_time = np.argsort(fixes.time_ms, kind="stable")
    lon, lat, time_ms = fixes.lon[by_time], fixes.lat[by_time], fixes.time_ms[by_time]
    way = steps(lon[:-1], lat[:-1], lon[1:], lat[1:])
    time_s = (time_ms - time_ms[0]) / 1000.0
    path = _Path(time_s, _from_first(way.east_m), _from_first(way.south_m))
    duration_s = np.diff(time_s)
    every = max(1, round(THINNED_S / max(float(np.median(duration_s)), 0.1)))
    thinned = _Path(*(column[::every] for column in path))
    return _Way(fixes.accuracy_m[by_time], np.hypot(way.east_m, way.south_m), duration_s, path, thinned)


def _from_first(step_m: Floats) -> Floats:
    return np.concatenate([[0.0], np.cumsum(step_m)])


def _accuracy_zero(way: _Way, _mode: Mode) -> Facts | None:
    zero = int((way.accuracy_m == 0).sum())
    if zero < max(ZERO_FIXES, ZERO_SHARE * way.accuracy_m.size):
        return None
    return {"zero": zero, "fixes": way.accuracy_m.size}


def _accuracy_constant(way: _Way, _mode: Mode) -> Facts | None:
    known = np.flatnonzero(way.accuracy_m > 0)
    if known.size < CONSTANT_FIXES or np.ptp(way.accuracy_m[known]) > 0:
        return None
    duration_s = float(way.path.time_s[known[-1]] - way.path.time_s[known[0]])
    if duration_s < CONSTANT_S or way.length_m.sum() < CONSTANT_MOVED_M:
        return None
    return {"accuracy_m": float(way.accuracy_m[known[0]]), "fixes": known.size, "duration_s": round(duration_s)}


def _no_jitter(way: _Way, mode: Mode) -> Facts | None:
    """Standing without any scatter, or moving on curves that a formula draws; straight lines have their own sign."""
    time_s, east_m, south_m = way.path
    extent_m = float(np.hypot(np.ptp(east_m), np.ptp(south_m)))
    if extent_m < STILL_M and time_s.size >= STILL_FIXES and time_s[-1] >= STILL_S:
        return {"extent_m": round(extent_m, 2), "fixes": time_s.size, "duration_s": round(float(time_s[-1]))}
    off_m = _off_smooth_m(way.thinned)
    if mode is Mode.DRONE or off_m.size < JITTER_FIXES or (jitter_m := float(np.median(off_m))) >= JITTER_M:
        return None
    if _interpolated(way, mode):
        return None
    return {"extent_m": round(extent_m, 1), "jitter_m": round(jitter_m, 3), "fixes": off_m.size}


def _interpolated(way: _Way, mode: Mode) -> Facts | None:
    """Fixes in the very middle of their neighbours, in space alone or for their times. An autopilot flies like that."""
    time_s, east_m, south_m = way.thinned
    if mode is Mode.DRONE or time_s.size < STRAIGHT_FIXES:
        return None
    step_m = np.hypot(np.diff(east_m), np.diff(south_m))
    moving = _both((step_m > MOVED_M) & _apart(time_s))
    by_time = (time_s[1:-1] - time_s[:-2]) / np.maximum(time_s[2:] - time_s[:-2], 1e-3)
    straight = moving & (np.minimum(_off_chord_m(way.thinned, by_time), _off_chord_m(way.thinned, 0.5)) < STRAIGHT_M)
    if straight.sum() < max(STRAIGHT_FIXES, STRAIGHT_SHARE * moving.sum()):
        return None
    drawn = np.concatenate([straight, [False]]) | np.concatenate([[False], straight])
    return {
        "stretches": int((np.diff(straight.astype(np.int8), prepend=0) == 1).sum()),
        "length_m": round(float(step_m[drawn].sum()), 1),
        "percent": int(100 * straight.sum() // moving.sum()),
    }


def _impossible_speed(way: _Way, mode: Mode) -> Facts | None:
    """Too fast for the mode over several pairs on end; a single leap is a jump."""
    fast = _trusted(way) & (way.length_m > MOST_M_S[mode] * way.duration_s) & ~_leaps(way)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], fast, [False]]).astype(np.int8)))
    longest: Facts | None = None
    for start, stop in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        length_m, duration_s = float(way.length_m[start:stop].sum()), float(way.duration_s[start:stop].sum())
        if stop - start >= FAST_PAIRS and length_m >= max(FAST_M, float(longest["length_m"]) if longest else 0.0):
            speed_m_s = round(length_m / max(duration_s, 1.0), 1)
            longest = {"mode": mode.value, "length_m": round(length_m), "speed_m_s": speed_m_s}
            longest["most_m_s"] = MOST_M_S[mode]
    return longest


def _jumps(way: _Way, _mode: Mode) -> Facts | None:
    leaps = np.flatnonzero(_trusted(way) & _leaps(way))
    if not leaps.size or (leaps.size < JUMPS and way.length_m[leaps].max() < FAR_JUMP_M):
        return None
    farthest = leaps[np.argmax(way.length_m[leaps])]
    return {
        "jumps": leaps.size,
        "farthest_m": round(float(way.length_m[farthest])),
        "in_s": round(float(way.duration_s[farthest]), 1),
    }


_LOOKS: dict[Sign, Callable[[_Way, Mode], Facts | None]] = {
    Sign.ACCURACY_ZERO: _accuracy_zero,
    Sign.ACCURACY_CONSTANT: _accuracy_constant,
    Sign.NO_JITTER: _no_jitter,
    Sign.IMPOSSIBLE_SPEED: _impossible_speed,
    Sign.JUMPS: _jumps,
    Sign.INTERPOLATED: _interpolated,
}


def _trusted(way: _Way) -> Bools:
    """Pairs whose fixes are accurate, or of unknown accuracy."""
    good = ~(way.accuracy_m > TRUSTED_M)
    trusted: Bools = good[:-1] & good[1:]
    return trusted


def _leaps(way: _Way) -> Bools:
    leaps: Bools = (way.length_m > JUMP_M) & (way.length_m > JUMP_M_S * np.maximum(way.duration_s, 1.0))
    return leaps


def _apart(time_s: Floats) -> Bools:
    """Pairs long enough for a body to do something that no filter smooths away; clocks tick unevenly."""
    apart: Bools = np.diff(time_s) >= THINNED_S / 2
    return apart


def _both(pairs: Bools) -> Bools:
    """For each inner position, whether both pairs it belongs to are such."""
    both: Bools = pairs[:-1] & pairs[1:]
    return both


def _off_chord_m(path: _Path, share: Floats | float) -> Floats:
    """How far each inner position is from that share of the way from its neighbour before to the one after."""
    east, south = (axis[:-2] + (axis[2:] - axis[:-2]) * share - axis[1:-1] for axis in (path.east_m, path.south_m))
    return np.hypot(east, south)


def _off_smooth_m(path: _Path) -> Floats:
    """How far each moving position is from the cubic in time through its two neighbours on each side."""
    inner = path.time_s.size - 4
    if inner < 1:
        return np.empty(0)
    at = path.time_s[2:-2]
    places = (0, 1, 3, 4)
    around = [path.time_s[i : i + inner] for i in places]
    step_m = np.hypot(np.diff(path.east_m), np.diff(path.south_m))
    good = _apart(path.time_s) & (step_m > MOVED_M)
    moving = np.logical_and.reduce([good[i : i + inner] for i in range(4)])
    off = np.zeros((2, inner))
    for own, i in zip(around, places, strict=True):
        weight = np.ones(inner)
        for other in around:
            if other is not own:
                weight *= (at - other) / np.where(moving, own - other, 1.0)
        off += weight * np.stack([path.east_m[i : i + inner], path.south_m[i : i + inner]])
    off -= np.stack([path.east_m[2:-2], path.south_m[2:-2]])
    off_m: Floats = np.hypot(*off)[moving]
    return off_m
