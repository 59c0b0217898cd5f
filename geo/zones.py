"""Territory painted on cells, so that every cell has exactly one owner and sums over a tree of units are exact.

A zone is what responsibility attaches to: one grid, or the remainder of a unit (its land in no child unit and no grid).
Units are painted top down, by depth and then code: a child takes only cells that its parent's remainder still owns. Then
grids take only cells of their own unit's remainder. Cells of a grid that another zone owns are SHARED.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt
import rasterio.features
import shapely
import zstandard
from rasterio.transform import Affine

from geo.errors import GeometryError, TileError
from geo.frame import TILE_SIZE, TileKey, tile_bounds, tile_row_area_cm2, tiles_in_bounds, to_cells

Mask = npt.NDArray[np.uint8]

OUTSIDE = 0
DOMAIN = 1
INACCESSIBLE = 2
EXCLUDED = 3
CLASS_BITS = 3
SHARED = 4

BLOCK_TILES = 8


@dataclass(frozen=True)
class UnitShape:
    """A unit's place in the tree and its polygon, lon/lat WGS-84; `depth` grows downward."""

    code: str
    parent_code: str | None
    depth: int
    geometry: shapely.Geometry


@dataclass(frozen=True)
class GridShape:
    """A version of a grid (`key` is its identity) and its polygon, lon/lat WGS-84."""

    key: int
    code: str
    unit_code: str
    geometry: shapely.Geometry


@dataclass(frozen=True)
class ExclusionShape:
    """An approved exclusion, lon/lat WGS-84; excluded beats inaccessible where both lie."""

    effect: Literal["excluded", "inaccessible"]
    geometry: shapely.Geometry


@dataclass
class Painted:
    """Masks by grid key and by unit code (its remainder), tile by tile; no empty mask is held."""

    grid_masks: dict[int, dict[TileKey, Mask]] = field(default_factory=lambda: defaultdict(dict))
    remainder_masks: dict[str, dict[TileKey, Mask]] = field(default_factory=lambda: defaultdict(dict))


class _Layer:
    """Shapes in cell coordinates with an index."""

    def __init__(self, geometries: Sequence[shapely.Geometry]) -> None:
        self.shapes = [in_cells(geometry) for geometry in geometries]
        self.tree = shapely.STRtree(self.shapes)

    def meeting(self, box: shapely.Geometry) -> list[int]:
        return sorted(int(i) for i in self.tree.query(box, predicate="intersects"))


def in_cells(geometry: shapely.Geometry) -> shapely.Geometry:
    """A lon/lat geometry in cell coordinates. Raises GeometryError outside the frame."""
    return shapely.transform(geometry, lambda xy: np.column_stack(to_cells(xy[:, 0], xy[:, 1])))


def tiles_of(geometry: shapely.Geometry) -> list[TileKey]:
    """The tiles whose box meets a lon/lat geometry, sorted; empty gives none."""
    if geometry.is_empty:
        return []
    keys = tiles_in_bounds(*geometry.bounds)
    boxes = np.array([shapely.box(*tile_bounds(key)) for key in keys])
    shapely.prepare(geometry)
    return [key for key, meets in zip(keys, shapely.intersects(geometry, boxes), strict=True) if meets]


def paint(
    tiles: Sequence[TileKey],
    units: Sequence[UnitShape],
    grids: Sequence[GridShape],
    exclusions: Sequence[ExclusionShape],
) -> Painted:
    """The masks of all zones on these tiles; shapes that do not meet them are passed over.

    A unit whose parent is not among those given is a root: it takes cells that nobody owns. Raises GeometryError for
    two units of one code.
    """
    ordered_units = sorted(units, key=lambda unit: (unit.depth, unit.code))
    ordered_grids = sorted(grids, key=lambda grid: (grid.code, grid.key))
    if len({unit.code for unit in units}) < len(units):
        raise GeometryError("two units of one code")
    painter = _Painter(ordered_units, ordered_grids, exclusions)
    for block, keys in _blocks(tiles):
        painter.paint_block(block, keys)
    return painter.painted


