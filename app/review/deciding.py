"""Decisions on records: accept, void with a reason, ask back. Nobody decides on their own.

Locks, in this order: those of what a decision changes (territory, coverage, the patrol, mark or visit), then the
record. Whoever comes second finds, once the first is done, that more was said than they had seen.
"""

import logging
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from app.evidence import service as evidence
from app.evidence.schemas import EvidenceFacts, Step, StepKind
from app.marks import service as marks
from app.patrols import service as patrols
from app.review import wording
from app.review.schemas import Decided, DecisionBody
from app.review.service import record_in_scope, why_not
from app.settings import Settings
from app.territory import change
from app.visits import service as visits

log = logging.getLogger("wuyilou")
# The states of review from which a step may be taken.
_FROM: dict[StepKind, tuple[str, ...]] = {
    "accept": ("open", "asked"),
    "ask": ("open",),
    "void": ("none", "open", "asked", "accepted"),
}


class Case(NamedTuple):
    """A record that somebody may take a step on, and how many steps they knew of."""

    record: EvidenceFacts
    step: StepKind
    words: str
    steps_seen: int


def accept(session: Session, settings: Settings, actor: Actor, evidence_id: UUID, said: DecisionBody) -> Decided:
    """Let a record stand; ground that it says is inaccessible is approved as such. Raises as `_opened` does."""
    case = _opened(session, settings, actor, evidence_id, "accept", said)
    if case.record.kind == "inaccessible":
        _decide_exclusion(session, settings, actor, case.record.id, "approved")
    return _closed(session, settings, actor, case)


def void(session: Session, settings: Settings, actor: Actor, evidence_id: UUID, said: DecisionBody) -> Decided:
    """Take a record out of what counts, with a reason. Raises as `_opened` does."""
    case = _opened(session, settings, actor, evidence_id, "void", said)
    if case.record.kind == "inaccessible":
        _refuse_exclusion(session, settings, actor, evidence_id)
    try:
        is_voided_now = _void(session, settings, actor, case)
    except ConflictError as error:
        raise _conflict(session, settings, evidence_id) from error
    steps = _steps(session, evidence_id)
    by_others = steps[:-1] if is_voided_now else steps  # voiding wrote its own step down
    if not is_voided_now or len(by_others) != case.steps_seen:
        raise _conflict(session, settings, evidence_id, by_others)
    return _decided(session, evidence_id)


def ask(session: Session, settings: Settings, actor: Actor, evidence_id: UUID, said: DecisionBody) -> Decided:
    """Ask the officer back; the answer opens the record again. Raises as `_opened` does."""
    return _closed(session, settings, actor, _opened(session, settings, actor, evidence_id, "ask", said))


def _opened(
    session: Session, settings: Settings, actor: Actor, evidence_id: UUID, step: StepKind, said: DecisionBody
) -> Case:
    """The case. Raises NotFoundError, ForbiddenError, InvalidInputError without words, or ConflictError."""
    record = record_in_scope(session, actor, evidence_id)
    actor.facts["officer_codes"] = [record.officer_code]
    own = evidence.is_own(actor, record.officer_code, record.sent_by_account)
    refusal = (wording.OWN if own else None) if step == "ask" else why_not(actor, record.kind, own)
    if refusal is not None:
        raise ForbiddenError(refusal, id=str(evidence_id), reason="own" if own else "level")
    if step in wording.NEEDS_WORDS and not said.words:
        raise InvalidInputError(wording.NEEDS_WORDS[step], field="words")
    steps = _steps(session, evidence_id)
    seen = len(steps) if said.steps_seen is None else said.steps_seen
    if record.review not in _FROM[step] or seen != len(steps):
        raise _conflict(session, settings, evidence_id)
    return Case(record, step, said.words or "", seen)


def _void(session: Session, settings: Settings, actor: Actor, case: Case) -> bool:
    """Take the record out of what it counts for; False when somebody had done so already."""
    if case.record.kind == "patrol":
        return patrols.void(session, settings, case.record.id, case.words, actor)
    if case.record.kind in ("mark", "inaccessible"):
        return marks.void(session, settings, case.record.id, case.words, actor)
    if case.record.kind == "visit":
        return visits.void(session, settings, case.record.id, case.words, actor)
    evidence.void(session, actor, case.record.id, case.words)
    return True


def _closed(session: Session, settings: Settings, actor: Actor, case: Case) -> Decided:
    """Write the step down. Raises ConflictError when somebody else was faster."""
    evidence_id = case.record.id
    now = evidence.lock(session, evidence_id)
    if now is None or now.review not in _FROM[case.step] or len(_steps(session, evidence_id)) != case.steps_seen:
        raise _conflict(session, settings, evidence_id)
    evidence.add_step(session, actor, evidence_id, case.step, case.words)
    return _decided(session, evidence_id)


def _decided(session: Session, evidence_id: UUID) -> Decided:
    facts = evidence.facts_of(session, [evidence_id])[evidence_id]
    return Decided(id=evidence_id, review=facts.review, steps=_steps(session, evidence_id))


def _steps(session: Session, evidence_id: UUID) -> list[Step]:
    return evidence.steps_of(session, [evidence_id]).get(evidence_id, [])


def _conflict(
    session: Session, settings: Settings, evidence_id: UUID, steps: Sequence[Step] | None = None
) -> ConflictError:
    steps = _steps(session, evidence_id) if steps is None else steps
    last = steps[-1] if steps else None
    facts = {} if last is None else {"step": last.step, "by_name": last.by_name, "at": last.at.isoformat()}
    return ConflictError(wording.changed_meanwhile(last, settings.zone), id=str(evidence_id), **facts)


def _decide_exclusion(session: Session, settings: Settings, actor: Actor, mark_id: UUID, state: str) -> None:
    code = marks.exclusion_code(session, mark_id)
    try:
        change.decide_exclusion(session, code, state, actor.label, settings.today())
    except ConflictError as error:
        raise _conflict(session, settings, mark_id) from error


def _refuse_exclusion(session: Session, settings: Settings, actor: Actor, mark_id: UUID) -> None:
    try:
        _decide_exclusion(session, settings, actor, mark_id, "refused")
    except NotFoundError:
        log.info("the request of mark %s had run out before it was refused", mark_id)
