"""Figures for people: they add up, bounds only save work, and a past day is answered as it was."""

from datetime import date, timedelta

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.actor import terminal
from app.coverage import blindspots, patches, service
from app.coverage.queries import report
from app.coverage.schemas import CoverageRow, SevenShares
from app.coverage.table import ZoneTable, zone_table
from app.errors import InvalidInputError, NotFoundError
from app.scope import EVERYTHING
from app.settings import Settings
from geo.blindspots import blind_spots
from geo.daytiles import day_number
from tests.app.coverage import world

DAY = date(2025, 6, 1)
OWN = Settings()


def walk_about(session: Session) -> None:
    """Some weeks of patrols: ground fresh, stale and never seen in every village."""
    for number, lane in enumerate((0.1, 0.35, 0.6, 0.95)):
        world.take_in(session, world.across(0, DAY - timedelta(days=number * 9), lane))
    world.take_in(session, world.through(1, 1, DAY - timedelta(days=2)))
    world.take_in(session, world.through(1, 2, DAY - timedelta(days=1)), kind="declared")


def parts(row: CoverageRow) -> list[float]:
    return [getattr(row.shares, name).area_m2 for name in SevenShares.model_fields]


@pytest.mark.parametrize("cycle_days", [None, 1, 10, 30])
def test_shares_add_up_and_children_add_up_to_their_parent(city: Session, cycle_days: int | None) -> None:
    walk_about(city)
    for code in (world.CITY, world.COUNTY, world.TOWN):
        found = service.unit_coverage(city, OWN, EVERYTHING, code, cycle_days, DAY)
        assert sum(parts(found.unit)) == pytest.approx(found.unit.area_m2, abs=1e-3)
        together = [sum(column) for column in zip(*(parts(child) for child in found.children), strict=True)]
        assert together == pytest.approx(parts(found.unit), abs=1e-3)
        assert sum(child.grid_count for child in found.children) == found.unit.grid_count == 6
    village = service.unit_coverage(city, OWN, EVERYTHING, world.VILLAGES[0], cycle_days, DAY)
    together = [sum(column) for column in zip(*(parts(child) for child in village.children), strict=True)]
    assert together[:6] == pytest.approx(parts(village.unit)[:6], abs=1e-3)  # the rest is in no grid
    assert parts(village.unit)[6] > 0


def test_each_grid_is_judged_by_its_own_cycle_unless_one_is_given(city: Session) -> None:
    city.execute(text("UPDATE grid SET cycle_days = 3 WHERE code = :code"), {"code": world.grid_code(0, 0)})
    world.take_in(city, world.across(0, DAY - timedelta(days=5)))
    own = service.unit_coverage(city, OWN, EVERYTHING, world.VILLAGES[0], None, DAY)
    assert [child.shares.tracked.area_m2 > 0 for child in own.children] == [False, True, True]
    assert [child.cycle_days for child in own.children] == [3, 15, 15]
    given_one = service.unit_coverage(city, OWN, EVERYTHING, world.VILLAGES[0], 6, DAY)
    assert all(child.shares.tracked.area_m2 > 0 for child in given_one.children)
    assert given_one.cycle_days == 6


def test_a_row_says_what_it_is_and_who_is_in_charge(city: Session) -> None:
    world.take_in(city, world.across(0, DAY))
    city.execute(
        text("INSERT INTO grid_officer (grid_code, officer_code, valid_from) VALUES (:code, 'W001', '2025-01-01')"),
        {"code": world.grid_code(0, 0)},
    )
    found = service.grid_coverage(city, OWN, EVERYTHING, world.grid_code(0, 0), None, DAY)
    assert [step.level for step in found.path] == ["city", "county", "town", "village"]
    grid = found.grid
    assert (grid.level, grid.parent_code, grid.risk, grid.cycle_days, grid.cycle_stated) == (
        "grid", world.VILLAGES[0], "medium", 15, True,
    )  # fmt: skip
    assert grid.officer is not None
    assert grid.officer.name == "测试员"
    assert grid.last_seen == DAY
    assert grid.covered_percent is not None
    assert 0 < grid.covered_percent < 100
    bounds = grid.bbox
    assert bounds == pytest.approx(world.grid_box(0, 0).bounds)


