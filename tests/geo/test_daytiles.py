"""Day tiles: merging is a maximum, stored bytes come back as they were, and anything else is refused."""

from datetime import date
from random import Random

import numpy as np
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import daytiles
from geo.daytiles import Cells, DayTile
from geo.errors import TileError

quick = settings(deadline=None, max_examples=30)


def _tile(seed: int) -> DayTile:
    rng = np.random.default_rng(seed)
    return (rng.integers(0, 1 << 16, (256, 256)) * (rng.random((256, 256)) < 0.3)).astype(np.uint16)


def _cells(seed: int) -> Cells:
    return np.random.default_rng(seed).random((256, 256)) < 0.2


tiles = st.integers(0, 1 << 32).map(_tile)
looks = st.lists(st.tuples(st.integers(1, daytiles.LAST_DAY), st.integers(0, 1 << 32).map(_cells)), max_size=5)


@given(tiles, tiles, tiles)
@quick
def test_merging_does_not_mind_order_or_repeats(a: DayTile, b: DayTile, c: DayTile) -> None:
    merge = daytiles.merge
    assert np.array_equal(merge(a, b), merge(b, a))
    assert np.array_equal(merge(merge(a, b), c), merge(a, merge(b, c)))
    assert np.array_equal(merge(merge(a, b), b), merge(a, b))
    assert np.array_equal(merge(a, daytiles.empty()), a)


@given(looks, st.randoms(use_true_random=False), st.integers(0, 5))
@quick
def test_looks_fold_alike_in_any_order_and_any_split(looks: list[tuple[int, Cells]], random: Random, at: int) -> None:
    whole = daytiles.fold(looks)
    shuffled = list(looks)
    random.shuffle(shuffled)
    assert np.array_equal(daytiles.fold(shuffled), whole)
    assert np.array_equal(daytiles.fold(looks + looks), whole)
    assert np.array_equal(daytiles.merge(daytiles.fold(looks[:at]), daytiles.fold(looks[at:])), whole)


def test_a_cell_keeps_its_latest_day() -> None:
    cells = np.zeros((256, 256), dtype=np.bool_)
    cells[3, 4] = True
    tile = daytiles.fold([(9000, cells), (8000, ~cells), (8500, cells)])
    assert tile[3, 4] == 9000
    assert (np.delete(tile.ravel(), 3 * 256 + 4) == 8000).all()
    assert (daytiles.fold([]) == daytiles.NEVER).all()


@given(tiles, st.integers(0, 1 << 32).map(_cells))
@quick
def test_stored_bytes_come_back_as_they_were(tile: DayTile, cells: Cells) -> None:
    restored = daytiles.decode(daytiles.encode(tile))
    assert restored.dtype == np.uint16
    assert restored.flags.writeable
    assert np.array_equal(restored, tile)
    assert np.array_equal(daytiles.decode_cells(daytiles.encode_cells(cells)), cells)


def test_a_view_of_a_tile_is_stored_as_it_looks() -> None:
    tile = _tile(1)
    assert np.array_equal(daytiles.decode(daytiles.encode(tile.T)), tile.T)


@given(st.binary(max_size=300))
@quick
def test_garbage_is_refused(data: bytes) -> None:
    with pytest.raises(TileError):
        daytiles.decode(data)
    with pytest.raises(TileError):
        daytiles.decode_cells(data)


@given(tiles, st.data())
@quick
def test_cut_or_lengthened_bytes_are_refused(tile: DayTile, data: st.DataObject) -> None:
    whole = daytiles.encode(tile)
    with pytest.raises(TileError):
        daytiles.decode(whole[: data.draw(st.integers(0, len(whole) - 1))])
    with pytest.raises(TileError):
        daytiles.decode(whole + data.draw(st.binary(min_size=1, max_size=40)))


@pytest.mark.parametrize("size", [0, 8192, 131_071, 131_073, 300_000_000])
def test_bytes_of_another_size_are_refused_before_they_take_memory(size: int) -> None:
    packed = zstandard.ZstdCompressor().compress(bytes(size))
    with pytest.raises(TileError) as refused:
        daytiles.decode(packed)
    assert refused.value.facts == {"expected": 131_072, "actual": size}


@pytest.mark.parametrize("wrong", [np.zeros((256, 255), np.uint16), np.zeros((256, 256), np.int64)])
def test_only_day_tiles_are_stored(wrong: DayTile) -> None:
    with pytest.raises(TileError):
        daytiles.encode(wrong)
    with pytest.raises(TileError):
        daytiles.encode_cells(wrong.astype(np.uint8))


def test_days_count_from_2000() -> None:
    assert daytiles.day_number(date(2000, 1, 2)) == 1
    assert daytiles.day_number(date(2179, 6, 6)) == daytiles.LAST_DAY
    assert daytiles.day_date(daytiles.NEVER) is None
    assert daytiles.day_date(daytiles.day_number(date(2025, 6, 30))) == date(2025, 6, 30)


@pytest.mark.parametrize("day", [date(2000, 1, 1), date(1999, 12, 31), date(2179, 6, 7)])
def test_days_a_tile_cannot_hold_are_refused(day: date) -> None:
    with pytest.raises(TileError):
        daytiles.day_number(day)
