"""Exceptions: one omission that may stay until a day, asked for with a reason, approved from above, shown upward."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.actor import Actor
from app.determination import gathering
from app.determination.above import check_above, is_above
from app.determination.chain.appending import append
from app.determination.kinds import KINDS, NEVER_LET_STAND
from app.determination.policies import content_digest
from app.determination.queries import exceptions as queries
from app.determination.schemas import ExceptionOut, ExceptionPage, UnitName
from app.determination.sources import Asked
from app.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from app.omitted import Omitted
from app.scope import EVERYTHING
from app.settings import Settings
from app.territory import service as territory
from app.territory.schemas import UnitRow

STATES = {"requested": "待审批", "approved": "已批准", "refused": "未批准", "ended": "已终止"}
LONGEST_DAYS = 366
# Ground is measured anew each time: less than this is no change.
_SAME_M2 = 1.0


class Covering(NamedTuple):
    """An approved exception and what it covers."""

    exception: ExceptionOut
    omitted: Omitted


def covering(asked: Asked) -> list[Covering]:
    """Approved exceptions at or below a unit that hold on the day asked and cover something that is left out then."""
    rows = [row for row in queries.holding(asked.session, asked.path, asked.on) if _concerns(row, asked.path)]
    left: dict[tuple[str, str], Omitted] = {}
    for path in sorted({row.unit_path for row in rows}):
        wanted = {(row.kind, row.subject) for row in rows if row.unit_path == path}
        left |= gathering.subjects(asked._replace(path=path), wanted)
    found = [(row, left.get((row.kind, row.subject))) for row in rows]
    return [Covering(_shown(row, covers=True), omitted) for row, omitted in found if omitted and _covers(row, omitted)]


def request(
    session: Session, settings: Settings, actor: Actor, exception_id: UUID, unit_code: str, wanted: "Wanted"
) -> ExceptionOut:
    """Ask that one omission may stay; asked again alike, the same request.

    `unit_code`: the unit in whose list it stands. Raises NotFoundError (unit, or nothing of the kind is left out
    there), ForbiddenError, InvalidInputError (day, kind) or ConflictError (id taken, or one stands already).
    """
    unit = territory.unit_in_scope(session, actor.scope, unit_code)
    kind = _kind(wanted.kind)
    _check_until(settings, wanted.until)
    known = queries.one(session, exception_id)
    if known is not None:
        return _same(actor, known, wanted)
    omitted = _left_out(session, settings, unit.path, wanted)
    home = _home(session, omitted, unit)
    queries.end_past(session, wanted.kind, wanted.subject, settings.today())
    values = {
        "id": exception_id,
        "kind": wanted.kind,
        "subject": wanted.subject,
        "name": omitted.name,
        "unit_code": home.code,
        "unit_path": home.path,
        "area_m2": omitted.area_m2 if KINDS[wanted.kind].has_area else None,
        "reason": wanted.reason,
        "until": wanted.until,
        "account_id": actor.account_id,
        "by_name": actor.label,
    }
    values["content_digest"] = content_digest(_content(values))
    if not queries.add(session, values):
        raise ConflictError(
            f"“{omitted.name}”的“{kind}”已有待审批或已批准的例外，不能重复申请。",
            kind=wanted.kind,
            subject=wanted.subject,
        )
    return _for(actor, _stored(session, exception_id))


def decide(
    session: Session, settings: Settings, actor: Actor, exception_id: UUID, approve: bool, words: str
) -> ExceptionOut:
    """Approve or refuse a request from above; approved, it stands on the chain.

    Raises NotFoundError, ForbiddenError (outside the scope, not above, one's own request) or ConflictError (decided,
    or past its last day).
    """
    row = _visible(session, actor, exception_id)
    if row.state != "requested":
        raise ConflictError(f"这项例外已处理（{STATES[row.state]}），不能再次审批。", state=row.state)
    _check_decider(session, actor, row)
    if approve and row.until < settings.today():
        raise ConflictError("这项例外申请的期限已过，不能批准。如仍需要，请重新申请。", until=row.until.isoformat())
    queries.decide(session, row.id, "approved" if approve else "refused", actor.account_id, actor.label, words)
    stored = _stored(session, row.id)
    if approve:
        _seal(session, settings, actor, stored)
    return _for(actor, stored)


def end(session: Session, settings: Settings, actor: Actor, exception_id: UUID, words: str) -> ExceptionOut:
    """End an approved exception before its day, from above. Raises as `decide` does."""
    row = _visible(session, actor, exception_id)
    if row.state != "approved":
        raise ConflictError(f"这项例外当前为“{STATES[row.state]}”，不能终止。", state=row.state)
    _check_decider(session, actor, row)
    queries.decide(session, row.id, "ended", actor.account_id, actor.label, words)
    stored = _stored(session, row.id)
    _seal(session, settings, actor, stored)
    return _for(actor, stored)


def page(session: Session, actor: Actor, unit_code: str, state: str | None, limit: int, skip: int) -> ExceptionPage:
    """Exceptions at or below a unit, those that wait first. Raises NotFoundError or ForbiddenError."""
    unit = territory.unit_in_scope(session, actor.scope, unit_code)
    total, rows = queries.page(session, actor.scope, unit.path, state, limit, skip)
    return ExceptionPage(total=total, items=[_for(actor, row) for row in rows])


def waiting(session: Session, path: str) -> int:
    """How many requests at or below a unit wait for a decision."""
    return queries.page(session, EVERYTHING, path, "requested", 0, 0)[0]


def of_subjects(session: Session, actor: Actor, wanted: Sequence[Omitted]) -> dict[tuple[str, str], ExceptionOut]:
    """The exception of each omission that has one, waiting or approved."""
    rows = queries.open_of(session, sorted({each.kind for each in wanted}), [each.subject for each in wanted])
    return {(row.kind, row.subject): _for(actor, row) for row in rows}


class Wanted(NamedTuple):
    """What is asked for: an omission, the last day on which it may stay, and why."""

    kind: str
    subject: str
    until: date
    reason: str


def _kind(code: str) -> str:
    if code not in KINDS:
        raise InvalidInputError(f"没有“{code[:50]}”这一类遗漏。请从列表中选择。", kind=code[:50])
    if code in NEVER_LET_STAND:
        raise InvalidInputError(f"“{KINDS[code].text}”表明证据本身不可靠，不能申请例外。请查明原因。", kind=code)
    return KINDS[code].text


def _check_until(settings: Settings, until: date) -> None:
    today = settings.today()
    if not today <= until <= today + timedelta(days=LONGEST_DAYS):
        raise InvalidInputError(f"例外的最后一天须在今天（{today}）至一年以内。请修改日期。", until=until.isoformat())


def _left_out(session: Session, settings: Settings, path: str, wanted: Wanted) -> Omitted:
    today = settings.today()
    asked = Asked(session, settings, EVERYTHING, path, today.replace(day=1), today)
    omitted = gathering.subjects(asked, [(wanted.kind, wanted.subject)]).get((wanted.kind, wanted.subject))
    if omitted is None:
        raise NotFoundError(
            f"今天没有这一项“{KINDS[wanted.kind].text}”，可能已经补上，无须申请例外。请刷新列表。",
            kind=wanted.kind,
            subject=wanted.subject,
        )
    return omitted


def _home(session: Session, omitted: Omitted, listed_at: UnitRow) -> UnitRow:
    """The unit above which an exception is decided: the smallest that the omission belongs to.

    Of a signature missing below, and of what lies outside of all units, it is the unit in whose list that stands.
    """
    if omitted.unit_path is None or KINDS[omitted.kind].category == "signoff":
        return listed_at
    return territory.units_by_paths(session, [omitted.unit_path])[0]


def _concerns(row: Row[Any], path: str) -> bool:
    """A signature missing below a unit stands against that unit's alone."""
    return KINDS[row.kind].category != "signoff" or row.unit_path == path


