"""Day tiles: for each cell of a tile the last local day on which it was seen; and the looks they are folded from.

A day is the count of days since 2000-01-01 (`day_number`); 0 means never. A look is the set of cells one patrol saw in
one tile on one day. `last seen = max(old, new)`, so looks may come late, twice or in any order.
"""

import threading
from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import zstandard

from geo.errors import TileError
from geo.frame import TILE_SIZE

DayTile = npt.NDArray[np.uint16]
Cells = npt.NDArray[np.bool_]
PackedCells = npt.NDArray[np.uint8]

DAY_ZERO = date(2000, 1, 1)
NEVER = 0
LAST_DAY = 0xFFFF
_SHAPE = (TILE_SIZE, TILE_SIZE)
_DAY_TILE_BYTES = TILE_SIZE * TILE_SIZE * 2
_CELLS_BYTES = TILE_SIZE * TILE_SIZE // 8


class _Codec(threading.local):
    """Made once a thread: to make one takes ten times as long as to read a tile with it."""

    def __init__(self) -> None:
        self.compressor = zstandard.ZstdCompressor(level=1)
        self.decompressor = zstandard.ZstdDecompressor()


_CODEC = _Codec()


def day_number(day: date) -> int:
    """Days from 2000-01-01 to a local date. Raises TileError before 2000-01-02 or after 2179-06-06."""
    number = (day - DAY_ZERO).days
    if not NEVER < number <= LAST_DAY:
        raise TileError("day outside what a day tile can hold", day=day.isoformat())
    return number


def day_date(number: int) -> date | None:
    """The local date of a day number; None for never."""
    return None if number == NEVER else DAY_ZERO + timedelta(days=int(number))


def empty() -> DayTile:
    """A tile that nobody has seen, shape (256, 256)."""
    return np.zeros(_SHAPE, dtype=np.uint16)


def merge(tile: DayTile, other: DayTile) -> DayTile:
    """The later of two days, cell by cell. Commutes, associates, and merging twice changes nothing."""
    return np.maximum(tile, other)


def fold(looks: Iterable[tuple[int, Cells]]) -> DayTile:
    """The day tile of looks given as (day, cells), in any order; no looks give an empty tile."""
    tile = empty()
    for day, cells in looks:
        add_look(tile, day, cells)
    return tile


def add_look(tile: DayTile, day: int, cells: Cells) -> None:
    """Merge one look into a day tile in place."""
    np.maximum(tile, cells * np.uint16(day), out=tile)


def encode(tile: DayTile) -> bytes:
    """A day tile as compressed bytes (Zstandard over little-endian uint16, row by row from the north)."""
    if tile.shape != _SHAPE or tile.dtype != np.uint16:
        raise TileError("not a day tile", shape=tile.shape, dtype=str(tile.dtype))
    return _CODEC.compressor.compress(np.ascontiguousarray(tile, dtype="<u2").data)


def decode(data: bytes) -> DayTile:
    """The day tile of `encode`'s bytes, writable. Raises TileError for any other bytes."""
    raw = decompress(data, _DAY_TILE_BYTES)
    return np.frombuffer(raw, dtype="<u2").reshape(_SHAPE).astype(np.uint16)


def encode_cells(cells: Cells) -> bytes:
    """Cells (256, 256) bool as compressed bytes: one bit a cell, then Zstandard."""
    if cells.shape != _SHAPE or cells.dtype != np.bool_:
        raise TileError("not a set of cells", shape=cells.shape, dtype=str(cells.dtype))
    return _CODEC.compressor.compress(np.packbits(cells).data)


def decode_cells(data: bytes) -> Cells:
    """The cells of `encode_cells`' bytes. Raises TileError for any other bytes."""
    return unpacked(packed_cells(data))


def packed_cells(data: bytes) -> PackedCells:
    """The cells of `encode_cells`' bytes, eight in each byte, to be joined by `|`. Raises TileError."""
    return np.frombuffer(decompress(data, _CELLS_BYTES), dtype=np.uint8)


def unpacked(cells: PackedCells) -> Cells:
    """Cells (256, 256) bool from eight in each byte."""
    return np.unpackbits(cells).view(np.bool_).reshape(_SHAPE)


def decompress(data: bytes, size: int) -> bytes:
    """What was compressed, if that is exactly `size` bytes. Raises TileError for anything else, trailing bytes too."""
    try:
        stated = zstandard.get_frame_parameters(data).content_size
        if stated != size:  # looked at first: decompressing takes as much memory as the frame states
            raise TileError("an encoded tile of the wrong size", expected=size, actual=stated)
        return _CODEC.decompressor.decompress(data, max_output_size=size, allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise TileError("not an encoded tile") from error
