"""(g) What judging costs: a copy found among 100,000 patrols, and a patrol taken in with and without being judged."""

import itertools
import statistics
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import numpy as np
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from app.db import transaction
from app.evidence import copies
from app.patrols import service as patrols
from bench.harness import elapsed_ms, emit, progress
from bench.world import OFFICER, TODAY, World, patrol_body, take_in, world
from geo.frame import Ints
from geo.sketches import SKETCH_SIZE, Sketch, sketch
from geo.tracks import Fixes, Mode

PATROLS = 100_000
ROUNDS = 500  # officers who walk the same round on each of 200 days
PLACES_EACH = 1_000
LOOKUPS = 200
TAKEN_IN = 60
STORED = 7  # the seed of what is stored
PLACE = 4  # of the grid in the middle of the bench's nine


def run() -> None:
    """Store 100,000 sketches, find copies among them, and take patrols in."""
    with world("findings", 3, 3) as made:
        progress(f"(g) storing {PATROLS} sketches")
        with made.engine.begin() as connection:
            _put_in_charge(connection, made)
            _store(connection)
        with made.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))
        _find(made)
        _take_in(made)


def _put_in_charge(connection: Connection, made: World) -> None:
    charge = "INSERT INTO grid_officer (grid_code, officer_code, valid_from) VALUES (:grid, :officer, '2020-01-01')"
    connection.execute(text(charge), {"grid": made.grid_code(PLACE), "officer": OFFICER})


def _store(connection: Connection) -> None:
    """Places never equal by chance; paces that the days of a round have in common."""
    rng = np.random.default_rng(STORED)
    ids = [_id(i) for i in range(PATROLS)]
    evidence = text(
        """INSERT INTO evidence (id, kind, officer_code, started_at, ended_at, unit_paths, sent_by)
        SELECT n, 'patrol', :officer, now(), now(), '{}', 'bench' FROM unnest(CAST(:ids AS uuid[])) AS n"""
    )
    connection.execute(text("ALTER TABLE evidence DISABLE TRIGGER USER"))
    connection.execute(evidence, {"officer": OFFICER, "ids": ids})
    connection.execute(text("ALTER TABLE evidence ENABLE TRIGGER USER"))
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy("COPY track_sketch (evidence_id, places, paces) FROM STDIN") as copy:
        for evidence_id, made in zip(ids, _sketches(rng), strict=True):
            copy.write_row((evidence_id, made.places.tolist(), made.paces.tolist()))


def _id(i: int) -> uuid.UUID:
    return uuid.UUID(int=i + (1 << 90))


def _sketches(rng: np.random.Generator) -> Iterator[Sketch]:
    """The smallest of so many even hashes lie as far apart as if they came by chance one after the other."""
    pools = [_smallest(rng, 2 * SKETCH_SIZE, 2 * SKETCH_SIZE) for _ in range(ROUNDS)]
    for i in range(PATROLS):
        paces = np.sort(rng.choice(pools[i % ROUNDS], SKETCH_SIZE, replace=False))
        yield Sketch(_smallest(rng, SKETCH_SIZE, PLACES_EACH), paces)


def _smallest(rng: np.random.Generator, count: int, of: int) -> Ints:
    steps = rng.exponential(2**63 / of / 2, count)
    return np.cumsum(steps).astype(np.int64)


def _find(made: World) -> None:
    progress("(g) finding copies")
    stored = list(itertools.islice(_sketches(np.random.default_rng(STORED)), LOOKUPS))
    rng = np.random.default_rng(STORED + 1)
    new_ms, copy_ms = [], []
    with transaction(made.engine) as session:
        for i, known in enumerate(stored):
            fresh = Sketch(_smallest(rng, SKETCH_SIZE, PLACES_EACH), known.paces)
            new_ms.append(_exchange_ms(session, fresh, _id(i)))
            copy_ms.append(_exchange_ms(session, known, _id(i)))
        plan = _plan(session, stored[0])
    for figure, times in (("a new track on an old round", new_ms), ("a copy", copy_ms)):
        emit(
            "g",
            f"sketch of {figure} stored and looked up among {PATROLS} patrols",
            median_ms=statistics.median(times),
            max_ms=max(times),
        )
    emit("g", "the plan uses both indexes", indexes=all(name in plan for name in INDEXES))


INDEXES = ("track_sketch_places", "track_sketch_paces")


def _exchange_ms(session: Session, known: Sketch, original: uuid.UUID) -> float:
    own = uuid.uuid4()
    session.execute(
        text(
            """INSERT INTO evidence (id, kind, officer_code, started_at, ended_at, unit_paths, sent_by)
            VALUES (:id, 'patrol', :officer, now(), now(), '{}', 'bench')"""
        ),
        {"id": own, "officer": OFFICER},
    )
    found: list[uuid.UUID] = []
    took_ms = elapsed_ms(lambda: found.extend(copies.exchange_sketch(session, own, known)))
    if original not in found:
        raise RuntimeError("the track of the same round, or the copy, was not found")
    return took_ms


def _plan(session: Session, known: Sketch) -> str:
    values = {"places": known.places.tolist(), "paces": known.paces.tolist()}
    lookup = """EXPLAIN SELECT 1 FROM track_sketch WHERE places && CAST(:places AS bigint[])
        UNION ALL SELECT 1 FROM track_sketch WHERE paces && CAST(:paces AS bigint[])"""
    return "\n".join(session.execute(text(lookup), values).scalars())


def _take_in(made: World) -> None:
    progress("(g) patrols taken in, judged and not")
    bodies = [patrol_body(made.boxes[PLACE], TODAY - timedelta(days=i // 8), 3_000 + i) for i in range(2 * TAKEN_IN)]
    judged_ms, plain_ms = [], []
    for i, body in enumerate(bodies):
        if i % 2:
            judged_ms.append(_taken_in_ms(made, body))
        else:
            with patch.object(patrols, "judge_evidence"):
                plain_ms.append(_taken_in_ms(made, body))
    judged, plain = statistics.median(judged_ms[1:]), statistics.median(plain_ms[1:])
    emit(
        "g",
        "a patrol of 1,000 fixes taken in and committed, judged against not",
        judged_ms=judged,
        plain_ms=plain,
        more_percent=100 * (judged / plain - 1),
        bar="15 % more",
    )
    fixes = Fixes.of(*(np.array([fix[key] for fix in bodies[0]["fixes"]]) for key in ("lon", "lat", "time")))
    emit(
        "g",
        "a sketch made of 1,000 fixes",
        ms=elapsed_ms(lambda: [sketch(fixes, Mode.FOOT, coarse=False) for _ in range(100)]) / 100,
    )


def _taken_in_ms(made: World, body: dict[str, Any]) -> float:
    def work() -> None:
        with transaction(made.engine) as session:
            take_in(session, made.settings, body)

    return elapsed_ms(work)
