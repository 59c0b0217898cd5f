"""The demo's patrols: real movement, moved into the grids, with times in working hours and drawn accuracy."""

import uuid
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np

from demo import movement
from demo.grids import Grid
from demo.intentions import Intention
from demo.lanes import way_over
from demo.movement import Run
from demo.plane import Floats, Plane
from demo.walking import Ground, Walked, walk
from geo.tracks import MODE_RULES, Mode

LABEL = "真实轨迹，异地移置（演示）"
INVENTED = "编造的轨迹（演示）"
DEVICE = "演示设备"
NAMESPACE = uuid.UUID("6f1c3f0e-9a1d-5a9f-8f2e-320404000000")
WEEKS = 5
ACCURACY_M = (4.0, 20.0)
FIRST_STARTS = (time(8, 20), time(9, 5), time(10, 30), time(12, 40))
DAY_DONE = time(18, 30)
LATEST_DELAY_S = 1200
SLOT = timedelta(minutes=118)
MINUTES = (55.0, 95.0)
MOST_OUTINGS = 8
WHOLE_STRETCH_S = 5400.0
NOT_WORTH_GOING = 0.02


PatrolMode = Literal["foot", "vehicle", "drone"]


@dataclass(frozen=True, slots=True)
class DemoPatrol:
    """One patrol to send. Fixes in WGS-84 degrees, milliseconds since 1970 (UTC) and metres, each of shape (n,)."""

    id: uuid.UUID
    officer_code: str
    mode: PatrolMode
    grid_code: str
    purpose: str
    lon: Floats
    lat: Floats
    epoch_ms: Floats
    accuracy_m: Floats
    void_reason: str | None = None

    @property
    def started_ms(self) -> float:
        """When it began."""
        return float(self.epoch_ms[0])


@dataclass(frozen=True, slots=True)
class Clock:
    """The five weeks: their last local day, the local zone, and the seed of everything drawn by chance."""

    last_day: date
    zone: ZoneInfo
    seed: int

    def day_of(self, epoch_ms: float) -> date:
        """The local day of an instant."""
        return datetime.fromtimestamp(epoch_ms / 1000, self.zone).date()


@dataclass(frozen=True, slots=True)
class Job:
    """A grid, what its patrols are to amount to, its cycle, and who walks."""

    grid: Grid
    intention: Intention
    cycle_days: int
    officer_code: str


@dataclass(frozen=True, slots=True)
class Outing:
    """What to generate: how, on which day counted back from the last, for how long at most, until how much is seen."""

    mode: PatrolMode
    runs: Sequence[Run]
    days_ago: int
    minutes: float
    enough: float


def patrols_for(job: Job, clock: Clock) -> list[DemoPatrol]:
    """The patrols of one grid, oldest first; the same for one seed and last day, whatever else is generated."""
    rng = np.random.default_rng([clock.seed, int(job.grid.code), 2])
    if job.intention is Intention.WHOLE:
        return _whole(job, clock, rng)
    plane = Plane.around(job.grid.geometry)
    area_m = plane.metric(job.grid.geometry)
    found: list[DemoPatrol] = []
    for outings in _rounds(job, rng):
        ground = Ground(area_m)
        for outing in outings:
            if ground.seen_share >= outing.enough - NOT_WORTH_GOING:
                break
            way = _walk(ground, outing, rng)
            found.append(_patrol(job, outing, way, plane, clock, rng))
    found.sort(key=lambda patrol: patrol.started_ms)
    return [replace(p, id=patrol_id(clock, f"{job.grid.code}/{n}")) for n, p in enumerate(found)]


