"""Sending somebody: an order is made once, inside the sender's scope, to an officer who answers for ground there."""

import hashlib
import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import shapely
from sqlalchemy.orm import Session

from app.actor import Actor
from app.dispatch.easing import sent_from
from app.dispatch.officers import candidates, default_officer, officer_for
from app.dispatch.queries import orders as queries
from app.dispatch.schemas import Draft, Name, OrderIn, OtherOrder, SubjectIn
from app.dispatch.subjects import Subject, resolve
from app.dispatch.wording import NOTHING_KEPT, task_of
from app.errors import ConflictError, InvalidInputError
from app.settings import Settings
from app.territory import service as territory

LONGEST_DAYS = 366
USUAL_DAYS = 3


def draft(session: Session, settings: Settings, actor: Actor, given: SubjectIn) -> Draft:
    """What an order about something would be. Raises as `create`."""
    on = settings.today()
    about = resolve(session, settings, actor, given)
    officer = default_officer(session, about.grid_code, on)
    grid = (
        None if about.grid_code is None else territory.grid_names(session, [about.grid_code], on).get(about.grid_code)
    )
    return Draft(
        name=about.name,
        task=task_of(given.subject_kind, given.omission),
        unit=Name(code=about.unit_code, name=territory.unit_or_404(session, about.unit_code).name),
        grid=None if about.grid_code is None else Name(code=about.grid_code, name=grid or about.grid_code),
        area_m2=about.area_m2,
        officer_code=None if officer is None else officer.code,
        officers=candidates(session, actor.scope, about.unit_path, about.grid_code, on),
        deadline=on + timedelta(days=USUAL_DAYS),
        others=_others(session, about),
    )


def create(session: Session, settings: Settings, actor: Actor, order: OrderIn) -> bool:
    """Store an order; False when the same was stored before.

    Raises InvalidInputError, NotFoundError, ForbiddenError (the subject or the officer lies outside the actor's scope),
    or ConflictError: the id is another order's, somebody was sent there already, or nothing is left to do.
    """
    # As it was sent: what is left out and what is null are the same.
    stated = json.dumps(order.model_dump(mode="json"), ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(stated.encode()).digest()
    if _is_replay(session, order.id, digest):
        return False
    on = settings.today()
    check_deadline(order.deadline, on)
    about = resolve(session, settings, actor, order)
    officer = officer_for(session, actor.scope, order.officer_code, about.grid_code, on)
    _refuse_second(session, about)
    values = {**_values(order, about), "officer_code": officer.code, "content_digest": digest}
    values["level"] = territory.unit_or_404(session, about.unit_code).level
    by = {"created_by_account": actor.account_id, "created_by": actor.name, "created_at": settings.now()}
    if not queries.insert(session, {**values, **by}):
        return not _is_replay(session, order.id, digest)
    facts = {
        "officer_code": officer.code,
        "officer_name": officer.name,
        "deadline": order.deadline.isoformat(),
        "from_path": sent_from(actor.scope, about.unit_path),
    }
    event = {"order_id": order.id, "kind": "created", "words": order.words, "facts": facts}
    who = {"by_account": actor.account_id, "by_name": actor.name, "at": by["created_at"]}
    queries.add_event(session, {**event, **who})
    return True


def _values(order: OrderIn, about: Subject) -> dict[str, Any]:
    """What is stored of an order and of what it is about."""
    return {
        **order.model_dump(include={"id", "subject_kind", "omission", "deadline", "words"}),
        "subject": about.subject,
        "name": about.name,
        "unit_code": about.unit_code,
        "unit_path": about.unit_path,
        "grid_code": about.grid_code,
        "lon": about.lon,
        "lat": about.lat,
        "area": _wkb(about),
        "area_m2": about.area_m2,
    }


def check_deadline(deadline: date, today: date) -> None:
    """Raise InvalidInputError for a last day in the past, or beyond what anybody plans for."""
    last = today + timedelta(days=LONGEST_DAYS)
    if not today <= deadline <= last:
        raise InvalidInputError(
            f"期限 {deadline} 应在今天（{today}）到 {last} 之间。{NOTHING_KEPT}", problem="deadline"
        )


def _refuse_second(session: Session, about: Subject) -> None:
    """Ground may be sent to in parts, which only the sender can judge: there it is told beforehand, not refused."""
    if about.area is not None:
        return
    queries.lock_subject(session, about.subject)
    for other in queries.open_about(session, about.subject, None):
        raise ConflictError(
            f"“{other.name}”已派单给{other.officer_name}，期限 {other.deadline}。如需调整，请在派单中改派或改期。"
            f"{NOTHING_KEPT}",
            reason="sent_already",
            order_id=str(other.id),
        )


def _others(session: Session, about: Subject) -> list[OtherOrder]:
    return [OtherOrder(**row._asdict()) for row in queries.open_about(session, about.subject, _wkb(about))]


def _wkb(about: Subject) -> bytes | None:
    return None if about.area is None else shapely.to_wkb(about.area)


def _is_replay(session: Session, order_id: UUID, digest: bytes) -> bool:
    known = queries.stored(session, order_id)
    if known is not None and known != digest:
        raise ConflictError(f"编号 {order_id} 已用于另一张派单，未保存。新的派单请用新的编号。", id=str(order_id))
    return known is not None
