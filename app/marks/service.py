"""Decisions about marks: taking in, voiding, and how they stand."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.actor import Actor
from app.coverage import service as coverage
from app.errors import ConflictError
from app.evidence import service as evidence
from app.marks import queries
from app.marks.accepting import Accepted, accept
from app.marks.schemas import MarkDetail
from app.marks.standing import Brief, briefs, detail, exclusion_code, unknown
from app.settings import Settings

__all__ = ["Accepted", "Brief", "accept", "briefs", "detail", "exclusion_code", "void", "void_declared"]


def void(session: Session, settings: Settings, mark_id: UUID, reason: str, actor: Actor) -> bool:
    """Take a mark out of what counts; its record stays. A second time with the same reason changes nothing: False.

    What it asked for (`exclusion_code`) is for the caller to refuse. Raises NotFoundError, or ConflictError when it was
    voided for another reason.
    """
    kind = queries.kind(session, mark_id)
    if kind is None:
        raise unknown(mark_id)
    if kind == "declared":  # whoever refuses what was asked for needs this lock for itself alone
        coverage.lock_for_looks(session)
    row = queries.lock(session, mark_id)
    if row.state == "voided":
        if row.void_reason != reason:
            raise ConflictError(
                f"标记 {mark_id} 已作废，原因是“{row.void_reason}”，不能改写。", void_reason=row.void_reason
            )
        return False
    queries.set_voided(session, mark_id, reason, actor.label, settings.now())
    if kind == "declared":
        coverage.withdraw(session, mark_id)
    evidence.void(session, actor, mark_id, reason)
    return True


def void_declared(session: Session, settings: Settings, mark_id: UUID, reason: str, actor: Actor) -> MarkDetail:
    """Void a declared mark on its own; raises what `void` raises, and ForbiddenError outside scope or of one's own.

    What is inaccessible is refused where it is reviewed: that needs the right to decide on exclusions.
    """
    facts = evidence.facts_of(session, [mark_id]).get(mark_id)
    evidence.check_visible(session, actor, mark_id)
    if facts is None or facts.kind not in ("mark", "inaccessible"):
        raise unknown(mark_id)
    if facts.kind == "inaccessible":
        raise ConflictError("“无法进入”的申请请在审核页批准或驳回，不能单独作废。", id=str(mark_id))
    evidence.check_not_own(actor, facts)
    void(session, settings, mark_id, reason, actor)
    return detail(session, actor, mark_id)
