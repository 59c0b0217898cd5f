"""JSON that is answered. Every code comes with its Chinese in `…_text`; places are WGS-84, areas m2, days local."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from app.sites.schemas.codes import (
    Aspect,
    CheckResult,
    Occupancy,
    OmissionKind,
    Risk,
    ShutDownKind,
    SiteKind,
    State,
    Sublets,
)
from app.sites.schemas.incoming import Chemical


class PlaceName(BaseModel):
    """A unit or grid by name."""

    code: str
    name: str


class ResponsibleOfficer(BaseModel):
    """Who is in charge of the grid."""

    code: str
    name: str
    phone: str | None


class Omission(BaseModel):
    """Something left out at a site; with `tenancy_id` at that tenancy. `since`: the day it began, null when unknown."""

    kind: OmissionKind
    text: str
    since: date | None
    tenancy_id: UUID | None
    tenant_name: str | None


class SiteRow(BaseModel):
    """A site in a list. `cycle_days`: the cycle that holds, its own or its risk's; `due_on`: see SiteState.

    `unit`: where it lies, null outside of all units; `stated_unit`: where papers say it is. `tenancy_count`: current
    ones, `unseen_count`: those of them that no visit has ever seen.
    """

    id: UUID
    code: str
    name: str
    kind: SiteKind
    kind_text: str
    occupancy: Occupancy
    occupancy_text: str
    shut_down_kind: ShutDownKind | None
    shut_down_text: str | None
    risk: Risk | None
    risk_text: str | None
    cycle_days: int
    address: str | None
    lon: float | None
    lat: float | None
    unit: PlaceName | None
    stated_unit: PlaceName
    grid: PlaceName | None
    state: State
    state_text: str
    last_visit_on: date | None
    checked_on: date | None
    due_on: date | None
    tenancy_count: int
    unseen_count: int
    omissions: list[Omission]
    version: int


class Sites(BaseModel):
    """A page of sites, worst first. `counts`: by state, by all filters but the state's; every state has an entry."""

    total: int
    counts: dict[str, int]
    items: list[SiteRow]


class PreLeaseCheck(BaseModel):
    """One aspect of a check before letting. `counts`: no later one of the aspect replaces it."""

    id: UUID
    aspect: Aspect
    aspect_text: str
    result: CheckResult
    result_text: str
    checked_by: str
    checked_on: date
    note: str | None
    recorded_by: str
    recorded_at: datetime
    counts: bool


class TenancyDetail(BaseModel):
    """A tenancy; in a site's list parents come before children, `depth` 0 is let by the owner.

    `look`: never, overdue, due or checked by the site's cycle, null when it is not current; `ended_on`: the first day
    without it.
    """

    id: UUID
    site_id: UUID
    parent_id: UUID | None
    depth: int
    tenant_name: str
    uscc: str | None
    contact_name: str | None
    contact_phone: str | None
    floor_unit: str | None
    area_m2: float | None
    process: str | None
    main_risks: str | None
    chemicals: list[Chemical]
    lease_from: date | None
    lease_to: date | None
    sublets: Sublets
    sublets_text: str
    started_on: date
    ended_on: date | None
    ended_why: str | None
    is_current: bool
    state: str
    state_text: str
    look: State | None
    look_text: str | None
    last_seen_on: date | None
    omissions: list[Omission]
    checks: list[PreLeaseCheck]
    version: int
    created_at: datetime
    created_by: str


class SiteVisit(BaseModel):
    """A visit in a site's history. `distance_m`: from the phone to the site, null when one is unknown."""

    id: UUID
    visited_at: datetime
    officer_code: str
    officer_name: str | None
    result: str
    result_text: str
    not_entered_why: str | None
    note: str | None
    distance_m: float | None
    accuracy_m: float | None
    state: str
    tenancies_seen: int
    tenancies_missed: int


class SiteEvent(BaseModel):
    """A change. `changes`: {"field": [old, new]}."""

    id: int
    kind: str
    kind_text: str
    tenancy_id: UUID | None
    tenant_name: str | None
    changes: dict[str, Any]
    words: str | None
    by_name: str
    at: datetime


class SiteDetail(SiteRow):
    """A site with everything known. `stated_cycle_days`: its own, null leaves it to the risk; `outline`: GeoJSON.

    `has_point`: the place is a point somebody gave, not one inside the outline. `visits`: the latest 20, `events`: the
    latest 50, newest first; `tenancies`: ended ones too.
    """

    stated_cycle_days: int | None
    uscc: str | None
    lessor_name: str | None
    lessor_phone: str | None
    outline: dict[str, Any] | None
    has_point: bool
    source_datum: str | None
    unit_names: list[str]
    dust_kind: str | None
    dust_confirmed_by: str | None
    dust_confirmed_on: date | None
    safety_officer: str | None
    provenance: str | None
    removed_on: date | None
    removed_why: str | None
    created_at: datetime
    created_by: str
    officers: list[ResponsibleOfficer]
    tenancies: list[TenancyDetail]
    visits: list[SiteVisit]
    events: list[SiteEvent]


class OmissionRow(Omission):
    """An omission in a list, with where it is and who is responsible for the grid."""

    site_id: UUID
    site_code: str
    site_name: str
    address: str | None
    lon: float | None
    lat: float | None
    unit: PlaceName | None
    stated_unit: PlaceName
    grid: PlaceName | None
    officer: ResponsibleOfficer | None


class Omissions(BaseModel):
    """A page of omissions by kind, then site. `counts`: by kind, whatever kind was asked for."""

    total: int
    counts: dict[str, int]
    items: list[OmissionRow]
