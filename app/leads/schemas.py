"""What comes in and goes out of leads."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, FailFast, Field, FiniteFloat

from app.leads.wording import LEAD_KINDS as LEAD_KINDS
from app.leads.wording import OTHER as OTHER
from app.words import Code, Line, Words

Source = Literal["officer", "hotline", "letter", "market_register", "power_growth", "vehicle", "drone", "other"]
EntrySource = Literal["hotline", "letter", "market_register", "drone", "other"]
State = Literal["new", "assigned", "checked", "true", "false", "rewarded"]
Omission = Literal["unmatched", "unplaced", "overdue"]
DatumName = Literal["WGS-84", "CGCS2000", "GCJ-02", "BD-09"]


def _blank_is_none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


_Blank = BeforeValidator(_blank_is_none)
MaybeWords = Annotated[Words | None, _Blank]
MaybeLine = Annotated[Line | None, _Blank]
MaybeCode = Annotated[Code | None, _Blank]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class LeadIn(_Strict):
    """The body of POST /api/leads; the place in its datum, accuracy in metres, null when unknown."""

    id: UUID
    officer_code: Code
    what: Annotated[str, Field(max_length=40)]
    note: MaybeWords = None
    datum: DatumName
    lon: FiniteFloat
    lat: FiniteFloat
    accuracy_m: Annotated[FiniteFloat, Field(ge=0)] | None
    made_at: AwareDatetime
    photo_ids: Annotated[list[UUID], FailFast(), Field(max_length=100)] = []


class PlaceIn(_Strict):
    """A position in its datum."""

    lon: FiniteFloat
    lat: FiniteFloat
    datum: DatumName


class ReporterIn(_Strict):
    """Who reported; `words`: what was told where it would betray who told it."""

    is_anonymous: bool
    name: MaybeLine = None
    phone: MaybeLine = None
    words: MaybeWords = None


class EntryIn(_Strict):
    """The body of POST /api/leads/entries: what came to a desk. `unit_code`: whose it is as long as it has no place."""

    id: UUID
    source: EntrySource
    number: MaybeCode = None
    what: Annotated[str, Field(max_length=40)] = OTHER
    told: Words
    told_at: AwareDatetime
    subject_name: MaybeLine = None
    subject_uscc: MaybeCode = None
    address: MaybeLine = None
    unit_code: Code
    place: PlaceIn | None = None
    reporter: ReporterIn | None = None


class _Step(_Strict):
    """`version`: of the lead as it was shown; another one by now means that somebody else was faster."""

    version: int


class AssignStep(_Step):
    """Who is to look into it."""

    step: Literal["assign"]
    officer_code: Code
    words: MaybeWords = None


class PlaceStep(_Step):
    """Where it is."""

    step: Literal["place"]
    place: PlaceIn
    words: MaybeWords = None


class MatchStep(_Step):
    """At which site it is; `site_id` null: at none of those known."""

    step: Literal["match"]
    site_id: UUID | None
    tenancy_id: UUID | None = None
    words: MaybeWords = None


class CheckStep(_Step):
    """The look on the ground: a visit at the lead's site, or when, by whom and what was seen."""

    step: Literal["check"]
    visit_id: UUID | None = None
    looked_on: date | None = None
    looked_by: MaybeLine = None
    words: MaybeWords = None


class JudgeStep(_Step):
    """Whether it was so."""

    step: Literal["judge"]
    verdict: Literal["true", "false"]
    words: Words


class RewardStep(_Step):
    """What was paid for it, in yuan."""

    step: Literal["reward"]
    amount_yuan: Annotated[Decimal, Field(gt=0, le=1_000_000, max_digits=9, decimal_places=2)]
    words: MaybeWords = None


class ReopenStep(_Step):
    """Why it is looked into again."""

    step: Literal["reopen"]
    words: Words


class NoteStep(_Step):
    """What else is to be known."""

    step: Literal["note"]
    words: Words


StepIn = Annotated[
    AssignStep | PlaceStep | MatchStep | CheckStep | JudgeStep | RewardStep | ReopenStep | NoteStep,
    Field(discriminator="step"),
]


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


class SiteName(BaseModel):
    """A site, or a tenancy in one, by name."""

    id: UUID
    name: str
    code: str | None = None


class LeadRow(BaseModel):
    """A lead in a list; WGS-84. `responsible`: the officer in charge of its grid today."""

    id: UUID
    state: State
    state_text: str
    source: Source
    source_text: str
    number: str | None
    what: str
    what_text: str
    note: str | None
    subject_name: str | None
    subject_uscc: str | None
    address: str | None
    officer_code: str | None
    officer_name: str | None
    lon: float | None
    lat: float | None
    accuracy_m: float | None
    unit: PlaceName | None
    grid: PlaceName | None
    responsible: PlaceName | None
    assigned_to: PlaceName | None
    deadline: date | None
    omissions: list[Omission]
    site: SiteName | None
    tenancy: SiteName | None
    no_known_site: bool
    version: int
    made_at: datetime
    received_at: datetime


class Leads(BaseModel):
    """A page of leads, newest first, how many there are in all, and by state and omission of the other filters."""

    total: int
    counts: dict[str, int]
    omissions: dict[str, int]
    items: list[LeadRow]


class LeadPhoto(BaseModel):
    """A photo of a lead; its picture is /api/photos/{id}."""

    id: UUID
    taken_at: datetime
    width: int
    height: int


class LeadEvent(BaseModel):
    """A step of a lead: who, when, why."""

    kind: str
    kind_text: str
    from_state: State | None
    to_state: State
    words: str | None
    facts: dict[str, Any]
    by_name: str
    at: datetime


class LeadDetail(LeadRow):
    """A lead with its photos and steps. `steps`: what may be done next; `officers`: to whom it may be assigned."""

    photos: list[LeadPhoto]
    facts: dict[str, Any]
    visit_id: UUID | None
    reward_yuan: Decimal | None
    events: list[LeadEvent]
    steps: list[str]
    officers: list[PlaceName]


class Reporter(BaseModel):
    """Who reported a lead."""

    is_anonymous: bool
    name: str | None
    phone: str | None
    words: str | None


class Problem(BaseModel):
    """Something in a file that was left out, by row of the file where one is to blame."""

    row: int | None
    text: str


class FoundLead(BaseModel):
    """A lead made from a file, in its report."""

    id: UUID
    name: str
    words: str
    is_placed: bool


class PowerReport(BaseModel):
    """What was found in monthly readings. users = judged + too_short + unreadable; some of the judged become leads."""

    is_replay: bool = False
    months: list[str]
    users: int
    judged: int
    too_short: int
    unreadable: int
    known: int
    new_users: int
    leads: int
    unplaced: int
    items: list[FoundLead]
    short_users: list[str]
    problems: list[Problem]
    encoding: str | None


class StopRow(BaseModel):
    """A stop of a vehicle, in its report. `verdict`: lead, at_site, outside, known."""

    lon: float
    lat: float
    from_at: datetime
    until_at: datetime
    minutes: int
    verdict: Literal["lead", "at_site", "outside", "known"]
    text: str
    lead_id: UUID | None


class VehicleReport(BaseModel):
    """What was found in the trace of a vehicle."""

    is_replay: bool = False
    plate: str
    fixes: int
    stops: int
    leads: int
    at_sites: int
    outside: int
    known: int
    items: list[StopRow]
    notes: list[str]
