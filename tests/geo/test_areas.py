"""Areas drawn by hand: exactly the cells whose centre lies inside."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.areas import area_cells
from geo.errors import GeometryError
from geo.frame import TILE_SIZE, TileKey, tile_bounds, to_lonlat
from geo.zones import tiles_of

STEP = 1e-5


@st.composite
def areas(draw: st.DrawFn) -> shapely.Geometry:
    """Stars around a place near a corner of four tiles, some with a hole, some in two parts."""
    east, _, _, north = tile_bounds(TileKey(27303, 13327))
    count = draw(st.integers(3, 12))
    radii = draw(st.lists(st.integers(2, 120), min_size=count, max_size=count))
    turn = np.linspace(0, 2 * np.pi, count, endpoint=False) + draw(st.floats(0, 1))
    middle = np.array([east, north]) + np.array(draw(st.tuples(st.integers(-90, 90), st.integers(-90, 90)))) * STEP
    points = middle + np.column_stack([np.cos(turn), np.sin(turn)]) * np.array(radii)[:, None] * STEP
    star = shapely.make_valid(shapely.Polygon(points))
    if draw(st.booleans()):
        star = star.difference(shapely.Point(middle).buffer(draw(st.integers(1, 40)) * STEP))
    if draw(st.booleans()):
        star = shapely.union_all([star, shapely.affinity.translate(star, 300 * STEP)])
    return star


@settings(deadline=None, max_examples=60)
@given(areas())
def test_cells_are_those_whose_centre_is_inside(area: shapely.Geometry) -> None:
    found = area_cells(area)
    for tile in tiles_of(area):
        column, row = np.meshgrid(np.arange(TILE_SIZE), np.arange(TILE_SIZE))
        lon, lat = to_lonlat(tile.x * TILE_SIZE + column + 0.5, tile.y * TILE_SIZE + row + 0.5)
        cells = found.get(tile, np.zeros((TILE_SIZE, TILE_SIZE), dtype=np.bool_))
        differing = cells != shapely.contains_xy(area, lon, lat)
        # A centre on the edge itself belongs to one side by rounding alone.
        centres = shapely.points(lon[differing], lat[differing])
        assert (shapely.distance(area.boundary, centres) < 1e-11).all()
    assert found.keys() <= set(tiles_of(area))
    assert all(cells.any() for cells in found.values())


def test_an_area_too_thin_for_a_centre_has_no_cells() -> None:
    west, south, _, _ = tile_bounds(TileKey(27303, 13327))
    assert area_cells(shapely.box(west + 1e-6, south + 1e-6, west + 5e-4, south + 3e-6)) == {}
    assert area_cells(shapely.Polygon()) == {}


def test_two_areas_that_share_an_edge_share_no_cell_and_leave_none() -> None:
    left, right = shapely.box(119.97, 31.81, 119.971, 31.811), shapely.box(119.971, 31.81, 119.972, 31.811)
    both = area_cells(shapely.union_all([left, right]))
    apart = [area_cells(left), area_cells(right)]
    for tile, cells in both.items():
        parts = [part.get(tile, np.zeros_like(cells)) for part in apart]
        assert not (parts[0] & parts[1]).any()
        assert ((parts[0] | parts[1]) == cells).all()


def test_what_is_off_the_frame_is_refused() -> None:
    with pytest.raises(GeometryError):
        area_cells(shapely.box(119, 86, 120, 87))
