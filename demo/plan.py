"""The whole demo as data: territory, exclusions and patrols, generated without a database."""

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from multiprocessing import get_context
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import shapely

from demo import movement
from demo.grids import Grid
from demo.intentions import Intention, Scene, set_scene
from demo.patrols import Clock, DemoPatrol, Job, Outing, one_after_another, one_more, patrols_for
from demo.plane import Plane
from demo.sources import lakes
from demo.suspicious import suspicious_patrols
from demo.territory import Unit, all_units

SEED = 320400
VOID_REASON = "演示：核查发现定位设备由他人携带，本次巡查作废"
WEAK_ACCURACY_M = (45.0, 90.0)
JUMP_M = 900.0
LAKE_NAMES = {"Tai Hu": "太湖", "Ge Hu": "滆湖", "": "湖泊（原数据未命名）"}

CycleOf = Callable[[str | None, int | None], int]
OnStep = Callable[[int, int], None]


def nobody_watches(_done: int, _total: int) -> None:
    """Progress that nobody looks at."""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Ground that need not, or cannot, be looked at; `state` requested or approved."""

    code: str
    kind: str
    effect: str
    name: str
    reason: str
    state: str
    geometry: Any


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything the demo loads. `specials`: ids of the planted patrols, by name; `suspicious`: for review."""

    clock: Clock
    units: tuple[Unit, ...]
    scene: Scene
    exclusions: tuple[Exclusion, ...]
    patrols: tuple[DemoPatrol, ...]
    specials: dict[str, UUID]
    suspicious: tuple[DemoPatrol, ...]


def make_plan(
    last_day: date,
    zone: ZoneInfo,
    cycle_of: CycleOf,
    seed: int = SEED,
    on_step: OnStep = nobody_watches,
    workers: int = 2,
) -> Plan:
    """The demo whose last patrols are of `last_day`; the same input gives the same plan, whatever the workers."""
    clock = Clock(last_day, zone, seed)
    units = tuple(all_units())
    scene = set_scene(units, seed)
    jobs = [_job(grid, scene, cycle_of) for grid in scene.grids]
    found: list[DemoPatrol] = []
    for done, patrols in enumerate(_generated(jobs, clock, workers), 1):
        found += patrols
        on_step(done, len(jobs))
    special = _special_patrols(scene, cycle_of, clock)
    ordered = one_after_another([*found, *special.values()], clock)
    ids = {name: patrol.id for name, patrol in special.items()}
    suspicious = suspicious_patrols(scene, ordered, clock)
    return Plan(clock, units, scene, tuple(_exclusions(scene)), tuple(ordered), ids, suspicious)


def _generated(jobs: list[Job], clock: Clock, workers: int) -> Iterator[list[DemoPatrol]]:
    one = partial(patrols_for, clock=clock)
    if workers == 1:
        yield from map(one, jobs)
        return
    # not fork: the caller may hold threads and database connections
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(one, jobs, chunksize=8)


def _job(grid: Grid, scene: Scene, cycle_of: CycleOf) -> Job:
    # a grid without an officer is walked by a colleague of the same village
    officer = grid.officer_code or f"YS{grid.unit_code}01"
    return Job(grid, scene.intentions[grid.code], cycle_of(grid.risk, grid.cycle_days), officer)


def _special_patrols(scene: Scene, cycle_of: CycleOf, clock: Clock) -> dict[str, DemoPatrol]:
    """One patrol each: weak accuracy, a jump, voided, by drone."""
    real = movement.load()
    half = [_job(grid, scene, cycle_of) for grid in scene.of(Intention.HALF)]
    never = [_job(grid, scene, cycle_of) for grid in scene.of(Intention.NEVER)]
    walk = Outing("foot", real.foot, 2, 45.0, 0.6)
    weak = one_more(never[0], walk, "weak", clock)
    jump = one_more(half[1], walk, "jump", clock)
    voided = one_more(never[1], replace(walk, days_ago=4), "voided", clock)
    drone = one_more(half[2], Outing("drone", real.slow, 3, 15.0, 0.7), "drone", clock)
    draw = np.random.default_rng([clock.seed, 3])
    return {
        "weak": replace(weak, purpose="weak", accuracy_m=draw.uniform(*WEAK_ACCURACY_M, len(weak.accuracy_m)).round(1)),
        "jump": replace(jump, purpose="jump", lon=_with_jump(jump.lon, jump.lat)),
        "voided": replace(voided, purpose="voided", void_reason=VOID_REASON),
        "drone": replace(drone, purpose="drone"),
    }


def _with_jump(lon: Any, lat: Any) -> Any:
    """One fix in the middle thrown `JUMP_M` to the east, as a receiver does between high walls."""
    thrown = lon.copy()
    middle = len(lon) // 2
    thrown[middle] += JUMP_M / Plane.at(float(lon[middle]), float(lat[middle])).lon_m
    return thrown


def _exclusions(scene: Scene) -> list[Exclusion]:
    lake_reason = "水面，无需巡查（Natural Earth 湖面，概略）"
    found = [
        Exclusion(f"YS-HU-{n}", "water", "excluded", LAKE_NAMES.get(name, name), lake_reason, "approved", lake)
        for n, (name, lake) in enumerate(lakes(), 1)
    ]
    well, half, never = (scene.of(kind)[0] for kind in (Intention.WELL, Intention.HALF, Intention.NEVER))
    pond, yard, works = _oval(well, 0.3), _oval(never, 0.4), _oval(half, 0.3)
    return [
        *found,
        Exclusion("YS-TANG-1", "water", "excluded", "演示鱼塘", "演示：鱼塘水面，无需巡查", "approved", pond),
        Exclusion("YS-TIE-1", "railway", "inaccessible", "演示铁路货场", "演示：封闭区，无法进入", "approved", yard),
        Exclusion("YS-SHI-1", "construction", "excluded", "演示工地", "演示：申请免查，待批", "requested", works),
    ]


def _oval(grid: Grid, part: float) -> Any:
    """An oval in the middle of a grid, of about `part` of the radius of a disc as large as the grid."""
    plane = Plane.around(grid.geometry)
    metres = plane.metric(grid.geometry)
    radius_m = part * float(np.sqrt(metres.area / np.pi))
    disc = metres.representative_point().buffer(radius_m)
    oval = shapely.affinity.scale(disc, 1.4, 0.8)
    return plane.geographic(oval.intersection(metres))
