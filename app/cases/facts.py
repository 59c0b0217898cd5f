"""What the fields of a file may hold, and where a case belongs."""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy.orm import Session
from stdnum.cn import uscc as check_character
from stdnum.exceptions import ValidationError

from app.cases.schemas.codes import FIELDS
from app.cases.schemas.inputs import PlaceIn
from app.errors import InvalidInputError
from app.scope import Scope
from app.territory import service as territory
from geo.datum import Datum, to_wgs84
from geo.errors import GeoError

_NOT_FUTURE = ("found_on", "filed_on", "fined_on", "confiscated_on", "transferred_on")


class Ground(NamedTuple):
    """Where a case lies; WGS-84, None for both when it has no place."""

    unit_code: str
    unit_path: str
    grid_code: str | None
    lon: float | None
    lat: float | None
    datum: str | None


def position_of(place: PlaceIn | None) -> tuple[float, float] | None:
    """(lon, lat) in WGS-84. Raises InvalidInputError for what cannot be of the datum stated."""
    if place is None:
        return None
    try:
        lon, lat = to_wgs84(place.lon, place.lat, Datum(place.datum))
    except GeoError as error:
        raise InvalidInputError(
            f"位置不像是 {place.datum} 坐标，请核对坐标系和经纬度次序。未保存任何内容。", problem="datum"
        ) from error
    return float(lon), float(lat)


def settle(
    session: Session,
    scope: Scope,
    place: tuple[float, float] | None,
    datum: str | None,
    stated_code: str | None,
    today: date,
) -> Ground:
    """The unit that a case belongs to: that of its place, else the one stated.

    Raises NotFoundError (unit), ForbiddenError (outside the scope), InvalidInputError (nothing says where it belongs,
    or the place lies outside of the unit stated).
    """
    stated = None if stated_code is None else territory.unit_or_404(session, stated_code)
    found = None if place is None else territory.place_at(session, place[0], place[1], today)
    unit = found.units[-1] if found is not None and found.units else stated
    if unit is None:
        raise InvalidInputError("不知道案件属于哪个单位：请填写所属区划，或给出落在辖区内的坐标。", problem="unit")
    if stated is not None and not (unit.path == stated.path or unit.path.startswith(f"{stated.path}.")):
        raise InvalidInputError(
            f"坐标落在“{unit.name}”，不在所填的“{stated.name}”内，未保存。请核对坐标、坐标系和所属区划。",
            problem="outside_stated_unit",
            unit_code=unit.code,
        )
    scope.check_unit(unit.code, unit.path)
    grid = found.grid.code if found is not None and found.grid is not None else None
    lon, lat = place or (None, None)
    return Ground(unit.code, unit.path, grid, lon, lat, datum if place else None)


def clean_uscc(code: str | None) -> str | None:
    """A unified social credit code without spaces, in capitals. Raises InvalidInputError when its check fails."""
    if code is None:
        return None
    try:
        return str(check_character.validate(code.upper()))
    except ValidationError as error:
        raise InvalidInputError(
            f"统一社会信用代码 {code} 不正确：应为 18 位且校验位相符（GB 32100）。请核对后重填。", problem="uscc"
        ) from error


def check_facts(values: dict[str, Any], today: date) -> None:
    """Raise InvalidInputError for fields that contradict each other. `values`: all fields as they will be."""
    if (values["category"] == "chemical") != (values["chemical_kind"] is not None):
        raise InvalidInputError(
            "小化工案件须选择四种情形之一，其他类别不填“小化工情形”。未保存任何内容。", problem="chemical_kind"
        )
    if values["deadline"] < values["found_on"]:
        raise InvalidInputError(
            f"整治期限 {values['deadline']} 早于发现日期 {values['found_on']}，未保存。请核对。", problem="deadline"
        )
    for name in _NOT_FUTURE:
        if values[name] is not None and values[name] > today:
            raise InvalidInputError(
                f"{FIELDS[name]} {values[name]} 在将来（今天是 {today}），未保存。请核对。", problem=name
            )
    if len(set(values["stages"])) < len(values["stages"]):
        raise InvalidInputError("违法环节不能重复选择。未保存任何内容。", problem="stages")


def point(ground: Ground) -> str | None:
    """The place as the database reads it; None without one."""
    return None if ground.lon is None else f"SRID=4326;POINT({ground.lon!r} {ground.lat!r})"
