"""Getting at a case: there, in scope, of the version that was read; and writing down what is done with it."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.actor import Actor
from app.cases.queries import cases, files
from app.cases.schemas.codes import EventKind
from app.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from app.settings import Settings


def case_in_scope(session: Session, settings: Settings, actor: Actor, case_id: UUID) -> Row[Any]:
    """A case to read. Raises NotFoundError, or ForbiddenError outside the actor's scope."""
    return _checked(actor, cases.one(session, case_id, settings.today()), case_id)


def case_to_change(
    session: Session, settings: Settings, actor: Actor, case_id: UUID, version: int | None = None
) -> Row[Any]:
    """A case, held until the transaction ends. `version`: the one that was read; None: any.

    Raises NotFoundError, ForbiddenError, or ConflictError when somebody changed it since.
    """
    case = _checked(actor, cases.locked(session, case_id, settings.today()), case_id)
    if version is not None and version != case.version:
        raise ConflictError(
            f"案件 {case.number} 刚被其他人修改过，本次未保存。请刷新后查看最新内容再操作。",
            reason="version",
            version=case.version,
        )
    return case


def note_event(
    session: Session,
    actor: Actor,
    case: Row[Any],
    kind: EventKind,
    on_day: date,
    words: str | None,
    changes: dict[str, Any] | None = None,
    to_state: str | None = None,
) -> None:
    """Write down what was done. `to_state`: the state from now on, None when it stays."""
    values = {
        "case_id": case.id,
        "kind": kind,
        "from_state": case.state,
        "to_state": to_state or case.state,
        "on_day": on_day,
        "changes": changes or {},
        "words": words,
        "by_account": actor.account_id,
        "by_name": actor.name,
    }
    files.add_event(session, values)


def check_day(day: date, today: date, earliest: date, name: str, earliest_name: str) -> None:
    """Raise InvalidInputError for a day in the future or before what it follows."""
    if day > today:
        raise InvalidInputError(f"{name} {day} 在将来（今天是 {today}），未保存。请核对。", problem="future")
    if day < earliest:
        raise InvalidInputError(f"{name} {day} 早于{earliest_name} {earliest}，未保存。请核对。", problem="too_early")


def _checked(actor: Actor, case: Row[Any] | None, case_id: UUID) -> Row[Any]:
    if case is None:
        raise NotFoundError(f"没有编号为 {case_id} 的案件。请在列表中查找。", id=str(case_id))
    if not actor.scope.holds_unit(case.unit_path):
        raise ForbiddenError("这个案件不在您的管辖范围内。如需查看，请联系上级单位。", id=str(case_id))
    return case
