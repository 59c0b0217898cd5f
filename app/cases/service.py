"""What the edges and other features ask of cases."""

from datetime import date

from sqlalchemy.orm import Session

from app.actor import Actor
from app.cases import registering
from app.cases.attachments import Original, attach, original, small
from app.cases.changing import change
from app.cases.closing import record_item
from app.cases.detail import detail
from app.cases.ending import Ending, Looked, endings, look_backs
from app.cases.left_out import omission_counts, omissions
from app.cases.links import link
from app.cases.listing import CHOICES, CaseFilter, Tile, counts, page, tile
from app.cases.looking_back import look_back
from app.cases.printing import Printed, as_pdf, as_zip
from app.cases.queries import forms
from app.cases.reading import case_in_scope
from app.cases.schemas.forms import CaseForForms
from app.cases.schemas.inputs import CaseIn
from app.cases.schemas.outputs import CaseDetail
from app.cases.sources import draft
from app.cases.steps import strike_off, take_step
from app.scope import Scope
from app.settings import Settings

__all__ = [
    "CHOICES",
    "CaseFilter",
    "Ending",
    "Looked",
    "Original",
    "Printed",
    "Tile",
    "as_pdf",
    "as_zip",
    "attach",
    "case_in_scope",
    "cases_for_forms",
    "change",
    "counts",
    "create_case",
    "detail",
    "draft",
    "endings",
    "link",
    "look_back",
    "look_backs",
    "omission_counts",
    "omissions",
    "original",
    "page",
    "record_item",
    "small",
    "strike_off",
    "take_step",
    "tile",
]


def create_case(
    session: Session, settings: Settings, actor: Actor, case: CaseIn, finished_on: date | None = None
) -> CaseDetail:
    """Open the file of a case; sent again, the same file. `finished_on`: it was closed on a day before it came here.

    Raises InvalidInputError, NotFoundError, ForbiddenError, or ConflictError: the id or the number is another case's.
    """
    return detail(session, settings, actor, registering.register(session, settings, actor, case, finished_on))


def cases_for_forms(
    session: Session, scope: Scope, unit_path: str, first_day: date | None, last_day: date
) -> list[CaseForForms]:
    """Cases of a scope at or below a unit found on some local days (both included), as they stand now, by day.

    `first_day` None: from the beginning on.
    """
    return forms.for_forms(session, scope, unit_path, first_day, last_day)
