"""What goes by itself when its time is over, written down in the audit. The daily job and the command call it."""

from datetime import timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.accounts import audit, guessing
from app.actor import terminal
from app.db import transaction
from app.evidence.retention import forget_positions
from app.patrols.retention import purge as purge_patrols
from app.settings import Settings

ATTEMPTS_KEPT = timedelta(days=30)


def purge(session: Session, settings: Settings) -> int:
    """Delete raw fixes, tracks and sketches older than `fix_retention_days`, and old attempts to sign in.

    Answers of how many patrols; nothing to do is not written down.
    """
    now = settings.now()
    before = now - timedelta(settings.fix_retention_days)
    forget_positions(session, before)
    patrols = purge_patrols(session, before)
    guessing.forget(session, now - ATTEMPTS_KEPT)
    if patrols:
        audit.note(session, terminal(), "retention", "retention", patrols=patrols, days=settings.fix_retention_days)
    return patrols


def run(engine: Engine, settings: Settings) -> int:
    """`purge` in a transaction of its own."""
    with transaction(engine) as session:
        return purge(session, settings)
