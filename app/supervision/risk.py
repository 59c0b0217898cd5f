"""The risk that remains, of a unit on a day: estimated, bounded, and said with its assumptions; never nothing."""

from datetime import date

from sqlalchemy.orm import Session

from app.scope import Scope
from app.settings import Settings
from app.supervision.queries import risk as queries
from app.supervision.residual import ASSUMPTIONS, CONFIDENCE, Bound, chapman, missed_share
from app.supervision.schemas import MissedShare, ResidualRisk, UnitName, UnseenSites
from app.territory.schemas import UnitRow

DAYS = 365
_CHAPMAN = "Chapman（1951）双名单估计，区间由超几何分布精确反推"
_BINOMIAL = "Clopper–Pearson（1934）精确二项单侧上限"
_PERCENT = round(100 * CONFIDENCE)


def residual_risk(session: Session, settings: Settings, scope: Scope, unit: UnitRow, on: date) -> ResidualRisk:
    """What remains in a unit on a local day. Raises ForbiddenError when the unit lies outside the scope."""
    scope.check_unit(unit.code, unit.path)
    unseen, why_not = _unseen(session, unit, on)
    checks = queries.checks(session, scope, unit.path, on, settings.time_zone)
    planted = queries.planted(session, scope, unit.path, on)
    rechecks = _share(missed_share(checks.trials, checks.misses), "随机复查", "漏查") if checks.trials else None
    settled = planted.found + planted.missed
    share = _share(missed_share(settled, planted.missed), "暗查", "未被发现") if settled else None
    return ResidualRisk(
        on=on,
        unit=UnitName(code=unit.code, name=unit.name, level=unit.level),
        unseen_sites=unseen,
        unseen_sites_why_not=why_not,
        rechecks=rechecks,
        rechecks_why_not=None if rechecks else f"近 {DAYS} 天没有定稿的随机现场督导，不能给出漏查比例的上限。",
        others=checks.not_drawn,
        other_misses=checks.not_drawn_misses,
        planted=share,
        planted_why_not=None if share else f"近 {DAYS} 天没有已有结论的暗查，不能给出发现能力。",
        statement=_statement(unseen, rechecks, share),
    )


def _unseen(session: Session, unit: UnitRow, on: date) -> tuple[UnseenSites | None, str | None]:
    register = queries.register(session, unit.path, on)
    if register is None:
        return None, f"没有覆盖{unit.name}全境、由市场监管部门独立提供的名录，无法用两份名单互相核对。请先导入底单。"
    if register.state != "ready":
        return None, f"名录“{register.name}”尚未完成匹配，请等匹配完成。"
    lists = queries.lists(session, register.id, unit.path, on)
    second = lists.matched_sites + lists.open_rows
    if not second:
        return None, f"名录“{register.name}”在{unit.name}内没有仍存在的企业，无法互相核对。"
    if not lists.field:
        return None, f"{unit.name}还没有网格员实地走访过的场所，无法互相核对。"
    found = chapman(lists.field, second, lists.shared)
    high = "没有上限" if found.unseen_high is None else f"{found.unseen_high} 处为止"
    text = (
        f"实地走访掌握 {found.first} 处，名录“{register.name}”有 {found.second} 处，两者共有 {found.both} 处，"
        f"合计掌握 {found.seen} 处；估计还有约 {found.unseen} 处两边都没有"
        f"（{_PERCENT}% 区间：{found.unseen_low} 处起，{high}）。"
    )
    return (
        UnseenSites(
            field=found.first,
            register_name=register.name,
            register_as_of=register.as_of,
            register_sites=found.second,
            both=found.both,
            known=found.seen,
            estimate=found.seen + found.unseen,
            estimate_low=found.low,
            estimate_high=found.high,
            unseen=found.unseen,
            unseen_low=found.unseen_low,
            unseen_high=found.unseen_high,
            confidence_percent=_PERCENT,
            method=_CHAPMAN,
            assumptions=list(ASSUMPTIONS),
            text=text,
        ),
        None,
    )


def _share(bound: Bound, what: str, missed: str) -> MissedShare:
    found = f"{missed} {bound.misses} 项" if bound.misses else f"没有一项{missed}"
    return MissedShare(
        trials=bound.trials,
        misses=bound.misses,
        upper_percent=bound.upper_percent,
        confidence_percent=_PERCENT,
        method=_BINOMIAL,
        text=f"近 {DAYS} 天{what} {bound.trials} 项，{found}；{missed}的比例不高于 {bound.upper_percent:g}%"
        f"（单侧 {_PERCENT}% 上限）。",
    )


def _statement(unseen: UnseenSites | None, rechecks: MissedShare | None, planted: MissedShare | None) -> str:
    parts = [one.text for one in (unseen, rechecks, planted) if one is not None]
    if not parts:
        return "剩余风险未知：既无独立名录可核对，也无随机复查和暗查。未发现遗漏不等于没有遗漏。"
    return "".join(parts) + "以上是统计估计，不能证明没有遗漏。"
