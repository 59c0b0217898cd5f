"""The list of what is left out at sites and tenancies, with where it is and who is responsible."""

from collections import defaultdict
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from app.actor import Actor
from app.settings import Settings
from app.sites import reading
from app.sites.queries import omissions
from app.sites.schemas import Omission, OmissionRow, Omissions, SiteFilter


def left_out(
    session: Session, settings: Settings, actor: Actor, unit: str | None, kind: str | None, limit: int, skip: int
) -> Omissions:
    """What is left out at or below a unit or in the whole scope. Raises NotFoundError or ForbiddenError."""
    values = reading.filtered(session, settings, actor.scope, SiteFilter(unit=unit))
    counts = omissions.counts(session, values)
    entries = _entries(session, values, {kind: counts[kind]} if kind else counts, limit, skip)
    ids = list({entry.site_id for entry in entries})
    places = omissions.places(session, ids)
    said = _by_kind(reading.omissions_of(session, ids, values))
    units, grids = reading.names_of(session, list(places.values()), values["on"])
    officers = reading.officers_of(session, list(places.values()), values["on"])
    items = [
        OmissionRow(
            **said[entry.site_id, entry.kind][entry.nth - 1].model_dump(),
            site_id=entry.site_id,
            site_code=place.code,
            site_name=place.name,
            address=place.address,
            lon=place.lon,
            lat=place.lat,
            unit=units.get(place.unit_code),
            stated_unit=units[place.stated_unit_code],
            grid=grids.get(place.grid_code),
            officer=officers.get(place.grid_code),
        )
        for entry in entries
        # What somebody has put right this moment is in the page and no longer in the facts.
        if len(said[entry.site_id, entry.kind]) >= entry.nth
        for place in [places[entry.site_id]]
    ]
    return Omissions(total=counts[kind] if kind else sum(counts.values()), counts=counts, items=items)


class _Entry(NamedTuple):
    """The nth omission of a kind at a site."""

    kind: str
    site_id: UUID
    nth: int


def _entries(session: Session, values: dict[str, Any], counts: dict[str, int], limit: int, skip: int) -> list[_Entry]:
    """A page of the omissions by kind: only the kinds are asked for that reach into it."""
    found: list[_Entry] = []
    for kind, count in counts.items():
        if skip < count and len(found) < limit:
            listed = omissions.page(session, values, kind, limit - len(found), skip)
            found += [_Entry(kind, site_id, nth) for site_id, nth in listed]
        skip = max(skip - count, 0)
    return found


def _by_kind(said: dict[UUID, list[Omission]]) -> dict[tuple[UUID, str], list[Omission]]:
    found: dict[tuple[UUID, str], list[Omission]] = defaultdict(list)
    for site_id, each in said.items():
        for omission in each:
            found[site_id, omission.kind].append(omission)
    return found
