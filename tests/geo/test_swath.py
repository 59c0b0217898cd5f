"""What a track sees, against shapely in a metric CRS centred on it, at many latitudes and over the antimeridian."""

import numpy as np
import numpy.typing as npt
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod, Transformer
from scipy import ndimage

from geo import daytiles
from geo.errors import GeometryError
from geo.frame import CELLS_PER_AXIS, MAX_LAT, TILE_SIZE, TILES_PER_AXIS, TileKey, cell_of, tile_row_area_cm2, to_lonlat
from geo.swath import Look, looks
from geo.tracks import Segments

WGS84 = Geod(ellps="WGS84")
EDGE_M = 0.05
DAY = 9000


def way(lon: float, lat: float, moves: list[tuple[float, float]], day: int = DAY) -> Segments:
    """Segments from a place by moves of (bearing in degrees, metres)."""
    lons, lats = [lon], [lat]
    for bearing, length_m in moves:
        next_lon, next_lat, _ = WGS84.fwd(lons[-1], lats[-1], bearing, length_m)
        lons.append(next_lon)
        lats.append(next_lat)
    east, north = np.array(lons), np.array(lats)
    return Segments(east[:-1], north[:-1], east[1:], north[1:], np.full(len(moves), day))


def metric(segments: Segments) -> tuple[Transformer, shapely.MultiLineString]:
    """A CRS in metres centred on the segments (azimuthal equidistant), and the segments in it."""
    centre = f"+proj=aeqd +ellps=WGS84 +lon_0={segments.lon0[0]} +lat_0={segments.lat0[0]}"
    to_m = Transformer.from_crs("EPSG:4326", centre, always_xy=True)
    start = np.column_stack(to_m.transform(segments.lon0, segments.lat0))
    end = np.column_stack(to_m.transform(segments.lon1, segments.lat1))
    return to_m, shapely.multilinestrings(shapely.linestrings(np.stack([start, end], axis=1)))


def mosaic(found: list[Look]) -> tuple[int, int, npt.NDArray[np.bool_]]:
    """One picture of all looks with a margin of a tile: global column and row of its corner, and the cells."""
    half = TILES_PER_AXIS // 2
    x = np.array([look.key.x for look in found])
    x = found[0].key.x + (x - found[0].key.x + half) % TILES_PER_AXIS - half
    y = np.array([look.key.y for look in found])
    left, top = x.min() - 1, y.min() - 1
    picture = np.zeros(((y.max() - top + 2) * TILE_SIZE, (x.max() - left + 2) * TILE_SIZE), dtype=np.bool_)
    for look, column, row in zip(found, (x - left) * TILE_SIZE, (y - top) * TILE_SIZE, strict=True):
        picture[row : row + TILE_SIZE, column : column + TILE_SIZE] |= look.cells
    return int(left) * TILE_SIZE, int(top) * TILE_SIZE, picture


def worst_misjudged_m(segments: Segments, half_width_m: float) -> float:
    """How far from the exact edge the worst misjudged cell centre lies; 0 when none is misjudged.

    Looks at every cell two cells around the edge of what was seen, and at a sample of all others.
    """
    left, top, picture = mosaic(looks(segments, half_width_m))
    near = ndimage.binary_dilation(picture, iterations=2) & ~ndimage.binary_erosion(picture, iterations=2)
    near |= np.random.default_rng(1).random(near.shape) < min(1.0, 5000 / near.size)
    rows, columns = np.nonzero(near)
    to_m, lines = metric(segments)
    lon, lat = to_lonlat(columns + left + 0.5, rows + top + 0.5)
    distance_m = shapely.distance(shapely.points(*to_m.transform((lon + 180) % 360 - 180, lat)), lines)
    wrong = picture[rows, columns] != (distance_m <= half_width_m)
    return float(np.abs(distance_m - half_width_m)[wrong].max(initial=0.0))


