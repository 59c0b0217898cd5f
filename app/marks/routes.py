"""HTTP of marks."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.db import SessionDep
from app.marks import service
from app.marks.schemas import MarkAnswer, MarkDetail, MarkIn, VoidBody
from app.security import RecordSender, Reviewer, TrackReader

router = APIRouter(prefix="/api/marks", tags=["marks"])


@router.post("")
def post_mark(
    actor: RecordSender, request: Request, session: SessionDep, response: Response, mark: MarkIn
) -> MarkAnswer:
    """Take in a mark; sent again, the same answer and nothing twice."""
    accepted = service.accept(session, request.app.state.settings, actor, mark)
    if accepted.is_replay:
        response.headers["Idempotent-Replay"] = "true"
    return accepted.answer


@router.get("/{mark_id}")
def get_mark(actor: TrackReader, session: SessionDep, mark_id: UUID) -> MarkDetail:
    """A mark with its area and where the phone was."""
    return service.detail(session, actor, mark_id)


@router.post("/{mark_id}/void")
def void_mark(actor: Reviewer, request: Request, session: SessionDep, mark_id: UUID, body: VoidBody) -> MarkDetail:
    """Take a declared mark out of the coverage, with a reason."""
    return service.void_declared(session, request.app.state.settings, mark_id, body.reason, actor)
