"""Datums: known values, round trips under a centimetre, refusals that say what is suspected; areas and lengths."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS, Geod
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from geo.datum import (
    Datum,
    distance_m,
    from_wgs84,
    geodesic_area_m2,
    geometry_to_wgs84,
    length_m,
    local_metric,
    parse_datum,
    to_wgs84,
)
from geo.errors import DatumError

LON, LAT = 119.974, 31.811  # Changzhou
GEOD = Geod(ellps="WGS84")
in_china = st.tuples(st.floats(74, 134), st.floats(4, 53))
zone_datums = [datum for datum in Datum if datum.value.startswith("EPSG")]


def metres_apart(lon0: float, lat0: float, lon1: float, lat1: float) -> float:
    return float(distance_m(lon0, lat0, lon1, lat1))


@pytest.mark.parametrize(
    ("text", "datum"),
    [
        ("WGS-84", Datum.WGS84),
        ("wgs84", Datum.WGS84),
        ("EPSG:4326", Datum.WGS84),
        ("CGCS 2000", Datum.CGCS2000),
        ("epsg:4490", Datum.CGCS2000),
        ("gcj02", Datum.GCJ02),
        ("BD-09", Datum.BD09),
        ("4549", Datum("EPSG:4549")),
        ("EPSG::4528", Datum("EPSG:4528")),
    ],
)
def test_names_people_write(text: str, datum: Datum) -> None:
    assert parse_datum(text) is datum


@pytest.mark.parametrize("text", ["", "Xian-80", "EPSG:4555", "EPSG:4512", "EPSG:3857"])
def test_unknown_datum_lists_the_known(text: str) -> None:
    with pytest.raises(DatumError) as refusal:
        parse_datum(text)
    assert refusal.value.facts["known"] == ["WGS-84", "CGCS2000", "GCJ-02", "BD-09", "EPSG:4513...EPSG:4554"]


# Published with eviltransform's tests: WGS-84 and GCJ-02 of Shanghai, Shenzhen, Beijing.
@pytest.mark.parametrize(
    ("wgs", "gcj"),
    [
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    ],
)
def test_known_gcj02_values(wgs: tuple[float, float], gcj: tuple[float, float]) -> None:
    x, y = from_wgs84(*wgs, Datum.GCJ02)
    assert (float(x), float(y)) == pytest.approx(gcj, abs=1e-6)  # 0.1 m
    lon, lat = to_wgs84(*gcj, Datum.GCJ02)
    assert metres_apart(float(lon), float(lat), *wgs) < 0.2


def test_gcj02_moves_changzhou_half_a_kilometre_and_nothing_abroad() -> None:
    x, y = from_wgs84(LON, LAT, Datum.GCJ02)
    assert 300 < metres_apart(LON, LAT, float(x), float(y)) < 700
    assert [float(v) for v in from_wgs84(2.35, 48.85, Datum.GCJ02)] == [2.35, 48.85]
    assert [float(v) for v in to_wgs84(2.35, 48.85, Datum.BD09)] == [2.35, 48.85]


@settings(deadline=None, max_examples=60)
@given(st.lists(in_china, min_size=0, max_size=20), st.sampled_from([Datum.GCJ02, Datum.BD09, Datum.CGCS2000]))
def test_round_trip_within_a_centimetre(places: list[tuple[float, float]], datum: Datum) -> None:
    lon, lat = np.array(places, dtype=np.float64).reshape(-1, 2).T
    back_lon, back_lat = to_wgs84(*from_wgs84(lon, lat, datum), datum)
    assert (distance_m(lon, lat, back_lon, back_lat) < 0.01).all()
    there = to_wgs84(lon, lat, datum)
    again = from_wgs84(*there, datum)
    assert (distance_m(lon, lat, *again) < 0.01).all()


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(zone_datums), st.floats(-1.5, 1.5), st.floats(4, 53))
def test_zones_round_trip(datum: Datum, off_meridian: float, lat: float) -> None:
    projection = CRS(datum.value).coordinate_operation
    assert projection is not None
    lon = next(float(p.value) for p in projection.params if p.name == "Longitude of natural origin") + off_meridian
    back = to_wgs84(*from_wgs84(lon, lat, datum), datum)
    assert metres_apart(lon, lat, float(back[0]), float(back[1])) < 0.01


def test_a_known_place_in_a_zone() -> None:
    # On the central meridian: the easting is the false easting, the northing the meridian arc (Geod, independent).
    arc_m = GEOD.line_length([120.0, 120.0], [0.0, LAT])
    x, y = from_wgs84(120.0, LAT, Datum("EPSG:4549"))
    assert (float(x), float(y)) == pytest.approx((500_000, arc_m), abs=0.01)
    x, y = from_wgs84(120.0, LAT, Datum("EPSG:4528"))
    assert (float(x), float(y)) == pytest.approx((40_500_000, arc_m), abs=0.01)


EASTING, NORTHING = 497_540.0, 3_520_870.0


@pytest.mark.parametrize(
    ("x", "y", "datum", "suspected"),
    [
        (LON, LAT, "EPSG:4549", "degrees"),
        (LAT, LON, "EPSG:4549", "degrees"),
        (EASTING, NORTHING, "WGS-84", "metres"),
        (NORTHING, EASTING, "GCJ-02", "metres"),
        (LAT, LON, "WGS-84", "swapped"),
        (LAT, LON, "BD-09", "swapped"),
        (NORTHING, EASTING, "EPSG:4549", "swapped"),
        (NORTHING, 40e6 + EASTING, "EPSG:4528", "swapped"),
        (40e6 + EASTING, NORTHING, "EPSG:4549", "other_zone"),
        (float("nan"), LAT, "WGS-84", "not_finite"),
        (EASTING, float("inf"), "EPSG:4549", "not_finite"),
        (1e9, 1e9, "WGS-84", "out_of_range"),
        (EASTING, -5.0, "EPSG:4549", "out_of_range"),
    ],
)
def test_values_of_another_datum_are_refused(x: float, y: float, datum: str, suspected: str) -> None:
    good = from_wgs84(LON, LAT, Datum(datum))
    with pytest.raises(DatumError) as refusal:
        to_wgs84([float(good[0]), x], [float(good[1]), y], Datum(datum))
    assert refusal.value.facts["suspected"] == suspected
    assert refusal.value.facts["index"] == 1


def test_the_zone_meant_is_suggested() -> None:
    with pytest.raises(DatumError) as refusal:
        to_wgs84(40e6 + EASTING, NORTHING, Datum("EPSG:4549"))
    assert refusal.value.facts["suggested"] == "EPSG:4528"


def test_geometry_keeps_its_shape_and_loses_its_heights() -> None:
    square = box(EASTING, NORTHING, EASTING + 1000, NORTHING + 1000)
    lonlat = geometry_to_wgs84(shapely.force_3d(square, 5.0), Datum("EPSG:4549"))
    assert not lonlat.has_z
    assert geodesic_area_m2(lonlat) == pytest.approx(1e6, rel=1e-5)
    assert geometry_to_wgs84(Polygon(), Datum.GCJ02).is_empty


@settings(deadline=None, max_examples=40)
@given(st.floats(-170, 170), st.floats(-80, 80), st.floats(0.001, 0.2), st.integers(3, 9), st.booleans())
def test_area_agrees_with_geodesics_on_short_edges(
    lon: float, lat: float, size: float, corners: int, clockwise: bool
) -> None:
    angles = np.linspace(0, 2 * np.pi, corners, endpoint=False)[:: -1 if clockwise else 1]
    ring = np.column_stack([lon + size * np.cos(angles), lat + size * np.sin(angles)])
    polygon = Polygon(ring)
    exact = abs(GEOD.geometry_area_perimeter(shapely.segmentize(polygon, size / 500))[0])
    assert geodesic_area_m2(polygon) == pytest.approx(exact, rel=1e-6)


def test_area_of_parts_is_the_area_of_the_whole_across_long_edges() -> None:
    whole = Polygon([(119, 31), (120.5, 31.4), (120.2, 32.5), (119.1, 32.2)])
    left, right = whole.intersection(box(0, 0, 119.7, 60)), whole.intersection(box(119.7, 0, 180, 60))
    assert geodesic_area_m2(left) + geodesic_area_m2(right) == pytest.approx(geodesic_area_m2(whole), abs=0.01)


def test_area_of_holes_pieces_and_nothing() -> None:
    outer, inner = box(119, 31, 119.1, 31.1), box(119.02, 31.02, 119.05, 31.05)
    ring = Polygon(outer.exterior.coords, [inner.exterior.coords])
    expected = geodesic_area_m2(outer) - geodesic_area_m2(inner)
    assert geodesic_area_m2(ring) == pytest.approx(expected)
    assert geodesic_area_m2(MultiPolygon([ring, inner])) == pytest.approx(geodesic_area_m2(outer))
    assert geodesic_area_m2(Polygon()) == 0.0
    assert geodesic_area_m2(MultiPolygon()) == 0.0
    assert geodesic_area_m2(LineString([(0, 0), (1, 1)])) == 0.0


def test_lengths() -> None:
    line = LineString([(119.0, 31.0), (119.01, 31.0), (119.01, 31.01)])
    assert length_m(line) == pytest.approx(GEOD.geometry_length(line))
    square, hole = box(119, 31, 119.01, 31.01), box(119.004, 31.004, 119.006, 31.006)
    ring = Polygon(square.exterior.coords, [hole.exterior.coords])
    assert length_m(ring) == pytest.approx(length_m(square) + length_m(hole))
    assert length_m(MultiPolygon([square])) == pytest.approx(length_m(square.exterior))
    assert length_m(Point(1, 1)) == 0.0
    assert distance_m([0.0, 1.0], 0.0, 0.0, 0.0).shape == (2,)
    assert distance_m([], [], [], []).shape == (0,)


@pytest.mark.parametrize("around", [(LON, LAT), box(LON - 0.01, LAT - 0.01, LON + 0.01, LAT + 0.01)])
def test_local_plane(around: Polygon | tuple[float, float]) -> None:
    plane = local_metric(around)
    line = LineString([(LON, LAT), (LON + 0.004, LAT + 0.003)])
    assert plane.to_metric(line).length == pytest.approx(length_m(line), rel=1e-6)
    assert shapely.equals_exact(plane.to_lonlat(plane.to_metric(line)), line, 1e-9)
    assert math.hypot(*plane.to_metric(Point(LON, LAT)).coords[0]) < 0.01
