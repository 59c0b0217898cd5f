"""How shares went: each day as it was, whatever came late, was voided, or changed of the territory since."""

from datetime import date, timedelta

import pytest
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.coverage import service
from app.errors import InvalidInputError
from app.scope import EVERYTHING
from app.settings import Settings
from geo.shares import Share, Shares
from tests.app.coverage import world

TODAY = date(2025, 7, 1)
VILLAGE_PATH = f"{world.CITY}.{world.COUNTY}.{world.TOWN}.{world.VILLAGES[0]}"


class Then(Settings):
    """Settings of an installation on a day of the tests."""

    def today(self) -> date:
        return TODAY


def history(session: Session, path: str = world.CITY, days: int = 60) -> list[tuple[date, Shares]]:
    return service.share_history(session, Then(), path, days)


def is_each_day_alone(session: Session, code: str = world.CITY, path: str = world.CITY) -> bool:
    """Whether the history is what coverage says of each of its days, to the last digit."""
    found = history(session, path)
    assert [day for day, _ in found] == [TODAY - timedelta(days=59 - number) for number in range(60)]
    for day, shares in found[::3] + found[-3:]:
        row = service.unit_coverage(session, Then(), EVERYTHING, code, None, day).unit
        for share in Share:
            assert getattr(row.shares, share.value).area_m2 == shares.area_m2(share), (day, share)
    return True


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def test_each_day_is_as_it_was(city: Session) -> None:
    for days in (50, 31, 20, 2):
        world.take_in(city, world.across(days % 2, ago(days), 0.3 + days / 100))
    world.take_in(city, world.through(0, 1, ago(10)), kind="declared")
    assert is_each_day_alone(city)
    assert is_each_day_alone(city, world.VILLAGES[0], VILLAGE_PATH)
    tracked = [shares.tracked_cm2 for _, shares in history(city)]
    assert tracked[0] == 0
    assert max(tracked) > tracked[-1] > 0


def test_what_comes_late_or_is_voided_changes_the_days_it_concerns(city: Session) -> None:
    world.take_in(city, world.across(0, ago(5)))
    before = history(city)
    late = world.take_in(city, world.across(1, ago(40)))
    after = history(city)
    assert is_each_day_alone(city)
    assert before != after
    world.void(city, late)
    assert history(city) == before


def test_territory_counts_as_it_stood(city: Session) -> None:
    world.take_in(city, world.across(0, ago(30)))
    code = world.grid_code(0, 2)
    world.end_grid(city, code, ago(25))
    world.add_exclusion(city, "X", "excluded", world.grid_box(0, 0), ago(12))
    service.repaint(city, world.grid_box(0, 2), ago(25))
    service.repaint(city, world.grid_box(0, 0), ago(12))
    assert is_each_day_alone(city)
    unassigned = {day: shares.unassigned_cm2 for day, shares in history(city)}
    assert unassigned[ago(26)] < unassigned[ago(25)]
    excluded = {day: shares.excluded_cm2 for day, shares in history(city)}
    assert excluded[ago(13)] == 0 < excluded[ago(12)]


def test_overlaps_count_once_and_each_grid_by_its_own_cycle(city: Session) -> None:
    box = shapely.box(*world.grid_box(0, 0).union(world.grid_box(0, 1)).bounds)
    world.add_grid(city, f"{world.VILLAGES[0]}-99", world.VILLAGES[0], box, ago(45), "high", 3)
    service.repaint(city, box, ago(45))
    world.take_in(city, world.across(0, ago(20)))
    assert is_each_day_alone(city)
    city.execute(text("UPDATE grid SET cycle_days = 40 WHERE code = :code"), {"code": world.grid_code(0, 0)})
    assert is_each_day_alone(city)


def test_before_there_was_territory_there_is_nothing(session: Session) -> None:
    world.build(session, ago(10))
    found = history(session)
    assert found[48][1] == Shares()
    assert found[49][1].total_cm2 == found[-1][1].total_cm2 > 0


def test_no_unit_is_all_zeros_and_odd_numbers_of_days_are_refused(city: Session) -> None:
    assert {shares for _, shares in history(city, "999", 2)} == {Shares()}
    for days in (0, 367):
        with pytest.raises(InvalidInputError, match="1 到 366"):
            history(city, days=days)
