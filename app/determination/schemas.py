"""What the determination answers. Areas are m2, days are local, places WGS-84 degrees."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

State = Literal["valid", "superseded", "sent_back"]  # of a signature


class Answer(BaseModel):
    """Something answered: it does not change."""

    model_config = ConfigDict(frozen=True)


class UnitName(Answer):
    """A unit by name."""

    code: str
    name: str
    level: str


class Threshold(BaseModel):
    """How much of a kind may be left; what is not stated does not limit, nothing stated means zero."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    count: int | None = Field(None, ge=0, le=1_000_000)
    area_m2: float | None = Field(None, ge=0, le=1e12, allow_inf_nan=False)


class PolicyHeld(Answer):
    """The policy that holds for a unit on a day. `version` 0: nobody has set one, and everything must be zero."""

    id: UUID | None
    version: int
    unit: UnitName | None
    valid_from: date | None
    thresholds: dict[str, Threshold]
    words: str
    set_by: str | None
    set_at: datetime | None


class KindCount(Answer):
    """How much of a kind is left out, how much of it approved exceptions cover, and whether the rest blocks.

    `area_m2` and `excepted_m2`: None for kinds that are no ground.
    """

    kind: str
    category: str
    text: str
    number: int
    area_m2: float | None
    excepted: int
    excepted_m2: float | None
    limit: Threshold
    blocks: bool


class ExceptionOut(Answer):
    """An exception, waiting or decided. `covers`: it covers something that is left out now (None: not looked at)."""

    id: UUID
    kind: str
    kind_text: str
    subject: str
    name: str
    unit: UnitName
    area_m2: float | None
    reason: str
    until: date
    state: str
    state_text: str
    requested_by: str
    requested_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    decided_words: str | None
    covers: bool | None = None
    may_decide: bool = False
    is_own: bool = False


class ExceptionPage(Answer):
    """Exceptions, those that wait first."""

    total: int
    items: list[ExceptionOut]


class ChildCount(Answer):
    """What is left out at or below a unit straight below, by kind. Policies and exceptions are not applied.

    `number`: without the signatures that are missing, which are said apart.
    """

    unit: UnitName
    number: int
    kinds: dict[str, int]


class Determination(Answer):
    """Whether a unit can be signed for a period, and what stands against it."""

    unit: UnitName
    path: str
    first_day: date
    last_day: date
    counts: list[KindCount]  # every kind, in order, also those of which nothing is left out
    policy: PolicyHeld
    exceptions: list[ExceptionOut]  # approved ones that hold on the last day and cover something
    blocks: bool

    @property
    def blocking(self) -> list[KindCount]:
        """The kinds that block."""
        return [count for count in self.counts if count.blocks]


class DeterminationOut(Determination):
    """A determination as its page shows it."""

    categories: dict[str, str]
    above: list[UnitName]  # units above that the reader may see, topmost first
    children: list[ChildCount]
    outside_children: int  # left out at the unit itself, in none below
    waiting: int  # exceptions asked for at or below the unit
    residual_risk: dict[str, Any] | None


class OfficerName(Answer):
    """Who is responsible."""

    code: str
    name: str
    phone: str | None


class GridName(Answer):
    """A grid by name."""

    code: str
    name: str


class OmissionRow(Answer):
    """One thing left out, with where it is, whose it is and where it is mended.

    `place_is_rough`: nobody knows where exactly, and a point of its unit stands for it.
    """

    kind: str
    kind_text: str
    subject: str
    name: str
    unit: UnitName | None
    grid: GridName | None
    officer: OfficerName | None
    since: date | None
    lon: float | None
    lat: float | None
    place_is_rough: bool
    area_m2: float | None
    page: str
    facts: dict[str, Any] | None
    exception: ExceptionOut | None


class OmissionRows(Answer):
    """A page of what is left out."""

    total: int
    items: list[OmissionRow]


class Places(Answer):
    """Places of what is left out as a GeoJSON FeatureCollection; `cut`: there are more than could be sent."""

    type: str = "FeatureCollection"
    features: list[dict[str, Any]]
    total: int
    without_place: int
    cut: bool
