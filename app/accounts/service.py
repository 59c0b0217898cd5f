"""Decisions about accounts."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.accounts import queries, sessions
from app.accounts.passwords import hashed, is_right
from app.accounts.schemas import Person, ScopeGrid, ScopeUnit, SessionState
from app.actor import Actor
from app.errors import ConflictError, DomainError, UnauthenticatedError
from app.rights import ROLE_NAMES, Right, Role
from app.security import csrf_token
from app.settings import Settings
from app.territory import service as territory

WRONG = "用户名或密码不正确。忘记密码请联系系统管理员重置。"


class SignedIn(NamedTuple):
    """Somebody came in: their session's token for the cookie, and who they are."""

    token: str
    actor: Actor


def sign_in(
    session: Session, settings: Settings, username: str, password: str, address: str, user_agent: str | None
) -> SignedIn | DomainError:
    """Open a session; or the refusal, returned and not raised, so that the attempt stays counted."""
    row = queries.for_sign_in(session, username.lower(), settings.today())
    right = is_right(None if row is None else row.password_hash, password)
    is_open = row is not None and row.disabled_at is None and right
    queries.note_attempt(session, settings.now(), username.lower(), address, is_open)
    if row is None or not is_open:
        return UnauthenticatedError(WRONG)
    token = sessions.open_session(session, settings, row, address, user_agent)
    actor = sessions.by_session(session, settings, token, address)
    assert actor is not None, "a session just opened is open"  # noqa: S101
    return SignedIn(token, actor)


def sign_out(session: Session, settings: Settings, actor: Actor) -> None:
    """End the actor's own session."""
    if actor.session_id is not None:
        queries.end_session(session, actor.session_id, settings.now(), "sign_out")


def state(session: Session, settings: Settings, actor: Actor | None, token: str | None) -> SessionState:
    """Who is signed in, and what their page needs to know."""
    oidc = settings.sign_in.oidc_name if settings.sign_in.oidc_issuer else None
    if actor is None or actor.role is None or token is None:
        return SessionState(person=None, csrf_token=None, oidc_name=oidc)
    return SessionState(person=_person(session, settings, actor), csrf_token=csrf_token(token), oidc_name=oidc)


def create_account(
    session: Session,
    *,
    username: str,
    name: str,
    role: Role,
    created_by: str,
    password: str | None = None,
    must_change: bool = True,
    officer_code: str | None = None,
    phone: str | None = None,
    scopes: Iterable[tuple[str | None, str | None]] = (),
    is_demo: bool = False,
) -> int:
    """A new account; its id. `scopes`: (unit code, grid code), both None for everything. Raises ConflictError."""
    values = {
        "username": username.lower(),
        "name": name,
        "role": role.value,
        "officer_code": officer_code,
        "phone": phone,
        "password_hash": None if password is None else hashed(password),
        "must_change": must_change,
        "is_demo": is_demo,
        "created_by": created_by,
    }
    account_id = queries.add_account(session, values)
    if account_id is None:
        raise ConflictError(f"用户名 {username} 已有人使用，请另取一个。", username=username)
    queries.add_scopes(session, account_id, scopes)
    return account_id


def _person(session: Session, settings: Settings, actor: Actor) -> Person:
    role = actor.role or Role.ADMINISTRATOR
    units = territory.units_by_paths(session, actor.scope.unit_paths)
    grids = territory.grid_names(session, sorted(actor.scope.grid_codes), settings.today())
    return Person(
        name=actor.name,
        username=actor.username or "",
        role=role,
        role_name=ROLE_NAMES[role],
        officer_code=actor.officer_code,
        rights=sorted(actor.rights),
        is_everything=actor.scope.is_everything,
        units=[ScopeUnit(code=unit.code, name=unit.name, level=unit.level) for unit in units],
        grids=[ScopeGrid(code=code, name=name) for code, name in grids.items()],
        must_change_password=actor.must_change_password,
        home=_home(actor),
    )


def _home(actor: Actor) -> str:
    if actor.role is Role.OFFICER:
        return "/field"
    return "/admin" if not actor.may(Right.READ_TRACKS) else "/"
