"""What was imported by whom, with the report."""

from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

_ADD_BATCH = text(
    """INSERT INTO import_batch (id, subject, file_name, file_digest, datum, mapping, report, actor)
    VALUES (:id, :subject, :file_name, :file_digest, :datum, CAST(:mapping AS jsonb), CAST(:report AS jsonb), :actor)"""
)
_SET_REPORT = text("UPDATE import_batch SET report = CAST(:report AS jsonb) WHERE id = :id")
_BATCH_REPORT = text("SELECT report FROM import_batch WHERE id = :id")


def add(session: Session, values: dict[str, Any]) -> None:
    """Keep what was imported by whom; `values` by column name, JSON as text."""
    session.execute(_ADD_BATCH, values)


def set_report(session: Session, batch: UUID, report: str) -> None:
    """Complete a batch's report, JSON text."""
    session.execute(_SET_REPORT, {"id": batch, "report": report})


def report(session: Session, batch: UUID) -> dict[str, Any] | None:
    """The report of a batch; None for an unknown one."""
    found: dict[str, Any] | None = session.execute(_BATCH_REPORT, {"id": batch}).scalar_one_or_none()
    return found
