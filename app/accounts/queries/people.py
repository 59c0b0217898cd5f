"""SQL of accounts and their scopes, as administrators see and change them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.scope import Scope

ScopeRow = tuple[str | None, str | None]

# Where an account's scope lies. An officer's is where their grids are, or last were.
_PLACES = """
    SELECT c.account_id, u.path FROM account_scope c JOIN unit u ON u.code = c.unit_code
    UNION ALL SELECT c.account_id, u.path FROM account_scope c
        JOIN grid g ON g.code = c.grid_code JOIN unit u ON u.code = g.unit_code
    UNION ALL SELECT o.id, u.path FROM account o JOIN grid_officer d ON d.officer_code = o.officer_code
        JOIN grid g ON g.code = d.grid_code JOIN unit u ON u.code = g.unit_code WHERE o.role = 'officer'
"""
_INSIDE = f"""(CAST(:scope_all AS boolean) OR (
    NOT EXISTS (SELECT FROM account_scope c WHERE c.account_id = a.id AND c.unit_code IS NULL AND c.grid_code IS NULL)
    AND COALESCE((SELECT bool_and(p.path <@ ANY(CAST(:scope_paths AS ltree[]))) FROM ({_PLACES}) p
                  WHERE p.account_id = a.id), false)))"""  # noqa: S608 - constants
_COLUMNS = """a.id, a.username, a.name, a.role, a.officer_code, a.phone, a.must_change_password, a.oidc_subject,
    a.password_hash IS NOT NULL AS has_password, a.is_demo, a.disabled_at, a.created_at, a.created_by,
    EXISTS (SELECT FROM account_scope c
            WHERE c.account_id = a.id AND c.unit_code IS NULL AND c.grid_code IS NULL) AS is_everything,
    ARRAY(SELECT c.unit_code FROM account_scope c WHERE c.account_id = a.id AND c.unit_code IS NOT NULL
          ORDER BY 1) AS unit_codes,
    ARRAY(SELECT c.grid_code FROM account_scope c WHERE c.account_id = a.id AND c.grid_code IS NOT NULL
          ORDER BY 1) AS grid_codes,
    (SELECT max(s.last_seen_at) FROM login_session s WHERE s.account_id = a.id) AS last_seen_at"""
_MATCHES = f"""{_INSIDE}
    AND (:role = '' OR a.role = :role)
    AND (:words = '' OR a.username ILIKE :like OR a.name ILIKE :like OR a.officer_code ILIKE :like)
    AND (:state = '' OR (a.disabled_at IS NULL) = (:state = 'open'))"""
_PAGE = text(f"SELECT {_COLUMNS} FROM account a WHERE {_MATCHES} ORDER BY a.username LIMIT :limit OFFSET :skip")  # noqa: S608
_COUNT = text(f"SELECT count(*) FROM account a WHERE {_MATCHES}")  # noqa: S608
_ONE = text(f"SELECT {_COLUMNS}, {_INSIDE} AS is_inside FROM account a WHERE a.id = :id FOR UPDATE")  # noqa: S608
_BY_NAME = text("SELECT id FROM account WHERE username = :username")
_IDS_INSIDE = text(f"SELECT a.id FROM account a WHERE {_INSIDE}")  # noqa: S608
_ADD = text(
    """INSERT INTO account (username, name, role, officer_code, phone, password_hash, password_set_at,
        must_change_password, is_demo, created_by, oidc_subject)
    VALUES (:username, :name, :role, :officer_code, :phone, :password_hash,
        CASE WHEN CAST(:password_hash AS text) IS NULL THEN NULL ELSE now() END, :must_change, :is_demo, :created_by,
        :oidc_subject)
    ON CONFLICT DO NOTHING RETURNING id"""
)
_CHANGE = text(
    """UPDATE account SET name = :name, role = :role, officer_code = :officer_code, phone = :phone,
        oidc_subject = :oidc_subject, disabled_at = :disabled_at WHERE id = :id"""
)
_TAKEN = text(
    """SELECT username FROM account WHERE id <> :id
    AND (username = :username OR officer_code = :officer_code OR oidc_subject = :oidc_subject) LIMIT 1"""
)
_SET_PASSWORD = text(
    """UPDATE account SET password_hash = :password_hash, password_set_at = :now, must_change_password = :must_change
    WHERE id = :id"""
)
_DROP_SCOPES = text("DELETE FROM account_scope WHERE account_id = :account_id")
_ADD_SCOPE = text(
    "INSERT INTO account_scope (account_id, unit_code, grid_code) VALUES (:account_id, :unit_code, :grid_code)"
)
# Taken in one order by whoever is about to remove one, so that two cannot remove each other.
_ADMINISTRATORS = text(
    """SELECT a.id FROM account a JOIN account_scope c ON c.account_id = a.id
    WHERE a.role = 'administrator' AND a.disabled_at IS NULL AND c.unit_code IS NULL AND c.grid_code IS NULL
    ORDER BY a.id FOR UPDATE OF a"""
)


def page(
    session: Session, scope: Scope, words: str, role: str, state: str, limit: int, skip: int
) -> tuple[int, Sequence[Row[Any]]]:
    """How many accounts match, and some of them by username. Only those that lie in the scope as a whole."""
    safe = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    values = {"words": words, "like": f"%{safe}%", "role": role, "state": state, **scope.params()}
    total = int(session.execute(_COUNT, values).scalar_one())
    return total, session.execute(_PAGE, {**values, "limit": limit, "skip": skip}).all()


def locked(session: Session, account_id: int, scope: Scope) -> Row[Any] | None:
    """An account, locked until the transaction ends, and whether it lies in the scope; None when there is none."""
    return session.execute(_ONE, {"id": account_id, **scope.params()}).first()


def id_of(session: Session, username: str) -> int | None:
    """The id of an account; None when there is none."""
    return session.execute(_BY_NAME, {"username": username}).scalar_one_or_none()


def ids_inside(session: Session, scope: Scope) -> list[int]:
    """The accounts that lie in a scope as a whole."""
    return list(session.execute(_IDS_INSIDE, scope.params()).scalars())


def add(session: Session, values: Mapping[str, Any]) -> int | None:
    """Store an account; its id, None when its username, officer or subject is another's."""
    return session.execute(_ADD, dict(values)).scalar_one_or_none()


