"""What reviewers get, and what they send."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict

from app.evidence.schemas import Finding, Photo, Review, Step
from app.visits.schemas import VisitDetail
from app.words import Words

State = Literal["open", "asked", "decided"]
Outcome = Literal["approved", "refused"]


def _blank_is_none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


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


class Choice(BaseModel):
    """A unit or officer to narrow the queue to, with the records of theirs."""

    code: str
    name: str
    count: int


class Queue(BaseModel):
    """A page of the queue.

    `records` and `findings` count by kind what the chosen unit and officer have, `units` and `officers` all of the
    state; a record of several units or with several findings counts under each.
    """

    total: int
    of_all_kinds: int
    records: dict[str, int]
    findings: dict[str, int]
    finding_names: dict[str, str]
    units: list[Choice]
    officers: list[Choice]
    items: list[Item]


class Series(BaseModel):
    """A patrol's fixes in order of time, WGS-84; null is unknown. Speed and reason tell of the way from the fix before.

    `left_out`: why that way does not count, by the codes of `reasons`; null where it does, and for the first. `fixes`
    is how many there are; where they are too many to draw, the fastest of each stretch are given.
    """

    fixes: int
    t_s: list[float]
    lon: list[float]
    lat: list[float]
    speed_m_s: list[float | None]
    accuracy_m: list[float | None]
    left_out: list[str | None]
    max_speed_m_s: float
    max_accuracy_m: float


class Other(BaseModel):
    """A record that this one is like. Of one outside the actor's scope only that it exists is told."""

    id: UUID
    in_scope: bool
    item: Item | None = None
    track: dict[str, Any] | None = None
    area: dict[str, Any] | None = None
    photos: list[Photo] = []


class Fact(BaseModel):
    """A thing worth knowing about a record, ready to be read."""

    name: str
    text: str


class Detail(BaseModel):
    """Everything a reviewer needs. `track`, `area`, `position` (of the phone): GeoJSON, WGS-84.

    `track` of a mark is that of the patrol during which it was made. `series` is null once raw fixes are gone. Of a
    visit, `area` and `place` are its site's.
    """

    item: Item
    facts: list[Fact]
    track: dict[str, Any] | None = None
    series: Series | None = None
    area: dict[str, Any] | None = None
    place: dict[str, Any] | None = None
    visit: VisitDetail | None = None
    position: dict[str, Any] | None = None
    position_accuracy_m: float | None = None
    distance_m: float | None = None
    photos: list[Photo]
    steps: list[Step]
    other: list[Other]


class DecisionBody(BaseModel):
    """What a reviewer says. `steps_seen`: how many steps they saw before; with more there by now nothing is done."""

    model_config = ConfigDict(extra="forbid")

    words: Annotated[Words | None, BeforeValidator(_blank_is_none)] = None
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


class ExclusionDecided(BaseModel):
    """How a request stands after a decision."""

    code: str
    state: Outcome
    decided_by: str


class Exclusions(BaseModel):
    """Requests that wait, oldest first; `total` counts those beyond the page too."""

    total: int
    items: list[ExclusionItem]
