"""HTTP of the field: for officers' phones."""

from collections.abc import Iterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from app.configured import SettingsDep
from app.db import SessionDep
from app.dispatch.schemas import OfficerOrder
from app.field import service
from app.field.schemas import AnswerIn, AssignedLead, MyRecord, Package, ProgressIn, Question
from app.security import RecordSender

PACKAGES_AT_ONCE = 2

router = APIRouter(prefix="/api/field", tags=["field"])


def _turn() -> Iterator[None]:
    """A place among the few packages made at a time: all phones ask for theirs in the same morning hour."""
    yield


TurnDep = Annotated[None, Depends(_turn, max_concurrency=PACKAGES_AT_ONCE, scope="function")]


@router.get("/package")
def get_package(actor: RecordSender, _turn: TurnDep, session: SessionDep, settings: SettingsDep) -> Package:
    """My grids with their cells, blind spots and exclusions, and the rules: all for a day without a network."""
    return service.my_package(session, settings, actor)


@router.get("/inbox")
def get_inbox(actor: RecordSender, session: SessionDep) -> list[Question]:
    """What reviewers asked me."""
    return service.inbox(session, actor)


@router.get("/leads")
def get_leads(actor: RecordSender, session: SessionDep, settings: SettingsDep) -> list[AssignedLead]:
    """What I am to look into, the most urgent first."""
    return service.assigned_leads(session, settings, actor)


@router.get("/orders")
def get_orders(actor: RecordSender, session: SessionDep, settings: SettingsDep) -> list[OfficerOrder]:
    """Where I am sent, the most urgent first."""
    return service.my_orders(session, settings, actor)


@router.post("/orders/{order_id}/seen", status_code=204)
def post_seen(actor: RecordSender, session: SessionDep, settings: SettingsDep, order_id: UUID) -> None:
    """I saw where I am sent; told again, it changes nothing."""
    service.saw_order(session, settings, actor, order_id)


@router.post("/answers", status_code=204)
def post_answer(actor: RecordSender, session: SessionDep, settings: SettingsDep, said: AnswerIn) -> None:
    """Answer what was asked; sent again, it is not said twice."""
    service.answer(session, settings, actor, said)


@router.get("/records")
def get_records(
    actor: RecordSender, session: SessionDep, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> list[MyRecord]:
    """My last records as the server holds them."""
    return service.my_records(session, actor, limit)


@router.post("/progress", status_code=204)
def post_progress(actor: RecordSender, session: SessionDep, settings: SettingsDep, progress: ProgressIn) -> None:
    """Where my recording phone is, for the live map; at most every 20 seconds, and no evidence."""
    service.tell_progress(session, settings, actor, progress)
