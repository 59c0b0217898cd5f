"""An officer's own patrol with every fix that is kept of it."""

from typing import Any
from uuid import UUID

import numpy as np
from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import ForbiddenError
from app.patrols import queries, service
from app.patrols.fixes import RawFixes, decode
from app.patrols.schemas import PatrolDetail


class RawColumns(BaseModel):
    """Fixes as they came, in the patrol's own datum; null is unknown, a column nobody sent is null as a whole."""

    time_us: list[int]
    lon: list[float]
    lat: list[float]
    accuracy_m: list[float | None]
    speed_m_s: list[float | None] | None
    heading_deg: list[float | None] | None


class OwnPatrol(BaseModel):
    """A patrol; `fixes` null: deleted when their time was over."""

    patrol: PatrolDetail
    fixes: RawColumns | None


def own_patrol(session: Session, actor: Actor, patrol_id: UUID) -> OwnPatrol:
    """A patrol of the actor's own. Raises NotFoundError, or ForbiddenError when it is another officer's."""
    patrol = service.detail(session, patrol_id)
    if actor.officer_code is None or patrol.officer_code != actor.officer_code:
        raise ForbiddenError("这不是您本人的巡查。查看他人的轨迹请用有相应权限的账号。", id=str(patrol_id))
    payload = queries.payloads(session, [patrol_id]).get(patrol_id)
    return OwnPatrol(patrol=patrol, fixes=None if payload is None else _columns(decode(bytes(payload))))


def _columns(raw: RawFixes) -> RawColumns:
    return RawColumns(
        time_us=raw.time_us.tolist(),
        lon=raw.lon.tolist(),
        lat=raw.lat.tolist(),
        accuracy_m=_known(raw.accuracy_m),
        speed_m_s=None if raw.speed_m_s is None else _known(raw.speed_m_s),
        heading_deg=None if raw.heading_deg is None else _known(raw.heading_deg),
    )


def _known(column: Any) -> list[float | None]:
    return [None if np.isnan(value) else float(value) for value in column]
