"""SQL of delegations."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

_SELECT = """SELECT d.id, d.unit_code, u.path::text AS unit_path, d.from_account, f.name AS from_name, d.to_account,
    t.name AS to_name, t.username AS to_username, d.first_day, d.last_day, d.reason, d.ended_at, e.at, e.entry_digest
    FROM delegation d JOIN unit u ON u.code = d.unit_code JOIN chain_entry e ON e.id = d.id
    JOIN account f ON f.id = d.from_account JOIN account t ON t.id = d.to_account"""
_HOLDING = text(
    f"""{_SELECT} WHERE d.unit_code = :code AND d.to_account = :account AND d.ended_at IS NULL
    AND :on BETWEEN d.first_day AND d.last_day ORDER BY e.seq"""
)
_OF_UNIT = text(f"{_SELECT} WHERE d.unit_code = :code ORDER BY e.seq DESC LIMIT :limit")
_ONE = text(f"{_SELECT} WHERE d.id = :id FOR UPDATE OF d")
_ADD = text(
    """INSERT INTO delegation (id, unit_code, from_account, to_account, first_day, last_day, reason)
    VALUES (:id, :unit_code, :from_account, :to_account, :first_day, :last_day, :reason)"""
)
_END = text("UPDATE delegation SET ended_at = :at WHERE id = :id")


def holding(session: Session, code: str, account: int, on: date) -> Sequence[Row[Any]]:
    """What lets an account sign for a unit on a local day, oldest first."""
    return session.execute(_HOLDING, {"code": code, "account": account, "on": on}).all()


def of_unit(session: Session, code: str, limit: int) -> Sequence[Row[Any]]:
    """Delegations of a unit, newest first."""
    return session.execute(_OF_UNIT, {"code": code, "limit": limit}).all()


def one(session: Session, delegation_id: UUID) -> Row[Any] | None:
    """A delegation, held until the transaction ends."""
    return session.execute(_ONE, {"id": delegation_id}).one_or_none()


def add(session: Session, values: Mapping[str, Any]) -> None:
    """Store a delegation."""
    session.execute(_ADD, dict(values))


def end(session: Session, delegation_id: UUID, at: datetime) -> None:
    """Say that it ended."""
    session.execute(_END, {"id": delegation_id, "at": at})
