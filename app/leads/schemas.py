"""What comes in and goes out of leads, and the kinds that officers choose from."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, FailFast, Field, FiniteFloat

from app.words import Code, Words

OTHER = "other"
LEAD_KINDS = {
    "smell": "异味",
    "night_work": "夜间生产",
    "hidden_workshop": "疑似隐蔽作坊",
    "unknown_goods": "不明物料",
    "waste": "倾倒废物",
    OTHER: "其他",
}


def _blank_is_none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


class LeadIn(BaseModel):
    """The body of POST /api/leads; the place in its datum, accuracy in metres, null when unknown."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    officer_code: Code
    what: Annotated[str, Field(max_length=40)]
    note: Annotated[Words | None, BeforeValidator(_blank_is_none)] = None
    datum: Literal["WGS-84", "CGCS2000", "GCJ-02", "BD-09"]
    lon: FiniteFloat
    lat: FiniteFloat
    accuracy_m: Annotated[FiniteFloat, Field(ge=0)] | None
    made_at: AwareDatetime
    photo_ids: Annotated[list[UUID], FailFast(), Field(max_length=100)] = []


class PlaceName(BaseModel):
    """A unit or grid by name."""

    code: str
    name: str


class LeadAnswer(BaseModel):
    """What became of a report: the smallest unit and the grid it lies in, null outside of all."""

    id: UUID
    state: Literal["new"]
    unit: PlaceName | None
    grid: PlaceName | None


class LeadRow(BaseModel):
    """A lead in a list; WGS-84."""

    id: UUID
    state: Literal["new"]
    source: Literal["officer"]
    what: str
    what_text: str
    note: str | None
    officer_code: str | None
    officer_name: str | None
    lon: float
    lat: float
    accuracy_m: float | None
    unit: PlaceName | None
    grid: PlaceName | None
    made_at: datetime
    received_at: datetime


class Leads(BaseModel):
    """A page of leads, newest first, and how many there are in all."""

    total: int
    items: list[LeadRow]


class LeadPhoto(BaseModel):
    """A photo of a lead; its picture is /api/photos/{id}."""

    id: UUID
    taken_at: datetime
    width: int
    height: int


class LeadDetail(LeadRow):
    """A lead with its photos."""

    photos: list[LeadPhoto]
