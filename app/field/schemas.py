"""What an officer's phone is given and tells."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, FailFast, Field, FiniteFloat

from app.coverage.schemas import CarriedTile, SevenShares
from app.evidence.schemas import Kind, Review
from app.instants import Instant
from app.words import Words

Mode = Literal["foot", "vehicle", "drone"]
Degrees = Annotated[FiniteFloat, Field(ge=-180, le=180)]
Amount = Annotated[FiniteFloat, Field(ge=0, le=1e9)]


class FieldOfficer(BaseModel):
    """Who the phone is."""

    code: str
    name: str | None


class Choice(BaseModel):
    """A code to choose, and what it says."""

    code: str
    name: str


class Rules(BaseModel):
    """What two fixes must satisfy to count, and how far to each side they see."""

    half_width_m: float
    max_accuracy_m: float
    max_gap_s: float
    max_step_m: float
    max_speed_m_s: float


class FieldGrid(BaseModel):
    """A grid in charge, with its cells; WGS-84."""

    code: str
    name: str
    unit_code: str
    unit_name: str
    risk: str | None
    cycle_days: int
    bbox: tuple[float, float, float, float]
    geometry: dict[str, Any]
    shares: SevenShares
    covered_percent: float | None
    tiles: list[CarriedTile]


class FieldTenancy(BaseModel):
    """A current tenancy of a site; `depth` 0 has the space from the lessor, 1 from one of those, and so on."""

    id: UUID
    parent_id: UUID | None
    tenant_name: str
    floor_unit: str | None
    depth: int


class FieldSite(BaseModel):
    """A site in my grids with its current tenancies in order of the tree; its checklist is that of its kind. WGS-84.

    `outline` is GeoJSON; `state` never, incomplete, overdue, due or checked; `due_on` null when it is due at once.
    """

    id: UUID
    code: str
    name: str
    kind: str
    occupancy: str
    address: str | None
    lon: float | None
    lat: float | None
    outline: dict[str, Any] | None
    risk: str | None
    state: str
    due_on: date | None
    tenancies: list[FieldTenancy]


class ChecklistItem(BaseModel):
    """An item of a checklist, said as it should be: the answer "no" is a problem."""

    code: str
    text: str


class AssignedLead(BaseModel):
    """A lead that I am to look into; without a place, lon and lat are null. WGS-84."""

    id: UUID
    number: str | None
    source: str
    source_text: str
    what_text: str
    note: str | None
    address: str | None
    lon: float | None
    lat: float | None
    deadline: date | None
    is_overdue: bool
    site_id: UUID | None


class Features(BaseModel):
    """GeoJSON."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[dict[str, Any]]


class Package(BaseModel):
    """What a phone takes into the field; `message` says what is missing, null when nothing is.

    `sites` begins with what is most urgent; `sites_total` counts those beyond its bound too. `checklists` is by kind of
    site.
    """

    server_time: datetime
    today: date
    time_zone: str
    utc_offset_s: int
    officer: FieldOfficer
    rules: dict[Mode, Rules]
    mark_reasons: list[Choice]
    inaccessible_reasons: list[Choice]
    lead_kinds: list[Choice]
    not_entered_reasons: list[Choice]
    checklists: dict[str, list[ChecklistItem]]
    retention_days: int
    grids: list[FieldGrid]
    blind_spots: Features
    exclusions: Features
    sites: list[FieldSite]
    sites_total: int
    message: str | None


class ProgressIn(BaseModel):
    """Where a recording phone is, WGS-84; for the live map, not evidence."""

    model_config = ConfigDict(extra="forbid")

    patrol_id: UUID
    mode: Mode
    state: Literal["recording", "paused", "stopped"]
    started_at: Instant
    lon: Degrees
    lat: Annotated[FiniteFloat, Field(ge=-85, le=85)]
    accuracy_m: Amount | None
    length_m: Amount
    minutes: Amount


class Question(BaseModel):
    """A record of mine about which a reviewer asked."""

    evidence_id: UUID
    kind: Kind
    asked_at: datetime
    question: str
    started_at: datetime
    label: str | None


class AnswerIn(BaseModel):
    """The body of POST /api/field/answers; photos were sent before. `made_at`: when it was written, if not just now."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    evidence_id: UUID
    words: Words
    photo_ids: Annotated[list[UUID], FailFast(), Field(max_length=6)] = []
    made_at: Instant | None = None


class MyRecord(BaseModel):
    """A record of mine as the server holds it; what its kind does not have is null."""

    id: UUID
    kind: Kind
    started_at: datetime
    received_at: datetime
    review: Review
    findings: list[str]
    label: str | None
    state: str | None
    counted_length_m: float | None = None
    seen_m2: float | None = None
    area_m2: float | None = None
