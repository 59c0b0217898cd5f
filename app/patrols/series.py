"""A patrol's fixes along time, for a person who judges them: where, how fast, how accurate, and what did not count."""

from dataclasses import dataclass
from uuid import UUID

import numpy as np
from sqlalchemy.orm import Session

from app.patrols import queries
from app.patrols.fixes import Floats, Ints, decode
from geo.datum import Datum, to_wgs84
from geo.tracks import MODE_RULES, Fixes, Mode, pairs

# A chart is some thousand pixels wide at most; a day of one fix a second has 30,000.
SHOWN = 5000


@dataclass(frozen=True, slots=True)
class Series:
    """Fixes in order of time, WGS-84; None is unknown. Speed and reason tell of the way from the fix before.

    `fixes` is how many there are. Where they are more than `SHOWN`, the fastest of each stretch are given.
    """

    fixes: int
    t_s: list[float]
    lon: list[float]
    lat: list[float]
    speed_m_s: list[float | None]
    accuracy_m: list[float | None]
    left_out: list[str | None]
    max_speed_m_s: float
    max_accuracy_m: float


def series_of(session: Session, patrol_id: UUID) -> Series | None:
    """The series of a patrol; None when there is none, or its raw fixes are gone."""
    facts = queries.facts(session, [patrol_id]).get(patrol_id)
    payload = queries.payloads(session, [patrol_id]).get(patrol_id)
    if facts is None or payload is None:
        return None
    raw = decode(bytes(payload))
    lon, lat = to_wgs84(raw.lon, raw.lat, Datum(facts.datum))
    rules = MODE_RULES[Mode(facts.mode)]
    found = pairs(Fixes(lon, lat, raw.time_us // 1000, raw.accuracy_used_m()), rules)
    with np.errstate(divide="ignore", invalid="ignore"):
        speed = np.concatenate([[np.nan], found.length_m / np.where(found.duration_s > 0, found.duration_s, np.nan)])
    kept = _kept(speed)
    time_s = raw.time_us[found.order] / 1e6
    reasons = [None, *(None if reason is None else reason.value for reason in found.reasons)]
    return Series(
        fixes=len(raw),
        t_s=np.round(time_s - time_s[0], 3)[kept].tolist(),
        lon=np.round(lon[found.order], 7)[kept].tolist(),
        lat=np.round(lat[found.order], 7)[kept].tolist(),
        speed_m_s=_known(np.round(speed, 2)[kept]),
        accuracy_m=_known(np.round(raw.accuracy_used_m()[found.order], 1)[kept]),
        left_out=[reasons[index] for index in kept],
        max_speed_m_s=rules.max_speed_m_s,
        max_accuracy_m=rules.max_accuracy_m,
    )


def _kept(speed: Floats) -> Ints:
    """Indices of at most SHOWN fixes, in order: what stands out must not fall through."""
    if len(speed) <= SHOWN:
        return np.arange(len(speed))
    stretches = np.array_split(np.nan_to_num(speed, nan=-1.0), SHOWN)
    starts = np.cumsum([0, *(len(part) for part in stretches[:-1])])
    return np.array([start + np.argmax(part) for start, part in zip(starts, stretches, strict=True)], dtype=np.int64)


def _known(values: Floats) -> list[float | None]:
    return [None if np.isnan(value) else float(value) for value in values]