def folded(parts: list[list[Look]]) -> dict[TileKey, npt.NDArray[np.uint16]]:
    """Day tiles of looks found in parts."""
    tiles: dict[TileKey, npt.NDArray[np.uint16]] = {}
    for look in (look for part in parts for look in part):
        daytiles.add_look(tiles.setdefault(look.key, daytiles.empty()), look.day, look.cells)
    return tiles


def alike(some: dict[TileKey, npt.NDArray[np.uint16]], other: dict[TileKey, npt.NDArray[np.uint16]]) -> bool:
    return some.keys() == other.keys() and all(np.array_equal(some[key], other[key]) for key in some)


bearings = st.floats(0, 360) | st.sampled_from([0.0, 90.0, 180.0, 270.0])
moves = st.lists(st.tuples(bearings, st.sampled_from([0.0, 1e-7, 6.0, 40.0, 150.0])), min_size=1, max_size=8)
places = st.tuples(
    st.sampled_from([119.97, 179.9999, -179.9999, -0.00001]),
    st.sampled_from([0.0, 31.81, 60.0, 84.0, -33.5, -75.0]),
)
half_widths = st.sampled_from([20.0, 30.0, 60.0])


@given(places, moves, half_widths)
@settings(deadline=None, max_examples=80)
def test_no_cell_is_misjudged_off_the_edge(
    place: tuple[float, float], moves: list[tuple[float, float]], half_width_m: float
) -> None:
    assert worst_misjudged_m(way(*place, moves), half_width_m) < EDGE_M


