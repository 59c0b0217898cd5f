"""The demo's patrols are real movement in another place, honest about it, and the same every time."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
import shapely

from demo import movement
from demo.intentions import Intention
from demo.patrols import DAY_DONE, Job, one_after_another, patrols_for
from demo.plan import Plan
from demo.plane import Floats, Plane
from demo.walking import Ground, disc_of, walk
from tests.demo.conftest import LAST_DAY, ZONE


def local(epoch_ms: float) -> datetime:
    return datetime.fromtimestamp(epoch_ms / 1000, ZONE)


def lengths_and_times(steps_m: Floats, seconds: Floats) -> list[tuple[float, float]]:
    return list(zip(np.hypot(*steps_m.T).round(6).tolist(), seconds.round(6).tolist(), strict=True))


def test_every_step_is_a_real_one() -> None:
    """Turned and mirrored, a step keeps its length and its seconds."""
    runs = movement.load().foot[:5]
    square = Ground(shapely.box(0, 0, 400, 400))
    way = walk(square, runs * 3, 30.0, 5.0, 0.9, np.random.default_rng(1))
    real = {
        (round(float(np.hypot(*step)), 6), round(float(s), 6))
        for r in runs
        for step, s in zip(r.steps_m, r.seconds, strict=True)
    }
    steps = np.hypot(*np.diff(way.metres, axis=0).T)
    made = {(round(float(m), 6), round(float(s), 6)) for m, s in zip(steps, np.diff(way.seconds), strict=True)}
    assert len(made) > 20
    assert made <= real


def test_runs_get_ahead_and_keep_their_kind() -> None:
    real = movement.load()
    assert len(real.foot) > 100
    assert len(real.slow) > 100
    assert len(real.fast) > 50
    assert all(0.5 < run.speed_m_s < 3 for run in real.foot)
    assert all(2 < run.speed_m_s < 8.3 for run in real.slow)
    assert all(run.speed_m_s > 9 for run in real.fast)


def test_walking_prefers_ground_not_yet_seen() -> None:
    ground = Ground(shapely.box(0, 0, 300, 300))
    way = walk(ground, movement.load().foot, 30.0, 200.0, 0.95, np.random.default_rng(2))
    assert ground.seen_share >= 0.95
    length_m = float(np.hypot(*np.diff(way.metres, axis=0).T).sum())
    assert length_m < 4 * 300 * 300 / 60  # at most four times the shortest way that could do it


def test_a_disc_reaches_as_far_as_the_half_width() -> None:
    assert len(disc_of(5.0)) == 1
    assert len(disc_of(30.0)) == 29


def test_five_weeks_end_on_the_last_day_and_no_patrol_lies_later(plan: Plan) -> None:
    starts = [local(patrol.epoch_ms[0]) for patrol in plan.patrols]
    ends = [local(patrol.epoch_ms[-1]) for patrol in plan.patrols]
    assert min(starts).date() >= LAST_DAY - timedelta(days=34)
    assert max(ends).date() == LAST_DAY
    assert all(start.hour >= 8 for start in starts)
    assert all(end.time() < DAY_DONE for end in ends)
    assert starts == sorted(starts)


def test_an_officer_is_in_one_place_at_a_time(plan: Plan) -> None:
    by_officer: dict[str, list[tuple[float, float]]] = {}
    for patrol in plan.patrols:
        by_officer.setdefault(patrol.officer_code, []).append((patrol.epoch_ms[0], patrol.epoch_ms[-1]))
    for spans in by_officer.values():
        spans.sort()
        assert all(first[1] < second[0] for first, second in pairwise(spans))


def test_there_are_some_of_every_kind(plan: Plan) -> None:
    purposes = Counter(patrol.purpose for patrol in plan.patrols)
    assert {"well", "stale", "half", "too_fast", "driven"} < set(purposes)
    assert all(purposes[name] == 1 for name in ("weak", "jump", "voided", "drone"))
    assert 300 <= len(plan.patrols) <= 900
    walked = {patrol.grid_code for patrol in plan.patrols if patrol.void_reason is None and patrol.purpose != "weak"}
    never = {grid.code for grid in plan.scene.of(Intention.NEVER)}
    assert never
    assert not walked & never


def test_accuracy_is_drawn_between_4_and_20_m_but_for_one_weak_patrol(plan: Plan) -> None:
    for patrol in plan.patrols:
        low, high = (45, 90) if patrol.purpose == "weak" else (4, 20)
        assert low <= patrol.accuracy_m.min()
        assert patrol.accuracy_m.max() <= high


def test_one_patrol_jumps(plan: Plan) -> None:
    jump = next(patrol for patrol in plan.patrols if patrol.purpose == "jump")
    where = Plane.at(float(jump.lon[0]), float(jump.lat[0])).to_m(np.column_stack([jump.lon, jump.lat]))
    steps = np.hypot(*np.diff(where, axis=0).T)
    assert (steps > 500).sum() == 2


def test_ids_differ_and_are_the_same_every_time(plan: Plan) -> None:
    assert len({patrol.id for patrol in plan.patrols}) == len(plan.patrols)
    grid = plan.scene.of(Intention.HALF)[0]
    job = Job(grid, Intention.HALF, 15, "YS1")
    first, second = patrols_for(job, plan.clock), patrols_for(job, plan.clock)
    assert [p.id for p in first] == [p.id for p in second]
    assert all(np.array_equal(a.lon, b.lon) for a, b in zip(first, second, strict=True))


def test_patrols_of_one_officer_on_one_day_are_moved_apart(plan: Plan) -> None:
    one = plan.patrols[0]
    first, second = one_after_another([one, one], plan.clock)
    assert second.started_ms - first.started_ms == pytest.approx(118 * 60_000)
