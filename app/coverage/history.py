"""How a unit's shares went, day by day, by the zones and histograms as they stood on each (decision 0002)."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby, zip_longest

import numpy as np
from sqlalchemy.orm import Session

from app.coverage.queries import history as sql
from app.coverage.queries.history import StandingZone
from app.coverage.recent import Recent, source
from app.coverage.table import own_cycle
from app.errors import InvalidInputError
from app.settings import Settings
from geo.daytiles import day_date, day_number
from geo.frame import Ints
from geo.history import shares_by_day
from geo.shares import Share, Shares, decode_many

MAX_DAYS = 366
_COLUMN = {share: column for column, share in enumerate(Share)}
_UNASSIGNED, _EXCLUDED = _COLUMN[Share.UNASSIGNED], _COLUMN[Share.EXCLUDED]
# Of each unit with zones of its own, so that an upload makes only its village be summed anew.
_KEPT: Recent[Ints] = Recent(4_000)
_ZONES_AT_ONCE = 128

Unit = tuple[StandingZone, ...]


def share_history(session: Session, settings: Settings, path: str, days: int = 90) -> list[tuple[date, Shares]]:
    """The seven shares of a unit, by its path, on each of the last days, today the last; each grid by its own cycle.

    Risks and cycles are those of the grid's version of the day. Raises InvalidInputError for less than 1 or more than
    366 days.
    """
    if not 1 <= days <= MAX_DAYS:
        raise InvalidInputError(f"天数应在 1 到 {MAX_DAYS} 之间，收到的是 {days}。", days=days)
    last = day_number(settings.today())
    first = max(last - days + 1, 1)
    units = [tuple(some) for _, some in groupby(sql.zones(session, path, first, last), lambda zone: zone.unit_code)]
    sums = np.zeros((last - first + 1, len(Share)), dtype=np.int64)
    fresh: list[Unit] = []
    content = (source(session), first, last, *settings.cycle_days.model_dump().values())
    for unit in units:
        known = _KEPT.get((unit, content))
        if known is None:
            fresh.append(unit)
        else:
            sums += known
    for batch in _batches(fresh):
        for unit, areas in zip(batch, _summed(session, settings, batch, first, last), strict=True):
            _KEPT.put((unit, content), areas.copy())
            sums += areas
    return [(day_date(first + number) or date.min, Shares.from_row(row)) for number, row in enumerate(sums.tolist())]


def _batches(units: Sequence[Unit]) -> Iterator[list[Unit]]:
    """Units together of about so many zones that what is computed of them stays near the processor."""
    batch: list[Unit] = []
    for unit in units:
        batch.append(unit)
        if sum(map(len, batch)) >= _ZONES_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _summed(session: Session, settings: Settings, units: Sequence[Unit], first: int, last: int) -> Iterator[Ints]:
    """Areas (days, 7) of each of some units' own zones."""
    of_zone = {zone.id: (number, zone) for number, unit in enumerate(units) for zone in unit}
    rows = sql.rows(session, [zone.id for _, zone in of_zone.values() if zone.is_grid], first, last)
    zones = [of_zone[row.zone_id][1] for row in rows]
    starts = [row.from_day for row in rows]
    ends = [
        min(zone.to_day or last + 1, after.from_day if after and after.zone_id == zone.id else last + 1)
        for zone, after in zip_longest(zones, rows[1:])
    ]
    areas = shares_by_day(
        decode_many([row.histogram for row in rows]),
        np.array(starts, dtype=np.int64),
        np.array(ends, dtype=np.int64),
        np.array([own_cycle(settings, zone.risk, zone.cycle_days) for zone in zones], dtype=np.int64),
        np.array([of_zone[row.zone_id][0] for row in rows], dtype=np.int64),
        len(units),
        first,
        last - first + 1,
    )
    for number, zone in of_zone.values():
        stood = areas[number, max(zone.from_day - first, 0) : (zone.to_day or last + 1) - first]
        stood[:, _UNASSIGNED] += zone.unassigned_cm2
        stood[:, _EXCLUDED] += zone.excluded_cm2
    yield from areas
