"""Short sketches of tracks, by which a copy is found among very many, and the comparison that confirms it.

Two receivers never give the same position to the last digit, nor does one on two walks, so equal places betray a copy:
whoever sends it, on whatever day, backwards, in part or thinned out. Who scatters the places by some metres still keeps
the pace: being at the same spots after the same seconds, for longer than anybody repeats a round. A sketch holds the
smallest hashes (bottom-k) of either; tracks that share much share some of these.
"""

from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from geo.frame import Floats, Ints, to_cells
from geo.tracks import Fixes, Mode, steps

Bools = npt.NDArray[np.bool_]

SKETCH_SIZE = 32
# 0.1 m: what survives writing seven decimals with six, or a datum and back.
PLACE_DEG = 1e-6
# Five decimals are a metre: who walks a street daily meets his own positions again.
COARSE_DEG, COARSE_SHARE = 1e-5, 0.9
PACE_S = 30.0
PACE_CELLS = 16  # some 64 m
# Rounds begin at the same door; standing guard is alike every day.
PACE_FROM_S, PACE_MOVED_M = 120.0, 10.0

# A few equal places happen where positions come from a wireless network: they lie together.
FEWEST_PLACES, PLACES_EXTENT_M = 5, 50.0
SHARED, SHARED_OF_FEW, FEW = 0.5, 0.9, 20
# A round repeated at an even pace may be off by less for long, but gets ahead and falls behind: how far it is off now
# tells how far in a moment. What was scattered afterwards lies now here, now there.
TOGETHER_M, TOGETHER_SHARE, TOGETHER_S, TOGETHER_EXTENT_M = 15.0, 0.8, 600.0, 150.0
MOST_DRIFT = 0.4
STEP_S, STEP_M, LONGEST_GAP_S = 30.0, 15.0, 60.0
# Who starts within a minute of another and keeps beside him walks with him, unless even the instants are the same.
SAME_START_MS, SAME_INSTANTS, FRACTIONS = 60_000, 0.9, 10


class Sketch(NamedTuple):
    """Bottom-k hashes of places, and of places with the seconds since the start; sorted, either may be empty."""

    places: Ints
    paces: Ints


class Likeness(NamedTuple):
    """How two tracks are alike: `share` of the smaller (0 to 1); equal places, or metres apart at the same pace."""

    how: Literal["places", "pace"]
    share: float
    shared_places: int
    apart_m: float


def sketch(fixes: Fixes, mode: Mode, *, coarse: bool) -> Sketch:
    """The sketch of fixes given in any order; no fixes give an empty one.

    Coarse positions have no places that count, and autopilots repeat their pace.

    >>> fixes = Fixes.of([119.97, 119.9701234], [31.81, 31.8101234], [0, 5000])
    >>> backwards = Fixes.of(fixes.lon[::-1], fixes.lat[::-1], [86400000, 86409000])
    >>> one, other = (sketch(walk, Mode.FOOT, coarse=False) for walk in (fixes, backwards))
    >>> one.places.tolist() == other.places.tolist()
    True
    """
    none = np.empty(0, dtype=np.int64)
    places = none if coarse else _places(fixes)
    return Sketch(_bottom(places), _bottom(none if mode is Mode.DRONE else _paces(_by_time(fixes))))


def is_coarse(lon: Floats, lat: Floats) -> bool:
    """Whether nearly all positions, as they came, are written with five decimals or fewer; none are not."""
    off = np.maximum(*(np.abs(np.remainder(axis / COARSE_DEG + 0.5, 1.0) - 0.5) for axis in (lon, lat)))
    return bool(np.mean(off < 1e-3) >= COARSE_SHARE) if off.size else False


def likeness(one: Fixes, other: Fixes, mode: Mode, *, coarse: bool) -> Likeness | None:
    """How one track is a copy of the other, in whole or in part; None when it is not. `coarse`: one of them is."""
    if min(len(one), len(other)) < FEWEST_PLACES:
        return None
    one, other = _by_time(one), _by_time(other)
    same = _same_instants(one, other) if coarse else _same_places(one, other)
    if same is not None or mode is Mode.DRONE:
        return same
    return _same_pace(one, other) if len(one) <= len(other) else _same_pace(other, one)


def _by_time(fixes: Fixes) -> Fixes:
    order = np.argsort(fixes.time_ms, kind="stable")
    return Fixes(fixes.lon[order], fixes.lat[order], fixes.time_ms[order], fixes.accuracy_m[order])


def _places(fixes: Fixes) -> Ints:
    """Whole steps of PLACE_DEG in either direction, as one number per fix."""
    lon, lat = (np.rint(axis / PLACE_DEG).astype(np.int64) for axis in (fixes.lon, fixes.lat))
    places: Ints = (lon << 32) + lat
    return places


