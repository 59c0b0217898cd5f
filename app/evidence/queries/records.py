"""SQL of what records have in common: whose they are, findings about them, and what people said."""

import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.evidence.schemas import EvidenceFacts, NewFinding, Review

_ADD = text(
    """INSERT INTO evidence (id, kind, officer_code, started_at, ended_at, unit_paths, review, sent_by, sent_by_account)
    VALUES (:id, :kind, :officer_code, :started_at, :ended_at, CAST(:unit_paths AS ltree[]), :review, :sent_by,
        :sent_by_account)
    ON CONFLICT DO NOTHING RETURNING id"""
)
_SET_REVIEW = text("UPDATE evidence SET review = :review WHERE id = :id AND review <> :review")
# Whoever holds a record's lock is deciding on it; to wait for them would be to decide after them.
_OPEN = text(
    """UPDATE evidence SET review = 'open' WHERE id IN (
        SELECT id FROM evidence WHERE id = ANY(:ids) AND review = 'none' FOR NO KEY UPDATE SKIP LOCKED)"""
)
_UNIT_PATHS = text("SELECT unit_paths::text[] AS unit_paths FROM evidence WHERE id = :id")
_COLUMNS = """id, kind, officer_code, started_at, ended_at, unit_paths::text[] AS unit_paths, review, sent_by,
    sent_by_account, received_at"""
_FACTS = text(f"SELECT {_COLUMNS} FROM evidence WHERE id = ANY(:ids)")  # noqa: S608 - a constant
_OF_OFFICER = text(
    f"""SELECT {_COLUMNS} FROM evidence
    WHERE officer_code = :officer_code AND (CAST(:review AS text) IS NULL OR review = :review)
    ORDER BY started_at DESC, id LIMIT :limit"""  # noqa: S608 - a constant
)
_LOCKED = text(f"SELECT {_COLUMNS} FROM evidence WHERE id = :id FOR NO KEY UPDATE")  # noqa: S608 - a constant
_ADD_FINDINGS = text(
    """INSERT INTO finding (evidence_id, kind, facts, other_id)
    SELECT f.evidence_id, f.kind, f.facts, f.other_id
    FROM jsonb_to_recordset(CAST(:findings AS jsonb)) AS f(evidence_id uuid, kind text, facts jsonb, other_id uuid)
    ON CONFLICT DO NOTHING"""
)
_FINDINGS = text(
    """SELECT evidence_id, kind, facts, other_id, found_at FROM finding WHERE evidence_id = ANY(:ids)
    ORDER BY evidence_id, id"""
)
_ADD_STEP = text(
    """INSERT INTO review_step (evidence_id, step, words, by_account, by_name)
    VALUES (:evidence_id, :step, :words, :by_account, :by_name)"""
)
_STEPS = text(
    """SELECT evidence_id, step, words, by_account, by_name, at FROM review_step WHERE evidence_id = ANY(:ids)
    ORDER BY evidence_id, id"""
)


def add(session: Session, values: dict[str, Any]) -> bool:
    """Store what a record has in common with others; False when the id is taken. Waits for one being stored."""
    return session.execute(_ADD, values).first() is not None


def set_review(session: Session, evidence_id: UUID, review: Review) -> None:
    """Set the state of review."""
    session.execute(_SET_REVIEW, {"id": evidence_id, "review": review})


def open_untouched(session: Session, ids: Iterable[UUID]) -> None:
    """Open those records for review that nobody has had to judge, or is deciding on right now."""
    session.execute(_OPEN, {"ids": list(ids)})


def unit_paths(session: Session, evidence_id: UUID) -> Sequence[str] | None:
    """The units a record belongs to; None when there is no such record."""
    row = session.execute(_UNIT_PATHS, {"id": evidence_id}).first()
    return None if row is None else row.unit_paths


def facts(session: Session, ids: Iterable[UUID]) -> dict[UUID, EvidenceFacts]:
    """What is known in common of those of the records that exist."""
    return {row.id: EvidenceFacts(*row) for row in session.execute(_FACTS, {"ids": list(ids)})}


def of_officer(session: Session, officer_code: str, review: Review | None, limit: int) -> list[EvidenceFacts]:
    """Records of an officer, newest first; `review` None means any."""
    values = {"officer_code": officer_code, "review": review, "limit": limit}
    return [EvidenceFacts(*row) for row in session.execute(_OF_OFFICER, values)]


def locked(session: Session, evidence_id: UUID) -> EvidenceFacts | None:
    """A record, locked until the transaction ends; None when there is none."""
    row = session.execute(_LOCKED, {"id": evidence_id}).first()
    return None if row is None else EvidenceFacts(*row)


def add_findings(session: Session, findings: Iterable[tuple[UUID, NewFinding]]) -> None:
    """Store findings with the records they are about; one that is there already stays as it is."""
    rows = [
        {
            "evidence_id": str(evidence_id),
            "kind": finding.kind.value,
            "facts": finding.facts,
            "other_id": None if finding.other_id is None else str(finding.other_id),
        }
        for evidence_id, finding in findings
    ]
    session.execute(_ADD_FINDINGS, {"findings": json.dumps(rows)})


def findings(session: Session, ids: Iterable[UUID]) -> Sequence[Row[Any]]:
    """evidence_id, kind, facts, other_id, found_at of findings about records, in the order they were found."""
    return session.execute(_FINDINGS, {"ids": list(ids)}).all()


def add_step(session: Session, values: dict[str, Any]) -> None:
    """Store what somebody said about a record."""
    session.execute(_ADD_STEP, values)


def steps(session: Session, ids: Iterable[UUID]) -> Sequence[Row[Any]]:
    """evidence_id, step, words, by_account, by_name, at of what was said about records, in order."""
    return session.execute(_STEPS, {"ids": list(ids)}).all()
