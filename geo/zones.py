"""Territory painted on cells: who answers for each cell, so that sums over the tree of units are exact.

A zone is what responsibility attaches to: one grid, or a unit's remainder (land of the unit in no child unit and no
grid). Every cell has at most one owner. A cell is in a polygon when its centre is; edges are straight in lon/lat.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import shapely
import zstandard
from shapely.geometry.base import BaseGeometry

from geo.daytiles import decompress
from geo.errors import TileError
from geo.frame import (
    TILE_SIZE,
    Ints,
    TileKey,
    tile_bounds,
    tile_row_area_cm2,
    tiles_in_bounds,
)
from geo.scanline import Outlines, Window, outlines

Mask = npt.NDArray[np.uint8]

# A mask's values: class in the low two bits, and whether the cell is another zone's.
OUTSIDE = 0
DOMAIN = 1
INACCESSIBLE = 2
EXCLUDED = 3
CLASS_BITS = 3
SHARED = 4  # counts in this grid's own figures, but another zone owns it: never counted in a unit's
MASK_VALUES = 8

_SHAPE = (TILE_SIZE, TILE_SIZE)
_BLOCK = 8  # tiles to a side: few enough to fit in 12 MB, enough that a unit is not looked up for every tile
_A_GRID = 0xFFFF  # owner of cells that some grid owns; no later one asks which


@dataclass(frozen=True, slots=True)
class UnitShape:
    """A unit's polygon, WGS-84; `depth` grows downwards (province 0). Without its parent in the list it is a root."""

    code: str
    parent_code: str | None
    depth: int
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class GridShape:
    """A grid's polygon, WGS-84; `key` is the caller's and unique (a grid's version), `code` orders the painting."""

    key: int
    code: str
    unit_code: str
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class ExclusionShape:
    """An approved exclusion, WGS-84. Where both effects apply, excluded wins."""

    effect: Literal["excluded", "inaccessible"]
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class Painted:
    """Masks (256, 256) by zone and tile, empty ones left out.

    `grid_masks` by GridShape.key: classes with SHARED. `remainder_masks` by unit code: DOMAIN (unassigned) or EXCLUDED.
    """

    grid_masks: dict[int, dict[TileKey, Mask]]
    remainder_masks: dict[str, dict[TileKey, Mask]]


def paint(
    tiles: Sequence[TileKey],
    units: Sequence[UnitShape],
    grids: Sequence[GridShape],
    exclusions: Sequence[ExclusionShape],
) -> Painted:
    """Masks of all zones in the tiles given. The same for a tile whatever other tiles are painted with it.

    Units are painted by (depth, code): a child takes what its parent still owns, a root what nobody owns. Then grids by
    (code, key): a grid owns what its unit still owns and shares the rest of its polygon. A grid whose unit is not given
    only shares. 64 kB a mask: for a whole city use `paint_blocks`. Raises GeometryError for polygons off the frame.
    """
    painted = Painted({}, {})
    for _, block in paint_blocks(tiles, units, grids, exclusions):
        for key, masks in block.grid_masks.items():
            painted.grid_masks.setdefault(key, {}).update(masks)
        for code, masks in block.remainder_masks.items():
            painted.remainder_masks.setdefault(code, {}).update(masks)
    return painted