def _paces(ordered: Fixes) -> Ints:
    """Coarse places with the half-minute since the start they were passed in, one number each."""
    if not len(ordered):
        return np.empty(0, dtype=np.int64)
    since_s = (ordered.time_ms - ordered.time_ms[0]) / 1000.0
    part = (since_s // PACE_S).astype(np.int64)
    first = np.flatnonzero(np.diff(part, prepend=-1))
    way = steps(ordered.lon[first[:-1]], ordered.lat[first[:-1]], ordered.lon[first[1:]], ordered.lat[first[1:]])
    moved = np.append(np.hypot(way.east_m, way.south_m) > PACE_MOVED_M, False)
    kept = np.repeat(moved, np.diff(first, append=part.size)) & (since_s >= PACE_FROM_S)
    u, v = to_cells(ordered.lon[kept], ordered.lat[kept])
    column, row = (np.floor(axis / PACE_CELLS).astype(np.int64) for axis in (u, v))
    numbers: Ints = (part[kept] << 42) ^ (column << 21) ^ row
    return numbers


def _bottom(numbers: Ints) -> Ints:
    """The smallest hashes of distinct numbers (splitmix64), as signed integers."""
    mixed = numbers.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    smallest: Ints = np.unique(mixed ^ (mixed >> np.uint64(31)))[:SKETCH_SIZE].view(np.int64)
    return smallest


def _same_places(one: Fixes, other: Fixes) -> Likeness | None:
    mine, theirs = _places(one), _places(other)
    return _shared(one, mine, np.unique(theirs))


def _same_instants(one: Fixes, other: Fixes) -> Likeness | None:
    """Coarse positions count when they were reached after the same milliseconds too."""
    mine, theirs = (_places(fixes) * 1_000_003 + fixes.time_ms - fixes.time_ms[0] for fixes in (one, other))
    return _shared(one, mine, np.unique(theirs))


def _shared(one: Fixes, mine: Ints, theirs: Ints) -> Likeness | None:
    in_both = np.isin(mine, theirs)
    shared = int(np.unique(mine[in_both]).size)
    smaller = min(np.unique(mine).size, theirs.size)
    needed = SHARED_OF_FEW if smaller < FEW else SHARED
    if shared < max(FEWEST_PLACES, needed * smaller) or _extent_m(one, in_both) < PLACES_EXTENT_M:
        return None
    return Likeness("places", shared / smaller, shared, 0.0)


def _same_pace(one: Fixes, other: Fixes) -> Likeness | None:
    """Whether the sparser track lies along the other, scattered, at every moment since the start."""
    if abs(int(one.time_ms[0] - other.time_ms[0])) < SAME_START_MS and not _same_clock(one, other):
        return None
    since_s, theirs_s = ((fixes.time_ms - fixes.time_ms[0]) / 1000.0 for fixes in (one, other))
    after = np.clip(np.searchsorted(theirs_s, since_s), 1, theirs_s.size - 1)
    near = (since_s <= theirs_s[-1]) & (theirs_s[after] - theirs_s[after - 1] <= LONGEST_GAP_S)
    compared = near & _moving(one, since_s)
    if compared.sum() < FEW:
        return None
    lon, lat = (np.interp(since_s[compared], theirs_s, axis) for axis in (other.lon, other.lat))
    way = steps(one.lon[compared], one.lat[compared], lon, lat)
    apart_m = np.hypot(way.east_m, way.south_m)
    share = float(np.mean(apart_m <= TOGETHER_M))
    lasted_s = float(np.minimum(np.diff(since_s, append=since_s[-1]), LONGEST_GAP_S)[compared].sum())
    if share < TOGETHER_SHARE or lasted_s < TOGETHER_S or _extent_m(one, compared) < TOGETHER_EXTENT_M:
        return None
    if _drift(way.east_m, way.south_m) > MOST_DRIFT:
        return None
    return Likeness("pace", share, 0, float(np.median(apart_m)))


def _drift(east_m: Floats, south_m: Floats) -> float:
    """How much an offset says about the next one: 0 for scatter, near 1 for what drifts; 0 when there is none."""
    offsets = np.stack([axis - axis.mean() for axis in (east_m, south_m)])
    whole = float((offsets**2).sum())
    return float((offsets[:, 1:] * offsets[:, :-1]).sum()) / whole if whole else 0.0


def _same_clock(one: Fixes, other: Fixes) -> bool:
    """Whether the instants are the same to the millisecond, and not just whole seconds."""
    same = np.isin(one.time_ms, other.time_ms)
    return bool(same.mean() >= SAME_INSTANTS and np.unique(one.time_ms[same] % 1000).size >= FRACTIONS)


def _moving(fixes: Fixes, since_s: Floats) -> Bools:
    """Fixes that were somewhere else STEP_S before."""
    before = np.searchsorted(since_s, since_s - STEP_S)
    way = steps(fixes.lon[before], fixes.lat[before], fixes.lon, fixes.lat)
    moving: Bools = np.hypot(way.east_m, way.south_m) > STEP_M
    return moving


def _extent_m(fixes: Fixes, chosen: Bools) -> float:
    """The diagonal of the box around some fixes; 0 for none."""
    if not chosen.any():
        return 0.0
    lon, lat = fixes.lon[chosen], fixes.lat[chosen]
    corners = (np.array([value]) for value in (lon.min(), lat.min(), lon.max(), lat.max()))
    way = steps(*corners)
    return float(np.hypot(way.east_m[0], way.south_m[0]))
