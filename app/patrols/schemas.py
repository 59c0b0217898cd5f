"""What comes in and goes out. A request body is read straight from its bytes: some thousand fixes in a millisecond."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal, NoReturn, NotRequired
from uuid import UUID

import numpy as np
from pydantic import BaseModel, ConfigDict, FailFast, StringConstraints, ValidationError
from typing_extensions import TypedDict

from app.errors import InvalidInputError, TooLargeError
from app.patrols.fixes import UNKNOWN_FLAG, Floats, Ints, RawFixes, microseconds
from app.patrols.wording import NOTHING_KEPT, first_problem, shown
from geo.datum import Datum

Mode = Literal["foot", "vehicle", "drone"]
Source = Literal["phone", "gpx", "kml", "geojson", "csv"]
# Positions of a patrol are degrees; projected coordinates belong to maps, not to receivers.
PatrolDatum = Literal["WGS-84", "CGCS2000", "GCJ-02", "BD-09"]
# Neither control characters nor such as are unseen or turn the text around.
_UNSEEN = r"\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff"
_WORDS = rf"^[^{_UNSEEN}]*[^{_UNSEEN} ][^{_UNSEEN}]*$"
Word = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=_WORDS)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=_WORDS)]
_FIELDS_OF_A_FIX = 8
_MAX_MS = 253_402_300_799_999


class Fix(TypedDict):
    """One position as a device reports it; unknown values are null."""

    __pydantic_config__ = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)  # type: ignore[misc]

    lon: float
    lat: float
    time: str | int
    accuracy_m: float | None
    speed_m_s: NotRequired[float | None]
    heading_deg: NotRequired[float | None]
    mock: NotRequired[bool | None]


class PatrolHead(BaseModel):
    """Everything of a patrol but its fixes."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    officer_code: Word
    mode: Mode
    datum: PatrolDatum
    device: Line | None = None
    label: Line | None = None


class PatrolIn(PatrolHead):
    """The body of POST /api/patrols. Reading stops at the first bad fix."""

    fixes: Annotated[list[Fix], FailFast()]


class VoidBody(BaseModel):
    """The body of POST /api/patrols/{id}/void."""

    model_config = ConfigDict(extra="forbid", strict=True)

    reason: Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=_WORDS)]


@dataclass(frozen=True, slots=True)
class Record:
    """A patrol as it came, by whatever door, before anything was judged."""

    id: UUID
    officer_code: str
    mode: Mode
    datum: Datum
    source: Source
    fixes: RawFixes
    device: str | None = None
    label: str | None = None
    notes: tuple[str, ...] = ()


class Amount(BaseModel):
    """How much of a record: pairs of neighbouring fixes, metres, minutes."""

    pairs: int
    length_m: float
    minutes: float


class LeftOut(Amount):
    """What did not count, for one reason."""

    reason: str
    reason_text: str


class PatrolAnswer(BaseModel):
    """What counted, what did not and why. Stored with the patrol and given again when it is sent again."""

    id: UUID
    state: Literal["accepted", "voided"]
    officer_code: str
    mode: Mode
    started_at: datetime
    ended_at: datetime
    fixes: int
    counted: Amount
    left_out: list[LeftOut]
    seen_m2: float
    days: list[date]
    notes: list[str]


class PatrolSummary(BaseModel):
    """A patrol in a list."""

    id: UUID
    officer_code: str
    officer_name: str | None
    mode: Mode
    source: Source
    state: Literal["accepted", "voided"]
    label: str | None
    started_at: datetime
    ended_at: datetime
    fixes: int
    counted_length_m: float
    seen_m2: float


class PatrolDetail(PatrolAnswer):
    """A patrol with everything known about it; `track` is a GeoJSON MultiLineString, null when nothing counted."""

    officer_name: str | None
    source: Source
    datum: str
    device: str | None
    label: str | None
    received_at: datetime
    void_reason: str | None
    voided_by: str | None
    voided_at: datetime | None
    raw_fixes_kept: bool
    track: dict[str, Any] | None


