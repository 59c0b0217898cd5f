"""Coverage of units and grids on a day, read from histograms."""

from collections import defaultdict
from datetime import date

import numpy as np
from sqlalchemy.orm import Session

from app.coverage import blindspots, rows
from app.coverage.blindspots import LargestSearch
from app.coverage.days import asked_cycle, asked_day
from app.coverage.queries import report as sql
from app.coverage.schemas import (
    Bbox,
    BlindSpots,
    CoverageRow,
    GridCoverage,
    Level,
    UnitCoverage,
    Value,
    Values,
)
from app.coverage.table import ZoneTable, zone_table
from app.errors import InvalidInputError
from app.scope import Scope
from app.settings import Settings
from app.territory import service as territory
from app.territory.schemas import UnitRow
from geo.daytiles import day_number
from geo.shares import Share, Shares

MAX_BLIND_SPOTS = 1000
MAX_BOX_DEGREES = 5.0


def unit_coverage(
    session: Session, settings: Settings, scope: Scope, code: str, cycle_days: int | None = None, on: date | None = None
) -> UnitCoverage:
    """A unit and its children (units, and grids straight below) on a day.

    Raises NotFoundError, ForbiddenError, InvalidInputError.
    """
    day, cycle = asked_day(settings, on), asked_cycle(cycle_days)
    unit = territory.unit_in_scope(session, scope, code)
    below = territory.children(session, code)
    table = zone_table(settings, sql.zones_below(session, unit.path, day_number(day)), cycle, day_number(day))
    members = _members(table, {child.code for child in below})
    search = LargestSearch(session, table)
    defects = territory.defect_sums(session, [unit.code, *(child.code for child in below)])
    children = [
        rows.unit_row(
            child,
            table.owned_shares(np.array(members[child.code], dtype=np.int64)),
            _grid_count(table, members[child.code]),
            search.largest_m2(_grids(table, members[child.code])),
            defects[child.code],
        )
        for child in below
    ]
    children += _grid_rows(session, settings, unit, table, search, day)
    everything = list(range(len(table.states)))
    largest = _largest([child.largest_blind_spot_m2 for child in children])
    return UnitCoverage(
        on=day,
        cycle_days=cycle,
        unit=rows.unit_row(
            unit,
            table.owned_shares(np.array(everything, dtype=np.int64)),
            _grid_count(table, everything),
            largest,
            defects[unit.code],
        ),
        path=rows.path_of(territory.breadcrumb(session, scope, unit.path)),
        children=children,
    )


def grid_coverage(
    session: Session, settings: Settings, scope: Scope, code: str, cycle_days: int | None = None, on: date | None = None
) -> GridCoverage:
    """A grid on a day. Raises as `unit_coverage`."""
    day, cycle = asked_day(settings, on), asked_cycle(cycle_days)
    grid = territory.grid_in_scope(session, scope, code, day)
    state = sql.zone_of_grid(session, code, day_number(day))
    table = zone_table(settings, [] if state is None else [state], cycle, day_number(day))
    row = None if state is None else 0
    largest = LargestSearch(session, table).largest_m2([] if row is None else [row])
    officers = territory.officers_in_charge(session, [code], day)
    defects = territory.grid_defect_sums(session, [code])
    return GridCoverage(
        on=day,
        cycle_days=cycle,
        grid=rows.grid_row(settings, grid, table, row, largest, defects[code], officers.get(code)),
        path=rows.path_of(territory.breadcrumb(session, scope, grid.path)),
    )


def grid_shares(
    session: Session, settings: Settings, code: str, cycle_days: int | None = None, on: date | None = None
) -> Shares:
    """Only a grid's shares on a day: one read of one histogram. Raises NotFoundError, InvalidInputError."""
    day, cycle = asked_day(settings, on), asked_cycle(cycle_days)
    state = sql.zone_of_grid(session, code, day_number(day))
    if state is None:
        territory.grid_or_404(session, code, day)
        return Shares()
    return Shares.from_row(zone_table(settings, [state], cycle, day_number(day)).whole[0])


def values(
    session: Session,
    settings: Settings,
    scope: Scope,
    within: str | None,
    level: Level,
    cycle_days: int | None = None,
    on: date | None = None,
) -> Values:
    """Percentages of all units of a level, or all grids, at or below a unit or, by None, in the whole scope.

    Raises as `unit_coverage`.
    """
    day, cycle = asked_day(settings, on), asked_cycle(cycle_days)
    unit = None if within is None else territory.unit_in_scope(session, scope, within)
    if unit is None:
        states = sql.zones_in_scope(session, scope, day_number(day))
    else:
        states = sql.zones_below(session, unit.path, day_number(day))
    table = zone_table(settings, states, cycle, day_number(day))
    if level == "grid":
        found = [
            _value(state.grid_code, Shares.from_row(table.whole[row]))
            for row, state in enumerate(table.states)
            if state.grid_code is not None
        ]
    else:
        units = (
            territory.units_of_level(session, scope, level)
            if unit is None
            else territory.units_within(session, unit, level)
        )
        members = _members(table, {each.code for each in units})
        found = [_value(code, table.owned_shares(np.array(members[code], dtype=np.int64))) for code in sorted(members)]
    return Values(on=day, level=level, values=found)


