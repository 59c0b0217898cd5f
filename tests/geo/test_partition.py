"""Faults of a partition found and sized exactly; mending that never guesses."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import GeometryCollection, LineString, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from geo.datum import geodesic_area_m2
from geo.errors import GeometryError
from geo.partition import PartDefect, partition_defects, repair

LON, LAT = 119.97, 31.81
METRE_EAST, METRE_NORTH = 1 / 94_700, 1 / 110_870  # degrees at LAT, near enough


def place(x_m: float, y_m: float) -> tuple[float, float]:
    return LON + x_m * METRE_EAST, LAT + y_m * METRE_NORTH


def land(x_m: float, y_m: float, width_m: float, height_m: float) -> Polygon:
    return box(*place(x_m, y_m), *place(x_m + width_m, y_m + height_m))


def polygon(*points: tuple[float, float]) -> Polygon:
    return Polygon([place(*point) for point in points])


def area_m2(geometry: BaseGeometry) -> float:
    return geodesic_area_m2(geometry)


def by_kind(found: list[PartDefect], kind: str) -> list[PartDefect]:
    return [defect for defect in found if defect.kind == kind]


WHOLE = land(0, 0, 1000, 1000)


def test_parts_that_fit_have_no_fault() -> None:
    parts = [land(0, 0, 500, 1000), land(500, 0, 500, 400), land(500, 400, 500, 600)]
    assert partition_defects(WHOLE, parts) == []


def test_without_parts_the_whole_is_nobodys() -> None:
    (fault,) = partition_defects(WHOLE, [])
    assert (fault.kind, fault.parts, fault.is_sliver) == ("nobodys_land", (), False)
    assert fault.area_m2 == pytest.approx(area_m2(WHOLE))
    assert partition_defects(WHOLE, [Polygon()]) == [fault]


def test_gaps_are_told_apart_and_slivers_kept() -> None:
    parts = [land(0, 0, 499.9, 1000), land(500, 0, 400, 1000)]
    wide, narrow = partition_defects(WHOLE, parts)[:2]
    assert wide.area_m2 + narrow.area_m2 == pytest.approx(area_m2(WHOLE) - sum(map(area_m2, parts)), abs=0.01)
    parts = [land(0, 0, 499.9, 1000), land(500, 0, 500, 1000)]
    (sliver,) = partition_defects(WHOLE, parts)
    assert sliver.is_sliver
    assert sliver.width_m == pytest.approx(0.1, rel=0.01)
    assert sliver.area_m2 == pytest.approx(100, rel=0.01)
    (same,) = partition_defects(WHOLE, parts, sliver_width_m=0.05)
    assert not same.is_sliver


def test_a_strip_two_centimetres_wide_is_still_told() -> None:
    (sliver,) = partition_defects(WHOLE, [land(0, 0, 999.98, 1000)])
    assert sliver.area_m2 == pytest.approx(20, rel=0.02)


def test_overlaps_name_both_parts() -> None:
    parts = [land(0, 0, 600, 1000), land(500, 0, 500, 1000), Polygon(), land(900, 0, 100, 100)]
    first, second = partition_defects(WHOLE, parts)
    assert (first.kind, first.parts, second.kind, second.parts) == ("overlap", (0, 1), "overlap", (1, 3))
    assert first.area_m2 == pytest.approx(100_000, rel=1e-3)
    assert second.area_m2 == pytest.approx(10_000, rel=1e-3)


def test_the_same_part_twice_is_one_overlap_of_all_of_it() -> None:
    (fault,) = partition_defects(WHOLE, [WHOLE, WHOLE])
    assert fault.kind == "overlap"
    assert fault.area_m2 == pytest.approx(area_m2(WHOLE))


def test_land_outside_names_its_part() -> None:
    (fault,) = partition_defects(WHOLE, [land(-50, 0, 1050, 1000)])
    assert (fault.kind, fault.parts) == ("outside", (0,))
    assert fault.area_m2 == pytest.approx(50_000, rel=1e-3)


def test_a_hole_in_a_part_is_nobodys_until_it_is_filled() -> None:
    ring = Polygon(WHOLE.exterior.coords, [land(300, 300, 100, 100).exterior.coords])
    (fault,) = partition_defects(WHOLE, [ring])
    assert fault.area_m2 == pytest.approx(10_000, rel=1e-3)
    assert partition_defects(WHOLE, [ring, land(300, 300, 100, 100)]) == []


def test_kinds_in_order_and_largest_first() -> None:
    parts = [land(-10, 0, 500, 1000), land(480, 0, 300, 1000), land(800, 0, 300, 1000)]
    found = partition_defects(WHOLE, parts)
    assert [defect.kind for defect in found] == ["nobodys_land", "overlap", "outside", "outside"]
    assert [defect.parts for defect in by_kind(found, "outside")] == [(2,), (0,)]


points = st.tuples(st.floats(-500, 1500), st.floats(-500, 1500))
triangles = st.lists(points, min_size=3, max_size=3).map(lambda p: polygon(*p)).filter(lambda p: area_m2(p) > 1)
lands = st.one_of(
    triangles,
    st.builds(land, st.floats(-300, 900), st.floats(-300, 900), st.floats(1, 900), st.floats(1, 900)),
)


@settings(deadline=None, max_examples=60)
@given(triangles, lands, lands)
def test_areas_make_up_the_whole(whole: Polygon, first: Polygon, second: Polygon) -> None:
    found = partition_defects(whole, [first, second])
    gaps, overlaps, outside = (
        sum(defect.area_m2 for defect in by_kind(found, kind)) for kind in ("nobodys_land", "overlap", "outside")
    )
    twice_outside = area_m2(first.intersection(second).difference(whole))
    made_up = area_m2(first) + area_m2(second) - overlaps - outside + twice_outside + gaps
    assert made_up == pytest.approx(area_m2(whole), abs=0.1, rel=1e-9)


@settings(deadline=None, max_examples=20)
@given(st.lists(points, min_size=3, max_size=12))
def test_a_division_into_cells_has_no_fault_worth_a_square_metre(seeds: list[tuple[float, float]]) -> None:
    cloud = shapely.MultiPoint([place(*seed) for seed in seeds])
    cells = shapely.voronoi_polygons(cloud, extend_to=WHOLE)
    parts = [part for cell in cells.geoms if (part := cell.intersection(WHOLE)).area > 0]
    assert sum(defect.area_m2 for defect in partition_defects(WHOLE, parts)) < 1


def test_geometries_without_area_are_refused() -> None:
    line = LineString([place(0, 0), place(1, 1)])
    for whole, parts in ((line, []), (WHOLE, [line]), (Polygon(), [WHOLE]), (WHOLE, [Point(LON, LAT)])):
        with pytest.raises(GeometryError):
            partition_defects(whole, parts)


def test_invalid_rings_are_sized_all_the_same() -> None:
    bow_tie = polygon((0, 0), (1000, 1000), (1000, 0), (0, 1000))
    found = partition_defects(WHOLE, [bow_tie])
    assert [defect.kind for defect in found] == ["nobodys_land", "nobodys_land"]
    assert sum(defect.area_m2 for defect in found) == pytest.approx(area_m2(WHOLE) / 2, rel=1e-3)


def test_valid_geometries_come_back_without_a_note() -> None:
    doubled = polygon((0, 0), (0, 0), (100, 0), (100, 100), (100, 100), (0, 100))
    for geometry in (WHOLE, MultiPolygon([WHOLE, land(2000, 0, 10, 10)]), shapely.force_3d(WHOLE), doubled):
        mended, note = repair(geometry)
        assert note is None
        assert mended.is_valid
        assert not mended.has_z
        assert area_m2(mended) == pytest.approx(area_m2(geometry))
    assert len(repair(doubled)[0].exterior.coords) == 5


def test_a_spike_is_cut_off() -> None:
    spiked = polygon((0, 0), (100, 0), (100, 100), (50, 100), (50, 200), (50, 100), (0, 100))
    mended, note = repair(spiked)
    assert note is not None
    assert note.reason == "self_intersection"
    assert note.at == pytest.approx(place(50, 200))
    assert mended.is_valid
    assert area_m2(mended) == pytest.approx(note.area_after_m2) == pytest.approx(note.area_before_m2)


def test_a_slip_of_the_pen_is_mended() -> None:
    slip = polygon((0, 0), (1000, 0), (1000, 1000), (500, 1000), (505, 1005), (500, 1005), (505, 1000), (0, 1000))
    mended, note = repair(slip)
    assert note is not None
    assert mended.is_valid
    assert abs(note.area_after_m2 - note.area_before_m2) < 50


def test_lines_beside_polygons_are_dropped_with_a_note() -> None:
    mended, note = repair(GeometryCollection([WHOLE, LineString([place(0, 0), place(-9, -9)])]))
    assert mended.equals(WHOLE)
    assert note is not None
    assert note.reason == "no_polygon"


def test_pieces_side_by_side_become_one() -> None:
    mended, note = repair(MultiPolygon([land(0, 0, 10, 10), land(10, 0, 10, 10)]))
    assert note is not None
    assert mended.geom_type == "Polygon"


@pytest.mark.parametrize(
    "geometry",
    [
        polygon((0, 0), (100, 100), (100, 0), (0, 100)),  # bow-tie
        MultiPolygon([land(0, 0, 100, 100), land(50, 0, 100, 100)]),  # overlapping pieces
        MultiPolygon([land(0, 0, 100, 100), land(20, 20, 50, 50)]),  # a hole drawn as a piece
        Polygon(land(0, 0, 100, 100).exterior.coords, [land(200, 0, 50, 50).exterior.coords]),  # a hole outside
    ],
)
def test_what_was_meant_is_not_guessed(geometry: BaseGeometry) -> None:
    with pytest.raises(GeometryError) as refusal:
        repair(geometry)
    facts = refusal.value.facts
    assert facts["reason"]
    assert facts["at"]
    assert facts["area_before_m2"] != facts["area_after_m2"]


@pytest.mark.parametrize(
    "geometry",
    [Polygon(), polygon((0, 0), (50, 50), (100, 100)), LineString([(0, 0), (1, 1)]), Point(1, 1), GeometryCollection()],
)
def test_no_area_is_refused(geometry: BaseGeometry) -> None:
    with pytest.raises(GeometryError):
        repair(geometry)


@settings(deadline=None, max_examples=60)
@given(st.lists(points, min_size=3, max_size=8))
def test_what_is_mended_is_valid_and_keeps_its_area(ring: list[tuple[float, float]]) -> None:
    drawn = polygon(*ring)
    try:
        mended, note = repair(drawn)
    except GeometryError:
        assert not drawn.is_valid or area_m2(drawn) < 0.01
        return
    assert mended.is_valid
    assert isinstance(mended, (Polygon, MultiPolygon))
    assert area_m2(mended) == pytest.approx(area_m2(drawn), rel=0.0101)
    assert (note is None) == drawn.is_valid
    assert np.isfinite(area_m2(mended))
