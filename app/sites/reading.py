"""Sites as they are shown: rows of lists, one in full, what is left out."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import ForbiddenError, NotFoundError
from app.scope import Scope
from app.settings import Settings
from app.sites import tree
from app.sites.checking import ensure_current
from app.sites.queries import listing, sites, tenancies
from app.sites.schemas import (
    EVENTS,
    OCCUPANCIES,
    OMISSIONS,
    RISKS,
    SHUT_DOWN_KINDS,
    SITE_KINDS,
    STATES,
    VISIT_RESULTS,
    Omission,
    PlaceName,
    ResponsibleOfficer,
    SiteDetail,
    SiteEvent,
    SiteFilter,
    SiteRow,
    Sites,
    SiteVisit,
)
from app.territory import service as territory
from geo.daytiles import day_date

VISITS_SHOWN, EVENTS_SHOWN = 20, 50


def page(session: Session, settings: Settings, actor: Actor, wanted: SiteFilter, limit: int, skip: int) -> Sites:
    """Sites of the actor's scope that pass all filters. Raises NotFoundError or ForbiddenError for the unit."""
    values = filtered(session, settings, actor.scope, wanted)
    found = listing.counts(session, wanted.omission, values)
    counts = {state: found.get(state, 0) for state in STATES}
    rows = listing.page(session, wanted.omission, values, limit, skip)
    return Sites(
        total=sum(counts[state] for state in wanted.state or STATES), counts=counts, items=_rows(session, rows, values)
    )


def filtered(session: Session, settings: Settings, scope: Scope, wanted: SiteFilter) -> dict[str, Any]:
    """What the statements of lists and tiles name. Raises NotFoundError or ForbiddenError for the unit."""
    path = territory.unit_in_scope(session, scope, wanted.unit).path if wanted.unit else None
    listing.plan_for_values(session)
    return listing.filter_values(scope, ensure_current(session, settings), wanted, path)


def detail(session: Session, settings: Settings, actor: Actor, site_id: UUID) -> SiteDetail:
    """A site with everything known, also a removed one. Raises NotFoundError or ForbiddenError."""
    values = ensure_current(session, settings)
    row = listing.one(session, site_id, values)
    if row is None:
        raise unknown(site_id)
    check_scope(actor.scope, row)
    shown = _rows(session, [row], values)[0]
    officer = officers_of(session, [row], values["on"]).get(row.grid_code)
    facts = row._asdict() | {"outline": json.loads(row.outline) if row.outline else None}
    return SiteDetail(
        **shown.model_dump(),
        **{name: facts[name] for name in _FACTS},
        unit_names=[unit.name for unit in territory.breadcrumb(session, actor.scope, row.unit_path)],
        officers=[] if officer is None else [officer],
        tenancies=tree.of_site(session, site_id, row.cycle_days, values),
        visits=_visits(session, site_id),
        events=_events(session, site_id),
    )


_FACTS = (
    "stated_cycle_days",
    "uscc",
    "lessor_name",
    "lessor_phone",
    "outline",
    "has_point",
    "source_datum",
    "dust_kind",
    "dust_confirmed_by",
    "dust_confirmed_on",
    "safety_officer",
    "provenance",
    "removed_on",
    "removed_why",
    "created_at",
    "created_by",
)


def unknown(site_id: UUID) -> NotFoundError:
    """The refusal of a site that is not there."""
    return NotFoundError(f"没有编号为 {site_id} 的场所。请在列表中查找。", id=str(site_id))


def check_scope(scope: Scope, row: Any) -> None:
    """Raise ForbiddenError unless a site (with grid_code, unit_path) lies inside."""
    inside = scope.holds_grid(row.grid_code, row.unit_path) if row.grid_code else scope.holds_unit(row.unit_path)
    if not inside:
        raise ForbiddenError("这处场所不在您的管辖范围内。如需查看，请联系上级单位。", id=str(row.id))


