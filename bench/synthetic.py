"""Synthetic territory, and real movement placed in it, at real sizes; repeatable from a seed."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from demo import movement, walking
from demo.walking import Walked
from geo.frame import cell_size_m, to_cells, to_lonlat

CENTRE = (119.95, 31.80)
LIBRARY_WALKS = 24
WALK_MINUTES = 120.0
HALF_WIDTH_M = 30.0
SHIFT_M = 20.0


@dataclass(frozen=True)
class Box:
    """An axis-parallel grid in WGS-84 degrees."""

    west: float
    south: float
    east: float
    north: float

    def ring(self) -> list[list[float]]:
        """The closed ring, counter-clockwise."""
        w, s, e, n = self.west, self.south, self.east, self.north
        return [[w, s], [e, s], [e, n], [w, n], [w, s]]


def metres_to_degrees(lat: float) -> tuple[float, float]:
    """Degrees of longitude and of latitude in a metre at a latitude."""
    width_m, height_m = (float(v) for v in cell_size_m(lat))
    u, v = to_cells(0.0, lat)
    lon1, _ = to_lonlat(u + 1.0, v)
    _, lat1 = to_lonlat(u, v - 1.0)
    return float(lon1) / width_m, (float(lat1) - lat) / height_m


def lattice(columns: int, rows: int, side_m: float, centre: tuple[float, float] = CENTRE) -> list[Box]:
    """columns x rows square grids of one side about a centre, row by row from the south-west."""
    x_deg, y_deg = metres_to_degrees(centre[1])
    width, height = side_m * x_deg, side_m * y_deg
    west, south = centre[0] - columns / 2 * width, centre[1] - rows / 2 * height
    edges_x = [west + i * width for i in range(columns + 1)]
    edges_y = [south + i * height for i in range(rows + 1)]
    return [Box(edges_x[c], edges_y[r], edges_x[c + 1], edges_y[r + 1]) for r in range(rows) for c in range(columns)]


def walk(box: Box, fixes: int, started_ms: int, seed: int) -> dict[str, npt.NDArray[Any]]:
    """One officer's walk in a square grid: arrays lon, lat (WGS-84), time_ms, accuracy_m of length `fixes` at most.

    Real movement, one of a few dozen long walks that seek ground not yet seen, turned or mirrored and shifted a little
    by `seed`, so that no two are alike.
    """
    rng = np.random.default_rng(seed)
    x_deg, y_deg = metres_to_degrees((box.south + box.north) / 2)
    side_m = (box.north - box.south) / y_deg
    walked = _library(round(side_m))[seed % LIBRARY_WALKS]
    metres = walked.metres[:fixes] - side_m / 2
    if rng.integers(2):
        metres = metres[:, ::-1]
    metres = metres * rng.choice((-1, 1), 2) + rng.uniform(-SHIFT_M, SHIFT_M, 2) + side_m / 2
    return {
        "lon": box.west + metres[:, 0] * x_deg,
        "lat": box.south + metres[:, 1] * y_deg,
        "time_ms": started_ms + (walked.seconds[:fixes] * 1000).astype(np.int64),
        "accuracy_m": rng.uniform(4, 15, len(metres)).round(1),
    }


@lru_cache(maxsize=1)
def _library(side_m: int) -> list[Walked]:
    """Walks of two hours on a square of this side, from (0, 0) to (side, side) in metres."""
    runs = movement.load().foot
    square = shapely.box(0, 0, side_m, side_m)
    return [
        walking.walk(walking.Ground(square), runs, HALF_WIDTH_M, WALK_MINUTES, 2.0, np.random.default_rng(i))
        for i in range(LIBRARY_WALKS)
    ]
