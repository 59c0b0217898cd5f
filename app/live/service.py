"""What the edges ask of now; each decision lives in the module it is taken from."""

import time
from datetime import timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.actor import Actor
from app.db import transaction
from app.live import webhooks
from app.live.hub import Hub, StillValid, Viewer
from app.live.notices import Audience
from app.live.out import Out, Reported
from app.live.queries import notices
from app.live.queries import progress as sql
from app.live.schemas import InProgress, InProgressList
from app.live.today import today
from app.rights import Right
from app.settings import Settings
from app.territory import service as territory

KEPT_PROGRESS = timedelta(days=2)

__all__ = ["Hub", "forget_progress", "in_progress", "make_hub", "today", "watch", "webhooks"]


def make_hub(engine: Engine, still_valid: StillValid) -> Hub:
    """The hub of a process, not yet listening."""
    address = engine.url.render_as_string(hide_password=False)

    def stored() -> list[Reported]:
        with transaction(engine) as session:
            now = time.monotonic()
            return [
                Reported(row.patrol_id, row.officer_code, tuple(row.unit_paths), now - row.age_s)
                for row in sql.fresh(session)
            ]

    return Hub(lambda: notices.heard(address), Out(stored), still_valid)


def watch(hub: Hub, actor: Actor, last_id: str | None, age_s: float | None) -> Viewer:
    """Let an actor hear of changes in their scope; see `Hub.join`."""
    has_grids_only = not actor.scope.is_everything and not actor.scope.unit_paths
    audience = Audience(actor.scope, actor.officer_code if has_grids_only else None, actor.may(Right.READ_DUTY))
    return hub.join(audience, actor.session_id or actor.token_id, last_id, age_s)


def in_progress(session: Session, actor: Actor, unit: str | None) -> InProgressList:
    """The patrols going on inside the actor's scope, or a unit in it. Raises NotFoundError, ForbiddenError."""
    path = None if unit is None else territory.unit_in_scope(session, actor.scope, unit).path
    rows = sql.out(session, actor.scope, path)
    sees_people = actor.may(Right.READ_TRACKS)
    if sees_people:
        actor.facts["officer_codes"] = sorted({row.officer_code for row in rows})
    return InProgressList(
        fresh_s=sql.FRESH_S,
        patrols=[
            InProgress(
                patrol_id=row.patrol_id,
                mode=row.mode,
                state=row.state,
                started_at=row.started_at,
                updated_at=row.updated_at,
                lon=row.lon,
                lat=row.lat,
                accuracy_m=row.accuracy_m,
                length_m=row.length_m,
                minutes=row.minutes,
                officer_code=row.officer_code if sees_people else None,
                officer_name=row.name if sees_people else None,
                phone=row.phone if sees_people else None,
            )
            for row in rows
        ],
    )


def forget_progress(engine: Engine, settings: Settings) -> int:
    """Delete what phones reported of patrols days ago; how many patrols."""
    with transaction(engine) as session:
        return sql.delete_old(session, settings.now() - KEPT_PROGRESS)
