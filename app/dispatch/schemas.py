"""What dispatch takes and answers. Days are local; places and areas are WGS-84."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, FailFast, Field, FiniteFloat

from app.words import Code, Words

SubjectKind = Literal["ground", "grid", "site", "tenancy", "lead", "case", "baseline_row"]
State = Literal["open", "done", "withdrawn"]
OrderLevel = Literal["village", "town", "county", "city", "province"]
Position = Annotated[list[FiniteFloat], FailFast(), Field(min_length=2, max_length=3)]
Ring = Annotated[list[Position], FailFast(), Field(min_length=4, max_length=5000)]
Rings = Annotated[list[Ring], FailFast(), Field(min_length=1, max_length=200)]


def _blank_is_none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


Said = Annotated[Words | None, BeforeValidator(_blank_is_none)]


class PolygonIn(BaseModel):
    """A GeoJSON polygon."""

    model_config = ConfigDict(extra="forbid")

    type: Literal["Polygon"]
    coordinates: Rings


class MultiPolygonIn(BaseModel):
    """A GeoJSON multipolygon."""

    model_config = ConfigDict(extra="forbid")

    type: Literal["MultiPolygon"]
    coordinates: Annotated[list[Rings], FailFast(), Field(min_length=1, max_length=50)]


class SubjectIn(BaseModel):
    """What an order is about: `subject` as in the list of omissions ("site:<id>"), or, of ground, its area."""

    model_config = ConfigDict(extra="forbid")

    subject_kind: SubjectKind
    subject: Code | None = None
    area: Annotated[PolygonIn | MultiPolygonIn, Field(discriminator="type")] | None = None
    omission: Code | None = None


class OrderIn(SubjectIn):
    """The body of POST /api/orders. `officer_code` null: whoever is in charge of the grid; `deadline`: the last day."""

    id: UUID
    officer_code: Code | None = None
    deadline: date
    words: Said = None


class Name(BaseModel):
    """A unit, grid or officer by name."""

    code: str
    name: str


class OfficerName(Name):
    """An officer who may be sent; how many orders they have open already."""

    phone: str | None
    open_orders: int


class OrderRow(BaseModel):
    """An order in a list. `subject_id`: what stands behind the colon of `subject`, null for ground."""

    id: UUID
    subject_kind: SubjectKind
    subject_kind_text: str
    subject: str
    subject_id: str | None
    baseline_id: UUID | None
    omission: str | None
    name: str
    words: str | None
    task: str
    unit: Name
    grid: Name | None
    lon: float | None
    lat: float | None
    area_m2: float | None
    officer: Name
    officer_phone: str | None
    deadline: date
    days_left: int
    is_overdue: bool
    state: State
    state_text: str
    done_on: date | None
    level: OrderLevel
    level_text: str
    climbed_on: date | None
    supervised: str | None
    created_by: str
    created_at: datetime
    version: int


class Counts(BaseModel):
    """How many orders there are of the other filters. `levels`: open ones by who answers for them."""

    open: int
    overdue: int
    done: int
    withdrawn: int
    levels: dict[str, int]


class Orders(BaseModel):
    """A page of orders: open ones first, the most urgent on top."""

    total: int
    counts: Counts
    items: list[OrderRow]


class Event(BaseModel):
    """What was done with an order: who, when, why."""

    kind: str
    kind_text: str
    words: str | None
    facts: dict[str, Any]
    by_name: str
    at: datetime


class Progress(BaseModel):
    """How much of an order's ground was seen since it was made; percentages floored to 0.1."""

    tracked_percent: float
    declared_percent: float
    needed_percent: int


class OrderDetail(OrderRow):
    """An order with its area (GeoJSON), what showed it done, its events, and whom it may go to.

    `may_ease`: the reader may take it back or give it more time.
    """

    area: dict[str, Any] | None
    done_by: dict[str, Any] | None
    progress: Progress | None
    events: list[Event]
    officers: list[OfficerName]
    may_ease: bool


class OtherOrder(BaseModel):
    """An open order about the same thing."""

    id: UUID
    name: str
    officer_name: str
    deadline: date


class Draft(BaseModel):
    """What an order about something would be: the default officer, whom else it may go to, and what is open already."""

    name: str
    task: str
    unit: Name
    grid: Name | None
    area_m2: float | None
    officer_code: str | None
    officers: list[OfficerName]
    deadline: date
    others: list[OtherOrder]


class _Step(BaseModel):
    """`version`: of the order as it was read."""

    model_config = ConfigDict(extra="forbid")

    version: Annotated[int, Field(ge=1)]


class ReassignStep(_Step):
    """Send somebody else."""

    step: Literal["reassign"]
    officer_code: Code
    words: Words


class DeadlineStep(_Step):
    """Another last day."""

    step: Literal["deadline"]
    deadline: date
    words: Words


class WithdrawStep(_Step):
    """It need not be done any more."""

    step: Literal["withdraw"]
    words: Words


class NoteStep(_Step):
    """Words alone."""

    step: Literal["note"]
    words: Words


StepIn = Annotated[ReassignStep | DeadlineStep | WithdrawStep | NoteStep, Field(discriminator="step")]


class OfficerOrder(BaseModel):
    """An order as the officer's phone has it; `outline`: the ground in few points (GeoJSON), null without an area."""

    id: UUID
    subject_kind: SubjectKind
    subject_kind_text: str
    name: str
    words: str | None
    task: str
    address: str | None
    lon: float | None
    lat: float | None
    outline: dict[str, Any] | None
    area_m2: float | None
    site_id: UUID | None
    deadline: date
    is_overdue: bool
    created_by: str
    created_at: datetime
    is_seen: bool
