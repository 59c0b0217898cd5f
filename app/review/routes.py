"""HTTP of reviews."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query

from app.configured import SettingsDep
from app.db import SessionDep
from app.review import deciding, exclusions, service
from app.review import detail as details
from app.review.schemas import Decided, DecisionBody, Detail, ExclusionDecided, Exclusions, Queue, State
from app.security import ExclusionDecider, Reviewer

router = APIRouter(prefix="/api/review", tags=["review"])


Limit = Annotated[int, Query(ge=1, le=200)]
Skip = Annotated[int, Query(ge=0, le=1_000_000)]
Code = Annotated[str, Query(max_length=64)]


@router.get("")
def read_queue(
    actor: Reviewer,
    session: SessionDep,
    state: State = "open",
    kind: Code | None = None,
    unit: Code | None = None,
    officer: Code | None = None,
    limit: Limit = 50,
    skip: Skip = 0,
) -> Queue:
    """Records that wait (oldest first) or were decided (newest first). `kind`: of the record, or of a finding."""
    return service.queue(session, actor, state, kind, unit, officer, limit, skip)


@router.get("/exclusions")
def list_exclusions(actor: Reviewer, session: SessionDep, limit: Limit = 50, skip: Skip = 0) -> Exclusions:
    """Imported requests for exclusions that wait for a decision, oldest first."""
    return exclusions.waiting(session, actor, limit, skip)


@router.post("/exclusions/{code}/approve")
def approve_exclusion(
    actor: ExclusionDecider,
    session: SessionDep,
    settings: SettingsDep,
    code: Annotated[str, Path(max_length=64)],
    body: DecisionBody,
) -> ExclusionDecided:
    """Approve a request: from today on the ground need not, or cannot, be covered."""
    return exclusions.decide(session, settings, actor, code, "approved", body.words or "")


@router.post("/exclusions/{code}/refuse")
def refuse_exclusion(
    actor: ExclusionDecider,
    session: SessionDep,
    settings: SettingsDep,
    code: Annotated[str, Path(max_length=64)],
    body: DecisionBody,
) -> ExclusionDecided:
    """Refuse a request, with words."""
    return exclusions.decide(session, settings, actor, code, "refused", body.words or "")


@router.get("/{evidence_id}")
def read_detail(actor: Reviewer, session: SessionDep, settings: SettingsDep, evidence_id: UUID) -> Detail:
    """Everything about a record that helps to judge it."""
    return details.detail(session, settings, actor, evidence_id)


@router.post("/{evidence_id}/accept")
def accept(
    actor: Reviewer, session: SessionDep, settings: SettingsDep, evidence_id: UUID, body: DecisionBody
) -> Decided:
    """Let a record stand."""
    return deciding.accept(session, settings, actor, evidence_id, body)


@router.post("/{evidence_id}/void")
def void(actor: Reviewer, session: SessionDep, settings: SettingsDep, evidence_id: UUID, body: DecisionBody) -> Decided:
    """Take a record out of what counts, with a reason."""
    return deciding.void(session, settings, actor, evidence_id, body)


@router.post("/{evidence_id}/ask")
def ask(actor: Reviewer, session: SessionDep, settings: SettingsDep, evidence_id: UUID, body: DecisionBody) -> Decided:
    """Ask the officer back, with words."""
    return deciding.ask(session, settings, actor, evidence_id, body)
