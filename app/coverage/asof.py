"""Day tiles as they stood on a past day: what was seen later is taken back by the looks before it."""

from collections.abc import Iterable, Mapping

from sqlalchemy.orm import Session

from app.coverage.queries import looks as sql
from app.coverage.queries.looks import LayerKey
from geo.daytiles import NEVER, Cells, DayTile, decode, decode_cells
from geo.frame import TileKey


def day_tiles(
    session: Session, tiles: Iterable[TileKey], on_day: int, within: Mapping[TileKey, Cells] | None = None
) -> dict[LayerKey, DayTile]:
    """Day tiles of both kinds as of a local day; tiles without any are left out.

    Only cells of `within` are promised to be right, where given: the fewer they are, the sooner the search ends.
    """
    current = {key: decode(days) for key, days in sql.read_day_tiles(session, tiles).items()}
    later = {key: tile > on_day for key, tile in current.items() if int(tile.max()) > on_day}
    for key, unknown in later.items():
        current[key][unknown] = NEVER
        if within is not None:
            unknown &= within[TileKey(key.x, key.y)]
    look_back(session, current, later, on_day)
    return current


def look_back(
    session: Session, tiles: Mapping[LayerKey, DayTile], cells: Mapping[LayerKey, Cells], on_day: int
) -> None:
    """Fill cells of day tiles, in place, with the last look up to a day: newest looks first, until none is open."""
    unknown = {key: some.copy() for key, some in cells.items() if some.any()}
    if not unknown:
        return
    places = {TileKey(key.x, key.y) for key in unknown}
    for look in sql.looks_backward(session, places, on_day):
        key = LayerKey(look.x, look.y, look.kind)
        if key not in unknown:
            continue
        found = unknown[key] & decode_cells(look.cells)
        if not found.any():
            continue
        tiles[key][found] = look.day
        unknown[key] &= ~found
        if not unknown[key].any():
            del unknown[key]
            if not unknown:
                return
