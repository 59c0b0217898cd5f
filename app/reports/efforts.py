"""Decisions about efforts: told once for the same days, whether by a village or by its town, and withdrawn in words."""

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import ConflictError, InvalidInputError, NotFoundError
from app.reports.cases import Area, Period
from app.reports.forms.f4 import Effort
from app.reports.queries import efforts as queries
from app.reports.schemas import EffortIn, EffortRow, Efforts, UnitName
from app.settings import Settings
from app.territory import service as territory

NOTHING_KEPT = "未保存任何内容。"
LEVELS = ("town", "village")
MAX_DAYS = 366
_COMPARED = ("unit_code", "first_day", "last_day", "teams", "person_times", "words")


class Recorded(NamedTuple):
    """What was recorded, and whether it was there before."""

    effort: EffortRow
    is_replay: bool


def record(session: Session, settings: Settings, actor: Actor, told: EffortIn) -> Recorded:
    """Take in an effort, or find that it was taken in already; the caller commits.

    Raises NotFoundError or ForbiddenError (unit), InvalidInputError (days, level), ConflictError (the id stands for
    another, or the same days were told by the unit, by one above or by one below).
    """
    unit = territory.unit_in_scope(session, actor.scope, told.unit_code)
    _check(settings, told, unit.level, unit.name)
    queries.take_turn(session)
    known = queries.one(session, told.id)
    if known is not None:
        if any(getattr(known, name) != getattr(told, name) for name in _COMPARED):
            raise ConflictError(f"编号 {told.id} 已用于另一条记录，{NOTHING_KEPT}请用新的编号重发。", id=str(told.id))
        return Recorded(_row(known), is_replay=True)
    others = queries.overlapping(session, unit.path, told.first_day, told.last_day)
    if others:
        raise ConflictError(
            f"{_told(others[0])}，与本次填报的日期重叠，会重复计算，{NOTHING_KEPT}"
            "请改填其余日期；若原填报有误，请先撤回原填报。",
            effort_id=str(others[0].id),
        )
    queries.insert(session, told.model_dump() | {"unit_path": unit.path, "recorded_by": actor.label})
    return Recorded(_row(_stored(session, told.id)), is_replay=False)


def page(session: Session, actor: Actor, unit: Area, limit: int, skip: int) -> Efforts:
    """Efforts told for units at or below a unit, those withdrawn included."""
    total, rows = queries.page(session, actor.scope, unit.path, limit, skip)
    return Efforts(total=total, items=[_row(row) for row in rows])


def withdraw(session: Session, actor: Actor, effort_id: UUID, why: str) -> EffortRow:
    """Let an effort count no longer. Raises NotFoundError, ForbiddenError or ConflictError (withdrawn before)."""
    row = _stored(session, effort_id)
    actor.scope.check_unit(row.unit_code, row.unit_path)
    if not queries.withdraw(session, effort_id, why, actor.label):
        raise ConflictError(f"这条填报已经撤回（{row.withdrawn_why}），不必再次撤回。", id=str(effort_id))
    return _row(_stored(session, effort_id))


def in_period(session: Session, unit: Area, period: Period) -> Effort:
    """What was told for a unit and those below it.

    Teams of one unit told several times are the same teams: the most of them counts, and units add up; person-times
    add up. Days that cannot be divided, and days told for a unit above, do not count and are named.
    """
    rows = queries.overlapping(session, unit.path, *period)
    own = [row for row in rows if unit.holds(row.unit_path)]
    whole = [row for row in own if row.first_day >= period.first_day and row.last_day <= period.last_day]
    notes = [f"{_told(row)}，超出本期首尾日期，不能拆分，未计入。" for row in own if row not in whole]
    notes += [f"{_told(row)}，未分到本单位，未计入。" for row in rows if not unit.holds(row.unit_path)]
    if not whole:
        return Effort(None, None, [*notes, "本期尚未填报检查组个数和出动人次。"])
    teams: dict[str, int] = {}
    for row in whole:
        teams[row.unit_code] = max(teams.get(row.unit_code, 0), row.teams)
    return Effort(sum(teams.values()), sum(row.person_times for row in whole), notes)


def _check(settings: Settings, told: EffortIn, level: str, name: str) -> None:
    if told.last_day < told.first_day:
        raise InvalidInputError(f"结束日期 {told.last_day} 早于开始日期 {told.first_day}，{NOTHING_KEPT}请改正。")
    if told.last_day > settings.today():
        raise InvalidInputError(f"结束日期 {told.last_day} 在将来，工作量应在完成后填报，{NOTHING_KEPT}")
    if (told.last_day - told.first_day).days >= MAX_DAYS:
        raise InvalidInputError(f"一次最多填报 {MAX_DAYS} 天，{NOTHING_KEPT}请分期填报。")
    if level not in LEVELS:
        raise InvalidInputError(
            f"{name}不是乡镇（街道）或村（社区）。工作量由镇、村填报，上级汇总，{NOTHING_KEPT}",
            unit_code=told.unit_code,
        )


def _stored(session: Session, effort_id: UUID) -> Row[Any]:
    row = queries.one(session, effort_id)
    if row is None:
        raise NotFoundError(f"没有编号为 {effort_id} 的工作量填报。请刷新列表后重试。", id=str(effort_id))
    return row


def _told(row: Row[Any]) -> str:
    return (
        f"{row.unit_name}已填报 {row.first_day} 至 {row.last_day} 的工作量（{row.teams} 组、{row.person_times} 人次）"
    )


def _row(row: Row[Any]) -> EffortRow:
    unit = UnitName(code=row.unit_code, name=row.unit_name, level=row.unit_level)
    return EffortRow.model_validate({**row._asdict(), "unit": unit})
