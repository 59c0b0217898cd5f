"""What other features are told: plain rows."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.sites.schemas.codes import State


@dataclass(frozen=True, slots=True)
class SiteBrief:
    """A site in short; WGS-84, None for both when nobody has said where it is. `unit_path`: ltree text."""

    id: UUID
    code: str
    name: str
    kind: str
    occupancy: str
    address: str | None
    lon: float | None
    lat: float | None
    unit_code: str | None
    grid_code: str | None
    unit_path: str
    stated_unit_code: str
    is_removed: bool
    risk: str | None


@dataclass(frozen=True, slots=True)
class TenancyBrief:
    """A tenancy in short."""

    id: UUID
    site_id: UUID
    tenant_name: str
    uscc: str | None


@dataclass(frozen=True, slots=True)
class CurrentTenancy:
    """A tenancy of a day in its site's tree; `depth` 0 is let by the owner."""

    id: UUID
    site_id: UUID
    parent_id: UUID | None
    tenant_name: str
    floor_unit: str | None
    depth: int


@dataclass(frozen=True, slots=True)
class SiteState:
    """How a site stands on a day. Days count from 2000-01-01; None: never.

    `due_on`: the local day on which it stops (or stopped) being checked; None when all of it was never seen.
    """

    state: State
    last_visit_day: int | None
    checked_day: int | None
    cycle_days: int
    due_on: date | None


@dataclass(frozen=True, slots=True)
class MatchName:
    """A name under which something may be known: a site's, or with `tenancy_id` a current tenant's in it."""

    site_id: UUID
    tenancy_id: UUID | None
    name: str
    uscc: str | None
    address: str | None
    lon: float | None
    lat: float | None
