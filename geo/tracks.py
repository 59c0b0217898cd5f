"""Fixes to the segments that count as looking, and an account by reason of those that do not.

Pairs are always two fixes next to each other in time: a bad fix ends the run before it and starts none, and nothing is
drawn across it. Every pair is either counted or left out under exactly one reason.
"""

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from geo.daytiles import DAY_ZERO, LAST_DAY, NEVER
from geo.errors import FixesError
from geo.frame import CELLS_PER_AXIS, MAX_LAT, Floats, Ints, cell_size_m, to_cells

DAY_MS = 86_400_000
UTC_OFFSET_S = 28_800  # Asia/Shanghai; no daylight saving since 1991
_DAYS_FROM_EPOCH = (DAY_ZERO - date(1970, 1, 1)).days


class Mode(StrEnum):
    """How a patrol moves."""

    FOOT = "foot"
    VEHICLE = "vehicle"
    DRONE = "drone"


@dataclass(frozen=True, slots=True)
class TrackRules:
    """What a pair of fixes must satisfy to count, limits included, and how far to each side it sees."""

    max_speed_m_s: float
    half_width_m: float
    max_accuracy_m: float = 35.0
    max_gap_s: float = 60.0
    max_step_m: float = 150.0


MODE_RULES: dict[Mode, TrackRules] = {
    Mode.FOOT: TrackRules(max_speed_m_s=3.0, half_width_m=30.0),
    Mode.VEHICLE: TrackRules(max_speed_m_s=8.3, half_width_m=20.0),
    Mode.DRONE: TrackRules(max_speed_m_s=15.0, half_width_m=60.0),
}


class Reason(StrEnum):
    """Why a pair of fixes does not count. When several hold, the first in this order is given.

    First what the clock alone says: it stays true however poor the positions are, and so the minutes under
    `weak_accuracy` are minutes in which the phone did record. Then whether the positions can be trusted. Last what
    follows from the positions, which means nothing when they cannot.
    """

    NOT_LATER = "not_later"  # the same instant twice
    GAP = "gap"
    WEAK_ACCURACY = "weak_accuracy"
    UNKNOWN_ACCURACY = "unknown_accuracy"
    JUMP = "jump"
    TOO_FAST = "too_fast"


@dataclass(frozen=True, slots=True, eq=False)
class Fixes:
    """Positions in time, in any order: lon, lat (WGS-84 degrees), time_ms (UTC epoch), accuracy_m (nan = unknown).

    One-dimensional arrays of equal length, possibly empty. Raises FixesError, with `index` and `value` of the first
    offender, when lengths differ, a position is not finite, latitude lies outside the frame, longitude outside
    [-180, 180], or an accuracy is negative.
    """

    lon: Floats
    lat: Floats
    time_ms: Ints
    accuracy_m: Floats

    def __post_init__(self) -> None:
        shapes = {field.name: getattr(self, field.name).shape for field in fields(self)}
        if len(set(shapes.values())) > 1 or self.lon.ndim != 1:
            raise FixesError("columns of different lengths", **{name: str(shape) for name, shape in shapes.items()})
        _refuse(~np.isfinite(self.lon), self.lon, "longitude is not a number")
        _refuse(~np.isfinite(self.lat), self.lat, "latitude is not a number")
        _refuse(np.abs(self.lon) > 180.0, self.lon, "longitude outside [-180, 180]")
        _refuse(np.abs(self.lat) > MAX_LAT, self.lat, "latitude outside the frame")
        _refuse(self.accuracy_m < 0, self.accuracy_m, "accuracy is negative")

    @classmethod
    def of(
        cls, lon: npt.ArrayLike, lat: npt.ArrayLike, time_ms: npt.ArrayLike, accuracy_m: npt.ArrayLike | None = None
    ) -> Self:
        """Fixes of anything array-like; no accuracy means unknown. Raises FixesError also for fractions of a ms."""
        whole = np.asarray(time_ms)
        if whole.size and whole.dtype.kind not in "iu":
            raise FixesError("times are not whole milliseconds", dtype=str(whole.dtype))
        lons = np.asarray(lon, dtype=np.float64)
        accuracies = np.full(lons.shape, np.nan) if accuracy_m is None else np.asarray(accuracy_m, dtype=np.float64)
        return cls(lons, np.asarray(lat, dtype=np.float64), whole.astype(np.int64), accuracies)

    def __len__(self) -> int:
        return self.lon.size


