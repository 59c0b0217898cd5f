"""Showing orders to those in whose place they lie: lists with counts, one with its events."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.baselines import service as baselines
from app.cases import service as cases
from app.dispatch.easing import may_ease
from app.dispatch.officers import candidates
from app.dispatch.proving import NEEDED_PERCENT, key_of, seen_since
from app.dispatch.queries import listing as queries
from app.dispatch.queries import orders as order_queries
from app.dispatch.queries.listing import Asked
from app.dispatch.schemas import Counts, Event, Name, OrderDetail, OrderRow, Orders, Progress
from app.dispatch.settling import settle
from app.dispatch.wording import EVENTS, LEVELS, STATES, SUBJECT_KINDS, task_of
from app.errors import ForbiddenError, NotFoundError
from app.scope import Scope
from app.settings import Settings
from app.territory import service as territory


class Filters(NamedTuple):
    """What a list is asked for; None means any. `unit`: a code; `overdue`: only those."""

    state: str | None = None
    overdue: bool = False
    level: str | None = None
    unit: str | None = None
    officer: str | None = None
    kind: str | None = None
    subject: str | None = None
    q: str | None = None


def page(session: Session, settings: Settings, scope: Scope, wanted: Filters, limit: int, skip: int) -> Orders:
    """Orders of a scope as the evidence has them now. Raises NotFoundError or ForbiddenError for the unit."""
    asked = _asked(session, scope, wanted)
    today = settings.today()
    found = queries.listed(session, scope, asked, today, limit, skip)
    if settle(session, settings, [row.id for row in found]):
        found = queries.listed(session, scope, asked, today, limit, skip)
    return Orders(
        total=queries.count(session, scope, asked, today),
        counts=_counts(session, scope, asked, today),
        items=rows(session, settings, found),
    )


def counts(session: Session, settings: Settings, scope: Scope, path: str | None) -> Counts:
    """How many orders of a scope, at or below a unit (ltree path; None: all), stand how."""
    return _counts(session, scope, Asked(unit_path=path), settings.today())


def detail(session: Session, settings: Settings, scope: Scope, order_id: UUID) -> OrderDetail:
    """An order as the evidence has it now. Raises NotFoundError, or ForbiddenError outside the scope."""
    today = settings.today()
    settle(session, settings, [order_id])
    row = queries.one(session, order_id, today)
    if row is None:
        raise unknown(order_id)
    check_scope(scope, row)
    events = order_queries.events(session, order_id)
    return OrderDetail(
        **rows(session, settings, [row])[0].model_dump(),
        area=row.area_geojson,
        done_by=row.done_by,
        progress=_progress(session, settings, row),
        events=[Event(**event._asdict(), kind_text=EVENTS[event.kind]) for event in events],
        officers=candidates(session, scope, row.unit_path, row.grid_code, today),
        may_ease=may_ease(session, scope, row),
    )


def check_scope(scope: Scope, order: Row[Any]) -> None:
    """Raise ForbiddenError unless an order lies in a scope."""
    if not scope.holds_grid(order.grid_code or "", order.unit_path):
        raise ForbiddenError("这张派单不在您的管辖范围内。如需查看，请联系上级单位。", id=str(order.id))


def unknown(order_id: UUID) -> NotFoundError:
    """The refusal of an id that no order has."""
    return NotFoundError(f"没有编号为 {order_id} 的派单。请检查编号，或在列表中查找。", id=str(order_id))


def rows(session: Session, settings: Settings, found: Sequence[Row[Any]]) -> list[OrderRow]:
    """Orders as they are shown, with names; each name is asked for once."""
    today = settings.today()
    officers = territory.officers_by_code(session, {row.officer_code for row in found})
    units = territory.units_by_code(session, {row.unit_code for row in found})
    grids = territory.grid_names(session, {row.grid_code for row in found if row.grid_code}, today)
    lists = _lists(session, settings, found)
    supervised = _supervised(session, found)
    return [
        OrderRow(
            **_same(row, OrderRow.model_fields),
            subject_kind_text=SUBJECT_KINDS[row.subject_kind],
            subject_id=key_of(row) or None,
            baseline_id=lists.get(row.subject),
            task=task_of(row.subject_kind, row.omission),
            unit=Name(code=row.unit_code, name=units[row.unit_code].name),
            grid=None
            if row.grid_code is None
            else Name(code=row.grid_code, name=grids.get(row.grid_code, row.grid_code)),
            officer=Name(code=row.officer_code, name=officers[row.officer_code].name),
            officer_phone=officers[row.officer_code].phone,
            days_left=(row.deadline - today).days,
            state_text=STATES[row.state],
            level_text=LEVELS[row.level],
            supervised=supervised.get(row.subject),
        )
        for row in found
    ]


def _same(row: Row[Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: value for name, value in row._asdict().items() if name in set(names)}


def _asked(session: Session, scope: Scope, wanted: Filters) -> Asked:
    path = territory.unit_in_scope(session, scope, wanted.unit).path if wanted.unit else None
    words = " ".join((wanted.q or "").split()) or None
    return Asked(wanted.state, wanted.overdue, wanted.level, path, wanted.officer, wanted.kind, wanted.subject, words)


def _counts(session: Session, scope: Scope, asked: Asked, today: date) -> Counts:
    found = queries.counts(session, scope, asked, today)
    by_state = {state: sum(row.orders for row in found if row.state == state) for state in STATES}
    levels = {level: sum(row.orders for row in found if row.state == "open" and row.level == level) for level in LEVELS}
    return Counts(**by_state, overdue=sum(row.overdue for row in found), levels=levels)


def _lists(session: Session, settings: Settings, found: Sequence[Row[Any]]) -> dict[str, UUID]:
    ids = {int(key_of(row)) for row in found if row.subject_kind == "baseline_row"}
    stands = baselines.row_stands(session, settings, ids)
    return {f"baseline_row:{row_id}": stand.baseline_id for row_id, stand in stands.items()}


def _supervised(session: Session, found: Sequence[Row[Any]]) -> dict[str, str]:
    """Which of the cases that orders are about are 挂牌督办, and by which level."""
    ids = {UUID(key_of(row)) for row in found if row.subject_kind == "case"}
    known = cases.endings(session, ids) if ids else {}
    return {
        f"case:{case_id}": f"{LEVELS[case.supervised_level]}挂牌督办"
        for case_id, case in known.items()
        if case.supervised_level is not None
    }


def _progress(session: Session, settings: Settings, row: Row[Any]) -> Progress | None:
    if row.subject_kind not in ("ground", "grid") or row.state == "withdrawn":
        return None
    seen = seen_since(session, settings, row)
    whole = max(seen.cells, 1)
    return Progress(
        tracked_percent=seen.tracked * 1000 // whole / 10,
        declared_percent=seen.declared * 1000 // whole / 10,
        needed_percent=NEEDED_PERCENT,
    )
