"""What comes in and goes out of reports."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from app.reports.table import Cell, Kind
from app.words import Code, Words

FormCode = Literal["F1", "F2", "F3", "F4"]
ListedForm = Literal["F1", "F3"]
EARLIEST, LATEST = date(2000, 1, 2), date(2200, 1, 1)
Day = Annotated[date, Field(ge=EARLIEST, le=LATEST)]


def _blank_is_none(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


class UnitName(BaseModel):
    """A unit by name."""

    code: str
    name: str
    level: str


class HeadOut(BaseModel):
    """A head in its row: how many rows and columns it spans."""

    text: str
    rows: int
    columns: int


class ColumnOut(BaseModel):
    """A column: `width` in characters as spreadsheets count them."""

    text: str
    kind: Kind
    width: float


class Whereabouts(BaseModel):
    """A unit with the units above it in one's scope, those straight below it, and the topmost ones of the scope."""

    unit: UnitName
    path: list[UnitName]
    below: list[UnitName]
    tops: list[UnitName]


class FormOut(BaseModel):
    """A form filled in, as it is printed.

    `levels_checked`: how many units' sums were compared with the sums of what lies below them; null where the form has
    none.
    """

    form: FormCode
    title: str
    unit: UnitName
    first_day: date
    last_day: date
    above: list[str]
    heads: list[list[HeadOut]]
    columns: list[ColumnOut]
    rows: list[list[Cell]]
    total: list[Cell] | None
    notes: list[str]
    signatures: list[str]
    levels_checked: int | None = None


class EffortIn(BaseModel):
    """The body of POST /api/reports/efforts: what a town or a village put into some days, both included."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    unit_code: Code
    first_day: Day
    last_day: Day
    teams: Annotated[int, Field(ge=0, le=10_000)]
    person_times: Annotated[int, Field(ge=0, le=1_000_000)]
    words: Annotated[Words | None, BeforeValidator(_blank_is_none)] = None


class EffortRow(BaseModel):
    """An effort as recorded. `withdrawn_why`: null while it counts."""

    id: UUID
    unit: UnitName
    first_day: date
    last_day: date
    teams: int
    person_times: int
    words: str | None
    recorded_by: str
    recorded_at: datetime
    withdrawn_why: str | None
    withdrawn_by: str | None


class Efforts(BaseModel):
    """Efforts told for units at or below one's unit or scope, newest days first, and how many there are in all."""

    total: int
    items: list[EffortRow]


class WithdrawalIn(BaseModel):
    """Why something recorded does not hold."""

    model_config = ConfigDict(extra="forbid")

    why: Words


class FieldOut(BaseModel):
    """A field of a list that may be imported."""

    key: str
    text: str
    required: bool


class RowProblem(BaseModel):
    """What is told of a row, by its number in the file."""

    row: int
    kind: Literal["error", "duplicate", "warning", "skipped"]
    text: str


class ImportOut(BaseModel):
    """What a file comes to. `ready`: rows that are new; `finished`: those of them called done.

    `missing`: fields that no column was found for. `imported` is null for a preview; `numbers` are those of the cases
    made.
    """

    form: ListedForm
    file_name: str = ""
    encoding: str | None
    sheet: str | None
    other_sheets: list[str]
    header_row: int
    header_rows: int
    headers: list[str]
    fields: list[FieldOut]
    mapping: dict[str, str]
    missing: list[str] = []
    sample: list[list[str]]
    rows: int
    ready: int
    finished: int
    duplicates: int
    skipped: int
    errors: int
    problems: list[RowProblem]
    problems_left_off: int
    imported: int | None = None
    numbers: list[str] = []
