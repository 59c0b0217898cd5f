"""What the overview answers. Areas are square metres, percentages are floored, days are local dates.

A part is null when the reader has no right to it.
"""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from app.coverage.schemas import CoverageRow, PlaceRef
from app.dispatch.schemas import Counts
from app.live.schemas import TodayRow


class TrendPoint(BaseModel):
    """The unit at the end of a local day, each grid by its own cycle; percent of what must be covered, floored to 0.1.

    None: nothing had to be covered on that day.
    """

    on: date
    covered_percent: float | None
    declared_percent: float | None


class SpotRow(BaseModel):
    """A blind spot worth going to; `walk_to` in WGS-84 degrees names it on the map."""

    area_m2: float
    last_seen: date | None
    age_days: int | None
    grid_code: str
    grid_name: str
    village: str
    town: str | None
    officer_name: str | None
    walk_to: tuple[float, float]


class Spots(BaseModel):
    """The worst blind spots; `total_m2`: all ground of the unit that is not covered."""

    total_m2: float
    items: list[SpotRow]


class Register(BaseModel):
    """How many of something stand in each state, and how many of them are left out in which way."""

    states: dict[str, int]
    omissions: dict[str, int]


class CaseFigures(Register):
    """Cases by state; `supervised`: those under 挂牌督办, finished ones too."""

    supervised: int


class ListRate(BaseModel):
    """How far the rows of a list have been looked into on the ground; `percent` of all rows, floored, None without."""

    id: UUID
    name: str
    kind_text: str
    as_of: date
    rows: int
    checked: int
    percent: int | None


class ListRates(BaseModel):
    """The lists in force with rows here, newest first; `total`: how many there are."""

    total: int
    items: list[ListRate]


class Signing(BaseModel):
    """Who signed for a period that ends in this month: the unit itself (None: nobody), and how many of the `children`.

    Each child is in exactly one: `valid`, no longer so (`superseded`, `sent_back`), or not signed.
    """

    since: date
    own: str | None
    children: int
    valid: int
    superseded: int
    sent_back: int
    unsigned: int


class Overview(BaseModel):
    """How a unit stands now."""

    at: datetime
    on: date
    horizon_days: int
    path: list[PlaceRef]
    unit: CoverageRow
    children: list[CoverageRow]
    trend: list[TrendPoint]
    spots: Spots
    today: TodayRow | None
    sites: dict[str, int] | None
    cases: CaseFigures | None
    leads: Register | None
    lists: ListRates | None
    orders: Counts | None
    signing: Signing
