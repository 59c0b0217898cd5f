"""The way of a case: registered, rectifying, closed, struck off; and back when it comes to life again."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.actor import Actor
from app.cases.closing import FINISHED, closure_of, lacking, round_began
from app.cases.queries import cases, files
from app.cases.reading import case_to_change, check_day, note_event
from app.cases.registering import plan_look_backs
from app.cases.schemas.codes import LEVELS, STATES
from app.cases.schemas.inputs import StepIn, StrikeOffIn
from app.errors import ConflictError, ForbiddenError, InvalidInputError
from app.settings import Settings


def take_step(session: Session, settings: Settings, actor: Actor, case_id: UUID, body: StepIn) -> None:
    """Take a step. Raises as `case_to_change` does; ConflictError when it is not the turn of this step or something is
    missing (facts: `missing`), InvalidInputError for days that cannot be."""
    case = case_to_change(session, settings, actor, case_id, body.version)
    day = body.on_day or settings.today()
    check_day(day, settings.today(), case.found_on, "日期", "发现日期")
    if body.step == "start":
        _must_be(case, ("registered",), "开始整治")
        _move(session, actor, case, "started", day, body.words, {"state": "rectifying"})
    elif body.step == "close":
        _close(session, settings, actor, case, day, body.words)
    elif body.step == "relapse":
        reopen(session, actor, case, day, body.words, body.deadline)
    elif body.step == "supervise":
        _supervise(session, actor, case, day, body)
    else:
        note_event(session, actor, case, "noted", day, body.words)


def strike_off(session: Session, settings: Settings, actor: Actor, case_id: UUID, body: StrikeOffIn) -> None:
    """Take a closed case off the list: after its last look back, by somebody else than who closed it.

    Raises as `take_step` does, and ForbiddenError for whoever closed it.
    """
    case = case_to_change(session, settings, actor, case_id, body.version)
    _must_be(case, ("closed",), "销号")
    if closed_by(session, actor, case):
        raise ForbiddenError(
            "这个案件由您办理完成整治，须由他人核实后销号，不能自己办理。", reason="own", id=str(case_id)
        )
    missing = before_strike_off(session, case)
    if missing:
        raise ConflictError(f"案件 {case.number} 还不能销号：{'；'.join(missing)}。", missing=missing)
    day = body.on_day or settings.today()
    looked = [row.done_on for row in files.look_backs(session, case_id) if row.round == case.relapses]
    check_day(day, settings.today(), max([case.closed_on, *looked]), "销号日期", "最后一次回头看")
    _move(session, actor, case, "struck_off", day, body.words, {"state": "struck_off"})


def before_close(session: Session, case: Row[Any]) -> list[str]:
    """What a case lacks before it can be closed, in words."""
    missing = lacking(closure_of(session, case))
    return missing if case.way_to_close is not None else [*missing, "整治方式：未选择"]


def before_strike_off(session: Session, case: Row[Any]) -> list[str]:
    """What a closed case lacks before it can be struck off, in words."""
    missing = lacking(closure_of(session, case))
    rows = [row for row in files.look_backs(session, case.id) if row.round == case.relapses]
    return missing + [f"{row.due_on} 的回头看：未完成" for row in rows if row.result != "clean"]


def closed_by(session: Session, actor: Actor, case: Row[Any]) -> bool:
    """Whether the actor is who closed the case last."""
    closed = files.last_event(session, case.id, "closed")
    if closed is None:
        return False
    if closed.by_account is None or actor.account_id is None:
        return closed.by_account is actor.account_id and str(closed.by_name) == actor.name
    return int(closed.by_account) == actor.account_id


def reopen(session: Session, actor: Actor, case: Row[Any], day: date, words: str, deadline: date | None) -> None:
    """Begin a new round of a finished case. Raises ConflictError, or InvalidInputError without a new deadline."""
    _must_be(case, FINISHED, "重新整治")
    if deadline is None or deadline < day:
        raise InvalidInputError("死灰复燃须填写新的整治期限，且不早于发现反弹之日。未保存。", problem="deadline")
    if day < case.closed_on:
        raise InvalidInputError(
            f"发现反弹的日期 {day} 早于完成整治日期 {case.closed_on}，未保存。请核对。", problem="too_early"
        )
    new = {"state": "rectifying", "closed_on": None, "relapses": case.relapses + 1, "deadline": deadline}
    _move(session, actor, case, "relapsed", day, words, {**new, "way_to_close": None})


def _close(session: Session, settings: Settings, actor: Actor, case: Row[Any], day: date, words: str) -> None:
    _must_be(case, ("rectifying",), "完成整治")
    items = closure_of(session, case)
    needs = before_close(session, case)
    if needs:
        missing = [{"item": item.item, "name": item.name, "missing": item.missing} for item in items if item.missing]
        raise ConflictError(
            f"案件 {case.number} 还不能完成整治：{'；'.join(needs)}。请补齐后再办理。", missing=needs, items=missing
        )
    earliest, name = round_began(session, case)
    latest = max(item.done_on for item in items if item.done_on is not None)
    check_day(
        day,
        settings.today(),
        max(earliest, latest),
        "完成整治日期",
        "两断三清的最后日期" if latest > earliest else name,
    )
    _move(session, actor, case, "closed", day, words, {"state": "closed", "closed_on": day})
    plan_look_backs(session, settings, case.id, case.relapses, day)


def _supervise(session: Session, actor: Actor, case: Row[Any], day: date, body: StepIn) -> None:
    if body.level == case.supervised_level:
        what = LEVELS[body.level] + "挂牌督办" if body.level else "没有挂牌"
        raise ConflictError(f"案件 {case.number} 现在就是{what}，未作改动。", reason="same")
    since = day if body.level else None
    _move(session, actor, case, "supervised", day, body.words, {"supervised_level": body.level, "supervised_on": since})


def _must_be(case: Row[Any], states: tuple[str, ...], step: str) -> None:
    if case.state not in states:
        wanted = "或".join(f"“{STATES[state]}”" for state in states)
        raise ConflictError(
            f"案件 {case.number} 现为“{STATES[case.state]}”，只有{wanted}的案件才能{step}。请刷新后查看。",
            reason="state",
            state=case.state,
        )


def _move(
    session: Session, actor: Actor, case: Row[Any], kind: Any, day: date, words: str, new: dict[str, Any]
) -> None:
    old = case._mapping
    changes = {name: [old[name], value] for name, value in new.items() if old[name] != value}
    cases.update(session, case.id, new)
    note_event(session, actor, case, kind, day, words, changes, new.get("state"))
