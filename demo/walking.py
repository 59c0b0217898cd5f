"""Join real runs end to start so that they stay in an area and reach ground not seen yet.

For each next run some turns and mirrorings are tried and the best is taken. What would be seen is judged on a coarse
raster of its own, fast and rough: the figures of the demo come from the engine, never from here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from scipy import ndimage

from demo.movement import Run
from demo.plane import Floats

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

CELL_M = 10.0
TURNS = 6
PHASES = 20
MARGIN_CELLS = 10
REACH_CELLS = 7
FAR_KEPT_FOR = 4
RUNS_TRIED = 2
COST_OUTSIDE = 4.0
COST_FAR = 0.6


@dataclass(slots=True)
class Walked:
    """A way made of real runs: positions in metres (n, 2), seconds from the start (n,), and the runs' sources."""

    metres: Floats
    seconds: Floats
    sources: list[str]


class Ground:
    """The raster of an area: what belongs to it and what of it was not seen yet."""

    def __init__(self, area_m: Any) -> None:
        """Raster the area (a polygon in metres) with a margin that counts as outside."""
        margin = MARGIN_CELLS * CELL_M
        west, south, east, north = area_m.bounds
        self.origin = np.array([west - margin, south - margin])
        self.shape = (int((north - south + 2 * margin) / CELL_M) + 1, int((east - west + 2 * margin) / CELL_M) + 1)
        rows, columns = np.indices(self.shape)
        x, y = self.origin[0] + (columns + 0.5) * CELL_M, self.origin[1] + (rows + 0.5) * CELL_M
        shapely.prepare(area_m)
        self.inside: Bools = shapely.contains_xy(area_m, x, y)
        self.fresh = self.inside.copy()
        self._size = max(int(self.inside.sum()), 1)
        self._far: Floats | None = None
        self._far_age = 0

    @property
    def seen_share(self) -> float:
        """The part of the area seen so far, 0 to 1."""
        return 1.0 - float(self.fresh.sum()) / self._size

    def deepest(self) -> Floats:
        """The middle of the cell farthest from anything seen or foreign: a good place to begin."""
        source = self.fresh if self.fresh.any() else self.inside
        depth = ndimage.distance_transform_edt(np.pad(source, 1))[1:-1, 1:-1]
        row, column = np.unravel_index(int(np.argmax(depth)), self.shape)
        return self.origin + (np.array([column, row]) + 0.5) * CELL_M

    def distance_to_fresh_m(self, metres: Floats) -> Floats:
        """How far each position (..., 2) is from ground not seen yet, a few ways ago."""
        if self._far is None or self._far_age >= FAR_KEPT_FOR:
            self._far = ndimage.distance_transform_edt(~self.fresh) * CELL_M
            self._far_age = 0
        found: Floats = self._far[self._rows_columns(metres)]
        return found

    def gain_and_outside(self, metres: Floats, disc: Ints) -> tuple[Ints, Ints]:
        """For candidate ways (c, n, 2): fresh cells seen, and positions outside the area."""
        rows, columns = self._rows_columns(metres)
        outside = (~self.inside[rows, columns]).sum(axis=1)
        flat = self._around(rows, columns, disc)
        hit = np.zeros((len(metres), self.fresh.size), dtype=np.bool_)
        hit[np.arange(len(metres))[:, None], flat] = True
        return (hit & self.fresh.ravel()).sum(axis=1), outside

    def see(self, metres: Floats, disc: Ints) -> None:
        """Take what a way (n, 2) sees off the fresh ground."""
        rows, columns = self._rows_columns(metres[None])
        self.fresh.ravel()[self._around(rows, columns, disc)[0]] = False
        self._far_age += 1

    def _rows_columns(self, metres: Floats) -> tuple[Ints, Ints]:
        # cut to where a disc still fits: the margin is outside of the area anyway
        cells = np.floor((metres - self.origin) / CELL_M).astype(np.int64)
        most = np.array([self.shape[1], self.shape[0]]) - 1 - REACH_CELLS
        np.minimum(np.maximum(cells, REACH_CELLS, out=cells), most, out=cells)
        return cells[..., 1], cells[..., 0]

    def _around(self, rows: Ints, columns: Ints, disc: Ints) -> Ints:
        offsets = disc[:, 0] * self.shape[1] + disc[:, 1]
        flat: Ints = ((rows * self.shape[1] + columns)[..., None] + offsets).reshape(len(rows), -1)
        return flat


def disc_of(half_width_m: float) -> Ints:
    """Row and column offsets of the cells within a half-width of at most `REACH_CELLS`, shape (k, 2)."""
    rows, columns = np.mgrid[-REACH_CELLS : REACH_CELLS + 1, -REACH_CELLS : REACH_CELLS + 1]
    near = np.hypot(rows, columns) * CELL_M <= half_width_m
    return np.column_stack([rows[near], columns[near]]).astype(np.int64)


def walk(
    ground: Ground, runs: Sequence[Run], half_width_m: float, minutes: float, enough: float, rng: np.random.Generator
) -> Walked:
    """One way over the ground until the minutes are used up or the share `enough` of it was seen."""
    disc = disc_of(half_width_m)
    here = ground.deepest()
    path, seconds, sources = [here[None]], [np.zeros(1)], []
    clock_s = 0.0
    while clock_s < minutes * 60 and ground.seen_share < enough:
        run, turn, outline = _best_next(ground, runs, disc, here, rng)
        ground.see(here + outline, disc)
        way = here + np.cumsum(run.steps_m @ turn, axis=0)
        path.append(way)
        seconds.append(clock_s + np.cumsum(run.seconds))
        sources.append(run.source)
        here, clock_s = way[-1], float(seconds[-1][-1])
    return Walked(np.concatenate(path), np.concatenate(seconds), sources)


def _best_next(
    ground: Ground, runs: Sequence[Run], disc: Ints, here: Floats, rng: np.random.Generator
) -> tuple[Run, Floats, Floats]:
    best: tuple[float, Run, Floats, Floats] | None = None
    for choice in rng.choice(len(runs), RUNS_TRIED, replace=False):
        run = runs[int(choice)]
        turns = _turns(rng)
        ways = np.einsum("ni,cij->cnj", run.outline, turns)
        gain, outside = ground.gain_and_outside(here + ways, disc)
        score = gain.astype(np.float64) - COST_OUTSIDE * outside
        if gain.max() < 3 * ways.shape[1]:
            score -= COST_FAR * ground.distance_to_fresh_m(here + ways[:, -1]) / CELL_M * 3
        top = int(np.argmax(score))
        if best is None or score[top] > best[0]:
            best = float(score[top]), run, turns[top], ways[top]
    assert best is not None  # noqa: S101 (RUNS_TRIED is not 0)
    return best[1:]


def _turns(rng: np.random.Generator) -> Floats:
    """`TURNS` rotations evenly round from a random phase, each plain or mirrored, as matrices (c, 2, 2)."""
    directions = int(rng.integers(PHASES)) + np.arange(TURNS) * PHASES
    return _MATRICES[rng.integers(0, 2, TURNS), directions]


def _all_turns() -> Floats:
    angles = np.arange(TURNS * PHASES) * 2 * np.pi / (TURNS * PHASES)
    cos, sin = np.cos(angles), np.sin(angles)
    plain = np.stack([np.stack([cos, sin], -1), np.stack([-sin, cos], -1)], -2)
    return np.stack([plain, plain * [[1.0, 1.0], [-1.0, -1.0]]])


_MATRICES = _all_turns()
