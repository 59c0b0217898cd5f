"""SQL of who reported. Nothing of it may reach a log: failures are told without their values."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

_INSERT = text(
    """INSERT INTO lead_reporter (lead_id, is_anonymous, name, phone, words)
    VALUES (:lead_id, :is_anonymous, :name, :phone, :words)"""
)
_ONE = text("SELECT is_anonymous, name, phone, words FROM lead_reporter WHERE lead_id = :id")


def insert(session: Session, values: Mapping[str, Any]) -> None:
    """Keep who reported a lead. Raises RuntimeError, which names no value, when the database refuses."""
    try:
        session.execute(_INSERT, values)
    except DBAPIError as error:
        kind = type(error).__name__
        raise RuntimeError(f"the reporter of lead {values['lead_id']} was not stored: {kind}") from None


def one(session: Session, lead_id: UUID) -> Row[Any] | None:
    """Who reported a lead; None when nobody wrote it down."""
    return session.execute(_ONE, {"id": lead_id}).first()
