"""Looks into the coverage and out of it: in any order the same bytes, and each of them follows from the looks."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.coverage import service
from app.settings import Settings
from geo.daytiles import empty, encode
from geo.shares import Share
from tests.app.coverage import world
from tests.app.coverage.world import Way

DAY = date(2025, 6, 1)
PROPERTY = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


@contextmanager
def undone(session: Session) -> Iterator[None]:
    """Work that is rolled back to where it began."""
    savepoint = session.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()
        session.expire_all()


def tracked_m2(session: Session, code: str, on: date, cycle_days: int = 15) -> float:
    return service.grid_shares(session, Settings(), code, cycle_days, on).area_m2(Share.TRACKED)


def proved(session: Session) -> bool:
    """Whether all that is stored follows from looks and territory."""
    return list(service.verify(session, DAY)) == []


ways = st.builds(
    lambda day, village, lane, kind: (world.across(village, DAY + timedelta(days=day), lane), kind),
    st.integers(0, 5),
    st.integers(0, 1),
    st.sampled_from([0.1, 0.3, 0.35, 0.7, 1.0]),
    st.sampled_from(["tracked", "tracked", "declared"]),
)


@PROPERTY
@given(st.lists(ways, min_size=2, max_size=6).flatmap(lambda some: st.tuples(st.just(some), st.permutations(some))))
def test_any_order_of_patrols_gives_the_same_bytes(city: Session, histories: tuple[list[tuple[Way, str]], ...]) -> None:
    derived = []
    for history in histories:
        with undone(city):
            for way, kind in history:
                world.take_in(city, way, kind=kind)
            derived.append(world.derived(city))
            assert proved(city)
    assert derived[0] == derived[1]


@PROPERTY
@given(st.lists(ways, min_size=1, max_size=5), st.data())
def test_voiding_leaves_what_would_be_there_without_the_patrol(
    city: Session, history: list[tuple[Way, str]], data: st.DataObject
) -> None:
    gone = data.draw(st.integers(0, len(history) - 1))
    with undone(city):
        ids = [world.take_in(city, way, kind=kind) for way, kind in history]
        world.void(city, ids[gone])
        assert proved(city)
        after = world.derived(city)
    with undone(city):
        for number, (way, kind) in enumerate(history):
            if number != gone:
                world.take_in(city, way, kind=kind)
        without = world.derived(city)
    assert after["freshness"] == without["freshness"]
    assert seen_tiles(after) == seen_tiles(without)


def seen_tiles(derived: dict[str, list[tuple[object, ...]]]) -> list[tuple[object, ...]]:
    """Day tiles in which anything was seen: a voided patrol may leave an empty one."""
    return [tile for tile in derived["tiles"] if tile[3] != encode(empty())]


def test_a_figure_of_a_past_day_stays_when_the_ground_is_seen_again(city: Session) -> None:
    code = world.grid_code(0, 0)
    world.take_in(city, world.across(0, DAY))
    then = tracked_m2(city, code, DAY)
    world.take_in(city, world.across(0, DAY + timedelta(days=40)))
    assert then > 10_000
    assert tracked_m2(city, code, DAY) == then
    assert tracked_m2(city, code, DAY + timedelta(days=20)) == 0
    assert tracked_m2(city, code, DAY + timedelta(days=40)) == then


def test_a_late_upload_changes_the_days_it_belongs_to(city: Session) -> None:
    code = world.grid_code(0, 0)
    world.take_in(city, world.across(0, DAY + timedelta(days=3), 0.2))
    assert tracked_m2(city, code, DAY) == 0
    before = tracked_m2(city, code, DAY + timedelta(days=3))
    world.take_in(city, world.across(0, DAY, 0.8))
    late = tracked_m2(city, code, DAY)
    assert late > 10_000
    assert tracked_m2(city, code, DAY + timedelta(days=3)) == before + late
    assert proved(city)


def test_a_late_upload_over_ground_seen_since_counts_only_before(city: Session) -> None:
    code = world.grid_code(0, 0)
    world.take_in(city, world.across(0, DAY + timedelta(days=20)))
    world.take_in(city, world.across(0, DAY))
    assert tracked_m2(city, code, DAY + timedelta(days=14)) == tracked_m2(city, code, DAY + timedelta(days=20)) > 0
    assert tracked_m2(city, code, DAY + timedelta(days=15)) == 0
    assert proved(city)


def test_the_same_ground_twice_on_a_day_counts_once(city: Session) -> None:
    world.take_in(city, world.across(0, DAY))
    before = world.derived(city)
    world.take_in(city, world.across(0, DAY))
    assert world.derived(city) == before
    assert proved(city)


def test_a_patrol_across_midnight_counts_on_both_days(city: Session) -> None:
    code = world.grid_code(0, 1)
    world.take_in(city, world.across(0, DAY, 0.2), world.across(0, DAY + timedelta(days=1), 0.8))
    first, both = tracked_m2(city, code, DAY), tracked_m2(city, code, DAY + timedelta(days=1))
    assert 0 < first < both
    assert tracked_m2(city, code, DAY + timedelta(days=1), cycle_days=1) == pytest.approx(both - first)
    assert proved(city)


def test_a_later_day_shows_what_will_have_fallen_out_of_its_cycle(city: Session) -> None:
    today = Settings().today()
    code = world.grid_code(0, 0)
    world.take_in(city, world.across(0, today))
    assert tracked_m2(city, code, today + timedelta(days=14)) == tracked_m2(city, code, today) > 0
    assert tracked_m2(city, code, today + timedelta(days=15)) == 0


def test_declared_ground_never_raises_the_tracked_share(city: Session) -> None:
    code = world.grid_code(0, 0)
    world.take_in(city, world.across(0, DAY), kind="declared")
    shares = service.grid_shares(city, Settings(), code, 15, DAY)
    assert shares.area_m2(Share.TRACKED) == 0
    assert shares.area_m2(Share.DECLARED) > 10_000
    world.take_in(city, world.across(0, DAY))
    again = service.grid_shares(city, Settings(), code, 15, DAY)
    assert again.area_m2(Share.TRACKED) == shares.area_m2(Share.DECLARED)
    assert again.area_m2(Share.DECLARED) == 0


def test_voiding_twice_changes_nothing_more(city: Session) -> None:
    patrol_id = world.take_in(city, world.across(0, DAY))
    world.void(city, patrol_id)
    after = world.derived(city)
    service.withdraw(city, patrol_id)
    assert world.derived(city) == after
    assert tracked_m2(city, world.grid_code(0, 0), DAY) == 0


def test_looks_of_no_kind_are_refused(city: Session) -> None:
    with pytest.raises(ValueError, match="kind"):
        service.apply_looks(city, world.add_patrol(city), world.looks_of([world.across(0, DAY)]), "guessed")
