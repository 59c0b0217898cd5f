"""Shares of many days in one pass are those of each day alone."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.history import shares_by_day
from geo.shares import Histogram, decode_many, merge, shares

FIRST, DAYS = 9300, 20

entries = st.lists(
    st.tuples(st.sampled_from([1, 2, 3, 5, 6, 7]), st.integers(-40, 0), st.integers(-40, 0), st.integers(1, 10**9)),
    min_size=1,
    max_size=6,
)


def _histogram(day: int, some: list[tuple[int, int, int, int]]) -> Histogram:
    """As of a day; a look 40 days before it stands for never, and excluded ground carries no days."""
    parts = []
    for value, tracked, declared, area in some:
        days = [0 if value & 3 == 3 or back == -40 else day + back for back in (tracked, declared)]
        by_track, by_hand = (np.array([number], np.uint16) for number in days)
        parts.append(Histogram(np.array([value], np.uint8), by_track, by_hand, np.array([area], np.int64)))
    return merge(parts)


zones = st.lists(
    st.tuples(st.integers(-10, DAYS + 5), st.integers(1, 25), st.integers(1, 30), st.integers(0, 2), entries),
    min_size=1,
    max_size=8,
)


@settings(max_examples=80, deadline=None)
@given(zones)
def test_it_is_each_day_alone(stood: list[tuple[int, int, int, int, list[tuple[int, int, int, int]]]]) -> None:
    histograms = [_histogram(FIRST + start, some) for start, _, _, _, some in stood]
    starts = np.array([FIRST + start for start, *_ in stood])
    ends = starts + np.array([length for _, length, *_ in stood])
    cycles = np.array([cycle for _, _, cycle, *_ in stood])
    groups = np.array([group for _, _, _, group, _ in stood])
    found = shares_by_day(
        decode_many([one.encode() for one in histograms]), starts, ends, cycles, groups, 3, FIRST, DAYS
    )
    expected = np.zeros_like(found)
    for one, start, end, cycle, group in zip(histograms, starts, ends, cycles, groups, strict=True):
        for day in range(max(int(start), FIRST), min(int(end), FIRST + DAYS)):
            alone = shares(one, int(cycle), day, owned_only=True)
            expected[group, day - FIRST] += [
                alone.tracked_cm2,
                alone.declared_cm2,
                alone.stale_cm2,
                alone.never_seen_cm2,
                alone.inaccessible_cm2,
                alone.excluded_cm2,
                alone.unassigned_cm2,
            ]
    assert np.array_equal(found, expected)


def test_nothing_stood_is_nothing() -> None:
    none = np.zeros(0, dtype=np.int64)
    assert not shares_by_day(decode_many([]), none, none, none, none, 1, FIRST, DAYS).any()
