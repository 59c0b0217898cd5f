"""The cell frame: where on Earth each cell lies and how much ground it holds.

A cell is 1/256 x 1/256 of a zoom-15 Web-Mercator tile. Cell coordinates (u, v) are continuous, counted in cells from
the north-west corner of the Mercator square: u grows eastward from -180 degrees, v southward from MAX_LAT. Cell
(column, row) has its centre at (column + 0.5, row + 0.5). All lon/lat are WGS-84 degrees.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from geo.errors import GeometryError

ZOOM = 15
TILE_SIZE = 256
TILES_PER_AXIS = 1 << ZOOM
CELLS_PER_AXIS = TILES_PER_AXIS * TILE_SIZE
MAX_LAT = 85.0511287798066

# WGS-84 (NGA.STND.0036)
SEMI_MAJOR_M = 6378137.0
FLATTENING = 1 / 298.257223563
ECC2 = FLATTENING * (2 - FLATTENING)

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class TileKey(NamedTuple):
    """Column and row of a zoom-15 tile; sorts as the lock order."""

    x: int
    y: int


def to_cells(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Cell coordinates (u, v) of WGS-84 degrees; any shape, empty gives empty.

    Raises GeometryError when a latitude lies outside +-MAX_LAT or a value is not finite.
    Formula: spherical Web Mercator (EPSG:3857) scaled to cells.
    """
    lon_deg = np.asarray(lon, dtype=np.float64)
    lat_deg = np.asarray(lat, dtype=np.float64)
    if not (np.isfinite(lon_deg).all() and np.isfinite(lat_deg).all()):
        raise GeometryError("coordinates are not finite")
    if lat_deg.size and float(np.abs(lat_deg).max()) > MAX_LAT:
        raise GeometryError("latitude outside the frame", max_lat=MAX_LAT)
    u = (lon_deg + 180.0) / 360.0 * CELLS_PER_AXIS
    v = (0.5 - np.arcsinh(np.tan(np.radians(lat_deg))) / (2 * np.pi)) * CELLS_PER_AXIS
    return u, v


def to_lonlat(u: npt.ArrayLike, v: npt.ArrayLike) -> tuple[Floats, Floats]:
    """WGS-84 degrees of cell coordinates; the inverse of `to_cells`. Longitude is not wrapped."""
    u_cells = np.asarray(u, dtype=np.float64)
    v_cells = np.asarray(v, dtype=np.float64)
    lon = u_cells / CELLS_PER_AXIS * 360.0 - 180.0
    lat = np.degrees(np.arctan(np.sinh((0.5 - v_cells / CELLS_PER_AXIS) * 2 * np.pi)))
    return lon, lat


def cell_size_m(lat: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Ground width and height in metres of a cell at a WGS-84 latitude, on the ellipsoid's local scale.

    Formula: N cos(lat) and M cos(lat) per Mercator radian (Snyder 1987, USGS PP 1395, eqs. 4-18 to 4-20).
    """
    phi = np.radians(np.asarray(lat, dtype=np.float64))
    w2 = 1 - ECC2 * np.sin(phi) ** 2
    prime_vertical_m = SEMI_MAJOR_M / np.sqrt(w2)
    meridian_m = SEMI_MAJOR_M * (1 - ECC2) / w2**1.5
    radians_per_cell = 2 * np.pi / CELLS_PER_AXIS
    return prime_vertical_m * np.cos(phi) * radians_per_cell, meridian_m * np.cos(phi) * radians_per_cell


def row_area_cm2(row: npt.ArrayLike) -> Ints:
    """Ground area in whole square centimetres of one cell in each global row (0 = northernmost).

    Whole numbers make sums exact in any order, so shares add up to the unit to the last digit.
    Formula: zone of the ellipsoid between two latitudes (authalic, Snyder 1987 eq. 3-12).
    """
    rows = np.asarray(row, dtype=np.int64)
    _, north = to_lonlat(0.0, rows.astype(np.float64))
    _, south = to_lonlat(0.0, rows + 1.0)
    per_radian_m2 = zone_m2(np.radians(north)) - zone_m2(np.radians(south))
    return np.rint(per_radian_m2 * (2 * np.pi / CELLS_PER_AXIS) * 1e4).astype(np.int64)


def zone_m2(phi: Floats) -> Floats:
    """Ground area of the ellipsoid's zone from the equator to latitudes in radians, per radian of longitude."""
    e = np.sqrt(ECC2)
    s = np.sin(phi)
    b2 = SEMI_MAJOR_M**2 * (1 - ECC2)
    zone: Floats = b2 / 2 * (s / (1 - ECC2 * s * s) + np.arctanh(e * s) / e)
    return zone


@lru_cache(maxsize=4096)
def tile_row_area_cm2(tile_y: int) -> Ints:
    """Area of one cell in each of a tile's 256 rows, shape (256,), whole cm2, read-only."""
    areas = row_area_cm2(np.arange(tile_y * TILE_SIZE, (tile_y + 1) * TILE_SIZE))
    areas.setflags(write=False)
    return areas


def tile_bounds(key: TileKey) -> tuple[float, float, float, float]:
    """West, south, east, north of a tile in WGS-84 degrees."""
    west, north = to_lonlat(key.x * TILE_SIZE, key.y * TILE_SIZE)
    east, south = to_lonlat((key.x + 1) * TILE_SIZE, (key.y + 1) * TILE_SIZE)
    return float(west), float(south), float(east), float(north)


def tiles_in_bounds(west: float, south: float, east: float, north: float) -> list[TileKey]:
    """Tiles that meet a WGS-84 box (west <= east), sorted; latitudes beyond the frame are cut to it."""
    clipped = np.clip([north, south], -MAX_LAT, MAX_LAT)
    u, v = to_cells([west, east], clipped)
    x0, x1 = (int(n) for n in np.clip(u // TILE_SIZE, 0, TILES_PER_AXIS - 1))
    y0, y1 = (int(n) for n in np.clip(v // TILE_SIZE, 0, TILES_PER_AXIS - 1))
    return [TileKey(x, y) for x in range(x0, x1 + 1) for y in range(y0, y1 + 1)]


def cell_of(lon: float, lat: float) -> tuple[TileKey, int, int]:
    """Tile, row and column of the cell that holds a WGS-84 position; longitude wraps at the antimeridian.

    >>> cell_of(119.97, 31.81)
    (TileKey(x=27303, y=13327), 61, 239)
    """
    u, v = to_cells(lon, lat)
    column = int(np.floor(u)) % CELLS_PER_AXIS
    row = min(max(int(np.floor(v)), 0), CELLS_PER_AXIS - 1)
    return TileKey(column // TILE_SIZE, row // TILE_SIZE), row % TILE_SIZE, column % TILE_SIZE
