"""The real movement tracks, cut into runs of one kind that can be joined end to start.

A run keeps every real step and every real interval; only its place and its bearing are free.
"""

import csv
import io
import zipfile
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby

import numpy as np
import numpy.typing as npt

from demo.sources import DATA

Floats = npt.NDArray[np.float64]

LONGEST_GAP_S = 300.0
AROUND = 3
FEWEST_STEPS = 6
WALKING_M_S = (0.5, 2.5)
SLOW_M_S = (2.5, 8.0)
FAST_M_S = (10.0, 24.0)
SCORE_STEP_M = 12.0


@dataclass(frozen=True)
class Run:
    """One stretch of real movement: steps east and north in metres (n, 2) and their seconds (n,)."""

    source: str
    steps_m: Floats
    seconds: Floats

    @property
    def length_m(self) -> float:
        """Length of the way."""
        return float(np.hypot(*self.steps_m.T).sum())

    @property
    def speed_m_s(self) -> float:
        """Mean speed over all of it, standing included."""
        return self.length_m / float(self.seconds.sum())

    @cached_property
    def outline(self) -> Floats:
        """Positions about `SCORE_STEP_M` apart along the way, the end included, shape (k, 2), from (0, 0)."""
        path = np.vstack([[0.0, 0.0], np.cumsum(self.steps_m, axis=0)])
        along = np.concatenate([[0.0], np.cumsum(np.hypot(*self.steps_m.T))])
        at = np.linspace(0.0, along[-1], max(2, int(along[-1] / SCORE_STEP_M) + 1))
        return np.column_stack([np.interp(at, along, path[:, axis]) for axis in (0, 1)])


@dataclass(frozen=True, slots=True)
class Movement:
    """Runs by use: walking, driving slowly enough to look, driving past."""

    foot: tuple[Run, ...]
    slow: tuple[Run, ...]
    fast: tuple[Run, ...]


@lru_cache(maxsize=1)
def load() -> Movement:
    """All runs worth using; sitting still, and speeds that contradict the label, are left out."""
    foot: list[Run] = []
    slow: list[Run] = []
    fast: list[Run] = []
    with zipfile.ZipFile(DATA / "goal_trajectories.zip") as archive:
        for name in sorted(archive.namelist()):
            for label, run in _runs(name, archive.read(name).decode("utf-8")):
                if label == "OnFoot":
                    foot.extend(walk for walk in _stretches(run, *WALKING_M_S) if walk.length_m > 40)
                else:
                    slow.extend(drive for drive in _stretches(run, *SLOW_M_S) if drive.length_m > 100)
                    fast.extend(drive for drive in _stretches(run, *FAST_M_S) if drive.length_m > 400)
    return Movement(tuple(foot), tuple(slow), tuple(fast))


def _stretches(run: Run, least_m_s: float, most_m_s: float) -> list[Run]:
    """The unbroken parts of a run that get ahead at such a speed; sitting still and its scatter fall away.

    The speed is that of getting from `AROUND` fixes before to `AROUND` fixes after: scatter has steps but gets nowhere.
    """
    path = np.vstack([[0.0, 0.0], np.cumsum(run.steps_m, axis=0)])
    clock = np.concatenate([[0.0], np.cumsum(run.seconds)])
    at = np.arange(len(path))
    ahead, behind = np.minimum(at + AROUND, at[-1]), np.maximum(at - AROUND, 0)
    speed = np.hypot(*(path[ahead] - path[behind]).T) / (clock[ahead] - clock[behind])
    wanted = (speed >= least_m_s) & (speed <= most_m_s)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], wanted, [False]])))
    parts = [(int(start), int(stop) - 1) for start, stop in zip(edges[::2], edges[1::2], strict=True)]
    found = [Run(run.source, run.steps_m[a:b], run.seconds[a:b]) for a, b in parts if b - a >= FEWEST_STEPS]
    return [stretch for stretch in found if least_m_s <= stretch.speed_m_s <= most_m_s]


def _runs(name: str, text: str) -> list[tuple[str, Run]]:
    rows = list(csv.DictReader(io.StringIO(text)))
    found = []
    for label, group in groupby(rows, key=lambda row: row["groundtruth"]):
        members = list(group)
        where = np.array([(float(row["x"]), float(row["y"])) for row in members])
        when = np.array([row["timestamp"] for row in members], dtype="datetime64[ns]").astype(np.int64) / 1e9
        seconds = np.diff(when)
        if len(members) > FEWEST_STEPS and seconds.min() > 0 and seconds.max() <= LONGEST_GAP_S:
            found.append((label, Run(name, np.diff(where, axis=0), seconds)))
    return found
