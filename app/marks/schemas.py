"""What comes in and goes out of marks, and the reasons that officers choose from."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, FailFast, Field, FiniteFloat

from app.evidence.schemas import Datum, Note, PositionIn
from app.words import Code, Words

Kind = Literal["declared", "inaccessible"]
State = Literal["accepted", "requested", "approved", "refused", "voided"]
OTHER = "other"
DECLARED_REASONS = {
    "walled_compound": "围墙内，已进入查看",
    "indoors": "室内检查，无定位",
    "weak_signal": "信号弱，无法定位",
    "seen_from_outside": "在外围可见全貌",
    OTHER: "其他",
}
INACCESSIBLE_REASONS = {
    "locked": "大门上锁",
    "danger": "有危险",
    "refused": "拒绝进入",
    "flooded": "积水淹没",
    "construction": "施工封闭",
    OTHER: "其他",
}
REASONS: dict[Kind, dict[str, str]] = {"declared": DECLARED_REASONS, "inaccessible": INACCESSIBLE_REASONS}


Ring = Annotated[list[Annotated[list[FiniteFloat], Field(min_length=2, max_length=3)]], FailFast(), Field(min_length=3)]
Rings = Annotated[list[Ring], FailFast(), Field(min_length=1)]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PolygonIn(_In):
    """A GeoJSON Polygon in the datum of the mark; the first ring is the outline, others are holes."""

    type: Literal["Polygon"]
    coordinates: Rings


class MultiPolygonIn(_In):
    """A GeoJSON MultiPolygon in the datum of the mark."""

    type: Literal["MultiPolygon"]
    coordinates: Annotated[list[Rings], FailFast(), Field(min_length=1)]


class MarkIn(_In):
    """The body of POST /api/marks. `until`: the last day on which the ground stays inaccessible, if known."""

    id: UUID
    officer_code: Code
    kind: Kind
    datum: Datum
    geometry: Annotated[PolygonIn | MultiPolygonIn, Field(discriminator="type")]
    reason: Annotated[str, Field(max_length=40)]
    note: Note = None
    made_at: AwareDatetime
    until: date | None = None
    patrol_id: UUID | None = None
    position: PositionIn | None
    photo_ids: Annotated[list[UUID], FailFast(), Field(max_length=100)]


class VoidBody(_In):
    """The body of POST /api/marks/{id}/void."""

    reason: Words


class GridRef(BaseModel):
    """A grid by name."""

    code: str
    name: str


class MarkAnswer(BaseModel):
    """What became of a mark. Stored with it and given again when it is sent again.

    `area_m2` on the ellipsoid; `seen_m2` ground of the cells that count as declared, 0 for what is inaccessible;
    `distance_m` from the phone to the area, null when no position came with it.
    """

    id: UUID
    state: State
    kind: Kind
    area_m2: float
    seen_m2: float
    day: date
    grids: list[GridRef]
    distance_m: float | None
    notes: list[str]


class MarkDetail(MarkAnswer):
    """A mark with everything known about it; geometry and position are GeoJSON in WGS-84."""

    officer_code: str
    officer_name: str | None
    reason: str
    reason_text: str
    note: str | None
    made_at: datetime
    received_at: datetime
    until: date | None
    patrol_id: UUID | None
    geometry: dict[str, Any]
    position: dict[str, Any] | None
    position_accuracy_m: float | None
    position_at: datetime | None
    void_reason: str | None
    voided_by: str | None
    voided_at: datetime | None
