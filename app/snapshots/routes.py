"""HTTP of snapshots: files to keep, made while one waits, a few at a time."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Response

from app.configured import SettingsDep
from app.db import SessionDep
from app.security import DeterminationReader
from app.snapshots import service

HEAVY_AT_ONCE = 2

router = APIRouter(prefix="/api/snapshots", tags=["snapshots"])


def _turn() -> Iterator[None]:
    """A place among the few that are drawn at a time; held until the file is made."""
    yield


# The others wait without a thread or a connection.
TurnDep = Annotated[None, Depends(_turn, max_concurrency=HEAVY_AT_ONCE, scope="function")]
OnDay = Annotated[date | None, Query(description="local day; without it, today")]


@router.get("/{unit}.html", response_class=Response)
def get_html(
    actor: DeterminationReader,
    _turn: TurnDep,
    session: SessionDep,
    settings: SettingsDep,
    unit: str,
    on: OnDay = None,
) -> Response:
    """One HTML file of a unit that opens without a network."""
    return _file(service.as_html(session, settings, actor, unit, on))


@router.get("/{unit}.pdf", response_class=Response)
def get_pdf(
    actor: DeterminationReader,
    _turn: TurnDep,
    session: SessionDep,
    settings: SettingsDep,
    unit: str,
    on: OnDay = None,
) -> Response:
    """The map of a unit on A3 with its table."""
    return _file(service.as_pdf(session, settings, actor, unit, on))


def _file(saved: service.Saved) -> Response:
    # Saved, never opened in place: its scripts must not run as pages of ours.
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(saved.name)}"}
    return Response(saved.content, media_type=saved.media_type, headers=headers)
