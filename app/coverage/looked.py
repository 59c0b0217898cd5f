"""Who looked at a place: the looks that hold its cell, and the share it falls into today."""

from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.coverage import rows
from app.coverage.days import FIRST_DAY
from app.coverage.queries import looks as look_sql
from app.coverage.queries import passing as passing_sql
from app.coverage.queries import report as sql
from app.coverage.queries.looks import DECLARED, TRACKED
from app.coverage.schemas import LookedAt, PastLook, PastPassing, PlaceRef
from app.coverage.table import own_cycle
from app.errors import ForbiddenError
from app.scope import Scope
from app.settings import Settings
from app.territory import service as territory
from geo.daytiles import day_date, day_number, decode_cells
from geo.frame import TileKey, cell_of
from geo.passing import Passed
from geo.shares import Histogram, Share, shares
from geo.zones import CLASS_BITS, EXCLUDED, SHARED, decode_mask

MAX_LOOKS = 200


def looked_at(session: Session, settings: Settings, scope: Scope, lon: float, lat: float) -> LookedAt:
    """The looks at the cell of a WGS-84 position, newest first, and whose it is.

    Raises GeometryError off the frame, ForbiddenError outside the scope.
    """
    tile, row, column = cell_of(lon, lat)
    today = day_number(settings.today())
    owner, value = _owner(session, scope, tile, row, column, today)
    if owner is None:
        units = territory.place_at(session, lon, lat, settings.today()).units
        if not scope.is_everything and not scope.holds_any(unit.path for unit in units):
            raise ForbiddenError("该位置不在您的管辖范围内。如需查看，请联系上级单位或系统管理员。")
        looks = _looks(session, tile, row, column, today)
        return LookedAt(rows.path_of(units), None, None, None, looks.listed, looks.total)
    looks = _looks(session, tile, row, column, today)
    path = rows.path_of(territory.breadcrumb(session, scope, owner.path))
    if owner.grid_code is None:
        share = Share.EXCLUDED if value & CLASS_BITS == EXCLUDED else Share.UNASSIGNED
        return LookedAt(path, None, None, share.value, looks.listed, looks.total)
    grid = territory.grid_or_404(session, owner.grid_code, settings.today())
    officer = territory.officers_in_charge(session, [grid.code], settings.today()).get(grid.code)
    cycle_days = own_cycle(settings, owner.risk, owner.cycle_days)
    share = _share(value, looks.last, cycle_days, today)
    is_blind = share in (Share.STALE, Share.NEVER_SEEN)
    passed = _passed(session, tile, row, column, today - cycle_days + 1, today) if is_blind else None
    where = PlaceRef(code=grid.code, name=grid.name, level="grid")
    return LookedAt(path, where, rows.officer_of(officer), share.value, looks.listed, looks.total, passed)


class _Looks(NamedTuple):
    """The looks at a cell: some of them, how many there are, and the last day of each kind."""

    listed: list[PastLook]
    total: int
    last: dict[str, int]


def _looks(session: Session, tile: TileKey, row: int, column: int, today: int) -> _Looks:
    listed: list[PastLook] = []
    total = 0
    last = {TRACKED: 0, DECLARED: 0}
    for evidence_id, look in look_sql.looks_at(session, tile):
        if not decode_cells(look.cells)[row, column]:
            continue
        total += 1
        if look.day <= today:
            last[look.kind] = max(last[look.kind], look.day)
        if len(listed) < MAX_LOOKS:
            listed.append(PastLook(evidence_id, look.kind, day_date(look.day) or FIRST_DAY))
    return _Looks(listed, total, last)


def _passed(
    session: Session, tile: TileKey, row: int, column: int, from_day: int, until_day: int
) -> PastPassing | None:
    """Why a cell is not covered although somebody passed between two days, both included; None when nobody did."""
    last: dict[str, int] = {}
    for passing in passing_sql.between(session, [tile], from_day, until_day):
        if decode_cells(passing.cells)[row, column]:
            last[passing.reason] = max(passing.day, last.get(passing.reason, 0))
    reason = next((reason.value for reason in Passed if reason in last), None)
    return None if reason is None else PastPassing(reason, day_date(last[reason]) or FIRST_DAY)


def _owner(
    session: Session, scope: Scope, tile: TileKey, row: int, column: int, day: int
) -> tuple[Row[Any] | None, int]:
    """The zone of the scope that owns a cell, and the cell's mask value there.

    A cell that only overlaps belongs to its sharer; so does one whose owner is out of scope.
    """
    sharer: tuple[Row[Any] | None, int] = (None, 0)
    for zone in sql.zones_at(session, tile, day):
        if not scope.holds_grid(zone.grid_code or "", zone.path):
            continue
        value = int(decode_mask(zone.mask)[row, column])
        if value and not value & SHARED:
            return zone, value
        if value:
            sharer = (zone, value)
    return sharer


def _share(value: int, last: dict[str, int], cycle_days: int, day: int) -> Share:
    """The share of one cell: that of a zone of its own with an area of one."""
    one = Histogram(
        np.array([value], np.uint8),
        np.array([last[TRACKED]], np.uint16),
        np.array([last[DECLARED]], np.uint16),
        np.array([1], np.int64),
    )
    found = shares(one, cycle_days, day, owned_only=False)
    return next(share for share in Share if found.area_cm2(share))
