"""Who heads a unit (role 领导 with exactly that unit as their place), and who else of it may sign."""

from typing import NamedTuple

from sqlalchemy.orm import Session

from app.accounts.queries import heads as queries
from app.rights import RIGHTS, Right, Role
from app.settings import Settings
from app.territory.schemas import UnitRow

_MAY_SIGN = sorted(role.value for role in Role if Right.SIGN in RIGHTS[role])


class Colleague(NamedTuple):
    """A person's account."""

    id: int
    username: str
    name: str
    role: Role


def heads_of(session: Session, settings: Settings, unit: UnitRow) -> list[Colleague]:
    """The heads of a unit, by username; none when nobody was given it."""
    rows = queries.heads(session, unit.code, unit.parent_code is None, settings.demo)
    return [Colleague(row.id, row.username, row.name, Role(row.role)) for row in rows]


def signers_at(session: Session, settings: Settings, unit: UnitRow) -> list[Colleague]:
    """Whoever has exactly that unit as a place and the right to sign when it is given to them, by username."""
    rows = queries.staff(session, unit.code, unit.parent_code is None, settings.demo, _MAY_SIGN)
    return [Colleague(row.id, row.username, row.name, Role(row.role)) for row in rows]
