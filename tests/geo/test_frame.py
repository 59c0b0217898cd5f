"""The cell frame against PROJ: positions, cell sizes and areas, and what happens at its borders."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod, Transformer

from geo.errors import GeometryError
from geo.frame import (
    CELLS_PER_AXIS,
    MAX_LAT,
    TILE_SIZE,
    TILES_PER_AXIS,
    TileKey,
    cell_of,
    cell_size_m,
    row_area_cm2,
    tile_bounds,
    tile_row_area_cm2,
    tiles_in_bounds,
    to_cells,
    to_lonlat,
)

WGS84 = Geod(ellps="WGS84")
LATITUDES = [0.0, 31.8, 60.0, 84.9, -33.5, -80.0]
lons = st.floats(-180, 180)
lats = st.floats(-MAX_LAT, MAX_LAT)


@given(lons, lats)
@settings(deadline=None)
def test_positions_survive_the_way_to_cells_and_back(lon: float, lat: float) -> None:
    back_lon, back_lat = to_lonlat(*to_cells(lon, lat))
    assert back_lon == pytest.approx(lon, abs=1e-10)
    assert back_lat == pytest.approx(lat, abs=1e-10)


def test_cells_are_those_of_web_mercator() -> None:
    lon, lat = np.array([119.97, -70.1, 3.0]), np.array([31.81, -33.0, 84.0])
    x, y = Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True).transform(lon, lat)
    u, v = to_cells(lon, lat)
    half_m = np.pi * 6378137.0
    assert u == pytest.approx((x / half_m + 1) / 2 * CELLS_PER_AXIS, abs=1e-6)
    assert v == pytest.approx((1 - y / half_m) / 2 * CELLS_PER_AXIS, abs=1e-6)


def test_nothing_in_gives_nothing_out() -> None:
    u, v = to_cells([], [])
    assert u.size == v.size == 0


@pytest.mark.parametrize(("lon", "lat"), [(0, 85.06), (0, -90), (np.nan, 0), (0, np.nan), (np.inf, 0)])
def test_positions_without_a_cell_are_refused(lon: float, lat: float) -> None:
    with pytest.raises(GeometryError):
        to_cells(lon, lat)


@pytest.mark.parametrize("lat", LATITUDES)
def test_a_cell_measures_what_the_ellipsoid_says(lat: float) -> None:
    u, v = to_cells(119.97, lat)
    west, north = to_lonlat(u - 0.5, v - 0.5)
    east, south = to_lonlat(u + 0.5, v + 0.5)
    width_m, height_m = cell_size_m(lat)
    assert width_m == pytest.approx(WGS84.inv(west, lat, east, lat)[2], rel=1e-6)
    assert height_m == pytest.approx(WGS84.inv(119.97, north, 119.97, south)[2], rel=1e-6)


@pytest.mark.parametrize("lat", LATITUDES)
def test_rows_of_a_tile_add_up_to_its_area_on_the_ellipsoid(lat: float) -> None:
    key, _, _ = cell_of(119.97, lat)
    west, south, east, north = tile_bounds(key)
    across = np.linspace(west, east, 257)
    ring_lon = np.concatenate([across, across[::-1]])
    ring_lat = np.concatenate([np.full(257, south), np.full(257, north)])
    exact_m2, _ = WGS84.polygon_area_perimeter(ring_lon, ring_lat)
    half_a_cm2_a_cell_m2 = TILE_SIZE * TILE_SIZE * 0.5e-4
    assert tile_row_area_cm2(key.y).sum() * TILE_SIZE / 1e4 == pytest.approx(exact_m2, abs=half_a_cm2_a_cell_m2)


def test_row_areas_are_alike_north_and_south_and_cannot_be_changed() -> None:
    rows = np.array([0, 1_000_000, CELLS_PER_AXIS // 2 - 1])
    assert (row_area_cm2(rows) == row_area_cm2(CELLS_PER_AXIS - 1 - rows)).all()
    with pytest.raises(ValueError, match="read-only"):
        tile_row_area_cm2(5)[0] = 1


@given(lons, lats)
@settings(deadline=None)
def test_a_position_lies_in_the_tile_of_its_cell(lon: float, lat: float) -> None:
    key, row, column = cell_of(lon, lat)
    west, south, east, north = tile_bounds(key)
    assert 0 <= row < TILE_SIZE
    assert 0 <= column < TILE_SIZE
    assert 0 <= key.x < TILES_PER_AXIS
    assert 0 <= key.y < TILES_PER_AXIS
    assert south - 1e-9 <= lat <= north + 1e-9
    assert -1e-9 <= (lon - west + 180) % 360 - 180 <= east - west + 1e-9


def test_both_sides_of_the_antimeridian_are_the_same_cell() -> None:
    assert cell_of(180.0, 10.0) == cell_of(-180.0, 10.0)
    assert cell_of(179.999999, 10.0)[0].x == TILES_PER_AXIS - 1


def test_the_frame_s_corners_have_cells() -> None:
    assert cell_of(-180.0, MAX_LAT) == (TileKey(0, 0), 0, 0)
    last = TILE_SIZE - 1
    assert cell_of(179.9999999, -MAX_LAT) == (TileKey(TILES_PER_AXIS - 1, TILES_PER_AXIS - 1), last, last)


def test_tiles_of_a_box_are_those_of_its_positions() -> None:
    tiles = tiles_in_bounds(119.90, 31.75, 119.99, 31.80)
    assert tiles == sorted(tiles)
    assert {cell_of(lon, lat)[0] for lon in (119.90, 119.95, 119.99) for lat in (31.75, 31.78, 31.80)} <= set(tiles)
    columns, rows = {key.x for key in tiles}, {key.y for key in tiles}
    assert len(tiles) == len(columns) * len(rows)


def test_a_box_beyond_the_frame_is_cut_to_it() -> None:
    tiles = tiles_in_bounds(179.995, 84.9, 180.0, 90.0)
    assert min(tiles) == TileKey(TILES_PER_AXIS - 1, 0)
    assert {key.x for key in tiles} == {TILES_PER_AXIS - 1}
