"""What other features and the interface know of evidence."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, NamedTuple
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, FiniteFloat

from app.instants import Instant
from app.words import Words

Kind = Literal["patrol", "mark", "inaccessible", "report", "visit"]
Review = Literal["none", "open", "asked", "accepted", "voided"]
StepKind = Literal["ask", "answer", "accept", "void"]
Position = tuple[float, float]  # lon, lat, WGS-84 degrees
Datum = Literal["WGS-84", "CGCS2000", "GCJ-02", "BD-09"]  # what a phone's coordinates may be in


def _blank_is_none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


Note = Annotated[Words | None, BeforeValidator(_blank_is_none)]


class FindingKind(StrEnum):
    """Signs that a record may not be what it claims. Stored, so codes never change."""

    ACCURACY_ZERO = "accuracy_zero"
    ACCURACY_CONSTANT = "accuracy_constant"
    NO_JITTER = "no_jitter"
    IMPOSSIBLE_SPEED = "impossible_speed"
    JUMPS = "jumps"
    INTERPOLATED = "interpolated"
    MOCK_LOCATION = "mock_location"
    CLOCK_OFF = "clock_off"
    COPIED_TRACK = "copied_track"
    OUTSIDE_SCOPE = "outside_scope"
    OUTSIDE_HOURS = "outside_hours"
    MARK_FAR = "mark_far"
    VISIT_FAR = "visit_far"
    PHOTO_REUSED = "photo_reused"
    PHOTO_LOOK_ALIKE = "photo_look_alike"
    PHOTO_TIME = "photo_time"
    PHOTO_PLACE = "photo_place"


class PositionIn(BaseModel):
    """Where the phone was, in the datum of the record; accuracy in metres, null when unknown."""

    model_config = ConfigDict(extra="forbid")

    lon: FiniteFloat
    lat: FiniteFloat
    accuracy_m: Annotated[FiniteFloat, Field(ge=0)] | None
    time: Instant


class NewFinding(NamedTuple):
    """A sign to be stored: its facts (JSON; units in the names), and the other record where two are alike."""

    kind: FindingKind
    facts: dict[str, Any]
    other_id: UUID | None = None


class Finding(BaseModel):
    """A stored sign with its words in Chinese."""

    kind: FindingKind
    text: str
    facts: dict[str, Any]
    other_id: UUID | None
    found_at: datetime


class Step(BaseModel):
    """What somebody said about a record."""

    step: StepKind
    words: str
    by_account: int | None
    by_name: str
    at: datetime


class EvidenceFacts(NamedTuple):
    """What every record has in common. `unit_paths`: the units it belongs to."""

    id: UUID
    kind: Kind
    officer_code: str
    started_at: datetime
    ended_at: datetime
    unit_paths: list[str]
    review: Review
    sent_by: str
    sent_by_account: int | None
    received_at: datetime


class PhotoAnswer(BaseModel):
    """What the sender of a photo is told; `digest_hex` is the SHA-256 of its bytes."""

    id: UUID
    width: int
    height: int
    digest_hex: str


class PhotoStated(NamedTuple):
    """What the sender of a photo says about it; no place is None for both."""

    officer_code: str
    taken_at: datetime
    lon: float | None
    lat: float | None


class Photo(PhotoAnswer):
    """A photo with what is known of it: as the phone said, and as the picture's own metadata say (`own_…`)."""

    officer_code: str
    taken_at: datetime
    lon: float | None
    lat: float | None
    own_taken_at: datetime | None
    own_lon: float | None
    own_lat: float | None
    received_at: datetime
