"""When and how close a patrol passed a place, from its raw fixes, along the segments that count."""

from datetime import datetime
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from app.patrols.fixes import Floats, RawFixes, instant
from geo.datum import Datum, to_wgs84
from geo.tracks import MODE_RULES, Fixes, Mode, Segments, clean, steps


class Pass(NamedTuple):
    """The moment of being nearest, and the distance in metres then."""

    at: datetime
    distance_m: float


def nearest(
    fixes: RawFixes, datum: Datum, mode: Mode, utc_offset_s: int, day: int, lon: float, lat: float
) -> Pass | None:
    """The nearest moment on one local day to a WGS-84 position; None when nothing counts on that day."""
    track_lon, track_lat = to_wgs84(fixes.lon, fixes.lat, datum)
    cleaned = clean(
        Fixes(track_lon, track_lat, fixes.time_us // 1000, fixes.accuracy_used_m()), MODE_RULES[mode], utc_offset_s
    )
    counted = cleaned.segments.take(cleaned.segments.day == day)
    if not len(counted):
        return None
    order = np.argsort(fixes.time_us // 1000, kind="stable")
    lons, lats, times = track_lon[order], track_lat[order], fixes.time_us[order]
    pairs = np.flatnonzero(_among(lons, lats, counted))
    along, distance_m = _closest(lons, lats, pairs, lon, lat)
    best = int(np.argmin(distance_m))
    start, end = int(times[pairs[best]]), int(times[pairs[best] + 1])
    return Pass(instant(round(start + float(along[best]) * (end - start))), float(distance_m[best]))


def _among(lons: Floats, lats: Floats, counted: Segments) -> npt.NDArray[np.bool_]:
    """Which neighbouring pairs are counted segments, told by their four coordinates."""
    pairs = np.column_stack([lons[:-1], lats[:-1], lons[1:], lats[1:]])
    kept = np.column_stack([counted.lon0, counted.lat0, counted.lon1, counted.lat1])
    keys = set(map(bytes, np.ascontiguousarray(kept)))
    return np.array([bytes(pair) in keys for pair in np.ascontiguousarray(pairs)], dtype=np.bool_)


def _closest(lons: Floats, lats: Floats, pairs: npt.NDArray[np.intp], lon: float, lat: float) -> tuple[Floats, Floats]:
    """For each pair the fraction of the way at which it is nearest to the position, and the distance there."""
    way = steps(lons[pairs], lats[pairs], lons[pairs + 1], lats[pairs + 1])
    here = np.full(pairs.size, lon), np.full(pairs.size, lat)
    to_place = steps(lons[pairs], lats[pairs], *here)
    length2 = way.east_m**2 + way.south_m**2
    dot = to_place.east_m * way.east_m + to_place.south_m * way.south_m
    along = np.clip(np.divide(dot, length2, out=np.zeros_like(dot), where=length2 > 0), 0.0, 1.0)
    return along, np.hypot(to_place.east_m - along * way.east_m, to_place.south_m - along * way.south_m)