def paint_blocks(
    tiles: Sequence[TileKey],
    units: Sequence[UnitShape],
    grids: Sequence[GridShape],
    exclusions: Sequence[ExclusionShape],
) -> Iterator[tuple[list[TileKey], Painted]]:
    """`paint` block by block of neighbouring tiles: (the block's tiles, their masks), so that memory stays small.

    A zone that spans blocks comes in parts, each with other tiles.
    """
    territory = _Territory(units, grids, exclusions)
    blocks: defaultdict[tuple[int, int], list[TileKey]] = defaultdict(list)
    for tile in sorted(set(tiles)):
        blocks[tile.x // _BLOCK, tile.y // _BLOCK].append(tile)
    for block in blocks.values():
        yield block, _Block(block).paint(territory)


class _Territory:
    """What is painted, each layer in its order."""

    def __init__(
        self, units: Sequence[UnitShape], grids: Sequence[GridShape], exclusions: Sequence[ExclusionShape]
    ) -> None:
        self.units = sorted(units, key=lambda unit: (unit.depth, unit.code))
        self.grids = sorted(grids, key=lambda grid: (grid.code, grid.key))
        self.exclusions = sorted(exclusions, key=lambda exclusion: exclusion.effect == "excluded")
        self.codes = {unit.code for unit in units}
        self.unit_outlines = outlines([unit.geometry for unit in self.units])
        self.grid_outlines = outlines([grid.geometry for grid in self.grids])
        self.exclusion_outlines = outlines([exclusion.geometry for exclusion in self.exclusions])


class _Block:
    """Cells of neighbouring tiles while they are painted: `owner` numbers zones within the block, 0 is nobody."""

    def __init__(self, tiles: list[TileKey]) -> None:
        x, y = [tile.x for tile in tiles], [tile.y for tile in tiles]
        self.tiles = tiles
        self.wanted = set(tiles)
        self.window = Window(min(x) * TILE_SIZE, min(y) * TILE_SIZE, (max(x) + 1) * TILE_SIZE, (max(y) + 1) * TILE_SIZE)
        shape = (self.window.v1 - self.window.v0, self.window.u1 - self.window.u0)
        self.owner = np.zeros(shape, dtype=np.uint16)
        self.classes = np.full(shape, DOMAIN, dtype=np.uint8)
        self.number: dict[str, int] = {}

    def paint(self, territory: _Territory) -> Painted:
        self._paint_exclusions(territory)
        self._paint_units(territory)
        grid_masks = self._paint_grids(territory)
        return Painted(grid_masks, self._remainders())

    def _meeting(self, shapes: Outlines) -> Iterator[tuple[int, Window]]:
        """Geometries whose box meets the block, and the cells of it in the block, in painting order."""
        u0, v0, u1, v1 = shapes.bounds.T
        window = self.window
        for index in np.flatnonzero((u0 < window.u1) & (u1 > window.u0) & (v0 < window.v1) & (v1 > window.v0)):
            part = window.common(Window(*(int(edge) for edge in shapes.bounds[index])))
            if part is not None:
                yield int(index), part

    def _paint_exclusions(self, territory: _Territory) -> None:
        for index, part in self._meeting(territory.exclusion_outlines):
            value = EXCLUDED if territory.exclusions[index].effect == "excluded" else INACCESSIBLE
            cells = territory.exclusion_outlines.fill(index, part)
            np.copyto(self.classes[part.inside(self.window)], np.uint8(value), where=cells)

    def _paint_units(self, territory: _Territory) -> None:
        for index, part in self._meeting(territory.unit_outlines):
            unit = territory.units[index]
            is_root = unit.parent_code is None or unit.parent_code not in territory.codes
            taken_from = 0 if is_root else self.number.get(unit.parent_code or "")
            if taken_from is None:  # its parent owns nothing here
                continue
            owner = self.owner[part.inside(self.window)]
            cells = territory.unit_outlines.fill(index, part) & (owner == taken_from)
            number = self.number.setdefault(unit.code, len(self.number) + 1)
            np.copyto(owner, np.uint16(number), where=cells)

    def _paint_grids(self, territory: _Territory) -> dict[int, dict[TileKey, Mask]]:
        painted: dict[int, dict[TileKey, Mask]] = {}
        for index, part in self._meeting(territory.grid_outlines):
            grid = territory.grids[index]
            cells = territory.grid_outlines.fill(index, part)
            where = part.inside(self.window)
            owned = cells & (self.owner[where] == self.number.get(grid.unit_code, _A_GRID + 1))
            np.copyto(self.owner[where], np.uint16(_A_GRID), where=owned)
            mask = (self.classes[where] | (~owned).view(np.uint8) << np.uint8(2)) * cells
            masks = self._cut(mask, part)
            if masks:
                painted[grid.key] = masks
        return painted

    def _cut(self, mask: Mask, part: Window) -> dict[TileKey, Mask]:
        """A window's mask as masks of the block's tiles, empty ones left out."""
        masks = {}
        columns = range(part.u0 // TILE_SIZE, -(-part.u1 // TILE_SIZE))
        rows = range(part.v0 // TILE_SIZE, -(-part.v1 // TILE_SIZE))
        for tile in (TileKey(x, y) for x in columns for y in rows):
            whole = _tile_window(tile)
            common = part.common(whole)
            if tile in self.wanted and common is not None and (piece := mask[common.inside(part)]).any():
                masks[tile] = np.zeros(_SHAPE, dtype=np.uint8)
                masks[tile][common.inside(whole)] = piece
        return masks

    def _remainders(self) -> dict[str, dict[TileKey, Mask]]:
        remainders: defaultdict[str, dict[TileKey, Mask]] = defaultdict(dict)
        classes = np.where(self.classes == EXCLUDED, np.uint8(EXCLUDED), np.uint8(DOMAIN))
        present = np.zeros(_A_GRID + 1, dtype=np.bool_)
        for tile in self.tiles:
            where = _tile_window(tile).inside(self.window)
            owner = self.owner[where]
            present[:] = False
            present[owner] = True
            for code, number in self.number.items():
                if present[number]:
                    remainders[code][tile] = classes[where] * (owner == number)
        return dict(remainders)


def _tile_window(tile: TileKey) -> Window:
    u0, v0 = tile.x * TILE_SIZE, tile.y * TILE_SIZE
    return Window(u0, v0, u0 + TILE_SIZE, v0 + TILE_SIZE)


def encode_mask(mask: Mask) -> bytes:
    """A mask as compressed bytes. Raises TileError for anything but (256, 256) uint8 of mask values."""
    if mask.shape != _SHAPE or mask.dtype != np.uint8 or mask.max() >= MASK_VALUES:
        raise TileError("not a mask", shape=mask.shape, dtype=str(mask.dtype))
    return zstandard.ZstdCompressor(level=1).compress(np.ascontiguousarray(mask).data)


def decode_mask(data: bytes) -> Mask:
    """The mask of `encode_mask`'s bytes, read-only. Raises TileError for any other bytes."""
    mask = np.frombuffer(decompress(data, TILE_SIZE * TILE_SIZE), dtype=np.uint8).reshape(_SHAPE)
    if mask.max() >= MASK_VALUES:
        raise TileError("an encoded tile that is not a mask", largest=int(mask.max()))
    return mask


def mask_area_cm2(mask: Mask, tile_y: int) -> Ints:
    """Exact ground area by mask value, shape (8,), whole cm2; index 0 is what lies outside."""
    area = tile_row_area_cm2(tile_y)
    by_value = [int(area @ np.count_nonzero(mask == value, axis=1)) for value in range(1, MASK_VALUES)]
    return np.array([int(area.sum()) * TILE_SIZE - sum(by_value), *by_value], dtype=np.int64)


def masks_area_cm2(masks: Mapping[TileKey, Mask]) -> Ints:
    """`mask_area_cm2` summed over a zone's tiles; no tiles give zeros."""
    return sum((mask_area_cm2(mask, tile.y) for tile, mask in masks.items()), np.zeros(MASK_VALUES, dtype=np.int64))


def tiles_of(geometry: BaseGeometry) -> list[TileKey]:
    """Tiles whose box meets a lon/lat geometry (not only its bounds), sorted; empty gives none."""
    if geometry.is_empty:
        return []
    tiles = tiles_in_bounds(*geometry.bounds)
    boxes = shapely.box(*np.array([tile_bounds(tile) for tile in tiles]).T)
    shapely.prepare(geometry)
    return [tile for tile, meets in zip(tiles, shapely.intersects(geometry, boxes), strict=True) if meets]
