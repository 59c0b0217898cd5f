"""Where things lie on a sheet: WGS-84 degrees to millimetres, at a round scale true at the sheet's middle."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from geo.frame import Floats, cell_size_m, to_cells, to_lonlat

Bounds = tuple[float, float, float, float]
# Denominators people know how to read: these times a power of ten.
_ROUND = (1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.5, 8.0)
_SMALLEST_DENOMINATOR = 500
_MARGIN = 0.03  # of the sheet, on each side
# Cells of the frame are squares of Web Mercator, which is conformal: one scale holds in both directions.


@dataclass(frozen=True, slots=True)
class Sheet:
    """A map of width_mm x height_mm. `mm_per_cell`: of the cell frame; `denominator`: 1 : n at the middle."""

    width_mm: float
    height_mm: float
    u0: float
    v0: float
    mm_per_cell: float
    denominator: int

    def to_mm(self, lon: npt.ArrayLike, lat: npt.ArrayLike) -> Floats:
        """Millimetres from the upper left corner, shape (n, 2), of WGS-84 degrees."""
        u, v = to_cells(lon, lat)
        placed: Floats = np.column_stack([(u - self.u0) * self.mm_per_cell, (v - self.v0) * self.mm_per_cell])
        return placed

    def drawn(self, shape: BaseGeometry) -> BaseGeometry:
        """A WGS-84 geometry in millimetres."""
        placed: BaseGeometry = shapely.transform(shape, lambda points: self.to_mm(points[:, 0], points[:, 1]))
        return placed

    @property
    def bounds(self) -> Bounds:
        """West, south, east, north of the sheet, WGS-84."""
        west, north = to_lonlat(self.u0, self.v0)
        east, south = to_lonlat(self.u0 + self.width_mm / self.mm_per_cell, self.v0 + self.height_mm / self.mm_per_cell)
        return float(west), float(south), float(east), float(north)


def sheet_of(bounds: Bounds, width_mm: float, height_mm: float) -> Sheet:
    """The sheet of a size that shows a WGS-84 box in its middle at the largest round scale that fits."""
    west, south, east, north = bounds
    (u0, u1), (v0, v1) = to_cells([west, east], [north, south])
    middle_u, middle_v = (u0 + u1) / 2, (v0 + v1) / 2
    _, middle_lat = to_lonlat(middle_u, middle_v)
    cell_m = float(cell_size_m(middle_lat)[0])
    room = 1 - 2 * _MARGIN
    needed = max((u1 - u0) / (width_mm * room), (v1 - v0) / (height_mm * room)) * cell_m * 1000
    denominator = round_up(max(needed, _SMALLEST_DENOMINATOR))
    mm_per_cell = cell_m * 1000 / denominator
    return Sheet(
        width_mm,
        height_mm,
        float(middle_u - width_mm / mm_per_cell / 2),
        float(middle_v - height_mm / mm_per_cell / 2),
        mm_per_cell,
        denominator,
    )


def round_up(number: float) -> int:
    """The next number that is easy to read.

    >>> round_up(37412)
    40000
    >>> round_up(50000)
    50000
    """
    power = 10.0 ** math.floor(math.log10(number))
    return int(next((step * power for step in _ROUND if step * power >= number * (1 - 1e-9)), 10 * power))


def bar_m(denominator: int, longest_mm: float) -> int:
    """How many metres a scale bar of at most some millimetres shows: 1, 2 or 5 times a power of ten."""
    longest_m = longest_mm * denominator / 1000
    power = 10.0 ** math.floor(math.log10(longest_m))
    return int(max(step * power for step in (1, 2, 5) if step * power <= longest_m))
