"""Reports that prepare themselves: each run finds out which are due and missing, and makes those."""

import logging
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.actor import Actor
from app.db import transaction
from app.reports.cases import Area, Period
from app.reports.queries import submissions as queries
from app.reports.submissions.freezing import digest_of, freeze
from app.reports.submissions.rhythm import FORMS, DueForm, Term, recent
from app.settings import Settings

log = logging.getLogger("wuyilou")
SYSTEM = "系统"


def prepare_due(engine: Engine, settings: Settings) -> int:
    """Prepare every report that is due and missing; how many. Each is committed by itself: a run broken off goes on
    where it was, and of two at once each report is made by one."""
    made = 0
    for form in FORMS:
        with transaction(engine) as session:
            terms = terms_of(session, settings, form)
        for term in terms:
            with transaction(engine) as session:
                missing = queries.units_without(session, form, *term.period)
                units = [Area(row.code, row.name, row.level, row.path) for row in missing]
            for unit in units:
                with transaction(engine) as session:
                    made += prepare(session, settings, term, unit)
    if made:
        log.info("%s reports prepared", made)
    return made


def terms_of(session: Session, settings: Settings, form: DueForm) -> list[Term]:
    """The terms that reports are asked for, newest first; none that were over before reporting began."""
    terms = recent(settings, form)
    began = queries.first_due(session) or settings.now()
    terms = [term for term in terms if term.due_at >= began]
    known = queries.known_terms(session, form, began.date())
    newest_day = max((last for _, last in known), default=date.min)
    # With another weekday set, weeks of before are not asked for once more.
    return [term for term in terms if term.period in known or term.period.last_day > newest_day]


def prepare(session: Session, settings: Settings, term: Term, unit: Area) -> bool:
    """Prepare a unit's first version; False when somebody else has."""
    return add_version(session, settings, term, unit, 1, None, None) is not None


def add_version(
    session: Session, settings: Settings, term: Term, unit: Area, version: int, why: str | None, actor: Actor | None
) -> UUID | None:
    """A new version, as of now; None when it is there already. `actor` None: it prepares itself."""
    form, period, due_at = term
    content = freeze(session, settings, form, unit, Period(*period))
    submission_id = uuid4()
    values: dict[str, Any] = {
        "id": submission_id,
        "form": form,
        "unit_code": unit.code,
        "unit_path": unit.path,
        "first_day": period.first_day,
        "last_day": period.last_day,
        "due_at": due_at,
        "version": version,
        "content_digest": digest_of(content),
        "why": why,
    }
    if not queries.insert(session, values, content):
        return None
    note(session, settings, actor, submission_id, "prepared", why)
    return submission_id


def note(
    session: Session, settings: Settings, actor: Actor | None, submission_id: UUID, step: str, words: str | None = None
) -> None:
    """Write down what was done with a version; `actor` None: by itself."""
    name, account_id = (SYSTEM, None) if actor is None else (actor.name, actor.account_id)
    values = {"id": submission_id, "step": step, "words": words, "by_account": account_id, "by_name": name}
    queries.add_step(session, values | {"at": settings.now()})
