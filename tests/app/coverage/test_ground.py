"""Ground left out: for each grid and reason one row; together exactly what is not covered."""

from collections import defaultdict
from datetime import date, timedelta

import pytest
import shapely
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from app.coverage import ground, service
from app.omitted import Omitted
from app.scope import EVERYTHING, NOTHING, Scope
from app.settings import Settings
from geo.frame import tile_row_area_cm2
from geo.shares import Share
from tests.app.coverage import world

DAY = date(2025, 6, 20)
CITY_PATH = world.CITY
VILLAGE_PATHS = [f"{world.CITY}.{world.COUNTY}.{world.TOWN}.{code}" for code in world.VILLAGES]
GRID = world.grid_code(0, 0)


def ago(days: int) -> date:
    return DAY - timedelta(days=days)


def omissions(session: Session, path: str = CITY_PATH, on: date = DAY, **asked: object) -> list[Omitted]:
    return service.ground_omissions(session, Settings(), EVERYTHING, path, on, **asked)  # type: ignore[arg-type]


def of_grid(session: Session, code: str = GRID, on: date = DAY) -> dict[str, float]:
    """Areas (m2) by kind of one grid."""
    return {each.kind: each.area_m2 or 0.0 for each in omissions(session, on=on) if each.grid_code == code}


def adds_up(session: Session, on: date = DAY) -> bool:
    """Whether the rows of every grid are its uncovered ground, the counts say the same, and so do the shares."""
    listed = omissions(session, on=on, limit=10_000)
    by_grid: dict[str, float] = defaultdict(float)
    declared: dict[str, float] = defaultdict(float)
    for each in listed:
        (declared if each.kind == "ground_declared" else by_grid)[each.grid_code or ""] += each.area_m2 or 0.0
    for village in (0, 1):
        for column in range(world.COLUMNS):
            code = world.grid_code(village, column)
            shares = service.grid_shares(session, Settings(), code, None, on)
            blind_cm2 = shares.stale_cm2 + shares.never_seen_cm2
            assert round(by_grid[code] * 1e4) == blind_cm2
            assert round(declared[code] * 1e4) == shares.area_cm2(Share.DECLARED)
    summed: dict[tuple[str, str | None], list[float]] = defaultdict(lambda: [0, 0.0])
    for each in listed:
        summed[each.kind, each.unit_path][0] += 1
        summed[each.kind, each.unit_path][1] += each.area_m2 or 0.0
    counted = service.ground_counts(session, Settings(), EVERYTHING, CITY_PATH, on)
    assert {(each.kind, each.unit_path): each.number for each in counted} == {
        key: number for key, (number, _) in summed.items()
    }
    for count in counted:
        assert count.area_m2 == pytest.approx(summed[count.kind, count.unit_path][1], abs=1e-3)
    return True


def test_what_nobody_went_near_is_never(city: Session) -> None:
    rows = omissions(city)
    assert {row.kind for row in rows} == {"ground_never"}
    assert [row.subject for row in rows] == [f"grid:{world.grid_code(v, c)}" for v in (0, 1) for c in range(3)]
    first = rows[0]
    assert (first.name, first.unit_path, first.since) == (f"网格{GRID}", VILLAGE_PATHS[0], None)
    assert first.lon is not None
    assert first.lat is not None
    assert world.grid_box(0, 0).contains(shapely.Point(first.lon, first.lat))
    assert first.page.startswith(f"/?grid={GRID}&point={first.lon:.6f},{first.lat:.6f}&map=17.00/")
    assert adds_up(city)


def test_what_fell_out_of_its_cycle_is_stale_since_that_day(city: Session) -> None:
    world.take_in(city, world.whole_grid(0, 0, ago(20)))
    found = of_grid(city)
    assert set(found) == {"ground_stale"}
    (row,) = omissions(city, kinds=["ground_stale"], limit=1)
    assert row.since == ago(5), "seen 20 days ago in a cycle of 15"
    assert of_grid(city, on=ago(6)) == {}
    assert adds_up(city)


@pytest.mark.parametrize("reason", ["too_fast", "weak", "gap"])
def test_what_was_passed_in_the_cycle_is_so_for_its_reason(city: Session, reason: str) -> None:
    before, way = of_grid(city)["ground_never"], world.through(0, 0, ago(3))
    world.pass_by(city, reason, way)
    found = of_grid(city)
    assert set(found) == {"ground_never", f"ground_{reason}"}
    assert sum(found.values()) == pytest.approx(before)
    passed_cm2 = sum(int(look.cells.sum(axis=1) @ tile_row_area_cm2(look.key.y)) for look in world.looks_of([way]))
    assert round(found[f"ground_{reason}"] * 1e4) == passed_cm2
    assert adds_up(city)
    (row,) = omissions(city, kinds=[f"ground_{reason}"])
    assert row.lon is not None
    assert row.lat is not None
    assert shapely.Point(row.lon, row.lat).distance(shapely.LineString([way.start, way.end])) < 1e-4


def test_a_passing_does_not_outlive_the_cycle_nor_come_before_its_day(city: Session) -> None:
    world.pass_by(city, "gap", world.through(0, 0, ago(14)), world.through(0, 0, ago(16), 0.8))
    assert "ground_gap" in of_grid(city)
    assert "ground_gap" not in of_grid(city, on=DAY + timedelta(days=1))
    assert "ground_gap" not in of_grid(city, on=ago(17))
    assert "ground_gap" in of_grid(city, on=ago(16))


def test_of_several_reasons_the_first_in_order_is_given(city: Session) -> None:
    world.take_in(city, world.whole_grid(0, 0, ago(30)))
    for days, reason in enumerate(("gap", "weak", "too_fast")):
        world.pass_by(city, reason, world.through(0, 0, ago(days)))
    found = of_grid(city)
    assert set(found) == {"ground_stale", "ground_too_fast"}
    assert adds_up(city)


