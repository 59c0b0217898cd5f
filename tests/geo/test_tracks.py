"""Cleaning: what counts, what does not and why; every pair is accounted for and nothing is drawn across a fault."""

from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geo.daytiles import LAST_DAY, day_number
from geo.errors import FixesError
from geo.tracks import MODE_RULES, Fixes, Mode, Reason, clean, steps

WGS84 = Geod(ellps="WGS84")
FOOT = MODE_RULES[Mode.FOOT]
NOON_MS = int(datetime(2025, 6, 30, 4, tzinfo=UTC).timestamp() * 1000)
CHINA = timezone(timedelta(hours=8))


def walk(
    metres: list[float], seconds: list[float], accuracy_m: list[float] | None = None, start_ms: int = NOON_MS
) -> Fixes:
    """Fixes at these distances due east of a place in Changzhou and these seconds after the start."""
    lon, lat, _ = WGS84.fwd([119.97] * len(metres), [31.81] * len(metres), [90.0] * len(metres), metres)
    time_ms = [start_ms + round(1000 * s) for s in seconds]
    return Fixes.of(lon, lat, time_ms, accuracy_m or [8.0] * len(metres))


def test_a_steady_walk_counts_whole() -> None:
    track = clean(walk([0, 6, 12, 18], [0, 5, 10, 15]), FOOT)
    assert track.pairs == len(track.segments) == 3
    assert track.length_m == pytest.approx(18, abs=1e-3)
    assert track.duration_s == 15
    assert track.left_out == {}
    assert (track.start_ms, track.end_ms) == (NOON_MS, NOON_MS + 15_000)
    assert [line.shape for line in track.lines()] == [(4, 2)]


@pytest.mark.parametrize(
    ("reason", "metres", "seconds", "accuracy_m"),
    [
        (Reason.WEAK_ACCURACY, [0, 6], [0, 5], [8, 35.1]),
        (Reason.WEAK_ACCURACY, [0, 6], [0, 5], [np.inf, 8]),
        (Reason.UNKNOWN_ACCURACY, [0, 6], [0, 5], [8, np.nan]),
        (Reason.NOT_LATER, [0, 0], [0, 0], [8, 8]),
        (Reason.NOT_LATER, [0, 40], [0, 0], [8, 8]),
        (Reason.GAP, [0, 6], [0, 60.001], [8, 8]),
        (Reason.JUMP, [0, 150.1], [0, 59], [8, 8]),
        (Reason.TOO_FAST, [0, 15.1], [0, 5], [8, 8]),
    ],
)
def test_each_fault_is_found_and_sized(
    reason: Reason, metres: list[float], seconds: list[float], accuracy_m: list[float]
) -> None:
    track = clean(walk(metres, seconds, accuracy_m), FOOT)
    assert len(track.segments) == 0
    assert track.lines() == []
    assert list(track.left_out) == [reason]
    left_out = track.left_out[reason]
    assert left_out.pairs == 1
    assert left_out.length_m == pytest.approx(metres[1] - metres[0], abs=1e-3)
    assert left_out.duration_s == pytest.approx(seconds[1])


def test_the_limits_themselves_count() -> None:
    assert clean(walk([0, 149.9], [0, 60], [35, 35]), FOOT).pairs == 1
    assert clean(walk([0, 14.999], [0, 5]), FOOT).pairs == 1


@pytest.mark.parametrize(
    ("reason", "metres", "seconds", "accuracy_m"),
    [
        (Reason.NOT_LATER, [0, 900], [0, 0], [99, np.nan]),
        (Reason.GAP, [0, 9000], [0, 600], [99, np.nan]),
        (Reason.WEAK_ACCURACY, [0, 900], [0, 5], [99, np.nan]),
        (Reason.UNKNOWN_ACCURACY, [0, 900], [0, 5], [8, np.nan]),
        (Reason.JUMP, [0, 900], [0, 5], [8, 8]),
    ],
)
def test_of_several_faults_the_surest_is_named(
    reason: Reason, metres: list[float], seconds: list[float], accuracy_m: list[float]
) -> None:
    assert list(clean(walk(metres, seconds, accuracy_m), FOOT).left_out) == [reason]


def test_driving_past_is_not_looking() -> None:
    driving = walk([0, 60, 120], [0, 5, 10])
    assert clean(driving, MODE_RULES[Mode.VEHICLE]).left_out[Reason.TOO_FAST].pairs == 2
    assert clean(driving, MODE_RULES[Mode.DRONE]).pairs == 2


