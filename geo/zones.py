"""Territory painted on cells: who answers for each cell, so that sums over the tree of units are exact.

A zone is what responsibility attaches to: one grid, or a unit's remainder (land of the unit in no child unit and no
grid). Every cell has at most one owner. A cell is in a polygon when its centre is; edges are straight in lon/lat.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from shapely.geometry.base import BaseGeometry

from geo.frame import Ints, TileKey

Mask = npt.NDArray[np.uint8]

# A mask's values: class in the low two bits, and whether the cell is another zone's.
OUTSIDE = 0
DOMAIN = 1
INACCESSIBLE = 2
EXCLUDED = 3
CLASS_BITS = 3
SHARED = 4  # counts in this grid's own figures, but another zone owns it: never counted in a unit's
MASK_VALUES = 8


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
    only shares. 64 kB a mask: for a whole city use `paint_blocks`.
    """
    raise NotImplementedError


def paint_blocks(
    tiles: Sequence[TileKey],
    units: Sequence[UnitShape],
    grids: Sequence[GridShape],
    exclusions: Sequence[ExclusionShape],
) -> Iterator[tuple[list[TileKey], Painted]]:
    """`paint` block by block of neighbouring tiles: (the block's tiles, their masks), so that memory stays small.

    A zone that spans blocks comes in parts, each with other tiles.
    """
    raise NotImplementedError


def encode_mask(mask: Mask) -> bytes:
    """A mask as compressed bytes. Raises TileError for anything but (256, 256) uint8 of mask values."""
    raise NotImplementedError


def decode_mask(data: bytes) -> Mask:
    """The mask of `encode_mask`'s bytes, read-only. Raises TileError for any other bytes."""
    raise NotImplementedError


def mask_area_cm2(mask: Mask, tile_y: int) -> Ints:
    """Exact ground area by mask value, shape (8,), whole cm2; index 0 is what lies outside."""
    raise NotImplementedError


def masks_area_cm2(masks: Mapping[TileKey, Mask]) -> Ints:
    """`mask_area_cm2` summed over a zone's tiles; no tiles give zeros."""
    raise NotImplementedError


def tiles_of(geometry: BaseGeometry) -> list[TileKey]:
    """Tiles whose box meets a lon/lat geometry (not only its bounds), sorted; empty gives none."""
    raise NotImplementedError
