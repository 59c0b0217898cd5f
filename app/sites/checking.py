"""Keeping what is derived right: after each write, when days pass, and anew from the evidence."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from uuid import UUID

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.db import transaction
from app.settings import Settings
from app.sites.days import asked, values_of
from app.sites.queries import checks, locating

AT_ONCE = 500
Progress = Callable[[int, int], None]


def refresh_checks(session: Session, site_ids: Iterable[UUID], day: int) -> None:
    """Derive the checks of sites anew as of a local day, after a visit or a tenancy changed; the caller commits.

    `day` counts from 2000-01-01.
    """
    ids = list(site_ids)
    checks.lock(session, ids)
    checks.refresh(session, ids, values_of(day))


def ensure_current(session: Session, settings: Settings) -> dict[str, Any]:
    """What statements name for today, after what began or ended by itself was taken into account.

    A tenancy that begins today is unseen today, whether or not the night's job has run.
    """
    values = asked(settings)
    waiting = checks.stale(session, values)
    if waiting:
        checks.lock(session, waiting)
        checks.refresh(session, waiting, values)
    return values


def refresh_older(engine: Engine, settings: Settings) -> int:
    """Bring places and checks of all sites up to today, some hundreds a transaction; how many checks were older."""
    values = asked(settings)
    with transaction(engine) as session:
        relocate(session, None, values["on"], "system", "夜间核对")
    done = 0
    while True:
        with transaction(engine) as session:
            ids = checks.older(session, values, AT_ONCE)
            checks.lock(session, ids)
            checks.refresh(session, ids, values)
        done += len(ids)
        if len(ids) < AT_ONCE:
            return done


def rebuild(session: Session, settings: Settings, progress: Progress | None = None) -> int:
    """Derive the checks of all sites anew; how many there are."""
    values = asked(settings)
    ids = checks.every(session)
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        checks.lock(session, some)
        checks.refresh(session, some, values)
        if progress:
            progress(start + len(some), len(ids))
    return len(ids)


def relocate(session: Session, area: BaseGeometry | None, on: date, by_name: str, words: str = "区划或网格调整") -> int:
    """Find unit and grid of the sites in an area (WGS-84; None: all) anew; how many lie elsewhere now."""
    ids = locating.placed(session, None if area is None else shapely.to_wkb(area))
    return len(locating.relocate(session, ids, on, words, by_name)) if ids else 0
