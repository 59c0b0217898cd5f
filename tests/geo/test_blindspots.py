"""Blind spots: exactly the uncovered domain, whole across tile borders, with a place in each to walk to."""

from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point

from geo.blindspots import MAX_TILES, NEVER_AGE_DAYS, BlindSpot, blind_spots, rank_score
from geo.datum import geodesic_area_m2
from geo.errors import GeoError, GeometryError
from geo.frame import TILES_PER_AXIS, TileKey, cell_of, tile_row_area_cm2
from geo.shares import histogram, merge, shares
from geo.zones import DOMAIN, EXCLUDED, INACCESSIBLE, SHARED, Mask

HOME = TileKey(27303, 13295)
TILES = [TileKey(HOME.x + i, HOME.y + j) for i in range(2) for j in range(2)]
DAY = 9_000
DayMosaic = npt.NDArray[np.uint16]


def cut(mosaic: npt.NDArray[Any]) -> dict[TileKey, npt.NDArray[Any]]:
    """A mosaic of 512 x 512 cells as tiles."""
    return {
        TileKey(HOME.x + i, HOME.y + j): mosaic[j * 256 : j * 256 + 256, i * 256 : i * 256 + 256]
        for i in range(2)
        for j in range(2)
    }


def spots_of(
    mask: Mask, tracked: DayMosaic | None = None, declared: DayMosaic | None = None, min_area_m2: float = 0.0
) -> list[BlindSpot]:
    first, second = ({} if days is None else cut(days) for days in (tracked, declared))
    return blind_spots(cut(mask), first, second, 7, DAY, min_area_m2)


def blank() -> Mask:
    return np.zeros((512, 512), np.uint8)


def blobs(seed: int, threshold: float) -> npt.NDArray[np.bool_]:
    """Patches of 8 x 8 cells' coarseness with ragged edges."""
    rng = np.random.default_rng(seed)
    coarse = np.kron(rng.random((64, 64)), np.ones((8, 8)))
    return np.asarray(coarse + 0.05 * rng.random((512, 512)) < threshold)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 2**32 - 1), st.floats(0.02, 0.6))
def test_spots_are_the_uncovered_domain(seed: int, threshold: float) -> None:
    rng = np.random.default_rng(seed)
    mask = np.where(blobs(seed, threshold), DOMAIN, rng.choice([0, INACCESSIBLE, EXCLUDED], (512, 512))).astype(
        np.uint8
    )
    mask |= np.where((mask != 0) & blobs(seed + 1, 0.3), SHARED, 0).astype(np.uint8)
    tracked, declared = (
        np.where(blobs(seed + n, 0.5), rng.integers(DAY - 20, DAY + 1), 0).astype(np.uint16) for n in (2, 3)
    )
    found = spots_of(mask, tracked, declared)
    domain_only = np.where(mask & 3 == DOMAIN, DOMAIN, 0).astype(np.uint8)
    parts = zip(cut(domain_only).items(), cut(tracked).values(), cut(declared).values(), strict=True)
    of_all = shares(merge(histogram(m, t, d, key.y) for (key, m), t, d in parts), 7, DAY, owned_only=False)
    assert sum(round(spot.area_m2 * 1e4) for spot in found) == of_all.stale_cm2 + of_all.never_seen_cm2
    assert sum(round(spot.never_seen_m2 * 1e4) for spot in found) == of_all.never_seen_cm2
    assert [spot.area_m2 for spot in found] == sorted((spot.area_m2 for spot in found), reverse=True)
    for spot in found:
        check_polygon(spot, mask)


def check_polygon(spot: BlindSpot, mask: Mask) -> None:
    assert spot.polygon.is_valid
    assert geodesic_area_m2(spot.polygon) == pytest.approx(spot.area_m2, rel=4e-6)  # a cell's area is whole cm2
    assert spot.polygon.contains(Point(spot.walk_to))
    tile, row, column = cell_of(*spot.walk_to)
    assert cut(mask)[tile][row, column] & np.uint8(3) == DOMAIN


def test_a_patch_across_four_tiles_is_one() -> None:
    mask = blank()
    mask[200:300, 200:320] = DOMAIN
    (spot,) = spots_of(mask)
    areas = np.concatenate([tile_row_area_cm2(HOME.y)[200:], tile_row_area_cm2(HOME.y + 1)[:44]])
    assert round(spot.area_m2 * 1e4) == int(areas.sum()) * 120
    assert len(spot.polygon.exterior.coords) == 5  # corners only
    assert shapely.distance(spot.polygon.centroid, Point(spot.walk_to)) < 1e-4
    assert spot.never_seen_m2 == spot.area_m2
    assert spot.last_seen_day == 0


