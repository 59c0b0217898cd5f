"""Reports handed upward, as the desk, the history and a single version show them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.actor import Actor
from app.reports import filling
from app.reports.cases import Area
from app.reports.queries import submissions as queries
from app.reports.schemas import UnitName
from app.reports.submissions.preparing import terms_of
from app.reports.submissions.rhythm import FORMS, DueForm, Term, next_due
from app.reports.submissions.schemas import (
    STATES,
    DeskOut,
    Due,
    Late,
    Standing,
    State,
    Submissions,
    Tally,
    Version,
)
from app.scope import Scope
from app.settings import Settings

LEVELS = ("town", "village")


def desk(session: Session, settings: Settings, actor: Actor, unit: Area) -> DeskOut:
    """A unit's own reports of the terms asked for, and of the units below what is open, late ones first."""
    now = settings.now()
    own: list[Standing] = []
    below: list[Standing] = []
    tallies: list[Tally] = []
    for form in FORMS:
        for at, term in enumerate(terms_of(session, settings, form)):
            if unit.level in LEVELS:
                own += standing(session, actor.scope, unit, (unit.level,), term, now)
            reporting = level_below(unit)
            found = standing(session, actor.scope, unit, (reporting,), term, now) if reporting else []
            if found and at == 0:
                tallies.append(_tally(term, found))
            below += [each for each in found if at == 0 or each.in_force is None]
    return DeskOut(
        unit=_name(unit.code, unit.name, unit.level),
        now=now,
        next_due=[_due(settings, form) for form in FORMS],
        own=sorted(own, key=lambda each: (each.in_force is not None, each.due_at)),
        tallies=tallies,
        below=sorted(below, key=_late_first),
    )


def late(session: Session, settings: Settings, scope: Scope, unit: Area) -> list[Late]:
    """Every report at or below a unit that should have been handed upward by now, longest late first."""
    now = settings.now()
    terms = [term for form in FORMS for term in terms_of(session, settings, form) if term.due_at <= now]
    found = [each for term in terms for each in standing(session, scope, unit, LEVELS, term, now)]
    named = [Late.model_validate(each, from_attributes=True) for each in found if each.late_since is not None]
    return sorted(named, key=lambda each: (each.late_since, each.unit.code))


def standing(
    session: Session, scope: Scope, unit: Area, levels: Iterable[str], term: Term, now: datetime
) -> list[Standing]:
    """How a term's reports of the units of some levels at or below a unit stand."""
    rows = queries.standing(session, scope, unit.path, list(levels), term.form, *term.period)
    return [_standing(row, term, now) for row in rows]


def page(session: Session, actor: Actor, unit: Area, limit: int, skip: int) -> Submissions:
    """Versions at or below a unit, newest days first."""
    total, rows = queries.page(session, actor.scope, unit.path, limit, skip)
    return Submissions(total=total, items=[version(row) for row in rows])


def version(row: Row[Any]) -> Version:
    """A stored version."""
    return Version(**facts(row))


def facts(row: Row[Any]) -> dict[str, Any]:
    """What is told of every version."""
    state: State = row.state
    return {
        **{name: getattr(row, name) for name in ("id", "form", "first_day", "last_day", "due_at", "version", "why")},
        "unit": _name(row.unit_code, row.unit_name, row.unit_level),
        "state": state,
        "state_text": STATES[state],
        "submitted_at": row.submitted_at,
        "was_late": row.submitted_at is not None and row.submitted_at > row.due_at,
    }


def level_below(unit: Area) -> str | None:
    """The level whose units report to a unit: a county and those above it look at towns; None for villages."""
    if unit.level == "village":
        return None
    return "village" if unit.level == "town" else "town"


def unit_of(session: Session, actor: Actor, code: str | None) -> Area:
    """The unit asked for, or the first of the scope. Raises as `filling.unit_asked` does."""
    return filling.unit_asked(session, actor, code)


def _standing(row: Row[Any], term: Term, now: datetime) -> Standing:
    is_in_force = row.in_force_id is not None
    due_at = term.due_at if row.due_at is None else row.due_at.astimezone(now.tzinfo)
    since = due_at if row.sent_back_at is None else max(due_at, row.sent_back_at)
    state: State = row.state or "missing"
    return Standing(
        id=row.id,
        form=term.form,
        unit=_name(row.code, row.name, row.level),
        first_day=term.period.first_day,
        last_day=term.period.last_day,
        due_at=due_at,
        version=row.version,
        state=state,
        state_text=STATES[state],
        in_force=row.in_force_version,
        submitted_at=row.submitted_at,
        was_late=is_in_force and row.submitted_at > due_at,
        late_since=None if is_in_force or since > now else since.astimezone(now.tzinfo),
        sent_back_why=None if is_in_force else row.sent_back_words,
        why=row.why,
    )


def _tally(term: Term, found: list[Standing]) -> Tally:
    return Tally(
        form=term.form,
        first_day=term.period.first_day,
        last_day=term.period.last_day,
        due_at=term.due_at,
        units=len(found),
        submitted=sum(each.in_force is not None for each in found),
        late=sum(each.late_since is not None for each in found),
    )


def _due(settings: Settings, form: DueForm) -> Due:
    _, period, due_at = next_due(settings, form)
    return Due(
        form=form,
        first_day=period.first_day,
        last_day=period.last_day,
        due_at=due_at,
        prepared_from=due_at - timedelta(hours=settings.reporting.prepare_hours),
    )


def _late_first(each: Standing) -> tuple[bool, bool, datetime, str]:
    return each.late_since is None, each.in_force is not None, each.late_since or each.due_at, each.unit.code


def _name(code: str, name: str, level: str) -> UnitName:
    return UnitName(code=code, name=name, level=level)
