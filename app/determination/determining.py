"""Whether a unit can be signed for a period: what is left out, less approved exceptions, against the policy."""

from collections import Counter
from datetime import date

from sqlalchemy.orm import Session

from app.determination import exceptions, gathering, policies
from app.determination.kinds import KINDS
from app.determination.schemas import ChildCount, Determination, KindCount, PolicyHeld, Threshold, UnitName
from app.determination.sources import Asked
from app.errors import InvalidInputError
from app.omitted import OmittedCount
from app.scope import EVERYTHING
from app.settings import Settings
from app.territory import service as territory
from app.territory.schemas import UnitRow

EARLIEST = date(2000, 1, 2)  # before it no day of coverage is counted
# What is found on the last day is no answer for decades: nobody looks at a paper's first day as closely.
LONGEST_DAYS = 366


def period(settings: Settings, first_day: date | None, last_day: date | None) -> tuple[date, date]:
    """A period as asked for: up to today, from the first of the month of its last day, unless said otherwise.

    Raises InvalidInputError for days to come or before all records, for a period that ends before it begins, and for
    one above `LONGEST_DAYS`.
    """
    last = last_day or settings.today()
    first = first_day or last.replace(day=1)
    if last > settings.today():
        raise InvalidInputError(f"{last} 还没有到，不能认定。请选择今天或以前的日期。", last_day=last.isoformat())
    if last < EARLIEST:
        raise InvalidInputError(f"结束日期 {last} 过早，请选择 {EARLIEST} 或以后的日期。", last_day=last.isoformat())
    if first > last:
        raise InvalidInputError(f"开始日期 {first} 晚于结束日期 {last}。请改正。", first_day=first.isoformat())
    if (last - first).days >= LONGEST_DAYS:
        raise InvalidInputError(
            f"{first} 至 {last} 超过 {LONGEST_DAYS} 天，一次认定最长 {LONGEST_DAYS} 天。请改正开始日期。",
            first_day=first.isoformat(),
        )
    return first, last


def asked_of(session: Session, settings: Settings, path: str, first_day: date, last_day: date) -> Asked:
    """The question as sources take it. Who may ask was checked by the unit: nothing below it is hidden."""
    return Asked(session, settings, EVERYTHING, path, first_day, last_day)


def determine(session: Session, settings: Settings, unit: UnitRow, first_day: date, last_day: date) -> Determination:
    """What is left out at or below a unit on the last day of a period, and whether that stands against a signature.

    Whoever calls has checked that the unit lies in the actor's scope, and the period.
    """
    return determined(session, settings, unit, first_day, last_day)[0]


def determined(
    session: Session, settings: Settings, unit: UnitRow, first_day: date, last_day: date
) -> tuple[Determination, list[OmittedCount]]:
    """The determination, and the counts by unit that it was made from."""
    asked = asked_of(session, settings, unit.path, first_day, last_day)
    found = gathering.counts(asked)
    policy = policies.held(session, unit.path, last_day)
    covering = exceptions.covering(asked)
    counts = _counts(found, policy, covering)
    told = Determination(
        unit=UnitName(code=unit.code, name=unit.name, level=unit.level),
        path=unit.path,
        first_day=first_day,
        last_day=last_day,
        counts=counts,
        policy=policy,
        exceptions=[each.exception for each in covering],
        blocks=any(count.blocks for count in counts),
    )
    return told, found


def children(session: Session, unit: UnitRow, found: list[OmittedCount]) -> tuple[list[ChildCount], int]:
    """Counts by the units straight below, and how many are left out in none of them."""
    below = territory.children(session, unit.code)
    kinds: dict[str, Counter[str]] = {child.path: Counter() for child in below}
    depth = unit.path.count(".") + 2
    outside = 0
    for count in found:
        head = ".".join((count.unit_path or "").split(".")[:depth])
        if head in kinds:
            kinds[head][count.kind] += count.number
        else:
            outside += count.number
    return [
        ChildCount(
            unit=UnitName(code=child.code, name=child.name, level=child.level),
            number=sum(number for kind, number in kinds[child.path].items() if KINDS[kind].category != "signoff"),
            kinds={kind: kinds[child.path][kind] for kind in KINDS if kinds[child.path][kind]},
        )
        for child in below
    ], outside


def _counts(found: list[OmittedCount], policy: PolicyHeld, covering: list[exceptions.Covering]) -> list[KindCount]:
    sums = gathering.by_kind(found)
    excepted = {code: gathering.Sum(0, 0.0 if kind.has_area else None) for code, kind in KINDS.items()}
    for each in covering:
        kind = each.omitted.kind
        excepted[kind] = excepted[kind].plus(1, each.omitted.area_m2)
    return [_count(code, sums[code], excepted[code], policies.limit_of(policy, code)) for code in KINDS]


def _count(code: str, all_of: gathering.Sum, excepted: gathering.Sum, limit: Threshold) -> KindCount:
    kind = KINDS[code]
    number = all_of.number - excepted.number
    area_m2 = (all_of.area_m2 or 0.0) - (excepted.area_m2 or 0.0)
    return KindCount(
        kind=code,
        category=kind.category,
        text=kind.text,
        number=all_of.number,
        area_m2=all_of.area_m2,
        excepted=excepted.number,
        excepted_m2=excepted.area_m2,
        limit=limit,
        blocks=number > 0 and _is_beyond(number, area_m2, limit),
    )


def _is_beyond(number: int, area_m2: float, limit: Threshold) -> bool:
    if limit.count is not None and number > limit.count:
        return True
    return limit.area_m2 is not None and area_m2 > limit.area_m2
