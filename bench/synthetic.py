"""Synthetic territory and walks at real sizes, repeatable from a seed.

Walks are serpentine sweeps with the noise of a phone's receiver: the shape that costs exact vector geometry most, and
what a diligent officer does.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from geo.frame import cell_size_m, to_cells, to_lonlat

CENTRE = (119.95, 31.80)
FIX_INTERVAL_MS = 5_000
WALK_SPEED_M_S = 1.25
NOISE_M = 1.5
LANE_M = 75.0


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
    """One officer's serpentine walk in a grid: arrays lon, lat (WGS-84), time_ms, accuracy_m of length `fixes`."""
    rng = np.random.default_rng(seed)
    x_deg, y_deg = metres_to_degrees((box.south + box.north) / 2)
    width_m, height_m = (box.east - box.west) / x_deg, (box.north - box.south) / y_deg
    along = np.arange(fixes) * WALK_SPEED_M_S * FIX_INTERVAL_MS / 1000
    lane, position = np.divmod(along + rng.uniform(0, width_m * 4), width_m)
    x = np.where(lane % 2 == 0, position, width_m - position)
    y = (lane * LANE_M + rng.uniform(0, height_m)) % height_m
    x, y = x + rng.normal(0, NOISE_M, fixes), y + rng.normal(0, NOISE_M, fixes)
    return {
        "lon": box.west + x * x_deg,
        "lat": box.south + y * y_deg,
        "time_ms": started_ms + np.arange(fixes, dtype=np.int64) * FIX_INTERVAL_MS,
        "accuracy_m": rng.uniform(4, 15, fixes).round(1),
    }