def test_values_are_the_rows_figures(city: Session) -> None:
    walk_about(city)
    values = service.values(city, OWN, EVERYTHING, world.CITY, "village", 10, DAY).values
    rows = service.unit_coverage(city, OWN, EVERYTHING, world.TOWN, 10, DAY).children
    assert values == [
        (row.code, row.covered_percent, row.declared_percent, row.shares.never_seen.percent, row.area_m2)
        for row in rows
    ]
    grids = service.values(city, OWN, EVERYTHING, world.VILLAGES[1], "grid", 10, DAY).values
    assert [value[0] for value in grids] == [world.grid_code(1, column) for column in range(3)]
    assert [value[0] for value in service.values(city, OWN, EVERYTHING, world.CITY, "county", 10, DAY).values] == [
        world.COUNTY
    ]


def table_of(session: Session, cycle_days: int, on: date) -> ZoneTable:
    day = day_number(on)
    states = [state for state in report.zones_below(session, world.CITY, day) if state.grid_code]
    return zone_table(OWN, states, cycle_days, day)


def every_spot(session: Session, table: ZoneTable, min_area_m2: float) -> list[tuple[float, float, int]]:
    """(score, area, row) of all blind spots, by looking into every grid."""
    found = []
    for row, ground in patches.grounds(session, table, range(len(table.states))).items():
        for spot in blind_spots(*ground, int(table.cycles[row]), table.day, min_area_m2):
            score = blindspots.score_of(table, row, spot.area_m2, spot.last_seen_day)
            found.append((score, spot.area_m2, row))
    return sorted(found, reverse=True)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 1), st.sampled_from([0.05, 0.3, 0.5, 0.8])), max_size=6),
    st.sampled_from([1, 10, 30]),
    st.sampled_from([1, 3, 200]),
    st.sampled_from([0.0, 100.0, 20_000.0]),
    st.integers(-20, 10),
    st.booleans(),
)
def test_the_search_finds_what_looking_everywhere_finds(
    city: Session,
    history: list[tuple[int, int, float]],
    cycle_days: int,
    limit: int,
    min_area_m2: float,
    shift: int,
    stale: bool,
) -> None:
    savepoint = city.begin_nested()
    for column in range(world.COLUMNS if stale else 0):  # nothing is left that nobody has ever seen
        for village in range(2):
            world.take_in(city, world.whole_grid(village, column, DAY - timedelta(days=60 + 50 * column + village)))
    for days_ago, village, lane in history:
        world.take_in(city, world.across(village, DAY - timedelta(days=days_ago), lane))
    table = table_of(city, cycle_days, DAY + timedelta(days=shift))
    expected = every_spot(city, table, min_area_m2)
    found, truncated = blindspots.most_urgent(city, table, min_area_m2, limit)
    assert [(each.score, each.spot.area_m2) for each in found] == [pytest.approx(each[:2]) for each in expected[:limit]]
    assert len(expected) <= limit or truncated
    everywhere = every_spot(city, table, 0.0)
    for row in range(len(table.states)):
        largest = max((area for _, area, of in everywhere if of == row), default=0.0)
        assert blindspots.LargestSearch(city, table).largest_m2([row]) == pytest.approx(largest)
    most = max((area for _, area, _ in everywhere), default=0.0)
    assert blindspots.LargestSearch(city, table).largest_m2(range(len(table.states))) == pytest.approx(most)
    savepoint.rollback()


def test_a_search_beyond_its_bound_says_that_it_does_not_know(city: Session) -> None:
    world.take_in(city, world.across(0, DAY))
    table = table_of(city, 15, DAY)
    rows = [row for row, state in enumerate(table.states) if state.unit_code == world.VILLAGES[0]]
    assert blindspots.LargestSearch(city, table, fresh_looks=1).largest_m2(rows) is None
    assert blindspots.LargestSearch(city, table).largest_m2(rows) is not None


