"""The sites that a phone carries: those in its officer's grids, the most urgent first, each with who is in it."""

from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
import shapely
from sqlalchemy.orm import Session

from app.field.schemas import FieldSite, FieldTenancy
from app.settings import Settings
from app.sites import service as sites
from app.sites.schemas import STATES, SiteBrief, SiteState

# Nobody visits more in a few days; what is left out is the least urgent, and how many that are is told.
MOST_SITES = 500
MOST_TENANCIES = 3000
# A phone shows where a wall is, not each brick of it.
TOLERANCE_DEG = 0.00001  # about a metre
MOST_VERTICES = 100
DIGITS = 6  # about a decimetre
_URGENCY = {state: place for place, state in enumerate(STATES)}


def carried(session: Session, settings: Settings, grid_codes: list[str], on: date) -> tuple[list[FieldSite], int]:
    """Sites in some grids within the phone's bounds, the most urgent first, and how many there are in all."""
    states = sites.states(session, settings, sites.in_grids(session, grid_codes))
    chosen = sorted(states, key=lambda site_id: _urgency(site_id, states[site_id]))[:MOST_SITES]
    briefs = sites.site_brief(session, chosen)
    inside = sites.current_tenancies(session, chosen, on)
    outlines = {site_id: light(shapely.from_wkb(wkb)) for site_id, wkb in sites.shapes(session, chosen).items()}
    found: list[FieldSite] = []
    room = MOST_TENANCIES
    for site_id in chosen:
        room -= len(inside[site_id])
        if room < 0:
            break
        tenancies = [FieldTenancy.model_validate(each, from_attributes=True) for each in inside[site_id]]
        found.append(_site(briefs[site_id], states[site_id], outlines.get(site_id), tenancies))
    return found, len(states)


def light(shape: shapely.Geometry) -> dict[str, Any] | None:
    """An outline (WGS-84) as GeoJSON of few vertices and digits; None for a point."""
    if shape.geom_type == "Point":
        return None
    tolerance_deg, simple = TOLERANCE_DEG, shape.simplify(TOLERANCE_DEG)
    while shapely.get_num_coordinates(simple) > MOST_VERTICES and tolerance_deg < 1:
        tolerance_deg *= 2
        simple = shape.simplify(tolerance_deg)
    rounded = shapely.transform(simple, lambda lonlat: np.round(lonlat, DIGITS))
    return dict(shapely.geometry.mapping(rounded))


def _urgency(site_id: UUID, state: SiteState) -> tuple[int, date, str]:
    return _URGENCY[state.state], state.due_on or date.min, str(site_id)


def _site(
    brief: SiteBrief, state: SiteState, outline: dict[str, Any] | None, tenancies: list[FieldTenancy]
) -> FieldSite:
    return FieldSite(
        id=brief.id,
        code=brief.code,
        name=brief.name,
        kind=brief.kind,
        occupancy=brief.occupancy,
        address=brief.address,
        lon=_rounded(brief.lon),
        lat=_rounded(brief.lat),
        outline=outline,
        risk=brief.risk,
        state=state.state,
        due_on=state.due_on,
        tenancies=tenancies,
    )


def _rounded(degrees: float | None) -> float | None:
    return None if degrees is None else round(degrees, DIGITS)
