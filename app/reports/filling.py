"""A form for a unit and a period, filled in from cases, visits and efforts."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.actor import Actor
from app.cases import service as cases
from app.cases.schemas import CaseForForms
from app.errors import InvalidInputError, TooLargeError
from app.reports import efforts
from app.reports.cases import Area, FormCase, Period
from app.reports.forms import f1, f2, f3, f4, figures
from app.reports.lists import chemicals
from app.reports.queries import standing as queries
from app.reports.queries.standing import Standing
from app.reports.schemas import FormCode
from app.reports.table import Table
from app.settings import Settings
from app.territory import service as territory
from app.territory.schemas import UnitRow

MAX_ROWS = 20_000
LEVELS = ("province", "city", "county", "town", "village")


class Filled(NamedTuple):
    """A form with where it belongs. `levels_checked`: units whose parts were added up; None: the form has no parts."""

    table: Table
    unit: Area
    period: Period
    levels_checked: int | None


def unit_asked(session: Session, actor: Actor, code: str | None) -> Area:
    """The unit of a code, or the first of the topmost ones of the actor's scope.

    Raises NotFoundError, ForbiddenError outside the scope, InvalidInputError when the scope holds no unit.
    """
    if code is not None:
        return area(territory.unit_in_scope(session, actor.scope, code))
    tops = territory.tops(session, actor.scope)
    if not tops:
        raise InvalidInputError("您的管辖范围内没有区划单位，无法生成报表。请联系系统管理员。")
    return area(tops[0])


def fill(session: Session, settings: Settings, actor: Actor, form: FormCode, unit: Area, period: Period) -> Filled:
    """The form. Raises InvalidInputError for days in the wrong order, TooLargeError above `MAX_ROWS` cases."""
    check_period(settings, period)
    known = Period(period.first_day, min(period.last_day, settings.today()))  # nothing is known of days to come
    found = cases_of(session, actor, unit, known)
    checked: int | None = None
    if form == "F1":
        table = f1.table(found, known)
    elif form == "F3":
        table = f3.table(found, known)
    else:
        sites = queries.sites_visited(session, actor.scope, unit.path, *known)
        if form == "F2":
            table = f2.table(unit, below_of(session, unit), found, sites, known)
            checked = _check_levels(session, unit, found, sites)
        else:
            table = f4.table(found, sum(sites.values()), efforts.in_period(session, unit, known), known)
    return Filled(table, unit, period, checked)


def cases_of(session: Session, actor: Actor, unit: Area, period: Period) -> list[FormCase]:
    """The cases of a period (see `app.reports.cases`), by the day they were found."""
    rows = cases.cases_for_forms(session, actor.scope, unit.path, None, period.last_day)
    if len(rows) > MAX_ROWS:
        raise TooLargeError(
            f"{unit.name}有 {len(rows):,} 件问题，超过一张表的上限 {MAX_ROWS:,} 件。请按下级单位分别生成。",
            limit_rows=MAX_ROWS,
        )
    stood = queries.standings(session, [row.id for row in rows], period.last_day)
    return [_case(row, stood.get(row.id), period) for row in rows if not _is_off_the_list(stood.get(row.id), period)]


def area(row: UnitRow) -> Area:
    """A unit as the forms need it."""
    return Area(row.code, row.name, row.level, row.path)


def below_of(session: Session, unit: Area) -> list[Area]:
    """The units straight below a unit, by code."""
    return [area(row) for row in territory.children(session, unit.code)]


def units_within(session: Session, unit: Area) -> list[Area]:
    """A unit and all below it, higher levels first."""
    row = territory.unit_or_404(session, unit.code)
    levels = LEVELS[LEVELS.index(unit.level) :]
    return [area(each) for level in levels for each in territory.units_within(session, row, level)]


def check_period(settings: Settings, period: Period) -> None:
    """Raise InvalidInputError for days in the wrong order or a period that has not begun."""
    if period.last_day < period.first_day:
        raise InvalidInputError(f"结束日期 {period.last_day} 早于开始日期 {period.first_day}。请改正后重试。")
    if period.first_day > settings.today():
        raise InvalidInputError(f"开始日期 {period.first_day} 在将来，尚无可统计的内容。请改正后重试。")


def _check_levels(session: Session, unit: Area, found: list[FormCase], sites: dict[str, int]) -> int:
    """Units compared with what lies below them. Raises RuntimeError for one that does not add up: a fault of ours."""
    units = units_within(session, unit)
    own = [case for case in found if not case.is_chemical]
    wrong = figures.levels_that_differ(units, f2.COUNTS, own, sites)
    if wrong:
        raise RuntimeError(f"F2 does not add up at {[each.code for each in wrong]}")
    return len(units)


def _is_off_the_list(stood: Standing | None, period: Period) -> bool:
    return stood is not None and stood.state == "struck_off" and stood.since < period.first_day


def _case(row: CaseForForms, stood: Standing | None, period: Period) -> FormCase:
    def is_due(day: date | None) -> bool:
        return day is None or day <= period.last_day

    town = row.town_name
    return FormCase(
        number=row.number,
        party_name=row.party_name,
        category=row.category,
        chemical_kind=row.chemical_kind,
        unit_path=row.unit_path,
        region=row.unit_name if town is None or town == row.unit_name else f"{town}{row.unit_name}",
        town=town or row.unit_name,
        address=row.address,
        responsible_name=row.responsible_name,
        stages=tuple(row.stages),
        chemicals=chemicals(row.chemicals),
        description=row.description,
        measures=row.measures,
        way_to_close=row.way_to_close,
        found_on=row.found_on,
        state="registered" if stood is None else stood.state,
        state_on=None if stood is None else stood.since,
        items_done=frozenset(() if stood is None else stood.items_done),
        is_shut=row.is_shut,
        is_suspended=row.is_suspended,
        is_dismantled=row.is_dismantled,
        is_filed=row.filed_on is not None and row.filed_on <= period.last_day,
        fine_wan=row.fine_wan if is_due(row.fined_on) else Decimal(0),
        confiscated_wan=row.confiscated_wan if is_due(row.confiscated_on) else Decimal(0),
        transferred_persons=row.transferred_persons if is_due(row.transferred_on) else 0,
        detained_persons=row.detained_persons,
        disciplined_persons=row.disciplined_persons,
    )