def _blocks(tiles: Sequence[TileKey]) -> Iterator[tuple[TileKey, list[TileKey]]]:
    by_block: dict[TileKey, list[TileKey]] = defaultdict(list)
    for key in sorted(set(tiles)):
        by_block[TileKey(key.x // BLOCK_TILES * BLOCK_TILES, key.y // BLOCK_TILES * BLOCK_TILES)].append(key)
    yield from by_block.items()


class _Painter:
    def __init__(
        self, units: Sequence[UnitShape], grids: Sequence[GridShape], exclusions: Sequence[ExclusionShape]
    ) -> None:
        self.units, self.grids, self.exclusions = units, grids, exclusions
        self.unit_layer = _Layer([unit.geometry for unit in units])
        self.grid_layer = _Layer([grid.geometry for grid in grids])
        self.exclusion_layer = _Layer([exclusion.geometry for exclusion in exclusions])
        self.number_of = {unit.code: i + 1 for i, unit in enumerate(units)}
        self.painted = Painted()

    def paint_block(self, block: TileKey, keys: list[TileKey]) -> None:
        x0 = min(key.x for key in keys)
        y0 = min(key.y for key in keys)
        columns = (max(key.x for key in keys) - x0 + 1) * TILE_SIZE
        rows = (max(key.y for key in keys) - y0 + 1) * TILE_SIZE
        del block
        canvas = _Canvas(x0 * TILE_SIZE, y0 * TILE_SIZE, rows, columns)
        classes = self._classes(canvas)
        owner = self._owners(canvas)
        self._grids(canvas, owner, classes, keys, TileKey(x0, y0))
        self._remainders(owner, classes, keys, TileKey(x0, y0))

    def _classes(self, canvas: "_Canvas") -> Mask:
        classes = np.full(canvas.shape, DOMAIN, dtype=np.uint8)
        met = self.exclusion_layer.meeting(canvas.box)
        for effect, value in (("inaccessible", INACCESSIBLE), ("excluded", EXCLUDED)):
            for i in met:
                if self.exclusions[i].effect == effect:
                    classes[canvas.inside(self.exclusion_layer.shapes[i])] = value
        return classes

    def _owners(self, canvas: "_Canvas") -> npt.NDArray[np.int32]:
        owner = np.zeros(canvas.shape, dtype=np.int32)
        for i in self.unit_layer.meeting(canvas.box):
            parent = self.number_of.get(self.units[i].parent_code or "", 0)
            window, inside = canvas.window(self.unit_layer.shapes[i])
            part = owner[window]
            part[inside & (part == parent)] = i + 1
        return owner

    def _grids(
        self,
        canvas: "_Canvas",
        owner: npt.NDArray[np.int32],
        classes: Mask,
        keys: list[TileKey],
        origin: TileKey,
    ) -> None:
        for i in self.grid_layer.meeting(canvas.box):
            grid = self.grids[i]
            window, inside = canvas.window(self.grid_layer.shapes[i])
            part = owner[window]
            own = inside & (part == self.number_of.get(grid.unit_code, -1))
            mask = np.where(inside, classes[window] | np.where(own, 0, SHARED).astype(np.uint8), OUTSIDE)
            part[own] = -1  # taken by a grid: in nobody's remainder any more
            for key in keys:
                piece = _cut(mask.astype(np.uint8), window, key, origin)
                if piece is not None:
                    self.painted.grid_masks[grid.key][key] = piece

    def _remainders(self, owner: npt.NDArray[np.int32], classes: Mask, keys: list[TileKey], origin: TileKey) -> None:
        values = np.where(classes == EXCLUDED, EXCLUDED, DOMAIN).astype(np.uint8)
        for key in keys:
            rows = slice((key.y - origin.y) * TILE_SIZE, (key.y - origin.y + 1) * TILE_SIZE)
            columns = slice((key.x - origin.x) * TILE_SIZE, (key.x - origin.x + 1) * TILE_SIZE)
            owners = owner[rows, columns]
            for number in np.flatnonzero(np.bincount(np.maximum(owners, 0).ravel())):
                if number:
                    mask = np.where(owners == number, values[rows, columns], OUTSIDE).astype(np.uint8)
                    self.painted.remainder_masks[self.units[number - 1].code][key] = mask


Window = tuple[slice, slice]


class _Canvas:
    """A rectangle of cells on which shapes in cell coordinates are rasterised, cell-centre rule."""

    def __init__(self, u0: int, v0: int, rows: int, columns: int) -> None:
        self.u0, self.v0 = u0, v0
        self.shape = (rows, columns)
        self.box = shapely.box(u0, v0, u0 + columns, v0 + rows)

    def window(self, shape: shapely.Geometry) -> tuple[Window, npt.NDArray[np.bool_]]:
        """The part of the canvas that a shape's bounds meet, and the cells of it whose centre lies inside."""
        west, north, east, south = shape.bounds
        c0, c1 = (int(np.clip(n, 0, self.shape[1])) for n in (np.floor(west) - self.u0, np.ceil(east) - self.u0))
        r0, r1 = (int(np.clip(n, 0, self.shape[0])) for n in (np.floor(north) - self.v0, np.ceil(south) - self.v0))
        window = (slice(r0, r1), slice(c0, c1))
        if r1 <= r0 or c1 <= c0:
            return window, np.zeros((max(r1 - r0, 0), max(c1 - c0, 0)), dtype=np.bool_)
        burnt = rasterio.features.rasterize(
            [shape],
            out_shape=(r1 - r0, c1 - c0),
            transform=Affine.translation(self.u0 + c0, self.v0 + r0),
            fill=0,
            default_value=1,
            dtype="uint8",
        )
        return window, burnt.view(np.bool_)

    def inside(self, shape: shapely.Geometry) -> npt.NDArray[np.bool_]:
        """All cells of the canvas whose centre lies inside a shape."""
        cells = np.zeros(self.shape, dtype=np.bool_)
        window, inside = self.window(shape)
        cells[window] = inside
        return cells


def _cut(mask: Mask, window: Window, key: TileKey, origin: TileKey) -> Mask | None:
    """A windowed mask's part on one tile, as a whole tile; None when nothing of it lies there."""
    top, left = (key.y - origin.y) * TILE_SIZE, (key.x - origin.x) * TILE_SIZE
    r0, r1 = max(window[0].start, top), min(window[0].stop, top + TILE_SIZE)
    c0, c1 = max(window[1].start, left), min(window[1].stop, left + TILE_SIZE)
    if r1 <= r0 or c1 <= c0:
        return None
    part = mask[r0 - window[0].start : r1 - window[0].start, c0 - window[1].start : c1 - window[1].start]
    if not part.any():
        return None
    tile = np.zeros((TILE_SIZE, TILE_SIZE), dtype=np.uint8)
    tile[r0 - top : r1 - top, c0 - left : c1 - left] = part
    return tile


def mask_area_cm2(mask: Mask, tile_y: int) -> npt.NDArray[np.int64]:
    """Ground area in whole cm2 of each mask value, shape (8,), index = value."""
    areas = np.broadcast_to(tile_row_area_cm2(tile_y)[:, None], mask.shape)
    return np.bincount(mask.ravel(), weights=areas.ravel(), minlength=8).astype(np.int64)


def encode_mask(mask: Mask) -> bytes:
    """A mask (256, 256) uint8 as compressed bytes."""
    if mask.shape != (TILE_SIZE, TILE_SIZE) or mask.dtype != np.uint8:
        raise TileError("not a mask", shape=mask.shape, dtype=str(mask.dtype))
    return zstandard.ZstdCompressor(level=3).compress(np.ascontiguousarray(mask).data)


def decode_mask(data: bytes) -> Mask:
    """The mask of `encode_mask`'s bytes. Raises TileError for any other bytes."""
    size = TILE_SIZE * TILE_SIZE
    try:
        raw = zstandard.ZstdDecompressor().decompress(bytes(data), max_output_size=size)
    except zstandard.ZstdError as error:
        raise TileError("not an encoded mask") from error
    if len(raw) != size:
        raise TileError("an encoded mask of the wrong size", expected=size, actual=len(raw))
    return np.frombuffer(raw, dtype=np.uint8).reshape(TILE_SIZE, TILE_SIZE)
