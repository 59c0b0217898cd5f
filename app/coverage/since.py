"""What was seen of some ground since a day: whether those who were sent there went."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

import numpy as np
from sqlalchemy.orm import Session

from app.coverage import asof
from app.coverage.days import FIRST_DAY
from app.coverage.ingest.refresh import masks_of
from app.coverage.queries import report
from app.coverage.queries.looks import TRACKED, LayerKey
from app.coverage.queries.since import looks_since
from app.coverage.table import own_cycle
from app.settings import Settings
from geo.daytiles import Cells, day_date, day_number, decode_cells
from geo.frame import TileKey
from geo.zones import CLASS_BITS, DOMAIN


@dataclass(slots=True)
class SeenSince:
    """Of `cells` cells of some ground so many were tracked, and others only declared by hand.

    `reached_on`: the local day on which the share asked for was tracked, None while it is not; nothing later is counted
    then. `evidence_ids`: the records that tracked some of it, oldest first.
    """

    cells: int
    tracked: int = 0
    declared: int = 0
    reached_on: date | None = None
    evidence_ids: list[UUID] = field(default_factory=list)


def seen_since(session: Session, ground: Mapping[TileKey, Cells], first_day: date, percent: int) -> SeenSince:
    """What was seen of some cells on or after a local day, up to the day when `percent` of them were tracked."""
    found = SeenSince(sum(int(cells.sum()) for cells in ground.values()))
    unseen = {tile: cells.copy() for tile, cells in ground.items()}
    declared = {tile: np.zeros_like(cells) for tile, cells in ground.items()}
    for evidence_id, look in looks_since(session, ground, day_number(first_day)):
        tile = TileKey(look.x, look.y)
        cells = decode_cells(look.cells) & unseen[tile]
        if not cells.any():
            continue
        if look.kind != TRACKED:
            declared[tile] |= cells
            continue
        unseen[tile] &= ~cells
        found.tracked += int(cells.sum())
        if evidence_id not in found.evidence_ids:
            found.evidence_ids.append(evidence_id)
        if found.tracked * 100 >= found.cells * percent:
            found.reached_on = day_date(look.day)
            break
    found.declared = sum(int((declared[tile] & unseen[tile]).sum()) for tile in ground)
    return found


def blind_cells(session: Session, settings: Settings, grid_code: str, at: datetime) -> dict[TileKey, Cells]:
    """Ground of a grid that no track had covered in the grid's cycle at an instant; none of a grid that is gone.

    What was only declared by hand is among it, what is excluded or cannot be entered is not.
    """
    state = report.zone_of_grid(session, grid_code, day_number(settings.today()))
    if state is None:
        return {}
    domain = {tile: mask & CLASS_BITS == DOMAIN for tile, mask in masks_of(session, [state.id])[state.id].items()}
    on = at.astimezone(settings.zone).date()
    before = day_number(max(on - timedelta(days=1), FIRST_DAY))
    days = asof.day_tiles(session, domain, before, domain)
    covered_after = day_number(on) - own_cycle(settings, state.risk, state.cycle_days)
    blind = {}
    for tile, cells in domain.items():
        tracked = days.get(LayerKey(tile.x, tile.y, TRACKED))
        left = cells if tracked is None else cells & (tracked <= max(covered_after, 0))
        blind[tile] = left.copy()
    # Looks of that day count as before or after it by when they came, as the days themselves do not tell.
    for _, look in looks_since(session, blind, day_number(on), received_before=at):
        if look.kind == TRACKED and look.day == day_number(on):
            blind[TileKey(look.x, look.y)] &= ~decode_cells(look.cells)
    return {tile: cells for tile, cells in blind.items() if cells.any()}
