"""Passing without looking: which ways pass and for which reason, and that no cell of it counts as seen."""

from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.daytiles import Cells, day_number
from geo.frame import TileKey, cell_of
from geo.passing import Passed, Passing, passings
from geo.swath import looks
from geo.tracks import MODE_RULES, Fixes, Mode, TrackRules, clean
from tests.geo.test_tracks import walk

FOOT, VEHICLE = MODE_RULES[Mode.FOOT], MODE_RULES[Mode.VEHICLE]


def passed(fixes: Fixes, rules: TrackRules) -> list[Passing]:
    """What fixes pass beside what they see."""
    return passings(fixes, rules, looks(clean(fixes, rules).segments, rules.half_width_m))


@pytest.mark.parametrize(
    ("reason", "metres", "seconds", "accuracy_m"),
    [
        ("too_fast", [0, 60], [0, 5], [8, 8]),
        ("too_fast", [0, 224], [0, 5], [8, 8]),  # a car on a motorway, fixes far apart
        (None, [0, 226], [0, 5], [8, 8]),  # no car at all
        (None, [0, 501], [0, 30], [8, 8]),
        ("gap", [0, 160], [0, 59], [8, 8]),  # at walking pace, but too far to know the way
        ("gap", [0, 499], [0, 600], [8, 8]),
        ("gap", [0, 0], [0, 600], [8, 8]),
        ("gap", [0, 100], [0, 600], [8, 200]),
        (None, [0, 501], [0, 600], [8, 8]),
        (None, [0, 100], [0, 600], [8, 201]),
        (None, [0, 100], [0, 600], [8, np.nan]),
        ("weak", [0, 10], [0, 5], [8, 36]),
        ("weak", [0, 10], [0, 5], [200, 200]),
        (None, [0, 10], [0, 5], [8, 200.1]),
        (None, [0, 10], [0, 5], [40, np.nan]),
        (None, [0, 400], [0, 5], [40, 40]),  # a leap of poor positions
        (None, [0, 10], [0, 5], [8, np.nan]),
        (None, [0, 10], [0, 0], [8, 8]),
        (None, [0, 10], [0, 5], [8, 8]),  # looked
    ],
)
def test_each_way_passes_for_its_reason(
    reason: str | None, metres: list[float], seconds: list[float], accuracy_m: list[float]
) -> None:
    found = passed(walk(metres, seconds, accuracy_m), FOOT)
    assert {each.reason for each in found} == ({Passed(reason)} if reason else set())


def test_passed_is_what_lies_within_the_half_width() -> None:
    fixes = walk([0, 120], [0, 5])
    wide, narrow = (
        sum(int(each.cells.sum()) for each in passed(fixes, rules))
        for rules in (TrackRules(3.0, 30.0), TrackRules(3.0, 20.0))
    )
    cell_m2 = 4.06 * 4.06
    assert wide * cell_m2 == pytest.approx(120 * 60 + np.pi * 30**2, rel=0.02)
    assert narrow * cell_m2 == pytest.approx(120 * 40 + np.pi * 20**2, rel=0.02)


def test_what_was_seen_that_day_was_not_merely_passed() -> None:
    there = walk([0, 10, 20, 30, 40], [0, 5, 10, 15, 20])
    back = walk([40, 0], [25, 27])  # run back over the same ground
    fixes = Fixes(*(np.concatenate(columns) for columns in zip(_columns(there), _columns(back), strict=True)))
    assert "too_fast" in {str(reason) for reason in clean(fixes, FOOT).left_out}
    assert passed(fixes, FOOT) == []
    alone = passed(back, FOOT)
    tile, row, column = cell_of(float(back.lon[0]), float(back.lat[0]))
    assert any(each.key == tile and each.cells[row, column] for each in alone)


def test_midnight_parts_the_days() -> None:
    midnight_ms = int(datetime(2025, 6, 30, 16, tzinfo=UTC).timestamp() * 1000)
    found = passed(walk([0, 60, 120], [-5, 0, 5], start_ms=midnight_ms), FOOT)
    assert {each.day for each in found} == {day_number(date(2025, 6, 30)), day_number(date(2025, 7, 1))}


def _columns(fixes: Fixes) -> tuple[Any, ...]:
    return fixes.lon, fixes.lat, fixes.time_ms, fixes.accuracy_m


@st.composite
def records(draw: st.DrawFn) -> Fixes:
    """Fixes of a person who walks, drives, stands, loses the signal and the sky, over a day's end."""
    count = draw(st.integers(2, 25))
    metres = np.cumsum(
        draw(st.lists(st.sampled_from([0.0, 5.0, 12.0, 80.0, 160.0, 700.0]), min_size=count, max_size=count))
    )
    seconds = np.cumsum(
        draw(st.lists(st.sampled_from([0.0, 2.0, 5.0, 30.0, 90.0, 4e4]), min_size=count, max_size=count))
    )
    accuracies = draw(st.lists(st.sampled_from([5.0, 20.0, 60.0, 300.0, np.nan]), min_size=count, max_size=count))
    return walk(metres.tolist(), seconds.tolist(), accuracies)


def _by_place(found: list[Passing]) -> dict[tuple[str, int, TileKey], bytes]:
    return {(each.reason, each.day, each.key): each.cells.tobytes() for each in found}


modes = st.sampled_from([MODE_RULES[mode] for mode in Mode])


@settings(max_examples=60, deadline=None)
@given(records(), modes)
def test_no_cell_is_seen_or_passed_for_two_reasons_on_one_day(fixes: Fixes, rules: TrackRules) -> None:
    seen: dict[tuple[int, TileKey], Cells] = {
        (look.day, look.key): look.cells.copy() for look in looks(clean(fixes, rules).segments, rules.half_width_m)
    }
    for each in passed(fixes, rules):
        assert each.cells.any()
        known = seen.setdefault((each.day, each.key), np.zeros_like(each.cells))
        assert not (known & each.cells).any()
        known |= each.cells


@settings(max_examples=60, deadline=None)
@given(records(), modes)
def test_a_pair_that_counts_passes_nothing(fixes: Fixes, rules: TrackRules) -> None:
    by_time = np.argsort(fixes.time_ms, kind="stable")
    ordered = Fixes(*(column[by_time] for column in _columns(fixes)))
    for start in range(len(fixes) - 1):
        pair = Fixes(*(column[start : start + 2] for column in _columns(ordered)))
        assert not (clean(pair, rules).pairs and passed(pair, rules))


@settings(max_examples=60, deadline=None)
@given(records(), modes, st.randoms(use_true_random=False))
def test_order_of_fixes_does_not_matter(fixes: Fixes, rules: TrackRules, random: Any) -> None:
    _, first = np.unique(fixes.time_ms, return_index=True)  # of one instant only one: their order is that given
    some = [column[first] for column in _columns(fixes)]
    index = list(range(first.size))
    random.shuffle(index)
    mixed = Fixes(*(column[index] for column in some))
    assert _by_place(passed(mixed, rules)) == _by_place(passed(Fixes(*some), rules))


@settings(max_examples=40, deadline=None)
@given(records(), modes)
def test_fixes_sent_twice_pass_the_same(fixes: Fixes, rules: TrackRules) -> None:
    _, first = np.unique(fixes.time_ms, return_index=True)
    once = Fixes(*(column[first] for column in _columns(fixes)))
    twice = Fixes(*(np.concatenate([column, column]) for column in _columns(once)))
    assert _by_place(passed(twice, rules)) == _by_place(passed(once, rules))
