"""HTTP of leads."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.db import SessionDep
from app.leads import service
from app.leads.schemas import LeadAnswer, LeadDetail, LeadIn, Leads
from app.security import LeadReader, RecordSender

router = APIRouter(prefix="/api/leads", tags=["leads"])


@router.post("")
def post_lead(
    actor: RecordSender, request: Request, session: SessionDep, response: Response, lead: LeadIn
) -> LeadAnswer:
    """Take in what an officer found suspicious; sent again, the same answer and nothing twice."""
    accepted = service.accept(session, request.app.state.settings, actor, lead)
    if accepted.is_replay:
        response.headers["Idempotent-Replay"] = "true"
    return accepted.answer


@router.get("")
def list_leads(
    actor: LeadReader,
    session: SessionDep,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    skip: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Leads:
    """Leads of one's scope, newest first."""
    return service.page(session, actor, limit, skip)


@router.get("/{lead_id}")
def get_lead(actor: LeadReader, session: SessionDep, lead_id: UUID) -> LeadDetail:
    """A lead with its photos."""
    return service.detail(session, actor, lead_id)
