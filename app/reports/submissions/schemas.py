"""What comes in and goes out of reports handed upward."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints

from app.reports.schemas import FormOut, UnitName
from app.reports.submissions.rhythm import DueForm
from app.words import Code, Words

State = Literal["missing", "prepared", "checked", "signed", "submitted", "sent_back", "replaced"]
Act = Literal["refresh", "check", "sign", "submit", "send_back", "correct"]
STATES: dict[State, str] = {
    "missing": "未生成",
    "prepared": "待核对",
    "checked": "待签字",
    "signed": "待报送",
    "submitted": "已报送",
    "sent_back": "被退回",
    "replaced": "已被更正",
}
STEPS = {
    "prepared": "生成",
    "refreshed": "刷新",
    "checked": "核对",
    "signed": "签字",
    "submitted": "报送",
    "sent_back": "退回",
    "replaced": "被更正版取代",
}
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class MissingIn(_In):
    """A unit below that has handed nothing upward, and why."""

    unit_code: Code
    why: Words


class CheckIn(_In):
    """What was looked at, and which units below are missing."""

    digest: Digest
    missing: Annotated[list[MissingIn], Field(max_length=500)] = []


class SignIn(_In):
    """What is signed, by whoever knows the password; `submit`: and handed upward at once."""

    digest: Digest
    password: Annotated[SecretStr, Field(min_length=1, max_length=200)]
    submit: bool = True


class WhyIn(_In):
    """Why a report is sent back or corrected."""

    why: Words


class Standing(BaseModel):
    """How the report of a unit and a term stands.

    `id`, `version`, `state` are of its newest version (null and missing before it is prepared); `in_force`: the version
    handed upward that holds, null for none. `late_since`: null unless it should be there by now and is not.
    """

    id: UUID | None
    form: DueForm
    unit: UnitName
    first_day: date
    last_day: date
    due_at: datetime
    version: int | None
    state: State
    state_text: str
    in_force: int | None
    submitted_at: datetime | None
    was_late: bool
    late_since: datetime | None
    sent_back_why: str | None
    why: str | None


class Due(BaseModel):
    """When a form is due next."""

    form: DueForm
    first_day: date
    last_day: date
    due_at: datetime
    prepared_from: datetime


class Tally(BaseModel):
    """Of the units below, for a form's newest term: how many have handed it upward, and how many are late."""

    form: DueForm
    first_day: date
    last_day: date
    due_at: datetime
    units: int
    submitted: int
    late: int


class DeskOut(BaseModel):
    """A unit's reports: its own that are open or just done, and of those below, the late ones first."""

    unit: UnitName
    now: datetime
    next_due: list[Due]
    own: list[Standing]
    tallies: list[Tally]
    below: list[Standing]


class Step(BaseModel):
    """What was done with a version."""

    step: str
    step_text: str
    words: str | None
    by_name: str
    at: datetime


class Version(BaseModel):
    """A version of a report, by its number."""

    id: UUID
    form: DueForm
    unit: UnitName
    first_day: date
    last_day: date
    due_at: datetime
    version: int
    state: State
    state_text: str
    submitted_at: datetime | None
    was_late: bool
    why: str | None


class Submissions(BaseModel):
    """Versions at or below a unit, newest days first, and how many there are in all."""

    total: int
    items: list[Version]


class MissingOut(BaseModel):
    """A unit below without a report; `why`: as was stated when it was checked."""

    code: str
    name: str
    why: str | None = None


class Seal(BaseModel):
    """Where a signature stands in the chain. `for_name`: the head in whose place somebody signed; null for the head."""

    seq: int
    digest: str
    by_name: str
    for_name: str | None
    at: datetime


class SubmissionOut(Version):
    """A version with its form, what stands below it, what was done with it, and what the reader may do."""

    digest: str
    paper: FormOut
    missing: list[MissingOut]
    differences: list[str]
    moved: list[str]
    seal: Seal | None
    steps: list[Step]
    versions: list[Version]
    may: list[Act]


class Late(BaseModel):
    """A report that should have been handed upward."""

    unit: UnitName
    form: DueForm
    first_day: date
    last_day: date
    late_since: datetime
