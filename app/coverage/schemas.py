"""What coverage answers. Areas are square metres, percentages are floored to 0.1, days are local dates."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel

from app.territory.schemas import DefectSums

Bbox = tuple[float, float, float, float]


class Share(BaseModel):
    """One of the seven shares of an area."""

    area_m2: float
    percent: float


class SevenShares(BaseModel):
    """Every square metre in exactly one of them."""

    tracked: Share
    declared: Share
    stale: Share
    never_seen: Share
    inaccessible: Share
    excluded: Share
    unassigned: Share


class Officer(BaseModel):
    """Who is in charge."""

    code: str
    name: str
    phone: str | None


class PlaceRef(BaseModel):
    """A unit or grid by name; one step of a breadcrumb."""

    code: str
    name: str
    level: str


class Root(PlaceRef):
    """A unit with none above it in somebody's scope, or a grid that the scope names by itself."""

    bbox: Bbox


class CoverageRow(PlaceRef):
    """A unit's or a grid's coverage; what only grids have is null for units.

    `largest_blind_spot_m2` is exact, or null where finding it would have meant to look into too many grids: ask for
    the unit below.
    """

    parent_code: str | None
    area_m2: float
    shares: SevenShares
    domain_m2: float
    covered_percent: float | None
    declared_percent: float | None
    grid_count: int
    bbox: Bbox
    largest_blind_spot_m2: float | None
    defects: DefectSums
    generated: bool
    risk: str | None = None
    cycle_days: int | None = None
    cycle_stated: bool | None = None
    officer: Officer | None = None
    last_seen: date | None = None


class UnitCoverage(BaseModel):
    """A unit and its children on a day; `cycle_days` null: each grid by its own cycle."""

    on: date
    cycle_days: int | None
    unit: CoverageRow
    path: list[PlaceRef]
    children: list[CoverageRow]


class GridCoverage(BaseModel):
    """A grid on a day, its overlaps included; `cycle_days` null: its own cycle."""

    on: date
    cycle_days: int | None
    grid: CoverageRow
    path: list[PlaceRef]


Level = Literal["county", "town", "village", "grid"]
Value = tuple[str, float | None, float | None, float | None, float]


class Values(BaseModel):
    """For colouring a map: [code, covered_percent, declared_percent, never_seen_percent, area_m2]."""

    on: date
    level: Level
    values: list[Value]


class BlindSpots(BaseModel):
    """GeoJSON of the patches most worth going to, best first; `total_m2` is all ground not covered in the area."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    on: date
    total_m2: float
    returned: int
    truncated: bool
    features: list[dict[str, Any]]


class Status(BaseModel):
    """What this installation holds. Counts, `roots` and `single_grids` (of none of them) are of the reader's scope."""

    today: date
    first_day: date | None
    last_day: date | None
    is_everything: bool
    units: int
    grids: int
    patrols: int
    roots: list[Root]
    single_grids: list[Root]
    territory_version: int
    change_number: int
    generated: bool


@dataclass(frozen=True, slots=True)
class PastLook:
    """One look at a place, for whoever knows the patrols to word it."""

    evidence_id: UUID
    kind: str
    day: date


@dataclass(frozen=True, slots=True)
class PastPassing:
    """That somebody passed without looking: why it does not count (`geo.passing.Passed`), and the last day of that."""

    reason: str
    day: date


@dataclass(frozen=True, slots=True)
class LookedAt:
    """Who looked at a place: looks newest first, `total` beyond what is listed; `share` by its grid's own cycle.

    `passed`: why it is not covered although somebody passed within the cycle; None where it is, or nobody did.
    """

    path: list[PlaceRef]
    grid: PlaceRef | None
    officer: Officer | None
    share: str | None
    looks: list[PastLook]
    total: int
    passed: PastPassing | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """Something stored that does not follow from what it is derived from."""

    what: str
    where: str
    found: str


@dataclass(frozen=True, slots=True)
class Due:
    """Ground in whole cm2: what must be covered, is, no longer is, soon no longer is, and never was."""

    domain_cm2: int = 0
    tracked_cm2: int = 0
    stale_cm2: int = 0
    falling_cm2: int = 0
    never_seen_cm2: int = 0

    def __add__(self, other: "Due") -> "Due":
        return Due(
            self.domain_cm2 + other.domain_cm2,
            self.tracked_cm2 + other.tracked_cm2,
            self.stale_cm2 + other.stale_cm2,
            self.falling_cm2 + other.falling_cm2,
            self.never_seen_cm2 + other.never_seen_cm2,
        )

    def percent(self, part_cm2: int) -> float | None:
        """A part of what must be covered, floored to 0.1; None when there is nothing to cover."""
        return part_cm2 * 1000 // self.domain_cm2 / 10 if self.domain_cm2 else None


@dataclass(frozen=True, slots=True)
class ZoneDue:
    """A grid (or, with grid_code None, a unit's remainder); `owned` leaves out what another owns, for sums."""

    grid_code: str | None
    unit_code: str
    path: str
    cycle_days: int
    whole: Due
    owned: Due


class CarriedTile(BaseModel):
    """A grid's part of a tile: base64 of zlib of 65,536 values, row by row from the north.

    `mask`: uint8 zone values (`geo.zones`). `tracked` and `declared`: uint16 little-endian last-seen days since
    2000-01-01, 0 for never; null where nothing was seen.
    """

    x: int
    y: int
    mask: str
    tracked: str | None
    declared: str | None