def test_what_is_seen_is_not_left_out_whoever_drove_past(city: Session) -> None:
    world.take_in(city, world.whole_grid(0, 0, ago(2)))
    world.pass_by(city, "too_fast", world.through(0, 0, ago(1)))
    assert of_grid(city) == {}
    assert adds_up(city)


def test_what_was_only_marked_by_hand_is_told_apart(city: Session) -> None:
    world.take_in(city, world.whole_grid(0, 0, ago(2)), kind="declared")
    assert set(of_grid(city)) == {"ground_declared"}
    world.take_in(city, world.through(0, 0, ago(1)))
    less = of_grid(city)
    assert set(less) == {"ground_declared"}
    world.pass_by(city, "weak", world.through(0, 0, ago(1), 0.1))
    assert of_grid(city) == less, "what was marked is covered, though by hand"
    assert adds_up(city)


def test_voiding_takes_the_passing_back(city: Session) -> None:
    before = of_grid(city)
    patrol_id = world.pass_by(city, "too_fast", world.through(0, 0, ago(3)))
    assert of_grid(city) != before
    world.void(city, patrol_id)
    assert of_grid(city) == before
    assert city.execute(text("SELECT bool_and(withdrawn) FROM passing")).scalar_one(), "the record stays"


def test_water_and_closed_places_are_not_left_out(city: Session) -> None:
    world.add_exclusion(city, "X", "excluded", world.grid_box(0, 0))
    world.add_exclusion(city, "Y", "inaccessible", world.grid_box(0, 1))
    service.repaint(city, world.city_box(), ago(40))
    world.pass_by(city, "too_fast", world.across(0, ago(1)))
    assert of_grid(city) == of_grid(city, world.grid_code(0, 1)) == {}
    assert set(of_grid(city, world.grid_code(0, 2))) == {"ground_never", "ground_too_fast"}
    assert adds_up(city)


def test_rows_come_in_pages_and_by_kind(city: Session) -> None:
    world.pass_by(city, "gap", world.across(0, ago(1)))
    everything = omissions(city)
    assert [each.kind for each in everything] == ["ground_gap"] * 3 + ["ground_never"] * 6
    assert [omissions(city, limit=4, skip=skip) for skip in (0, 4, 8, 12)] == [
        everything[:4], everything[4:8], everything[8:], [],
    ]  # fmt: skip
    assert omissions(city, kinds=["ground_gap"]) == everything[:3]
    assert omissions(city, kinds=[]) == omissions(city, kinds=["overlap"]) == []


def test_nothing_outside_the_unit_or_the_scope_is_told(city: Session) -> None:
    assert {row.unit_path for row in omissions(city, VILLAGE_PATHS[1])} == {VILLAGE_PATHS[1]}
    one = Scope(unit_paths=(VILLAGE_PATHS[0],))
    settings = Settings()
    assert {each.unit_path for each in service.ground_omissions(city, settings, one, CITY_PATH, DAY)} == {
        VILLAGE_PATHS[0]
    }
    assert {each.unit_path for each in service.ground_counts(city, settings, one, CITY_PATH, DAY)} == {VILLAGE_PATHS[0]}
    assert service.ground_counts(city, settings, NOTHING, CITY_PATH, DAY) == []


def test_each_grid_goes_by_its_own_cycle(city: Session) -> None:
    city.execute(text("UPDATE grid SET cycle_days = 3 WHERE code = :code"), {"code": GRID})
    world.pass_by(city, "weak", world.across(0, ago(5)))
    assert "ground_weak" not in of_grid(city)
    assert "ground_weak" in of_grid(city, world.grid_code(0, 1))
    assert adds_up(city)


def test_blind_spots_tell_how_much_of_them_was_passed(city: Session) -> None:
    def spots() -> dict[str, dict[str, float]]:
        found = service.blind_spots(city, Settings(), EVERYTHING, world.CITY, on=DAY)
        return {each["properties"]["grid_code"]: each["properties"]["passed_m2"] for each in found.features}

    assert spots() == {world.grid_code(v, c): {} for v in (0, 1) for c in range(3)}
    world.pass_by(city, "gap", world.across(0, ago(1)))
    patrol_id = world.pass_by(city, "too_fast", world.through(0, 1, ago(2)))
    told = spots()
    for code, passed_m2 in told.items():
        rows = {each.kind: each.area_m2 or 0.0 for each in omissions(city) if each.grid_code == code}
        assert {f"ground_{reason}": area for reason, area in passed_m2.items()} == pytest.approx(
            {kind: area for kind, area in rows.items() if kind != "ground_never"}, abs=0.06
        )
    assert set(told[world.grid_code(0, 1)]) == {"too_fast", "gap"}
    world.void(city, patrol_id)
    assert set(spots()[world.grid_code(0, 1)]) == {"gap"}


def test_what_was_looked_into_ahead_is_not_read_again(city: Session) -> None:
    """Whoever asks first on a day waits no longer than the next one."""
    world.pass_by(city, "too_fast", world.through(0, 0, ago(3)))
    world.pass_by(city, "weak", world.through(1, 1, ago(2)))
    assert ground.look_into(city, Settings(), DAY) >= 2  # neighbours share tiles
    read: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        read.append(statement)

    engine = city.connection().engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        counted = service.ground_counts(city, Settings(), EVERYTHING, CITY_PATH, DAY)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert {"ground_too_fast", "ground_weak"} <= {each.kind for each in counted}
    assert not [statement for statement in read if ".cells" in statement]
    assert adds_up(city)
