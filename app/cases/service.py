"""What the edges and other features ask of cases."""

from datetime import date

from sqlalchemy.orm import Session

from app.cases.queries import forms
from app.cases.schemas.forms import CaseForForms
from app.scope import Scope

__all__ = ["cases_for_forms"]


def cases_for_forms(
    session: Session, scope: Scope, unit_path: str, first_day: date | None, last_day: date
) -> list[CaseForForms]:
    """Cases of a scope at or below a unit found on some local days (both included), as they stand now, by day.

    `first_day` None: from the beginning on.
    """
    return forms.for_forms(session, scope, unit_path, first_day, last_day)
