"""Planted records that a reviewer must look at: a copied track, an armchair patrol, one by night, one elsewhere.

They lie in well-covered grids, so that the figures of the others stay what they are meant to be.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import numpy as np

from demo import movement
from demo.grids import Grid
from demo.home import well_grids
from demo.intentions import Intention, Scene
from demo.patrols import Clock, DemoPatrol, Job, Outing, one_more, patrol_id
from demo.plane import Plane

ARMCHAIR_M_S = 1.2
ARMCHAIR_STEP_S = 5
ARMCHAIR_STEPS = 160
ARMCHAIR_ACCURACY_M = 5.0
NIGHT = time(23, 10)


def suspicious_patrols(scene: Scene, patrols: Sequence[DemoPatrol], clock: Clock) -> tuple[DemoPatrol, ...]:
    """One of each kind, in order of time; the same for one plan."""
    grids = well_grids(scene)
    first, second, third = _of_different_officers(grids)
    found = [
        _copied(patrols, grids, clock),
        _armchair(first, clock),
        _by_night(second, clock),
        _elsewhere(third, grids, clock),
    ]
    return tuple(sorted(found, key=lambda patrol: patrol.started_ms))


def _of_different_officers(grids: Sequence[Grid]) -> list[Grid]:
    by_officer = {grid.officer_code: grid for grid in reversed(grids)}
    chosen = sorted(by_officer.values(), key=grids.index)
    return chosen[:3]


def _copied(patrols: Sequence[DemoPatrol], grids: Sequence[Grid], clock: Clock) -> DemoPatrol:
    """Yesterday's walk of one officer, sent as today's of a colleague in the same village."""
    owners = {grid.code: grid for grid in grids}
    original = max(
        (p for p in patrols if p.grid_code in owners and p.mode == "foot" and _day(p, clock) < clock.last_day),
        key=lambda p: (owners[p.grid_code].unit_code == grids[0].unit_code, p.started_ms, p.id),
    )
    village = owners[original.grid_code].unit_code
    other = next(
        (g for g in reversed(grids) if g.unit_code == village and g.officer_code != original.officer_code),
        next(g for g in grids if g.officer_code != original.officer_code),
    )
    shift = (clock.last_day - _day(original, clock)).days * 86_400_000
    return replace(
        original,
        id=patrol_id(clock, "copied"),
        officer_code=other.officer_code or original.officer_code,
        purpose="copied",
        epoch_ms=original.epoch_ms + shift,
    )


def _armchair(grid: Grid, clock: Clock) -> DemoPatrol:
    """A ruler-straight walk at one speed with one accuracy, as a program writes it."""
    plane = Plane.around(grid.geometry)
    middle = plane.metric(grid.geometry).representative_point()
    along = (np.arange(ARMCHAIR_STEPS) - ARMCHAIR_STEPS / 2) * ARMCHAIR_M_S * ARMCHAIR_STEP_S
    degrees = plane.to_degrees(np.column_stack([middle.x + along * 0.6, middle.y + along * 0.3])).round(7)
    start = datetime.combine(clock.last_day - timedelta(days=3), time(15, 30), clock.zone).timestamp()
    return DemoPatrol(
        id=patrol_id(clock, "armchair"),
        officer_code=grid.officer_code or "",
        mode="foot",
        grid_code=grid.code,
        purpose="armchair",
        lon=degrees[:, 0],
        lat=degrees[:, 1],
        epoch_ms=(start + np.arange(ARMCHAIR_STEPS, dtype=np.float64) * ARMCHAIR_STEP_S) * 1000,
        accuracy_m=np.full(ARMCHAIR_STEPS, ARMCHAIR_ACCURACY_M),
    )


def _by_night(grid: Grid, clock: Clock) -> DemoPatrol:
    walked = one_more(_job(grid, grid), Outing("foot", movement.load().foot, 6, 30.0, 0.5), "night", clock)
    start = datetime.combine(clock.last_day - timedelta(days=6), NIGHT, clock.zone).timestamp() * 1000
    later_ms = start - float(walked.epoch_ms[0])
    return replace(walked, purpose="night", epoch_ms=np.add(walked.epoch_ms, later_ms, dtype=np.float64))


def _elsewhere(home: Grid, grids: Sequence[Grid], clock: Clock) -> DemoPatrol:
    """An officer walks the ground of another village, where they are not in charge."""
    away = next(grid for grid in grids if grid.unit_code != home.unit_code)
    walked = one_more(_job(away, home), Outing("foot", movement.load().foot, 1, 30.0, 0.5), "elsewhere", clock)
    return replace(walked, purpose="elsewhere")


def _job(ground: Grid, walker: Grid) -> Job:
    return Job(ground, Intention.WELL, 15, walker.officer_code or "")


def _day(patrol: DemoPatrol, clock: Clock) -> date:
    return clock.day_of(patrol.started_ms)
