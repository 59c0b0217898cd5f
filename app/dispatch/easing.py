"""Who may take an order back or give it more time: nobody below whoever sent it, or below the level it climbed to."""

from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.dispatch.queries import orders as queries
from app.dispatch.wording import NOTHING_KEPT
from app.errors import ForbiddenError
from app.scope import Scope
from app.territory import service as territory

EVERYTHING = ""


def sent_from(scope: Scope, unit_path: str) -> str | None:
    """The highest unit of a sender's scope that holds an order's, by path; `EVERYTHING`; None for single grids."""
    if scope.is_everything:
        return EVERYTHING
    return min((path for path in scope.unit_paths if f"{unit_path}.".startswith(f"{path}.")), key=len, default=None)


def may_ease(session: Session, scope: Scope, order: Row[Any]) -> bool:
    """Whether whoever has a scope stands high enough to take an order back or give it more time."""
    return _standing_above(session, scope, order) is None


def check(session: Session, scope: Scope, order: Row[Any]) -> None:
    """Raise ForbiddenError unless an order may be taken back or given more time by whoever has a scope."""
    above = _standing_above(session, scope, order)
    if above is not None:
        raise ForbiddenError(
            f"这张派单由上级派出，或已超期上报，改期和撤回须由{above}办理。{NOTHING_KEPT}如需调整，请加备注说明情况。",
            reason="sent_from_above",
        )


def _standing_above(session: Session, scope: Scope, order: Row[Any]) -> str | None:
    """The name of the unit that the scope would have to hold and does not; None when nothing stands against it."""
    if scope.is_everything:
        return None
    sender = queries.sent_from(session, order.id)
    if sender == EVERYTHING:
        return "派单人所在的上级单位"
    wanted = [path for path in (sender, _answering(session, order)) if path and not scope.holds_unit(path)]
    names = {unit.path: unit.name for unit in territory.units_by_paths(session, wanted)}
    return names.get(min(wanted, key=len)) if wanted else None


def _answering(session: Session, order: Row[Any]) -> str | None:
    """The unit that an order has climbed to, by path; None while it has not."""
    if order.climbed_on is None:
        return None
    parts = order.unit_path.split(".")
    above = territory.units_by_paths(session, [".".join(parts[: count + 1]) for count in range(len(parts))])
    return next((unit.path for unit in above if unit.level == order.level), None)
