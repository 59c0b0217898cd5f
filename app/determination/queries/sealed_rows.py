"""SQL of rows that entries of the chain stand for, to be compared with them."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

_ATTESTATIONS = text(
    """SELECT a.id, a.unit_code, a.unit_path::text AS unit_path, a.level, a.first_day, a.last_day, a.evidence_digest,
        a.state, a.state_entry,
        ARRAY(SELECT b.basis_id FROM attestation_basis b WHERE b.attestation_id = a.id) AS bases, i.items
    FROM attestation a LEFT JOIN attestation_evidence i ON i.attestation_id = a.id"""
)
_POLICIES = text(
    """SELECT p.id, p.unit_code, p.unit_path::text AS unit_path, p.version, p.valid_from, p.thresholds, p.words,
        p.content_digest FROM policy p"""
)
_DELEGATIONS = text(
    """SELECT d.id, d.unit_code, d.from_account, d.to_account, d.first_day, d.last_day, d.reason, d.ended_at
    FROM delegation d"""
)
# What was never decided is no entry of the chain yet.
_EXCEPTIONS = text(
    """SELECT x.id, x.kind, x.subject, x.name, x.unit_code, x.unit_path::text AS unit_path, x.area_m2, x.reason,
        x.until, x.content_digest, x.state, x.requested_by, x.requested_at, x.decided_by, x.decided_at, x.decided_words
    FROM omission_exception x"""
)
_SUBMISSIONS = text(
    """SELECT s.id, s.form, s.unit_code, s.first_day, s.last_day, s.version, s.content, s.content_digest, s.chain_id
    FROM submission s WHERE s.chain_id IS NOT NULL"""
)
_FETCHED = 200


def attestations(session: Session) -> Iterator[Row[Any]]:
    """All attestations with what they stand on."""
    yield from session.execute(_ATTESTATIONS, execution_options={"yield_per": _FETCHED})


def policies(session: Session) -> Iterator[Row[Any]]:
    """All policies."""
    yield from session.execute(_POLICIES)


def delegations(session: Session) -> Iterator[Row[Any]]:
    """All delegations."""
    yield from session.execute(_DELEGATIONS)


def exceptions(session: Session) -> Iterator[Row[Any]]:
    """All exceptions, whatever became of them."""
    yield from session.execute(_EXCEPTIONS)


def submissions(session: Session) -> Iterator[Row[Any]]:
    """All reports that were signed."""
    yield from session.execute(_SUBMISSIONS, execution_options={"yield_per": _FETCHED})
