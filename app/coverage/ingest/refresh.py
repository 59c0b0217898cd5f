"""Freshness rows of zones after their looks or masks changed.

A zone has one row at its first day, and one for each later day on which somebody looked at any of its cells; each is
the histogram as of its day. The newest row comes straight from the day tiles; earlier ones are replayed from looks.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.coverage import asof
from app.coverage.queries import looks as look_sql
from app.coverage.queries import zones as zone_sql
from app.coverage.queries.looks import DECLARED, TRACKED, LayerKey
from app.coverage.queries.zones import FreshnessRow, Zone
from geo.daytiles import LAST_DAY, Cells, DayTile, add_look, decode, decode_cells, empty
from geo.frame import TileKey
from geo.shares import Histogram, histogram, merge
from geo.zones import CLASS_BITS, EXCLUDED, OUTSIDE, Mask, decode_mask

Masks = Mapping[TileKey, Mask]
Tiles = Mapping[LayerKey, DayTile]


class Touch(NamedTuple):
    """Cells of a tile of which something may have changed, and the first day from which it did."""

    day: int
    tile: TileKey
    cells: Cells


def refresh(session: Session, touches: Iterable[Touch], known: Tiles, *, in_order: bool) -> None:
    """Bring the rows of all grids' zones that own or share a touched cell up to date; locks these zones.

    `known` are day tiles that this transaction has locked and written. `in_order` False: looks were taken away, so that
    the newest row may be one that should not be there any more.
    """
    days = _touched_days(session, list(touches))
    locked = zone_sql.lock(session, days)
    masks = masks_of(session, days)
    # Only now: other tiles of these zones may have been written by those that held the zones before.
    tiles = {**current_tiles(session, masks, known), **known}
    rows: list[FreshnessRow] = []
    for zone, latest in locked:
        starts = {max(day, zone.from_day) for day in days[zone.id] if zone.to_day is None or day < zone.to_day}
        if not starts:
            continue
        start = min(starts)
        # A look later than the newest row would have a row of its own, so day tiles are as of that row's day.
        if in_order and zone.to_day is None and len(starts) == 1 and latest is not None and latest <= start:
            rows.append(FreshnessRow(zone.id, start, histogram_of(masks[zone.id], tiles).encode()))
        else:
            replay(session, zone, masks[zone.id], start)
    zone_sql.write_freshness(session, rows)


def _touched_days(session: Session, touches: list[Touch]) -> dict[int, set[int]]:
    by_tile: dict[TileKey, list[Touch]] = defaultdict(list)
    for touch in touches:
        by_tile[touch.tile].append(touch)
    days: dict[int, set[int]] = defaultdict(set)
    if not by_tile:
        return days
    for zone_id, tile, data in zone_sql.grid_masks_meeting(session, by_tile, min(touch.day for touch in touches)):
        inside = dated(decode_mask(data))
        for touch in by_tile[tile]:
            if (inside & touch.cells).any():
                days[zone_id].add(touch.day)
    return days


def replay(session: Session, zone: Zone, masks: Masks, start: int) -> None:
    """Write a zone's rows anew from a day on, from the looks alone."""
    zone_sql.delete_freshness(session, zone.id, start)
    zone_sql.write_freshness(session, replayed(session, zone, masks, start))


def refolded(session: Session, zone: Zone, masks: Masks) -> list[FreshnessRow]:
    """All rows that a zone must have, from its looks alone, first to last: no day tile is believed."""
    tiles: dict[LayerKey, DayTile] = {}
    for look in look_sql.looks_forward(session, masks, 0, zone.from_day):
        add_look(tiles.setdefault(LayerKey(look.x, look.y, look.kind), empty()), look.day, decode_cells(look.cells))
    return _rows(session, zone, masks, tiles, zone.from_day)


