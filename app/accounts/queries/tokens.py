"""SQL of API tokens."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

_ADD = text(
    """INSERT INTO api_token (account_id, name, token_digest, rights, unit_codes, created_at, expires_at)
    VALUES (:account_id, :name, :digest, :rights, :unit_codes, :now, :expires_at) RETURNING id"""
)
_OF = text(
    """SELECT id, name, rights, unit_codes, created_at, expires_at, last_used_at, revoked_at FROM api_token
    WHERE account_id = :account_id ORDER BY created_at DESC"""
)
_REVOKE = text(
    """UPDATE api_token SET revoked_at = COALESCE(revoked_at, :now) WHERE id = :id AND account_id = :account_id
    RETURNING id"""
)
_REVOKE_ALL = text(
    "UPDATE api_token SET revoked_at = :now WHERE account_id = :account_id AND revoked_at IS NULL AND expires_at > :now"
)


def add(session: Session, values: Mapping[str, Any]) -> UUID:
    """Store a token by its digest; its id."""
    found: UUID = session.execute(_ADD, dict(values)).scalar_one()
    return found


def of(session: Session, account_id: int) -> Sequence[Row[Any]]:
    """The tokens of an account, newest first, those that no longer serve included."""
    return session.execute(_OF, {"account_id": account_id}).all()


def revoke(session: Session, account_id: int, token_id: UUID, now: datetime) -> bool:
    """End a token of an account; False when it has no such one."""
    return session.execute(_REVOKE, {"id": token_id, "account_id": account_id, "now": now}).first() is not None


def revoke_all(session: Session, account_id: int, now: datetime) -> None:
    """End every token of an account."""
    session.execute(_REVOKE_ALL, {"account_id": account_id, "now": now})
