"""Findings: signs that a record may not be what it claims. They mark, they do not reject."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.orm import Session

from app.evidence.queries import records
from app.evidence.schemas import Finding, FindingKind, NewFinding
from app.evidence.wording import finding_text


def add_findings(session: Session, evidence_id: UUID, findings: Iterable[NewFinding]) -> None:
    """Store signs about a record and open it for review, unless somebody decided on it; the same twice is one."""
    found = list(findings)
    if found:
        records.add_findings(session, [(evidence_id, finding) for finding in found])
        records.open_untouched(session, [evidence_id])


def findings_of(session: Session, ids: Iterable[UUID]) -> dict[UUID, list[Finding]]:
    """Findings about records with their words, in the order they were found; a record without any has no entry."""
    found: dict[UUID, list[Finding]] = {}
    for row in records.findings(session, ids):
        kind = FindingKind(row.kind)
        finding = Finding(
            kind=kind,
            text=finding_text(kind, row.facts),
            facts=row.facts,
            other_id=row.other_id,
            found_at=row.found_at,
        )
        found.setdefault(row.evidence_id, []).append(finding)
    return found
