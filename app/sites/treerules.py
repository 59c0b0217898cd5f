"""What a tenancy may be among those of its site, whose rows have id, parent_id, tenant_name, area_m2 and days."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app.errors import InvalidInputError
from app.settings import Settings
from app.sites import tree
from app.sites.placing import NOTHING_KEPT

MAX_DEPTH = 8
MAX_TENANCIES = 500  # of one site
MAX_DAYS_AHEAD = 366


def check(values: dict[str, Any], rows: Sequence[Any], settings: Settings) -> None:
    """Raise InvalidInputError for a tenancy that cannot be among those of its site (`rows`)."""
    check_day(values["started_on"], "入驻日期", settings)
    if values["lease_from"] and values["lease_to"] and values["lease_to"] < values["lease_from"]:
        raise InvalidInputError(f"租期止日早于起日。{NOTHING_KEPT}", problem="lease")
    under = tree.below(rows, values["id"])
    current = [row.tenant_name for row in under if row.ended_on is None]
    if values["sublets"] == "none" and current:
        raise InvalidInputError(
            f"名下还有转租（{'、'.join(current[:10])}），转租情况不能填“未转租”。{NOTHING_KEPT}", problem="sublets"
        )
    if any(row.parent_id == values["id"] and row.started_on < values["started_on"] for row in under):
        raise InvalidInputError(f"入驻日期晚于名下转租户的入驻日期。{NOTHING_KEPT}", problem="started_on")
    parts = [row.area_m2 for row in under if row.parent_id == values["id"] and row.ended_on is None]
    _check_areas(values["tenant_name"], values["area_m2"], parts)
    if values["parent_id"] is not None:
        _check_parent(values, rows, {row.id for row in under})


def _check_parent(values: dict[str, Any], rows: Sequence[Any], under: set[UUID]) -> None:
    known = {row.id: row for row in rows}
    parent = known.get(values["parent_id"])
    if parent is None:
        raise InvalidInputError(f"转租方不是这处场所的租户。请刷新后重选。{NOTHING_KEPT}", problem="parent_id")
    if parent.id == values["id"] or parent.id in under:
        raise InvalidInputError(
            f"转租方“{parent.tenant_name}”是该租户自己或其下级，会形成循环。请重选。{NOTHING_KEPT}", problem="parent_id"
        )
    if parent.ended_on is not None:
        raise InvalidInputError(
            f"转租方“{parent.tenant_name}”已于 {parent.ended_on} 退出，名下不能再有租户。{NOTHING_KEPT}",
            problem="parent_id",
        )
    if values["started_on"] < parent.started_on:
        raise InvalidInputError(
            f"入驻日期早于转租方“{parent.tenant_name}”的入驻日期 {parent.started_on}。{NOTHING_KEPT}",
            problem="started_on",
        )
    siblings = [r for r in rows if r.parent_id == parent.id and r.ended_on is None and r.id != values["id"]]
    let = [values["area_m2"], *(row.area_m2 for row in siblings)]
    _check_areas(parent.tenant_name, parent.area_m2, let)
    depth, above = 1, parent
    while above.parent_id is not None:
        depth, above = depth + 1, known[above.parent_id]
    if depth + _height(rows, values["id"]) >= MAX_DEPTH:
        raise InvalidInputError(f"转租层级超过 {MAX_DEPTH} 层，请核对转租方。{NOTHING_KEPT}", problem="parent_id")


def _check_areas(name: str, area_m2: float | None, parts_m2: Sequence[float | None]) -> None:
    """Nobody sub-lets more than they have; areas that nobody has stated count as none."""
    let_m2 = sum(part or 0 for part in parts_m2)
    if area_m2 is not None and let_m2 > area_m2:
        raise InvalidInputError(
            f"“{name}”面积 {area_m2:,.0f} 平方米，名下转租合计 {let_m2:,.0f} 平方米，超出了自身面积。"
            f"请核对面积。{NOTHING_KEPT}",
            problem="area_m2",
        )


def _height(rows: Sequence[Any], tenancy_id: UUID) -> int:
    """How many levels stand below a tenancy."""
    height, level = 0, {tenancy_id}
    while level := {row.id for row in rows if row.parent_id in level}:
        height += 1
    return height


def check_day(day: date, what: str, settings: Settings) -> None:
    """Raise InvalidInputError for a day that nobody can know of yet."""
    if day > settings.today() + timedelta(days=MAX_DAYS_AHEAD):
        raise InvalidInputError(f"{what} {day} 过远，最多可提前一年登记。{NOTHING_KEPT}", problem="day")


def check_room(rows: Sequence[Any]) -> None:
    """Raise InvalidInputError when a site has as many tenancies as it may."""
    if sum(row.ended_on is None for row in rows) >= MAX_TENANCIES:
        raise InvalidInputError(
            f"一处场所最多 {MAX_TENANCIES} 户租户。园区请按厂房分别登记场所。{NOTHING_KEPT}", problem="too_many"
        )
