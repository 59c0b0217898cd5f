"""HTTP of visits."""

from uuid import UUID

from fastapi import APIRouter, Response

from app.configured import SettingsDep
from app.db import SessionDep
from app.security import RecordSender, Reviewer, TrackReader
from app.visits import service
from app.visits.schemas import VisitAnswer, VisitDetail, VisitIn, VoidBody

router = APIRouter(prefix="/api/visits", tags=["visits"])


@router.post("")
def post_visit(
    actor: RecordSender, session: SessionDep, settings: SettingsDep, response: Response, visit: VisitIn
) -> VisitAnswer:
    """Take in a visit; sent again, the same answer and nothing twice."""
    accepted = service.accept(session, settings, actor, visit)
    if accepted.is_replay:
        response.headers["Idempotent-Replay"] = "true"
    return accepted.answer


@router.get("/{visit_id}")
def get_visit(actor: TrackReader, session: SessionDep, visit_id: UUID) -> VisitDetail:
    """A visit with its checklist, its tenancies, and where the phone was."""
    return service.detail(session, actor, visit_id)


@router.post("/{visit_id}/void")
def void_visit(
    actor: Reviewer, session: SessionDep, settings: SettingsDep, visit_id: UUID, body: VoidBody
) -> VisitDetail:
    """Take a visit out of what counts, with a reason."""
    return service.void_alone(session, settings, actor, visit_id, body.reason)
