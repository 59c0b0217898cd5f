"""Local days and cycles as people state them, checked."""

from datetime import date, timedelta

from app.errors import InvalidInputError
from app.settings import Settings
from geo.daytiles import DAY_ZERO

FIRST_DAY = DAY_ZERO + timedelta(days=1)
MAX_CYCLE_DAYS = 366
MAX_DAYS_AHEAD = 366


def asked_day(settings: Settings, on: date | None) -> date:
    """The local day asked about, today if none; a day ahead tells what will have fallen out of its cycle by then.

    Raises InvalidInputError for days before 2000-01-02 or more than 366 days ahead.
    """
    today = settings.today()
    last = today + timedelta(days=MAX_DAYS_AHEAD)
    chosen = on or today
    if not FIRST_DAY <= chosen <= last:
        raise InvalidInputError(
            f"日期 {chosen.isoformat()} 超出范围：请在 {FIRST_DAY.isoformat()} 到 {last.isoformat()} 之间选择。",
            on=chosen.isoformat(),
        )
    return chosen


def asked_cycle(cycle_days: int | None) -> int | None:
    """The cycle asked about; None leaves each grid its own. Raises InvalidInputError outside 1 to 366 days."""
    if cycle_days is not None and not 1 <= cycle_days <= MAX_CYCLE_DAYS:
        raise InvalidInputError(
            f"周期 {cycle_days} 天无效：应为 1 到 {MAX_CYCLE_DAYS} 天的整数。", cycle_days=cycle_days
        )
    return cycle_days
