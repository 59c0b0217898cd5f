"""The head's signature under a report: their own password once more, and an entry in the chain."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.actor import Actor
from app.determination import service as determination
from app.errors import ConflictError, DomainError, ForbiddenError
from app.reports.queries import submissions as queries
from app.reports.submissions.comparing import compare, moved
from app.reports.submissions.preparing import note
from app.reports.submissions.schemas import SignIn
from app.reports.submissions.working import NOTHING_DONE, ensure_seen, hand_upward, in_state
from app.rights import Role
from app.settings import Settings
from app.territory import service as territory


def sign(session: Session, settings: Settings, actor: Actor, submission_id: UUID, told: SignIn) -> DomainError | None:
    """Sign what was checked. A wrong password is returned as the refusal, so that the attempt stays counted.

    Raises NotFoundError, ForbiddenError (not the unit's head), ConflictError (not checked, another content, reports
    below that came, went or changed since it was checked).
    """
    row = in_state(session, actor, submission_id, ("checked",), "签字")
    if not is_head(actor, row.unit_path):
        raise ForbiddenError(f"只有{row.unit_name}的主要负责人可以签字，{NOTHING_DONE}", unit_code=row.unit_code)
    ensure_seen(row, told.digest)
    changed = moved(row.content, compare(session, row, row.content))
    if changed:
        raise ConflictError(
            f"核对后下级报送有变化：{'；'.join(changed)}。{NOTHING_DONE}请工作人员刷新并重新核对后再签字。",
            reason="moved",
        )
    refused = accounts.confirm(session, settings, actor, told.password)
    if refused is not None:
        return refused
    unit = territory.unit_or_404(session, row.unit_code)
    entry = determination.append(session, settings, actor, "report", unit, _document(row))
    queries.sign(session, row.id, entry.id)
    note(session, settings, actor, row.id, "signed")
    if told.submit:
        hand_upward(session, settings, actor, row)
    return None


def is_head(actor: Actor, unit_path: str) -> bool:
    """Whether a person is the head of this very unit, not of one above."""
    return actor.role is Role.LEADER and actor.via == "session" and unit_path in actor.scope.unit_paths


def _document(row: Row[Any]) -> dict[str, Any]:
    """What the chain says of the report; the digest stands for its whole table."""
    content = row.content
    return {
        "submission": str(row.id),
        "form": row.form,
        "first_day": row.first_day.isoformat(),
        "last_day": row.last_day.isoformat(),
        "version": row.version,
        "why": row.why,
        "content_digest": row.content_digest.hex(),
        "figures": content["figures"],
        "basis": content["basis"],
        "missing": content["missing"],
        "differences": len(content["differences"]),
    }