def read_patrol(body: bytes, max_fixes: int) -> PatrolIn:
    """A JSON body as a patrol. Raises InvalidInputError or TooLargeError with a message in Chinese."""
    bound_json(body, max_fixes, _FIELDS_OF_A_FIX)
    try:
        return PatrolIn.model_validate_json(body)
    except ValidationError as error:
        message, facts = first_problem(error)
        raise InvalidInputError(message, **facts) from None


def record_of(patrol: PatrolIn) -> Record:
    """The fixes of a body as columns. Raises InvalidInputError for a time that is none."""
    return Record(
        id=patrol.id,
        officer_code=patrol.officer_code,
        mode=patrol.mode,
        datum=Datum(patrol.datum),
        source="phone",
        fixes=_columns(patrol.fixes),
        device=patrol.device,
        label=patrol.label,
    )


def body_schema() -> dict[str, Any]:
    """JSON Schema of the body for /openapi.json, with everything in place."""
    schema = PatrolIn.model_json_schema()
    schema["properties"]["fixes"]["items"] = schema.pop("$defs")["Fix"]
    return schema


def read_void(body: VoidBody) -> str:
    """The reason of a voiding, without blanks around it."""
    return body.reason.strip()


def bound_json(body: bytes, max_fixes: int, values_per_fix: int) -> None:
    """Refuse JSON of far more values than the bound, by counting bytes: parsing it would hold gigabytes."""
    budget = values_per_fix * max_fixes + 1000
    if body.count(b",") > budget or body.count(b"{") > budget or body.count(b"[") > budget:
        _refuse_count(f"超过 {max_fixes}", max_fixes)


def bound_count(count: int, max_fixes: int) -> None:
    """Refuse no fixes (InvalidInputError) and too many (TooLargeError)."""
    if count == 0:
        raise InvalidInputError(f"没有定位点。请确认设备已开始记录后再上传。{NOTHING_KEPT}", problem="empty")
    if count > max_fixes:
        _refuse_count(str(count), max_fixes)


def _refuse_count(found: str, max_fixes: int) -> NoReturn:
    message = f"定位点共 {found} 个，一次巡查最多 {max_fixes} 个。请按时段拆分成多次巡查上传。{NOTHING_KEPT}"
    raise TooLargeError(message, problem="too_many", limit=max_fixes)


def _columns(fixes: list[Fix]) -> RawFixes:
    keys = set().union(*fixes)
    return RawFixes(
        lon=np.array([f["lon"] for f in fixes], dtype=np.float64),
        lat=np.array([f["lat"] for f in fixes], dtype=np.float64),
        time_us=_times([f["time"] for f in fixes]),
        accuracy_m=np.array([f["accuracy_m"] for f in fixes], dtype=np.float64),
        speed_m_s=_optional([f.get("speed_m_s") for f in fixes]) if "speed_m_s" in keys else None,
        heading_deg=_optional([f.get("heading_deg") for f in fixes]) if "heading_deg" in keys else None,
        mock=np.array([UNKNOWN_FLAG if f.get("mock") is None else f["mock"] for f in fixes], dtype=np.int8)
        if "mock" in keys
        else None,
    )


def _optional(values: list[float | None]) -> Floats:
    return np.array(values, dtype=np.float64)  # None becomes NaN: unknown


def _times(values: list[str | int]) -> Ints:
    return np.array([_time_us(value, number) for number, value in enumerate(values, 1)], dtype=np.int64)


def _time_us(value: str | int, number: int) -> int:
    if isinstance(value, int):
        if not 0 <= value <= _MAX_MS:
            _refuse_time(number, value, "不是 Unix 毫秒")
        return value * 1000
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        _refuse_time(number, value, "不是 ISO-8601 时间")
    if at.tzinfo is None:
        _refuse_time(number, value, "没有时区，例如应写 2026-10-01T08:00:00+08:00")
    return microseconds(at)


def _refuse_time(number: int, value: str | int, problem: str) -> NoReturn:
    raise InvalidInputError(
        f"第 {number} 个定位点的时间 {shown(value)} {problem}。{NOTHING_KEPT}", problem="time", fix=number
    )
