"""Showing leads to those in whose place they lie: lists with counts, one with its steps, tiles of the map."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import ForbiddenError, InvalidInputError, NotFoundError
from app.evidence import service as evidence
from app.leads import moves
from app.leads.queries import leads as queries
from app.leads.queries import listing
from app.leads.queries import steps as step_queries
from app.leads.queries.listing import Asked
from app.leads.schemas import (
    LeadDetail,
    LeadEvent,
    LeadPhoto,
    LeadRow,
    Leads,
    PlaceName,
    SiteName,
)
from app.leads.wording import EVENTS, OMISSIONS, SOURCES, STATES, what_text
from app.scope import Scope
from app.sites import service as sites
from app.territory import service as territory

MAX_ZOOM = 22
# What a dialog can offer; a town has no more grids.
_MOST_OFFICERS = 500


class Filters(NamedTuple):
    """What a list is asked for; None means any. `unit`: a code."""

    state: str | None = None
    source: str | None = None
    unit: str | None = None
    omission: str | None = None
    q: str | None = None


def _asked(session: Session, scope: Scope, wanted: Filters) -> Asked:
    path = territory.unit_in_scope(session, scope, wanted.unit).path if wanted.unit else None
    return Asked(wanted.state, wanted.source, path, wanted.omission, " ".join((wanted.q or "").split()) or None)


def page(session: Session, scope: Scope, wanted: Filters, today: date, limit: int, skip: int) -> Leads:
    """Leads of a scope, newest first. Raises NotFoundError for an unknown unit, ForbiddenError for one outside."""
    asked = _asked(session, scope, wanted)
    counts = listing.counts(session, scope, asked, today)
    by_state = {count.state: count.leads for count in counts}
    return Leads(
        total=listing.count(session, scope, asked, today),
        counts={state: by_state.get(state, 0) for state in STATES},
        omissions={name: sum(getattr(count, name) for count in counts) for name in OMISSIONS},
        items=rows(session, listing.listed(session, scope, asked, today, limit, skip), today),
    )


def counts(session: Session, scope: Scope, today: date) -> tuple[dict[str, int], dict[str, int]]:
    """How many leads of a scope stand in each state, and how many are left out how; everything has an entry."""
    found = listing.counts(session, scope, Asked(), today)
    by_state = {count.state: count.leads for count in found}
    omissions = {name: sum(getattr(count, name) for count in found) for name in OMISSIONS}
    return {state: by_state.get(state, 0) for state in STATES}, omissions


def counts_by_state(session: Session, scope: Scope, today: date) -> dict[str, int]:
    """How many leads of a scope stand in each state; every state has an entry."""
    return counts(session, scope, today)[0]


def tile(session: Session, scope: Scope, wanted: Filters, today: date, z: int, x: int, y: int) -> bytes:
    """A vector tile (layer `leads`) of placed leads. Raises InvalidInputError for an address that does not exist."""
    if not (0 <= z <= MAX_ZOOM and 0 <= x < 1 << z and 0 <= y < 1 << z):
        raise InvalidInputError(f"瓦片地址 {z}/{x}/{y} 不存在。", z=z, x=x, y=y)
    return listing.tile(session, scope, _asked(session, scope, wanted), today, z, x, y)


def in_scope(session: Session, scope: Scope, lead_id: UUID, today: date) -> Row[Any]:
    """A lead. Raises NotFoundError, or ForbiddenError outside the scope."""
    row = queries.one(session, lead_id, today)
    if row is None:
        raise NotFoundError(f"没有编号为 {lead_id} 的线索。请检查编号，或在列表中查找。", id=str(lead_id))
    if not scope.is_everything and (row.unit_path is None or not scope.holds_unit(row.unit_path)):
        raise ForbiddenError("这条线索不在您的管辖范围内。如需查看，请联系上级单位。", id=str(lead_id))
    return row


def detail(session: Session, actor: Actor, lead_id: UUID, today: date) -> LeadDetail:
    """A lead with its photos and steps. Raises NotFoundError, or ForbiddenError outside the actor's scope."""
    row = in_scope(session, actor.scope, lead_id, today)
    photos = [
        LeadPhoto(id=photo.id, taken_at=photo.taken_at, width=photo.width, height=photo.height)
        for photo in evidence.photos_of(session, lead_id)
    ]
    events = [
        LeadEvent(
            kind=event.kind,
            kind_text=EVENTS[event.kind],
            from_state=event.from_state,
            to_state=event.to_state,
            words=event.words,
            facts=event.facts,
            by_name=event.by_name,
            at=event.at,
        )
        for event in step_queries.events(session, lead_id)
    ]
    return LeadDetail(
        **rows(session, [row], today)[0].model_dump(),
        photos=photos,
        facts=row.facts,
        visit_id=row.visit_id,
        reward_yuan=row.reward_yuan,
        events=events,
        steps=moves.possible(row.state, row.source, row.reward_yuan is not None),
        officers=_officers(session, actor.scope, row.unit_path, today),
    )


