"""(a) Shares for another cycle, and one more patrol, against exact vectors in PostGIS and shapely."""

from datetime import timedelta
from typing import Any

import numpy as np
import shapely
from sqlalchemy.orm import Session

from app.coverage import service as coverage
from app.db import transaction
from bench.harness import elapsed_ms, emit, median_ms, progress
from bench.peers import Line, Plane, PostgisPeer, shapely_covered_m2, swath
from bench.synthetic import Box
from bench.world import TODAY, World, patrol_body, take_in, track_of, world
from geo.daytiles import day_number
from geo.tracks import MODE_RULES, Mode

PATROLS = 15
CYCLES = (7, 15, 30)
RULES = MODE_RULES[Mode.FOOT]


def _line(body: dict[str, Any]) -> Line:
    track = track_of(body)
    return Line(int(track.segments.day[0]), track.lines())


def run() -> None:
    """Measure on one grid of 0.7 km2 with 15 patrols of 1,000 fixes."""
    with world("vectors", 3, 3) as made:
        box, code = made.boxes[4], made.grid_code(4)
        bodies = [patrol_body(box, TODAY - timedelta(days=2 * i), 100 + i) for i in range(PATROLS)]
        lines = [_line(body) for body in bodies]
        plane = Plane(box)
        for body in bodies:
            with transaction(made.engine) as session:
                take_in(session, made.settings, body)
        with made.engine.connect() as connection:
            postgis = PostgisPeer(connection, plane, box)
            for line in lines:
                postgis.add(line, RULES.half_width_m)
            _another_cycle(made, code, postgis, plane, box, lines)
            _one_more_patrol(made, box, postgis, plane, lines)


def _shares_ms(made: World, code: str) -> float:
    with transaction(made.engine) as session:
        days = iter(np.tile(CYCLES, 40))
        return median_ms(lambda: _read(session, made, code, int(next(days))), 100)


def _read(session: Session, made: World, code: str, cycle_days: int) -> None:
    coverage.grid_shares(session, made.settings, code, cycle_days, TODAY)


def _another_cycle(made: World, code: str, postgis: PostgisPeer, plane: Plane, box: Box, lines: list[Line]) -> None:
    progress("(a) shares for another cycle")
    ours_ms = _shares_ms(made, code)
    today = day_number(TODAY)
    postgis_ms = median_ms(lambda: postgis.covered_m2(today - 30), 3)
    area = plane.project(shapely.Polygon(box.ring()))
    strips = [swath(plane, line, RULES.half_width_m) for line in lines]
    shapely_ms = median_ms(lambda: shapely_covered_m2(area, strips), 3)
    emit(
        "a",
        "shares of one grid for another cycle, 15 patrols",
        ours_ms=ours_ms,
        postgis_ms=postgis_ms,
        shapely_ms=shapely_ms,
        times_faster_than_postgis=postgis_ms / ours_ms,
        times_faster_than_shapely=shapely_ms / ours_ms,
        bar="500 x PostGIS",
    )


def _one_more_patrol(made: World, box: Box, postgis: PostgisPeer, plane: Plane, lines: list[Line]) -> None:
    progress("(a) one more patrol, up to the refreshed shares")
    ours, peers, vectors = [], [], []
    area = plane.project(shapely.Polygon(box.ring()))
    today = day_number(TODAY)
    for i in range(4):  # the first of the four is the warm-up
        body = patrol_body(box, TODAY, 500 + i)
        line = _line(body)
        ours.append(elapsed_ms(lambda body=body: _ours(made, body)))  # type: ignore[misc]
        peers.append(elapsed_ms(lambda line=line: _theirs(postgis, line, today)))  # type: ignore[misc]
        lines.append(line)
        vectors.append(
            elapsed_ms(lambda: shapely_covered_m2(area, [swath(plane, each, RULES.half_width_m) for each in lines]))
        )
    ours_ms, postgis_ms, shapely_ms = (float(np.median(times[1:])) for times in (ours, peers, vectors))
    emit(
        "a",
        "one more patrol of 1,000 fixes, stored and committed, shares refreshed and read",
        ours_ms=ours_ms,
        postgis_ms=postgis_ms,
        shapely_ms=shapely_ms,
        times_faster_than_postgis=postgis_ms / ours_ms,
        times_faster_than_shapely=shapely_ms / ours_ms,
        bar="30 x PostGIS",
    )


def _ours(made: World, body: dict[str, Any]) -> None:
    with transaction(made.engine) as session:
        take_in(session, made.settings, body)
    with transaction(made.engine) as session:
        _read(session, made, made.grid_code(4), 30)


def _theirs(postgis: PostgisPeer, line: Line, today: int) -> None:
    postgis.add(line, RULES.half_width_m)
    postgis.covered_m2(today - 30)
