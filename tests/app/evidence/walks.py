"""Walks as a phone records them: uneven pace, an error of metres, an accuracy that changes."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import numpy as np

from tests.app.patrols.bodies import HOME, LAT_PER_M, LON_PER_M, OFFICER

MORNING = datetime(2024, 10, 1, 1, 0, tzinfo=UTC)  # nine o'clock at Changzhou
SIDE_M = 300.0
STEP_S = 5.0


def believable(
    count: int = 240, seed: int = 1, start: datetime = MORNING, at: tuple[float, float] = HOME
) -> list[dict[str, Any]]:
    """Fixes of somebody who goes up and down a field of 300 m, 20 m farther each time."""
    rng = np.random.default_rng(seed)
    along_m = np.cumsum(1.2 * STEP_S * rng.uniform(0.5, 1.3, count))
    row, in_row = np.divmod(along_m, SIDE_M)
    east = np.where(row % 2 == 0, in_row, SIDE_M - in_row) + rng.normal(0, 1.5, count)
    north = 20 * row + rng.normal(0, 1.5, count)
    time_ms = int(start.timestamp() * 1000) + np.rint(1000 * (STEP_S * np.arange(count) + rng.uniform(0, 0.4, count)))
    return [
        {
            "lon": round(at[0] + float(e) * LON_PER_M, 7),
            "lat": round(at[1] + float(n) * LAT_PER_M, 7),
            "time": int(t),
            "accuracy_m": round(float(a), 1),
        }
        for e, n, t, a in zip(east, north, time_ms, rng.uniform(3, 15, count), strict=True)
    ]


def patrol(fixes: list[dict[str, Any]] | None = None, **changes: Any) -> dict[str, Any]:
    """The body of a patrol on foot with a new id."""
    stated = {"id": str(uuid4()), "officer_code": OFFICER, "mode": "foot", "datum": "WGS-84"}
    return {**stated, "fixes": believable() if fixes is None else fixes, **changes}


def moved(fixes: list[dict[str, Any]], seconds: float) -> list[dict[str, Any]]:
    """The same fixes at other times."""
    return [{**fix, "time": fix["time"] + round(1000 * seconds)} for fix in fixes]
