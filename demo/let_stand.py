"""Exceptions of the demo's home village: one approved, one that waits, one refused, each about something left out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.determination import exceptions, showing
from app.determination.exceptions import Wanted
from app.determination.schemas import OmissionRow
from app.settings import Settings
from demo.home import home_grid
from demo.moments import present, standing
from demo.plan import Plan
from demo.sites import own_id
from demo.state import BUILDER

VILLAGE = replace(BUILDER, name="演示村主任")
TOWN = replace(BUILDER, name="演示镇工作人员")


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: the first of these kinds of which something is left out; `answer`: of the town, if any."""

    name: str
    reasons: Sequence[tuple[str, str]]
    days: int
    is_approved: bool = False
    answer: str | None = None


REQUESTS = (
    Request(
        "approved",
        (
            ("tenancy_lease_expired", "双方已谈妥续租，新合同正在镇里备案，月内签订；其间照常检查走访。"),
            ("site_overdue", "企业停产检修、大门封闭，村里每日在门外查看；恢复生产前入内检查。"),
            ("ground_gap", "高压走廊下定位不稳，已另派两人同行核看，下次巡查补上轨迹。"),
        ),
        20,
        is_approved=True,
        answer="同意，到期自动失效；逾期未办妥的按遗漏处理。",
    ),
    Request(
        "waiting",
        (
            ("site_never_visited", "业主在外地，约定下周二回厂开门，届时由村和镇一同入内检查。"),
            ("ground_never", "该片为在建工地，施工单位正在办理进场手续，办妥后补巡。"),
        ),
        10,
    ),
    Request(
        "refused",
        (
            ("site_no_safety_officer", "企业人手少，一时定不下安全员。"),
            ("ground_stale", "近期人手少，来不及巡查。"),
            ("finding_unreviewed", "人手少，还没有来得及审核。"),
        ),
        30,
        answer="不同意。人手少不能作为理由，请三日内补上，镇里可派人协助。",
    ),
)


def load_exceptions(session: Session, settings: Settings, plan: Plan) -> None:
    """Ask and decide, unless it was done."""
    clock = standing(settings, present(settings, plan))
    village = home_grid(plan.scene).unit_code
    for request in REQUESTS:
        _ask(session, clock, village, request)


def _ask(session: Session, settings: Settings, village: str, request: Request) -> None:
    for kind, reason in request.reasons:
        omitted = _first(session, settings, village, kind)
        if omitted is None:
            continue
        number = UUID(own_id(f"exception/{request.name}"))
        wanted = Wanted(kind, omitted.subject, settings.today() + timedelta(days=request.days), reason)
        asked = exceptions.request(session, settings, VILLAGE, number, village, wanted)
        if request.answer is not None and asked.state == "requested":
            exceptions.decide(session, settings, TOWN, number, request.is_approved, request.answer)
        return


def _first(session: Session, settings: Settings, village: str, kind: str) -> OmissionRow | None:
    """The first of a kind that is left out; None when nothing of it is."""
    rows = showing.rows(session, settings, BUILDER, village, (None, None), [kind], 1, 0).items
    return rows[0] if rows else None
