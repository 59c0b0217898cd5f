"""Planted checks: something put in on purpose, to see whether it is found."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import ConflictError, InvalidInputError, NotFoundError
from app.settings import Settings
from app.supervision.plans import sees_open
from app.supervision.queries import planted as queries
from app.supervision.schemas import OUTCOMES, CheckIn, CheckRow, Checks, SettleIn, UnitName
from app.territory import service as territory

MOST_DAYS = 366
NOTHING_KEPT = "未保存任何内容。"


def plant(session: Session, settings: Settings, actor: Actor, told: CheckIn) -> tuple[CheckRow, bool]:
    """Put a check down, or find that it was; whether it was there before.

    Raises NotFoundError or ForbiddenError (unit), InvalidInputError (days), ConflictError (the id is another's).
    """
    unit = territory.unit_in_scope(session, actor.scope, told.unit_code)
    if told.until < told.planted_on:
        raise InvalidInputError(f"截止日期 {told.until} 早于埋设日期 {told.planted_on}，{NOTHING_KEPT}请改正。")
    if (told.until - told.planted_on).days > MOST_DAYS:
        raise InvalidInputError(f"埋设时间最长 {MOST_DAYS} 天，{NOTHING_KEPT}请缩短。")
    lon, lat = (told.place.lon, told.place.lat) if told.place else (None, None)
    values = {**told.model_dump(exclude={"place"}), "lon": lon, "lat": lat, "unit_path": unit.path}
    is_new = queries.insert(session, {**values, "by_account": actor.account_id, "by_name": actor.name})
    row = _held(session, told.id)
    if not is_new and any(
        getattr(row, name) != values[name] for name in ("unit_code", "what", "planted_on", "until", "lon", "lat")
    ):
        raise ConflictError(f"编号 {told.id} 已用于另一条暗查，{NOTHING_KEPT}请用新的编号重发。", id=str(told.id))
    return _row(settings, row), not is_new


def page(session: Session, settings: Settings, actor: Actor, unit_code: str | None, limit: int, skip: int) -> Checks:
    """Checks of the actor's scope, open ones first, which only supervisors see."""
    path = territory.unit_in_scope(session, actor.scope, unit_code).path if unit_code else None
    total, rows = queries.page(session, actor.scope, sees_open(actor), path, limit, skip)
    return Checks(total=total, items=[_row(settings, row) for row in rows])


def settle(session: Session, settings: Settings, actor: Actor, check_id: UUID, told: SettleIn) -> CheckRow:
    """Say that a check was found, or that its time passed and it was not; once.

    Raises NotFoundError, ForbiddenError, InvalidInputError (days), ConflictError (settled before).
    """
    row = _held(session, check_id)
    actor.scope.check_unit(row.unit_code, row.unit_path)
    if row.outcome is not None:
        raise ConflictError(f"这条暗查已有结论（{OUTCOMES[row.outcome]}），不能再改。", outcome=row.outcome)
    _check_days(settings, row, told)
    queries.settle(session, check_id, told.outcome, told.settled_on, actor.label, told.words)
    return _row(settings, _held(session, check_id))


def _check_days(settings: Settings, row: Row[Any], told: SettleIn) -> None:
    if told.settled_on > settings.today():
        raise InvalidInputError(f"结论日期 {told.settled_on} 在将来，{NOTHING_KEPT}请核对。")
    if told.settled_on < row.planted_on:
        raise InvalidInputError(f"结论日期 {told.settled_on} 早于埋设日期 {row.planted_on}，{NOTHING_KEPT}请核对。")
    if told.outcome == "found" and told.settled_on > row.until:
        raise InvalidInputError(f"{row.until} 之后才发现的，按“未被发现”记，{NOTHING_KEPT}", until=str(row.until))
    if told.outcome == "missed" and told.settled_on <= row.until:
        raise InvalidInputError(f"截止日期 {row.until} 过后才能记为“未被发现”，{NOTHING_KEPT}", until=str(row.until))


def _held(session: Session, check_id: UUID) -> Row[Any]:
    row = queries.one(session, check_id)
    if row is None:
        raise NotFoundError(f"没有编号为 {check_id} 的暗查。请在列表中查找。", id=str(check_id))
    return row


def _row(settings: Settings, row: Row[Any]) -> CheckRow:
    is_over = row.until < settings.today()
    known = {
        **row._asdict(),
        "unit": UnitName(code=row.unit_code, name=row.unit_name, level=row.unit_level),
        "is_over": is_over,
        "outcome_text": OUTCOMES[row.outcome] if row.outcome else "已到期，待结论" if is_over else "进行中",
    }
    return CheckRow.model_validate(known)
