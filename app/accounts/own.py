"""Everything that is kept about oneself, to be looked at and taken along."""

from typing import Any

from sqlalchemy.orm import Session

from app.accounts import reading_audit, service
from app.accounts.queries import own as queries
from app.actor import Actor
from app.settings import Settings

_SAID = ("looks_at_me", "deeds")


def kept(session: Session, settings: Settings, actor: Actor) -> dict[str, Any]:
    """By kind; of an officer with patrols, marks, visits, leads, photos, findings, reviews, and who looked at them.

    Raw fixes of a patrol come by /api/me/patrols/{id}, photos by /api/photos/{id}.
    """
    account_id = service.own_account(actor)
    found: dict[str, Any] = {
        "made_at": settings.now(),
        "retention_days": settings.fix_retention_days,
        **queries.of_account(session, account_id),
    }
    found["account"] = found["account"][0]
    if actor.officer_code is not None:
        found |= queries.of_officer(session, actor.officer_code, account_id)
    for entry in (entry for name in _SAID for entry in found.get(name, ())):
        entry["what_name"] = reading_audit.WHATS.get(entry["what"], entry["what"])
    return found
