"""What comes in and goes out of visits, and the reasons for which a site is not entered."""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, FailFast, Field

from app.evidence.schemas import Datum, Note, PositionIn, Review
from app.words import Code, Line, Words

Result = Literal["nothing_found", "problem_found", "not_entered"]
State = Literal["accepted", "voided"]
Answer = Literal["yes", "no", "not_applicable"]
OTHER = "other"
NOT_ENTERED_REASONS: Mapping[str, str] = MappingProxyType(
    {
        "locked": "大门上锁",
        "refused": "拒绝进入",
        "nobody": "无人在场",
        "danger": "有危险",
        "demolished": "已拆除",
        OTHER: "其他",
    }
)
MAX_TENANCIES = 500  # of one site: a park has some hundreds
MAX_NEW_TENANTS = 30


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ItemIn(_In):
    """The answer to an item of the checklist: "no" is a problem."""

    answer: Answer
    note: Note = None


class TenancySeenIn(_In):
    """Whether a tenancy was seen; one looked for in vain is told with seen = false."""

    tenancy_id: UUID
    seen: bool
    note: Note = None


class NewTenantIn(_In):
    """A tenant that nobody had told of; the id is the phone's, and becomes the tenancy's."""

    id: UUID
    tenant_name: Line
    floor_unit: Line | None = None


class VisitIn(_In):
    """The body of POST /api/visits. A visit that entered answers every item and every current tenancy."""

    id: UUID
    site_id: UUID
    officer_code: Code
    visited_at: AwareDatetime
    datum: Datum
    position: PositionIn | None
    result: Result
    not_entered_why: Annotated[str, Field(max_length=40)] | None = None
    checklist: Annotated[dict[Annotated[str, Field(max_length=40)], ItemIn], Field(max_length=40)] = {}
    tenancies: Annotated[list[TenancySeenIn], FailFast(), Field(max_length=MAX_TENANCIES)] = []
    new_tenants: Annotated[list[NewTenantIn], FailFast(), Field(max_length=MAX_NEW_TENANTS)] = []
    note: Note = None
    photo_ids: Annotated[list[UUID], FailFast(), Field(max_length=100)] = []


class VoidBody(_In):
    """The body of POST /api/visits/{id}/void."""

    reason: Words


class TenancyRef(BaseModel):
    """A tenancy by name."""

    id: UUID
    tenant_name: str


class VisitAnswer(BaseModel):
    """What became of a visit. Stored with it and given again when it is sent again.

    `distance_m` from the phone to the site, 0 inside, null when one of the two is unknown. `counts`: whether the site
    was entered, so that it is looked at by this visit.
    """

    id: UUID
    state: State
    site_id: UUID
    site_name: str
    result: Result
    counts: bool
    day: date
    distance_m: float | None
    tenancies_seen: int
    tenancies_unseen: int
    new_tenancies: list[TenancyRef]
    notes: list[str]


class ItemAnswered(BaseModel):
    """An item of the checklist with its answer, ready to be read."""

    code: str
    text: str
    answer: Answer
    answer_text: str
    note: str | None


class TenancySeen(BaseModel):
    """A tenancy and whether it was seen; `is_new`: this visit found it."""

    tenancy_id: UUID
    tenant_name: str
    seen: bool
    is_new: bool
    note: str | None


class VisitDetail(VisitAnswer):
    """A visit with everything known about it; position and the site's outline and place are GeoJSON in WGS-84."""

    site_code: str
    site_kind: str
    site_kind_text: str
    site_address: str | None
    site_place: dict[str, Any] | None
    site_outline: dict[str, Any] | None
    officer_code: str
    officer_name: str | None
    result_text: str
    not_entered_why: str | None
    not_entered_text: str | None
    checklist: list[ItemAnswered]
    tenancies: list[TenancySeen]
    note: str | None
    visited_at: datetime
    received_at: datetime
    review: Review
    findings: list[str]
    photo_ids: list[UUID]
    position: dict[str, Any] | None
    position_accuracy_m: float | None
    position_at: datetime | None
    void_reason: str | None
    voided_by: str | None
    voided_at: datetime | None


class VisitBrief(BaseModel):
    """A visit in a list."""

    id: UUID
    site_id: UUID
    site_name: str
    officer_code: str
    visited_at: datetime
    day: date
    result: Result
    result_text: str
    not_entered_text: str | None
    distance_m: float | None
    note: str | None
    state: State
