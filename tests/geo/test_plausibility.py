"""Signs of records made without being there: each planted and found, and none in movement that was real."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.plausibility import MOST_M_S, Facts, Sign, signs
from geo.tracks import Fixes, Mode
from tests.geo.real_tracks import LAT_PER_M, LON_PER_M, START_MS, hikes, parts, people

FALSE_ALARMS = 0.02


def fixes_of(
    east_m: np.ndarray, north_m: np.ndarray, seconds: np.ndarray, accuracy_m: np.ndarray | None = None
) -> Fixes:
    """Fixes at metres from a place in Changzhou, written as phones do, with seven decimals."""
    lon, lat = (119.95 + east_m * LON_PER_M).round(7), (31.80 + north_m * LAT_PER_M).round(7)
    return Fixes.of(lon, lat, START_MS + np.rint(seconds * 1000).astype(np.int64), accuracy_m)


def stroll(count: int = 300, seed: int = 1, step_s: float = 5.0, speed_m_s: float = 1.2) -> Fixes:
    """A walk that turns a little at each step, as received: the error drifts, and accuracy changes with it."""
    rng = np.random.default_rng(seed)
    bearing = np.cumsum(rng.normal(0, 0.25, count))
    step_m = speed_m_s * step_s * rng.uniform(0.6, 1.2, count)
    error = rng.normal(0, 1.2, (2, count))
    east, north = np.cumsum(step_m * np.sin(bearing)) + error[0], np.cumsum(step_m * np.cos(bearing)) + error[1]
    return fixes_of(east, north, step_s * np.arange(count), rng.uniform(3, 18, count).round(1))


def changed(fixes: Fixes, **columns: np.ndarray) -> Fixes:
    """The same fixes with some columns replaced."""
    kept = {name: getattr(fixes, name) for name in ("lon", "lat", "time_ms", "accuracy_m")}
    return Fixes(**{**kept, **columns})


def only(fixes: Fixes, sign: Sign, mode: Mode = Mode.FOOT) -> Facts:
    """The facts of a sign that must be the only one."""
    found = signs(fixes, mode)
    assert list(found) == [sign]
    return found[sign]


def test_a_stroll_shows_no_sign() -> None:
    assert [signs(stroll(seed=seed), Mode.FOOT) for seed in range(20)] == [{}] * 20


def test_real_movement_shows_none_either() -> None:
    """The figure of the README: findings that arise from real fixes alone, of tracks and of their parts."""
    tracks = [*((fixes, Mode.VEHICLE) for fixes in people()), *parts(), *hikes()]
    assert len(tracks) > 2_500
    alarms = [found for fixes, mode in tracks if (found := signs(fixes, mode))]
    assert len(alarms) < FALSE_ALARMS * len(tracks), f"{len(alarms)} of {len(tracks)}: {alarms[:5]}"


def test_an_accuracy_of_zero_is_told() -> None:
    walk = stroll()
    zero = np.where(np.arange(len(walk)) % 10 == 0, 0.0, walk.accuracy_m)
    assert only(changed(walk, accuracy_m=zero), Sign.ACCURACY_ZERO) == {"zero": 30, "fixes": 300}


def test_two_zeros_among_hundreds_are_not() -> None:
    walk = stroll()
    assert signs(changed(walk, accuracy_m=np.where(np.arange(300) < 2, 0.0, walk.accuracy_m)), Mode.FOOT) == {}


def test_an_accuracy_that_never_changes_is_told() -> None:
    walk = stroll()
    facts = only(changed(walk, accuracy_m=np.full(300, 5.0)), Sign.ACCURACY_CONSTANT)
    assert facts == {"accuracy_m": 5.0, "fixes": 300, "duration_s": 1495}


def test_an_unknown_accuracy_is_no_constant_one() -> None:
    assert signs(changed(stroll(), accuracy_m=np.full(300, np.nan)), Mode.FOOT) == {}


def test_a_line_drawn_between_few_points_is_told() -> None:
    corners = np.array([[0, 0], [400, 60], [420, 300], [90, 330]], dtype=np.float64)
    along = np.linspace(0, 3, 181)
    east, north = (np.interp(along, np.arange(4), corners[:, axis]) for axis in (0, 1))
    drawn = fixes_of(east, north, 5.0 * np.arange(181), np.random.default_rng(1).uniform(4, 15, 181))
    facts = only(drawn, Sign.INTERPOLATED)
    assert facts["stretches"] == 3
    assert facts["percent"] > 95
    assert facts["length_m"] == pytest.approx(404.5 + 240.8 + 331.4, abs=5)


def test_points_filled_in_at_every_second_are_told_too() -> None:
    drawn = fixes_of(1.2 * np.arange(600.0), np.zeros(600), np.arange(600.0), np.tile([4.0, 9.0], 300))
    assert Sign.INTERPOLATED in signs(drawn, Mode.FOOT)


def test_equal_steps_at_uneven_times_are_told() -> None:
    seconds = np.cumsum(np.random.default_rng(3).uniform(4.0, 6.0, 100))
    assert Sign.INTERPOLATED in signs(fixes_of(6.0 * np.arange(100), np.zeros(100), seconds), Mode.FOOT)


def test_an_autopilot_may_fly_straight() -> None:
    assert signs(fixes_of(40.0 * np.arange(100), np.zeros(100), 5.0 * np.arange(100)), Mode.DRONE) == {}


def test_a_curve_from_a_formula_is_told() -> None:
    angle = np.linspace(0, 16 * np.pi, 300)
    drawn = fixes_of(45 * np.sin(angle), 35 * np.cos(angle), 5.0 * np.arange(300))
    facts = only(drawn, Sign.NO_JITTER)
    assert facts["jitter_m"] < 0.05


def test_standing_without_any_scatter_is_told() -> None:
    still = fixes_of(np.zeros(150), np.zeros(150), 5.0 * np.arange(150))
    assert only(still, Sign.NO_JITTER) == {"extent_m": 0.0, "fixes": 150, "duration_s": 745}


def test_standing_with_scatter_is_not() -> None:
    rng = np.random.default_rng(5)
    assert signs(fixes_of(*rng.normal(0, 2, (2, 150)), 5.0 * np.arange(150)), Mode.FOOT) == {}


@pytest.mark.parametrize("mode", list(Mode))
def test_a_speed_beyond_the_mode_is_told(mode: Mode) -> None:
    rng = np.random.default_rng(6)
    speed_m_s = 1.2 * MOST_M_S[mode]
    east = np.cumsum(5.0 * speed_m_s * rng.uniform(0.95, 1.05, 60))
    facts = only(fixes_of(east, rng.normal(0, 4, 60), 5.0 * np.arange(60)), Sign.IMPOSSIBLE_SPEED, mode)
    assert facts["mode"] == mode.value
    assert facts["speed_m_s"] == pytest.approx(speed_m_s, rel=0.05)
    assert facts["length_m"] == pytest.approx(east[-1] - east[0], rel=0.02)


def test_leaps_are_told_and_are_no_speed() -> None:
    walk = stroll()
    away = np.where((np.arange(300) // 50) % 2 == 1, 0.02, 0.0)
    facts = only(changed(walk, lon=walk.lon + away), Sign.JUMPS)
    assert facts["jumps"] == 5
    assert facts["farthest_m"] == pytest.approx(1894, abs=30)
    assert facts["in_s"] == 5.0


def test_one_short_leap_happens_to_receivers() -> None:
    walk = stroll()
    assert signs(changed(walk, lon=walk.lon + np.where(np.arange(300) >= 150, 500 * LON_PER_M, 0.0)), Mode.FOOT) == {}


def test_leaps_of_weak_fixes_are_nothing() -> None:
    walk = stroll()
    weak = np.arange(300) % 50 == 49
    astray = changed(walk, lon=walk.lon + np.where(weak, 0.05, 0.0), accuracy_m=np.where(weak, 800.0, walk.accuracy_m))
    assert signs(astray, Mode.FOOT) == {}


@pytest.mark.parametrize("count", [0, 1, 2])
def test_next_to_nothing_shows_nothing(count: int) -> None:
    assert signs(stroll(count), Mode.FOOT) == {}


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1000))
def test_the_order_of_fixes_does_not_matter(seed: int) -> None:
    walk = changed(stroll(seed=seed), accuracy_m=np.full(300, 5.0))
    order = np.random.default_rng(seed).permutation(300)
    mixed = Fixes(walk.lon[order], walk.lat[order], walk.time_ms[order], walk.accuracy_m[order])
    assert signs(mixed, Mode.FOOT) == signs(walk, Mode.FOOT)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(-180, 180), st.floats(-85, 85), st.integers(0, 2_000_000_000_000), st.floats(0, 1e5)),
        max_size=80,
    ),
    st.sampled_from(list(Mode)),
)
def test_any_fixes_can_be_judged(rows: list[tuple[float, float, int, float]], mode: Mode) -> None:
    columns = list(zip(*rows, strict=True)) or [(), (), (), ()]
    fixes = Fixes.of(columns[0], columns[1], np.array(columns[2], dtype=np.int64), columns[3])
    assert set(signs(fixes, mode)) <= set(Sign)