def _same(actor: Actor, known: Row[Any], wanted: Wanted) -> ExceptionOut:
    if (known.kind, known.subject, known.until, known.reason) != tuple(wanted):
        raise ConflictError("这个编号已用于另一项例外申请，未保存。请刷新后重试。", id=str(known.id))
    actor.scope.check_unit(known.unit_code, known.unit_path)
    return _for(actor, known)


def _visible(session: Session, actor: Actor, exception_id: UUID) -> Row[Any]:
    row = queries.one(session, exception_id)
    if row is None:
        raise NotFoundError(f"没有编号为 {exception_id} 的例外。请在列表中查找。", id=str(exception_id))
    actor.scope.check_unit(row.unit_code, row.unit_path)
    return row


def _check_decider(session: Session, actor: Actor, row: Row[Any]) -> None:
    if _is_own(actor, row):
        raise ForbiddenError("这是您本人申请的例外，须由他人审批。", id=str(row.id), reason="own")
    check_above(actor, territory.unit_or_404(session, row.unit_code))


def _is_own(actor: Actor, row: Row[Any]) -> bool:
    if row.requested_by_account is None:
        return actor.account_id is None and actor.label == str(row.requested_by)
    return actor.account_id == int(row.requested_by_account)


def _covers(row: Row[Any], omitted: Omitted) -> bool:
    return row.area_m2 is None or omitted.area_m2 is None or omitted.area_m2 <= row.area_m2 + _SAME_M2


def _seal(session: Session, settings: Settings, actor: Actor, row: Row[Any]) -> None:
    unit = territory.unit_or_404(session, row.unit_code)
    append(session, settings, actor, "exception", unit, document_of(row))


def document_of(row: Row[Any]) -> dict[str, Any]:
    """What the chain says of an exception, also to compare its row with."""
    return {
        **_content(row._asdict()),
        "content_digest": bytes(row.content_digest).hex(),
        "state": row.state,
        "requested_by": row.requested_by,
        "requested_at": row.requested_at.isoformat(),
        "decided_by": row.decided_by,
        "decided_at": row.decided_at.isoformat(),
        "decided_words": row.decided_words,
    }


def _content(values: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": str(values["id"]),
        "kind": values["kind"],
        "subject": values["subject"],
        "name": values["name"],
        "unit": values["unit_code"],
        "area_m2": values["area_m2"],
        "reason": values["reason"],
        "until": values["until"].isoformat(),
    }


def _stored(session: Session, exception_id: UUID) -> Row[Any]:
    row = queries.one(session, exception_id)
    if row is None:
        raise NotFoundError(f"没有编号为 {exception_id} 的例外。请在列表中查找。", id=str(exception_id))
    return row


def _for(actor: Actor, row: Row[Any]) -> ExceptionOut:
    own = _is_own(actor, row)
    return _shown(row, may_decide=not own and is_above(actor, row.unit_path), is_own=own)


def _shown(
    row: Row[Any], *, covers: bool | None = None, may_decide: bool = False, is_own: bool = False
) -> ExceptionOut:
    named = ("kind_text", "unit", "state_text", "covers", "may_decide", "is_own")
    return ExceptionOut(
        **{name: getattr(row, name) for name in ExceptionOut.model_fields if name not in named},
        kind_text=KINDS[row.kind].text,
        unit=UnitName(code=row.unit_code, name=row.unit_name, level=row.unit_level),
        state_text=STATES[row.state],
        covers=covers,
        may_decide=may_decide,
        is_own=is_own,
    )
