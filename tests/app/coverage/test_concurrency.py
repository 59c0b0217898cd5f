"""Many writers at once on one ground: nobody waits for ever, nothing is lost."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from app.coverage import service
from app.db import make_engine, transaction
from tests.app.coverage import world
from tests.app.coverage.world import Way

DAY = date(2025, 6, 1)
WRITERS = 6
ROUNDS = 4


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    """An engine on a database of the test's own, with the small city in it."""
    engine = make_engine(database, pool_size=WRITERS + 1)
    with transaction(engine) as session:
        world.build(session)
    yield engine
    engine.dispose()


def at_once(tasks: list[Callable[[], object]]) -> list[object]:
    """Run tasks side by side, begun at the same moment."""
    barrier = Barrier(len(tasks))

    def run(task: Callable[[], object]) -> object:
        barrier.wait()
        return task()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return [future.result() for future in [pool.submit(run, task) for task in tasks]]


def taking_in(engine: Engine, *some: Way) -> Callable[[], object]:
    """A writer that takes in one patrol after the other, each in a transaction of its own."""

    def write() -> list[UUID]:
        ids = []
        for way in some:
            with transaction(engine) as session:
                ids.append(world.take_in(session, way))
        return ids

    return write


def way_of(number: int, writer: int) -> Way:
    """Walks up, down and across, so that every two of them share tiles and grids, on days in no order."""
    day = DAY + timedelta(days=(number * 5 + writer * 3) % 7)
    if (number + writer) % 2:
        return world.across(writer % 2, day, 0.1 + 0.13 * writer)
    west = world.WEST + world.SIDE * (0.3 + 0.4 * writer)
    return Way(day, (west, world.SOUTH), (west, world.SOUTH + 2 * world.SIDE))


def content(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    with transaction(engine) as session:
        assert list(service.verify(session, DAY)) == []
        return world.derived(session)


def test_writers_side_by_side_leave_what_one_after_the_other_would(engine: Engine) -> None:
    histories = [[way_of(number, writer) for number in range(ROUNDS)] for writer in range(WRITERS)]
    at_once([taking_in(engine, *history) for history in histories])
    together = content(engine)
    with transaction(engine) as session:
        assert session.execute(text("SELECT count(*) FROM patrol")).scalar_one() == WRITERS * ROUNDS
        session.execute(text("DELETE FROM look"))
        service.rebuild(session)
    taking_in(engine, *(way for history in histories for way in history))()
    assert together["freshness"] == content(engine)["freshness"]
    assert together["tiles"] == content(engine)["tiles"]


def test_voiding_and_repainting_beside_uploads(engine: Engine) -> None:
    first = taking_in(engine, *(way_of(number, 0) for number in range(ROUNDS)))()
    assert isinstance(first, list)

    def void_all() -> None:
        for patrol_id in first:
            with transaction(engine) as session:
                world.void(session, patrol_id)

    def repaint() -> None:
        for day in (DAY + timedelta(days=2), DAY + timedelta(days=4)):
            with transaction(engine) as session:
                code = world.grid_code(0, 0)
                world.end_grid(session, code, day)
                world.add_grid(session, code, world.VILLAGES[0], world.grid_box(0, 0), day)
                service.repaint(session, world.grid_box(0, 0), day)

    uploads = [taking_in(engine, *(way_of(number, writer) for number in range(ROUNDS))) for writer in (1, 2)]
    at_once([void_all, repaint, *uploads])
    content(engine)


def somebody_waits(engine: Engine) -> bool:
    """Whether a writer is held up by another's lock."""
    with transaction(engine) as session:
        asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        return bool(session.execute(text(asked)).scalar_one())


def test_writers_on_two_tiles_of_one_grid_wait_for_each_other(engine: Engine) -> None:
    middle = (world.SOUTH + world.SIDE / 2, world.WEST + world.SIDE * 2)  # a grid with a tile border inside
    west, east = (
        Way(DAY, (middle[1] + start, middle[0]), (middle[1] + start + 0.0008, middle[0]), 20.0)
        for start in (0.0003, 0.0025)
    )
    assert {look.key for look in world.looks_of([west])}.isdisjoint({look.key for look in world.looks_of([east])})
    with ThreadPoolExecutor(1) as pool:
        with transaction(engine) as session:
            world.take_in(session, west)
            second = pool.submit(taking_in(engine, east))
            while not second.done() and not somebody_waits(engine):
                pass
        second.result()
    content(engine)
