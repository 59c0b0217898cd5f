"""The demo's people: one password for all of them, set anew whenever the demo is served."""

from typing import NamedTuple

from sqlalchemy.orm import Session

from app.accounts import passwords
from app.accounts.queries import demo as queries
from app.accounts.queries import people
from app.rights import Role
from app.settings import Settings


class DemoLogin(NamedTuple):
    """Somebody who may sign in to the demo: what they are, and the names of their units and grids."""

    username: str
    role: Role
    units: list[str]
    grids: list[str]


def demo_logins(session: Session, settings: Settings) -> list[DemoLogin]:
    """The demo's people, from the officer upwards; none outside of a demo."""
    rows = queries.logins(session, settings.today())
    return [DemoLogin(row.username, Role(row.role), row.units, row.grids) for row in rows]


def set_demo_password(session: Session, settings: Settings, password: str) -> None:
    """Give the demo's people, and nobody else, a password."""
    hashed = passwords.hashed(password)
    for row in queries.logins(session, settings.today()):
        people.set_password(session, row.id, hashed, settings.now(), must_change=False)
