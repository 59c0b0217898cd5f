"""What ground lacks, cell by cell, and where the largest patch of it lies."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.frame import TILE_SIZE, TileKey, cell_of, tile_row_area_cm2
from geo.ground import NUMBER, Lack, lacks, largest, moved_cm2
from geo.passing import Passed
from geo.shares import Share, histogram, shares

TILE = TileKey(27303, 13327)
DAY, CYCLE = 9300, 15
AFTER = DAY - CYCLE


def _areas(found: np.ndarray, tile: TileKey = TILE) -> dict[Lack, int]:
    area = tile_row_area_cm2(tile.y)
    return {lack: int((found == number).sum(axis=1) @ area) for lack, number in NUMBER.items()}


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_lacks_are_the_shares_split_by_who_passed(seed: int) -> None:
    random = np.random.default_rng(seed)
    mask = random.choice([0, 1, 2, 3, 5, 6, 7], (TILE_SIZE, TILE_SIZE)).astype(np.uint8)
    tracked, declared = (
        random.choice([0, DAY - 40, AFTER, AFTER + 1, DAY], mask.shape).astype(np.uint16) for _ in range(2)
    )
    passed = {reason: random.random(mask.shape) < 0.3 for reason in Passed}
    areas = _areas(lacks(mask, tracked, declared, passed, AFTER))
    bare = _areas(lacks(mask, tracked, declared, {}, AFTER))
    own = shares(histogram(mask, tracked, declared, TILE.y), CYCLE, DAY, owned_only=False)
    assert sum(areas[lack] for lack in Lack if lack is not Lack.DECLARED) == own.stale_cm2 + own.never_seen_cm2
    assert (bare[Lack.STALE], bare[Lack.NEVER]) == (own.stale_cm2, own.never_seen_cm2)
    assert areas[Lack.DECLARED] == bare[Lack.DECLARED] == own.area_cm2(Share.DECLARED)
    moved = moved_cm2(TILE, mask, tracked, declared, passed, AFTER)
    assert moved.sum() == 0
    assert dict(zip(Lack, moved.tolist(), strict=True)) == {lack: areas[lack] - bare[lack] for lack in Lack}


def test_of_several_reasons_a_cell_has_the_first() -> None:
    mask = np.ones((TILE_SIZE, TILE_SIZE), np.uint8)
    everywhere = np.ones(mask.shape, np.bool_)
    for number, reason in enumerate(Passed):
        passed = dict.fromkeys(list(Passed)[number:], everywhere)
        assert (lacks(mask, None, None, passed, AFTER) == NUMBER[Lack(reason.value)]).all()


def test_the_largest_patch_hangs_together_over_tiles() -> None:
    east = TileKey(TILE.x + 1, TILE.y)
    cells = {key: np.zeros((TILE_SIZE, TILE_SIZE), np.bool_) for key in (TILE, east)}
    cells[TILE][100:110, -6:] = True
    cells[east][100:110, :6] = True
    cells[TILE][200:210, 0:11] = True
    found = largest(cells)
    assert found is not None
    assert found.area_cm2 == int(tile_row_area_cm2(TILE.y)[100:110].sum()) * 12
    tile, row, column = cell_of(*found.point)
    assert cells[tile][row, column]
    assert 103 <= row <= 106, "in the middle of its height"
    assert largest({TILE: np.zeros_like(cells[TILE])}) is largest({}) is None


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (3, 3)])
def test_the_point_lies_inside(shape: tuple[int, int]) -> None:
    cells = np.zeros((TILE_SIZE, TILE_SIZE), np.bool_)
    cells[0 : shape[0], 0 : shape[1]] = True
    found = largest({TILE: cells})
    assert found is not None
    tile, row, column = cell_of(*found.point)
    assert (tile, bool(cells[row, column])) == (TILE, True)
    assert abs(column - (shape[1] - 1) / 2) <= 1
