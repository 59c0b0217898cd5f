"""What the installation holds, as far as somebody may see it."""

from sqlalchemy.orm import Session

from app.actor import Actor
from app.coverage.queries import report as sql
from app.coverage.schemas import Root, Status
from app.settings import Settings
from app.territory import service as territory
from geo.daytiles import day_date


def status(session: Session, settings: Settings, actor: Actor) -> Status:
    """What the installation holds of the actor's scope."""
    today = settings.today()
    known = territory.status(session, actor.scope, today)
    first, last = sql.look_days(session)
    return Status(
        today=today,
        first_day=day_date(first or 0),
        last_day=day_date(last or 0),
        is_everything=actor.scope.is_everything,
        units=known.units,
        grids=known.grids,
        patrols=sql.patrol_count(session, actor.scope, actor.officer_code),
        roots=[Root(code=unit.code, name=unit.name, level=unit.level, bbox=unit.bbox) for unit in known.roots],
        single_grids=[
            Root(code=grid.code, name=grid.name, level="grid", bbox=grid.bbox) for grid in known.single_grids
        ],
        territory_version=known.version,
        change_number=sql.change_number(session),
        generated=known.generated,
    )
