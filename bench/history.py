"""(c) The cost of one more patrol against the length of the history behind it; (e) what a year costs in bytes."""

import statistics
from datetime import date, timedelta

import numpy as np
from sqlalchemy import text

from app.db import transaction
from bench.harness import elapsed_ms, emit, progress
from bench.world import TODAY, World, patrol_body, take_in, world

MARKS = (1, 3, 10, 30, 100, 365)
SAMPLES = 9
TABLES = {
    "looks": "look",
    "day tiles": "day_tile",
    "histograms": "freshness",
    "raw fixes": "patrol_fixes",
    "tracks": "track",
    "patrols": "patrol",
}


def run() -> None:
    """One grid patrolled every day for a year, the nine around it as well; cost measured along the way."""
    with world("history", 3, 3) as made:
        first = TODAY - timedelta(days=MARKS[-1] + 2 * SAMPLES)
        costs_ms: dict[int, float] = {}
        for number in range(1, MARKS[-1] + 1):
            day = first + timedelta(days=number)
            _patrol(made, day, number)
            if number in MARKS:
                progress(f"(c) {number} days of history")
                costs_ms[number] = statistics.median(
                    elapsed_ms(lambda d=day, n=number, i=i: _patrol(made, d, 10_000 + n * 100 + i))  # type: ignore[misc]
                    for i in range(SAMPLES)
                )
        slope = float(np.polyfit(np.log(list(costs_ms)), np.log(list(costs_ms.values())), 1)[0])
        emit("c", "one more patrol by days of history, ms", **{f"days_{n}": ms for n, ms in costs_ms.items()})
        emit("c", "slope of log cost over log history", slope=slope, bar=0.1)
        _bytes(made)


def _patrol(made: World, day: date, seed: int) -> None:
    with transaction(made.engine) as session:
        take_in(session, made.settings, patrol_body(made.boxes[4], day, seed))


def _bytes(made: World) -> None:
    """Bytes on disk with indexes, of one km2 walked for 1,000 fixes a day for a year (a grid here is 0.7 km2)."""
    with made.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM FULL"))
        patrols = connection.execute(text("SELECT count(*) FROM patrol")).scalar_one()
        sizes = {
            name: connection.execute(
                text("SELECT pg_total_relation_size(CAST(:t AS regclass))"), {"t": table}
            ).scalar_one()
            for name, table in TABLES.items()
        }
    per_km2_year = {name: float(size) / patrols * 365 / 0.7 for name, size in sizes.items()}
    kept = per_km2_year["looks"] + per_km2_year["day tiles"] + per_km2_year["histograms"]
    emit(
        "e",
        "bytes per km2 and year at one patrol of 1,000 fixes per grid of 0.7 km2 and day",
        coverage_total=kept,
        everything_total=sum(per_km2_year.values()),
        **{name.replace(" ", "_"): size for name, size in per_km2_year.items()},
    )
