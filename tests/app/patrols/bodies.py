"""Patrols for the tests: a walk of a hundred metres or more, as a phone would send it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

OFFICER = "G001"
START = datetime(2024, 10, 1, 0, 0, tzinfo=UTC)
# Metres to degrees at Changzhou.
LON_PER_M, LAT_PER_M = 1 / 94_700, 1 / 110_900
HOME = (119.95, 31.77)


def walk(
    fixes: int = 100,
    start: datetime = START,
    at: tuple[float, float] = HOME,
    east_m: float = 5.0,
    north_m: float = 0.0,
    step_s: float = 5.0,
    accuracy_m: float | None = 5.0,
) -> list[dict[str, Any]]:
    """Fixes along a straight line, a step every few seconds."""
    return [
        {
            "lon": at[0] + n * east_m * LON_PER_M,
            "lat": at[1] + n * north_m * LAT_PER_M,
            "time": (start + timedelta(seconds=n * step_s)).isoformat(),
            "accuracy_m": accuracy_m,
        }
        for n in range(fixes)
    ]


def body(fixes: Any = None, **changes: Any) -> dict[str, Any]:
    """A request body with a new id; `changes` replace fields, None values included."""
    stated = {"id": str(uuid4()), "officer_code": OFFICER, "mode": "foot", "datum": "WGS-84"}
    return {**stated, "fixes": walk() if fixes is None else fixes, **changes}
