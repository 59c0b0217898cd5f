"""HTTP of supervision: plans, forms, planted checks, the risk that remains."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.configured import SettingsDep
from app.db import SessionDep
from app.security import Supervising, SupervisionReader
from app.supervision import service
from app.supervision.schemas import (
    AnswerIn,
    CheckIn,
    CheckRow,
    Checks,
    Day,
    ItemDetail,
    PlanDetail,
    PlanIn,
    PlanReport,
    Plans,
    Redraw,
    ResidualRisk,
    SettleIn,
)

router = APIRouter(prefix="/api/supervision", tags=["supervision"])

UnitCode = Annotated[str | None, Query(max_length=12)]
Limit = Annotated[int, Query(ge=1, le=500)]
Skip = Annotated[int, Query(ge=0, le=1_000_000)]


@router.get("/risk")
def get_risk(
    actor: SupervisionReader,
    settings: SettingsDep,
    session: SessionDep,
    unit: Annotated[str, Query(max_length=12)],
    on: Day | None = None,
) -> ResidualRisk:
    """What remains in a unit after everything was done, with its assumptions."""
    return service.risk_of(session, settings, actor, unit, on)


@router.get("/plans")
def list_plans(
    actor: SupervisionReader, session: SessionDep, unit: UnitCode = None, limit: Limit = 100, skip: Skip = 0
) -> Plans:
    """Plans that one sees, newest first."""
    return service.list_plans(session, actor, unit, limit, skip)


@router.post("/plans")
def post_plan(
    actor: Supervising, settings: SettingsDep, session: SessionDep, response: Response, plan: PlanIn
) -> PlanDetail:
    """Draw a sample from a published seed; sent again, the same answer and nothing twice."""
    drawn, is_replay = service.draw_plan(session, settings, actor, plan)
    _mark(response, is_replay)
    return drawn


@router.get("/plans/{plan_id}")
def get_plan(actor: SupervisionReader, session: SessionDep, plan_id: UUID) -> PlanDetail:
    """A plan with what it drew; before it is looked into, supervisors alone see what."""
    return service.plan(session, actor, plan_id)


@router.get("/plans/{plan_id}/redraw")
def get_redraw(actor: Supervising, settings: SettingsDep, session: SessionDep, plan_id: UUID) -> Redraw:
    """Draw a plan again from its seed and compare."""
    return service.redraw_seen(session, settings, actor, plan_id)


@router.post("/plans/{plan_id}/end")
def post_end(actor: Supervising, session: SessionDep, plan_id: UUID) -> PlanDetail:
    """Close a plan whose items are all looked into."""
    return service.finish(session, actor, plan_id)


@router.get("/plans/{plan_id}/report.xlsx")
def get_report_file(actor: SupervisionReader, settings: SettingsDep, session: SessionDep, plan_id: UUID) -> Response:
    """The report of a plan as a workbook."""
    return _file(service.report_file(session, settings, actor, plan_id))


@router.get("/plans/{plan_id}/report")
def get_report(actor: SupervisionReader, settings: SettingsDep, session: SessionDep, plan_id: UUID) -> PlanReport:
    """The report of a plan: by unit, by item, and what was left out."""
    return service.report(session, settings, actor, plan_id)


@router.get("/items/{item_id}/form.xlsx")
def get_form_file(actor: SupervisionReader, settings: SettingsDep, session: SessionDep, item_id: UUID) -> Response:
    """A form with its newest answers as a workbook."""
    return _file(service.form_file(session, settings, actor, item_id))


@router.get("/items/{item_id}")
def get_item(actor: SupervisionReader, settings: SettingsDep, session: SessionDep, item_id: UUID) -> ItemDetail:
    """A form with its lines, what the system knows of them, and the answers."""
    return service.item(session, settings, actor, item_id)


@router.post("/items/{item_id}/answers")
def post_answer(
    actor: Supervising, settings: SettingsDep, session: SessionDep, response: Response, item_id: UUID, told: AnswerIn
) -> ItemDetail:
    """Store a version of the answers; sent again, the same answer and nothing twice."""
    filled, is_replay = service.answer(session, settings, actor, item_id, told)
    _mark(response, is_replay)
    return filled


@router.get("/checks")
def list_checks(
    actor: SupervisionReader,
    settings: SettingsDep,
    session: SessionDep,
    unit: UnitCode = None,
    limit: Limit = 100,
    skip: Skip = 0,
) -> Checks:
    """Planted checks, open ones first; who does not supervise sees those that are settled."""
    return service.checks(session, settings, actor, unit, limit, skip)


@router.post("/checks")
def post_check(
    actor: Supervising, settings: SettingsDep, session: SessionDep, response: Response, check: CheckIn
) -> CheckRow:
    """Put a check down; sent again, the same answer and nothing twice."""
    planted, is_replay = service.plant(session, settings, actor, check)
    _mark(response, is_replay)
    return planted


@router.post("/checks/{check_id}/outcome")
def post_outcome(
    actor: Supervising, settings: SettingsDep, session: SessionDep, check_id: UUID, told: SettleIn
) -> CheckRow:
    """Say what became of a planted check."""
    return service.settle(session, settings, actor, check_id, told)


def _file(file: service.File) -> Response:
    return Response(file.content, media_type=service.XLSX, headers=file.headers)


def _mark(response: Response, is_replay: bool) -> None:
    if is_replay:
        response.headers["Idempotent-Replay"] = "true"
