"""Blind spots: connected patches of a grid's domain that are not covered on the day asked about."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from shapely.geometry import Polygon

from geo.daytiles import DayTile
from geo.frame import TileKey
from geo.zones import Mask

NEVER_AGE_DAYS = 365
Risk = Literal["high", "medium", "low"]


@dataclass(frozen=True, slots=True)
class BlindSpot:
    """A patch. `polygon` (WGS-84) follows the cells' edges; areas are the cells' exact ground.

    `last_seen_day` is the latest day any of it was seen, tracked or declared; 0 never. `walk_to` (lon, lat) is the cell
    centre farthest from the patch's edge.
    """

    polygon: Polygon
    area_m2: float
    never_seen_m2: float
    last_seen_day: int
    walk_to: tuple[float, float]


def blind_spots(
    masks: Mapping[TileKey, Mask],
    tracked: Mapping[TileKey, DayTile],
    declared: Mapping[TileKey, DayTile],
    cycle_days: int,
    on_day: int,
    min_area_m2: float = 0.0,
) -> list[BlindSpot]:
    """Patches of a zone's DOMAIN cells (shared ones too) neither tracked nor declared in the cycle, largest first.

    Cells hang together across their sides, also over tile borders. A missing day tile was never seen. Days after
    `on_day` within the zone raise GeoError, as in `shares`; a zone that spans more than MAX_TILES tiles raises
    GeometryError.
    """
    raise NotImplementedError


def rank_score(area_m2: float, risk: Risk | None, last_seen_day: int, on_day: int, cycle_days: int) -> float:
    """How urgent: m2 x risk weight (high 3, medium 2, low 1, unknown 3) x days since it was last seen.

    Never seen counts as NEVER_AGE_DAYS, or the cycle if that is longer; no age counts more.
    """
    raise NotImplementedError
