"""(f) A whole city of 7,000 grids and 200,000 patrols in 30 days: load, recompute, re-window, blind spots."""

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.coverage import service as coverage
from app.db import transaction
from app.scope import EVERYTHING
from bench.harness import elapsed_ms, emit, median_ms, progress
from bench.world import TODAY, World, patrol_body, take_in, world

COLUMNS, ROWS, VILLAGES = 100, 70, 70
REAL_PATROLS = 3_500  # every other grid, through the front door
COPIES = 56  # of each, on other days: 3,500 x 57 = 199,500
FIXES = 500
BATCH = 200  # bodies prepared at once
CITY = "320400000000"
VILLAGE = "320404001035"


def run() -> None:
    """Load a city, then ask it what leaders ask."""
    progress("(f) painting 7,000 grids")
    with world("city", COLUMNS, ROWS, VILLAGES) as made:
        emit("f", "territory of 7,000 grids (4,900 km2) painted", seconds=made.painted_ms / 1e3)
        fill(made)
        _ask(made)


def fill(made: World) -> None:
    """Patrols all over the city in 30 days, with what they saw and what they passed, and all that follows."""
    _load(made)
    _recompute(made)


def _load(made: World) -> None:
    progress(f"(f) {REAL_PATROLS} patrols taken in")
    bodies = (
        patrol_body(made.boxes[2 * i], TODAY - timedelta(days=29), 50_000 + i, FIXES) for i in range(REAL_PATROLS)
    )

    def one(body: dict[str, Any]) -> None:
        with transaction(made.engine) as session:
            take_in(session, made.settings, body)

    def everything() -> None:
        with ThreadPoolExecutor(2) as pool:
            while batch := list(itertools.islice(bodies, BATCH)):
                list(pool.map(one, batch))

    seconds = elapsed_ms(everything) / 1e3
    emit("f", "patrols of 500 fixes taken in, in process", patrols=REAL_PATROLS, patrols_per_s=REAL_PATROLS / seconds)


def _recompute(made: World) -> None:
    """Copy each patrol onto other days, shifted by whole tiles within the city, and derive everything anew."""
    progress(f"(f) copying looks to {REAL_PATROLS * (COPIES + 1)} patrols")
    with transaction(made.engine) as session:
        session.execute(text(_COPY_EVIDENCE), {"copies": COPIES})
        session.execute(text(_COPY_PATROLS), {"copies": COPIES})
        session.execute(text(_COPY_LOOKS), {"copies": COPIES})
        session.execute(text(_COPY_PASSINGS), {"copies": COPIES})
    with made.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))
        looks, patrols = connection.execute(
            text("SELECT (SELECT count(*) FROM look), (SELECT count(*) FROM patrol)")
        ).one()
    progress(f"(f) recomputing from {looks} looks")
    with transaction(made.engine) as session:
        seconds = elapsed_ms(lambda: coverage.rebuild(session)) / 1e3
    emit("f", "all day tiles and histograms of the city recomputed", seconds=seconds, looks=looks, patrols=patrols)


_COPY_EVIDENCE = """
INSERT INTO evidence (id, kind, officer_code, started_at, ended_at, unit_paths, sent_by)
SELECT CAST(md5(CAST(id AS text) || n) AS uuid), kind, officer_code, started_at + make_interval(days => 1 + n % 29),
       ended_at + make_interval(days => 1 + n % 29), unit_paths, sent_by
FROM evidence, generate_series(1, :copies) AS n
"""

_COPY_PATROLS = """
INSERT INTO patrol (id, officer_code, mode, source, datum, started_at, ended_at, utc_offset_s,
                    content_digest, answer, received_from)
SELECT CAST(md5(CAST(p.id AS text) || n) AS uuid), officer_code, mode, source, datum,
       started_at + make_interval(days => 1 + n % 29), ended_at + make_interval(days => 1 + n % 29),
       utc_offset_s, content_digest, answer, received_from
FROM patrol p, generate_series(1, :copies) AS n
"""

_COPY_LOOKS = """
INSERT INTO look (evidence_id, kind, day, x, y, cells)
SELECT CAST(md5(CAST(l.evidence_id AS text) || n) AS uuid), kind, day + 1 + n % 29, x + n % 3 - 1, y + n % 2, cells
FROM look l, generate_series(1, :copies) AS n
"""

_COPY_PASSINGS = """
INSERT INTO passing (evidence_id, reason, day, x, y, cells)
SELECT CAST(md5(CAST(p.evidence_id AS text) || n) AS uuid), reason, day + 1 + n % 29, x + n % 3 - 1, y + n % 2, cells
FROM passing p, generate_series(1, :copies) AS n
"""


def _ask(made: World) -> None:
    with transaction(made.engine) as session:

        def timed(figure: str, work: Callable[[Session, int], object]) -> None:
            cycles = itertools.cycle((7, 15, 30, 10, 21))
            progress(f"(f) {figure}")
            emit("f", figure, ms=median_ms(lambda: work(session, next(cycles)), 5))

        settings, past = made.settings, TODAY - timedelta(days=12)
        timed(
            "the city's shares for another cycle",
            lambda s, c: coverage.unit_coverage(s, settings, EVERYTHING, CITY, c, TODAY),
        )
        timed(
            "the city's shares 12 days ago", lambda s, c: coverage.unit_coverage(s, settings, EVERYTHING, CITY, c, past)
        )
        timed(
            "a village and its 100 grids",
            lambda s, c: coverage.unit_coverage(s, settings, EVERYTHING, VILLAGE, c, TODAY),
        )
        timed(
            "one percentage for each of 7,000 grids",
            lambda s, c: coverage.values(s, settings, EVERYTHING, CITY, "grid", c, TODAY),
        )
        timed(
            "the city's 200 worst blind spots, outlined",
            lambda s, c: coverage.blind_spots(s, settings, EVERYTHING, unit=CITY, cycle_days=c, on=TODAY, limit=200),
        )
