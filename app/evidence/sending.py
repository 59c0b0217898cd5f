"""Who may send records of whom, and what every record leaves when it is stored."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import ForbiddenError
from app.evidence.queries import records
from app.evidence.schemas import Kind
from app.territory import service as territory


def check_sender(session: Session, actor: Actor, officer_code: str, today: date) -> None:
    """Raise ForbiddenError unless the actor may send records of the officer: their own, or of one in their scope."""
    if actor.scope.is_everything or actor.officer_code == officer_code:
        return
    paths = territory.officer_units(session, officer_code, today)
    if not actor.scope.unit_paths or not actor.scope.holds_any(paths):
        raise ForbiddenError(
            f"不能以网格员 {officer_code} 的名义上传：该网格员不是您本人，也不在您的管辖范围内。未保存任何内容。",
            officer_code=officer_code,
        )


def submit(
    session: Session,
    actor: Actor,
    evidence_id: UUID,
    kind: Kind,
    officer_code: str,
    started_at: datetime,
    ended_at: datetime,
    day: date,
    ground: bytes | None,
    also_of: Iterable[str] = (),
) -> bool:
    """Store what a record has in common with others, and whose it is to see; False when the id is taken.

    `ground`: WKB (WGS-84) of where it was made, None when nobody knows; `also_of`: paths of further units.
    """
    paths = {*territory.officer_units(session, officer_code, day), *also_of}
    if ground is not None:
        paths |= set(territory.grids_entered(session, ground, day).values())
    values = {
        "id": evidence_id,
        "kind": kind,
        "officer_code": officer_code,
        "started_at": started_at,
        "ended_at": ended_at,
        "unit_paths": sorted(paths),
        "review": "none",
        "sent_by": actor.label,
        "sent_by_account": actor.account_id,
    }
    return records.add(session, values)
