"""Villages and grids of the demo tile their parents exactly, but for the faults planted on purpose."""

from itertools import combinations

import numpy as np
import pytest
import shapely

from demo.grids import FEWEST, MOST, grids_of, short_name
from demo.plan import Plan
from demo.plane import Plane
from demo.sources import Place, counties, lakes, official_names, points
from demo.territory import DETAILED_COUNTIES, Unit, all_units, towns_and_villages
from demo.tessellation import cells_of

UNITS = all_units()
ONE_SQUARE_CM = 1e-4


def area_m2(geometry: shapely.Geometry) -> float:
    return 0.0 if geometry.is_empty else float(Plane.around(geometry).metric(geometry).area)


def children(code: str) -> list[Unit]:
    return [unit for unit in UNITS if unit.parent_code == code]


@pytest.mark.parametrize("county", DETAILED_COUNTIES)
def test_villages_and_towns_tile_their_county_with_shared_edges(county: str) -> None:
    polygon = counties()[county][1]
    towns = children(county)
    villages = [village for town in towns for village in children(town.code)]
    for parts in (towns, villages):
        shapes = [part.geometry for part in parts]
        assert shapely.coverage_is_valid(shapes)
        assert area_m2(shapely.union_all(shapes).symmetric_difference(polygon)) < ONE_SQUARE_CM
        assert sum(shape.area for shape in shapes) == pytest.approx(polygon.area, rel=1e-12)


def test_a_town_is_the_union_of_its_villages() -> None:
    towns = [unit for unit in UNITS if unit.level == "town"]
    assert len(towns) == 15
    for town in towns:
        assert shapely.union_all([v.geometry for v in children(town.code)]).equals(town.geometry)


def test_all_real_village_points_of_both_counties_have_a_village_of_the_official_name() -> None:
    villages = {unit.code: unit for unit in UNITS if unit.level == "village"}
    expected = {p.code for p in points() if p.level == "village" and f"{p.code[:6]}000000" in DETAILED_COUNTIES}
    assert len([code for code in expected if code.startswith("320404")]) == 51
    assert set(villages) == expected
    assert villages["320404003014"].name == official_names()["320404003014"] == "月季路社区居民委员会"


def test_only_what_was_made_up_is_called_generated() -> None:
    assert {unit.level for unit in UNITS if not unit.generated} == {"city", "county"}
    assert {unit.level for unit in UNITS if unit.generated} == {"town", "village"}
    assert [unit.name for unit in UNITS if unit.parent_code is None] == ["常州市"]


def test_counties_without_details_have_no_children() -> None:
    bare = [code for code in counties() if code not in DETAILED_COUNTIES]
    assert len(bare) == 4
    assert not any(children(code) for code in bare)


def test_points_outside_the_county_are_left_out_and_lonely_towns_get_a_cell() -> None:
    square = shapely.box(120.0, 31.7, 120.1, 31.8)
    places = (
        Place("320404001000", "甲街道", "town", 120.02, 31.75),
        Place("320404001001", "一社区", "village", 120.02, 31.74),
        Place("320404001002", "二社区", "village", 120.02, 31.74),
        Place("320404001003", "远社区", "village", 121.00, 31.74),
        Place("320404002000", "乙街道", "town", 120.08, 31.76),
    )
    made = {unit.code: unit for unit in towns_and_villages("320404000000", square, places)}
    assert set(made) == {"320404001000", "320404001001", "320404001002", "320404002000"}
    towns = [made["320404001000"].geometry, made["320404002000"].geometry]
    assert shapely.union_all(towns).area == pytest.approx(square.area, rel=1e-12)
    assert made["320404001002"].geometry.area > 0


def test_a_region_with_a_bend_is_cut_into_whole_pieces() -> None:
    ring = shapely.Point(120.0, 31.8).buffer(0.05).difference(shapely.Point(120.0, 31.8).buffer(0.04))
    sites = np.array([[119.955, 31.8], [120.045, 31.801], [120.0, 31.845], [120.001, 31.755]])
    cells = cells_of(ring, sites)
    assert all(cell.covers(shapely.Point(site)) for cell, site in zip(cells, sites, strict=True))
    assert sum(cell.area for cell in cells) == pytest.approx(ring.area, rel=1e-12)


