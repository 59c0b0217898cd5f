"""Who a request is from: sessions of browsers, tokens of machines, the operator."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple
from uuid import UUID

from sqlalchemy import Engine, Row
from sqlalchemy.orm import Session

from app.accounts.queries import sessions as queries
from app.actor import Actor, Via, operator
from app.db import transaction
from app.rights import RIGHTS, Right, Role
from app.scope import Scope
from app.security import Authenticate, Credentials, check_operator
from app.settings import Settings, SignIn

TOKEN_PREFIX = "wyl_"  # noqa: S105 - tells tokens from other secrets where they leak
_TOUCH_AFTER = timedelta(minutes=1)
_LONGEST_USER_AGENT = 300

Method = Literal["password", "oidc"]


class Came(NamedTuple):
    """What is known of a browser that signs in; `session_token`: of a session that it still has."""

    address: str
    user_agent: str | None
    session_token: str | None


def authenticator(engine: Engine, settings: Settings) -> Authenticate:
    """What the door asks: the actor of a request's credentials, None when they prove nobody."""
    expected = "" if settings.operator_token is None else settings.operator_token.get_secret_value().strip()

    def authenticate(given: Credentials) -> Actor | None:
        if given.bearer is not None and check_operator(expected, given.bearer):
            return operator(given.address)
        if given.bearer is None and given.session_token is None:
            return None
        with transaction(engine) as session:
            if given.bearer is not None:
                return by_token(session, settings, given.bearer, given.address)
            return by_session(session, settings, given.session_token or "", given.address)

    return authenticate


def digest_of(token: str) -> bytes:
    """What of a token is stored."""
    return hashlib.sha256(token.encode(errors="replace")).digest()


def by_session(session: Session, settings: Settings, token: str, address: str) -> Actor | None:
    """The person of a session; None when it ended, expired or never was. Notes its use once a minute."""
    now = settings.now()
    row = queries.by_session(session, digest_of(token), now, settings.today())
    if row is None or not may_exist(settings, row):
        return None
    if now - row.last_seen_at > _TOUCH_AFTER:
        until = expiry(settings.sign_in, Role(row.role), row.signed_in_at, now)
        queries.touch_session(session, row.session_id, now, until)
    return actor_of(settings, row, "session", address, session_id=row.session_id)


def by_token(session: Session, settings: Settings, token: str, address: str) -> Actor | None:
    """The owner of an API token, narrowed to what the token may; None when it is not valid."""
    if not token.startswith(TOKEN_PREFIX):
        return None
    row = queries.by_token(session, digest_of(token), settings.now(), settings.today())
    if row is None or not may_exist(settings, row):
        return None
    now = settings.now()
    if row.last_used_at is None or now - row.last_used_at > _TOUCH_AFTER:
        queries.touch_token(session, row.token_id, now)
    return actor_of(settings, row, "token", address, token_id=row.token_id)


def open_session(session: Session, settings: Settings, account_id: int, role: Role, method: Method, came: Came) -> str:
    """A new session of an account; its token, which only the browser keeps. The one it had before ends."""
    now = settings.now()
    if came.session_token is not None:
        queries.end_by_digest(session, digest_of(came.session_token), now, "replaced")
    token = secrets.token_urlsafe(32)
    until = expiry(settings.sign_in, role, now, now)
    user_agent = (came.user_agent or "").replace("\0", "")[:_LONGEST_USER_AGENT] or None
    queries.open_session(session, account_id, digest_of(token), method, now, until, came.address, user_agent)
    return token


def expiry(rules: SignIn, role: Role, signed_in_at: datetime, now: datetime) -> datetime:
    """When a session used now ends by itself."""
    is_officer = role is Role.OFFICER
    idle = timedelta(days=rules.officer_idle_days) if is_officer else timedelta(hours=rules.idle_hours)
    longest = timedelta(days=rules.officer_longest_days if is_officer else rules.longest_days)
    return min(now + idle, signed_in_at + longest)


def actor_of(
    settings: Settings,
    row: Row[Any],
    via: Via,
    address: str,
    session_id: UUID | None = None,
    token_id: UUID | None = None,
) -> Actor:
    """The actor of an account's row with its scope."""
    role = Role(row.role)
    rights = RIGHTS[role]
    scope = Scope(tuple(row.unit_paths), frozenset(row.grid_codes), row.is_everything)
    if via == "token":
        rights = rights & {Right(name) for name in row.rights}
        scope = _narrowed(scope, row.token_paths) if row.is_narrowed else scope
    return Actor(
        name=row.name,
        role=role,
        rights=rights,
        scope=scope,
        via=via,
        address=address,
        account_id=row.id,
        username=row.username,
        officer_code=row.officer_code,
        session_id=session_id,
        token_id=token_id,
        must_change_password=via == "session" and row.method == "password" and must_change(settings, row),
    )


def may_exist(settings: Settings, row: Row[Any]) -> bool:
    """Whether the account is anybody's here: those of the demo, whose password is printed, are so only in the demo."""
    return settings.demo or not row.is_demo


def must_change(settings: Settings, row: Row[Any]) -> bool:
    """Whether the password was given by somebody else, or is too old."""
    days = settings.sign_in.password_days
    is_old = days > 0 and row.password_set_at is not None and settings.now() - row.password_set_at > timedelta(days)
    return bool(row.must_change_password) or is_old


def _narrowed(scope: Scope, paths: Sequence[str]) -> Scope:
    # Its owner may have lost a unit since.
    return Scope(tuple(path for path in paths if scope.holds_unit(path)))
