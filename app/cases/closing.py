"""两断三清: what closes a case on the ground. All five, each with its day and evidence, or the case is not closed."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.actor import Actor
from app.cases.queries import cases, files
from app.cases.reading import case_to_change, check_day, note_event
from app.cases.schemas.codes import ITEMS, Item
from app.cases.schemas.inputs import ClosureIn
from app.cases.schemas.outputs import ClosureItem
from app.errors import ConflictError, InvalidInputError
from app.settings import Settings

MISSING_NAMES = {"date": "缺完成日期", "evidence": "缺证据"}
FINISHED = ("closed", "struck_off")


def closure_of(session: Session, case: Row[Any]) -> list[ClosureItem]:
    """The five items of the current round, in order, each with what it lacks."""
    known = files.items(session, case.id, case.relapses)
    return [_item(item, name, known.get(item)) for item, name in ITEMS.items()]


def lacking(items: list[ClosureItem]) -> list[str]:
    """What the items lack, in words; empty when the case is proved closed."""
    return [f"{item.name}：{'、'.join(MISSING_NAMES[each] for each in item.missing)}" for item in items if item.missing]


def record_item(session: Session, settings: Settings, actor: Actor, case_id: UUID, item: Item, body: ClosureIn) -> None:
    """Put down when an item was done and what proves it, in the place of what was said before.

    Raises as `case_to_change` does; InvalidInputError for days that cannot be and for evidence that is not this case's,
    struck out, or from an earlier round; ConflictError for a finished case whose item is proved already.
    """
    case = case_to_change(session, settings, actor, case_id, body.version)
    earliest, name = round_began(session, case)
    if body.done_on is not None:
        check_day(body.done_on, settings.today(), earliest, f"“{ITEMS[item]}”的完成日期", name)
    _check_evidence(session, case, body.attachment_ids)
    before = files.items(session, case_id, case.relapses).get(item)
    if case.state in FINISHED:
        _check_only_completed(case, item, before, body)
    values = {"case_id": case_id, "round": case.relapses, "item": item, "done_on": body.done_on}
    files.set_item(
        session, {**values, "words": body.words, "recorded_by": actor.name}, dict.fromkeys(body.attachment_ids)
    )
    cases.update(session, case_id, {})
    changes = _changes(item, before, body)
    note_event(session, actor, case, "closure_item", body.done_on or settings.today(), body.words, changes)


def check_still_proved(session: Session, case: Row[Any], found_on: date) -> None:
    """Raise InvalidInputError when the find would come after something was done about it."""
    done = [item.done_on for item in closure_of(session, case) if item.done_on is not None]
    latest = min([*done, *([case.closed_on] if case.closed_on else [])], default=None)
    if latest is not None and found_on > latest:
        raise InvalidInputError(
            f"发现日期 {found_on} 晚于已登记的整治日期 {latest}，未保存。请先核对。", problem="found_on"
        )


def proved_by_alone(session: Session, case: Row[Any], attachment_id: UUID) -> list[str]:
    """Names of the items of the current round whose only standing evidence an attachment is."""
    return [item.name for item in closure_of(session, case) if item.attachment_ids == [attachment_id]]


def round_began(session: Session, case: Row[Any]) -> tuple[date, str]:
    """The day before which nothing of this round can have been done, and what it is called."""
    if case.relapses:
        again = files.last_event(session, case.id, "relapsed")
        if again is not None:
            return again.on_day, "重新整治之日"
    return case.found_on, "发现日期"


def _item(item: Item | str, name: str, row: Row[Any] | None) -> ClosureItem:
    day = None if row is None else row.done_on
    evidence = [] if row is None else row.attachment_ids
    missing = ([] if day else ["date"]) + ([] if evidence else ["evidence"])
    words, by = (None, None) if row is None else (row.words, row.recorded_by)
    return ClosureItem(
        item=item, name=name, done_on=day, words=words, recorded_by=by, attachment_ids=evidence, missing=missing  # type: ignore[arg-type]
    )  # fmt: skip


def _check_evidence(session: Session, case: Row[Any], ids: list[UUID]) -> None:
    standing = {row.id for row in files.attachments(session, case.id) if row.withdrawn_why is None}
    if set(ids) - standing:
        raise InvalidInputError("所选证据不是本案的有效附件（可能已撤销），未保存。请重新选择。", problem="evidence")
    if case.relapses and files.used_before(session, case.id, case.relapses, ids):
        raise InvalidInputError(
            "所选证据已用于上一轮整治。死灰复燃后须重新整治、重新取证，未保存。", problem="old_evidence"
        )


def _check_only_completed(case: Row[Any], item: Item, before: Row[Any] | None, body: ClosureIn) -> None:
    """Of a finished case what lacks may be added; what it was closed with stays."""
    if before is None:
        return
    day_stays = before.done_on is None or before.done_on == body.done_on
    if not day_stays or set(before.attachment_ids) - set(body.attachment_ids):
        raise ConflictError(
            f"案件 {case.number} 已完成整治，“{ITEMS[item]}”已登记的日期和证据不能改动，只能补充。未保存。",
            reason="finished",
        )


def _changes(item: Item, before: Row[Any] | None, body: ClosureIn) -> dict[str, Any]:
    old_day = None if before is None else before.done_on
    old = [] if before is None else [str(each) for each in before.attachment_ids]
    changes: dict[str, list[Any]] = {
        f"{item}.done_on": [old_day, body.done_on],
        f"{item}.evidence": [old, [str(each) for each in body.attachment_ids]],
    }
    return {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
