"""Stops of a vehicle: where it stayed within a radius for some time.

After the stay points of Li, Zheng, Xie, Chen, Liu and Ma, "Mining user similarity based on location history" (ACM GIS
2008): fixes stay together as long as they keep within a distance of a place, and a stay lasts from its first to its
last fix, so that a receiver switched off with the engine leaves no hole in it. Two things are added. The place is the
centre of the fixes so far, not the first of them, which is still rolling. And a stay is not ended by a few wild fixes:
only by being away for `away_s`, as single points out of reach do not end a cluster of DBSCAN (Ester et al. 1996).
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from geo.frame import Floats, Ints

EARTH_RADIUS_M = 6_371_008.8  # mean radius; over some hundred metres the error is below 0.5 %
RADIUS_M = 60.0
LEAST_S = 900.0
AWAY_S = 120.0
STEP_S = 10.0


class Stop(NamedTuple):
    """A stay: its centre (median of its fixes, degrees), its first and last fix, and how many fixes lie within.

    Fixes are counted, and times are exact, to ten seconds.
    """

    lon: float
    lat: float
    from_s: float
    until_s: float
    fixes: int

    @property
    def minutes(self) -> float:
        """How long it lasted."""
        return (self.until_s - self.from_s) / 60


def distance_m(lon: Floats | float, lat: Floats | float, to_lon: float, to_lat: float) -> Floats:
    """Ground distance to a place that is near (equirectangular; up to some kilometres).

    >>> float(round(distance_m(119.8, 31.7, 119.8, 31.701), 1))  # type: ignore[arg-type]
    111.2
    """
    east = np.radians(np.asarray(lon) - to_lon) * np.cos(np.radians(to_lat))
    found: Floats = np.hypot(east, np.radians(np.asarray(lat) - to_lat)) * EARTH_RADIUS_M
    return found


def stops(
    lon: Floats,
    lat: Floats,
    time_s: Floats,
    radius_m: float = RADIUS_M,
    least_s: float = LEAST_S,
    away_s: float = AWAY_S,
) -> list[Stop]:
    """The stays of at least `least_s` within `radius_m`, in order of time; they do not overlap.

    Fixes may come in any order: columns of shape (n,), WGS-84 degrees and seconds. Empty for none.

    >>> minutes = np.arange(40.0)
    >>> rolling = np.where(minutes < 10, minutes - 10, np.where(minutes > 30, minutes - 30, 0)) * 0.01
    >>> [(s.from_s / 60, s.until_s / 60, s.fixes) for s in stops(119.8 + rolling, np.full(40, 31.7), minutes * 60)]
    [(10.0, 30.0, 21)]
    """
    order = np.argsort(time_s, kind="stable")
    kept = order[_thinned(time_s[order])]
    east, north, at = lon[kept], lat[kept], time_s[kept]
    # Lists: numpy is slow for one number at a time.
    track = _Track(east.tolist(), north.tolist(), at.tolist())
    found = []
    start, count = 0, len(at)
    while start < count:
        inside = _together(track, start, radius_m, away_s)
        stop, last = _settled(east, north, at, inside, radius_m)
        if stop is None or stop.until_s - stop.from_s < least_s:
            start += 1
            continue
        found.append(stop)
        start = last + 1
    return found


class _Track(NamedTuple):
    lon: list[float]
    lat: list[float]
    at: list[float]


def _thinned(at: Floats) -> npt.NDArray[np.bool_]:
    """The first fix of every ten seconds: more of them say nothing more of a stay."""
    bins = np.floor(at / STEP_S)
    return np.concatenate([np.ones(min(at.size, 1), dtype=np.bool_), bins[1:] != bins[:-1]])


def _together(track: _Track, start: int, radius_m: float, away_s: float) -> list[int]:
    """Indices of the fixes from `start` on that keep within a radius of their own centre."""
    centre_lon, centre_lat = track.lon[start], track.lat[start]
    scale_lat = math.radians(1) * EARTH_RADIUS_M
    scale_lon = scale_lat * math.cos(math.radians(centre_lat))
    inside = [start]
    for index in range(start + 1, len(track.at)):
        is_late = track.at[index] - track.at[inside[-1]] > away_s
        is_next = index == inside[-1] + 1  # nothing was recorded in between: it may well have stood there
        if is_late and not is_next:
            break
        east = (track.lon[index] - centre_lon) * scale_lon
        north = (track.lat[index] - centre_lat) * scale_lat
        if east * east + north * north <= radius_m * radius_m:
            inside.append(index)
            centre_lon += (track.lon[index] - centre_lon) / len(inside)
            centre_lat += (track.lat[index] - centre_lat) / len(inside)
        elif is_late:
            break
    return inside


def _settled(lon: Floats, lat: Floats, at: Floats, inside: list[int], radius_m: float) -> tuple[Stop | None, int]:
    """The stop of some fixes, its ends being within the radius of its centre; and the last of its fixes."""
    which: Ints = np.array(inside)
    centre = float(np.median(lon[which])), float(np.median(lat[which]))
    near = which[distance_m(lon[which], lat[which], *centre) <= radius_m]
    if not near.size:
        return None, inside[0]
    first, last = int(near[0]), int(near[-1])
    return Stop(*centre, float(at[first]), float(at[last]), int(near.size)), last
