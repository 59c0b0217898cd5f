"""Whether a record was made where its officer is in charge, and when people work."""

from datetime import UTC, date, datetime, time

import numpy as np
import numpy.typing as npt
import shapely
from sqlalchemy.orm import Session

from app.evidence.schemas import FindingKind, NewFinding
from app.settings import Settings
from app.territory import service as territory

Floats = npt.NDArray[np.float64]

# A street on the border of a grid is walked on either side.
BORDER_DEG = 0.0003
PLACES_ASKED = 32
# Helping next door is no wonder; most of a patrol elsewhere is worth a question.
LEAST_INSIDE = 0.5
# A start a little before work is nothing to ask about.
FORGIVEN_S = 900.0
LONGEST_GAP_S = 60.0
_DAY_S = 86_400


def duty_findings(
    session: Session, settings: Settings, officer_code: str, day: date, lon: Floats, lat: Floats, time_s: Floats
) -> list[NewFinding]:
    """Findings about places (WGS-84, in order, at least one) and times (UTC epoch seconds, at least one) of a record.

    A record of a single instant, such as a mark, gives that instant.
    """
    found = _outside_scope(session, officer_code, day, lon, lat)
    return [*([found] if found else []), *hours_findings(settings, time_s)]


def hours_findings(settings: Settings, time_s: Floats) -> list[NewFinding]:
    """Findings about the times of a record alone, as of `duty_findings`."""
    found = _outside_hours(settings, time_s)
    return [found] if found else []


def _outside_scope(session: Session, officer_code: str, day: date, lon: Floats, lat: Floats) -> NewFinding | None:
    chosen = np.unique(np.linspace(0, lon.size - 1, PLACES_ASKED).astype(np.int64))
    places = shapely.to_wkb(shapely.multipoints(np.column_stack([lon[chosen], lat[chosen]])))
    charge = territory.places_in_charge(session, officer_code, places, day, BORDER_DEG)
    if charge.has_grids and charge.inside >= LEAST_INSIDE * chosen.size:
        return None
    facts = {"own_grids": charge.has_grids, "inside_percent": 100 * charge.inside // int(chosen.size)}
    return NewFinding(FindingKind.OUTSIDE_SCOPE, facts)


def _outside_hours(settings: Settings, time_s: Floats) -> NewFinding | None:
    ordered = np.sort(time_s)
    outside = _is_outside(ordered, settings)
    outside_s = float(np.minimum(np.diff(ordered), LONGEST_GAP_S)[outside[:-1]].sum())
    if outside_s < FORGIVEN_S and not (ordered[0] == ordered[-1] and outside[0]):
        return None
    facts = {
        "outside_s": round(outside_s),
        "work_starts": f"{settings.work_starts:%H:%M}",
        "work_ends": f"{settings.work_ends:%H:%M}",
    }
    return NewFinding(FindingKind.OUTSIDE_HOURS, facts)


def _is_outside(ordered_s: Floats, settings: Settings) -> npt.NDArray[np.bool_]:
    """Whether each instant lies outside of work; a night shift ends before it starts, and equal times are all day."""
    offset_s = settings.utc_offset_s(datetime.fromtimestamp(float(ordered_s[0]), UTC))
    of_day = (ordered_s + offset_s) % _DAY_S
    starts, ends = _seconds(settings.work_starts), _seconds(settings.work_ends)
    if starts <= ends:
        return (of_day < starts) | (of_day > ends) if starts < ends else np.zeros(of_day.shape, dtype=np.bool_)
    return (of_day > ends) & (of_day < starts)


def _seconds(at: time) -> int:
    return at.hour * 3600 + at.minute * 60 + at.second