def _whole(job: Job, clock: Clock, rng: np.random.Generator) -> list[DemoPatrol]:
    """Walks that leave nothing out, in stretches of an hour and a half on the last two days."""
    plane = Plane.around(job.grid.geometry)
    metres, seconds = way_over(plane.metric(job.grid.geometry), rng)
    parts = np.array_split(np.arange(len(seconds)), int(seconds[-1] // WHOLE_STRETCH_S) + 1)
    found = []
    for number, part in enumerate(parts):
        # The first position is the last of the stretch before: nothing lies between.
        own = part if number == 0 else np.concatenate([[part[0] - 1], part])
        way = Walked(metres[own], seconds[own] - seconds[own[0]], ["invented"])
        outing = Outing("foot", (), number % 2, 0.0, 1.0)
        patrol = _patrol(job, outing, way, plane, clock, rng)
        found.append(replace(patrol, id=patrol_id(clock, f"{job.grid.code}/whole/{number}")))
    return sorted(found, key=lambda patrol: patrol.started_ms)


def one_more(job: Job, outing: Outing, name: str, clock: Clock) -> DemoPatrol:
    """A single patrol over a grid, for the planted special cases; `name` makes its id and its chance its own."""
    own = patrol_id(clock, name)
    rng = np.random.default_rng([clock.seed, own.int % 2**63])
    plane = Plane.around(job.grid.geometry)
    ground = Ground(plane.metric(job.grid.geometry))
    way = _walk(ground, outing, rng)
    return replace(_patrol(job, outing, way, plane, clock, rng), id=own)


def patrol_id(clock: Clock, name: str) -> uuid.UUID:
    """The id of a patrol: the same name, seed and last day give the same id, so a second upload is a repeat."""
    return uuid.uuid5(NAMESPACE, f"{clock.seed}/{clock.last_day.isoformat()}/{name}")


def _rounds(job: Job, rng: np.random.Generator) -> Iterator[list[Outing]]:
    """The rounds over a grid; each begins with fresh ground and ends when enough of it was seen."""
    real = movement.load()
    cycle, longest = job.cycle_days, WEEKS * 7 - 1
    recent = (0, max(1, int(cycle * 0.6)))
    if job.intention is Intention.WELL:
        if cycle + 2 < longest:
            yield _outings("foot", real.foot, (cycle + 2, longest), 1, 0.8, rng)
        yield _outings("foot", real.foot, recent, MOST_OUTINGS, 0.95, rng)
    elif job.intention is Intention.STALE:
        yield _outings("foot", real.foot, (min(cycle + 1, longest), longest), MOST_OUTINGS, 0.85, rng)
    elif job.intention is Intention.HALF:
        yield _outings("foot", real.foot, recent, MOST_OUTINGS, 0.5, rng)
    elif job.intention is Intention.TOO_FAST:
        yield [Outing("vehicle", real.fast, int(rng.integers(0, 20)), 4.0, 0.95)]
    elif job.intention is Intention.DRIVEN:
        yield _outings("vehicle", real.slow, recent, 1, 0.4, rng)


def _outings(
    mode: PatrolMode, runs: Sequence[Run], days_ago: tuple[int, int], most: int, enough: float, rng: np.random.Generator
) -> list[Outing]:
    low, high = days_ago
    first = int(rng.integers(low, high + 1))
    days = (max(low, first - number) for number in range(most))
    return [Outing(mode, runs, day, float(rng.uniform(*MINUTES)), enough) for day in days]


def _walk(ground: Ground, outing: Outing, rng: np.random.Generator) -> Walked:
    half_width_m = MODE_RULES[Mode(outing.mode)].half_width_m
    return walk(ground, outing.runs, half_width_m, outing.minutes, outing.enough, rng)


def _patrol(job: Job, outing: Outing, way: Walked, plane: Plane, clock: Clock, rng: np.random.Generator) -> DemoPatrol:
    degrees = plane.to_degrees(way.metres).round(7)
    day = clock.last_day - timedelta(days=outing.days_ago)
    usual = FIRST_STARTS[zlib.crc32(job.officer_code.encode()) % len(FIRST_STARTS)]
    start = datetime.combine(day, usual, clock.zone).timestamp() + int(rng.integers(0, LATEST_DELAY_S))
    return DemoPatrol(
        id=NAMESPACE,
        officer_code=job.officer_code,
        mode=outing.mode,
        grid_code=job.grid.code,
        purpose=job.intention.value,
        lon=degrees[:, 0],
        lat=degrees[:, 1],
        epoch_ms=np.rint((start + way.seconds) * 1000),
        accuracy_m=rng.uniform(*ACCURACY_M, len(degrees)).round(1),
    )


def one_after_another(patrols: Sequence[DemoPatrol], clock: Clock) -> list[DemoPatrol]:
    """The patrols in order of time; those of one officer on one day are moved apart by a slot each."""
    taken: dict[tuple[str, date], int] = {}
    moved = []
    for patrol in sorted(patrols, key=lambda p: (p.started_ms, p.id)):
        key = patrol.officer_code, clock.day_of(patrol.started_ms)
        slot = taken.get(key, 0)
        taken[key] = slot + 1
        moved.append(replace(patrol, epoch_ms=patrol.epoch_ms + slot * SLOT.total_seconds() * 1000))
    return sorted(moved, key=lambda p: (p.started_ms, p.id))
