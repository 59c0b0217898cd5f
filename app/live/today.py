"""A unit's day: who is out, who has not started, which grids fall out of their cycle, by the units below."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.coverage import service as coverage
from app.coverage.schemas import Due, ZoneDue
from app.errors import NotFoundError
from app.live import duty
from app.live.duty import Charge
from app.live.queries import duties as sql
from app.live.schemas import DutyState, GridToday, Place, Today, TodayRow
from app.scope import Scope
from app.settings import Settings
from app.territory import service as territory
from app.territory.schemas import UnitRow

HORIZON_DAYS = 3
MOST = 100


@dataclass(slots=True)
class Tally:
    """What is counted of one unit or grid."""

    due: Due = field(default_factory=Due)
    grids: int = 0
    without_officer: int = 0
    falling_grids: int = 0
    overdue_grids: int = 0
    officers: set[str] = field(default_factory=set)

    def count(self, zone: ZoneDue, officers: list[str]) -> None:
        """Add a grid or a remainder; sums take each square metre once, lists of grids each grid's own view."""
        self.due += zone.owned
        if zone.grid_code is None:
            return
        self.grids += 1
        self.without_officer += not officers
        self.falling_grids += zone.whole.falling_cm2 > 0
        self.overdue_grids += zone.whole.stale_cm2 > 0
        self.officers.update(officers)


@dataclass(frozen=True, slots=True)
class Day:
    """Everything read about a unit's day."""

    unit: UnitRow
    zones: list[ZoneDue]
    rows: Sequence[Row[Any]]
    charges: dict[str, Charge]
    in_charge: dict[str, list[str]]  # officers by grid, the one that came last first


def today(session: Session, settings: Settings, scope: Scope, code: str | None) -> Today:
    """The day of a unit, the scope's topmost by None. Raises NotFoundError, ForbiddenError."""
    unit = _unit(session, scope, code)
    day = read(session, settings, unit)
    below = territory.children(session, unit.code)
    tallies = tally(day, [child.code for child in below])
    grids = {row.grid_code: row.grid_name for row in day.rows}
    places = [Place(code=child.code, name=child.name, level=child.level) for child in below]
    places += [Place(code=grid, name=grids[grid], level="grid") for grid in sorted(set(tallies) & set(grids))]
    falling, overdue = _worst(day, lambda due: due.falling_cm2), _worst(day, lambda due: due.stale_cm2)
    by_state = _by_state(day.charges.values())
    shown = {charge.unit_code for group in by_state.values() for charge in group}
    names = _names(session, shown | {zone.unit_code for zone in (*falling, *overdue)})
    return Today(
        at=settings.now(),
        on=settings.today(),
        horizon_days=HORIZON_DAYS,
        most=MOST,
        unit=_row(Place(code=unit.code, name=unit.name, level=unit.level), tallies[unit.code], day),
        path=[Place(code=u.code, name=u.name, level=u.level) for u in territory.breadcrumb(session, scope, unit.path)],
        children=[_row(place, tallies[place.code], day) for place in places],
        out=duty.listed(by_state["out"], names),
        waiting=duty.listed(by_state["waiting"], names),
        not_started=duty.listed(by_state["not_started"], names),
        patrolled=duty.listed(by_state["patrolled"], names),
        falling=[_grid(day, zone, zone.whole.falling_cm2, grids, names) for zone in falling],
        overdue=[_grid(day, zone, zone.whole.stale_cm2, grids, names) for zone in overdue],
    )


def read(session: Session, settings: Settings, unit: UnitRow) -> Day:
    """A unit's grids with what falls out of its cycle, and its officers with their day."""
    rows = sql.in_charge(session, unit.path, settings.today())
    zones = coverage.falling_out(session, settings, unit.path, HORIZON_DAYS)
    in_charge: dict[str, list[str]] = {}
    for row in rows:
        if row.officer_code is not None:
            in_charge.setdefault(row.grid_code, []).append(row.officer_code)
    return Day(unit, zones, rows, duty.charges(session, settings, rows), in_charge)


