"""Datums in and out. The only file that chooses a CRS; all else in the engine is WGS-84 degrees, lon first.

CGCS2000 is taken as equal to WGS-84: the frames differ by some centimetres (Cheng et al. 2009, "CGCS2000 and WGS84").
GCJ-02 and BD-09 have no public definition; the formulas are those that circulate since 2010 (`wgtochina_lb`, published
as eviltransform and coordtransform), which agree with the map services' own answers to within some metres.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Geod, Transformer
from shapely.geometry.base import BaseGeometry

from geo.errors import DatumError
from geo.frame import Floats, zone_m2

_GEOD = Geod(ellps="WGS84")
_LONLAT = "EPSG:4490"
_FIRST_NUMBERED, _FIRST_PLAIN, _LAST_PLAIN = 4513, 4534, 4554
_FIRST_ZONE = 25
# GCJ-02 is applied inside this box only (the formulas' own rough box of China).
_WEST, _EAST, _SOUTH, _NORTH = 72.004, 137.8347, 0.8293, 55.8271
_KRASOVSKY_A_M, _KRASOVSKY_ECC2 = 6378245.0, 0.00669342162296594323
_BD_WAVE = np.pi * 3000 / 180


_GAUSS_AT, _GAUSS_WEIGHT = np.polynomial.legendre.leggauss(5)


class Datum(StrEnum):
    """What coordinates may come in. Besides these four, `EPSG:4513` ... `EPSG:4554` are members too: the 3-degree
    Gauss-Krueger zones of CGCS2000, metres, x = easting; 4513-4533 with the zone number before the easting."""

    _ignore_ = ("_names", "_code")  # type: ignore[assignment]
    WGS84 = "WGS-84"
    CGCS2000 = "CGCS2000"
    GCJ02 = "GCJ-02"
    BD09 = "BD-09"
    _names = vars()
    for _code in range(_FIRST_NUMBERED, _LAST_PLAIN + 1):
        _names[f"EPSG_{_code}"] = f"EPSG:{_code}"


_OTHER_NAMES = {"4326": Datum.WGS84, "CRS84": Datum.WGS84, "4490": Datum.CGCS2000, "BD09LL": Datum.BD09}


def parse_datum(text: str) -> Datum:
    """The datum of a name as people write it. Raises DatumError with the known ones.

    >>> parse_datum("wgs84"), parse_datum("EPSG:4490"), parse_datum("epsg:4549")
    (<Datum.WGS84: 'WGS-84'>, <Datum.CGCS2000: 'CGCS2000'>, <Datum.EPSG_4549: 'EPSG:4549'>)
    """
    key = _key(text)
    names = {_key(datum): datum for datum in Datum} | _OTHER_NAMES
    if key not in names:
        known = [datum.value for datum in Datum if _epsg(datum) is None]
        raise DatumError("unknown datum", given=text[:80], known=[*known, "EPSG:4513...EPSG:4554"])
    return names[key]


def _key(name: str) -> str:
    return re.sub(r"^EPSG|[^A-Z0-9]", "", re.sub(r"[^A-Z0-9]", "", name.upper()))


def to_wgs84(x: npt.ArrayLike, y: npt.ArrayLike, datum: Datum) -> tuple[Floats, Floats]:
    """(lon, lat) in WGS-84 degrees of coordinates in a datum; any shape, empty gives empty.

    Raises DatumError for values that cannot be of this datum; facts: `suspected` ("not_finite", "degrees", "metres",
    "swapped", "other_zone" with `suggested`, or "out_of_range"), `datum`, and the first bad `x`, `y` and its `index`.
    """
    x_in, y_in = np.broadcast_arrays(np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64))
    _check(x_in, y_in, datum)
    if _epsg(datum) is not None:
        lon, lat = _to_lonlat(datum).transform(x_in, y_in)
        return np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    if datum is Datum.GCJ02:
        return _undo(_gcj02, x_in, y_in)
    if datum is Datum.BD09:
        return _undo(_bd09, x_in, y_in)
    return x_in.copy(), y_in.copy()


def from_wgs84(lon: npt.ArrayLike, lat: npt.ArrayLike, datum: Datum) -> tuple[Floats, Floats]:
    """(x, y) in a datum of WGS-84 degrees; the inverse of `to_wgs84` to within a centimetre."""
    lon_in, lat_in = np.broadcast_arrays(np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64))
    _check(lon_in, lat_in, Datum.WGS84)
    if _epsg(datum) is not None:
        x, y = _to_lonlat(datum).transform(lon_in, lat_in, direction="INVERSE")
        return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if datum in (Datum.GCJ02, Datum.BD09):
        shifted = (_gcj02 if datum is Datum.GCJ02 else _bd09)(lon_in, lat_in)
        inside = _in_china(lon_in, lat_in)
        return np.where(inside, shifted[0], lon_in), np.where(inside, shifted[1], lat_in)
    return lon_in.copy(), lat_in.copy()


def geometry_to_wgs84(geometry: BaseGeometry, datum: Datum) -> BaseGeometry:
    """A geometry in WGS-84 degrees, flat (heights are dropped). Raises DatumError as `to_wgs84` does."""
    return shapely.transform(shapely.force_2d(geometry), lambda x, y: to_wgs84(x, y, datum), interleaved=False)


def _epsg(datum: Datum) -> int | None:
    return int(datum.value[5:]) if datum.value.startswith("EPSG:") else None


@cache
def _to_lonlat(datum: Datum) -> Transformer:
    return Transformer.from_crs(datum.value, _LONLAT, always_xy=True)


def _false_easting_m(code: int) -> float:
    """EPSG 4513 + n is zone 25 + n, central meridian 3 degrees x zone; 4534 + n the same without the number."""
    return 500_000.0 + (1e6 * (code - _FIRST_NUMBERED + _FIRST_ZONE) if code < _FIRST_PLAIN else 0)


def _plausible(x: Floats, y: Floats, datum: Datum) -> npt.NDArray[np.bool_]:
    code = _epsg(datum)
    if code is None:
        return (np.abs(x) <= 180) & (np.abs(y) <= 90)
    # A zone is 167 km to each side at most, data of one zone may reach into the next; China ends at 5,950 km north.
    return (np.abs(x - _false_easting_m(code)) <= 450_000) & (y >= 0) & (y <= 6_500_000) & ((x > 360) | (y > 90))


def _check(x: Floats, y: Floats, datum: Datum) -> None:
    good = _plausible(x, y, datum)
    if good.all():
        return
    index = int(np.flatnonzero(~good)[0])
    bad_x, bad_y = float(x.flat[index]), float(y.flat[index])
    facts = _suspect(bad_x, bad_y, datum)
    raise DatumError("coordinates are not of this datum", datum=datum.value, x=bad_x, y=bad_y, index=index, **facts)


def _suspect(x: float, y: float, datum: Datum) -> dict[str, object]:
    if not np.isfinite([x, y]).all():
        return {"suspected": "not_finite"}
    in_degrees = abs(x) <= 180 and abs(y) <= 180
    if _epsg(datum) is not None and in_degrees:
        return {"suspected": "degrees"}
    here, swapped = np.array([x]), np.array([y])
    if _plausible(swapped, here, datum)[0]:
        return {"suspected": "swapped"}
    zones = [zone for zone in Datum if _epsg(zone) is not None]
    if _epsg(datum) is None:
        metres = any(_plausible(a, b, zone)[0] for zone in zones for a, b in ((here, swapped), (swapped, here)))
        return {"suspected": "metres" if metres else "out_of_range"}
    # Without a zone number in the easting any zone would do, so only a number can tell.
    numbered = [zone.value for zone in zones if x > 1e6 and _plausible(here, swapped, zone)[0]]
    return {"suspected": "other_zone", "suggested": numbered[0]} if numbered else {"suspected": "out_of_range"}


def _in_china(lon: Floats, lat: Floats) -> npt.NDArray[np.bool_]:
    return (lon >= _WEST) & (lon <= _EAST) & (lat >= _SOUTH) & (lat <= _NORTH)


def _gcj02(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    x, y = lon - 105.0, lat - 35.0
    common = 20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x)
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x))
    east += (common + _waves(x, (20, 1), (40, 1 / 3), (150, 1 / 12), (300, 1 / 30))) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x))
    north += (common + _waves(y, (20, 1), (40, 1 / 3), (160, 1 / 12), (320, 1 / 30))) * 2 / 3
    w2 = 1 - _KRASOVSKY_ECC2 * np.sin(np.radians(lat)) ** 2
    meridian_m = _KRASOVSKY_A_M * (1 - _KRASOVSKY_ECC2) / w2**1.5
    parallel_m = _KRASOVSKY_A_M / np.sqrt(w2) * np.cos(np.radians(lat))
    return lon + np.degrees(east / parallel_m), lat + np.degrees(north / meridian_m)


def _waves(t: Floats, *terms: tuple[float, float]) -> Floats:
    total = np.zeros_like(t)
    for amplitude, frequency in terms:
        total += amplitude * np.sin(frequency * np.pi * t)
    return total


def _bd09(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    x, y = _gcj02(lon, lat)
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * _BD_WAVE)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * _BD_WAVE)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def _undo(shift: Callable[[Floats, Floats], tuple[Floats, Floats]], x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Fixed-point inverse; each round shrinks the error some hundredfold, eight leave less than a micrometre."""
    inside = _in_china(x, y)
    lon, lat = x.copy(), y.copy()
    for _ in range(8):
        shifted_x, shifted_y = shift(lon, lat)
        lon, lat = np.where(inside, lon + x - shifted_x, x), np.where(inside, lat + y - shifted_y, y)
    return lon, lat


