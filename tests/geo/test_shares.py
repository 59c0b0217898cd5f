"""Shares: every cell in exactly one, sums exact, percentages never rounded up, histograms the same in any order."""

from dataclasses import dataclass
from random import Random

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import GeoError, TileError
from geo.frame import TileKey, tile_row_area_cm2
from geo.shares import (
    Histogram,
    Share,
    Shares,
    decode_many,
    histogram,
    merge,
    shares,
    shares_by_group,
    unassigned,
)
from geo.zones import CLASS_BITS, EXCLUDED, INACCESSIBLE, SHARED, Mask, mask_area_cm2, masks_area_cm2

HOME = TileKey(27303, 13295)
DAY = 9_000


@dataclass
class Case:
    mask: Mask
    tracked: npt.NDArray[np.uint16] | None
    declared: npt.NDArray[np.uint16] | None


def random_case(seed: int, days: int) -> Case:
    """A tile of random classes and days in the `days` up to DAY, never and missing tiles among them."""
    rng = np.random.default_rng(seed)

    def tile() -> npt.NDArray[np.uint16] | None:
        if rng.random() < 0.2:
            return None
        seen = rng.integers(DAY - days + 1, DAY + 1, (256, 256))
        return np.where(rng.random((256, 256)) < 0.4, 0, seen).astype(np.uint16)

    values = np.array([0, 0, 1, 1, 1, 2, 3, 5, 6, 7], dtype=np.uint8)
    return Case(rng.choice(values, (256, 256)), tile(), tile())


cases = st.builds(random_case, st.integers(0, 2**32 - 1), st.sampled_from([1, 3, 40, 1500]))
cycles = st.sampled_from([1, 2, 7, 30, 1500, 20_000])


def histogram_of(case: Case, tile_y: int = HOME.y) -> Histogram:
    return histogram(case.mask, case.tracked, case.declared, tile_y)


def by_definition(case: Case, cycle_days: int, on_day: int, owned_only: bool) -> Shares:
    """The definition, cell class by cell class, without histograms."""
    never = np.zeros((256, 256), np.uint16)
    tracked = (never if case.tracked is None else case.tracked).astype(int)
    declared = (never if case.declared is None else case.declared).astype(int)
    kind = case.mask & CLASS_BITS
    left = (case.mask != 0) & ~(owned_only & (case.mask & SHARED != 0))
    area = np.broadcast_to(tile_row_area_cm2(HOME.y)[:, None], (256, 256))
    found: dict[str, int] = {}
    for share, belongs in [
        ("excluded", kind == EXCLUDED),
        ("tracked", (tracked > 0) & (on_day - cycle_days < tracked) & (tracked <= on_day)),
        ("declared", (declared > 0) & (on_day - cycle_days < declared) & (declared <= on_day)),
        ("inaccessible", kind == INACCESSIBLE),
        ("stale", (tracked > 0) | (declared > 0)),
        ("never_seen", np.ones((256, 256), bool)),
    ]:
        found[f"{share}_cm2"] = int(area[left & belongs].sum())
        left = left & ~belongs
    return Shares(**found)


@settings(deadline=None, max_examples=30)
@given(cases, cycles, st.sampled_from([0, 1, 6, 29, 400]), st.booleans())
def test_shares_are_the_definition(case: Case, cycle_days: int, later: int, owned_only: bool) -> None:
    found = shares(histogram_of(case), cycle_days, DAY + later, owned_only=owned_only)
    assert found == by_definition(case, cycle_days, DAY + later, owned_only)


@settings(deadline=None, max_examples=20)
@given(cases, cycles)
def test_shares_add_up_to_the_ground(case: Case, cycle_days: int) -> None:
    by_value = mask_area_cm2(case.mask, HOME.y)
    found = histogram_of(case)
    assert found.total_cm2 == by_value[1:].sum()
    assert shares(found, cycle_days, DAY, owned_only=False).total_cm2 == by_value[1:].sum()
    assert shares(found, cycle_days, DAY, owned_only=True).total_cm2 == by_value[1:SHARED].sum()


@settings(deadline=None, max_examples=15)
@given(st.lists(cases, max_size=4), st.randoms(use_true_random=False))
def test_tiles_merge_in_any_order(several: list[Case], random: Random) -> None:
    parts = [histogram_of(case, HOME.y + i) for i, case in enumerate(several)]
    shuffled = list(parts)
    random.shuffle(shuffled)
    one_by_one = Histogram.empty()
    for part in shuffled:
        one_by_one = one_by_one + part
    assert merge(parts) == one_by_one
    assert merge(parts).encode() == one_by_one.encode()
    assert merge(parts).total_cm2 == sum(part.total_cm2 for part in parts)


@settings(deadline=None, max_examples=20)
@given(st.lists(cases, max_size=4), st.data())
def test_many_at_once_are_each_alone(several: list[Case], data: st.DataObject) -> None:
    parts = [histogram_of(case) for case in several]
    cycle_days = [data.draw(cycles) for _ in parts]
    owned_only = data.draw(st.booleans())
    entries = decode_many([part.encode() for part in parts])
    table = shares_by_group(entries, cycle_days, DAY, len(parts), owned_only=owned_only)
    assert table.dtype == np.int64
    assert table.shape == (len(parts), 7)
    for row, part, cycle in zip(table, parts, cycle_days, strict=True):
        assert Shares.from_row(row) == shares(part, cycle, DAY, owned_only=owned_only)
    same = shares_by_group(entries, 7, DAY, len(parts), owned_only=owned_only)
    total = sum((shares(part, 7, DAY, owned_only=owned_only) for part in parts), Shares())
    assert Shares.from_row(same.sum(axis=0)) == total


