"""Decisions about signing in and out, and what other features may ask of accounts."""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts import audit, guessing, passwords, sessions
from app.accounts.confirming import confirm
from app.accounts.heads import Colleague, heads_of, signers_at
from app.accounts.queries import people as people_queries
from app.accounts.queries import sessions as queries
from app.accounts.schemas.session import OpenSession, Person, ScopeGrid, ScopeUnit, SessionState
from app.accounts.sessions import Came
from app.actor import Actor
from app.errors import ConflictError, DomainError, InvalidInputError, NotFoundError, UnauthenticatedError
from app.rights import ROLE_NAMES, Right, Role
from app.security import csrf_token
from app.settings import Settings
from app.territory import service as territory

__all__ = [
    "Colleague",
    "SignedIn",
    "change_password",
    "come_in",
    "confirm",
    "create_account",
    "end_session",
    "heads_of",
    "open_sessions",
    "own_account",
    "sign_in",
    "sign_out",
    "sign_out_everywhere",
    "signers_at",
    "state",
]
WRONG = "用户名或密码不正确。忘记密码请联系系统管理员重置。"
_ROUTE = "/api/session"


class SignedIn(NamedTuple):
    """Somebody came in: their session's token for the cookie, and who they are."""

    token: str
    actor: Actor


def sign_in(session: Session, settings: Settings, username: str, password: str, came: Came) -> SignedIn | DomainError:
    """Open a session; or the refusal, returned and not raised, so that the attempt stays counted."""
    name, now = _plain(username), settings.now()
    row = queries.by_name(session, name, settings.today())
    account_id = None if row is None else row.id
    late = guessing.refusal(session, settings.sign_in, name, came.address, now)
    if late is not None:
        audit.note_stranger(session, came.address, "sign_in_refused", f"POST {_ROUTE}", name, account_id)
        return late
    is_right = passwords.is_right(None if row is None else row.password_hash, password)
    is_open = row is not None and row.disabled_at is None and is_right and sessions.may_exist(settings, row)
    guessing.note(session, name, came.address, is_open, now)
    if row is None or not is_open:
        audit.note_stranger(session, came.address, "sign_in_failed", f"POST {_ROUTE}", name, account_id)
        return UnauthenticatedError(WRONG)
    if passwords.is_outdated(row.password_hash):
        fresh = passwords.hashed(password)
        people_queries.set_password(session, row.id, fresh, row.password_set_at, row.must_change_password)
    token = sessions.open_session(session, settings, row.id, Role(row.role), "password", came)
    return come_in(session, settings, token, came.address, f"POST {_ROUTE}")


def come_in(session: Session, settings: Settings, token: str, address: str, route: str) -> SignedIn:
    """The person of a session just opened, noted in the audit."""
    actor = sessions.by_session(session, settings, token, address)
    assert actor is not None, "a session just opened is open"  # noqa: S101
    audit.note(session, actor, "sign_in", route)
    return SignedIn(token, actor)


def sign_out(session: Session, settings: Settings, actor: Actor) -> None:
    """End the actor's own session."""
    if actor.session_id is not None and actor.account_id is not None:
        queries.end_session(session, actor.account_id, actor.session_id, settings.now(), "sign_out")


def change_password(
    session: Session, settings: Settings, actor: Actor, old: str, new: str, came: Came
) -> SignedIn | DomainError:
    """Another password of one's own: every other session ends and this one gets another token.

    A wrong old password is returned as the refusal and not raised, so that the attempt stays counted. Raises
    InvalidInputError for a new one that is too easy.
    """
    account_id, name, now = own_account(actor), actor.username or "", settings.now()
    row = queries.by_name(session, name, settings.today())
    if row is None or row.password_hash is None:
        raise InvalidInputError("本账号通过统一身份认证登录，没有本系统密码。请在统一身份认证平台修改。")
    late = guessing.refusal(session, settings.sign_in, name, came.address, now)
    if late is not None:
        return late
    is_right = passwords.is_right(row.password_hash, old)
    if not is_right:
        guessing.note(session, name, came.address, False, now)
        actor.facts["refused"] = "wrong_password"
        return InvalidInputError("原密码不正确，密码未修改。请重新输入。", reason="wrong_password")
    passwords.check(new, name, settings.sign_in.password_length)
    if new == old:
        raise InvalidInputError("新密码与原密码相同。请换一个。", reason="weak_password")
    people_queries.set_password(session, account_id, passwords.hashed(new), now, must_change=False)
    queries.end_all(session, account_id, now, "password_changed")
    token = sessions.open_session(session, settings, account_id, Role(row.role), "password", came)
    changed = sessions.by_session(session, settings, token, came.address)
    assert changed is not None, "a session just opened is open"  # noqa: S101
    return SignedIn(token, changed)


def open_sessions(session: Session, settings: Settings, actor: Actor) -> list[OpenSession]:
    """Where the actor is signed in, the session used last first."""
    rows = queries.open_ones(session, own_account(actor), settings.now())
    return [OpenSession(**row._mapping, is_current=row.id == actor.session_id) for row in rows]


def sign_out_everywhere(session: Session, settings: Settings, actor: Actor) -> None:
    """End all sessions of the actor, this one included."""
    actor.facts["ended"] = queries.end_all(session, own_account(actor), settings.now(), "sign_out_everywhere")


def end_session(session: Session, settings: Settings, actor: Actor, session_id: UUID) -> None:
    """End one of the actor's own sessions. Raises NotFoundError."""
    ended = queries.end_session(session, own_account(actor), session_id, settings.now(), "sign_out_elsewhere")
    if not ended:
        raise NotFoundError("没有这个登录，或已经退出。请刷新页面。")


def own_account(actor: Actor) -> int:
    """The account of a person. Raises InvalidInputError for the operator, who has none."""
    if actor.account_id is None:
        raise InvalidInputError("操作员令牌不属于任何账号，没有个人数据。请用账号登录。")
    return actor.account_id


def state(session: Session, settings: Settings, actor: Actor | None, token: str | None) -> SessionState:
    """Who is signed in, and what their page needs to know."""
    oidc = settings.sign_in.oidc_name if settings.sign_in.oidc_issuer else None
    person, csrf = None, None
    if actor is not None and actor.via == "session" and token is not None:
        person, csrf = _person(session, settings, actor), csrf_token(token)
    length = settings.sign_in.password_length
    return SessionState(person=person, csrf_token=csrf, oidc_name=oidc, password_length=length)


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
    oidc_subject: str | None = None,
) -> int:
    """A new account; its id. `scopes`: (unit code, grid code), both None for everything. Raises ConflictError."""
    values = {
        "username": _plain(username),
        "name": name,
        "role": role.value,
        "officer_code": officer_code,
        "phone": phone,
        "password_hash": None if password is None else passwords.hashed(password),
        "must_change": must_change and password is not None,
        "is_demo": is_demo,
        "created_by": created_by,
        "oidc_subject": oidc_subject,
    }
    account_id = people_queries.add(session, values)
    if account_id is None:
        taken = people_queries.taken_by(session, 0, _plain(username), officer_code, oidc_subject)
        raise ConflictError(
            f"账号 {taken} 已使用这个用户名、网格员编码或统一认证标识。请核对，或另取用户名。", username=taken
        )
    people_queries.add_scopes(session, account_id, scopes)
    return account_id


def _plain(username: str) -> str:
    return username.strip().lower().replace("\0", "")


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
