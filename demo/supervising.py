"""Supervision of the demo: two samples with published seeds, most forms filled in, and checks planted on purpose."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.db import transaction
from app.settings import Settings
from app.supervision import answers, plans, planted
from app.supervision.schemas import AnswerIn, CheckIn, ItemDetail, LineOut, PlanIn, SettleIn
from app.supervision.schemas.codes import Kind
from demo.intentions import WHOLE_TOWN
from demo.moments import ago, present, standing
from demo.people import COUNTY_CODE
from demo.plan import Plan
from demo.sites import DemoSite, own_id
from demo.state import BUILDER

SUPERVISOR = replace(BUILDER, name="演示督导")
MORNING = time(9)


@dataclass(frozen=True, slots=True)
class Sample:
    """A plan: drawn so many days ago; of its items the first `final` are done and the next `drafts` are begun."""

    name: str
    kind: Kind
    title: str
    seed: str
    drawn_ago: int
    final: int
    drafts: int


PROVINCIAL = Sample("provincial", "provincial", "专项督导（省级规则）", "演示摇号 0731 2856 9014", 12, 24, 3)
COUNTY = Sample("city", "city", "专项督导（市县规则）", "演示摇号 4406 1193 8527", 5, 9, 2)
OMISSION_EVERY = 11  # of the places looked into, one in so many was found to have been left out
OMITTED = "演示：同一院内还有一间喷漆房在生产，系统里没有登记，已当场告知镇里登记并立案。"
NOTHING = "演示：现场与系统记录一致，未发现漏查。"
NOT_DONE = "演示：设备已停，尚余吨桶待危废单位清运，约定本月底前完成。"
TOLD = {
    19: "演示：已由“小化工”延伸到熔炼、喷涂、粉尘等各类，逐村过筛，问题录入清单跟踪整治。",
    20: "演示：对取缔关闭和停产停业企业逐家回看，未见擅自恢复生产；个别厂房已转租，按新场所登记。",
}
PARTLY = {3: "演示：集中办公，但电力部门人员未常驻。", 11: "演示：台帐已建立，2 家信息不全。"}

# What was put where, in days before today: planted, to be found by, settled; None: nobody has said yet.
DAYS = ((70, 50, 61), (62, 40, 48), (55, 35, 50), (48, 30, 41), (40, 20, 33), (33, 14, 26), (28, 8, 19), (21, 3, 12))
OPEN_DAYS = ((6, -10, None), (2, -14, None))
MISSED_AT = 5  # of the settled ones, over all rounds
ROUNDS = 2
PUT = (
    "闲置民房内摆放 6 只贴有检查标记的空桶",
    "停产厂房门口张贴“招工”告示，模拟恢复生产",
    "厂中厂三楼隔间挂牌“样品室”，模拟新入驻租户",
    "路边仓库夜间亮灯并停放无标识货车",
)


def load_supervision(engine: Engine, settings: Settings, plan: Plan, sites: Sequence[DemoSite]) -> None:
    """Draw, fill in and plant, unless it was done."""
    now = present(settings, plan)
    city = next((unit.code for unit in plan.units if unit.level == "city"), None)
    for sample, unit_code in ((PROVINCIAL, city), (COUNTY, COUNTY_CODE)):
        if unit_code is not None:
            with transaction(engine) as session:
                _supervise(session, settings, sample, unit_code, now)
    with transaction(engine) as session:
        for number, check in enumerate(_checks(plan, sites, now)):
            _plant(session, standing(settings, now), number, *check)


def _supervise(session: Session, settings: Settings, sample: Sample, unit_code: str, now: datetime) -> None:
    drawn = ago(now, sample.drawn_ago, MORNING)
    told = PlanIn(
        id=UUID(own_id(f"supervision/{sample.name}")),
        name=f"演示：{drawn:%Y}年{drawn.month}月{sample.title}",
        kind=sample.kind,
        unit_code=unit_code,
        seed=sample.seed,
    )
    detail, is_known = plans.create(session, standing(settings, drawn), SUPERVISOR, told)
    if is_known:
        return
    clock = standing(settings, now)
    wanted = detail.listed[: sample.final + sample.drafts]
    for at, row in enumerate(wanted):
        item = answers.detail(session, clock, SUPERVISOR, row.id)
        _answer(session, clock, item, is_final=at < sample.final)


def _answer(session: Session, settings: Settings, item: ItemDetail, is_final: bool) -> None:
    omitted = item.form != "F5" and item.ordinal % OMISSION_EVERY == 0
    lines = item.lines if is_final else item.lines[: len(item.lines) // 2]
    body: dict[str, Any] = {
        "id": own_id(f"answer/{item.id}"),
        "version": 0,
        "answers": {str(line.number): _said(item, line) for line in lines},
        "is_final": is_final,
        "found_omission": omitted if is_final else None,
        "words": (OMITTED if omitted else NOTHING) if is_final else None,
        "position": None if item.lon is None else {"lon": item.lon, "lat": item.lat},
    }
    answers.answer(session, settings, SUPERVISOR, item.id, AnswerIn.model_validate(body))


def _said(item: ItemDetail, line: LineOut) -> dict[str, Any]:
    """What the system knows is confirmed; the rest as the paperwork of a county mostly is."""
    if line.answering == "number":
        return {"number": 30 * line.number}
    if line.answering == "words":
        known = None if line.known is None else f"演示：查阅台帐，与系统一致：{line.known.text}"
        return {"words": known or TOLD.get(line.number) or (NOT_DONE if _is_unfinished(item) else None)}
    if line.known is not None and line.known.answer is not None:
        return {"answer": line.known.answer}
    if item.form == "F5":
        words = PARTLY.get(line.number)
        return {"answer": "yes" if words is None else "partly", "words": words}
    is_plain = item.subject.startswith("site:")
    return {"answer": ("no" if line.number == 1 else "not_applicable") if is_plain else "no"}


def _is_unfinished(item: ItemDetail) -> bool:
    """Whether something is still to be done at a case."""
    known = [line.known.answer for line in item.lines if line.known is not None]
    return item.subject.startswith("case:") and any(answer in ("no", "partly") for answer in known)


def _checks(plan: Plan, sites: Sequence[DemoSite], now: datetime) -> Iterator[tuple[Any, ...]]:
    """Where, what, and the three days of each check: some in each village of which nothing is left out."""
    whole = [grid for grid in plan.scene.grids if grid.unit_code.startswith(WHOLE_TOWN)]
    spots = [grid.geometry.representative_point() for grid in whole]
    known = [(grid.unit_code, (spot.x, spot.y)) for grid, spot in zip(whole[:6], spots, strict=False)]
    placed = [site for site in sites if site.grid and site.position]
    known += [(site.grid.unit_code, site.position) for site in placed[::7] if site.grid and site.position]
    for number, days in enumerate((*DAYS * ROUNDS, *OPEN_DAYS)):
        unit_code, position = known[number % len(known)]
        outcome = None if days[2] is None else "missed" if number == MISSED_AT + len(DAYS) else "found"
        yield unit_code, position, PUT[number % len(PUT)], days, outcome, now.date()


def _plant(
    session: Session,
    settings: Settings,
    number: int,
    unit_code: str,
    position: tuple[float, float],
    what: str,
    days: tuple[int, int, int | None],
    outcome: str | None,
    today: Any,
) -> None:
    planted_on, until = (today - timedelta(days=each) for each in days[:2])
    body = {
        "id": own_id(f"planted/{number}"),
        "unit_code": unit_code,
        "what": f"演示：{what}",
        "place": {"lon": position[0], "lat": position[1]},
        "planted_on": planted_on,
        "until": until,
    }
    check, is_known = planted.plant(session, settings, SUPERVISOR, CheckIn.model_validate(body))
    if is_known or outcome is None or days[2] is None:
        return
    was_found = outcome == "found"
    settled_on = today - timedelta(days=days[2]) if was_found else until + timedelta(days=1)
    words = "演示：网格员巡查时发现并上报。" if was_found else "演示：到期无人上报，已在讲评会上通报。"
    told = {"outcome": outcome, "settled_on": settled_on, "words": words}
    planted.settle(session, settings, SUPERVISOR, check.id, SettleIn.model_validate(told))
