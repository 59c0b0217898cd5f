"""SQL of evidence."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

_ADD = text(
    """INSERT INTO evidence (id, kind, officer_code, started_at, ended_at, unit_paths, review, sent_by, sent_by_account)
    VALUES (:id, :kind, :officer_code, :started_at, :ended_at, CAST(:unit_paths AS ltree[]), :review, :sent_by,
        :sent_by_account)
    ON CONFLICT DO NOTHING RETURNING id"""
)
_SET_REVIEW = text("UPDATE evidence SET review = :review WHERE id = :id AND review <> :review")
_UNIT_PATHS = text("SELECT unit_paths::text[] AS unit_paths FROM evidence WHERE id = :id")


def add(session: Session, values: dict[str, Any]) -> bool:
    """Store what a record has in common with others; False when the id is taken. Waits for one being stored."""
    return session.execute(_ADD, values).first() is not None


def set_review(session: Session, evidence_id: UUID, review: str) -> None:
    """Set the state of review."""
    session.execute(_SET_REVIEW, {"id": evidence_id, "review": review})


def unit_paths(session: Session, evidence_id: UUID) -> Sequence[str] | None:
    """The units a record belongs to; None when there is no such record."""
    row = session.execute(_UNIT_PATHS, {"id": evidence_id}).first()
    return None if row is None else row.unit_paths