def test_a_weak_fix_between_good_ones_is_not_bridged() -> None:
    track = clean(walk([0, 5, 10, 15, 20], [0, 5, 10, 15, 20], [8, 8, 60, 8, 8]), FOOT)
    assert list(track.left_out) == [Reason.WEAK_ACCURACY]
    assert track.left_out[Reason.WEAK_ACCURACY] == pytest.approx((2, 10.0, 10.0), abs=1e-3)
    first, second = track.lines()
    assert first[-1, 0] < second[0, 0]
    assert len(track.segments) == 2


def test_fixes_may_come_in_any_order() -> None:
    midnight_ms = int(datetime(2025, 7, 1, tzinfo=CHINA).timestamp() * 1000)
    in_order = walk([0, 6, 12, 18, 24], [-10, -5, 0, 5, 10], [8, 8, 8, 60, 8], start_ms=midnight_ms)
    index = np.array([3, 0, 4, 2, 1])
    mixed = Fixes(in_order.lon[index], in_order.lat[index], in_order.time_ms[index], in_order.accuracy_m[index])
    expected, track = clean(in_order, FOOT), clean(mixed, FOOT)
    assert track.left_out == expected.left_out
    assert track.segments.day.tolist() == expected.segments.day.tolist() == [9312, 9312]
    assert np.array_equal(track.lines(), expected.lines())


def test_standing_still_counts() -> None:
    track = clean(walk([0, 0, 0], [0, 5, 10]), FOOT)
    assert (track.pairs, track.length_m, track.duration_s) == (2, 0.0, 10.0)


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_fixes_are_an_empty_track(count: int) -> None:
    track = clean(walk([0.0] * count, [0.0] * count), FOOT)
    assert (len(track.segments), track.pairs, track.length_m, track.left_out, track.lines()) == (0, 0, 0.0, {}, [])
    assert track.start_ms == track.end_ms == (NOON_MS if count else None)


def test_a_step_belongs_to_the_local_day_it_starts_on() -> None:
    before_midnight = int(datetime(2025, 6, 30, 23, 59, 55, tzinfo=CHINA).timestamp() * 1000)
    fixes = walk([0, 5, 10], [0, 5, 10], start_ms=before_midnight)
    june_30, july_1 = day_number(date(2025, 6, 30)), day_number(date(2025, 7, 1))
    assert clean(fixes, FOOT).segments.day.tolist() == [june_30, july_1]
    assert clean(fixes, FOOT, utc_offset_s=0).segments.day.tolist() == [june_30, june_30]
    assert len(clean(fixes, FOOT).lines()) == 1


def test_days_a_tile_cannot_hold_are_refused() -> None:
    first_ms = int(datetime(2000, 1, 2, tzinfo=CHINA).timestamp() * 1000)
    end_ms = int(datetime(2179, 6, 7, tzinfo=CHINA).timestamp() * 1000)
    assert clean(walk([0, 5], [0, 5], start_ms=first_ms), FOOT).segments.day.tolist() == [1]
    assert clean(walk([0, 5], [0, 4], start_ms=end_ms - 5000), FOOT).segments.day.tolist() == [LAST_DAY]
    for start_ms, index in ((first_ms - 1, 0), (end_ms - 5000, 1), (-(1 << 62), 0), (1 << 62, 0)):
        with pytest.raises(FixesError) as refused:
            clean(walk([0, 5], [0, 5], start_ms=start_ms), FOOT)
        assert refused.value.facts["index"] == index


def test_steps_go_the_shorter_way_over_the_antimeridian() -> None:
    lon = [179.9999, -179.9999, 179.9999]
    track = clean(Fixes.of(lon, [10.0] * 3, [NOON_MS, NOON_MS + 10_000, NOON_MS + 20_000], [5.0] * 3), FOOT)
    assert track.length_m == pytest.approx(2 * WGS84.inv(179.9999, 10, -179.9999, 10)[2], abs=1e-3)
    assert track.lines()[0][:, 0] == pytest.approx([179.9999, 180.0001, 179.9999])


