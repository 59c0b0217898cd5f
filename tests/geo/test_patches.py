"""Sizes of blind spots are those of the blind spots drawn."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.blindspots import blind_spots
from geo.frame import TileKey
from geo.patches import measure
from geo.zones import DOMAIN, MASK_VALUES

ON_DAY = 9000


@settings(max_examples=15, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.integers(1, 3), st.booleans())
def test_patches_are_the_blind_spots(seed: int, cycle_days: int, tiles: int, coarse: bool) -> None:
    rng = np.random.default_rng(seed)
    keys = [TileKey(27000 + i, 13000 + i // 2) for i in range(tiles)]
    size = 32 if coarse else 128
    masks = {key: rng.integers(0, MASK_VALUES, (size, size)).astype(np.uint8).repeat(256 // size, 0) for key in keys}
    masks = {key: mask.repeat(256 // size, 1) for key, mask in masks.items()}
    days = {key: rng.integers(0, ON_DAY + 1, (256, 256)).astype(np.uint16) // 60 * 60 for key in keys[:2]}
    found = measure(masks, days, ON_DAY - cycle_days)
    drawn = blind_spots(masks, days, {}, cycle_days, ON_DAY)
    assert sorted(zip(*(column.tolist() for column in found), strict=True)) == sorted(
        (round(spot.area_m2 * 1e4), round(spot.never_seen_m2 * 1e4), spot.last_seen_day) for spot in drawn
    )
    assert (np.diff(found.area_cm2) <= 0).all()


def test_nothing_is_blind_where_all_was_seen_and_everything_where_nobody_was() -> None:
    key = TileKey(27000, 13000)
    mask = np.full((256, 256), DOMAIN, dtype=np.uint8)
    seen = np.full((256, 256), ON_DAY, dtype=np.uint16)
    assert measure({key: mask}, {key: seen}, ON_DAY - 1).area_cm2.size == 0
    assert measure({}, {}, ON_DAY - 1).area_cm2.size == 0
    never = measure({key: mask}, {}, -5)
    assert never.area_cm2.tolist() == never.never_seen_cm2.tolist()
    assert never.area_cm2.size == 1
