"""How a unit stands: put together from what other features answer, each asked once."""

from collections import Counter
from dataclasses import replace

from sqlalchemy.orm import Session

from app.actor import Actor
from app.baselines import service as baselines
from app.cases import service as cases
from app.coverage import service as coverage
from app.coverage.schemas import CoverageRow
from app.determination import service as determination
from app.dispatch import service as dispatch
from app.errors import NotFoundError
from app.leads import service as leads
from app.live import service as live
from app.overview.schemas import (
    CaseFigures,
    ListRate,
    ListRates,
    Overview,
    Register,
    Signing,
    SpotRow,
    Spots,
    TrendPoint,
)
from app.rights import Right
from app.scope import Scope
from app.settings import Settings
from app.sites import service as sites
from app.territory import service as territory
from app.territory.schemas import UnitRow

TREND_DAYS = 91
WORST_SPOTS = 6
NEWEST_LISTS = 6
MIN_SPOT_M2 = 100.0


def overview(session: Session, settings: Settings, actor: Actor, code: str | None) -> Overview:
    """A unit of the actor's scope, its topmost by None. Raises NotFoundError, ForbiddenError."""
    unit = _unit(session, actor.scope, code)
    # The unit lies in the scope, so nothing in the unit lies beyond it.
    here = replace(actor, scope=Scope(unit_paths=(unit.path,)))
    covered = coverage.unit_coverage(session, settings, actor.scope, unit.code)
    today = live.today(session, settings, here.scope, unit.code) if actor.may(Right.READ_DUTY) else None
    return Overview(
        at=settings.now(),
        on=covered.on,
        horizon_days=today.horizon_days if today else 0,
        path=covered.path,
        unit=covered.unit,
        children=covered.children,
        trend=_trend(session, settings, unit),
        spots=_spots(session, settings, here.scope, unit),
        today=today.unit if today else None,
        sites=sites.counts_by_state(session, settings, here.scope) if actor.may(Right.READ_SITES) else None,
        cases=_cases(session, settings, here) if actor.may(Right.READ_CASES) else None,
        leads=_leads(session, settings, here) if actor.may(Right.READ_LEADS) else None,
        lists=_lists(session, settings, here) if actor.may(Right.READ_BASELINES) else None,
        orders=dispatch.counts(session, settings, here.scope) if actor.may(Right.READ_ORDERS) else None,
        signing=_signing(session, settings, here.scope, unit, covered.children),
    )


def _unit(session: Session, scope: Scope, code: str | None) -> UnitRow:
    if code is not None:
        return territory.unit_in_scope(session, scope, code)
    tops = territory.tops(session, scope)
    if not tops:
        raise NotFoundError("尚无区划数据，或您的管辖范围内没有单位。请先导入区划，或联系系统管理员。")
    return tops[0]


def trend(session: Session, settings: Settings, actor: Actor, code: str) -> list[TrendPoint]:
    """A unit of the actor's scope, day by day. Raises NotFoundError, ForbiddenError."""
    return _trend(session, settings, territory.unit_in_scope(session, actor.scope, code))


def _trend(session: Session, settings: Settings, unit: UnitRow) -> list[TrendPoint]:
    """Ninety days ago, and each day since."""
    return [
        TrendPoint(on=on, covered_percent=shares.covered_percent, declared_percent=shares.declared_percent)
        for on, shares in coverage.share_history(session, settings, unit.path, TREND_DAYS)
    ]


def _spots(session: Session, settings: Settings, scope: Scope, unit: UnitRow) -> Spots:
    found = coverage.blind_spots(session, settings, scope, unit.code, min_area_m2=MIN_SPOT_M2, limit=WORST_SPOTS)
    facts = [feature["properties"] for feature in found.features]
    return Spots(
        total_m2=found.total_m2,
        items=[SpotRow.model_validate(each | {"officer_name": (each["officer"] or {}).get("name")}) for each in facts],
    )


def _signing(session: Session, settings: Settings, scope: Scope, unit: UnitRow, children: list[CoverageRow]) -> Signing:
    since, _ = determination.period(settings, None, None)
    states = {each.unit_code: each.state for each in determination.signed_since(session, scope, unit.path, since)}
    below = [child.code for child in children if child.level != "grid"]
    counts = Counter(states.get(code, "unsigned") for code in below)
    return Signing(
        since=since,
        own=states.get(unit.code),
        children=len(below),
        valid=counts["valid"],
        superseded=counts["superseded"],
        sent_back=counts["sent_back"],
        unsigned=counts["unsigned"],
    )


def _cases(session: Session, settings: Settings, here: Actor) -> CaseFigures:
    counts = cases.counts(session, settings, here.scope)
    return CaseFigures(states=counts.states, omissions=counts.omissions, supervised=counts.supervised)


def _leads(session: Session, settings: Settings, here: Actor) -> Register:
    states, omissions = leads.counts(session, settings, here.scope)
    return Register(states=states, omissions=omissions)


def _lists(session: Session, settings: Settings, here: Actor) -> ListRates:
    found = baselines.page(session, settings, here, None, False, NEWEST_LISTS, 0)
    items = [
        ListRate(
            id=each.id,
            name=each.name,
            kind_text=each.kind_text,
            as_of=each.as_of,
            rows=each.figures.rows,
            checked=each.figures.checked,
            percent=each.figures.check_rate_percent,
        )
        for each in found.items
    ]
    return ListRates(total=found.total, items=items)