def change(session: Session, account_id: int, values: Mapping[str, Any]) -> None:
    """Store what an administrator may change about an account."""
    session.execute(_CHANGE, {"id": account_id, **values})


def taken_by(
    session: Session, account_id: int, username: str, officer_code: str | None, subject: str | None
) -> str | None:
    """The username of another account that has one of these; None when they are free."""
    values = {"id": account_id, "username": username, "officer_code": officer_code, "oidc_subject": subject}
    return session.execute(_TAKEN, values).scalar_one_or_none()


def set_password(session: Session, account_id: int, password_hash: str, now: object, must_change: bool) -> None:
    """Store another password."""
    values = {"id": account_id, "password_hash": password_hash, "now": now, "must_change": must_change}
    session.execute(_SET_PASSWORD, values)


def drop_scopes(session: Session, account_id: int) -> None:
    """Take an account's units and grids away."""
    session.execute(_DROP_SCOPES, {"account_id": account_id})


def add_scopes(session: Session, account_id: int, scopes: Iterable[ScopeRow]) -> None:
    """Give an account units and grids: (unit code, grid code), both None for everything."""
    rows = [{"account_id": account_id, "unit_code": unit, "grid_code": grid} for unit, grid in scopes]
    if rows:
        session.execute(_ADD_SCOPE, rows)


def locked_administrators(session: Session) -> set[int]:
    """Accounts that may administer everything and are not disabled, locked until the transaction ends."""
    return set(session.execute(_ADMINISTRATORS).scalars())