def test_grids_tile_every_village_but_for_the_planted_faults(plan: Plan) -> None:
    faulty = {code[:12] for code in plan.scene.faults.codes()}
    by_village: dict[str, list[shapely.Geometry]] = {}
    for grid in plan.scene.grids:
        by_village.setdefault(grid.unit_code, []).append(grid.geometry)
    villages = {unit.code: unit for unit in plan.units}
    assert len([code for code in by_village if code.startswith("320404")]) == 51
    for code, grids in by_village.items():
        if code not in faulty:
            assert shapely.coverage_is_valid(grids), code
            left = villages[code].geometry.symmetric_difference(shapely.union_all(grids))
            assert area_m2(left) < ONE_SQUARE_CM
    assert 380 <= len(plan.scene.grids) <= 440


def test_the_planted_faults_are_where_the_plan_says(plan: Plan) -> None:
    grids = {grid.code: grid for grid in plan.scene.grids}
    faults = plan.scene.faults
    village = next(unit for unit in plan.units if unit.code == faults.gap[:12])
    own = [grid.geometry for grid in plan.scene.grids if grid.unit_code == village.code]
    assert area_m2(village.geometry.difference(shapely.union_all(own))) > 5_000
    wide, under = (grids[code].geometry for code in faults.overlap)
    assert area_m2(wide.intersection(under)) > 5_000
    shaved, beside = (grids[code].geometry for code in faults.sliver)
    assert not shaved.intersects(beside)
    plane = Plane.around(shaved)
    assert plane.metric(shaved).distance(plane.metric(beside)) == pytest.approx(1.5, abs=0.05)
    assert {grid.code for grid in grids.values() if grid.officer_code is None} == set(faults.no_officer)
    endless = {grid.code for grid in grids.values() if grid.risk is None and grid.cycle_days is None}
    assert endless == set(faults.no_cycle)
    for a, b in combinations([g for g in grids.values() if g.unit_code == faults.overlap[0][:12]], 2):
        meets = area_m2(a.geometry.intersection(b.geometry)) if a.geometry.intersects(b.geometry) else 0.0
        assert (meets > 1) == ({a.code, b.code} == set(faults.overlap))


def test_grids_carry_their_villages_code_and_fictitious_officers(plan: Plan) -> None:
    for grid in plan.scene.grids:
        assert grid.code.startswith(grid.unit_code)
        assert len(grid.code) == 15
        if grid.officer_code is not None:
            assert grid.officer_name is not None
            assert grid.officer_name.startswith("演示")
            assert grid.officer_phone is not None
            assert grid.officer_phone.startswith("000")
    assert {grid.risk for grid in plan.scene.grids} == {"high", "medium", "low", None}


def test_a_village_is_cut_the_same_way_every_time() -> None:
    village = next(unit for unit in UNITS if unit.code == "320404001002")
    first, second = grids_of(village, 7), grids_of(village, 7)
    assert [g.geometry.wkb for g in first] == [g.geometry.wkb for g in second]
    assert [g.geometry.wkb for g in grids_of(village, 8)] != [g.geometry.wkb for g in first]
    assert FEWEST <= len(first) <= MOST


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("新农社区居委会", "新农社区"),
        ("月季路社区居民委员会", "月季路社区"),
        ("泰村村委会", "泰村"),
        ("殷村村村委会", "殷村村"),
        ("张桥村委会", "张桥村"),
    ],
)
def test_grid_names_leave_the_committee_out(name: str, short: str) -> None:
    assert short_name(name) == short


def test_lakes_are_cut_to_the_city() -> None:
    found = lakes()
    assert [name for name, _ in found][:1] == ["Ge Hu"]
    assert len(found) == 3
    city = next(unit for unit in UNITS if unit.level == "city").geometry
    assert all(area_m2(lake.difference(city)) < 1 for _, lake in found)
