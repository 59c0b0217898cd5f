"""What falls out of its cycle in the next days if nobody goes there: from histograms, in one pass."""

from datetime import timedelta

import numpy as np
from sqlalchemy.orm import Session

from app.coverage.queries import report as sql
from app.coverage.schemas import Due, ZoneDue
from app.coverage.table import own_cycle
from app.settings import Settings
from geo.daytiles import day_number
from geo.frame import Ints
from geo.shares import Entries, Histogram, Share, decode_many, shares_by_group

_COLUMN = {share: i for i, share in enumerate(Share)}
_NOTHING = Histogram.empty().encode()


def falling_out(session: Session, settings: Settings, path: str, days_ahead: int) -> list[ZoneDue]:
    """Every grid and remainder at or below a unit's path: what is stale today, and what will be so many days later.

    Each grid by its own cycle. Nothing is assumed about looks to come.
    """
    today = settings.today()
    states = sql.zones_below(session, path, day_number(today))
    entries = decode_many([state.histogram or _NOTHING for state in states])
    cycles = np.array([own_cycle(settings, state.risk, state.cycle_days) for state in states], np.int64)
    days = (day_number(today), day_number(today + timedelta(days=days_ahead)))
    whole = _columns(entries, cycles, days, owned_only=False)
    owned = _columns(entries, cycles, days, owned_only=True)
    owned[:, 0] += np.array([state.unassigned_cm2 for state in states], np.int64)
    return [
        ZoneDue(state.grid_code, state.unit_code, state.path, int(cycles[row]), Due(*mine), Due(*theirs))
        for row, (state, mine, theirs) in enumerate(zip(states, whole.tolist(), owned.tolist(), strict=True))
    ]


def _columns(entries: Entries, cycles: Ints, days: tuple[int, int], *, owned_only: bool) -> Ints:
    """(n, 5) in the order of `Due`."""
    now, later = (shares_by_group(entries, cycles, day, cycles.size, owned_only=owned_only) for day in days)
    stale = now[:, _COLUMN[Share.STALE]]
    domain = now.sum(axis=1) - now[:, _COLUMN[Share.EXCLUDED]]
    falling = later[:, _COLUMN[Share.STALE]] - stale
    return np.stack([domain, now[:, _COLUMN[Share.TRACKED]], stale, falling, now[:, _COLUMN[Share.NEVER_SEEN]]], axis=1)
