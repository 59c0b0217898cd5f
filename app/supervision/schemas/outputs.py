"""What supervision answers of plans, forms and planted checks."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel

from app.supervision.schemas.codes import Answer, FormCode, Kind, Outcome, UnitName


class StratumOut(BaseModel):
    """What one rule had, asked for (None: all) and drew."""

    code: str
    text: str
    of: int
    want: int | None
    drawn: int


class PlanRow(BaseModel):
    """A plan. `items`, `final`, `omissions`: drawn, looked into, and where something was left out, in one's scope.

    `seed`: None until the plan is over, for who does not supervise: it tells what is drawn.
    """

    id: UUID
    name: str
    kind: Kind
    kind_text: str
    unit: UnitName
    seed: str | None
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
