"""How long ago the ground of a unit was seen, as one picture put together from map tiles."""

import io
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from PIL import Image
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from app.coverage import service as coverage
from app.scope import Scope
from app.settings import Settings
from app.snapshots import queries
from app.snapshots.mercator import Sheet
from app.snapshots.shapes import Ground
from app.territory.schemas import UnitRow
from geo.frame import TILE_SIZE, ZOOM, cell_size_m, to_cells, to_lonlat

FINEST, COARSEST = ZOOM, 12  # as the tiles are served
DOT_MM = 25.4 / 300
# Up to twice the dots of an A3 sheet in each direction: the next coarser map tiles would be too coarse.
PRINTED_PIXELS = 64_000_000
# A past day is found by taking back later looks one by one, some 0.15 ms each; nobody waits for more.
MOST_LOOKS = 150_000
Classes = npt.NDArray[np.uint8]


class Picture(NamedTuple):
    """Classes by pixel (`coverage.FRESHNESS_CLASSES`) of a block in Web Mercator; bounds: W, S, E, N in WGS-84."""

    classes: Classes
    bounds: tuple[float, float, float, float]
    pixel_m: float
    cycle_days: int


def picture(
    session: Session,
    settings: Settings,
    unit: UnitRow,
    shape: BaseGeometry,
    on: date,
    pixel_m: float,
    most_pixels: int,
) -> Picture | None:
    """The picture of a unit on a local day: pixels of `pixel_m` on the ground or finer, if so many may be.

    By one cycle for all, that of medium risk. None where finding a past day would take too long.
    """
    zoom, keep = _resolution(unit, pixel_m, most_pixels)
    x0, y0, x1, y1 = _block(unit, zoom)
    step = 1 << (ZOOM - zoom)
    under = (x0 * step, y0 * step, (x1 + 1) * step - 1, (y1 + 1) * step - 1)
    if on < settings.today() and queries.looks_in(session, under, MOST_LOOKS) >= MOST_LOOKS:
        return None
    size = TILE_SIZE // keep
    classes = np.zeros(((y1 - y0 + 1) * size, (x1 - x0 + 1) * size), dtype=np.uint8)
    cycle, within = settings.cycle_days.medium, Scope((unit.path,))
    for x, y in _tiles(shape, zoom, (x0, y0, x1, y1)):
        png = coverage.freshness_png(session, within, zoom, x, y, cycle, on)
        top, left = (y - y0) * size, (x - x0) * size
        classes[top : top + size, left : left + size] = _indices(png)[keep // 2 :: keep, keep // 2 :: keep]
    west, north = to_lonlat(x0 * step * TILE_SIZE, y0 * step * TILE_SIZE)
    east, south = to_lonlat((x1 + 1) * step * TILE_SIZE, (y1 + 1) * step * TILE_SIZE)
    bounds = (float(west), float(south), float(east), float(north))
    return Picture(classes, bounds, _cell_m(unit) * step * keep, cycle)


def for_sheet(
    session: Session, settings: Settings, unit: UnitRow, ground: Ground, on: date, sheet: Sheet
) -> Picture | None:
    """The picture as fine as paper at 300 dots an inch takes it. None as `picture` gives it."""
    return picture(session, settings, unit, ground.own.shape, on, DOT_MM * sheet.denominator / 1000, PRINTED_PIXELS)


def as_png(classes: Classes, times: int = 1) -> bytes:
    """A palette PNG, transparent where never seen; each pixel repeated `times` in both directions."""
    if times > 1:
        classes = classes.repeat(times, axis=0).repeat(times, axis=1)
    image = Image.frombytes("P", classes.shape[::-1], np.ascontiguousarray(classes).tobytes())
    image.putpalette(b"".join(bytes.fromhex(colour[1:]) for colour in coverage.FRESHNESS_COLOURS))
    out = io.BytesIO()
    image.save(out, format="PNG", transparency=0, optimize=False, compress_level=6)
    return out.getvalue()


def _resolution(unit: UnitRow, pixel_m: float, most_pixels: int) -> tuple[int, int]:
    """The zoom to read, and of how many pixels one is kept."""
    zoom = FINEST
    while zoom > COARSEST and (
        _cell_m(unit) * (1 << (ZOOM - zoom + 1)) <= pixel_m or _pixels(unit, zoom) > most_pixels
    ):
        zoom -= 1
    keep = 1
    while _pixels(unit, zoom) // keep**2 > most_pixels and keep < TILE_SIZE:
        keep *= 2
    return zoom, keep


def _pixels(unit: UnitRow, zoom: int) -> int:
    x0, y0, x1, y1 = _block(unit, zoom)
    return int((x1 - x0 + 1) * (y1 - y0 + 1) * TILE_SIZE**2)


def _block(unit: UnitRow, zoom: int) -> tuple[int, int, int, int]:
    """Map tiles that a unit's box meets: x0, y0, x1, y1, both ends in it."""
    west, south, east, north = unit.bbox
    u, v = to_cells([west, east], [north, south])
    side = TILE_SIZE << (ZOOM - zoom)
    (x0, x1), (y0, y1) = (u // side).astype(int).tolist(), (v // side).astype(int).tolist()
    return x0, y0, x1, y1


def _tiles(shape: BaseGeometry, zoom: int, block: tuple[int, int, int, int]) -> Iterator[tuple[int, int]]:
    """Columns and rows of those map tiles of a block that a shape meets."""
    side = TILE_SIZE << (ZOOM - zoom)
    shapely.prepare(shape)
    x0, y0, x1, y1 = block
    for y in range(y0, y1 + 1):
        for x in range(x0, x1 + 1):
            lons, lats = to_lonlat([x * side, (x + 1) * side], [y * side, (y + 1) * side])
            if shape.intersects(shapely.box(lons[0], lats[1], lons[1], lats[0])):
                yield x, y


def _cell_m(unit: UnitRow) -> float:
    return float(cell_size_m((unit.bbox[1] + unit.bbox[3]) / 2)[0])


def _indices(png: bytes) -> Classes:
    with Image.open(io.BytesIO(png)) as image:
        return np.asarray(image, dtype=np.uint8)
