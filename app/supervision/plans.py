"""Plans: drawn by rule from a published seed, kept with all that could be drawn, drawn again to prove it."""

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid5

import rfc8785
import zstandard
from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import ConflictError, InvalidInputError, NotFoundError, TooLargeError
from app.rights import Right
from app.scope import EVERYTHING, outside
from app.settings import Settings
from app.supervision.gathering import Gathered, gather
from app.supervision.queries import plans as queries
from app.supervision.rules import LEVELS, RULES, STRATA, Sampled, Stratum, counted, packed, sample, unpacked
from app.supervision.schemas import KINDS, PlanDetail, PlanIn, PlanRow, Plans, Redraw, StratumOut, UnitName
from app.supervision.wording import LEVEL_NAMES, item_row
from app.territory import service as territory

MAX_ITEMS = 5_000
_MAX_BYTES = 64 * 1024 * 1024
_SHOWN = 20


def sees_open(actor: Actor) -> bool:
    """Whether somebody sees what was drawn before it was looked into."""
    return actor.may(Right.SUPERVISE)


def create(session: Session, settings: Settings, actor: Actor, told: PlanIn) -> tuple[PlanDetail, bool]:
    """Draw a plan today, or find that it was drawn; whether it was there before.

    Raises NotFoundError or ForbiddenError (unit), InvalidInputError (its level; nothing to draw), TooLargeError above
    `MAX_ITEMS`, ConflictError when the id stands for another plan.
    """
    unit = territory.unit_in_scope(session, actor.scope, told.unit_code)
    if unit.level not in LEVELS[told.kind]:
        names = "、".join(LEVEL_NAMES[level] for level in LEVELS[told.kind])
        raise InvalidInputError(f"{unit.name}不能作为{KINDS[told.kind]}的范围，请选择{names}级单位。未抽取。")
    digest = hashlib.sha256(told.model_dump_json().encode()).digest()
    queries.take_turn(session)
    known = queries.one(session, actor.scope, True, told.id)
    if known is not None:
        return _replay(session, actor, known, digest), True
    gathered = gather(session, told.kind, unit, settings.today())
    drawn = sample(told.seed, gathered.strata)
    if not drawn:
        raise InvalidInputError(f"{unit.name}内没有可抽取的单位、案件或场所。未抽取，请先导入区划和场所。")
    if len(drawn) > MAX_ITEMS:
        raise TooLargeError(f"将抽中 {len(drawn)} 项，多于 {MAX_ITEMS} 项。未抽取，请缩小范围。")
    stated = {**told.model_dump(), "unit_path": unit.path, "drawn_on": settings.today(), "content_digest": digest}
    _keep(session, stated | {"by_account": actor.account_id, "by_name": actor.name}, gathered, drawn)
    actor.facts.update(plan=str(told.id), items=len(drawn))
    return detail(session, actor, told.id), False


def page(session: Session, actor: Actor, unit_code: str | None, limit: int, skip: int) -> Plans:
    """Plans that the actor sees, newest first. Raises NotFoundError or ForbiddenError for a unit named."""
    path = territory.unit_in_scope(session, actor.scope, unit_code).path if unit_code else None
    total, rows = queries.page(session, actor.scope, sees_open(actor), path, limit, skip)
    levels = {kind: list(levels) for kind, levels in LEVELS.items()}
    return Plans(total=total, items=[plan_row(row, actor) for row in rows], kinds=KINDS, levels=levels)


def detail(session: Session, actor: Actor, plan_id: UUID) -> PlanDetail:
    """A plan with what it drew, as far as the actor sees it. Raises NotFoundError or ForbiddenError."""
    row = seen(session, actor, plan_id)
    listed = queries.items(session, actor.scope, sees_open(actor), plan_id)
    return PlanDetail(
        **plan_row(row, actor).model_dump(),
        population_digest=bytes(row.population_digest).hex(),
        strata=strata_out(row),
        listed=[item_row(item) for item in listed],
        hidden=row.items - len(listed),
    )


def redraw(session: Session, plan_id: UUID, on: date) -> Redraw:
    """Draw a plan again, from what was kept of the day it was drawn, and compare. Raises NotFoundError."""
    row = queries.one(session, EVERYTHING, True, plan_id)
    if row is None:
        raise unknown(plan_id)
    packed_content, digest = queries.kept(session, plan_id)
    try:
        content = zstandard.ZstdDecompressor().decompress(packed_content, max_output_size=_MAX_BYTES)
    except zstandard.ZstdError:  # not what was packed here
        content = b'{"strata":[]}'
    holds = hashlib.sha256(content).digest() == digest
    again = sample(row.seed, unpacked(_plain(content)) if holds else [])
    stored = [Sampled(one.subject, one.form, one.stratum, one.why) for one in queries.drawn(session, plan_id)]
    differences = _differences(stored, again)
    unit = territory.unit_or_404(session, row.unit_code)
    today = hashlib.sha256(_content(gather(session, row.kind, unit, on).strata)).digest() == digest
    same = holds and not differences
    return Redraw(
        same=same,
        items=len(stored),
        differences=differences[:_SHOWN],
        digest_holds=holds,
        population_same_today=today,
        text=_verdict(len(stored), same, holds, today),
    )


