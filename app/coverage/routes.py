"""HTTP of coverage."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from app.configured import SettingsDep
from app.coverage import service
from app.coverage.schemas import Bbox, BlindSpots, GridCoverage, Level, Status, UnitCoverage, Values
from app.db import SessionDep
from app.errors import InvalidInputError
from app.security import CoverageReader

HEAVY_AT_ONCE = 2

router = APIRouter(prefix="/api", tags=["coverage"])


def _turn() -> Iterator[None]:
    """A place among the few that may compute at a time; held until the answer is made."""
    yield


# Outlines of a city take much memory: a few at a time, the others wait without a thread or a connection.
HeavyDep = Annotated[None, Depends(_turn, max_concurrency=HEAVY_AT_ONCE, scope="function")]
CycleDays = Annotated[int | None, Query(description="one cycle for all grids; without it, each grid's own")]
OnDay = Annotated[date | None, Query(description="local day; without it, today")]


@router.get("/status")
def status(actor: CoverageReader, session: SessionDep, settings: SettingsDep) -> Status:
    """What this installation holds."""
    return service.status(session, settings, actor)


@router.get("/units/{code}/coverage")
def unit_coverage(
    actor: CoverageReader,
    session: SessionDep,
    settings: SettingsDep,
    code: str,
    cycle_days: CycleDays = None,
    on: OnDay = None,
) -> UnitCoverage:
    """The seven shares of a unit and of its children."""
    return service.unit_coverage(session, settings, actor.scope, code, cycle_days, on)


@router.get("/grids/{code}/coverage")
def grid_coverage(
    actor: CoverageReader,
    session: SessionDep,
    settings: SettingsDep,
    code: str,
    cycle_days: CycleDays = None,
    on: OnDay = None,
) -> GridCoverage:
    """The seven shares of a grid."""
    return service.grid_coverage(session, settings, actor.scope, code, cycle_days, on)


@router.get("/coverage/values")
def values(
    actor: CoverageReader,
    session: SessionDep,
    settings: SettingsDep,
    level: Level,
    within: str | None = None,
    cycle_days: CycleDays = None,
    on: OnDay = None,
) -> Values:
    """Percentages of all units of a level, or all grids, below a unit or in the whole scope: a map's colours."""
    return service.values(session, settings, actor.scope, within, level, cycle_days, on)


@router.get("/blind-spots")
def blind_spots(
    actor: CoverageReader,
    _turn: HeavyDep,
    session: SessionDep,
    settings: SettingsDep,
    unit: str | None = None,
    bbox: Annotated[str | None, Query(description="west,south,east,north in WGS-84 degrees")] = None,
    cycle_days: CycleDays = None,
    on: OnDay = None,
    min_area_m2: float = 100.0,
    limit: int = 200,
) -> BlindSpots:
    """The most urgent blind spots as GeoJSON, best first."""
    return service.blind_spots(session, settings, actor.scope, unit, _box(bbox), cycle_days, on, min_area_m2, limit)


def _box(bbox: str | None) -> Bbox | None:
    if bbox is None:
        return None
    try:
        west, south, east, north = (float(edge) for edge in bbox.split(","))
    except ValueError:
        raise InvalidInputError("bbox 有误：应为用逗号分开的四个经纬度：西,南,东,北。", bbox=bbox[:100]) from None
    return west, south, east, north
