"""What reviewers get, and what they send."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

from app.evidence.schemas import Finding, Photo, Review, Step

State = Literal["open", "asked", "decided"]
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]


class Item(BaseModel):
    """A record in the queue. `why_not`: why the actor may not decide; null when they may."""

    id: UUID
    kind: str
    officer_code: str
    officer_name: str
    started_at: datetime
    ended_at: datetime
    unit_name: str
    findings: list[Finding]
    review: Review
    may_decide: bool
    may_ask: bool
    why_not: str | None


class Queue(BaseModel):
    """A page of the queue. `records` and `findings` count all records of the state by kind, whatever kind is shown."""

    total: int
    of_all_kinds: int
    records: dict[str, int]
    findings: dict[str, int]
    finding_names: dict[str, str]
    items: list[Item]


class Series(BaseModel):
    """A patrol's fixes in order of time, WGS-84; null is unknown. `speed_m_s` and `left_out` tell of the way here.

    `left_out`: why the way from the fix before does not count; null where it does, and for the first. `fixes` is how
    many there are; where they are too many to draw, the fastest of each stretch are given.
    """

    fixes: int
    t_s: list[float]
    lon: list[float]
    lat: list[float]
    speed_m_s: list[float | None]
    accuracy_m: list[float | None]
    left_out: list[str | None]


class Other(BaseModel):
    """A record that is like this one. Outside of the actor's scope only that it exists is told."""

    id: UUID
    in_scope: bool
    kind: str | None = None
    officer_name: str | None = None
    started_at: datetime | None = None
    review: Review | None = None
    track: dict[str, Any] | None = None
    area: dict[str, Any] | None = None


class Fact(BaseModel):
    """A thing worth knowing about a record, ready to be read."""

    name: str
    text: str


class Detail(BaseModel):
    """Everything a reviewer needs. `track`, `area`: GeoJSON, WGS-84; `position`: where the phone was."""

    item: Item
    facts: list[Fact]
    track: dict[str, Any] | None = None
    series: Series | None = None
    area: dict[str, Any] | None = None
    position: dict[str, Any] | None = None
    photos: list[Photo]
    steps: list[Step]
    other: list[Other]


class DecisionBody(BaseModel):
    """What a reviewer says. `steps_seen`: how many steps they saw before; with more there by now nothing is done."""

    model_config = ConfigDict(extra="forbid")

    words: Words = ""
    steps_seen: int | None = None


class Decided(BaseModel):
    """How a record stands after a decision."""

    id: UUID
    review: Review
    steps: list[Step]


class ExclusionItem(BaseModel):
    """A request to take ground out of what must be covered, that came with an import."""

    code: str
    name: str | None
    kind: str
    effect: str
    reason: str
    requested_by: str
    since: date
    area_m2: float
    unit_name: str
    geometry: dict[str, Any]
    may_decide: bool
    why_not: str | None


class Exclusions(BaseModel):
    """Requests that wait, oldest first; `total` counts those beyond the page too."""

    total: int
    items: list[ExclusionItem]