def finish(session: Session, actor: Actor, plan_id: UUID) -> PlanDetail:
    """Close a plan whose items are all looked into. Raises NotFoundError, ForbiddenError, or ConflictError."""
    row = seen(session, actor, plan_id)
    actor.scope.check_unit(row.unit_code, row.unit_path)
    if queries.lock(session, plan_id) is not None:
        raise ConflictError("这个方案已经结束，不必再次结束。", plan_id=str(plan_id))
    if row.final < row.items:
        raise ConflictError(
            f"还有 {row.items - row.final} 项没有定稿，不能结束。请先完成督导，或说明原因后定稿。",
            left=row.items - row.final,
        )
    queries.finish(session, plan_id)
    return detail(session, actor, plan_id)


def seen(session: Session, actor: Actor, plan_id: UUID) -> Row[Any]:
    """A plan that the actor sees. Raises NotFoundError or ForbiddenError."""
    row = queries.one(session, actor.scope, sees_open(actor), plan_id)
    if row is None:
        raise unknown(plan_id)
    if not row.is_seen:
        raise outside(f"督导方案 {plan_id} ")
    return row


def plan_row(row: Row[Any], actor: Actor) -> PlanRow:
    """A plan as it is listed. Whoever has the seed can draw: until it is over that is for supervisors."""
    unit = UnitName(code=row.unit_code, name=row.unit_name, level=row.unit_level)
    seed = row.seed if sees_open(actor) or row.finished_at is not None else None
    return PlanRow.model_validate({**row._asdict(), "kind_text": KINDS[row.kind], "unit": unit, "seed": seed})


def strata_out(row: Row[Any]) -> list[StratumOut]:
    """What each rule of a plan had, asked for and drew."""
    return [StratumOut(**one, text=STRATA[one["code"]]) for one in row.population]


def unknown(plan_id: UUID) -> NotFoundError:
    """The answer where there is no such plan."""
    return NotFoundError(f"没有编号为 {plan_id} 的督导方案。请在列表中查找。", id=str(plan_id))


def _replay(session: Session, actor: Actor, known: Row[Any], digest: bytes) -> PlanDetail:
    if bytes(known.content_digest) != digest:
        raise ConflictError(f"编号 {known.id} 已用于另一个方案，未抽取。请用新的编号重发。", id=str(known.id))
    return detail(session, actor, known.id)


def _keep(session: Session, stated: dict[str, Any], gathered: Gathered, drawn: Sequence[Sampled]) -> None:
    """Store a plan with everything that could be drawn, and what was."""
    content = _content(gathered.strata)
    kept = {
        "rules": {"strata": list(RULES[stated["kind"]])},
        "population_digest": hashlib.sha256(content).digest(),
        "population": counted(gathered.strata, drawn),
        "candidates": zstandard.ZstdCompressor(level=9).compress(content),
    }
    queries.insert(session, stated | kept)
    queries.insert_items(session, _rows(stated["id"], gathered, drawn))


def _rows(plan_id: UUID, gathered: Gathered, drawn: Sequence[Sampled]) -> list[dict[str, Any]]:
    rows = []
    for ordinal, one in enumerate(drawn, 1):
        subject = gathered.subjects[one.subject]._asdict()
        kind = subject.pop("kind")
        place = {"id": uuid5(plan_id, f"{one.form}:{one.subject}"), "plan_id": plan_id, "ordinal": ordinal}
        rows.append({**subject, **place, "subject_kind": kind, **one._asdict()})
    return rows


def _content(strata: Sequence[Stratum]) -> bytes:
    return rfc8785.dumps({"strata": packed(strata)})


def _plain(content: bytes) -> list[dict[str, Any]]:
    plain: list[dict[str, Any]] = json.loads(content)["strata"]
    return plain


def _differences(stored: Sequence[Sampled], again: Sequence[Sampled]) -> list[str]:
    before, after = ({(one.form, one.subject): one for one in listed} for listed in (stored, again))
    gone = [f"{form} {subject}：方案中有，重抽没有" for form, subject in before.keys() - after.keys()]
    new = [f"{form} {subject}：重抽有，方案中没有" for form, subject in after.keys() - before.keys()]
    changed = [f"{key[0]} {key[1]}：抽中依据不同" for key in before.keys() & after.keys() if before[key] != after[key]]
    found = sorted([*gone, *new, *changed])
    return found or ([] if list(stored) == list(again) else ["抽中的次序不同"])


def _verdict(items: int, same: bool, holds: bool, today: bool) -> str:
    if not holds:
        return "保存的抽样总体与其摘要不符：总体被改动过，本方案不可信。"
    if not same:
        return "按公布的种子重抽，结果与方案不同：方案被改动过，不可信。"
    now = "今天的总体与抽样当日相同。" if today else "抽样之后总体有变化，重抽用的是抽样当日保存的总体。"
    return f"按公布的种子重抽，{items} 项全部相同。{now}"
