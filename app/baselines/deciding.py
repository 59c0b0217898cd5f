"""What a person says a row is: this site, none that is known, or no such firm on the ground."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.actor import Actor
from app.baselines import service
from app.baselines.queries import lists, rows
from app.baselines.schemas import ROW_STATES, DecisionIn, RowDetail
from app.errors import ConflictError, InvalidInputError, NotFoundError
from app.settings import Settings
from app.sites import service as sites

CHOSEN = "人工选定"


def decide(
    session: Session, settings: Settings, actor: Actor, baseline_id: UUID, row_id: int, decision: DecisionIn
) -> RowDetail:
    """Write a decision down; the row as it is then.

    Raises NotFoundError (list, row, site, tenancy), ForbiddenError (row or site outside the scope), InvalidInputError,
    or ConflictError (withdrawn, or the row is not what the person saw).
    """
    baseline = service.in_force(session, actor, baseline_id)
    row = service.row_in_scope(session, actor, baseline.id, row_id, rows.NOTHING_CHECKED, lock=True)
    if decision.seen is not None and decision.seen != row.state:
        raise ConflictError(
            f"第 {row.row_number} 行现在是“{ROW_STATES[row.state]}”，已不是您看到的状态，未保存。请刷新后重新判断。",
            state=row.state,
        )
    values = _values(session, settings, actor, baseline, row, decision)
    before = {"site_id": _text(row.site_id), "tenancy_id": _text(row.tenancy_id), "decided_by": row.decided_by}
    rows.decide(session, row.id, {**values, "by_name": actor.label})
    lists.add_event(
        session,
        {
            "baseline_id": baseline.id,
            "row_id": row.id,
            "kind": "decided",
            "from_state": row.state,
            "to_state": decision.state,
            "facts": {
                "before": before,
                "site_id": _text(values["site_id"]),
                "tenancy_id": _text(values["tenancy_id"]),
                "visited_on": _text(values["visited_on"]),
            },
            "words": decision.why,
            "by_account": actor.account_id,
            "by_name": actor.label,
        },
    )
    return service.row(session, settings, actor, baseline.id, row_id)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _values(
    session: Session, settings: Settings, actor: Actor, baseline: Row[Any], row: Row[Any], decision: DecisionIn
) -> dict[str, Any]:
    nothing: dict[str, Any] = {"site_id": None, "tenancy_id": None, "score": None, "reasons": [], "visited_on": None}
    values = {**nothing, "state": decision.state, "why": decision.why or CHOSEN}
    if decision.state == "matched":
        if decision.visited_on is not None:
            raise InvalidInputError("走访日期只用于“查无此企业”，未保存。请去掉日期。", problem="visited_on")
        return values | _match(session, actor, row, decision)
    if decision.site_id is not None or decision.tenancy_id is not None:
        raise InvalidInputError("只有“已匹配”才能选择场所，未保存。", problem="site_id")
    if decision.why is None:
        raise InvalidInputError("请写明理由：为什么没有对应的场所，或现场看到了什么。未保存。", problem="why")
    if decision.state == "absent":
        return values | {"visited_on": _visited(settings, baseline, decision)}
    if decision.visited_on is not None:
        raise InvalidInputError("走访日期只用于“查无此企业”，未保存。请去掉日期。", problem="visited_on")
    return values


def _visited(settings: Settings, baseline: Row[Any], decision: DecisionIn) -> Any:
    """The day somebody looked, which cannot be before the list nor to come."""
    day = decision.visited_on
    if day is None:
        raise InvalidInputError("认定“查无此企业”须有人到过现场：请填写走访日期。未保存。", problem="visited_on")
    if day > settings.today():
        raise InvalidInputError(f"走访日期 {day} 在将来，未保存。请核对。", problem="visited_on")
    if day < baseline.as_of:
        raise InvalidInputError(
            f"走访日期 {day} 早于名单日期 {baseline.as_of}，不能说明名单中的企业不存在，未保存。请重新走访核实。",
            problem="visited_on",
        )
    return day


def _match(session: Session, actor: Actor, row: Row[Any], decision: DecisionIn) -> dict[str, Any]:
    if decision.site_id is None:
        raise InvalidInputError("请选择所匹配的场所，未保存。", problem="site_id")
    site = sites.site_in_scope(session, actor.scope, decision.site_id)
    if site.is_removed:
        raise ConflictError(f"场所“{site.name}”已移出，不能匹配，未保存。", site_id=str(site.id))
    if decision.tenancy_id is not None:
        tenancy = sites.tenancy_brief(session, [decision.tenancy_id]).get(decision.tenancy_id)
        if tenancy is None or tenancy.site_id != site.id:
            raise NotFoundError(f"场所“{site.name}”中没有这个租户，未保存。请刷新后重选。", site_id=str(site.id))
    chosen = next(
        (
            each
            for each in rows.candidates(session, [row.id]).get(row.id, [])
            if (each.site_id, each.tenancy_id) == (decision.site_id, decision.tenancy_id)
        ),
        None,
    )
    return {
        "site_id": decision.site_id,
        "tenancy_id": decision.tenancy_id,
        "score": chosen.score if chosen else None,
        "reasons": [*(chosen.reasons if chosen else []), CHOSEN],
    }