def test_blind_spots_come_with_whose_they_are_and_where_to_walk(city: Session) -> None:
    world.take_in(city, world.across(0, DAY - timedelta(days=3)))
    found = service.blind_spots(city, OWN, EVERYTHING, unit=world.VILLAGES[0], on=DAY)
    assert found.returned == len(found.features) == 6
    assert [feature["properties"]["rank"] for feature in found.features] == list(range(1, 7))
    scores = [feature["properties"]["score"] for feature in found.features]
    assert scores == sorted(scores, reverse=True)
    total = sum(feature["properties"]["area_m2"] for feature in found.features)
    assert total == pytest.approx(found.total_m2, rel=1e-3)
    for feature in found.features:
        properties = feature["properties"]
        assert shapely.geometry.shape(feature["geometry"]).covers(shapely.Point(properties["walk_to"]))
        assert properties["village"] == f"单位{world.VILLAGES[0]}"
        assert properties["town"] == f"单位{world.TOWN}"
        assert properties["last_seen"] is None
        assert properties["cycle_days"] == 15
    stale = service.blind_spots(city, OWN, EVERYTHING, unit=world.VILLAGES[0], on=DAY + timedelta(days=20)).features
    assert [feature["properties"]["last_seen"] for feature in stale] == [(DAY - timedelta(days=3)).isoformat()] * 3


def test_blind_spots_in_a_box_are_those_of_the_grids_it_meets(city: Session) -> None:
    west, south, east, north = world.grid_box(1, 1).buffer(-0.0005).bounds
    found = service.blind_spots(city, OWN, EVERYTHING, bbox=(west, south, east, north), on=DAY)
    assert [feature["properties"]["grid_code"] for feature in found.features] == [world.grid_code(1, 1)]
    assert not found.truncated
    assert service.blind_spots(city, OWN, EVERYTHING, bbox=(0.0, 0.0, 1.0, 1.0), on=DAY).features == []


def test_blind_spots_of_a_past_day_are_as_they_were(city: Session) -> None:
    world.take_in(city, world.across(0, DAY - timedelta(days=30), 0.2))
    then = service.blind_spots(city, OWN, EVERYTHING, unit=world.CITY, on=DAY)
    world.take_in(city, world.whole_grid(0, 0, DAY + timedelta(days=1)), world.across(0, DAY + timedelta(days=1)))
    again = service.blind_spots(city, OWN, EVERYTHING, unit=world.CITY, on=DAY)
    assert [feature["properties"] for feature in again.features] == [feature["properties"] for feature in then.features]
    now = service.blind_spots(city, OWN, EVERYTHING, unit=world.CITY, on=DAY + timedelta(days=1))
    assert now.total_m2 < then.total_m2


def test_what_is_asked_wrongly_is_refused_in_words(city: Session) -> None:
    with pytest.raises(NotFoundError, match="999999999999"):
        service.unit_coverage(city, OWN, EVERYTHING, "999999999999", None, DAY)
    for cycle_days in (0, 367):
        with pytest.raises(InvalidInputError, match="周期"):
            service.unit_coverage(city, OWN, EVERYTHING, world.CITY, cycle_days, DAY)
    for on in (date(2000, 1, 1), OWN.today() + timedelta(days=367)):
        with pytest.raises(InvalidInputError, match="日期"):
            service.unit_coverage(city, OWN, EVERYTHING, world.CITY, None, on)
    for box in ((120.0, 31.0, 119.0, 32.0), (100.0, 20.0, 120.0, 32.0), (float("nan"), 31.0, 119.0, 32.0)):
        with pytest.raises(InvalidInputError, match="bbox"):
            service.blind_spots(city, OWN, EVERYTHING, bbox=box, on=DAY)
    with pytest.raises(InvalidInputError, match="unit"):
        service.blind_spots(city, OWN, EVERYTHING, on=DAY)


def test_status_of_an_empty_and_of_a_filled_database(session: Session) -> None:
    empty = service.status(session, OWN, terminal())
    assert (empty.first_day, empty.last_day, empty.units, empty.grids, empty.patrols, empty.roots) == (
        None, None, 0, 0, 0, [],
    )  # fmt: skip
    world.build(session)
    walk_about(session)
    filled = service.status(session, OWN, terminal())
    assert (filled.first_day, filled.last_day) == (DAY - timedelta(days=27), DAY)
    assert (filled.units, filled.grids, filled.patrols) == (5, 6, 6)
    assert [root.code for root in filled.roots] == [world.CITY]
    assert filled.change_number > empty.change_number