@pytest.mark.parametrize(
    ("columns", "index"),
    [
        (([0, np.nan], [0, 0], [1, 2], [5, 5]), 1),
        (([0, 0], [np.inf, 0], [1, 2], [5, 5]), 0),
        (([0, 180.001], [0, 0], [1, 2], [5, 5]), 1),
        (([0, 0], [31, 119], [1, 2], [5, 5]), 1),
        (([0, 0], [0, -85.06], [1, 2], [5, 5]), 1),
        (([0, 0], [0, 0], [1, 2], [5, -1]), 1),
    ],
)
def test_unreadable_fixes_are_refused_with_their_place(columns: tuple[list[float], ...], index: int) -> None:
    with pytest.raises(FixesError) as refused:
        Fixes.of(*columns)
    assert refused.value.facts["index"] == index
    assert "value" in refused.value.facts


@pytest.mark.parametrize("columns", [([0], [0, 0], [1, 2]), ([0, 0], [0, 0], [1]), ([[0]], [[0]], [[1]])])
def test_uneven_columns_are_refused(columns: tuple[list[float], ...]) -> None:
    with pytest.raises(FixesError):
        Fixes.of(*columns)


def test_fractions_of_a_millisecond_are_refused_and_no_accuracy_is_unknown() -> None:
    with pytest.raises(FixesError):
        Fixes.of([0.0], [0.0], [1.5])
    assert np.isnan(Fixes.of([0.0], [0.0], [1]).accuracy_m).all()


@st.composite
def wild_fixes(draw: st.DrawFn) -> Fixes:
    """Fixes with every kind of fault among them, in any order."""
    count = draw(st.integers(0, 40))

    def column(values: st.SearchStrategy[float]) -> list[float]:
        return draw(st.lists(values, min_size=count, max_size=count))

    steps_m = column(st.sampled_from([0.0, 4.0, 12.0, 40.0, 200.0]))
    pauses_s = column(st.sampled_from([0.0, 5.0, 5.0, 30.0, 61.0]))
    accuracies = column(st.sampled_from([3.0, 3.0, 3.0, 35.0, 80.0, np.nan]))
    order = draw(st.permutations(range(count)))
    fixes = walk(np.cumsum(steps_m).tolist(), np.cumsum(pauses_s).tolist(), accuracies)
    index = np.array(order, dtype=np.int64)
    return Fixes(fixes.lon[index], fixes.lat[index], fixes.time_ms[index], fixes.accuracy_m[index])


@given(wild_fixes(), st.sampled_from(Mode))
@settings(deadline=None, max_examples=150)
def test_every_pair_is_accounted_for(fixes: Fixes, mode: Mode) -> None:
    track = clean(fixes, MODE_RULES[mode])
    left_out = track.left_out.values()
    assert track.pairs + sum(out.pairs for out in left_out) == max(len(fixes) - 1, 0)
    span_s = (track.end_ms - track.start_ms) / 1000 if track.start_ms is not None and track.end_ms is not None else 0
    assert track.duration_s + sum(out.duration_s for out in left_out) == pytest.approx(span_s)
    assert all(out.pairs for out in left_out)
    assert sum(len(line) - 1 for line in track.lines()) == track.pairs == len(track.segments)
    if len(track.segments):
        drawn = np.vstack([np.hstack([line[:-1], line[1:]]) for line in track.lines()])
        segments = track.segments
        assert np.array_equal(drawn, np.column_stack([segments.lon0, segments.lat0, segments.lon1, segments.lat1]))


lats = st.floats(-85, 85)
lons = st.floats(-180, 180)


@given(lons, lats, st.floats(0, 360), st.floats(0, 150))
@settings(deadline=None)
def test_steps_are_as_long_as_the_ground(lon: float, lat: float, bearing: float, length_m: float) -> None:
    end_lon, end_lat, _ = WGS84.fwd(lon, lat, bearing, length_m)
    if abs(end_lat) > 85.05:
        return
    way = steps(*(np.array([value]) for value in (lon, lat, end_lon, end_lat)))
    assert np.hypot(way.east_m, way.south_m)[0] == pytest.approx(length_m, abs=2e-3)


@given(lons, lats, lons, lats)
@settings(deadline=None)
def test_a_jump_never_passes_for_a_step(lon0: float, lat0: float, lon1: float, lat1: float) -> None:
    way = steps(*(np.array([value]) for value in (lon0, lat0, lon1, lat1)))
    assert np.hypot(way.east_m, way.south_m)[0] >= 0.99 * WGS84.inv(lon0, lat0, lon1, lat1)[2] - 1e-6