def _rows(session: Session, rows: Sequence[Row[Any]], values: dict[str, Any]) -> list[SiteRow]:
    units, grids = names_of(session, rows, values["on"])
    said = omissions_of(session, [row.id for row in rows], values)
    return [
        SiteRow(
            id=row.id,
            code=row.code,
            name=row.name,
            kind=row.kind,
            kind_text=SITE_KINDS[row.kind],
            occupancy=row.occupancy,
            occupancy_text=OCCUPANCIES[row.occupancy],
            shut_down_kind=row.shut_down_kind,
            shut_down_text=SHUT_DOWN_KINDS.get(row.shut_down_kind or ""),
            risk=row.risk,
            risk_text=RISKS.get(row.risk or ""),
            cycle_days=row.cycle_days,
            address=row.address,
            lon=row.lon,
            lat=row.lat,
            unit=units.get(row.unit_code),
            stated_unit=units[row.stated_unit_code],
            grid=grids.get(row.grid_code),
            state=row.state,
            state_text=STATES[row.state],
            last_visit_on=local_day(row.last_visit_day),
            checked_on=local_day(row.checked_day),
            due_on=due_on(row.checked_day, row.cycle_days),
            tenancy_count=row.tenancy_count,
            unseen_count=row.unseen_count,
            omissions=said[row.id],
            version=row.version,
        )
        for row in rows
    ]


def due_on(checked_day: int | None, cycle_days: int) -> date | None:
    """The local day on which a site stops being checked; None when all of it was never seen."""
    seen = local_day(checked_day)
    return None if seen is None else seen + timedelta(days=cycle_days)


def local_day(day: int | None) -> date | None:
    """The date of a day counted from 2000-01-01; None for never."""
    return None if day is None else day_date(day)


def names_of(session: Session, rows: Sequence[Row[Any]], on: date) -> tuple[dict[str, PlaceName], dict[str, PlaceName]]:
    """Units and grids of some sites by code."""
    codes = {row.unit_code for row in rows if row.unit_code} | {row.stated_unit_code for row in rows}
    units = territory.units_by_code(session, codes)
    grids = territory.grid_names(session, {row.grid_code for row in rows if row.grid_code}, on)
    return (
        {code: PlaceName(code=code, name=unit.name) for code, unit in units.items()},
        {code: PlaceName(code=code, name=name) for code, name in grids.items()},
    )


def officers_of(session: Session, rows: Iterable[Row[Any]], on: date) -> dict[str, ResponsibleOfficer]:
    """Who is in charge of the grids of some sites, by grid."""
    found = territory.officers_in_charge(session, {row.grid_code for row in rows if row.grid_code}, on)
    return {
        grid: ResponsibleOfficer(code=officer.code, name=officer.name, phone=officer.phone)
        for grid, officer in found.items()
    }


def omissions_of(session: Session, ids: Sequence[UUID], values: dict[str, Any]) -> dict[UUID, list[Omission]]:
    """What is left out at each site: at itself, then at its tenancies."""
    found: dict[UUID, list[Omission]] = defaultdict(list)
    for row in listing.left_out(session, ids, values):
        found[row.site_id].append(
            Omission(kind=row.kind, text=OMISSIONS[row.kind], since=row.since, tenancy_id=None, tenant_name=None)
        )
    for row in tenancies.left_out(session, ids, values):
        found[row.site_id].append(tree.omission(row))
    return found


def _visits(session: Session, site_id: UUID) -> list[SiteVisit]:
    return [
        SiteVisit(**row._asdict(), result_text=VISIT_RESULTS[row.result])
        for row in sites.visits(session, site_id, VISITS_SHOWN)
    ]


def _events(session: Session, site_id: UUID) -> list[SiteEvent]:
    return [
        SiteEvent(**row._asdict(), kind_text=EVENTS[row.kind]) for row in sites.events(session, site_id, EVENTS_SHOWN)
    ]
