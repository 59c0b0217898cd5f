"""Copies of tracks: found by a handful of hashes and confirmed fix by fix; walking alike is no copying."""

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demo import movement
from geo.datum import Datum, from_wgs84, to_wgs84
from geo.sketches import SKETCH_SIZE, Likeness, Sketch, is_coarse, likeness, sketch
from geo.tracks import Fixes, Mode
from tests.geo.real_tracks import LAT_PER_M, LON_PER_M, START_MS, people

DAY_MS = 86_400_000
Metres = np.ndarray


def placed(metres: Metres, seconds: np.ndarray, start_ms: int = START_MS) -> Fixes:
    """Fixes at metres (n, 2) from a place in Changzhou, written with seven decimals."""
    lon, lat = (119.95 + metres[:, 0] * LON_PER_M).round(7), (31.80 + metres[:, 1] * LAT_PER_M).round(7)
    return Fixes.of(lon, lat, start_ms + np.rint(seconds * 1000).astype(np.int64))


def real_way() -> tuple[Metres, np.ndarray]:
    """An hour and a half of real walking, one run after the other."""
    steps_m, seconds = [], []
    for run in movement.load().foot[:150]:
        steps_m.append(run.steps_m)
        seconds.append(run.seconds)
    metres = np.vstack([[[0.0, 0.0]], np.cumsum(np.concatenate(steps_m), axis=0)])
    return metres[:1000], np.concatenate([[0.0], np.cumsum(np.concatenate(seconds))])[:1000]


WAY, CLOCK = real_way()
WALK = placed(WAY, CLOCK)


def drifting(seed: int, count: int, size_m: float) -> Metres:
    """A receiver's error as it is: it wanders."""
    rng = np.random.default_rng(seed)
    kernel = np.exp(-np.arange(60) / 10)
    error = np.stack([np.convolve(rng.normal(0, 1, count + 59), kernel, "valid") for _ in range(2)], axis=1)
    return error / error.std() * size_m


def beside(
    seed: int, start_ms: int, later_s: float = 0.0, pace: Callable[[np.ndarray], np.ndarray] = lambda t: t
) -> Fixes:
    """Somebody else's record of the same way: own instants, own error, begun later, at another pace."""
    rng = np.random.default_rng(seed)
    at = np.arange(later_s, pace(CLOCK)[-1], 5.0) + rng.uniform(0, 1)
    way = np.stack([np.interp(at, pace(CLOCK), WAY[:, axis]) for axis in (0, 1)], axis=1)
    return placed(way + drifting(seed, len(at), 4.0) + 1.5, at, start_ms)


def alike(one: Fixes, other: Fixes, mode: Mode = Mode.FOOT) -> Likeness | None:
    """The likeness of two tracks as the service asks for it."""
    return likeness(one, other, mode, coarse=is_coarse(one.lon, one.lat) or is_coarse(other.lon, other.lat))


def shared(one: Fixes, other: Fixes) -> tuple[int, int]:
    """How many hashes of places and of paces two tracks' sketches have in common."""
    a, b = (sketch(fixes, Mode.FOOT, coarse=is_coarse(fixes.lon, fixes.lat)) for fixes in (one, other))
    return np.intersect1d(a.places, b.places).size, np.intersect1d(a.paces, b.paces).size


def on_another_day(fixes: Fixes) -> Fixes:
    """The same track with its times moved."""
    return Fixes(fixes.lon, fixes.lat, fixes.time_ms + 3 * DAY_MS, fixes.accuracy_m)


def through_gcj02(fixes: Fixes) -> Fixes:
    """The same track sent in the datum of Chinese maps, and brought back."""
    lon, lat = to_wgs84(*(axis.round(7) for axis in from_wgs84(fixes.lon, fixes.lat, Datum.GCJ02)), Datum.GCJ02)
    return Fixes(lon, lat, fixes.time_ms, fixes.accuracy_m)


def part(start: int, stop: int, step: int = 1) -> Fixes:
    """Some of the fixes, sent on another day."""
    return placed(WAY[start:stop:step], CLOCK[start:stop:step] - CLOCK[start], START_MS + DAY_MS)


SAME_PLACES = {
    "again": WALK,
    "on another day": on_another_day(WALK),
    "backwards": placed(WAY[::-1], CLOCK, START_MS + DAY_MS),
    "without its first third": part(333, 1000),
    "without its end": part(0, 600),
    "the middle fifth": part(400, 600),
    "every third fix": part(0, 1000, 3),
    "with six decimals": Fixes(WALK.lon.round(6), WALK.lat.round(6), WALK.time_ms + DAY_MS, WALK.accuracy_m),
    "through GCJ-02": through_gcj02(on_another_day(WALK)),
}


@pytest.mark.parametrize("how", SAME_PLACES)
def test_a_copy_has_the_same_places(how: str) -> None:
    copy = SAME_PLACES[how]
    assert shared(WALK, copy)[0] >= 2, "it would not be found"
    found = alike(WALK, copy)
    assert found is not None
    assert found.how == "places"
    assert found.share > 0.7
    assert found == alike(copy, WALK)


@pytest.mark.parametrize("noise_m", [1, 3, 5])
@pytest.mark.parametrize("every", [1, 3])
def test_a_copy_with_scattered_places_keeps_its_pace(noise_m: float, every: int) -> None:
    scatter = np.random.default_rng(8).normal(0, noise_m, WAY.shape)
    copy = placed((WAY + scatter)[::every], CLOCK[::every], START_MS + DAY_MS)
    assert shared(WALK, copy)[0] == 0
    assert shared(WALK, copy)[1] >= 6, "it would not be found"
    found = alike(WALK, copy)
    assert found is not None
    assert found.how == "pace"
    assert found.apart_m < 3 * noise_m


