"""Sizes of zones' blind spots, measured only where they may matter and kept while the zone stays as it is."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from sqlalchemy.orm import Session

from app.coverage import asof
from app.coverage.ingest.refresh import masks_of
from app.coverage.queries.looks import DECLARED, TRACKED, LayerKey
from app.coverage.recent import Recent
from app.coverage.table import ZoneTable
from geo import patches
from geo.daytiles import Cells, DayTile
from geo.frame import TileKey
from geo.patches import Patches
from geo.zones import OUTSIDE, Mask

_MEASURED: Recent[Patches] = Recent(50_000)
_FIRST_BATCH = 4
_LARGEST_BATCH = 64


class Ground(NamedTuple):
    """What a zone's blind spots are computed from."""

    masks: dict[TileKey, Mask]
    tracked: dict[TileKey, DayTile]
    declared: dict[TileKey, DayTile]

    def last_seen(self) -> dict[TileKey, DayTile]:
        """The later of the two kinds' days, tile by tile."""
        return {
            tile: self.tracked[tile] if tile not in self.declared
            else self.declared[tile] if tile not in self.tracked
            else np.maximum(self.tracked[tile], self.declared[tile])
            for tile in self.tracked.keys() | self.declared.keys()
        }  # fmt: skip


def grounds(
    session: Session, table: ZoneTable, rows: Iterable[int], only: Mapping[int, Collection[TileKey]] | None = None
) -> dict[int, Ground]:
    """Masks and day tiles, as of the table's day, of some of its rows; with `only`, of these tiles of each."""
    by_row = {row: table.states[row].id for row in rows}
    chosen = None if only is None else {by_row[row]: only[row] for row in by_row}
    masks = masks_of(session, by_row.values(), chosen)
    within: dict[TileKey, Cells] = {}
    for by_tile in masks.values():
        for tile, mask in by_tile.items():
            inside = mask != OUTSIDE
            within[tile] = within[tile] | inside if tile in within else inside
    days = asof.day_tiles(session, within, table.day, within)

    def of(kind: str, places: Iterable[TileKey]) -> dict[TileKey, DayTile]:
        return {tile: days[key] for tile in places if (key := LayerKey(tile.x, tile.y, kind)) in days}

    return {
        row: Ground(masks[zone_id], of(TRACKED, masks[zone_id]), of(DECLARED, masks[zone_id]))
        for row, zone_id in by_row.items()
    }


def kept(table: ZoneTable, row: int) -> Patches | None:
    """A row's patches if they are known already."""
    return _MEASURED.get(key(table, row))


def measured(session: Session, table: ZoneTable, rows: Sequence[int]) -> Iterator[tuple[int, Patches]]:
    """Patches of some rows in the order given, read in growing batches so that a reader may stop early."""
    start, size = 0, _FIRST_BATCH
    while start < len(rows):
        batch = rows[start : start + size]
        found = {row: kept(table, row) for row in batch}
        ground = grounds(session, table, [row for row, known in found.items() if known is None])
        for row in batch:
            known = found[row]
            if known is None:
                known = _measure(table, row, ground[row])
            yield row, known
        start, size = start + size, min(size * 2, _LARGEST_BATCH)


def _measure(table: ZoneTable, row: int, ground: Ground) -> Patches:
    found = patches.measure(ground.masks, ground.last_seen(), table.day - int(table.cycles[row]))
    _MEASURED.put(key(table, row), found)
    return found


def key(table: ZoneTable, row: int) -> tuple[int, int | None, int]:
    """What names the content of a row's blind spots."""
    # Which cells are blind depends on the cycle and the day only through the newest day that has become stale.
    state = table.states[row]
    return state.id, state.version, int(table.newest_stale[row])
