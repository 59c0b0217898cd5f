"""Territory that changes: new figures from that day on, the old ones before it, and every square metre once."""

from datetime import date, timedelta

import pytest
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.coverage import service
from app.coverage.schemas import CoverageRow, UnitCoverage
from app.scope import EVERYTHING
from app.settings import Settings
from tests.app.coverage import world

DAY = date(2025, 6, 1)
CHANGE = date(2025, 7, 1)
VILLAGE = world.VILLAGES[0]


def village(session: Session, on: date, code: str = VILLAGE) -> UnitCoverage:
    return service.unit_coverage(session, Settings(), EVERYTHING, code, 30, on)


def zone_ids(session: Session) -> dict[str, int]:
    rows = session.execute(text("SELECT coalesce(grid_code, unit_code) AS name, id FROM zone WHERE to_day IS NULL"))
    return {row.name: row.id for row in rows}


def sums(row: CoverageRow) -> float:
    return sum(getattr(row.shares, name).area_m2 for name in type(row.shares).model_fields)


def split_first_grid(session: Session, on: date) -> None:
    """Two halves in the place of a village's first grid."""
    code, box = world.grid_code(0, 0), world.grid_box(0, 0)
    west, south, east, north = box.bounds
    middle = (west + east) / 2
    world.end_grid(session, code, on)
    world.add_grid(session, code, VILLAGE, shapely.box(west, south, middle, north), on)
    world.add_grid(session, f"{code}b", VILLAGE, shapely.box(middle, south, east, north), on)
    service.repaint(session, box, on)


def test_the_city_is_painted_whole(city: Session) -> None:
    found = village(city, DAY, world.CITY)
    area = city.execute(text("SELECT area_m2 FROM unit WHERE code = :code"), {"code": world.CITY}).scalar_one()
    assert found.unit.area_m2 == pytest.approx(area, rel=2e-3)
    assert found.unit.grid_count == 2 * world.COLUMNS
    assert found.unit.shares.unassigned.area_m2 == pytest.approx(area * world.STRIP / 0.013, rel=5e-2)
    assert sums(found.unit) == pytest.approx(found.unit.area_m2)


def test_figures_before_a_change_stay_and_those_after_it_are_of_the_new_grids(city: Session) -> None:
    world.take_in(city, world.whole_grid(0, 0, DAY + timedelta(days=20)))
    before = [village(city, day) for day in (DAY, DAY + timedelta(days=20), CHANGE - timedelta(days=1))]
    split_first_grid(city, CHANGE)
    assert [village(city, each.on) for each in before] == before
    after = village(city, CHANGE)
    assert [grid.code for grid in after.children] == [
        world.grid_code(0, 0), f"{world.grid_code(0, 0)}b", world.grid_code(0, 1), world.grid_code(0, 2)
    ]  # fmt: skip
    assert after.unit.area_m2 == before[0].unit.area_m2
    assert after.unit.shares == before[2].unit.shares
    assert [grid.covered_percent for grid in after.children[:2]] == [100.0, 100.0]
    assert list(service.verify(city, CHANGE)) == []


def test_zones_that_did_not_change_stay_the_same(city: Session) -> None:
    before = zone_ids(city)
    service.repaint(city, world.city_box(), CHANGE)
    assert zone_ids(city) == before
    split_first_grid(city, CHANGE)
    after = zone_ids(city)
    assert {name for name, number in before.items() if after[name] == number} == before.keys() - {world.grid_code(0, 0)}


def test_a_late_upload_reaches_zones_that_have_ended(city: Session) -> None:
    split_first_grid(city, CHANGE)
    world.take_in(city, world.whole_grid(0, 0, DAY))
    assert village(city, DAY).children[0].covered_percent == 100.0
    assert village(city, DAY - timedelta(days=1)).children[0].covered_percent == 0.0
    assert [grid.covered_percent for grid in village(city, DAY + timedelta(days=29)).children[:1]] == [100.0]
    assert [grid.covered_percent for grid in village(city, CHANGE).children[:2]] == [0.0, 0.0]
    assert list(service.verify(city, CHANGE)) == []


def test_looks_after_a_change_do_not_reach_the_zones_before_it(city: Session) -> None:
    split_first_grid(city, CHANGE)
    before = village(city, CHANGE - timedelta(days=1))
    world.take_in(city, world.whole_grid(0, 0, CHANGE))
    assert village(city, CHANGE - timedelta(days=1)) == before
    assert [grid.covered_percent for grid in village(city, CHANGE).children[:2]] == [100.0, 100.0]


def test_voiding_after_a_change_reaches_both_sides_of_it(city: Session) -> None:
    patrol_id = world.take_in(city, world.whole_grid(0, 0, CHANGE - timedelta(days=5)))
    split_first_grid(city, CHANGE)
    world.void(city, patrol_id)
    assert village(city, CHANGE - timedelta(days=1)).children[0].covered_percent == 0.0
    assert village(city, CHANGE).children[1].covered_percent == 0.0
    assert list(service.verify(city, CHANGE)) == []


