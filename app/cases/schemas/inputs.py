"""What comes in of cases. Places are in the datum stated; money in 万元."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, get_args
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, FiniteFloat, StringConstraints

from app.cases.schemas.codes import Category, ChemicalKind, Level, LookBackResult, Relation, Stage, Way
from app.words import Code, Line, Words

EARLIEST, LATEST = date(2000, 1, 2), date(2200, 1, 1)
Day = Annotated[date, Field(ge=EARLIEST, le=LATEST)]
Wan = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=4)]
Persons = Annotated[int, Field(ge=0, le=100_000)]
Long = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=4000,
        pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]*$",
    ),
]  # fmt: skip
Datum = Literal["WGS-84", "CGCS2000", "GCJ-02", "BD-09"]


def _blank_is_none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


Blank = BeforeValidator(_blank_is_none)


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Chemical(_Body):
    """A chemical (品种、数量). `amount` and `unit` as told; null when unknown."""

    name: Line
    amount: Annotated[FiniteFloat, Field(ge=0, le=1e12)] | None = None
    unit: Annotated[Annotated[str, StringConstraints(strip_whitespace=True, max_length=20)] | None, Blank] = None


class PlaceIn(_Body):
    """A place as somebody states it."""

    lon: FiniteFloat
    lat: FiniteFloat
    datum: Datum


class CaseFacts(_Body):
    """The fields of a file that may be written at any time. Null: not known, or not so."""

    chemical_kind: ChemicalKind | None = None
    responsible_name: Annotated[Line | None, Blank] = None
    responsible_phone: Annotated[Line | None, Blank] = None
    stages: Annotated[list[Stage], Field(max_length=len(get_args(Stage)))] = []
    chemicals: Annotated[list[Chemical], Field(max_length=100)] = []
    measures: Annotated[Long | None, Blank] = None
    way_to_close: Way | None = None
    is_shut: bool = False
    is_suspended: bool = False
    is_dismantled: bool = False
    handler_name: Annotated[Line | None, Blank] = None
    handler_phone: Annotated[Line | None, Blank] = None
    filed_on: Day | None = None
    fine_wan: Wan = Decimal(0)
    fined_on: Day | None = None
    confiscated_wan: Wan = Decimal(0)
    confiscated_on: Day | None = None
    transferred_persons: Persons = 0
    transferred_on: Day | None = None
    detained_persons: Persons = 0
    disciplined_persons: Persons = 0


class CaseIn(CaseFacts):
    """The body of POST /api/cases.

    `number`: null lets the system count one. `place`, `unit_code`, `party_name`, `party_uscc` and `address` left out
    are taken from the site, tenancy, lead or visit; the unit from the place.
    """

    id: UUID
    number: Annotated[Code | None, Blank] = None
    party_name: Annotated[Line | None, Blank] = None
    party_uscc: Annotated[Code | None, Blank] = None
    category: Category
    unit_code: Annotated[Code | None, Blank] = None
    address: Annotated[Line | None, Blank] = None
    place: PlaceIn | None = None
    site_id: UUID | None = None
    tenancy_id: UUID | None = None
    lead_id: UUID | None = None
    visit_id: UUID | None = None
    description: Long
    found_on: Day
    deadline: Day


class CasePatch(CaseFacts):
    """The body of PATCH /api/cases/{id}: the fields sent are changed. `version`: of the file as it was read."""

    version: int
    why: Words
    party_name: Line = ""
    party_uscc: Annotated[Code | None, Blank] = None
    category: Category = "other"
    unit_code: Code = ""
    address: Line = ""
    place: PlaceIn | None = None
    description: Long = ""
    found_on: Day = EARLIEST
    deadline: Day = EARLIEST

    def given(self) -> dict[str, Any]:
        """The fields to change, by name."""
        return {name: getattr(self, name) for name in self.model_fields_set - {"version", "why"}}


class StepIn(_Body):
    """The body of POST /api/cases/{id}/steps. `on_day`: when it happened, today by default.

    `deadline`: the new one of a relapse. `level`: of supervise; null takes the board down.
    """

    step: Literal["start", "close", "relapse", "supervise", "note"]
    version: int
    words: Words
    on_day: Day | None = None
    deadline: Day | None = None
    level: Level | None = None


class StrikeOffIn(_Body):
    """The body of POST /api/cases/{id}/striking-off."""

    version: int
    words: Words
    on_day: Day | None = None


class ClosureIn(_Body):
    """The body of PUT /api/cases/{id}/closure/{item}: all of what is known of it."""

    version: int
    done_on: Day | None = None
    words: Annotated[Words | None, Blank] = None
    attachment_ids: Annotated[list[UUID], Field(max_length=60)] = []


class LookBackIn(_Body):
    """The body of POST /api/cases/{id}/look-backs/{look_back_id}. A relapse needs the new deadline."""

    done_on: Day
    result: LookBackResult
    words: Words
    visit_id: UUID | None = None
    deadline: Day | None = None


class WithdrawalIn(_Body):
    """Why something is struck out."""

    why: Words


class LinkIn(_Body):
    """The body of POST /api/cases/{id}/links: to a case, or to somebody by name."""

    id: UUID
    relation: Relation
    other_case_id: UUID | None = None
    other_name: Annotated[Line | None, Blank] = None
    other_uscc: Annotated[Code | None, Blank] = None
    other_address: Annotated[Line | None, Blank] = None
    other_place: PlaceIn | None = None
    words: Annotated[Words | None, Blank] = None


class AttachmentIn(_Body):
    """What is said of a file. `what`: what it shows; `taken_on`: null when unknown."""

    id: UUID
    what: Line
    taken_on: Day | None = None
