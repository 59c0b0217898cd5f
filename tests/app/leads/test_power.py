"""The statistic of power users: what leaves a user's own past is found, what keeps to it is not."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.leads.power import LEAST_MORE_KWH, THRESHOLD, judge, judge_all
from geo.frame import Floats

months = st.integers(9, 36)
levels = st.floats(800, 500_000)
seeds = st.integers(0, 100_000)


def usual(count: int, level: float, seed: int, spread: float = 0.08) -> Floats:
    """Readings that vary by some percent from month to month."""
    found: Floats = level * np.exp(np.random.default_rng(seed).normal(0, spread, count))
    return found


def seasonal(count: int, level: float, seed: int) -> Floats:
    """A cold store: three times as much in August as in February."""
    cycle = np.exp(0.55 * np.sin(np.arange(count) / 12 * 2 * np.pi))
    found: Floats = usual(count, level, seed, 0.03) * cycle
    return found


@settings(max_examples=100, deadline=None)
@given(count=months, level=levels, seed=seeds)
def test_a_planted_threefold_jump_is_found(count: int, level: float, seed: int) -> None:
    kwh = usual(count, level, seed)
    kwh[-3:] = np.median(kwh[:-3]) * 3
    found = judge(kwh)
    assert found.verdict == "grown"
    assert (found.score or 0) > THRESHOLD
    assert found.recent_kwh >= 1.5 * found.expected_kwh


@settings(max_examples=100, deadline=None)
@given(count=months, level=levels, seed=seeds, factor=st.floats(0.001, 1000))
def test_the_score_does_not_depend_on_the_size_of_the_user(count: int, level: float, seed: int, factor: float) -> None:
    kwh = usual(count, level, seed, 0.3)
    one, other = judge(kwh), judge(kwh * factor)
    assert one.score is not None
    assert other.score == pytest.approx(one.score, rel=1e-6, abs=1e-6)
    assert other.expected_kwh == pytest.approx(one.expected_kwh * factor, rel=1e-6)


@settings(max_examples=100, deadline=None)
@given(count=st.integers(9, 60), level=levels, growth=st.floats(-0.15, 0.15))
def test_steady_growth_is_a_pattern_of_its_own(count: int, level: float, growth: float) -> None:
    assert judge(level * np.exp(growth * np.arange(count))).verdict == "usual"


@settings(max_examples=60, deadline=None)
@given(count=st.integers(24, 48), level=levels, seed=seeds)
def test_what_returns_every_summer_is_none_and_a_jump_on_top_is_one(count: int, level: float, seed: int) -> None:
    kwh = seasonal(count, level, seed)
    found = judge(kwh)
    assert (found.verdict, found.is_seasonal) == ("usual", True)
    kwh[-3:] *= 3
    assume(float(np.median(kwh[-3:])) > 2 * LEAST_MORE_KWH)
    assert judge(kwh).verdict == "grown"


def test_a_few_wild_months_of_the_past_hide_nothing() -> None:
    kwh = usual(20, 5000, 1)
    kwh[[2, 7]] = 90_000, 10
    kwh[-3:] = 16_000
    assert judge(kwh).verdict == "grown"


def test_one_wild_month_now_is_no_growth() -> None:
    kwh = usual(20, 5000, 1)
    kwh[-1] = 90_000
    assert judge(kwh).verdict == "usual"


def test_a_trifle_is_none_however_even_the_user_was() -> None:
    even = [1000.0] * 12
    assert judge(np.array([*even, 1400, 1400, 1400])).verdict == "usual", "less than half as much again"
    assert judge(np.array([100.0] * 12 + [400.0] * 3)).verdict == "usual", "less than 500 kWh more"
    assert judge(np.array([*even, 1510, 1510, 1510])).verdict == "grown"


def test_users_without_a_past_are_told_apart() -> None:
    nan = float("nan")
    assert judge(np.array([900.0] * 5 + [9000.0] * 3)).verdict == "too_short"
    assert judge(np.array([nan] * 8 + [900.0] * 5 + [9000.0] * 3)).verdict == "too_short"
    assert judge(np.array([900.0] * 9 + [nan, nan, 9000.0])).verdict == "too_short"
    assert judge(np.array([0.0] * 10 + [6000.0] * 3)).verdict == "new_user"
    assert judge(np.array([0.0] * 10 + [300.0] * 3)).verdict == "usual"


def test_less_and_less_and_then_the_same_is_no_growth() -> None:
    falling = 20_000 * np.exp(-0.08 * np.arange(30.0))
    kwh = np.concatenate([falling, np.full(6, falling[-12])])
    assert judge(kwh).verdict == "usual"


@settings(max_examples=60, deadline=None)
@given(count=st.integers(1, 30), seed=seeds, users=st.integers(0, 40))
def test_many_at_once_are_judged_as_one_by_one(count: int, seed: int, users: int) -> None:
    draw = np.random.default_rng(seed)
    kwh = draw.choice([0, 300, 2000, 9000, np.nan], (users, count)) * np.exp(draw.normal(0, 0.4, (users, count)))
    assert [each.verdict for each in judge_all(kwh)] == [judge(row).verdict for row in kwh]
