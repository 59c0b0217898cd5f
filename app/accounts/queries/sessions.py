"""SQL of sessions and of whom they belong to."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

_SCOPE_COLUMNS = """
    EXISTS (SELECT FROM account_scope c
            WHERE c.account_id = a.id AND c.unit_code IS NULL AND c.grid_code IS NULL) AS is_everything,
    ARRAY(SELECT u.path::text FROM account_scope c JOIN unit u ON u.code = c.unit_code
          WHERE c.account_id = a.id ORDER BY u.path) AS unit_paths,
    ARRAY(SELECT c.grid_code FROM account_scope c WHERE c.account_id = a.id AND c.grid_code IS NOT NULL
          UNION SELECT o.grid_code FROM grid_officer o
          WHERE a.role = 'officer' AND o.officer_code = a.officer_code
            AND o.valid_from <= :today AND (o.valid_to IS NULL OR o.valid_to > :today)) AS grid_codes
"""
_ACCOUNT_COLUMNS = (
    "a.id, a.username, a.name, a.role, a.officer_code, a.must_change_password, a.password_set_at, a.disabled_at, "
    "a.oidc_subject, a.is_demo,"
)
_BY_SESSION = text(
    f"""SELECT {_ACCOUNT_COLUMNS} s.id AS session_id, s.method, s.created_at AS signed_in_at, s.last_seen_at,
        {_SCOPE_COLUMNS}
    FROM login_session s JOIN account a ON a.id = s.account_id
    WHERE s.token_digest = :digest AND s.ended_at IS NULL AND s.expires_at > :now AND a.disabled_at IS NULL"""  # noqa: S608 - constants
)
_BY_TOKEN = text(
    f"""SELECT {_ACCOUNT_COLUMNS} t.id AS token_id, t.rights, t.last_used_at, {_SCOPE_COLUMNS},
        t.unit_codes IS NOT NULL AS is_narrowed,
        ARRAY(SELECT u.path::text FROM unit u WHERE u.code = ANY(t.unit_codes)) AS token_paths
    FROM api_token t JOIN account a ON a.id = t.account_id
    WHERE t.token_digest = :digest AND t.revoked_at IS NULL AND t.expires_at > :now AND a.disabled_at IS NULL"""  # noqa: S608 - constants
)
_BY_NAME = text(f"SELECT {_ACCOUNT_COLUMNS} a.password_hash, {_SCOPE_COLUMNS} FROM account a WHERE a.username = :name")  # noqa: S608
_BY_SUBJECT = text(
    f"SELECT {_ACCOUNT_COLUMNS} a.password_hash, {_SCOPE_COLUMNS} FROM account a WHERE a.oidc_subject = :name"  # noqa: S608
)
_OPEN = text(
    """INSERT INTO login_session
        (account_id, token_digest, method, created_at, last_seen_at, expires_at, address, user_agent)
    VALUES (:account_id, :digest, :method, :now, :now, :expires_at, :address, :user_agent)"""
)
_TOUCH = text("UPDATE login_session SET last_seen_at = :now, expires_at = :expires_at WHERE id = :id")
_END = text(
    """UPDATE login_session SET ended_at = :now, ended_why = :why
    WHERE id = :id AND account_id = :account_id AND ended_at IS NULL RETURNING id"""
)
_END_BY_DIGEST = text(
    "UPDATE login_session SET ended_at = :now, ended_why = :why WHERE token_digest = :digest AND ended_at IS NULL"
)
_END_ALL = text(
    """UPDATE login_session SET ended_at = :now, ended_why = :why
    WHERE account_id = :account_id AND ended_at IS NULL AND expires_at > :now RETURNING id"""
)
_OPEN_ONES = text(
    """SELECT id, method, created_at, last_seen_at, expires_at, address, user_agent FROM login_session
    WHERE account_id = :account_id AND ended_at IS NULL AND expires_at > :now ORDER BY last_seen_at DESC"""
)
_TOUCH_TOKEN = text("UPDATE api_token SET last_used_at = :now WHERE id = :id")


def by_session(session: Session, digest: bytes, now: datetime, today: date) -> Row[Any] | None:
    """The account of an open session, with its scope; None when there is none."""
    return session.execute(_BY_SESSION, {"digest": digest, "now": now, "today": today}).first()


def by_token(session: Session, digest: bytes, now: datetime, today: date) -> Row[Any] | None:
    """The account of a valid token, with its scope and what the token narrows it to; None when there is none."""
    return session.execute(_BY_TOKEN, {"digest": digest, "now": now, "today": today}).first()


def by_name(session: Session, username: str, today: date) -> Row[Any] | None:
    """An account with its password hash and scope; None when there is none."""
    return session.execute(_BY_NAME, {"name": username, "today": today}).first()


def by_subject(session: Session, subject: str, today: date) -> Row[Any] | None:
    """The account that the single sign-on calls so; None when there is none."""
    return session.execute(_BY_SUBJECT, {"name": subject, "today": today}).first()


def open_session(
    session: Session,
    account_id: int,
    digest: bytes,
    method: str,
    now: datetime,
    expires_at: datetime,
    address: str,
    user_agent: str | None,
) -> None:
    """Store a new session by its token's digest."""
    values = {
        "account_id": account_id,
        "digest": digest,
        "method": method,
        "now": now,
        "expires_at": expires_at,
        "address": address,
        "user_agent": user_agent,
    }
    session.execute(_OPEN, values)


def touch_session(session: Session, session_id: UUID, now: datetime, expires_at: datetime) -> None:
    """Note that a session was used."""
    session.execute(_TOUCH, {"id": session_id, "now": now, "expires_at": expires_at})


def touch_token(session: Session, token_id: UUID, now: datetime) -> None:
    """Note that a token was used."""
    session.execute(_TOUCH_TOKEN, {"id": token_id, "now": now})


def end_session(session: Session, account_id: int, session_id: UUID, now: datetime, why: str) -> bool:
    """End a session of an account; False when it has no such open one."""
    values = {"id": session_id, "account_id": account_id, "now": now, "why": why}
    return session.execute(_END, values).first() is not None


def end_by_digest(session: Session, digest: bytes, now: datetime, why: str) -> None:
    """End the session of a token, if there is one."""
    session.execute(_END_BY_DIGEST, {"digest": digest, "now": now, "why": why})


def end_all(session: Session, account_id: int, now: datetime, why: str) -> int:
    """End every open session of an account; how many there were."""
    return len(session.execute(_END_ALL, {"account_id": account_id, "now": now, "why": why}).all())


def open_ones(session: Session, account_id: int, now: datetime) -> Sequence[Row[Any]]:
    """The open sessions of an account, the one used last first."""
    return session.execute(_OPEN_ONES, {"account_id": account_id, "now": now}).all()