def geodesic_area_m2(geometry: BaseGeometry) -> float:
    """Area on the ellipsoid of a lon/lat geometry; holes out, orientation irrelevant; 0.0 for what has none.

    Edges are straight in lon/lat, as files mean them and as cells are painted, so that areas of parts add up to the
    whole's however its long edges are cut up. Formula: the integral along the rings of the ellipsoid's zone from the
    equator (Snyder 1987 eq. 3-12), by Gauss-Legendre with five points an edge.
    """
    polygons = shapely.get_parts(shapely.get_parts(geometry))
    rings, owner = shapely.get_rings(polygons, return_index=True)
    if not len(rings):
        return 0.0
    areas = np.abs(_ring_integrals_m2(rings))
    is_shell = np.r_[True, owner[1:] != owner[:-1]]
    return float(areas[is_shell].sum() - areas[~is_shell].sum())


def _ring_integrals_m2(rings: npt.NDArray[np.object_]) -> Floats:
    points, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    lon = np.radians(points[:, 0])
    lat = np.radians(points[:, 1])
    middle, half = (lat[1:] + lat[:-1])[same] / 2, np.diff(lat)[same] / 2
    # Measured from the ring's own latitude: the whole zone from the equator would cost small rings their digits.
    base_m2 = zone_m2(lat[np.searchsorted(ring, ring[1:][same])])
    height_m2 = zone_m2(middle[:, None] + half[:, None] * _GAUSS_AT) @ _GAUSS_WEIGHT / 2 - base_m2
    integrals = np.zeros(len(rings))
    np.add.at(integrals, ring[1:][same], np.diff(lon)[same] * height_m2)
    return integrals


