"""People who sign in: one who sees all, and whoever a test wants.

Their passwords are hashed as anybody's are, once a run, and browsers are given their sessions: the tests of signing in
do it as people do.
"""

from collections.abc import Iterable
from functools import cache

from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import BrowserContext
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.accounts import sessions
from app.accounts.passwords import hashed
from app.accounts.queries import sessions as queries
from app.db import make_engine, transaction
from app.rights import Role
from app.security import CSRF_HEADER, cookie_name, csrf_token
from app.settings import Settings

PASSWORD = "correct horse 电池 staple"  # noqa: S105 - of people who live for a test
TESTER = "tester"
EVERYTHING = ((None, None),)
# Where the servers that run keep their data, by address.
DATABASES: dict[str, str] = {}

_SET_HASH = text("UPDATE account SET password_hash = :hash, password_set_at = now() WHERE id = :id")
_KNOWN = text("SELECT EXISTS (SELECT FROM account WHERE username = :username)")


@cache
def _hash() -> str:
    return hashed(PASSWORD)


def add_person(
    session: Session,
    username: str,
    role: Role,
    scopes: Iterable[tuple[str | None, str | None]] = EVERYTHING,
    officer_code: str | None = None,
) -> int:
    """Somebody who may sign in with PASSWORD; their account's id. `scopes`: (unit code, grid code)."""
    account_id = accounts.create_account(
        session,
        username=username,
        name=f"测试{username}",
        role=role,
        created_by="test",
        must_change=False,
        officer_code=officer_code,
        scopes=scopes,
    )
    session.execute(_SET_HASH, {"id": account_id, "hash": _hash()})
    return account_id


def ensure_tester(database_url: str) -> None:
    """The city's staff member TESTER, who sees everything."""
    engine = make_engine(database_url, pool_size=1)
    with transaction(engine) as session:
        if not session.execute(_KNOWN, {"username": TESTER}).scalar_one():
            add_person(session, TESTER, Role.CITY)
    engine.dispose()


def session_token(database_url: str, username: str) -> str:
    """The token of a new session of somebody, as if they had just signed in."""
    engine = make_engine(database_url, pool_size=1)
    with transaction(engine) as session:
        token = _opened(session, Settings(database_url=database_url), username)
    engine.dispose()
    return token


def let_in(client: TestClient, username: str) -> None:
    """Give a client at an application in this process the session of a person, with the page's token for writes."""
    application = client.app
    assert isinstance(application, FastAPI)
    settings: Settings = application.state.settings
    with transaction(application.state.engine) as session:
        token = _opened(session, settings, username)
    client.cookies.set(cookie_name(settings), token, domain="127.0.0.1")
    client.headers[CSRF_HEADER] = csrf_token(token)


def _opened(session: Session, settings: Settings, username: str) -> str:
    row = queries.by_name(session, username, settings.today())
    assert row is not None, f"nobody is called {username}"
    came = sessions.Came("127.0.0.1", "test", None)
    return sessions.open_session(session, settings, row.id, Role(row.role), "password", came)


def sign_in(context: BrowserContext, base_url: str, username: str = TESTER, password: str = PASSWORD) -> None:
    """Give a browser the session of a person, who must have that password."""
    if password == PASSWORD and base_url in DATABASES:
        token = session_token(DATABASES[base_url], username)
        context.add_cookies([{"name": cookie_name(Settings()), "value": token, "url": base_url, "httpOnly": True}])
        return
    answer = context.request.post(f"{base_url}/api/session", data={"username": username, "password": password})
    assert answer.ok, answer.text()
