"""What was imported by whom, with the report."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

_ADD_BATCH = text(
    """INSERT INTO import_batch (id, subject, file_name, file_digest, datum, mapping, report, actor)
    VALUES (:id, :subject, :file_name, :file_digest, :datum, CAST(:mapping AS jsonb), CAST(:report AS jsonb), :actor)"""
)
_SET_REPORT = text("UPDATE import_batch SET report = CAST(:report AS jsonb) WHERE id = :id")
_BATCH_REPORT = text("SELECT report, actor FROM import_batch WHERE id = :id")


def add(session: Session, values: dict[str, Any]) -> None:
    """Keep what was imported by whom; `values` by column name, JSON as text."""
    session.execute(_ADD_BATCH, values)


def set_report(session: Session, batch: UUID, report: str) -> None:
    """Complete a batch's report, JSON text."""
    session.execute(_SET_REPORT, {"id": batch, "report": report})


def report(session: Session, batch: UUID) -> Row[Any] | None:
    """report (JSON) and actor of a batch; None for an unknown one."""
    return session.execute(_BATCH_REPORT, {"id": batch}).one_or_none()