def length_m(geometry: BaseGeometry) -> float:
    """Length on the ellipsoid of a lon/lat geometry's lines and rings (of polygons: all rings); 0.0 when empty."""
    pieces = shapely.get_parts(shapely.get_parts(geometry))
    lines = np.concatenate([shapely.get_rings(pieces), pieces[shapely.get_dimensions(pieces) == 1]])
    points, line = shapely.get_coordinates(lines, return_index=True)
    same = line[1:] == line[:-1]
    start, end = points[:-1][same], points[1:][same]
    return float(distance_m(start[:, 0], start[:, 1], end[:, 0], end[:, 1]).sum())


def distance_m(lon0: npt.ArrayLike, lat0: npt.ArrayLike, lon1: npt.ArrayLike, lat1: npt.ArrayLike) -> Floats:
    """Geodesic metres between WGS-84 positions, broadcast; scalars give a 0-d array (float() it)."""
    ends = np.broadcast_arrays(*(np.asarray(value, dtype=np.float64) for value in (lon0, lat0, lon1, lat1)))
    a, b, c, d = (end.ravel() for end in ends)
    _, _, metres = _GEOD.inv(a, b, c, d)
    return np.asarray(metres, dtype=np.float64).reshape(ends[0].shape)


@dataclass(frozen=True, slots=True)
class LocalMetric:
    """A plane in metres around a place: `to_metric` and `to_lonlat` take and give shapely geometries."""

    to_metric: Callable[[BaseGeometry], BaseGeometry]
    to_lonlat: Callable[[BaseGeometry], BaseGeometry]


def local_metric(around: BaseGeometry | tuple[float, float]) -> LocalMetric:
    """The plane (azimuthal equidistant, WGS-84) centred on a lon/lat geometry's bounds or on (lon, lat)."""
    if isinstance(around, tuple):
        lon, lat = around
    else:
        west, south, east, north = around.bounds
        lon, lat = (west + east) / 2, (south + north) / 2
    plane = Transformer.from_crs(_LONLAT, f"+proj=aeqd +lon_0={lon} +lat_0={lat} +ellps=WGS84", always_xy=True)
    return LocalMetric(
        lambda geometry: shapely.transform(geometry, plane.transform, interleaved=False),
        lambda geometry: shapely.transform(
            geometry, lambda x, y: plane.transform(x, y, direction="INVERSE"), interleaved=False
        ),
    )