@dataclass(frozen=True, slots=True, eq=False)
class Segments:
    """Straight steps from (lon0, lat0) to (lon1, lat1), WGS-84 degrees, and the local day number each was made on.

    Arrays of shape (n,). A step goes the shorter way round the Earth; both ends alike is standing still.
    """

    lon0: Floats
    lat0: Floats
    lon1: Floats
    lat1: Floats
    day: Ints

    def __len__(self) -> int:
        return self.day.size

    def take(self, index: slice | Ints | npt.NDArray[np.bool_]) -> Self:
        """Some of the segments, chosen as numpy chooses."""
        return type(self)(self.lon0[index], self.lat0[index], self.lon1[index], self.lat1[index], self.day[index])


class Steps(NamedTuple):
    """Steps in the frame: start (u, v) in cells, way east and south in metres, and the size in metres of a cell."""

    u: Floats
    v: Floats
    east_m: Floats
    south_m: Floats
    width_m: Floats
    height_m: Floats


class LeftOut(NamedTuple):
    """How many pairs do not count for one reason, how far apart and how long."""

    pairs: int
    length_m: float
    duration_s: float


class Judged(NamedTuple):
    """All ways between neighbours in time: n fixes in their order (`order` their indices), n - 1 ways, none of fewer.

    `accuracy_m` is that of the poorer end, nan where one is unknown. `faults` tells of each way what speaks against it.
    """

    order: Ints
    ways: Segments
    accuracy_m: Floats
    length_m: Floats
    duration_s: Floats
    faults: dict[Reason, npt.NDArray[np.bool_]]

    def first_fault(self) -> dict[Reason, npt.NDArray[np.bool_]]:
        """Of each way only the fault that it is counted under."""
        still_open = np.ones(self.length_m.shape, dtype=np.bool_)
        first: dict[Reason, npt.NDArray[np.bool_]] = {}
        for reason in Reason:  # the enum's order is the order of precedence
            first[reason] = self.faults[reason] & still_open
            still_open &= ~first[reason]
        return first


class Pairs(NamedTuple):
    """Fixes in order of time and the ways between neighbours: n fixes, n - 1 pairs (none of fewer than two).

    `order` holds the fixes' indices; `reasons` why each pair does not count, None where it does.
    """

    order: Ints
    length_m: Floats
    duration_s: Floats
    reasons: list[Reason | None]


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """What is left of a patrol's fixes: the segments that count, in order of time, and an account of the others.

    `run_starts` holds the index in `segments` at which each unbroken run begins; start and end are those of all fixes
    (UTC epoch ms), None when there are none.
    """

    segments: Segments
    run_starts: Ints
    pairs: int
    length_m: float
    duration_s: float
    left_out: dict[Reason, LeftOut]
    start_ms: int | None
    end_ms: int | None

    def lines(self) -> list[Floats]:
        """Each unbroken run as lon/lat, shape (n >= 2, 2). Longitude runs on past +-180, never round the Earth."""
        return [self._line(slice(*run)) for run in pairwise([*self.run_starts.tolist(), len(self.segments)])]

    def _line(self, run: slice) -> Floats:
        segments = self.segments
        line = np.empty((run.stop - run.start + 1, 2))
        line[:-1, 0], line[-1, 0] = segments.lon0[run], segments.lon1[run.stop - 1]
        line[:-1, 1], line[-1, 1] = segments.lat0[run], segments.lat1[run.stop - 1]
        if np.ptp(line[:, 0]) > 180.0:
            line[:, 0] = np.unwrap(line[:, 0], period=360.0)
        return line


def steps(lon0: Floats, lat0: Floats, lon1: Floats, lat1: Floats) -> Steps:
    """Steps between WGS-84 degrees, arrays (n,), the shorter way round, by the cell size at the middle latitude.

    The one metric of the engine. Exact enough (millimetres) for steps of a few hundred metres; longer ones come out
    too long rather than too short, so that a jump never passes for a step. Raises GeometryError outside the frame.
    """
    u0, v0 = to_cells(lon0, lat0)
    u1, v1 = to_cells(lon1, lat1)
    east = u1 - u0
    east -= np.rint(east / CELLS_PER_AXIS) * CELLS_PER_AXIS
    width_m, height_m = cell_size_m((lat0 + lat1) / 2)
    return Steps(u0, v0, east * width_m, (v1 - v0) * height_m, width_m, height_m)


