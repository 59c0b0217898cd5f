"""Who may sign for a unit: its head, or whom a head has delegated it to."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.actor import Actor
from app.determination.queries import delegations as queries
from app.errors import ForbiddenError
from app.rights import Role
from app.settings import Settings
from app.territory.schemas import UnitRow


class Authority(NamedTuple):
    """In what capacity somebody signs; of a delegate, for whom and by which delegation."""

    capacity: str  # head or delegate
    head_name: str | None = None
    delegation_id: UUID | None = None


def is_head(actor: Actor, unit: UnitRow) -> bool:
    """Whether the actor heads a unit: a leader with exactly it as their place; of everything, the topmost units."""
    if actor.role is not Role.LEADER:
        return False
    return unit.path in actor.scope.unit_paths or (actor.scope.is_everything and unit.parent_code is None)


def authority(session: Session, settings: Settings, actor: Actor, unit: UnitRow, deed: str = "签字") -> Authority:
    """In what capacity the actor may sign for a unit. Raises ForbiddenError, which names who may do the deed."""
    if is_head(actor, unit):
        return Authority("head")
    heads = {each.id: each for each in accounts.heads_of(session, settings, unit)}
    if actor.account_id is not None:
        for row in queries.holding(session, unit.code, actor.account_id, settings.today()):
            if row.from_account in heads:  # who is head no longer has nothing to delegate
                return Authority("delegate", row.from_name, row.id)
    names = "、".join(each.name for each in heads.values())
    whose = f"现任负责人为{names}" if names else "目前没有登记负责人，请系统管理员为其指定（角色“领导”，范围为该区划）"
    raise ForbiddenError(f"{unit.name}只能由其负责人或受其委托的人{deed}，{whose}。", code=unit.code, reason="not_head")