def rows(session: Session, found: Sequence[Row[Any]], today: date) -> list[LeadRow]:
    """Leads as they are shown, with names; each name is asked for once."""
    grids = {row.grid_code for row in found if row.grid_code}
    in_charge = territory.officers_in_charge(session, grids, today)
    named = _Names(session, found, today)
    listed = []
    for row in found:
        officer = in_charge.get(row.grid_code or "")
        known = {
            **row._asdict(),
            "state_text": STATES[row.state],
            "source_text": SOURCES[row.source],
            "what_text": what_text(row.what),
            "officer_name": named.officers.get(row.officer_code or ""),
            "unit": named.unit(row),
            "grid": named.grid(row),
            "responsible": None if officer is None else PlaceName(code=officer.code, name=officer.name),
            "assigned_to": named.officer(row.assigned_to),
            "omissions": [name for name in OMISSIONS if getattr(row, name)],
            "site": named.site(row.site_id),
            "tenancy": named.tenancy(row.tenancy_id),
        }
        listed.append(LeadRow.model_validate(known))
    return listed


class _Names:
    """What codes and ids of some leads are called."""

    def __init__(self, session: Session, found: Sequence[Row[Any]], today: date) -> None:
        codes = {code for row in found for code in (row.officer_code, row.assigned_to) if code}
        self.officers = territory.officer_names(session, codes)
        paths = sorted({row.unit_path for row in found if row.unit_path})
        self.units = {unit.path: unit for unit in territory.units_by_paths(session, paths)}
        self.grids = territory.grid_names(session, {row.grid_code for row in found if row.grid_code}, today)
        self.sites = sites.site_brief(session, {row.site_id for row in found if row.site_id})
        self.tenancies = sites.tenancy_brief(session, {row.tenancy_id for row in found if row.tenancy_id})

    def unit(self, row: Row[Any]) -> PlaceName | None:
        unit = self.units.get(row.unit_path or "")
        return None if unit is None else PlaceName(code=unit.code, name=unit.name)

    def grid(self, row: Row[Any]) -> PlaceName | None:
        if row.grid_code is None:
            return None
        return PlaceName(code=row.grid_code, name=self.grids.get(row.grid_code, row.grid_code))

    def officer(self, code: str | None) -> PlaceName | None:
        return None if code is None else PlaceName(code=code, name=self.officers.get(code, code))

    def site(self, site_id: UUID | None) -> SiteName | None:
        site = self.sites.get(site_id) if site_id else None
        return None if site is None else SiteName(id=site.id, name=site.name, code=site.code)

    def tenancy(self, tenancy_id: UUID | None) -> SiteName | None:
        tenancy = self.tenancies.get(tenancy_id) if tenancy_id else None
        return None if tenancy is None else SiteName(id=tenancy.id, name=tenancy.tenant_name)


def _officers(session: Session, scope: Scope, unit_path: str | None, today: date) -> list[PlaceName]:
    """Officers in charge of grids at or below the lead's unit, as far as the scope goes."""
    units = territory.units_by_paths(session, [unit_path]) if unit_path else []
    grids = [grid for unit in units for grid in territory.grids_within(session, unit, today)][:_MOST_OFFICERS]
    held = [grid.code for grid in grids if scope.holds_grid(grid.code, grid.path)]
    found = {officer.code: officer.name for officer in territory.officers_in_charge(session, held, today).values()}
    return [PlaceName(code=code, name=name) for code, name in sorted(found.items(), key=lambda each: each[::-1])]