def clean(fixes: Fixes, rules: TrackRules, utc_offset_s: int = UTC_OFFSET_S) -> Track:
    """The track of fixes given in any order; none or a single one gives a track without segments.

    A segment belongs to the local day of its first fix. Fixes of the same instant stay in the order given. Raises
    FixesError for a time that no day tile can hold.

    >>> time_ms = [1751256000000, 1751256005000, 1751256010000]
    >>> fixes = Fixes.of([119.97, 119.9701, 119.98], [31.81] * 3, time_ms, [8] * 3)
    >>> track = clean(fixes, MODE_RULES[Mode.VEHICLE])
    >>> track.pairs, round(track.length_m, 1), [(str(reason), out.pairs) for reason, out in track.left_out.items()]
    (1, 9.5, [('jump', 1)])
    """
    judged = judge_pairs(fixes, rules, utc_offset_s)
    good = ~np.logical_or.reduce(list(judged.faults.values()))
    index = np.flatnonzero(good)
    return Track(
        segments=judged.ways.take(index),
        run_starts=np.flatnonzero(np.diff(index, prepend=-2) > 1),
        pairs=index.size,
        length_m=float(judged.length_m[index].sum()),
        duration_s=float(judged.duration_s[index].sum()),
        left_out=_account(judged),
        start_ms=int(fixes.time_ms.min()) if fixes.time_ms.size else None,
        end_ms=int(fixes.time_ms.max()) if fixes.time_ms.size else None,
    )


def judge_pairs(fixes: Fixes, rules: TrackRules, utc_offset_s: int = UTC_OFFSET_S) -> Judged:
    """The ways between neighbours in time with their faults. Raises FixesError as `clean`."""
    by_time = np.argsort(fixes.time_ms, kind="stable")
    lon, lat, accuracy_m = fixes.lon[by_time], fixes.lat[by_time], fixes.accuracy_m[by_time]
    day = _local_day(fixes.time_ms, utc_offset_s)[by_time]
    ways = Segments(lon[:-1], lat[:-1], lon[1:], lat[1:], day[:-1])
    way = steps(ways.lon0, ways.lat0, ways.lon1, ways.lat1)
    length_m = np.hypot(way.east_m, way.south_m)
    duration_s = np.diff(fixes.time_ms[by_time]) / 1000.0
    poorer_m = np.maximum(accuracy_m[:-1], accuracy_m[1:])
    return Judged(by_time, ways, poorer_m, length_m, duration_s, _faults(rules, accuracy_m, length_m, duration_s))


def pairs(fixes: Fixes, rules: TrackRules) -> Pairs:
    """Each pair of neighbours in time with the verdict that `clean` counts it under.

    >>> time_ms = [1751256000000, 1751256005000, 1751256010000]
    >>> fixes = Fixes.of([119.97, 119.9701, 119.98], [31.81] * 3, time_ms, [8] * 3)
    >>> [reason and str(reason) for reason in pairs(fixes, MODE_RULES[Mode.VEHICLE]).reasons]
    [None, 'jump']
    """
    judged = judge_pairs(fixes, rules)
    reasons: list[Reason | None] = [None] * judged.length_m.size
    for reason, here in judged.first_fault().items():
        for index in np.flatnonzero(here):
            reasons[index] = reason
    return Pairs(judged.order, judged.length_m, judged.duration_s, reasons)


def _faults(
    rules: TrackRules, accuracy_m: Floats, length_m: Floats, duration_s: Floats
) -> dict[Reason, npt.NDArray[np.bool_]]:
    weak = accuracy_m > rules.max_accuracy_m
    unknown = np.isnan(accuracy_m)
    return {
        Reason.NOT_LATER: duration_s <= 0,
        Reason.GAP: duration_s > rules.max_gap_s,
        Reason.WEAK_ACCURACY: weak[:-1] | weak[1:],
        Reason.UNKNOWN_ACCURACY: unknown[:-1] | unknown[1:],
        Reason.JUMP: length_m > rules.max_step_m,
        Reason.TOO_FAST: length_m > rules.max_speed_m_s * duration_s,
    }


def _account(judged: Judged) -> dict[Reason, LeftOut]:
    return {
        reason: LeftOut(int(here.sum()), float(judged.length_m[here].sum()), float(judged.duration_s[here].sum()))
        for reason, here in judged.first_fault().items()
        if here.any()
    }


def _local_day(time_ms: Ints, utc_offset_s: int) -> Ints:
    first_ms = (_DAYS_FROM_EPOCH + NEVER + 1) * DAY_MS - utc_offset_s * 1000
    end_ms = (_DAYS_FROM_EPOCH + LAST_DAY + 1) * DAY_MS - utc_offset_s * 1000
    outside = (time_ms < first_ms) | (time_ms >= end_ms)
    _refuse(outside, time_ms, "time outside what a day tile can hold", first=_iso(first_ms), end=_iso(end_ms))
    return (time_ms + utc_offset_s * 1000) // DAY_MS - _DAYS_FROM_EPOCH


def _iso(time_ms: int) -> str:
    return datetime.fromtimestamp(time_ms / 1000, UTC).isoformat()


def _refuse(wrong: npt.NDArray[np.bool_], values: npt.NDArray[np.generic], message: str, **facts: object) -> None:
    if wrong.any():
        index = int(np.argmax(wrong))
        value = values[index].item()
        raise FixesError(message, index=index, value=value if np.isfinite(value) else str(value), **facts)
