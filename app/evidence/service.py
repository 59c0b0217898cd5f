"""Decisions about evidence of any kind."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import ForbiddenError
from app.evidence.photos import attach_photos, photos_of
from app.evidence.queries import records
from app.evidence.schemas import EvidenceFacts, Finding, FindingKind, Kind, NewFinding, Review, Step, StepKind
from app.evidence.wording import finding_text
from app.territory import service as territory

__all__ = [
    "add_findings",
    "add_step",
    "attach_photos",
    "check_sender",
    "check_visible",
    "facts_of",
    "findings_of",
    "lock",
    "mark_voided",
    "open_review",
    "photos_of",
    "steps_of",
    "submit",
]
_REVIEW_AFTER: dict[StepKind, Review] = {"ask": "asked", "answer": "open", "accept": "accepted", "void": "voided"}


def check_sender(session: Session, actor: Actor, officer_code: str, today: date) -> None:
    """Raise ForbiddenError unless the actor may send records of the officer: their own, or of one in their scope."""
    if actor.scope.is_everything or actor.officer_code == officer_code:
        return
    paths = territory.officer_units(session, officer_code, today)
    if not actor.scope.unit_paths or not actor.scope.holds_any(paths):
        raise ForbiddenError(
            f"不能以网格员 {officer_code} 的名义上传：该网格员不是您本人，也不在您的管辖范围内。未保存任何内容。",
            officer_code=officer_code,
        )


def submit(
    session: Session,
    actor: Actor,
    evidence_id: UUID,
    kind: Kind,
    officer_code: str,
    started_at: datetime,
    ended_at: datetime,
    day: date,
    ground: bytes | None,
) -> bool:
    """Store what a record has in common with others, and whose it is to see; False when the id is taken.

    `ground`: WKB (WGS-84) of where it was made, None when nobody knows.
    """
    paths = set(territory.officer_units(session, officer_code, day))
    if ground is not None:
        paths |= set(territory.grids_entered(session, ground, day).values())
    values = {
        "id": evidence_id,
        "kind": kind,
        "officer_code": officer_code,
        "started_at": started_at,
        "ended_at": ended_at,
        "unit_paths": sorted(paths),
        "review": "none",
        "sent_by": actor.label,
        "sent_by_account": actor.account_id,
    }
    return records.add(session, values)


def mark_voided(session: Session, evidence_id: UUID) -> None:
    """Say that a record was voided; its own feature has taken it out of what it counted for."""
    records.set_review(session, evidence_id, "voided")


def check_visible(session: Session, actor: Actor, evidence_id: UUID) -> None:
    """Raise ForbiddenError unless the record lies in the actor's scope. An unknown id passes: the caller says 404."""
    paths: Iterable[str] | None = records.unit_paths(session, evidence_id)
    if paths is not None and not actor.scope.holds_any(paths):
        raise ForbiddenError("这条记录不在您的管辖范围内。如需查看，请联系上级单位。", id=str(evidence_id))


def facts_of(session: Session, ids: Iterable[UUID]) -> dict[UUID, EvidenceFacts]:
    """What is known in common of those of the records that exist."""
    return records.facts(session, ids)


def lock(session: Session, evidence_id: UUID) -> EvidenceFacts | None:
    """A record, locked until the transaction ends, so that two people do not decide at once; None: no such record."""
    return records.locked(session, evidence_id)


def add_findings(session: Session, evidence_id: UUID, findings: Iterable[NewFinding]) -> None:
    """Store signs about a record and open it for review, unless somebody decided on it; the same twice is one."""
    found = list(findings)
    if found:
        records.add_findings(session, [(evidence_id, finding) for finding in found])
        records.open_untouched(session, [evidence_id])


def open_review(session: Session, evidence_id: UUID) -> None:
    """Put a record before a person although nothing was found, such as a request that needs approval."""
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


def steps_of(session: Session, ids: Iterable[UUID]) -> dict[UUID, list[Step]]:
    """What people said about records, in order; a record without a word has no entry."""
    found: dict[UUID, list[Step]] = {}
    for row in records.steps(session, ids):
        step = Step(step=row.step, words=row.words, by_account=row.by_account, by_name=row.by_name, at=row.at)
        found.setdefault(row.evidence_id, []).append(step)
    return found


def add_step(session: Session, actor: Actor, evidence_id: UUID, step: StepKind, words: str) -> None:
    """Store what somebody said about a record and move its review on: asked, open again, accepted, voided.

    Whether the step is allowed is for the caller, who holds the record's `lock`.
    """
    values = {"evidence_id": evidence_id, "step": step, "words": words}
    records.add_step(session, {**values, "by_account": actor.account_id, "by_name": actor.name})
    records.set_review(session, evidence_id, _REVIEW_AFTER[step])
