"""What territory answers: plain rows for other features, and the JSON of its own routes."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field
from shapely.geometry.base import BaseGeometry

Subject = Literal["units", "grids", "exclusions"]
Severity = Literal["error", "warning"]
Bbox = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit without its geometry. `path`: ltree text; `bbox`: west, south, east, north in WGS-84 degrees."""

    code: str
    name: str
    level: str
    parent_code: str | None
    path: str
    area_m2: float
    bbox: Bbox
    generated: bool


@dataclass(frozen=True, slots=True)
class GridRow:
    """A version of a grid without its geometry; `path` is its unit's."""

    id: int
    code: str
    name: str
    unit_code: str
    path: str
    risk: str | None
    cycle_days: int | None
    area_m2: float
    bbox: Bbox
    generated: bool
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class OfficerRow:
    """A grid officer."""

    code: str
    name: str
    phone: str | None


@dataclass(frozen=True, slots=True)
class ExclusionRequest:
    """An imported request to take ground out. `unit_paths`: units it lies in, of every level; geometry: GeoJSON."""

    code: str
    name: str | None
    kind: str
    effect: str
    reason: str
    requested_by: str
    since: date
    area_m2: float
    unit_paths: list[str]
    geometry: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ExclusionRequests:
    """A page of requests, and how many there are in all."""

    total: int
    listed: list[ExclusionRequest]


@dataclass(frozen=True, slots=True)
class ExclusionDecision:
    """How an exclusion stands: requested, approved or refused; by whom and when, None while requested."""

    state: str
    decided_by: str | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Place:
    """What a position belongs to: its units, root first (empty outside all), and its grid if any."""

    units: list[UnitRow]
    grid: GridRow | None


@dataclass(frozen=True, slots=True)
class DefectSums:
    """Defects of a unit and all below it: areas in m2 on the ellipsoid, the rest counts."""

    nobodys_land_m2: float = 0.0
    overlap_m2: float = 0.0
    outside_m2: float = 0.0
    slivers: int = 0
    no_officer: int = 0
    no_cycle: int = 0


@dataclass(frozen=True, slots=True)
class TerritoryStatus:
    """Territory's part of the status: of a scope, but for `version` and `generated`, which are the installation's."""

    units: int
    grids: int
    roots: list[UnitRow]
    single_grids: list[GridRow]
    version: int
    generated: bool


@dataclass(frozen=True, slots=True)
class InaccessibleGround:
    """A wish that ground (MultiPolygon, WGS-84) count as inaccessible on local days [day, until)."""

    code: str
    name: str
    kind: Literal["construction", "other"]
    reason: str
    requested_by: str
    ground: BaseGeometry
    area_m2: float
    datum: str
    day: date
    until: date


class Problem(BaseModel):
    """One finding about a row of a file (counted from 1) or, without a row, about the file."""

    row: int | None = None
    code: str | None = None
    name: str | None = None
    severity: Severity
    rule: str
    what: str
    to_do: str


class Counts(BaseModel):
    """What an import did, in rows of its subject."""

    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    retired: int = 0
    repaired: int = 0
    officers_added: int = 0
    officers_changed: int = 0
    duties_changed: int = 0


class ImportReport(BaseModel):
    """The outcome of an import, for the person who sent the file; `id` is null when nothing was stored."""

    id: UUID | None = None
    subject: Subject
    file_name: str
    file_format: str
    datum: str
    stated_crs: str | None
    encoding: str | None
    mapping: dict[str, str]
    effective_on: date
    dry_run: bool
    counts: Counts
    errors: int = 0
    warnings: int = 0
    problems: list[Problem] = Field(default_factory=list)
    problems_left_off: int = 0
    defects: dict[str, Any] | None = None
    message: str = ""


class UnitOnPath(BaseModel):
    """One step of a breadcrumb."""

    code: str
    name: str
    level: str


class SearchHit(BaseModel):
    """A unit or grid found by name or code; `path_names` root first, without itself."""

    code: str
    name: str
    level: str
    bbox: Bbox
    path_names: list[str]
