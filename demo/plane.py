"""A local plane in metres around one place, for generating shapes and walks of a few kilometres.

Linear in lon and lat, so straight edges stay straight and shared vertices stay shared. Off by less than 0.1 % within
8 km: good enough to make things up with, not to measure with (that is `geo`).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geo.frame import CELLS_PER_AXIS, cell_size_m

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Plane:
    """Where the plane touches (WGS-84 degrees) and the metres of one degree there."""

    lon: float
    lat: float
    lon_m: float
    lat_m: float

    @classmethod
    def at(cls, lon: float, lat: float) -> "Plane":
        """The plane around a WGS-84 position."""
        width_m, height_m = cell_size_m(lat)
        per_degree = CELLS_PER_AXIS / 360.0
        # a cell is a fixed step of Mercator: cos(lat) turns its northward radians into those of latitude
        return cls(lon, lat, float(width_m) * per_degree, float(height_m) * per_degree / float(np.cos(np.radians(lat))))

    @classmethod
    def around(cls, geometry: Any) -> "Plane":
        """The plane around a geometry's centroid."""
        return cls.at(geometry.centroid.x, geometry.centroid.y)

    def to_m(self, degrees: Floats) -> Floats:
        """Metres east and north, shape (n, 2), of WGS-84 lon/lat (n, 2)."""
        return (degrees - [self.lon, self.lat]) * [self.lon_m, self.lat_m]

    def to_degrees(self, metres: Floats) -> Floats:
        """WGS-84 lon/lat, shape (n, 2), of metres east and north (n, 2)."""
        return metres / [self.lon_m, self.lat_m] + [self.lon, self.lat]

    def metric(self, geometry: Any) -> Any:
        """A geometry in lon/lat, in metres."""
        return shapely.transform(geometry, self.to_m)

    def geographic(self, geometry: Any) -> Any:
        """A geometry in metres, in lon/lat."""
        return shapely.transform(geometry, self.to_degrees)