def tally(day: Day, below: Iterable[str]) -> dict[str, Tally]:
    """Counts of the unit itself, of each unit straight below, and of each grid that is in none of those."""
    codes = set(below)
    found = {day.unit.code: Tally(), **{code: Tally() for code in codes}}
    for zone in day.zones:
        officers = day.in_charge.get(zone.grid_code or "", [])
        found[day.unit.code].count(zone, officers)
        child = next((label for label in zone.path.split(".") if label in codes), zone.grid_code)
        if child is not None:
            found.setdefault(child, Tally()).count(zone, officers)
    return found


def _unit(session: Session, scope: Scope, code: str | None) -> UnitRow:
    if code is not None:
        return territory.unit_in_scope(session, scope, code)
    tops = territory.tops(session, scope)
    if not tops:
        raise NotFoundError("尚无区划数据，或您的管辖范围内没有单位。请先导入区划，或联系系统管理员。")
    return tops[0]


def _by_state(charges: Iterable[Charge]) -> dict[DutyState, list[Charge]]:
    """The first of each state, by code."""
    found: dict[DutyState, list[Charge]] = {state: [] for state in get_args(DutyState)}
    for charge in sorted(charges, key=lambda charge: charge.code):
        found[charge.state].append(charge)
    return {state: group[:MOST] for state, group in found.items()}


def _worst(day: Day, part: Callable[[Due], int]) -> list[ZoneDue]:
    """Grids with most of some ground, most first."""
    grids = [zone for zone in day.zones if zone.grid_code is not None and part(zone.whole) > 0]
    return sorted(grids, key=lambda zone: (-part(zone.whole), zone.grid_code))[:MOST]


def _names(session: Session, codes: Iterable[str]) -> dict[str, tuple[str, str | None]]:
    """Names of units and of the units above them, by code."""
    units = territory.units_by_code(session, set(codes))
    above = territory.units_by_code(session, {unit.parent_code for unit in units.values() if unit.parent_code})
    return {
        code: (unit.name, above[unit.parent_code].name if unit.parent_code in above else None)
        for code, unit in units.items()
    }


def _row(place: Place, counted: Tally, day: Day) -> TodayRow:
    states = [day.charges[code].state for code in counted.officers]
    due = counted.due
    return TodayRow(
        code=place.code,
        name=place.name,
        level=place.level,
        grid_count=counted.grids,
        without_officer=counted.without_officer,
        officers=len(states),
        out=states.count("out"),
        patrolled=states.count("patrolled"),
        waiting=states.count("waiting"),
        not_started=states.count("not_started"),
        falling_grids=counted.falling_grids,
        falling_m2=due.falling_cm2 / 1e4,
        falling_percent=due.percent(due.falling_cm2),
        overdue_grids=counted.overdue_grids,
        overdue_m2=due.stale_cm2 / 1e4,
        overdue_percent=due.percent(due.stale_cm2),
        never_seen_m2=due.never_seen_cm2 / 1e4,
    )


def _grid(
    day: Day, zone: ZoneDue, part_cm2: int, grids: dict[str, str], names: dict[str, tuple[str, str | None]]
) -> GridToday:
    officers = day.in_charge.get(zone.grid_code or "", [])
    officer = day.charges[officers[0]] if officers else None
    unit, town = names.get(zone.unit_code, ("", None))
    return GridToday(
        code=zone.grid_code or "",
        name=grids.get(zone.grid_code or "", zone.grid_code or ""),
        unit=unit,
        town=town,
        cycle_days=zone.cycle_days,
        area_m2=part_cm2 / 1e4,
        percent=zone.whole.percent(part_cm2),
        officer=None if officer is None else officer.name,
        phone=None if officer is None else officer.phone,
    )
