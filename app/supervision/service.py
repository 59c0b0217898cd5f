"""What the edges and other features ask of supervision."""

from datetime import date
from typing import NamedTuple
from urllib.parse import quote
from uuid import UUID

from sqlalchemy.orm import Session

from app.actor import Actor
from app.settings import Settings
from app.supervision import answers, plans, printing
from app.supervision import report as reporting
from app.supervision.answers import answer
from app.supervision.answers import detail as item
from app.supervision.plans import create as draw_plan
from app.supervision.plans import detail as plan
from app.supervision.plans import finish, redraw
from app.supervision.plans import page as list_plans
from app.supervision.planted import page as checks
from app.supervision.planted import plant, settle
from app.supervision.report import report
from app.supervision.risk import residual_risk
from app.supervision.schemas import Redraw, ResidualRisk
from app.territory import service as territory

__all__ = [
    "File",
    "answer",
    "checks",
    "draw_plan",
    "finish",
    "form_file",
    "item",
    "list_plans",
    "plan",
    "plant",
    "redraw",
    "redraw_seen",
    "report",
    "report_file",
    "residual_risk",
    "risk_of",
    "settle",
]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class File(NamedTuple):
    """A file to be downloaded."""

    content: bytes
    name: str

    @property
    def headers(self) -> dict[str, str]:
        """How a browser is told to save it under its name."""
        return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(self.name)}"}


def risk_of(session: Session, settings: Settings, actor: Actor, unit_code: str, on: date | None) -> ResidualRisk:
    """The risk that remains in a unit, today by default. Raises NotFoundError or ForbiddenError."""
    unit = territory.unit_in_scope(session, actor.scope, unit_code)
    return residual_risk(session, settings, actor.scope, unit, on or settings.today())


def redraw_seen(session: Session, settings: Settings, actor: Actor, plan_id: UUID) -> Redraw:
    """Draw a plan that the actor sees again. Raises NotFoundError or ForbiddenError."""
    plans.seen(session, actor, plan_id)
    return redraw(session, plan_id, settings.today())


def form_file(session: Session, settings: Settings, actor: Actor, item_id: UUID) -> File:
    """A form with its newest answers as a workbook. Raises NotFoundError or ForbiddenError."""
    filled = answers.detail(session, settings, actor, item_id)
    last = filled.versions[0] if filled.versions else None
    day = "" if last is None else f"{last.at.astimezone(settings.zone):%Y-%m-%d %H:%M}"
    content = printing.filled_form(filled, "" if last is None else last.by_name, day)
    return File(content, f"{filled.form_title}_{filled.name}.xlsx")


def report_file(session: Session, settings: Settings, actor: Actor, plan_id: UUID) -> File:
    """The report of a plan as a workbook. Raises NotFoundError or ForbiddenError."""
    told = reporting.report(session, settings, actor, plan_id)
    return File(printing.plan_report(told), f"{told.plan.unit.name}督导情况_{told.plan.drawn_on:%Y%m%d}.xlsx")