def test_patches_that_meet_in_a_corner_are_two() -> None:
    mask = blank()
    mask[100:110, 100:110] = mask[110:120, 110:120] = DOMAIN
    assert len(spots_of(mask)) == 2


def test_a_ring_leads_nobody_into_its_hole() -> None:
    mask = blank()
    mask[100:200, 100:200] = DOMAIN
    mask[105:190, 105:190] = EXCLUDED
    (spot,) = spots_of(mask)
    assert len(spot.polygon.interiors) == 1
    check_polygon(spot, mask)


def test_what_was_looked_at_in_the_cycle_is_no_blind_spot() -> None:
    mask, tracked, declared = blank(), np.zeros((512, 512), np.uint16), np.zeros((512, 512), np.uint16)
    mask[:100, :100] = DOMAIN
    tracked[:100, :40] = DAY - 6
    declared[:100, 40:60] = DAY
    tracked[:50, 60:] = DAY - 7
    declared[50:60, 60:] = DAY - 9
    tracked[300:, 300:] = DAY + 5  # elsewhere: not this zone's
    (spot,) = spots_of(mask, tracked, declared)
    area = tile_row_area_cm2(HOME.y)
    assert round(spot.area_m2 * 1e4) == int(area[:100].sum()) * 40
    assert round(spot.never_seen_m2 * 1e4) == int(area[60:100].sum()) * 40
    assert spot.last_seen_day == DAY - 7


def test_small_patches_can_be_left_out() -> None:
    mask = blank()
    mask[10:20, 10:20] = DOMAIN
    mask[100:105, 100:105] = DOMAIN
    large, small = spots_of(mask)
    assert large.area_m2 > small.area_m2
    assert spots_of(mask, min_area_m2=large.area_m2) == [large]
    assert spots_of(mask, min_area_m2=large.area_m2 + 1e-3) == []


def test_nothing_uncovered() -> None:
    assert blind_spots({}, {}, {}, 7, DAY) == []
    assert spots_of(blank()) == []
    mask = np.full((512, 512), DOMAIN, np.uint8)
    assert spots_of(mask, np.full((512, 512), DAY, np.uint16)) == []


def test_days_after_the_one_asked_are_refused() -> None:
    with pytest.raises(GeoError) as refusal:
        spots_of(np.full((512, 512), DOMAIN, np.uint8), np.full((512, 512), DAY + 1, np.uint16))
    assert refusal.value.facts == {"on_day": DAY, "last_day": DAY + 1}


def test_a_zone_too_large_is_refused_before_it_takes_memory() -> None:
    mask = np.ones((256, 256), np.uint8)
    with pytest.raises(GeometryError) as refusal:
        blind_spots({HOME: mask, TileKey(HOME.x + MAX_TILES, HOME.y): mask}, {}, {}, 7, DAY)
    assert refusal.value.facts["most"] == MAX_TILES


def test_the_last_column_and_row_of_the_world() -> None:
    mask = np.ones((256, 256), np.uint8)
    (spot,) = blind_spots({TileKey(TILES_PER_AXIS - 1, TILES_PER_AXIS - 1): mask}, {}, {}, 7, DAY)
    assert spot.polygon.bounds[2] == pytest.approx(180)
    assert spot.polygon.contains(Point(spot.walk_to))


@pytest.mark.parametrize(
    ("risk", "last_seen_day", "score"),
    [
        ("high", DAY - 10, 100 * 3 * 10),
        ("medium", DAY - 10, 100 * 2 * 10),
        ("low", DAY - 10, 100 * 1 * 10),
        (None, DAY - 10, 100 * 3 * 10),
        ("low", 0, 100 * NEVER_AGE_DAYS),
        ("low", DAY - 5000, 100 * NEVER_AGE_DAYS),
    ],
)
def test_rank(risk: Literal["high", "medium", "low"] | None, last_seen_day: int, score: float) -> None:
    assert rank_score(100, risk, last_seen_day, DAY, 7) == score
    assert rank_score(100, risk, 0, DAY, 500) >= rank_score(100, risk, last_seen_day, DAY, 500)
