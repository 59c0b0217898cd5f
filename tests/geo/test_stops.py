"""Stops: planted ones are found with their times, whatever the receiver does; nothing else is one."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.frame import Floats
from geo.stops import AWAY_S, LEAST_S, RADIUS_M, STEP_S, distance_m, stops

LON, LAT = 119.85, 31.75
M_LAT = 1 / 111_195
M_LON = M_LAT / np.cos(np.radians(LAT))
Track = tuple[Floats, Floats, Floats]


def track(*parts: tuple[float, float], every_s: float = 15.0, jitter_m: float = 0.0, seed: int = 0) -> Track:
    """Eastward: (minutes, metres per second) one after the other, from 0 s on."""
    speeds = np.concatenate([np.full(int(minutes * 60 / every_s), speed) for minutes, speed in parts])
    east = np.concatenate([[0.0], np.cumsum(speeds * every_s)])
    noise = np.random.default_rng(seed).normal(0, jitter_m, (2, east.size))
    return LON + (east + noise[0]) * M_LON, LAT + noise[1] * M_LAT, np.arange(east.size) * every_s


@settings(max_examples=60, deadline=None)
@given(
    minutes=st.integers(18, 300),
    every_s=st.sampled_from([1.0, 5.0, 10.0, 30.0, 60.0]),
    jitter_m=st.floats(0, 12),
    seed=st.integers(0, 1000),
)
def test_a_planted_stop_is_found_with_its_times(minutes: int, every_s: float, jitter_m: float, seed: int) -> None:
    lon, lat, at = track((10, 12.0), (minutes, 0.0), (10, 12.0), every_s=every_s, jitter_m=jitter_m, seed=seed)
    (stop,) = stops(lon, lat, at)
    slack_s = 2 * max(every_s, STEP_S)
    assert stop.from_s == pytest.approx(600, abs=slack_s)
    assert stop.until_s == pytest.approx(600 + minutes * 60, abs=slack_s)
    assert float(distance_m(stop.lon, stop.lat, LON + 7200 * M_LON, LAT)) < 25


@settings(max_examples=40, deadline=None)
@given(speed=st.floats(0.3, 30), every_s=st.sampled_from([1.0, 15.0, 60.0]), seed=st.integers(0, 1000))
def test_what_keeps_rolling_never_stops(speed: float, every_s: float, seed: int) -> None:
    assert stops(*track((90, speed), every_s=every_s, jitter_m=8.0, seed=seed)) == []


def random_walk(seed: int, count: int) -> Track:
    """A vehicle that stands and goes as it likes, with holes in its record."""
    draw = np.random.default_rng(seed)
    at = np.cumsum(draw.choice([5.0, 20.0, 60.0, 900.0], count, p=[0.4, 0.4, 0.17, 0.03]))
    steps = draw.normal(0, 30, (2, count)) * (draw.random(count) < 0.2)
    east, north = np.cumsum(steps, axis=1)
    return LON + east * M_LON, LAT + north * M_LAT, at


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), count=st.integers(0, 400))
def test_stops_are_long_enough_apart_in_time_and_begin_and_end_at_their_place(seed: int, count: int) -> None:
    lon, lat, at = random_walk(seed, count)
    found = stops(lon, lat, at)
    for stop in found:
        assert stop.until_s - stop.from_s >= LEAST_S
        for end in (stop.from_s, stop.until_s):
            here = int(np.flatnonzero(at == end)[0])
            assert float(distance_m(lon[here], lat[here], stop.lon, stop.lat)) <= RADIUS_M
    assert all(before.until_s < after.from_s for before, after in itertools.pairwise(found))


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), later_s=st.integers(-1_000_000, 1_000_000))
def test_neither_the_order_of_the_fixes_nor_the_day_matters(seed: int, later_s: int) -> None:
    lon, lat, at = random_walk(seed, 200)
    mixed = np.random.default_rng(seed).permutation(at.size)
    whole = later_s - later_s % STEP_S
    moved = [
        (s.lon, s.lat, s.from_s - whole, s.until_s - whole) for s in stops(lon[mixed], lat[mixed], at[mixed] + whole)
    ]
    assert moved == [(s.lon, s.lat, s.from_s, s.until_s) for s in stops(lon, lat, at)]


def test_a_receiver_off_with_the_engine_leaves_no_hole() -> None:
    lon, lat, at = track((5, 12.0), (120, 0.0), (5, 12.0))
    on = (at < 360) | (at > 5 * 60 + 119 * 60)
    (stop,) = stops(lon[on], lat[on], at[on])
    assert stop.minutes == pytest.approx(120, abs=1)


def test_a_wild_fix_ends_no_stop_and_a_trip_does() -> None:
    lon, lat, at = track((5, 12.0), (60, 0.0), (5, 12.0))
    lat[100] += 5000 * M_LAT
    assert len(stops(lon, lat, at)) == 1
    away = (at >= 1800) & (at <= 1800 + AWAY_S + 60)
    lat[away] += 400 * M_LAT
    assert len(stops(lon, lat, at)) == 2


def test_a_shorter_stay_or_nothing_is_no_stop() -> None:
    assert stops(*track((5, 12.0), (14, 0.0), (5, 12.0))) == []
    assert stops(*(np.empty(0),) * 3) == []
