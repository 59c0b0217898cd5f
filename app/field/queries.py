"""SQL of the field: progress of those who record, answers that came, one's own records."""

from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

# A phone that reports more often than it should wakes no viewer; a change of state is told at once.
_PUT_PROGRESS = text(
    """INSERT INTO patrol_progress AS p (patrol_id, officer_code, mode, state, started_at, updated_at, lon, lat,
        accuracy_m, length_m, minutes, unit_paths)
    SELECT :patrol_id, :officer_code, :mode, :state, :started_at, :now, :lon, :lat, :accuracy_m, :length_m, :minutes,
        CAST(:unit_paths AS ltree[])
    WHERE (SELECT count(*) FROM patrol_progress o
           WHERE o.officer_code = :officer_code AND o.patrol_id <> :patrol_id) < :most
    ON CONFLICT (patrol_id) DO UPDATE SET mode = excluded.mode, state = excluded.state,
        started_at = excluded.started_at, updated_at = excluded.updated_at, lon = excluded.lon, lat = excluded.lat,
        accuracy_m = excluded.accuracy_m, length_m = excluded.length_m, minutes = excluded.minutes,
        unit_paths = excluded.unit_paths
    WHERE p.officer_code = excluded.officer_code
      AND (p.state <> excluded.state OR p.updated_at <= excluded.updated_at - make_interval(secs => :least_s))"""
)
_PROGRESS_OFFICER = text("SELECT officer_code FROM patrol_progress WHERE patrol_id = :patrol_id")
_ADD_ANSWER = text(
    """INSERT INTO field_answer (id, evidence_id, content_digest) VALUES (:id, :evidence_id, :digest)
    ON CONFLICT DO NOTHING RETURNING id"""
)
_ANSWER_DIGEST = text("SELECT content_digest FROM field_answer WHERE id = :id")


def put_progress(session: Session, values: dict[str, Any], least_s: float, most: int) -> None:
    """Store where a phone is, unless the patrol is another officer's or was told of less than some seconds ago.

    Beyond `most` patrols of an officer nothing is stored.
    """
    session.execute(_PUT_PROGRESS, {**values, "least_s": least_s, "most": most})


def progress_officer(session: Session, patrol_id: UUID) -> str | None:
    """Whose a patrol in progress is; None when nobody told of it."""
    found: str | None = session.execute(_PROGRESS_OFFICER, {"patrol_id": patrol_id}).scalar_one_or_none()
    return found


def add_answer(session: Session, answer_id: UUID, evidence_id: UUID, digest: bytes) -> bool:
    """Note that an answer came; False when its id is taken. Waits for one being stored."""
    values = {"id": answer_id, "evidence_id": evidence_id, "digest": digest}
    return session.execute(_ADD_ANSWER, values).first() is not None


def answer_digest(session: Session, answer_id: UUID) -> bytes | None:
    """The digest of an answer that came; None when none has the id."""
    found: bytes | None = session.execute(_ANSWER_DIGEST, {"id": answer_id}).scalar_one_or_none()
    return None if found is None else bytes(found)
