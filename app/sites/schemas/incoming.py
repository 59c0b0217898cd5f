"""Bodies of requests."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, FailFast, Field, FiniteFloat

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
from app.words import Code, Line, Words

DatumName = Literal["WGS-84", "CGCS2000", "GCJ-02", "BD-09"]


def _blank_is_none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


BLANK = BeforeValidator(_blank_is_none)
OptionalLine = Annotated[Line | None, BLANK]
OptionalWords = Annotated[Words | None, BLANK]
# Checked by app.sites.uscc, which says what is wrong with it.
Uscc = Annotated[Annotated[str, Field(max_length=40)] | None, BLANK]
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2200, 1, 1))]
Cycle = Annotated[int, Field(ge=1, le=366)]
Area = Annotated[FiniteFloat, Field(gt=0, le=100_000_000)]
Version = Annotated[int, Field(ge=1)]


class Strict(BaseModel):
    """A body that holds nothing unknown."""

    model_config = ConfigDict(extra="forbid")


class SiteFacts(Strict):
    """What people say of a site. Place: `lon`/`lat`, `outline` (GeoJSON Polygon or MultiPolygon), or both, in `datum`.

    `stated_unit_code`: the unit that papers name; where it lies by its place is found out. `cycle_days`: None leaves it
    to its risk.
    """

    name: Line
    kind: SiteKind
    occupancy: Occupancy
    shut_down_kind: ShutDownKind | None = None
    risk: Risk | None = None
    cycle_days: Cycle | None = None
    uscc: Uscc = None
    address: OptionalWords = None
    lessor_name: OptionalLine = None
    lessor_phone: OptionalLine = None
    stated_unit_code: Code
    datum: DatumName | None = None
    lon: FiniteFloat | None = None
    lat: FiniteFloat | None = None
    outline: dict[str, Any] | None = None
    dust_kind: OptionalLine = None
    dust_confirmed_by: OptionalLine = None
    dust_confirmed_on: Day | None = None
    safety_officer: OptionalLine = None
    provenance: OptionalLine = None


class SiteIn(SiteFacts):
    """The body of POST /api/sites; without a code one is given."""

    id: UUID
    code: Annotated[Code | None, BLANK] = None


class SitePatch(Strict):
    """The body of PATCH /api/sites/{id}: what is left out stays, null clears. `version` as it was read.

    Of the place, what is named is replaced: lon and lat together, `outline` alone; `datum` goes with either.
    """

    version: Version
    words: OptionalWords = None
    code: Code | None = None
    name: Line | None = None
    kind: SiteKind | None = None
    occupancy: Occupancy | None = None
    shut_down_kind: ShutDownKind | None = None
    risk: Risk | None = None
    cycle_days: Cycle | None = None
    uscc: Uscc = None
    address: OptionalWords = None
    lessor_name: OptionalLine = None
    lessor_phone: OptionalLine = None
    stated_unit_code: Code | None = None
    datum: DatumName | None = None
    lon: FiniteFloat | None = None
    lat: FiniteFloat | None = None
    outline: dict[str, Any] | None = None
    dust_kind: OptionalLine = None
    dust_confirmed_by: OptionalLine = None
    dust_confirmed_on: Day | None = None
    safety_officer: OptionalLine = None
    provenance: OptionalLine = None


class RemovalIn(Strict):
    """The body of POST /api/sites/{id}/removal."""

    why: Words
    version: Version | None = None


class RestorationIn(Strict):
    """The body of POST /api/sites/{id}/restoration."""

    why: Words


class Chemical(Strict):
    """A chemical that somebody has."""

    name: Line
    amount: Annotated[FiniteFloat, Field(ge=0, le=1e12)] | None = None
    unit: Annotated[Annotated[Line, Field(max_length=20)] | None, BLANK] = None


class TenancyFacts(Strict):
    """What people say of a tenancy. `parent_id`: from whom it is sub-let; `lease_to`: its last day; area in m2."""

    parent_id: UUID | None = None
    tenant_name: Line
    uscc: Uscc = None
    contact_name: OptionalLine = None
    contact_phone: OptionalLine = None
    floor_unit: OptionalLine = None
    area_m2: Area | None = None
    process: OptionalWords = None
    main_risks: OptionalWords = None
    chemicals: Annotated[list[Chemical], FailFast(), Field(max_length=50)] = []
    lease_from: Day | None = None
    lease_to: Day | None = None
    sublets: Sublets = "unknown"
    started_on: Day


class TenancyIn(TenancyFacts):
    """The body of POST /api/sites/{id}/tenancies."""

    id: UUID


class TenancyPatch(Strict):
    """The body of PATCH /api/tenancies/{id}: what is left out stays, null clears. `version` as it was read.

    `state` "confirmed": what an officer found is complete now.
    """

    version: Version
    words: OptionalWords = None
    parent_id: UUID | None = None
    tenant_name: Line | None = None
    uscc: Uscc = None
    contact_name: OptionalLine = None
    contact_phone: OptionalLine = None
    floor_unit: OptionalLine = None
    area_m2: Area | None = None
    process: OptionalWords = None
    main_risks: OptionalWords = None
    chemicals: Annotated[list[Chemical], Field(max_length=50)] | None = None
    lease_from: Day | None = None
    lease_to: Day | None = None
    sublets: Sublets | None = None
    started_on: Day | None = None
    state: Literal["confirmed"] | None = None


class EndIn(Strict):
    """The body of POST /api/tenancies/{id}/end. `ended_on`: the first day without it."""

    ended_on: Day
    why: Words
    with_subtenancies: bool = False
    version: Version | None = None


class CheckIn(Strict):
    """The body of POST /api/tenancies/{id}/checks: one aspect of a check before letting (租前体检)."""

    id: UUID
    aspect: Aspect
    result: CheckResult
    checked_by: Line
    checked_on: Day
    note: OptionalWords = None


class SiteFilter(BaseModel):
    """Filters of lists and tiles; those given must all hold, of several values of one any."""

    model_config = ConfigDict(extra="forbid")

    unit: Annotated[Code | None, BLANK] = None
    grid: Annotated[Code | None, BLANK] = None
    kind: Annotated[list[SiteKind], Field(max_length=20)] = []
    occupancy: Annotated[list[Occupancy], Field(max_length=20)] = []
    state: Annotated[list[State], Field(max_length=20)] = []
    risk: Annotated[list[Risk], Field(max_length=20)] = []
    omission: Annotated[OmissionKind | None, BLANK] = None
    q: Annotated[str, Field(max_length=100)] = ""


class SiteQuery(SiteFilter):
    """Filters of a list, and which of the sites found to show."""

    limit: Annotated[int, Field(ge=1, le=500)] = 100
    skip: Annotated[int, Field(ge=0, le=1_000_000)] = 0