def blind_spots(
    session: Session,
    settings: Settings,
    scope: Scope,
    unit: str | None = None,
    bbox: Bbox | None = None,
    cycle_days: int | None = None,
    on: date | None = None,
    min_area_m2: float = 100.0,
    limit: int = 200,
) -> BlindSpots:
    """The most urgent blind spots of a unit's grids, or of the scope's that meet a WGS-84 box: exactly one of both.

    Raises as `unit_coverage`.
    """
    day, cycle = asked_day(settings, on), asked_cycle(cycle_days)
    if not 1 <= limit <= MAX_BLIND_SPOTS:
        raise InvalidInputError(f"limit 应在 1 到 {MAX_BLIND_SPOTS} 之间，收到的是 {limit}。", limit=limit)
    if not 0 <= min_area_m2 < float("inf"):
        raise InvalidInputError("min_area_m2 应为不小于 0 的平方米数。")
    if (unit is None) == (bbox is None):
        raise InvalidInputError("请在 unit（区划代码）与 bbox（西,南,东,北）中给出一个，且只给一个。")
    if unit is not None:
        path = territory.unit_in_scope(session, scope, unit).path
        states = [state for state in sql.zones_below(session, path, day_number(day)) if state.grid_code]
    else:
        states = sql.zones_in_box(session, scope, _checked_box(bbox), day_number(day))
    table = zone_table(settings, states, cycle, day_number(day))
    found, truncated = blindspots.most_urgent(session, table, min_area_m2, limit)
    total = table.owned_shares(np.arange(len(states)))
    return BlindSpots(
        on=day,
        total_m2=total.area_m2(Share.STALE) + total.area_m2(Share.NEVER_SEEN),
        returned=len(found),
        truncated=truncated,
        features=blindspots.features(session, table, found),
    )


def _members(table: ZoneTable, codes: set[str]) -> dict[str, list[int]]:
    """Rows of the table by the unit, of those given, on whose path they lie; each code has an entry."""
    members: dict[str, list[int]] = {code: [] for code in codes}
    of_path: dict[str, str | None] = defaultdict(lambda: None)
    for row, state in enumerate(table.states):
        if state.path not in of_path:
            of_path[state.path] = next((label for label in state.path.split(".") if label in codes), None)
        code = of_path[state.path]
        if code is not None:
            members[code].append(row)
    return members


def _grids(table: ZoneTable, members: list[int]) -> list[int]:
    return [row for row in members if table.states[row].grid_code is not None]


def _grid_count(table: ZoneTable, members: list[int]) -> int:
    return len(_grids(table, members))


def _largest(known: list[float | None]) -> float | None:
    found = [each for each in known if each is not None]
    return max(found, default=0.0) if len(found) == len(known) else None


def _grid_rows(
    session: Session, settings: Settings, unit: UnitRow, table: ZoneTable, search: LargestSearch, day: date
) -> list[CoverageRow]:
    """Rows of the grids straight under a unit."""
    grids = territory.grids_of(session, unit.code, day)
    if not grids:
        return []
    codes = [grid.code for grid in grids]
    officers = territory.officers_in_charge(session, codes, day)
    defects = territory.grid_defect_sums(session, codes)
    place = {state.grid_code: row for row, state in enumerate(table.states) if state.grid_code is not None}
    found = []
    for grid in grids:
        row = place.get(grid.code)
        largest = search.largest_m2([] if row is None else [row])
        found.append(rows.grid_row(settings, grid, table, row, largest, defects[grid.code], officers.get(grid.code)))
    return found


def _value(code: str, shares: Shares) -> Value:
    return (
        code,
        shares.covered_percent,
        shares.declared_percent,
        shares.percent(Share.NEVER_SEEN),
        shares.total_cm2 / 1e4,
    )


def _checked_box(bbox: Bbox | None) -> Bbox:
    west, south, east, north = bbox or (0.0, 0.0, 0.0, 0.0)
    inside = -180 <= west <= east <= 180 and -90 <= south <= north <= 90
    if not inside or east - west > MAX_BOX_DEGREES or north - south > MAX_BOX_DEGREES:
        raise InvalidInputError(
            f"bbox 有误：应为 西,南,东,北 四个经纬度，西不大于东、南不大于北，且跨度不超过 {MAX_BOX_DEGREES:g} 度。",
            bbox=[str(edge) for edge in (west, south, east, north)],
        )
    return west, south, east, north