def test_a_change_for_a_day_before_another_change_keeps_both(city: Session) -> None:
    split_first_grid(city, CHANGE)
    later = village(city, CHANGE)
    water = shapely.box(world.WEST, world.SOUTH, world.WEST + world.SIDE / 4, world.SOUTH + world.SIDE)
    world.add_exclusion(city, "水塘", "excluded", water, DAY)
    service.repaint(city, water, DAY)
    first = village(city, DAY).children
    assert [grid.code for grid in first] == [world.grid_code(0, column) for column in range(3)]
    assert first[0].shares.excluded.percent == pytest.approx(25, abs=1)
    halves = village(city, CHANGE).children[:2]
    assert [grid.code for grid in halves] == [grid.code for grid in later.children[:2]]
    assert [grid.shares.excluded.percent for grid in halves] == [pytest.approx(50, abs=2), 0.0]
    assert list(service.verify(city, CHANGE)) == []


def test_an_earlier_change_beside_a_later_one_keeps_all_of_the_later_one(city: Session) -> None:
    world.end_grid(city, world.grid_code(0, 2), CHANGE)  # lies on two tiles; the strip beside it on one of them
    service.repaint(city, world.grid_box(0, 2), CHANGE)
    later = village(city, CHANGE)
    water = shapely.Point(world.WEST + world.SIDE / 2, world.SOUTH + world.SIDE / 2).buffer(0.0005)
    world.add_exclusion(city, "水塘", "excluded", water, DAY)
    service.repaint(city, water, DAY)
    again = village(city, CHANGE)
    assert again.unit.area_m2 == later.unit.area_m2
    assert again.unit.shares.unassigned == later.unit.shares.unassigned
    assert again.unit.shares.excluded.area_m2 > 0
    assert list(service.verify(city, CHANGE)) == []


def test_exclusions_leave_the_domain_and_inaccessible_ground_stays_in_it(city: Session) -> None:
    west, south, _, north = world.grid_box(0, 0).bounds
    half = shapely.box(west, south, west + world.SIDE / 2, north)
    world.add_exclusion(city, "水塘", "excluded", half)
    world.add_exclusion(
        city, "厂区", "inaccessible", shapely.box(west, south, west + world.SIDE, south + world.SIDE / 2)
    )
    service.repaint(city, world.grid_box(0, 0), world.BEGINNING)
    grid = village(city, DAY).children[0]
    assert grid.shares.excluded.percent == pytest.approx(50, abs=1)
    assert grid.shares.inaccessible.percent == pytest.approx(25, abs=1)
    assert grid.domain_m2 == pytest.approx(grid.area_m2 / 2, rel=0.02)
    world.take_in(city, world.whole_grid(0, 0, DAY))
    seen = village(city, DAY).children[0]
    assert seen.shares.inaccessible.area_m2 == 0
    assert seen.shares.excluded == grid.shares.excluded
    assert seen.covered_percent == 100.0


def test_ground_of_two_grids_counts_in_each_of_them_and_once_in_their_unit(city: Session) -> None:
    whole = village(city, DAY).unit.area_m2
    west, south, east, north = world.grid_box(0, 0).bounds
    world.add_grid(city, "Z-重叠", VILLAGE, shapely.box(west, south, (west + east) / 2, north), CHANGE)
    service.repaint(city, world.grid_box(0, 0), CHANGE)
    world.take_in(city, world.whole_grid(0, 0, CHANGE))
    found = village(city, CHANGE)
    by_code = {grid.code: grid for grid in found.children}
    assert by_code["Z-重叠"].covered_percent == 100.0
    assert by_code["Z-重叠"].area_m2 == pytest.approx(by_code[world.grid_code(0, 0)].area_m2 / 2, rel=0.02)
    assert found.unit.area_m2 == whole
    assert found.unit.shares.tracked.area_m2 < sum(grid.shares.tracked.area_m2 for grid in found.children)


def test_a_grid_that_ends_leaves_its_ground_unassigned(city: Session) -> None:
    before = village(city, CHANGE).unit
    world.end_grid(city, world.grid_code(0, 0), CHANGE)
    service.repaint(city, world.grid_box(0, 0), CHANGE)
    after = village(city, CHANGE)
    assert after.unit.area_m2 == before.area_m2
    assert after.unit.grid_count == 2
    assert after.unit.shares.unassigned.area_m2 > before.shares.unassigned.area_m2 + 100_000
    assert village(city, CHANGE - timedelta(days=1)).unit == before
    with pytest.raises(Exception, match="没有编码为"):
        service.grid_coverage(city, Settings(), EVERYTHING, world.grid_code(0, 0), 15, CHANGE)


def test_a_far_corner_of_a_new_grid_is_painted_though_only_a_part_was_named(city: Session) -> None:
    world.end_grid(city, world.grid_code(0, 2), CHANGE)
    world.end_grid(city, world.grid_code(0, 1), CHANGE)
    both = shapely.union_all([world.grid_box(0, 1), world.grid_box(0, 2)])
    world.add_grid(city, "合并", VILLAGE, both, CHANGE)
    before = village(city, CHANGE - timedelta(days=1)).unit.area_m2
    service.repaint(city, both, CHANGE)
    assert village(city, CHANGE).unit.area_m2 == before
    assert list(service.verify(city, CHANGE)) == []


def test_progress_is_told_up_to_the_end(city: Session) -> None:
    told: list[tuple[int, int]] = []
    service.repaint(city, world.city_box(), CHANGE, lambda done, of: told.append((done, of)))
    assert told
    assert told[-1][0] == told[-1][1]
