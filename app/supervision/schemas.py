"""What comes in and goes out of supervision."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, FiniteFloat

from app.words import Code, Line, Words

Kind = Literal["provincial", "city"]
FormCode = Literal["F5", "F6", "F7"]
Outcome = Literal["found", "missed"]
Answer = Literal["yes", "no", "partly", "not_applicable"]
EARLIEST, LATEST = date(2000, 1, 2), date(2200, 1, 1)
Day = Annotated[date, Field(ge=EARLIEST, le=LATEST)]
KINDS: dict[str, str] = {"provincial": "省级督导", "city": "市县督导"}
OUTCOMES: dict[str, str] = {"found": "已被发现", "missed": "未被发现"}


def _blank_is_none(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


Said = Annotated[Words | None, BeforeValidator(_blank_is_none)]


class In(BaseModel):
    """What comes in holds nothing unknown."""

    model_config = ConfigDict(extra="forbid")


class PlanIn(In):
    """A sample to be drawn today. `seed`: published before, such as the numbers of a lottery of a day."""

    id: UUID
    name: Line
    kind: Kind
    unit_code: Code
    seed: Line


class PlaceIn(In):
    """Where somebody was, WGS-84."""

    lon: Annotated[FiniteFloat, Field(ge=-180, le=180)]
    lat: Annotated[FiniteFloat, Field(ge=-90, le=90)]


class ItemAnswerIn(In):
    """What was found at one item of a form: a choice, a number, or words, as the item asks."""

    answer: Answer | None = None
    number: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    words: Said = None


class AnswerIn(In):
    """A version of the answers. `version`: of the newest one that was seen, 0 for none."""

    id: UUID
    version: Annotated[int, Field(ge=0, le=100_000)]
    answers: Annotated[dict[str, ItemAnswerIn], Field(max_length=20)]
    is_final: bool
    found_omission: bool | None = None
    words: Said = None
    position: PlaceIn | None = None


class CheckIn(In):
    """Something put in on purpose, to be found by `until`."""

    id: UUID
    unit_code: Code
    what: Words
    place: PlaceIn | None = None
    planted_on: Day
    until: Day


class SettleIn(In):
    """What became of a planted check."""

    outcome: Outcome
    settled_on: Day
    words: Words


class UnitName(BaseModel):
    """A unit by name."""

    code: str
    name: str
    level: str


class StratumOut(BaseModel):
    """What one rule had, asked for (None: all) and drew."""

    code: str
    text: str
    of: int
    want: int | None
    drawn: int


class PlanRow(BaseModel):
    """A plan. `items`, `final`, `omissions`: drawn, looked into, and where something was left out, in one's scope."""

    id: UUID
    name: str
    kind: Kind
    kind_text: str
    unit: UnitName
    seed: str
    drawn_on: date
    by_name: str
    at: datetime
    finished_at: datetime | None
    items: int
    final: int
    omissions: int


class Plans(BaseModel):
    """A page of plans, newest first; `kinds` and the levels of units each may be drawn for."""

    total: int
    items: list[PlanRow]
    kinds: dict[str, str]
    levels: dict[str, list[str]]


class ItemRow(BaseModel):
    """Something drawn, with how far it is. `why`: how it came to be drawn, in words, and its figures."""

    id: UUID
    ordinal: int
    form: FormCode
    form_title: str
    subject: str
    name: str
    address: str | None
    unit_code: str
    unit_name: str
    lon: float | None
    lat: float | None
    stratum: str
    stratum_text: str
    why: dict[str, Any]
    why_text: str
    version: int
    state: Literal["open", "draft", "final"]
    state_text: str
    found_omission: bool | None


class PlanDetail(PlanRow):
    """A plan with its rules and what it drew. `hidden`: items that are not shown before they are looked into."""

    population_digest: str
    strata: list[StratumOut]
    listed: list[ItemRow]
    hidden: int


class Redraw(BaseModel):
    """A plan drawn again: from what was kept, and whether there would be others to draw from today."""

    same: bool
    items: int
    differences: list[str]
    digest_holds: bool
    population_same_today: bool
    text: str


class KnownOut(BaseModel):
    """What the system knows of an item; `answer`: what that would be, None when it does not say."""

    text: str
    answer: str | None
    answer_text: str | None
    page: str | None


class LineOut(BaseModel):
    """A line of a form with its newest answer."""

    number: int
    text: str
    answering: Literal["yes_no", "number", "words"]
    may_be_empty: bool
    known: KnownOut | None
    answer: Answer | None
    answer_text: str | None
    count: int | None
    words: str | None


class VersionOut(BaseModel):
    """A version of the answers, by whom and when."""

    version: int
    is_final: bool
    found_omission: bool | None
    words: str | None
    by_name: str
    at: datetime
    lon: float | None
    lat: float | None


class ItemDetail(ItemRow):
    """A form with its lines; `above`: head and value of what stands over them; `page`: of the case or site itself."""

    plan_id: UUID
    plan_name: str
    is_closed: bool
    page: str | None
    above: list[tuple[str, str]]
    lines: list[LineOut]
    words: str | None
    answers: dict[str, str]
    versions: list[VersionOut]


class CheckRow(BaseModel):
    """A planted check; `is_over`: its last day has passed."""

    id: UUID
    unit: UnitName
    what: str
    lon: float | None
    lat: float | None
    planted_on: date
    until: date
    is_over: bool
    outcome: Outcome | None
    outcome_text: str
    settled_on: date | None
    settled_by: str | None
    words: str | None
    by_name: str


class Checks(BaseModel):
    """A page of planted checks, open ones first."""

    total: int
    items: list[CheckRow]


class UnseenSites(BaseModel):
    """How many sites nobody knows: field work and a market register against each other.

    `estimate_high`, `unseen_high` null: any number is possible.
    """

    field: int
    register_name: str
    register_as_of: date
    register_sites: int
    both: int
    known: int
    estimate: int
    estimate_low: int
    estimate_high: int | None
    unseen: int
    unseen_low: int
    unseen_high: int | None
    confidence_percent: int
    method: str
    assumptions: list[str]
    text: str


class MissedShare(BaseModel):
    """Misses in trials; the share may be as high as `upper_percent` (one-sided, rounded up to 0.1)."""

    trials: int
    misses: int
    upper_percent: float
    confidence_percent: int
    method: str
    text: str


class ResidualRisk(BaseModel):
    """What remains after everything was done, in a unit on a day. A part that cannot be said is null, with the reason.

    `others`, `other_misses`: checks that were not drawn at random, and so are no part of the bound.
    """

    on: date
    unit: UnitName
    unseen_sites: UnseenSites | None
    unseen_sites_why_not: str | None
    rechecks: MissedShare | None
    rechecks_why_not: str | None
    others: int
    other_misses: int
    planted: MissedShare | None
    planted_why_not: str | None
    statement: str


class Tally(BaseModel):
    """How an item of a form was answered over a plan."""

    form: FormCode
    number: int
    text: str
    yes: int
    no: int
    partly: int
    not_applicable: int


class UnitTally(BaseModel):
    """What was drawn, looked into and left out in one unit."""

    unit: UnitName
    drawn: int
    final: int
    omissions: int


class LeftOut(BaseModel):
    """Something found on the ground that was missing from the records."""

    item_id: UUID
    name: str
    unit_name: str
    words: str | None
    by_name: str
    on: date


class PlanReport(BaseModel):
    """The report of a plan: by unit below, by item, what was left out."""

    plan: PlanRow
    strata: list[StratumOut]
    units: list[UnitTally]
    tallies: list[Tally]
    left_out: list[LeftOut]
