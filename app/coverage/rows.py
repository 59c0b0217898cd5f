"""From whole square centimetres to the rows that people read."""

from typing import Any

from app.coverage.schemas import CoverageRow, Officer, PlaceRef, SevenShares
from app.coverage.table import ZoneTable, own_cycle
from app.settings import Settings
from app.territory.schemas import DefectSums, GridRow, OfficerRow, UnitRow
from geo.daytiles import day_date
from geo.shares import Share, Shares


def seven(shares: Shares) -> SevenShares:
    """The seven shares in m2 and floored %."""
    return SevenShares.model_validate(
        {share.value: {"area_m2": shares.area_m2(share), "percent": shares.percent(share) or 0.0} for share in Share}
    )


def unit_row(
    unit: UnitRow, shares: Shares, grid_count: int, largest_m2: float | None, defects: DefectSums
) -> CoverageRow:
    """A unit's row."""
    return CoverageRow(
        code=unit.code,
        name=unit.name,
        level=unit.level,
        parent_code=unit.parent_code,
        grid_count=grid_count,
        bbox=unit.bbox,
        generated=unit.generated,
        **_figures(shares, largest_m2, defects),
    )


def grid_row(
    settings: Settings,
    grid: GridRow,
    table: ZoneTable,
    row: int | None,
    largest_m2: float | None,
    defects: DefectSums,
    officer: OfficerRow | None,
) -> CoverageRow:
    """A grid's row; `row` is its place in the table, None when it holds no cell."""
    shares = Shares() if row is None else Shares.from_row(table.whole[row])
    return CoverageRow(
        code=grid.code,
        name=grid.name,
        level="grid",
        parent_code=grid.unit_code,
        grid_count=1,
        bbox=grid.bbox,
        generated=grid.generated,
        risk=grid.risk,
        cycle_days=own_cycle(settings, grid.risk, grid.cycle_days),
        cycle_stated=grid.cycle_days is not None or grid.risk is not None,
        officer=officer_of(officer),
        last_seen=None if row is None else day_date(int(table.last_seen[row])),
        **_figures(shares, largest_m2, defects),
    )


def officer_of(officer: OfficerRow | None) -> Officer | None:
    """An officer as people see them."""
    return None if officer is None else Officer(code=officer.code, name=officer.name, phone=officer.phone)


def path_of(units: list[UnitRow]) -> list[PlaceRef]:
    """A breadcrumb."""
    return [PlaceRef(code=unit.code, name=unit.name, level=unit.level) for unit in units]


def _figures(shares: Shares, largest_m2: float | None, defects: DefectSums) -> dict[str, Any]:
    return {
        "area_m2": shares.total_cm2 / 1e4,
        "shares": seven(shares),
        "domain_m2": shares.domain_cm2 / 1e4,
        "covered_percent": shares.covered_percent,
        "declared_percent": shares.declared_percent,
        "largest_blind_spot_m2": largest_m2,
        "defects": defects,
    }
