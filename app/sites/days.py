"""The day asked about and the cycles that hold, as every statement takes them."""

from datetime import date, timedelta
from typing import Any

from app.settings import Settings
from geo.daytiles import DAY_ZERO, day_number

DUE_DAYS = 3  # ahead, as the due list of the grids


def values_of(day: int) -> dict[str, Any]:
    """A day counted from 2000-01-01 as statements name it."""
    return {"on": DAY_ZERO + timedelta(days=day), "day": day}


def day_values(on: date) -> dict[str, Any]:
    """A local day as statements name it: `on` and, counted from 2000-01-01, `day`."""
    return {"on": on, "day": day_number(on)}


def asked(settings: Settings, on: date | None = None) -> dict[str, Any]:
    """What the statements name: the day (today by default), the cycles by risk, the zone of local days."""
    cycles = settings.cycle_days
    return {
        **day_values(on or settings.today()),
        "cycle_high": cycles.of("high", None),
        "cycle_medium": cycles.of("medium", None),
        "cycle_low": cycles.of("low", None),
        "cycle_strictest": cycles.of(None, None),
        "due_days": DUE_DAYS,
        "zone": settings.time_zone,
    }
