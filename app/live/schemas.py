"""What is told about now. Areas are square metres, percentages are floored to 0.1, instants are UTC."""

from datetime import date, datetime
from typing import Annotated, Literal
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from app.words import Line

Name = Line
DutyState = Literal["out", "patrolled", "waiting", "not_started"]
Format = Literal["wecom", "dingtalk"]


def _web_address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.fragment:
        raise ValueError("must be an http or https address with a host")
    return url


Code = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[!-~]+$")]
Url = Annotated[str, StringConstraints(max_length=1000, pattern=r"^[!-~]+$"), AfterValidator(_web_address)]


class InProgress(BaseModel):
    """A patrol going on; who it is only for those who may see tracks."""

    patrol_id: UUID
    mode: str
    state: Literal["recording", "paused"]
    started_at: datetime
    updated_at: datetime
    lon: float | None
    lat: float | None
    accuracy_m: float | None
    length_m: float
    minutes: float
    officer_code: str | None
    officer_name: str | None
    phone: str | None


class InProgressList(BaseModel):
    """The patrols going on, longest out first; a phone silent for longer than `fresh_s` is not listed."""

    fresh_s: int
    patrols: list[InProgress]


class Place(BaseModel):
    """A unit or grid by name."""

    code: str
    name: str
    level: str


class TodayRow(Place):
    """A unit or grid today.

    Each officer in charge is in exactly one of `out`, `patrolled`, `waiting` (has begun, nothing uploaded yet) and
    `not_started`. `falling` goes stale within the horizon if nobody goes there; `overdue` is stale already. Percentages
    are of all ground that must be covered.
    """

    grid_count: int
    without_officer: int
    officers: int
    out: int
    patrolled: int
    waiting: int
    not_started: int
    falling_grids: int
    falling_m2: float
    falling_percent: float | None
    overdue_grids: int
    overdue_m2: float
    overdue_percent: float | None
    never_seen_m2: float


class OfficerToday(BaseModel):
    """Somebody in charge of grids, and what is known of their day."""

    code: str
    name: str
    phone: str | None
    state: DutyState
    unit: str
    town: str | None
    grids: list[str]
    mode: str | None = None
    since: datetime | None = None
    last_at: datetime | None = None
    minutes: float | None = None
    length_m: float | None = None
    patrols: int = 0


class GridToday(BaseModel):
    """A grid with ground that falls or has fallen out of its cycle."""

    code: str
    name: str
    unit: str
    town: str | None
    cycle_days: int
    area_m2: float
    percent: float | None
    officer: str | None
    phone: str | None


class Today(BaseModel):
    """A unit's day. The lists hold the first `most` of each kind; the counts of `unit` are of all."""

    at: datetime
    on: date
    horizon_days: int
    most: int
    unit: TodayRow
    path: list[Place]
    children: list[TodayRow]
    out: list[OfficerToday]
    waiting: list[OfficerToday]
    not_started: list[OfficerToday]
    patrolled: list[OfficerToday]
    falling: list[GridToday]
    overdue: list[GridToday]


class WebhookIn(BaseModel):
    """A group robot that is told each morning what is overdue in a unit. `secret`: 钉钉's signing key."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    format: Format
    url: Url
    secret: Secret | None = None
    unit_code: Code
    enabled: bool = True


class WebhookChange(BaseModel):
    """What of a webhook is to change; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    name: Name = ""
    format: Format = "wecom"
    url: Url = ""
    secret: Secret | None = None
    unit_code: Code = ""
    enabled: bool = True


class Delivery(BaseModel):
    """The last day's message: sent, or what went wrong so far."""

    day: date
    sent_at: datetime | None
    attempts: int
    error: str | None


class Webhook(BaseModel):
    """A webhook as its administrators see it; its key is not shown again."""

    id: int
    name: str
    format: Format
    address: str
    has_secret: bool
    unit_code: str
    unit_name: str
    enabled: bool
    created_by: str
    created_at: datetime
    last: Delivery | None


class Trial(BaseModel):
    """Whether a test message was taken; else why not."""

    sent: bool
    error: str | None
