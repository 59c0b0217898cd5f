"""Decisions about evidence of any kind."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import ForbiddenError
from app.evidence.copies import exchange_sketch, mark_copies
from app.evidence.duty import duty_findings, hours_findings
from app.evidence.findings import add_findings, findings_of
from app.evidence.left_out import omission_counts, omissions
from app.evidence.photos import accept_photo, attach_photos, photos_of, read_photo
from app.evidence.queries import records
from app.evidence.schemas import EvidenceFacts, Review, Step, StepKind
from app.evidence.sending import check_sender, submit
from app.evidence.stated import (
    MAX_PHOTOS,
    NOTHING_KEPT,
    check_photos,
    check_times,
    content,
    distance_m,
    not_there,
    position_of,
)
from app.evidence.wording import KIND_NAMES

__all__ = [
    "KIND_NAMES",
    "MAX_PHOTOS",
    "NOTHING_KEPT",
    "accept_photo",
    "add_findings",
    "add_step",
    "attach_photos",
    "check_not_own",
    "check_photos",
    "check_sender",
    "check_times",
    "check_visible",
    "content",
    "distance_m",
    "duty_findings",
    "exchange_sketch",
    "facts_of",
    "findings_of",
    "hours_findings",
    "is_own",
    "lock",
    "mark_copies",
    "not_there",
    "of_officer",
    "omission_counts",
    "omissions",
    "open_review",
    "photos_of",
    "position_of",
    "read_photo",
    "steps_of",
    "submit",
    "void",
]
_REVIEW_AFTER: dict[StepKind, Review] = {"ask": "asked", "answer": "open", "accept": "accepted", "void": "voided"}


def check_visible(session: Session, actor: Actor, evidence_id: UUID) -> None:
    """Raise ForbiddenError unless the record lies in the actor's scope. An unknown id passes: the caller says 404."""
    paths: Iterable[str] | None = records.unit_paths(session, evidence_id)
    if paths is not None and not actor.scope.holds_any(paths):
        raise ForbiddenError("这条记录不在您的管辖范围内。如需查看，请联系上级单位。", id=str(evidence_id))


def is_own(actor: Actor, officer_code: str, sent_by_account: int | None) -> bool:
    """Whether a record is the actor's own: of the officer that they are, or sent by their account."""
    sent = actor.account_id is not None and actor.account_id == sent_by_account
    return sent or actor.officer_code == officer_code


def check_not_own(actor: Actor, record: EvidenceFacts) -> None:
    """Raise ForbiddenError for a record of the officer that the actor is, or sent by their account."""
    if is_own(actor, record.officer_code, record.sent_by_account):
        raise ForbiddenError(
            "这是您本人上传或名下的记录，须由他人审核，不能自己处理。", id=str(record.id), reason="own"
        )


def facts_of(session: Session, ids: Iterable[UUID]) -> dict[UUID, EvidenceFacts]:
    """What is known in common of those of the records that exist."""
    return records.facts(session, ids)


def of_officer(session: Session, officer_code: str, review: Review | None, limit: int) -> list[EvidenceFacts]:
    """Records of an officer, newest first; `review` None means any."""
    return records.of_officer(session, officer_code, review, limit)


def lock(session: Session, evidence_id: UUID) -> EvidenceFacts | None:
    """A record, locked until the transaction ends, so that two people do not decide at once; None: no such record."""
    return records.locked(session, evidence_id)


def open_review(session: Session, evidence_id: UUID) -> None:
    """Put a record before a person although nothing was found, such as a request that needs approval."""
    records.open_untouched(session, [evidence_id])


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


def void(session: Session, actor: Actor, evidence_id: UUID, reason: str) -> None:
    """Say that a record was voided, by whom and why; its own feature has just taken it out of what it counted for.

    The one way to it, from review and from a feature's own route: whoever reads its steps finds this one.
    """
    records.locked(session, evidence_id)
    add_step(session, actor, evidence_id, "void", reason)
