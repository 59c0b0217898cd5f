"""People who sign in: one who sees all, and whoever a test wants."""

from collections.abc import Iterable

from playwright.sync_api import BrowserContext
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.db import make_engine, transaction
from app.errors import ConflictError
from app.rights import Role

PASSWORD = "correct horse 电池 staple"  # noqa: S105 - of people who live for a test
TESTER = "tester"
EVERYTHING = ((None, None),)


def add_person(
    session: Session,
    username: str,
    role: Role,
    scopes: Iterable[tuple[str | None, str | None]] = EVERYTHING,
    officer_code: str | None = None,
) -> int:
    """Somebody who may sign in with PASSWORD; their account's id. `scopes`: (unit code, grid code)."""
    return accounts.create_account(
        session,
        username=username,
        name=f"测试{username}",
        role=role,
        created_by="test",
        password=PASSWORD,
        must_change=False,
        officer_code=officer_code,
        scopes=scopes,
    )


def ensure_tester(database_url: str) -> None:
    """The city's staff member TESTER, who sees everything."""
    engine = make_engine(database_url, pool_size=1)
    try:
        with transaction(engine) as session:
            add_person(session, TESTER, Role.CITY)
    except ConflictError:
        pass
    finally:
        engine.dispose()


def sign_in(context: BrowserContext, base_url: str, username: str = TESTER, password: str = PASSWORD) -> None:
    """Give a browser the session of a person."""
    answer = context.request.post(f"{base_url}/api/session", data={"username": username, "password": password})
    assert answer.ok, answer.text()
