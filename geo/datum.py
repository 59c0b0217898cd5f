"""Datums in and out. The only file that chooses a CRS; all else in the engine is WGS-84 degrees, lon first."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy.typing as npt
from shapely.geometry.base import BaseGeometry

from geo.frame import Floats


class Datum(StrEnum):
    """What coordinates may come in. Besides these four, `EPSG:4513` ... `EPSG:4554` are members too: the 3-degree
    Gauss-Krueger zones of CGCS2000, metres, x = easting; 4513-4533 with the zone number before the easting."""

    _ignore_ = ("_names", "_code")  # type: ignore[assignment]
    WGS84 = "WGS-84"
    CGCS2000 = "CGCS2000"
    GCJ02 = "GCJ-02"
    BD09 = "BD-09"
    _names = vars()
    for _code in range(4513, 4555):
        _names[f"EPSG_{_code}"] = f"EPSG:{_code}"


def parse_datum(text: str) -> Datum:
    """The datum of a name as people write it ("wgs84", "EPSG:4490", "4549"). Raises DatumError with the known ones."""
    raise NotImplementedError


def to_wgs84(x: npt.ArrayLike, y: npt.ArrayLike, datum: Datum) -> tuple[Floats, Floats]:
    """(lon, lat) in WGS-84 degrees of coordinates in a datum; any shape, empty gives empty.

    Raises DatumError, with facts, for values that cannot be of this datum (`suspected`: "degrees", "metres", "swapped",
    "other_zone" with `suggested`, "not_finite" or "out_of_range").
    """
    raise NotImplementedError


def from_wgs84(lon: npt.ArrayLike, lat: npt.ArrayLike, datum: Datum) -> tuple[Floats, Floats]:
    """(x, y) in a datum of WGS-84 degrees; the inverse of `to_wgs84` to within a centimetre."""
    raise NotImplementedError


def geometry_to_wgs84(geometry: BaseGeometry, datum: Datum) -> BaseGeometry:
    """A geometry in WGS-84 degrees, flat (heights are dropped). Raises DatumError as `to_wgs84` does."""
    raise NotImplementedError


def geodesic_area_m2(geometry: BaseGeometry) -> float:
    """Area on the ellipsoid of a lon/lat geometry, edges straight in lon/lat; holes out, orientation irrelevant."""
    raise NotImplementedError


def length_m(geometry: BaseGeometry) -> float:
    """Length on the ellipsoid of a lon/lat geometry's lines and rings (of polygons: all rings); 0.0 when empty."""
    raise NotImplementedError


def distance_m(lon0: npt.ArrayLike, lat0: npt.ArrayLike, lon1: npt.ArrayLike, lat1: npt.ArrayLike) -> Floats:
    """Geodesic metres between WGS-84 positions, broadcast; scalars give a 0-d array (float() it)."""
    raise NotImplementedError


@dataclass(frozen=True, slots=True)
class LocalMetric:
    """A plane in metres around a place: `to_metric` and `to_lonlat` take and give shapely geometries."""

    to_metric: Callable[[BaseGeometry], BaseGeometry]
    to_lonlat: Callable[[BaseGeometry], BaseGeometry]


def local_metric(around: BaseGeometry | tuple[float, float]) -> LocalMetric:
    """The plane (azimuthal equidistant, WGS-84) centred on a lon/lat geometry's bounds or on (lon, lat)."""
    raise NotImplementedError
