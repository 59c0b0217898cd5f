"""Filling a form: what is known beside each line, answers as versions, final ones whole."""

import hashlib
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import ConflictError, InvalidInputError, NotFoundError
from app.scope import outside
from app.settings import Settings
from app.supervision import knowing
from app.supervision.forms import ANSWERS, FORMS, MAY_BE_EMPTY, Item
from app.supervision.knowing import Knowledge, Known
from app.supervision.plans import sees_open
from app.supervision.queries import answers as queries
from app.supervision.queries import plans as plan_queries
from app.supervision.schemas import AnswerIn, ItemAnswerIn, ItemDetail, KnownOut, LineOut, VersionOut
from app.supervision.wording import item_row

NOTHING_KEPT = "未保存任何内容。"


def detail(session: Session, settings: Settings, actor: Actor, item_id: UUID) -> ItemDetail:
    """A form with its lines, what is known and the newest answers. Raises NotFoundError or ForbiddenError."""
    row = seen(session, actor, item_id)
    form = FORMS[row.form]
    known = _known(session, settings, actor, row)
    return ItemDetail(
        **item_row(row).model_dump(),
        plan_id=row.plan_id,
        plan_name=row.plan_name,
        is_closed=row.finished_at is not None,
        page=known.page,
        above=list(zip(form.above, known.above, strict=True)),
        lines=[_line(row, item, known.items.get(item.number)) for item in form.items],
        words=row.words,
        answers=ANSWERS,
        versions=[VersionOut.model_validate(one._asdict()) for one in queries.versions(session, item_id)],
    )


def answer(
    session: Session, settings: Settings, actor: Actor, item_id: UUID, told: AnswerIn
) -> tuple[ItemDetail, bool]:
    """Take in a version of the answers, or find that it was; whether it was there before.

    Raises NotFoundError, ForbiddenError, InvalidInputError (lines that the form does not have; a final one that lacks
    some), ConflictError (somebody was faster; the plan is finished; the id stands for another).
    """
    row = seen(session, actor, item_id)
    digest = hashlib.sha256(f"{item_id}{told.model_dump_json()}".encode()).digest()
    is_finished = plan_queries.lock(session, row.plan_id) is not None
    stored = queries.stored(session, told.id)
    if stored is not None:
        if stored.item_id != item_id or bytes(stored.content_digest) != digest:
            raise ConflictError(f"编号 {told.id} 已用于另一次填写，{NOTHING_KEPT}请用新的编号重发。", id=str(told.id))
        return detail(session, settings, actor, item_id), True
    if is_finished:
        raise ConflictError("督导方案已经结束，不能再填写。" + NOTHING_KEPT, reason="finished")
    row = seen(session, actor, item_id)  # as it stands now that nobody else writes
    if told.version != (row.version or 0):
        raise ConflictError(
            f"这张表刚被 {row.by_name} 填写过，{NOTHING_KEPT}请查看最新内容后再填。", version=row.version
        )
    check(row.form, told)
    known = _known(session, settings, actor, row)
    queries.insert(
        session,
        {
            "id": told.id,
            "item_id": item_id,
            "version": told.version + 1,
            "answers": _kept(told, known),
            "is_final": told.is_final,
            "found_omission": told.found_omission,
            "words": told.words,
            "lon": told.position and told.position.lon,
            "lat": told.position and told.position.lat,
            "content_digest": digest,
            "by_account": actor.account_id,
            "by_name": actor.name,
        },
    )
    actor.facts.update(item=str(item_id), version=told.version + 1, is_final=told.is_final)
    return detail(session, settings, actor, item_id), False


def check(form: str, told: AnswerIn) -> None:
    """Raise InvalidInputError for answers that do not fit the form, and for a final version with something missing."""
    items = {str(item.number): item for item in FORMS[form].items}
    strange = sorted(told.answers.keys() - items.keys())
    if strange:
        raise InvalidInputError(f"{form} 没有第 {'、'.join(strange)} 项，{NOTHING_KEPT}", items=strange)
    for number, given in told.answers.items():
        _check_kind(items[number], given)
    if not told.is_final:
        return
    missing = [
        item.number
        for item in items.values()
        if item.number not in MAY_BE_EMPTY[form] and not _is_answered(item, told.answers.get(str(item.number)))
    ]
    if missing:
        listed = "、".join(map(str, missing))
        raise InvalidInputError(f"第 {listed} 项还没有填写，不能定稿，{NOTHING_KEPT}可先存为草稿。", items=missing)
    if told.found_omission is None:
        raise InvalidInputError(f"定稿须说明是否发现漏查，{NOTHING_KEPT}", problem="found_omission")
    if told.found_omission and told.words is None:
        raise InvalidInputError(f"发现漏查的，须写明漏了什么，{NOTHING_KEPT}", problem="words")


def seen(session: Session, actor: Actor, item_id: UUID) -> Row[Any]:
    """An item that the actor sees. Raises NotFoundError, also before it is done; ForbiddenError outside the scope."""
    row = plan_queries.item(session, actor.scope, sees_open(actor), item_id)
    # The id follows from plan and subject: another answer for what was drawn would tell who is looked at next.
    is_hidden = row is not None and not (sees_open(actor) or row.finished_at is not None or row.is_final)
    if row is None or is_hidden:
        raise NotFoundError(
            f"没有编号为 {item_id} 的督导项，或尚未定稿（定稿前只对督导人员公开）。请在方案中查找。", id=str(item_id)
        )
    if not row.is_seen:
        raise outside(f"督导项 {item_id} ")
    return row


def _check_kind(item: Item, given: ItemAnswerIn) -> None:
    wrong = (given.answer is not None and item.answering != "yes_no") or (
        given.number is not None and item.answering != "number"
    )
    if wrong:
        how = {"yes_no": "选择是、否、部分或不涉及", "number": "填写数量", "words": "用文字填写"}[item.answering]
        raise InvalidInputError(f"第 {item.number} 项应{how}，{NOTHING_KEPT}", items=[item.number])


def _is_answered(item: Item, given: ItemAnswerIn | None) -> bool:
    if given is None:
        return False
    if item.answering == "yes_no":
        return given.answer is not None
    return (given.number if item.answering == "number" else given.words) is not None


def _kept(told: AnswerIn, known: Knowledge) -> dict[str, dict[str, Any]]:
    """The answers, each with what the system said of it at that time."""
    kept = {}
    for number, given in told.answers.items():
        said = known.items.get(int(number))
        kept[number] = given.model_dump() | ({} if said is None else {"known": said.text})
    return kept


def _known(session: Session, settings: Settings, actor: Actor, row: Row[Any]) -> Knowledge:
    kind, _, key = row.subject.partition(":")
    if kind == "case":
        return knowing.of_case(session, row.form, UUID(key), settings.today())
    if kind == "site":
        return knowing.of_site(session, UUID(key), settings.today(), settings.zone)
    return knowing.of_unit(session, settings, actor, row.name, row.unit_code, row.unit_path)


def _line(row: Row[Any], item: Item, known: Known | None) -> LineOut:
    given = (row.answers or {}).get(str(item.number), {})
    return LineOut(
        number=item.number,
        text=item.text,
        answering=item.answering,
        may_be_empty=item.number in MAY_BE_EMPTY[row.form],
        known=None
        if known is None
        else KnownOut(**known._asdict(), answer_text=None if known.answer is None else ANSWERS[known.answer]),
        answer=given.get("answer"),
        answer_text=ANSWERS.get(given.get("answer") or ""),
        count=given.get("number"),
        words=given.get("words"),
    )
