"""SQL of answers: versions of what was found at an item."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

_INSERT = text(
    """INSERT INTO supervision_answer (id, item_id, version, answers, is_final, found_omission, words, position,
        content_digest, by_account, by_name)
    VALUES (:id, :item_id, :version, CAST(:answers AS jsonb), :is_final, :found_omission, :words,
        ST_SetSRID(ST_MakePoint(CAST(:lon AS float8), CAST(:lat AS float8)), 4326), :content_digest, :by_account,
        :by_name)"""
)
_STORED = text("SELECT item_id, content_digest FROM supervision_answer WHERE id = :id")
_VERSIONS = text(
    """SELECT version, is_final, found_omission, words, by_name, at, answers, ST_X(position) AS lon,
        ST_Y(position) AS lat
    FROM supervision_answer WHERE item_id = :item_id ORDER BY version DESC"""
)


def insert(session: Session, values: dict[str, Any]) -> None:
    """Store a version; `answers` are plain values."""
    session.execute(_INSERT, {**values, "answers": json.dumps(values["answers"], ensure_ascii=False)})


def stored(session: Session, answer_id: UUID) -> Row[Any] | None:
    """item_id, content_digest of an answer; None for a new one."""
    return session.execute(_STORED, {"id": answer_id}).first()


def versions(session: Session, item_id: UUID) -> Sequence[Row[Any]]:
    """What was answered at an item, newest first."""
    return session.execute(_VERSIONS, {"item_id": item_id}).all()