@settings(deadline=None, max_examples=15)
@given(cases)
def test_histograms_survive_storing(case: Case) -> None:
    found = histogram_of(case)
    assert Histogram.decode(found.encode()) == found
    latest = max(
        int(t[case.mask % 4 % 3 != 0].max())
        for t in (case.tracked, case.declared, np.zeros_like(case.mask))
        if t is not None
    )
    assert found.last_seen_day == latest


def test_excluded_ground_is_one_entry_whenever_it_was_seen() -> None:
    days = np.arange(65_536, dtype=np.uint16).reshape(256, 256)
    found = histogram(np.full((256, 256), EXCLUDED, np.uint8), days, days, HOME.y)
    assert found.value.tolist() == [EXCLUDED]
    assert found.last_seen_day == 0
    assert shares(found, 7, 10, owned_only=False).percent(Share.EXCLUDED) == 100.0


def test_more_pairs_of_days_than_a_table_holds() -> None:
    days = np.arange(65_536, dtype=np.uint16).reshape(256, 256)
    found = histogram(np.ones((256, 256), np.uint8), days, days.T.copy(), HOME.y)
    assert found.value.size == 65_536
    assert Histogram.decode(found.encode()) == found
    assert shares(found, 10, 65_535, owned_only=False) == by_definition(
        Case(np.ones((256, 256), np.uint8), days, days.T.copy()), 10, 65_535, False
    )


def test_ground_of_no_cells() -> None:
    nothing = histogram(np.zeros((256, 256), np.uint8), None, None, HOME.y)
    assert nothing == Histogram.empty() == Histogram.decode(nothing.encode()) == merge([])
    assert nothing.last_seen_day == 0
    found = shares(nothing, 7, DAY, owned_only=False)
    assert found == Shares()
    assert found.percent(Share.TRACKED) is None
    assert found.covered_percent is None
    assert found.declared_percent is None
    assert shares_by_group(decode_many([]), 7, DAY, 0, owned_only=True).shape == (0, 7)
    assert not shares_by_group(decode_many([nothing.encode()]), [7], DAY, 1, owned_only=True).any()


@pytest.mark.parametrize("cycle_days", [1, 15])
def test_the_cycle_ends_at_midnight(cycle_days: int) -> None:
    mask = np.ones((256, 256), np.uint8)
    found = histogram(mask, np.full((256, 256), DAY, np.uint16), None, HOME.y)
    assert shares(found, cycle_days, DAY + cycle_days - 1, owned_only=False).covered_percent == 100.0
    assert shares(found, cycle_days, DAY + cycle_days, owned_only=False).covered_percent == 0.0
    assert shares(found, cycle_days, DAY + cycle_days, owned_only=False).percent(Share.STALE) == 100.0


def test_a_day_after_the_one_asked_is_refused() -> None:
    found = histogram(np.ones((256, 256), np.uint8), None, np.full((256, 256), DAY, np.uint16), HOME.y)
    with pytest.raises(GeoError) as refusal:
        shares(found, 7, DAY - 1, owned_only=False)
    assert refusal.value.facts == {"on_day": DAY - 1, "last_day": DAY}
    with pytest.raises(GeoError):
        shares(found, 0, DAY, owned_only=False)


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(9_999, 10_000, 99.9), (99_999_999, 100_000_000, 99.9), (1, 1, 100.0), (0, 5, 0.0), (999, 1_000_000, 0.0)],
)
def test_percentages_are_never_rounded_up(part: int, whole: int, percent: float) -> None:
    found = Shares(tracked_cm2=part, never_seen_cm2=whole - part)
    assert found.percent(Share.TRACKED) == percent
    assert found.covered_percent == percent


@settings(deadline=None)
@given(st.lists(st.integers(0, 10**15), min_size=7, max_size=7))
def test_floored_percentages_stay_below_the_truth(areas: list[int]) -> None:
    found = Shares.from_row(areas)
    if not found.total_cm2:
        return
    percents = {share: found.percent(share) for share in Share}
    for share, percent in percents.items():
        assert percent is not None
        assert 0 <= found.area_cm2(share) * 1000 - round(percent * 10) * found.total_cm2 < found.total_cm2
    assert sum(percent or 0 for percent in percents.values()) <= 100.0 + 1e-9


def test_the_domain_keeps_what_was_never_found() -> None:
    found = Shares(tracked_cm2=50, declared_cm2=10, inaccessible_cm2=20, excluded_cm2=100, unassigned_cm2=20)
    assert found.domain_cm2 == 100
    assert found.covered_percent == 50.0
    assert found.declared_percent == 10.0
    assert found.percent(Share.TRACKED) == 25.0
    assert found.area_m2(Share.UNASSIGNED) == 0.002


def test_a_remainder_is_unassigned_or_excluded() -> None:
    mask = np.zeros((256, 256), np.uint8)
    mask[:10], mask[10:15] = 1, 3
    found = unassigned(masks_area_cm2({HOME: mask}))
    area = tile_row_area_cm2(HOME.y) * 256
    assert found == Shares(unassigned_cm2=int(area[:10].sum()), excluded_cm2=int(area[10:15].sum()))


def test_other_bytes_are_refused() -> None:
    good = histogram_of(random_case(1, 30)).encode()
    for data in (b"", b"garbage", good[:-1], good + b"x"):
        with pytest.raises(TileError):
            Histogram.decode(data)
        with pytest.raises(TileError):
            decode_many([good, data])
    day, never = np.array([DAY, DAY], np.uint16), np.zeros(2, np.uint16)
    twice = Histogram(np.array([1, 1], np.uint8), day, never, np.array([5, 5]))
    unsorted = Histogram(np.array([3, 1], np.uint8), day, never, np.array([5, 5]))
    for wrong in (twice, unsorted):
        with pytest.raises(TileError):
            Histogram.decode(wrong.encode())
