"""HTTP of dispatch."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from app.configured import SettingsDep
from app.db import SessionDep
from app.dispatch import service
from app.dispatch.schemas import (
    Draft,
    OrderDetail,
    OrderIn,
    OrderLevel,
    Orders,
    State,
    StepIn,
    SubjectIn,
    SubjectKind,
)
from app.security import OrderManager, OrderReader

router = APIRouter(prefix="/api/orders", tags=["orders"])
_REPLAY = "Idempotent-Replay"


def filters(
    state: State | None = None,
    overdue: bool = False,
    level: OrderLevel | None = None,
    unit: Annotated[str | None, Query(max_length=12)] = None,
    officer: Annotated[str | None, Query(max_length=64)] = None,
    kind: SubjectKind | None = None,
    subject: Annotated[str | None, Query(max_length=100)] = None,
    q: Annotated[str | None, Query(max_length=100)] = None,
) -> service.Filters:
    """What a list is asked for."""
    return service.Filters(state, overdue, level, unit, officer, kind, subject, q)


FiltersDep = Annotated[service.Filters, Depends(filters)]


@router.post("/draft")
def post_draft(actor: OrderManager, settings: SettingsDep, session: SessionDep, subject: SubjectIn) -> Draft:
    """What an order about something would be; nothing is stored."""
    return service.draft(session, settings, actor, subject)


@router.post("")
def post_order(
    actor: OrderManager, settings: SettingsDep, session: SessionDep, response: Response, order: OrderIn
) -> OrderDetail:
    """Send an officer somewhere; sent again, the same order and nothing twice."""
    detail, is_replay = service.create(session, settings, actor, order)
    if is_replay:
        response.headers[_REPLAY] = "true"
    return detail


@router.get("")
def list_orders(
    actor: OrderReader,
    settings: SettingsDep,
    session: SessionDep,
    wanted: FiltersDep,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    skip: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Orders:
    """Orders of one's scope, the most urgent first."""
    return service.page(session, settings, actor, wanted, limit, skip)


@router.get("/{order_id}")
def get_order(actor: OrderReader, settings: SettingsDep, session: SessionDep, order_id: UUID) -> OrderDetail:
    """An order with its events."""
    return service.detail(session, settings, actor, order_id)


@router.post("/{order_id}/steps")
def post_step(
    actor: OrderManager, settings: SettingsDep, session: SessionDep, order_id: UUID, step: StepIn
) -> OrderDetail:
    """Send somebody else, move the deadline, take back, or add words. Done is for the evidence to say."""
    return service.step(session, settings, actor, order_id, step)
