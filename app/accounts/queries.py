"""SQL of accounts, their scopes, sessions and tokens."""

from collections.abc import Iterable
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
    "a.id, a.username, a.name, a.role, a.officer_code, a.must_change_password, a.password_set_at, a.disabled_at,"
)
_BY_SESSION = text(
    f"""SELECT {_ACCOUNT_COLUMNS} s.id AS session_id, s.created_at AS signed_in_at, s.last_seen_at, {_SCOPE_COLUMNS}
    FROM login_session s JOIN account a ON a.id = s.account_id
    WHERE s.token_digest = :digest AND s.ended_at IS NULL AND s.expires_at > :now AND a.disabled_at IS NULL"""  # noqa: S608 - constants
)
_BY_TOKEN = text(
    f"""SELECT {_ACCOUNT_COLUMNS} t.id AS token_id, t.rights, t.name AS token_name, {_SCOPE_COLUMNS},
        t.unit_codes IS NOT NULL AS is_narrowed,
        ARRAY(SELECT u.path::text FROM unit u WHERE u.code = ANY(t.unit_codes)) AS token_paths
    FROM api_token t JOIN account a ON a.id = t.account_id
    WHERE t.token_digest = :digest AND t.revoked_at IS NULL AND t.expires_at > :now AND a.disabled_at IS NULL"""  # noqa: S608 - constants
)
_FOR_SIGN_IN = text(
    f"SELECT {_ACCOUNT_COLUMNS} a.password_hash, {_SCOPE_COLUMNS} FROM account a WHERE a.username = :username"  # noqa: S608
)
_OPEN_SESSION = text(
    """INSERT INTO login_session (account_id, token_digest, created_at, last_seen_at, expires_at, address, user_agent)
    VALUES (:account_id, :digest, :now, :now, :expires_at, :address, :user_agent) RETURNING id"""
)
_TOUCH_SESSION = text("UPDATE login_session SET last_seen_at = :now, expires_at = :expires_at WHERE id = :id")
_END_SESSION = text("UPDATE login_session SET ended_at = :now, ended_why = :why WHERE id = :id AND ended_at IS NULL")
_ADD_ACCOUNT = text(
    """INSERT INTO account (username, name, role, officer_code, phone, password_hash, password_set_at,
        must_change_password, is_demo, created_by)
    VALUES (:username, :name, :role, :officer_code, :phone, :password_hash,
        CASE WHEN CAST(:password_hash AS text) IS NULL THEN NULL ELSE now() END, :must_change, :is_demo, :created_by)
    ON CONFLICT (username) DO NOTHING RETURNING id"""
)
_ADD_SCOPE = text(
    "INSERT INTO account_scope (account_id, unit_code, grid_code) VALUES (:account_id, :unit_code, :grid_code)"
)
_NOTE_ATTEMPT = text(
    "INSERT INTO login_attempt (at, username, address, succeeded) VALUES (:now, :username, :address, :succeeded)"
)


def by_session(session: Session, digest: bytes, now: datetime, today: date) -> Row[Any] | None:
    """The account of an open session, with its scope; None when there is none."""
    return session.execute(_BY_SESSION, {"digest": digest, "now": now, "today": today}).first()


def by_token(session: Session, digest: bytes, now: datetime, today: date) -> Row[Any] | None:
    """The account of a valid token, with its scope and what the token narrows it to; None when there is none."""
    return session.execute(_BY_TOKEN, {"digest": digest, "now": now, "today": today}).first()


def for_sign_in(session: Session, username: str, today: date) -> Row[Any] | None:
    """An account with its password hash and scope; None when there is none."""
    return session.execute(_FOR_SIGN_IN, {"username": username, "today": today}).first()


def open_session(
    session: Session,
    account_id: int,
    digest: bytes,
    now: datetime,
    expires_at: datetime,
    address: str,
    user_agent: str | None,
) -> UUID:
    """Store a new session by its token's digest; its id."""
    values = {
        "account_id": account_id,
        "digest": digest,
        "now": now,
        "expires_at": expires_at,
        "address": address,
        "user_agent": user_agent,
    }
    found: UUID = session.execute(_OPEN_SESSION, values).scalar_one()
    return found


def touch_session(session: Session, session_id: UUID, now: datetime, expires_at: datetime) -> None:
    """Note that a session was used."""
    session.execute(_TOUCH_SESSION, {"id": session_id, "now": now, "expires_at": expires_at})


def end_session(session: Session, session_id: UUID, now: datetime, why: str) -> None:
    """End a session; a second time changes nothing."""
    session.execute(_END_SESSION, {"id": session_id, "now": now, "why": why})


def add_account(session: Session, values: dict[str, Any]) -> int | None:
    """Store an account; its id, None when the name is taken."""
    return session.execute(_ADD_ACCOUNT, values).scalar_one_or_none()


def add_scopes(session: Session, account_id: int, scopes: Iterable[tuple[str | None, str | None]]) -> None:
    """Give an account units and grids: (unit code, grid code), both None for everything."""
    rows = [{"account_id": account_id, "unit_code": unit, "grid_code": grid} for unit, grid in scopes]
    if rows:
        session.execute(_ADD_SCOPE, rows)


def note_attempt(session: Session, now: datetime, username: str, address: str, succeeded: bool) -> None:
    """Remember that somebody tried to sign in."""
    session.execute(_NOTE_ATTEMPT, {"now": now, "username": username[:100], "address": address, "succeeded": succeeded})
