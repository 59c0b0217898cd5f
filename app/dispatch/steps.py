"""What people do with an order; each is an event that stays. Done is none of it: that is for the evidence to say."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.actor import Actor
from app.dispatch import easing
from app.dispatch.creating import check_deadline
from app.dispatch.listing import check_scope, unknown
from app.dispatch.officers import check_officer
from app.dispatch.queries import orders as queries
from app.dispatch.schemas import DeadlineStep, NoteStep, ReassignStep, StepIn, WithdrawStep
from app.dispatch.settling import settle
from app.dispatch.wording import NOTHING_KEPT, STATES
from app.errors import ConflictError, ForbiddenError, InvalidInputError
from app.settings import Settings
from app.territory import service as territory


class _Work:
    """An order that is being changed, held until the transaction ends."""

    def __init__(self, session: Session, settings: Settings, actor: Actor, order: Row[Any]) -> None:
        self.session, self.settings, self.actor, self.order = session, settings, actor, order

    def note(self, kind: str, words: str | None, facts: dict[str, Any]) -> None:
        by = {"by_account": self.actor.account_id, "by_name": self.actor.name, "at": self.settings.now()}
        values = {"order_id": self.order.id, "kind": kind, "words": words, "facts": facts}
        queries.add_event(self.session, {**values, **by})


def step(session: Session, settings: Settings, actor: Actor, order_id: UUID, taken: StepIn) -> None:
    """Take a step. Raises NotFoundError, ForbiddenError, InvalidInputError, or ConflictError when somebody, or the
    evidence, was faster.
    """
    settle(session, settings, [order_id])
    order = queries.locked(session, order_id)
    if order is None:
        raise unknown(order_id)
    check_scope(actor.scope, order)
    if order.version != taken.version:
        raise ConflictError(
            f"这张派单刚有变化，现为“{STATES[order.state]}”，本次未保存。请查看最新情况后再操作。",
            version=order.version,
            state=order.state,
        )
    if order.state != "open" and not isinstance(taken, NoteStep):
        raise ConflictError(f"派单现为“{STATES[order.state]}”，不能再改。{NOTHING_KEPT}", state=order.state)
    _STEPS[type(taken)](_Work(session, settings, actor, order), taken)


def seen(session: Session, settings: Settings, actor: Actor, officer_code: str, order_id: UUID) -> None:
    """An officer saw an order of theirs, also one that was given to another meanwhile; told once.

    Raises NotFoundError, or ForbiddenError for an order that never was theirs.
    """
    order = queries.locked(session, order_id)
    if order is None:
        raise unknown(order_id)
    had, saw = queries.had(session, order_id, officer_code)
    if not had:
        raise ForbiddenError("这张派单不是派给您的。未保存任何内容。", id=str(order_id))
    if saw:
        return
    values = {"order_id": order_id, "kind": "seen", "words": None, "facts": {"officer_code": officer_code}}
    by = {"by_account": actor.account_id, "by_name": actor.name, "at": settings.now()}
    queries.add_event(session, {**values, **by})


def _reassign(work: _Work, taken: ReassignStep) -> None:
    order, today = work.order, work.settings.today()
    officer = check_officer(work.session, work.actor.scope, taken.officer_code, order.grid_code, today)
    if officer.code == order.officer_code:
        raise InvalidInputError(f"这张派单已派给{officer.name}，请另选网格员。{NOTHING_KEPT}", problem="officer")
    before = territory.officer_names(work.session, [order.officer_code]).get(order.officer_code, order.officer_code)
    queries.reassign(work.session, order.id, officer.code)
    facts = {"officer_code": officer.code, "officer_name": officer.name, "from": order.officer_code}
    work.note("reassigned", taken.words, {**facts, "from_name": before})


def _move(work: _Work, taken: DeadlineStep) -> None:
    easing.check(work.session, work.actor.scope, work.order)
    check_deadline(taken.deadline, work.settings.today())
    if taken.deadline == work.order.deadline:
        raise InvalidInputError(f"期限没有变化，请填写新的期限。{NOTHING_KEPT}", problem="deadline")
    queries.move(work.session, work.order.id, taken.deadline)
    days = [work.order.deadline.isoformat(), taken.deadline.isoformat()]
    work.note("deadline_moved", taken.words, {"deadline": days})


def _withdraw(work: _Work, taken: WithdrawStep) -> None:
    easing.check(work.session, work.actor.scope, work.order)
    queries.withdraw(work.session, work.order.id)
    work.note("withdrawn", taken.words, {})


def _note(work: _Work, taken: NoteStep) -> None:
    work.note("noted", taken.words, {})


_STEPS: dict[type, Callable[[_Work, Any], None]] = {
    ReassignStep: _reassign,
    DeadlineStep: _move,
    WithdrawStep: _withdraw,
    NoteStep: _note,
}
