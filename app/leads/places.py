"""Where leads lie, and whose they are."""

from datetime import date
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.errors import InvalidInputError
from app.leads.wording import NOTHING_KEPT
from app.scope import Scope, outside
from app.territory import service as territory
from geo.datum import Datum, to_wgs84
from geo.errors import GeoError


class Placed(NamedTuple):
    """A WGS-84 position with the smallest unit and the grid that it lies in, None in no grid."""

    lon: float
    lat: float
    unit_code: str
    unit_path: str
    grid_code: str | None


def wgs84(lon: float, lat: float, datum: str) -> tuple[float, float]:
    """A position in WGS-84 degrees. Raises InvalidInputError for one that its datum cannot have."""
    try:
        east, north = to_wgs84(lon, lat, Datum(datum))
    except GeoError as error:
        raise InvalidInputError(
            f"位置不像是 {datum} 坐标，请核对坐标系和经纬度次序。{NOTHING_KEPT}", problem="datum"
        ) from error
    return float(east), float(north)


def at(session: Session, lon: float, lat: float, on: date) -> Placed | None:
    """What a WGS-84 position belongs to on a day; None outside of all units."""
    place = territory.place_at(session, lon, lat, on)
    if not place.units:
        return None
    unit = place.units[-1]
    return Placed(lon, lat, unit.code, unit.path, None if place.grid is None else place.grid.code)


def in_scope(session: Session, scope: Scope, lon: float, lat: float, on: date) -> Placed:
    """As `at`. Raises InvalidInputError outside of all units, ForbiddenError outside the scope."""
    placed = at(session, lon, lat, on)
    if placed is None:
        raise InvalidInputError(f"位置不在本系统的任何区划内，请核对位置和坐标系。{NOTHING_KEPT}", problem="elsewhere")
    if not scope.holds_unit(placed.unit_path):
        raise outside(placed.unit_code)
    return placed
