"""What was passed without looking within zones' cycles: which zones that concerns, and the cells."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import numpy as np
from sqlalchemy.orm import Session

from app.coverage.queries import passing as sql
from app.coverage.table import ZoneTable
from geo.daytiles import Cells, PackedCells, packed_cells, unpacked
from geo.frame import TileKey
from geo.passing import Passed

Marks = tuple[tuple[TileKey, int], ...]
PassedCells = dict[TileKey, dict[Passed, Cells]]


def marks(session: Session, table: ZoneTable, rows: Iterable[int] | None = None) -> dict[int, Marks]:
    """Rows of the table (of some of them, if given) with blind ground near which something was passed in their cycle.

    Each with what names the passings that count in its tiles: as long as it stays, so do they.
    """
    blind = np.flatnonzero(table.blind).tolist() if rows is None else [row for row in rows if table.blind[row]]
    row_of = {table.states[row].id: row for row in blind}
    if not row_of:
        return {}
    found: dict[int, list[tuple[TileKey, int]]] = defaultdict(list)
    first = table.day - int(table.cycles[list(row_of.values())].max()) + 1
    for tile in sql.tiles_of_zones(session, row_of, first, table.day):
        for zone_id in tile.zone_ids:
            row = row_of[zone_id]
            if tile.last_day > table.day - int(table.cycles[row]):
                found[row].append((tile.tile, tile.mark))
    return {row: tuple(sorted(some)) for row, some in found.items()}


def cells(session: Session, table: ZoneTable, rows: Mapping[int, Marks]) -> dict[int, PassedCells]:
    """Cells passed in the cycle of each row, by tile and reason; what is not named was not passed."""
    cycles: dict[TileKey, set[int]] = defaultdict(set)
    for row, some in rows.items():
        for tile, _ in some:
            cycles[tile].add(int(table.cycles[row]))
    if not cycles:
        return {row: {} for row in rows}
    folded = _folded(session, cycles, table.day)
    return {
        row: {tile: folded.get((tile, int(table.cycles[row])), {}) for tile, _ in some} for row, some in rows.items()
    }


def _folded(
    session: Session, cycles: Mapping[TileKey, set[int]], day: int
) -> dict[tuple[TileKey, int], dict[Passed, Cells]]:
    """What was passed in some tiles within each of the cycles asked about there."""
    longest = max(max(some) for some in cycles.values())
    found: dict[tuple[TileKey, int], dict[Passed, PackedCells]] = defaultdict(dict)
    for row in sql.between(session, cycles, day - longest + 1, day):
        tile, reason = TileKey(row.x, row.y), Passed(row.reason)
        within = [cycle for cycle in cycles[tile] if row.day > day - cycle]
        if not within:
            continue
        passed = packed_cells(row.cells)
        for cycle in within:
            known = found[tile, cycle].get(reason)
            found[tile, cycle][reason] = passed if known is None else known | passed
    return {key: {reason: unpacked(some) for reason, some in each.items()} for key, each in found.items()}
