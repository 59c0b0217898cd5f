"""Grids as a phone carries them into the field: their cells with the days last seen, and where their blind spots are.

The phone goes on from there by the same definition, without a network.
"""

import base64
import zlib
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy.orm import Session

from app.coverage import blindspots, patches, rows
from app.coverage.queries import report as sql
from app.coverage.schemas import CarriedTile, SevenShares
from app.coverage.table import zone_table
from app.settings import Settings
from geo.daytiles import DayTile, day_number
from geo.frame import TileKey
from geo.shares import Shares
from geo.zones import OUTSIDE, Mask

MIN_BLIND_SPOT_M2 = 100.0
MAX_BLIND_SPOTS = 300
_LEVEL = 6


class CarriedGrid(NamedTuple):
    """A grid's shares and tiles on a day; `covered_percent` is floored, None without a domain."""

    shares: SevenShares
    covered_percent: float | None
    tiles: list[CarriedTile]


def carried(
    session: Session, settings: Settings, codes: Sequence[str], on: date
) -> tuple[dict[str, CarriedGrid], list[dict[str, Any]]]:
    """Some grids by code, and their most urgent blind spots as GeoJSON features; a grid without a cell is empty."""
    day = day_number(on)
    table = zone_table(settings, sql.zones_of_grids(session, codes, day), None, day)
    ground = patches.grounds(session, table, range(len(table.states)))
    grids = {code: CarriedGrid(rows.seven(Shares()), None, []) for code in codes}
    for row, state in enumerate(table.states):
        shares = Shares.from_row(table.whole[row])
        tiles = [
            _tile(tile, mask, ground[row].tracked.get(tile), ground[row].declared.get(tile))
            for tile, mask in sorted(ground[row].masks.items())
        ]
        grids[state.grid_code or ""] = CarriedGrid(rows.seven(shares), shares.covered_percent, tiles)
    found, _ = blindspots.most_urgent(session, table, MIN_BLIND_SPOT_M2, MAX_BLIND_SPOTS)
    return grids, blindspots.features(session, table, found)


def _tile(tile: TileKey, mask: Mask, tracked: DayTile | None, declared: DayTile | None) -> CarriedTile:
    return CarriedTile(
        x=tile.x,
        y=tile.y,
        mask=_packed(mask.tobytes()),
        tracked=_days(mask, tracked),
        declared=_days(mask, declared),
    )


def _days(mask: Mask, days: DayTile | None) -> str | None:
    """Days of the grid's own cells: what its neighbours' cells hold is not its officer's to carry."""
    if days is None:
        return None
    own = np.where(mask == OUTSIDE, np.uint16(0), days)
    return _packed(own.astype("<u2").tobytes()) if own.any() else None


def _packed(raw: bytes) -> str:
    return base64.b64encode(zlib.compress(raw, _LEVEL)).decode("ascii")
