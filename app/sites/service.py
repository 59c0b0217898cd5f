"""What other features ask of sites. Rows are plain; nothing here knows HTTP."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from app.scope import Scope
from app.settings import Settings
from app.sites import reading, tree
from app.sites.checking import ensure_current, refresh_checks, refresh_older, relocate
from app.sites.days import asked, day_values
from app.sites.left_out import omission_counts, omissions
from app.sites.letting import add_tenancy, change_tenancy, end_tenancy
from app.sites.queries import checks, listing, sites, tenancies
from app.sites.registering import change_site, create_site
from app.sites.schemas import STATES, CurrentTenancy, MatchName, SiteBrief, SiteFilter, SiteState, TenancyBrief
from app.sites.uscc import compact, fault_of

__all__ = [
    "add_tenancy",
    "change_site",
    "change_tenancy",
    "compact",
    "counts_by_state",
    "create_site",
    "current_tenancies",
    "end_tenancy",
    "fault_of",
    "in_grids",
    "match_names",
    "nearest",
    "omission_counts",
    "omissions",
    "refresh_checks",
    "refresh_older",
    "relocate",
    "seen_tenancies",
    "shapes",
    "site_brief",
    "site_in_scope",
    "states",
    "tenancy_brief",
]


def site_brief(session: Session, ids: Iterable[UUID]) -> dict[UUID, SiteBrief]:
    """Those of the sites that exist, removed ones too."""
    return {row.id: SiteBrief(**row._asdict()) for row in sites.briefs(session, ids)}


def site_in_scope(session: Session, scope: Scope, site_id: UUID) -> SiteBrief:
    """A site, also a removed one. Raises NotFoundError, or ForbiddenError when it lies outside."""
    found = site_brief(session, [site_id]).get(site_id)
    if found is None:
        raise reading.unknown(site_id)
    reading.check_scope(scope, found)
    return found


def tenancy_brief(session: Session, ids: Iterable[UUID]) -> dict[UUID, TenancyBrief]:
    """Those of the tenancies that exist, ended ones too."""
    return {row.id: TenancyBrief(**row._asdict()) for row in tenancies.briefs(session, ids)}


def current_tenancies(session: Session, site_ids: Iterable[UUID], on: date) -> dict[UUID, list[CurrentTenancy]]:
    """The tenancies of each site on a local day, parents before children; a site without any has an empty list."""
    ids = list(site_ids)
    rows = tenancies.current_of(session, ids, on)
    found: dict[UUID, list[CurrentTenancy]] = {site_id: [] for site_id in ids}
    for row, depth in tree.in_order(rows):
        found[row.site_id].append(CurrentTenancy(**row._asdict(), depth=depth))
    return found


def states(session: Session, settings: Settings, ids: Iterable[UUID], on: date | None = None) -> dict[UUID, SiteState]:
    """How each of the sites that exist stands on a local day, today by default."""
    is_today = on is None or on == settings.today()
    values = ensure_current(session, settings) if is_today else asked(settings, on)
    return {
        row.id: SiteState(
            row.state,
            row.last_visit_day,
            row.checked_day,
            row.cycle_days,
            reading.due_on(row.checked_day, row.cycle_days),
        )
        for row in checks.states(session, list(ids), values, stored=is_today)
    }


def counts_by_state(session: Session, settings: Settings, scope: Scope) -> dict[str, int]:
    """How many sites of a scope stand how today; every state has an entry."""
    found = listing.counts(session, None, reading.filtered(session, settings, scope, SiteFilter()))
    return {state: found.get(state, 0) for state in STATES}


def seen_tenancies(session: Session, ids: Iterable[UUID], on: date) -> dict[UUID, int]:
    """The day (from 2000-01-01) each tenancy was last seen up to a local day; one never seen has no entry."""
    return checks.looks(session, list(ids), **day_values(on))


def nearest(session: Session, lon: float, lat: float, distance_m: float, on: date) -> list[SiteBrief]:
    """Sites, not removed on a local day, whose outline or place lies within a distance of a WGS-84 place, nearest
    first."""
    return [SiteBrief(**row._asdict()) for row in sites.nearest(session, lon, lat, distance_m, on)]


def match_names(session: Session, unit_paths: Iterable[str]) -> list[MatchName]:
    """Names of sites and of tenants that have not ended at or below some units, for matching."""
    return [MatchName(**row._asdict()) for row in sites.names(session, unit_paths)]


def in_grids(session: Session, grid_codes: Iterable[str]) -> list[UUID]:
    """Sites that lie in some grids, by code."""
    return sites.in_grids(session, grid_codes)


def shapes(session: Session, ids: Iterable[UUID]) -> dict[UUID, bytes]:
    """Outline, else place, of each site that has one (WKB, WGS-84)."""
    return sites.shapes(session, ids)
