"""HTTP of the overview."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from app.configured import SettingsDep
from app.db import SessionDep
from app.overview import service
from app.overview.schemas import Overview, TrendPoint
from app.security import CoverageReader, DeterminationReader

HEAVY_AT_ONCE = 2

router = APIRouter(prefix="/api", tags=["overview"])


def _turn() -> Iterator[None]:
    """A place among the few that may compute at a time; held until the answer is made."""
    yield


# All figures of a city at once: the others wait without a thread or a connection.
HeavyDep = Annotated[None, Depends(_turn, max_concurrency=HEAVY_AT_ONCE, scope="function")]


@router.get("/overview")
def overview(
    actor: DeterminationReader,
    _turn: HeavyDep,
    session: SessionDep,
    settings: SettingsDep,
    unit: Annotated[str | None, Query(max_length=12)] = None,
) -> Overview:
    """How a unit stands on one screen; the topmost of one's scope unless another is named."""
    return service.overview(session, settings, actor, unit)


@router.get("/units/{code}/trend")
def trend(
    actor: CoverageReader, _turn: HeavyDep, session: SessionDep, settings: SettingsDep, code: str
) -> list[TrendPoint]:
    """How much of a unit was covered on each of the last ninety days, and today."""
    return service.trend(session, settings, actor, code)