@given(moves, st.integers(0, 1 << 32))
@settings(deadline=None, max_examples=15)
def test_any_place_on_earth_is_judged_alike(moves: list[tuple[float, float]], seed: int) -> None:
    rng = np.random.default_rng(seed)
    place = rng.uniform(-180, 180), rng.uniform(-84.5, 84.5)
    assert worst_misjudged_m(way(*place, moves), 30.0) < EDGE_M


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("lat", [0.0, 31.81, -60.0])
def test_the_area_seen_is_the_exact_buffer_s(lat: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    turns = rng.normal(0, 25, 400).cumsum()
    segments = way(119.97, lat, list(zip(turns, rng.uniform(4, 9, 400), strict=True)))
    _, lines = metric(segments)
    exact_m2 = shapely.union_all(shapely.buffer(lines.geoms, 30.0, quad_segs=64)).area
    seen_cm2 = sum(int(look.cells.sum(axis=1) @ tile_row_area_cm2(look.key.y)) for look in looks(segments, 30.0))
    assert abs(seen_cm2 / 1e4 - exact_m2) < 0.002 * 500_000


@given(moves, places, half_widths, st.data())
@settings(deadline=None, max_examples=30)
def test_any_split_and_any_order_give_the_same_tiles(
    moves: list[tuple[float, float]], place: tuple[float, float], half_width_m: float, data: st.DataObject
) -> None:
    segments = way(*place, moves)
    segments.day[:] = data.draw(st.lists(st.integers(1, 5), min_size=len(moves), max_size=len(moves)))
    order = np.array(data.draw(st.permutations(range(len(moves)))))
    at = data.draw(st.integers(0, len(moves)))
    whole = folded([looks(segments, half_width_m)])
    parts = [looks(segments.take(order[:at]), half_width_m), looks(segments.take(order[at:]), half_width_m)]
    assert alike(whole, folded(parts))
    assert alike(whole, folded([looks(segments.take(order), half_width_m)]))


def test_a_day_s_worth_of_fixes_is_the_sum_of_its_pieces() -> None:
    rng = np.random.default_rng(3)
    segments = way(119.97, 31.81, list(zip(rng.normal(0, 9, 6000).cumsum(), rng.uniform(0, 12, 6000), strict=True)))
    pieces = [looks(segments.take(slice(start, start + 500)), 30.0) for start in range(0, 6000, 500)]
    assert alike(folded([looks(segments, 30.0)]), folded(pieces))


def test_standing_still_sees_a_disc() -> None:
    found = looks(way(119.97, 31.81, [(0.0, 0.0)]), 30.0)
    area_m2 = sum(int(look.cells.sum(axis=1) @ tile_row_area_cm2(look.key.y)) for look in found) / 1e4
    assert area_m2 == pytest.approx(np.pi * 30**2, rel=0.02)
    key, row, column = cell_of(119.97, 31.81)
    assert next(look for look in found if look.key == key).cells[row, column]


def test_a_half_width_below_a_cell_sees_only_centres() -> None:
    lon, lat = to_lonlat(6_987_654.5, 3_456_789.5)
    on_centre = way(float(lon), float(lat), [(0.0, 0.0)])
    assert sum(int(look.cells.sum()) for look in looks(on_centre, 0.01)) == 1
    lon, lat = to_lonlat(6_987_654.0, 3_456_789.0)
    assert looks(way(float(lon), float(lat), [(0.0, 0.0)]), 0.01) == []


def test_looks_are_sorted_and_none_is_empty() -> None:
    corner = to_lonlat(27_000 * TILE_SIZE, 13_000 * TILE_SIZE)
    segments = way(float(corner[0]), float(corner[1]), [(45.0, 100.0), (225.0, 100.0), (315.0, 100.0)])
    segments.day[:] = [9001, 9000, 9001]
    found = looks(segments, 30.0)
    assert [(look.day, look.key) for look in found] == sorted((look.day, look.key) for look in found)
    assert {look.day for look in found} == {9000, 9001}
    assert {look.key for look in found if look.day == 9001} == {
        TileKey(x, y) for x in (26_999, 27_000) for y in (12_999, 13_000)
    }
    assert all(look.cells.any() and look.cells.shape == (TILE_SIZE, TILE_SIZE) for look in found)


@pytest.mark.parametrize(("lon", "bearing"), [(179.9999, 90.0), (-179.9999, 270.0)])
def test_tiles_wrap_at_the_antimeridian(lon: float, bearing: float) -> None:
    found = looks(way(lon, 31.81, [(bearing, 30.0)]), 30.0)
    assert [(look.day, look.key.x) for look in found] == [(DAY, 0), (DAY, TILES_PER_AXIS - 1)]
    assert sum(int(look.cells.sum()) for look in found) < 1000


@pytest.mark.parametrize("sign", [1, -1])
def test_rows_beyond_the_frame_are_dropped(sign: int) -> None:
    found = looks(way(119.97, sign * (MAX_LAT - 1e-9), [(90.0, 20.0)]), 30.0)
    edge = 0 if sign > 0 else TILES_PER_AXIS - 1
    assert {look.key.y for look in found} == {edge}
    rows = np.flatnonzero(np.any([look.cells.any(axis=1) for look in found], axis=0)) + edge * TILE_SIZE
    assert np.array_equal(
        rows, np.arange(rows.size) if sign > 0 else np.arange(CELLS_PER_AXIS - rows.size, CELLS_PER_AXIS)
    )
    assert rows.size * 0.413 == pytest.approx(30, abs=0.5)


def test_no_segments_give_no_looks() -> None:
    assert looks(way(119.97, 31.81, []), 30.0) == []


@pytest.mark.parametrize("half_width_m", [0.0, -1.0, np.nan, np.inf])
def test_a_half_width_must_be_a_positive_number(half_width_m: float) -> None:
    with pytest.raises(GeometryError):
        looks(way(119.97, 31.81, [(0.0, 5.0)]), half_width_m)


def test_segments_outside_the_frame_are_refused() -> None:
    with pytest.raises(GeometryError):
        looks(way(119.97, 85.2, [(0.0, 5.0)]), 30.0)


@pytest.mark.parametrize("count", [1, 32_766, 32_768, 70_000])
def test_standing_for_long_sees_what_standing_sees(count: int) -> None:
    """So many looks at the same few cells that small numbers would run over."""
    still = way(119.97, 31.81, [(0.0, 0.0)])
    many = Segments(
        *(np.repeat(column, count) for column in (still.lon0, still.lat0, still.lon1, still.lat1, still.day))
    )
    (once,), (often,) = looks(still, 3.0), looks(many, 3.0)
    assert once.cells.any()
    assert np.array_equal(once.cells, often.cells)
