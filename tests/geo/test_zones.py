"""Territory on cells: one owner each, sums over the tree exact, cells where shapely says their centre is."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from geo.datum import geodesic_area_m2
from geo.errors import GeometryError, TileError
from geo.frame import TileKey, tile_bounds, to_lonlat
from geo.zones import (
    CLASS_BITS,
    DOMAIN,
    EXCLUDED,
    INACCESSIBLE,
    SHARED,
    ExclusionShape,
    GridShape,
    Mask,
    Painted,
    UnitShape,
    decode_mask,
    encode_mask,
    mask_area_cm2,
    masks_area_cm2,
    paint,
    paint_blocks,
    tiles_of,
)

HOME = TileKey(27303, 13295)  # Changzhou; its neighbours to the east lie in another block (27304 = 8 x 3413)
TILES = [TileKey(HOME.x + i, HOME.y + j) for i in range(2) for j in range(2)]
CORNER = (HOME.x * 256, HOME.y * 256)


def shape(u: float, v: float, w: float, h: float) -> Polygon:
    """A rectangle in cells from the north-west corner of HOME."""
    lon, lat = to_lonlat(CORNER[0] + np.array([u, u + w, u + w, u]), CORNER[1] + np.array([v, v, v + h, v + h]))
    return Polygon(np.column_stack([lon, lat]))


def outline(points: list[tuple[float, float]]) -> Polygon:
    u, v = np.array(points).T
    return Polygon(np.column_stack(to_lonlat(CORNER[0] + u, CORNER[1] + v)))


def mosaic(masks: dict[TileKey, Mask] | None) -> npt.NDArray[np.uint8]:
    whole = np.zeros((512, 512), dtype=np.uint8)
    for tile, mask in (masks or {}).items():
        rows, columns = (tile.y - HOME.y) * 256, (tile.x - HOME.x) * 256
        whole[rows : rows + 256, columns : columns + 256] = mask
    return whole


def centres_in(geometry: BaseGeometry) -> npt.NDArray[np.bool_]:
    lon, lat = to_lonlat(CORNER[0] + np.arange(512) + 0.5, CORNER[1] + np.arange(512) + 0.5)
    shapely.prepare(geometry)
    return np.asarray(shapely.contains_xy(geometry, *np.meshgrid(lon, lat)))


def owned(masks: dict[TileKey, Mask] | None) -> npt.NDArray[np.bool_]:
    whole = mosaic(masks)
    return np.asarray((whole != 0) & (whole & SHARED == 0), dtype=np.bool_)


places = st.tuples(st.floats(3, 509), st.floats(3, 509))
triangles = st.lists(places, min_size=3, max_size=3).map(outline).filter(lambda p: p.area > 0)
rectangles = st.builds(shape, st.floats(0, 400), st.floats(0, 400), st.floats(1, 300), st.floats(1, 300))
polygons = st.one_of(triangles, rectangles)


@settings(deadline=None, max_examples=40)
@given(polygons)
def test_a_cell_is_painted_when_its_centre_is_inside(polygon: Polygon) -> None:
    painted = paint(TILES, [UnitShape("A", None, 0, polygon)], [], [])
    wrong = owned(painted.remainder_masks.get("A")) != centres_in(polygon)
    if wrong.any():  # only ever centres on the edge itself
        v, u = np.nonzero(wrong)
        lon, lat = to_lonlat(CORNER[0] + u + 0.5, CORNER[1] + v + 0.5)
        assert shapely.distance(polygon.exterior, shapely.points(lon, lat)).max() < 1e-11


def test_holes_and_pieces() -> None:
    ring = Polygon(shape(10, 10, 100, 100).exterior.coords, [shape(40, 40, 20, 20).exterior.coords])
    geometry = MultiPolygon([ring, shape(300, 300, 10.6, 10.4)])
    painted = paint(TILES, [UnitShape("A", None, 0, geometry)], [], [])
    cells = owned(painted.remainder_masks["A"])
    assert cells.sum() == 100 * 100 - 20 * 20 + 11 * 10
    assert (cells == centres_in(geometry)).all()
    assert set(painted.remainder_masks["A"]) == {HOME, TileKey(HOME.x + 1, HOME.y + 1)}  # empty tiles are left out


@settings(deadline=None, max_examples=30)
@given(places, st.lists(st.floats(0, 2 * np.pi), min_size=3, max_size=8, unique=True))
def test_polygons_that_share_edges_share_no_cell_and_leave_none(
    centre: tuple[float, float], turns: list[float]
) -> None:
    """Sectors around a point, through vertices that may fall on cell centres."""
    rim = [(256 + 250 * np.cos(t), 256 + 250 * np.sin(t)) for t in sorted(turns)]
    inner = (256 + (centre[0] - 256) / 8, 256 + (centre[1] - 256) / 8)
    whole = outline(rim)
    sectors = [outline([inner, a, b]) for a, b in zip(rim, rim[1:] + rim[:1], strict=True)]
    if not (whole.area > 0 and whole.contains(Point(outline([inner, *rim]).exterior.coords[0]))):
        return
    grids = [GridShape(i, f"{i}", "A", sector) for i, sector in enumerate(sectors)]
    painted = paint(TILES, [UnitShape("A", None, 0, whole)], grids, [])
    assert not painted.remainder_masks
    assert not any((mask & SHARED).any() for masks in painted.grid_masks.values() for mask in masks.values())


units_below = st.lists(polygons, max_size=3)


@settings(deadline=None, max_examples=40)
@given(
    polygons,
    units_below,
    st.lists(st.tuples(st.integers(0, 3), polygons), max_size=6),
    st.lists(st.tuples(st.sampled_from(["excluded", "inaccessible"]), polygons), max_size=3),
)
def test_grids_and_remainders_make_up_the_root_exactly(
    root: Polygon,
    children: list[Polygon],
    grids: list[tuple[int, Polygon]],
    exclusions: list[tuple[str, Polygon]],
) -> None:
    units = [UnitShape("0", None, 0, root)] + [UnitShape(f"{i}", "0", 1, c) for i, c in enumerate(children, 1)]
    shapes = [GridShape(key, f"g{key}", f"{unit}", polygon) for key, (unit, polygon) in enumerate(grids)]
    painted = paint(TILES, units, shapes, [ExclusionShape(effect, polygon) for effect, polygon in exclusions])  # type: ignore[arg-type]
    zones = [*painted.grid_masks.values(), *painted.remainder_masks.values()]
    owners = sum((owned(masks).astype(int) for masks in zones), np.zeros((512, 512), dtype=int))
    alone = paint(TILES, units[:1], [], [])
    assert (owners == owned(alone.remainder_masks.get("0"))).all()
    areas = sum(int(masks_area_cm2(masks)[1:SHARED].sum()) for masks in zones)
    assert areas == int(masks_area_cm2(alone.remainder_masks.get("0", {}))[1:].sum())


def test_an_overlap_is_owned_by_the_first_and_shared_by_the_second() -> None:
    unit = UnitShape("A", None, 0, shape(0, 0, 200, 100))
    grids = [GridShape(7, "b", "A", shape(50, 0, 100, 100)), GridShape(9, "a", "A", shape(0, 0, 80, 100))]
    painted = paint(TILES, [unit], grids, [])
    first, second = mosaic(painted.grid_masks[9]), mosaic(painted.grid_masks[7])
    assert (first[:100, :80] == DOMAIN).all()
    assert (second[:100, 50:80] == DOMAIN | SHARED).all()
    assert (second[:100, 80:150] == DOMAIN).all()
    assert owned(painted.remainder_masks["A"]).sum() == 50 * 100


def test_ground_outside_its_unit_is_shared_and_stays_with_the_neighbour() -> None:
    units = [UnitShape("A", None, 0, shape(0, 0, 100, 100)), UnitShape("B", None, 0, shape(100, 0, 100, 100))]
    painted = paint(TILES, units, [GridShape(1, "g", "A", shape(50, 0, 100, 120))], [])
    grid = mosaic(painted.grid_masks[1])
    assert (grid[:100, 50:100] == DOMAIN).all()
    assert (grid[:120, 100:150] == DOMAIN | SHARED).all()
    assert owned(painted.remainder_masks["B"]).sum() == 100 * 100
    stray = paint(TILES, units, [GridShape(1, "g", "unknown", shape(50, 0, 100, 100))], [])
    assert not owned(stray.grid_masks[1]).any()


def test_a_child_takes_only_from_its_parent_and_siblings_by_code() -> None:
    units = [
        UnitShape("12", "1", 1, shape(40, 0, 100, 50)),
        UnitShape("11", "1", 1, shape(0, 0, 50, 50)),
        UnitShape("1", None, 0, shape(0, 0, 100, 100)),
        UnitShape("orphan", "not given", 4, shape(90, 0, 50, 50)),
    ]
    masks = paint(TILES, units, [], []).remainder_masks
    assert owned(masks["11"]).sum() == 50 * 50
    assert owned(masks["12"]).sum() == 50 * 50
    assert owned(masks["1"]).sum() == 100 * 50
    assert owned(masks["orphan"]).sum() == 40 * 50


def test_excluded_beats_inaccessible() -> None:
    exclusions = [
        ExclusionShape("excluded", shape(20, 0, 40, 100)),
        ExclusionShape("inaccessible", shape(0, 0, 40, 100)),
    ]
    units = [UnitShape("A", None, 0, shape(0, 0, 100, 200))]
    painted = paint(TILES, units, [GridShape(1, "g", "A", shape(0, 0, 100, 50))], exclusions)
    row = mosaic(painted.grid_masks[1])[0, :100]
    assert row.tolist() == [INACCESSIBLE] * 20 + [EXCLUDED] * 40 + [DOMAIN] * 40
    remainder = mosaic(painted.remainder_masks["A"])[60, :100]
    assert remainder.tolist() == [DOMAIN] * 20 + [EXCLUDED] * 40 + [DOMAIN] * 40


@settings(deadline=None, max_examples=20)
@given(st.lists(polygons, min_size=1, max_size=4), st.sets(st.sampled_from(TILES), min_size=1))
def test_a_tile_is_painted_the_same_alone_or_with_others(grids: list[Polygon], some: set[TileKey]) -> None:
    units = [UnitShape("A", None, 0, shape(5, 5, 480, 490))]
    shapes = [GridShape(key, f"{key}", "A", polygon) for key, polygon in enumerate(grids)]
    exclusions = [ExclusionShape("excluded", shape(200.3, 100.7, 100, 300))]
    together, apart = paint(TILES, units, shapes, exclusions), paint(sorted(some), units, shapes, exclusions)
    pairs: list[tuple[dict[Any, dict[TileKey, Mask]], dict[Any, dict[TileKey, Mask]]]] = [
        (together.grid_masks, apart.grid_masks),
        (together.remainder_masks, apart.remainder_masks),
    ]
    for of_all, of_some in pairs:
        expected = {zone: {t: m for t, m in masks.items() if t in some} for zone, masks in of_all.items()}
        expected = {zone: masks for zone, masks in expected.items() if masks}
        assert expected.keys() == of_some.keys()
        for zone, masks in expected.items():
            assert masks.keys() == of_some[zone].keys()
            assert all((masks[tile] == of_some[zone][tile]).all() for tile in masks)


def test_blocks_together_are_the_whole() -> None:
    units = [UnitShape("A", None, 0, shape(5, 5, 480, 490))]
    blocks = list(paint_blocks(TILES, units, [GridShape(1, "g", "A", shape(100, 100, 300, 20))], []))
    assert sorted(tile for tiles, _ in blocks for tile in tiles) == TILES
    assert len(blocks) > 1
    assert sum(len(painted.grid_masks.get(1, {})) for _, painted in blocks) == 2


def test_nothing_to_paint() -> None:
    assert paint([], [], [], []) == Painted({}, {})
    assert paint(TILES, [], [], []) == Painted({}, {})
    assert paint(TILES, [UnitShape("A", None, 0, Polygon())], [], []) == Painted({}, {})
    far = UnitShape("A", None, 0, box(10, 10, 10.1, 10.1))
    assert paint(TILES, [far], [], []) == Painted({}, {})


def test_a_polygon_off_the_frame_is_refused() -> None:
    with pytest.raises(GeometryError):
        paint(TILES, [UnitShape("A", None, 0, box(0, 80, 10, 89))], [], [])


def test_area_of_a_mask_is_the_polygons_area() -> None:
    polygon = shape(20, 30, 300, 400)
    area = masks_area_cm2(paint(TILES, [UnitShape("A", None, 0, polygon)], [], []).remainder_masks["A"])
    assert area.dtype == np.int64
    assert area[DOMAIN] / 1e4 == pytest.approx(geodesic_area_m2(polygon), rel=1e-6)
    assert area[DOMAIN + 1 :].sum() == 0
    assert masks_area_cm2({}).tolist() == [0] * 8


masks_strategy = st.integers(0, 2**32 - 1).map(
    lambda seed: np.random.default_rng(seed).choice(np.array([0, 1, 2, 3, 5, 6, 7], dtype=np.uint8), (256, 256))
)


@settings(deadline=None, max_examples=10)
@given(masks_strategy)
def test_masks_survive_storing(mask: Mask) -> None:
    assert (decode_mask(encode_mask(mask)) == mask).all()
    assert mask_area_cm2(mask, HOME.y).sum() == mask_area_cm2(np.ones_like(mask), HOME.y)[1]
    assert set(np.unique(mask & CLASS_BITS)) <= {0, DOMAIN, INACCESSIBLE, EXCLUDED}


@pytest.mark.parametrize("data", [b"", b"garbage", encode_mask(np.zeros((256, 256), np.uint8))[:-1]])
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(TileError):
        decode_mask(data)


def test_what_is_no_mask_is_refused() -> None:
    for wrong in (np.full((256, 256), 8, np.uint8), np.zeros((256, 255), np.uint8), np.zeros((256, 256), np.uint16)):
        with pytest.raises(TileError):
            encode_mask(wrong)  # type: ignore[arg-type]


def test_tiles_of_an_l_leave_out_the_corner() -> None:
    bent = shapely.union_all([shape(10, 10, 50, 400), shape(10, 380, 400, 50)])
    assert tiles_of(bent) == [TILES[0], TILES[1], TILES[3]]
    assert tiles_of(Polygon()) == []
    west, south, east, north = tile_bounds(HOME)
    assert tiles_of(Point((west + east) / 2, (south + north) / 2)) == [HOME]