def replayed(session: Session, zone: Zone, masks: Masks, start: int) -> list[FreshnessRow]:
    """The rows that a zone must have from a day on."""
    start = max(start, zone.from_day)
    inside = {tile: dated(mask) for tile, mask in masks.items()}
    tiles = asof.day_tiles(session, masks, start if start == zone.from_day else start - 1, inside)
    return _rows(session, zone, masks, tiles, start)


def _rows(session: Session, zone: Zone, masks: Masks, tiles: dict[LayerKey, DayTile], start: int) -> list[FreshnessRow]:
    """Rows from a day on; `tiles` are as of the zone's first day, if that is the start, or the day before the start."""
    first = start == zone.from_day
    inside = {tile: dated(mask) for tile, mask in masks.items()}
    parts = {tile: tile_histogram(tile, mask, tiles) for tile, mask in masks.items()}
    rows = [FreshnessRow(zone.id, start, merge(parts.values()).encode())] if first else []
    changed: set[TileKey] = set()
    day = 0

    def close_day() -> None:
        if changed:
            parts.update({tile: tile_histogram(tile, masks[tile], tiles) for tile in changed})
            rows.append(FreshnessRow(zone.id, day, merge(parts.values()).encode()))
            changed.clear()

    until = LAST_DAY if zone.to_day is None else zone.to_day - 1
    for look in look_sql.looks_forward(session, masks, start + 1 if first else start, until):
        tile = TileKey(look.x, look.y)
        cells = decode_cells(look.cells) & inside[tile]
        if not cells.any():
            continue
        if look.day != day:
            close_day()
            day = look.day
        add_look(tiles.setdefault(LayerKey(look.x, look.y, look.kind), empty()), look.day, cells)
        changed.add(tile)
    close_day()
    return rows


def start_rows(session: Session, zones: Iterable[Zone], masks: Mapping[int, Masks]) -> None:
    """Write all rows of new zones of grids."""
    chosen = [zone for zone in zones if zone.grid_id is not None]
    tiles = current_tiles(session, masks, {})
    rows: list[FreshnessRow] = []
    for zone in chosen:
        now = histogram_of(masks[zone.id], tiles)
        if zone.to_day is None and now.last_seen_day <= zone.from_day:
            rows.append(FreshnessRow(zone.id, zone.from_day, now.encode()))
        else:
            rows.extend(replayed(session, zone, masks[zone.id], zone.from_day))
    zone_sql.write_freshness(session, rows)


def masks_of(
    session: Session, zone_ids: Iterable[int], only: Mapping[int, Collection[TileKey]] | None = None
) -> dict[int, dict[TileKey, Mask]]:
    """The masks of some zones; where `only` is given, of these tiles of each."""
    found: dict[int, dict[TileKey, Mask]] = defaultdict(dict)
    for zone_id, tile, data in zone_sql.masks(session, zone_ids):
        if only is not None and tile not in only[zone_id]:
            continue
        found[zone_id][tile] = decode_mask(data)
    return found


def current_tiles(session: Session, masks: Mapping[int, Masks], known: Tiles) -> dict[LayerKey, DayTile]:
    """The day tiles under some zones, but for those known already."""
    places = {tile for by_tile in masks.values() for tile in by_tile}
    stored = look_sql.read_day_tiles(session, places)
    return {key: decode(days) for key, days in stored.items() if key not in known}


def dated(mask: Mask) -> Cells:
    """Cells of a zone whose days matter: all but the excluded."""
    inside: Cells = (mask != OUTSIDE) & (mask & CLASS_BITS != EXCLUDED)
    return inside


def histogram_of(masks: Masks, tiles: Tiles) -> Histogram:
    """The histogram of a zone over day tiles."""
    return merge(tile_histogram(tile, mask, tiles) for tile, mask in masks.items())


def tile_histogram(tile: TileKey, mask: Mask, tiles: Tiles) -> Histogram:
    """One tile's part of a zone's histogram."""
    tracked, declared = (tiles.get(LayerKey(tile.x, tile.y, kind)) for kind in (TRACKED, DECLARED))
    return histogram(mask, tracked, declared, tile.y)
