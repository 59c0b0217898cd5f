"""Walks through the small city's grids, at any hour that the tests are run at."""

import math
from datetime import datetime, timedelta

from app.settings import Settings
from tests.support.seeding import HEIGHT, SOUTH, WEST, WIDTH

STEP_M = 12.0
STEP_S = 5
LANES = 3
LANE_FIXES = 120
LANES_APART_S = 2000
METRES_PER_DEGREE = 111_320.0
WALK_LASTS = timedelta(seconds=(LANES - 1) * LANES_APART_S + LANE_FIXES * STEP_S)
# A phone's clock may be this much ahead and nobody minds (half of `clock_skew_s`).
_AHEAD = timedelta(minutes=4)


def walk(column: float, row: float, start: datetime) -> list[dict[str, object]]:
    """Fixes of a walk through the grid at a column and row, eastwards in three lanes, 2.4 m/s, 5 m accurate."""
    west, south = WEST + column * WIDTH, SOUTH + row * HEIGHT
    step_deg = STEP_M / METRES_PER_DEGREE / math.cos(math.radians(south))
    fixes: list[dict[str, object]] = []
    for lane in range(LANES):
        lat = south + HEIGHT * (0.4 + 0.1 * lane)
        for index in range(LANE_FIXES):
            at = start + timedelta(seconds=LANES_APART_S * lane + STEP_S * index)
            lon = west + 0.002 + step_deg * index
            fixes.append({"lon": lon, "lat": lat, "time": at.isoformat(), "accuracy_m": 5.0})
    return fixes


def walk_of_day(days_ago: int, column: float, row: float) -> list[dict[str, object]]:
    """The walk of a morning gone by; today's ended just now and, after midnight, is only what fits in the day."""
    now = Settings().now()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if days_ago:
        return walk(column, row, midnight - timedelta(days=days_ago) + timedelta(hours=9))
    end = max(now, midnight + _AHEAD)
    fixes = walk(column, row, end - WALK_LASTS)
    return [fix for fix in fixes if datetime.fromisoformat(str(fix["time"])) >= midnight]
