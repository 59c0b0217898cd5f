"""Who stands above a unit: rules and exceptions are for the level above to give, never for oneself."""

from app.actor import Actor
from app.errors import ForbiddenError
from app.territory.schemas import UnitRow


def is_above(actor: Actor, unit_path: str) -> bool:
    """Whether the actor's scope holds a unit strictly above the one of a path."""
    parent = unit_path.rpartition(".")[0]
    return actor.scope.is_everything or bool(parent and actor.scope.holds_unit(parent))


def check_above(actor: Actor, unit: UnitRow) -> None:
    """Raise ForbiddenError unless the actor stands above a unit."""
    if not is_above(actor, unit.path):
        raise ForbiddenError(
            f"{unit.name}（{unit.code}）的规定和例外由其上级决定，不能由本级自行决定。请报上级办理。",
            code=unit.code,
            reason="own_level",
        )
