"""Decisions about visits: taking in, voiding, and how they stand."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import ConflictError
from app.evidence import service as evidence
from app.settings import Settings
from app.sites import service as sites
from app.visits import queries
from app.visits.accepting import Accepted, accept
from app.visits.answering import Awaited, Came, answering
from app.visits.checklists import ANSWERS, CHECKLISTS, ITEMS
from app.visits.schemas import VisitDetail
from app.visits.standing import brief, detail, unknown
from geo.daytiles import day_number

__all__ = [
    "ANSWERS",
    "CHECKLISTS",
    "ITEMS",
    "Accepted",
    "Awaited",
    "Came",
    "accept",
    "answering",
    "brief",
    "detail",
    "void",
    "void_alone",
]


def void(session: Session, settings: Settings, visit_id: UUID, reason: str, actor: Actor) -> bool:
    """Take a visit out of what counts; its record stays, and so do the tenancies that it found.

    A second time with the same reason changes nothing: False. Raises NotFoundError, or ConflictError when it was voided
    for another reason.
    """
    site_id = queries.site_of(session, visit_id)
    if site_id is None:
        raise unknown(visit_id)
    queries.lock_site(session, site_id)
    row = queries.lock(session, visit_id)
    if row.state == "voided":
        if row.void_reason != reason:
            raise ConflictError(
                f"检查 {visit_id} 已作废，原因是“{row.void_reason}”，不能改写。", void_reason=row.void_reason
            )
        return False
    queries.set_voided(session, visit_id, reason, actor.label, settings.now())
    evidence.void(session, actor, visit_id, reason)
    sites.refresh_checks(session, [site_id], day_number(settings.today()))
    return True


def void_alone(session: Session, settings: Settings, actor: Actor, visit_id: UUID, reason: str) -> VisitDetail:
    """Void a visit by its own route; raises what `void` raises, and ForbiddenError outside scope or of one's own."""
    facts = evidence.facts_of(session, [visit_id]).get(visit_id)
    evidence.check_visible(session, actor, visit_id)
    if facts is None or facts.kind != "visit":
        raise unknown(visit_id)
    evidence.check_not_own(actor, facts)
    void(session, settings, visit_id, reason, actor)
    return detail(session, actor, visit_id)