def test_a_copy_with_fewer_decimals_keeps_its_pace() -> None:
    copy = Fixes(WALK.lon.round(5), WALK.lat.round(5), WALK.time_ms + DAY_MS, WALK.accuracy_m)
    found = alike(WALK, copy)
    assert found is not None
    assert found.how == "pace"


def test_a_coarse_track_sent_again_is_a_copy() -> None:
    coarse = Fixes(WALK.lon.round(5), WALK.lat.round(5), WALK.time_ms, WALK.accuracy_m)
    assert sketch(coarse, Mode.FOOT, coarse=True).places.size == 0
    found = alike(coarse, coarse)
    assert found is not None
    assert found.how == "places"


def test_scatter_at_the_very_same_instants_is_a_copy() -> None:
    copy = placed(WAY + np.random.default_rng(9).normal(0, 4, WAY.shape), CLOCK)
    found = alike(WALK, copy)
    assert found is not None
    assert found.how == "pace"


@pytest.mark.parametrize("later_s", [0.0, 5.0, 30.0, 120.0])
def test_two_who_walk_together_are_no_copies(later_s: float) -> None:
    for seed in range(10):
        together = beside(seed, START_MS, later_s)
        assert shared(WALK, together)[0] < 2
        assert alike(WALK, together) is None
        assert alike(together, WALK) is None


@pytest.mark.parametrize("off", [0.01, 0.03, 0.1])
def test_the_same_round_on_another_day_is_no_copy(off: float) -> None:
    for seed in range(10):
        factor = 1 + off * (1 if seed % 2 else -1)
        daily = beside(seed, START_MS + DAY_MS, 0.0, lambda t, factor=factor: t * factor)
        assert alike(WALK, daily) is None


def test_an_even_pace_every_day_is_no_copy() -> None:
    """The hardest round to tell from a copy: the same pace to a thousandth, only each step a little uneven."""
    for seed in range(20):
        rng = np.random.default_rng(seed)
        clock = 5.0 * np.arange(240)
        days = []
        for day in range(2):
            along_m = np.cumsum(6 * rng.uniform(0.5, 1.3, 240))
            way = np.column_stack([along_m, np.zeros(240)]) + rng.normal(0, 1.5, (240, 2))
            days.append(placed(way, clock, START_MS + day * DAY_MS))
        assert alike(*days) is None


def test_a_drone_flies_its_mission_again() -> None:
    mission = np.column_stack([10.0 * np.arange(700), np.zeros(700)])
    rng = np.random.default_rng(2)
    days = [
        placed(mission + rng.normal(0, 0.5, mission.shape), 1.0 * np.arange(700), START_MS + day * DAY_MS)
        for day in range(2)
    ]
    assert sketch(days[0], Mode.DRONE, coarse=False).paces.size == 0
    assert alike(*days, mode=Mode.DRONE) is None
    found = alike(days[0], on_another_day(days[0]), mode=Mode.DRONE)
    assert found is not None
    assert found.how == "places"


def test_standing_guard_every_day_is_no_copy() -> None:
    clock = 5.0 * np.arange(700)
    one, other = (placed(drifting(seed, 700, 3.0), clock, START_MS + seed * DAY_MS) for seed in (1, 2))
    assert alike(one, other) is None


def test_positions_of_a_wireless_network_repeat_and_prove_nothing() -> None:
    desk = np.tile(np.array([[0.0, 0.0], [12.3, 4.5], [8.8, 20.1], [3.3, 9.7], [15.2, 2.2], [1.1, 17.9]]), (40, 1))
    clock = 5.0 * np.arange(240)
    assert alike(placed(desk, clock), placed(desk[::-1], clock, START_MS + DAY_MS)) is None


def test_real_tracks_are_no_copies_of_each_other() -> None:
    """Put onto one place they meet as often as can be; no sketch has more than chance in common."""
    tracks = people()
    sketches = [sketch(fixes, Mode.FOOT, coarse=False) for fixes in tracks]
    meeting = [
        (i, j)
        for i, j in combinations(range(len(tracks)), 2)
        if np.intersect1d(sketches[i].places, sketches[j].places, assume_unique=True).size >= 2
    ]
    assert [(i, j) for i, j in meeting if alike(tracks[i], tracks[j])] == []


def test_next_to_nothing_is_no_copy() -> None:
    assert alike(part(0, 4), part(0, 4)) is None
    nothing = Fixes.of([], [], np.array([], dtype=np.int64))
    assert alike(nothing, WALK) is None
    assert [column.size for column in sketch(nothing, Mode.FOOT, coarse=False)] == [0, 0]


def test_a_few_fixes_sent_again_are_a_copy() -> None:
    few = placed(np.array([[0.0, 0.0], [40.2, 1.7], [81.1, 3.3], [119.9, 40.4], [160.3, 80.8]]), 30.0 * np.arange(5))
    assert alike(few, on_another_day(few)) == Likeness("places", 1.0, 5, 0.0)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(5, 1000))
def test_a_sketch_is_of_places_whatever_their_order(seed: int, count: int) -> None:
    order = np.random.default_rng(seed).permutation(count)
    mixed = placed(WAY[:count][order], CLOCK[:count])
    one, other = (sketch(fixes, Mode.FOOT, coarse=False) for fixes in (placed(WAY[:count], CLOCK[:count]), mixed))
    assert one.places.tolist() == other.places.tolist()
    assert one.places.size <= SKETCH_SIZE
    assert isinstance(one, Sketch)
