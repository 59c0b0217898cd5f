"""Who reported a lead: for one role alone, and each look is in the audit (`app.rights.PERSONAL`)."""

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import NotFoundError
from app.leads import listing
from app.leads.queries import reporters as queries
from app.leads.schemas import Reporter


def reporter(session: Session, actor: Actor, lead_id: UUID, today: date) -> Reporter:
    """Who reported a lead. Raises NotFoundError (nobody was written down), ForbiddenError outside the scope."""
    listing.in_scope(session, actor.scope, lead_id, today)
    row = queries.one(session, lead_id)
    if row is None:
        raise NotFoundError("这条线索没有登记举报人。", id=str(lead_id))
    return Reporter.model_validate(row._asdict())
