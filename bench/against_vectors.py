"""(a) Shares for another cycle, and one more patrol, against exact vectors in PostGIS and shapely."""

import itertools
import statistics
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from app.coverage import service as coverage
from app.db import transaction
from bench.harness import elapsed_ms, emit, median_ms, progress
from bench.peers import Line, Plane, PostgisPeer, shapely_covered_m2, swath
from bench.world import TODAY, World, patrol_body, take_in, track_of, world
from geo.daytiles import day_number
from geo.tracks import MODE_RULES, Mode

PATROLS = 30  # one a day for the 30 days of the longest standard cycle
SAMPLES = 8
RULES = MODE_RULES[Mode.FOOT]


def _line(body: dict[str, Any]) -> Line:
    track = track_of(body)
    return Line(int(track.segments.day[0]), track.lines())


def run() -> None:
    """Measure on one grid of 0.7 km2 with 30 patrols of 1,000 fixes, one a day."""
    with world("vectors", 3, 3) as made:
        box = made.boxes[4]
        bodies = [patrol_body(box, TODAY - timedelta(days=1 + i), 100 + i) for i in range(PATROLS)]
        lines = [_line(body) for body in bodies]
        for body in bodies:
            with transaction(made.engine) as session:
                take_in(session, made.settings, body)
        with made.engine.connect() as connection:
            postgis = PostgisPeer(connection, Plane(box), box, RULES.half_width_m)
            for line in lines:
                postgis.add(line, ready=True)
            _another_cycle(made, postgis, lines)
            _one_more_patrol(made, postgis, lines)


def _another_cycle(made: World, postgis: PostgisPeer, lines: list[Line]) -> None:
    progress("(a) shares for another cycle")
    cycles = itertools.cycle((30, 29, 15, 7))
    with transaction(made.engine) as session:
        ours_ms = median_ms(lambda: _read(session, made, next(cycles)), 200)
    after = day_number(TODAY) - 30
    postgis_ms = median_ms(lambda: postgis.covered_m2(after, ready=False), 5)
    ready_ms = median_ms(lambda: postgis.covered_m2(after, ready=True), 5)
    shapely_ms = median_ms(lambda: _shapely(postgis, lines), 3)
    emit(
        "a",
        "shares of one grid for another cycle, 30 patrols of 1,000 fixes",
        ours_ms=ours_ms,
        postgis_ms=postgis_ms,
        postgis_ready_strips_ms=ready_ms,
        shapely_ms=shapely_ms,
        times_postgis=postgis_ms / ours_ms,
        times_postgis_ready_strips=ready_ms / ours_ms,
        times_shapely=shapely_ms / ours_ms,
        bar="500 x PostGIS",
    )


def _one_more_patrol(made: World, postgis: PostgisPeer, lines: list[Line]) -> None:
    """Each of the three in its own loop, so that none finds its memory taken by another."""
    progress("(a) one more patrol, up to the refreshed shares")
    bodies = [patrol_body(made.boxes[4], TODAY, 500 + i) for i in range(4 * SAMPLES)]
    more = [_line(body) for body in bodies]
    ours_ms = _median_of(partial(_ours, made, body) for body in bodies)
    postgis_ms = _median_of(partial(_theirs, postgis, line) for line in more[:SAMPLES])
    shapely_ms = _median_of(partial(_shapely, postgis, [*lines, *more[: i + 1]]) for i in range(SAMPLES))
    emit(
        "a",
        "one more patrol of 1,000 fixes on 30: cleaned, stored, committed, shares refreshed and read",
        ours_ms=ours_ms,
        postgis_ms=postgis_ms,
        shapely_ms=shapely_ms,
        times_postgis=postgis_ms / ours_ms,
        times_shapely=shapely_ms / ours_ms,
        bar="30 x PostGIS",
    )


def _median_of(works: Iterable[Callable[[], object]]) -> float:
    """The median wall time of some calls in milliseconds; the first does not count."""
    return statistics.median([elapsed_ms(work) for work in works][1:])


def _read(session: Session, made: World, cycle_days: int) -> None:
    coverage.grid_shares(session, made.settings, made.grid_code(4), cycle_days, TODAY)


def _shapely(postgis: PostgisPeer, lines: list[Line]) -> float:
    return shapely_covered_m2(postgis.area, [swath(postgis.plane, line, RULES.half_width_m) for line in lines])


def _ours(made: World, body: dict[str, Any]) -> None:
    with transaction(made.engine) as session:
        take_in(session, made.settings, body)
    with transaction(made.engine) as session:
        _read(session, made, 30)


def _theirs(postgis: PostgisPeer, line: Line) -> None:
    postgis.add(line, ready=False)
    postgis.covered_m2(line.day - 30, ready=False)
