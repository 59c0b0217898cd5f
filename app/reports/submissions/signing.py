"""The signature of the head, or of their delegate, under a report: the password once more, an entry in the chain."""

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
from app.settings import Settings
from app.territory import service as territory


def sign(session: Session, settings: Settings, actor: Actor, submission_id: UUID, told: SignIn) -> DomainError | None:
    """Sign what was checked. A wrong password is returned as the refusal, so that the attempt stays counted.

    Raises NotFoundError, ForbiddenError (neither the unit's head nor their delegate), ConflictError (not checked,
    another content, reports below that came, went or changed since it was checked).
    """
    row = in_state(session, actor, submission_id, ("checked",), "签字")
    # Whoever may not sign is told so before a password is tried.
    determination.authority(session, settings, actor, territory.unit_or_404(session, row.unit_code))
    ensure_seen(row, told.digest)
    changed = moved(row.content, compare(session, row, row.content))
    if changed:
        raise ConflictError(
            f"核对后下级报送有变化：{'；'.join(changed)}。{NOTHING_DONE}请工作人员刷新并重新核对后再签字。",
            reason="moved",
        )
    refused = accounts.confirm(session, settings, actor, told.password.get_secret_value())
    if refused is not None:
        return refused
    seal(session, settings, actor, row)
    if told.submit:
        hand_upward(session, settings, actor, row)
    return None


def seal(session: Session, settings: Settings, actor: Actor, row: Row[Any]) -> None:
    """Put the signature under a checked version on the chain; whoever calls has made sure whose hand it is.

    Raises ForbiddenError (neither the unit's head nor their delegate).
    """
    unit = territory.unit_or_404(session, row.unit_code)
    by = determination.authority(session, settings, actor, unit)
    entry = determination.append(session, settings, actor, "report", unit, _document(row, by))
    queries.sign(session, row.id, entry.id)
    note(session, settings, actor, row.id, "signed")


def may_sign(session: Session, settings: Settings, actor: Actor, unit_code: str) -> bool:
    """Whether somebody heads a unit, or signs in its head's place."""
    try:
        determination.authority(session, settings, actor, territory.unit_or_404(session, unit_code))
    except ForbiddenError:
        return False
    return True


def _document(row: Row[Any], by: determination.Authority) -> dict[str, Any]:
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
        "capacity": by.capacity,
        "for": by.head_name,
        "delegation": None if by.delegation_id is None else str(by.delegation_id),
    }
