"""An area drawn by hand to the cells in it, by the same rule as territory: a cell is inside when its centre is."""

import numpy as np
from shapely.geometry.base import BaseGeometry

from geo.daytiles import Cells
from geo.frame import TILE_SIZE, TileKey
from geo.scanline import Window, outlines


def area_cells(area: BaseGeometry) -> dict[TileKey, Cells]:
    """Cells (256, 256) of a lon/lat polygon or multipolygon by tile, sorted, none empty; holes are out.

    An area too thin to hold a cell's centre, or an empty one, gives none. Raises GeometryError for what is off the
    frame or not finite.

    >>> import shapely
    >>> {key: int(cells.sum()) for key, cells in area_cells(shapely.box(119.97, 31.81, 119.9702, 31.8101)).items()}
    {TileKey(x=27303, y=13327): 12}
    """
    outline = outlines([area])
    box = Window(*(int(edge) for edge in outline.bounds[0]))
    found: dict[TileKey, Cells] = {}
    for x in range(box.u0 // TILE_SIZE, -(-box.u1 // TILE_SIZE)):
        for y in range(box.v0 // TILE_SIZE, -(-box.v1 // TILE_SIZE)):
            tile = Window(x * TILE_SIZE, y * TILE_SIZE, (x + 1) * TILE_SIZE, (y + 1) * TILE_SIZE)
            part = box.common(tile)
            if part is not None and (inside := outline.fill(0, part)).any():
                cells = np.zeros((TILE_SIZE, TILE_SIZE), dtype=np.bool_)
                cells[part.inside(tile)] = inside
                found[TileKey(x, y)] = cells
    return found
