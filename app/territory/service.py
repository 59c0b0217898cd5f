"""What other features ask of territory. Rows are plain; nothing here knows HTTP."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import shapely
from sqlalchemy.orm import Session

from app.errors import NotFoundError
from app.scope import EVERYTHING, Scope
from app.territory.left_out import omission_counts as omission_counts
from app.territory.left_out import omissions as omissions
from app.territory.queries import defects as defect_queries
from app.territory.queries import duty as duty_queries
from app.territory.queries import exclusions as exclusion_queries
from app.territory.queries import grids as grid_queries
from app.territory.queries import own as own_queries
from app.territory.queries import requests as request_queries
from app.territory.queries import units as unit_queries
from app.territory.queries.duty import Charge
from app.territory.schemas import (
    Bbox,
    DefectSums,
    ExclusionDecision,
    ExclusionRequest,
    ExclusionRequests,
    GridRow,
    OfficerRow,
    Place,
    SearchHit,
    TerritoryStatus,
    UnitRow,
)
from geo.zones import ExclusionShape, GridShape, UnitShape


def unit_or_404(session: Session, code: str) -> UnitRow:
    """The unit of a code. Raises NotFoundError."""
    found = unit_queries.by_codes(session, [code])
    if not found:
        raise NotFoundError(f"没有区划代码为 {code} 的单位。请核对代码，或先导入该单位。", code=code)
    return found[0]


def unit_in_scope(session: Session, scope: Scope, code: str) -> UnitRow:
    """The unit of a code. Raises NotFoundError, or ForbiddenError when it lies outside."""
    unit = unit_or_404(session, code)
    scope.check_unit(code, unit.path)
    return unit


def units_by_code(session: Session, codes: Iterable[str]) -> dict[str, UnitRow]:
    """Those of the units that exist."""
    return {unit.code: unit for unit in unit_queries.by_codes(session, list(codes))}


def children(session: Session, code: str) -> list[UnitRow]:
    """Units straight below a unit, by code; empty for a unit that has grids or nothing below."""
    return unit_queries.children(session, code)


def breadcrumb(session: Session, scope: Scope, path: str) -> list[UnitRow]:
    """The stored units on a path that lie in a scope, topmost first; empty for single grids of a scope."""
    return [unit for unit in unit_queries.ancestors(session, path) if scope.holds_unit(unit.path)]


def roots(session: Session) -> list[UnitRow]:
    """Units with no stored unit above, by code."""
    return unit_queries.roots(session)


def tops(session: Session, scope: Scope) -> list[UnitRow]:
    """The topmost units of a scope; for everything, the roots."""
    if scope.is_everything:
        return roots(session)
    units = units_by_paths(session, scope.unit_paths)
    return [unit for unit in units if not any(unit.path.startswith(f"{other.path}.") for other in units)]


def single_grids(session: Session, scope: Scope, on: date) -> list[GridRow]:
    """Grids that a scope names by themselves and none of its units holds, valid on a day, by code."""
    grids = grid_queries.by_codes(session, scope.grid_codes, on)
    return [grid for grid in grids if not scope.holds_unit(grid.path)]


def units_of_level(session: Session, scope: Scope, level: str) -> list[UnitRow]:
    """Units of one level in a scope, by code."""
    return unit_queries.in_scope(session, scope, level)


def units_within(session: Session, unit: UnitRow, level: str) -> list[UnitRow]:
    """Units of one level at or below a unit, by code."""
    return unit_queries.within(session, unit.path, level)


def grid_or_404(session: Session, code: str, on: date) -> GridRow:
    """The version of a grid valid on a day. Raises NotFoundError."""
    found = grid_queries.by_codes(session, [code], on)
    if not found:
        raise NotFoundError(f"{on} 没有编码为 {code} 的网格。请核对编码和日期。", code=code, on=on.isoformat())
    return found[0]


def grid_in_scope(session: Session, scope: Scope, code: str, on: date) -> GridRow:
    """The version of a grid valid on a day. Raises NotFoundError, or ForbiddenError when it lies outside."""
    grid = grid_or_404(session, code, on)
    scope.check_grid(code, grid.path)
    return grid


def grids_by_code(session: Session, codes: Iterable[str], on: date) -> dict[str, GridRow]:
    """Those of the grids that are valid on a day."""
    return {grid.code: grid for grid in grid_queries.by_codes(session, codes, on)}


def grids_of(session: Session, unit_code: str, on: date) -> list[GridRow]:
    """Grids straight under a unit on a day, by code."""
    return grid_queries.of_unit(session, unit_code, on)


def grids_within(session: Session, unit: UnitRow, on: date) -> list[GridRow]:
    """Grids at or below a unit on a day, by code."""
    return grid_queries.within(session, unit.path, on)


def grid_counts(session: Session, codes: Sequence[str], on: date) -> dict[str, int]:
    """How many grids lie at or below each unit on a day; a unit without any has no entry."""
    return grid_queries.counts(session, codes, on)


def place_at(session: Session, lon: float, lat: float, on: date) -> Place:
    """The units (root first) and the grid that a WGS-84 position lies in on a day."""
    grid = grid_queries.at(session, lon, lat, on)
    return Place(unit_queries.at(session, lon, lat), grid)


def shapes_meeting(
    session: Session, bounds: Bbox, on: date
) -> tuple[list[UnitShape], list[GridShape], list[ExclusionShape]]:
    """Units, grids and approved exclusions of a day whose boxes meet a WGS-84 box: what `geo.zones.paint` takes."""
    units = unit_queries.meeting(session, bounds)
    grids = grid_queries.grids_meeting(session, bounds, on)
    exclusions = grid_queries.exclusions_meeting(session, bounds, on)
    return (
        [
            UnitShape(row.code, row.parent_code, row.depth, shape)
            for row, shape in zip(units, shapely.from_wkb([row.geom for row in units]), strict=True)
        ],
        [
            GridShape(row.id, row.code, row.unit_code, shape)
            for row, shape in zip(grids, shapely.from_wkb([row.geom for row in grids]), strict=True)
        ],
        [
            ExclusionShape(row.effect, shape)
            for row, shape in zip(exclusions, shapely.from_wkb([row.geom for row in exclusions]), strict=True)
        ],
    )


def officers_in_charge(session: Session, grid_codes: Iterable[str], on: date) -> dict[str, OfficerRow]:
    """The officer in charge of each grid on a day; a grid without one has no entry."""
    return grid_queries.in_charge(session, grid_codes, on)


def officers_by_code(session: Session, codes: Iterable[str]) -> dict[str, OfficerRow]:
    """Those of the officers that exist."""
    return grid_queries.officers(session, codes)


def officer_names(session: Session, codes: Iterable[str]) -> dict[str, str]:
    """Names of those of the officers that exist, by code."""
    return {code: officer.name for code, officer in grid_queries.officers(session, codes).items()}


def ensure_officer(session: Session, code: str) -> OfficerRow:
    """The officer of a code. Raises NotFoundError."""
    found = grid_queries.officers(session, [code])
    if code not in found:
        raise NotFoundError(
            f"没有编码为 {code} 的网格员。请核对编码，或先在网格文件中导入该网格员。", officer_code=code
        )
    return found[code]


def units_by_paths(session: Session, paths: Sequence[str]) -> list[UnitRow]:
    """Those of the units that exist, by path."""
    return unit_queries.by_paths(session, paths)


def grid_names(session: Session, codes: Iterable[str], on: date) -> dict[str, str]:
    """Names of those of the grids that are valid on a day, by code."""
    return {grid.code: grid.name for grid in grid_queries.by_codes(session, codes, on)}


def officer_units(session: Session, officer_code: str, on: date) -> list[str]:
    """Paths of the units in which an officer has grids on a day; empty for one without any."""
    return unit_queries.of_officer(session, officer_code, on)


def grids_entered(session: Session, wkb: bytes, on: date) -> dict[str, str]:
    """Unit path by code of each grid of a day that a WGS-84 geometry meets."""
    return {row.code: row.path for row in unit_queries.entered(session, wkb, on)}


def grids_in_charge(session: Session, officer_code: str, on: date) -> list[GridRow]:
    """The grids that an officer is in charge of on a day, by code; several officers may share one."""
    return grid_queries.by_codes(session, own_queries.grid_codes(session, officer_code, on), on)


def grid_outlines(session: Session, codes: Sequence[str], on: date) -> dict[str, tuple[str, dict[str, Any]]]:
    """Name of the unit and outline (GeoJSON, WGS-84) of those of the grids that are valid on a day."""
    return own_queries.shapes(session, codes, on)


def exclusions_in(session: Session, grid_codes: Sequence[str], on: date) -> list[dict[str, Any]]:
    """Exclusions of a day, approved or asked for, that meet some grids, as GeoJSON features."""
    return own_queries.exclusions(session, grid_codes, on)


def places_in_charge(session: Session, officer_code: str, wkb: bytes, on: date, near_deg: float) -> Charge:
    """Whether an officer has grids on a day, and how many points of a WGS-84 MultiPoint lie in or near them."""
    return duty_queries.places(session, officer_code, wkb, on, near_deg)


def is_near_units(session: Session, wkb: bytes, degrees: float) -> bool:
    """Whether a WGS-84 geometry lies within some degrees of a unit; true as long as there are no units."""
    return unit_queries.near(session, wkb, degrees)


def defect_sums(session: Session, codes: Sequence[str]) -> dict[str, DefectSums]:
    """Defects at or below each of some units, in one statement; every code has an entry."""
    found = defect_queries.unit_sums(session, codes)
    return {code: found.get(code, DefectSums()) for code in codes}


def grid_defect_sums(session: Session, codes: Sequence[str]) -> dict[str, DefectSums]:
    """Defects that each of some grids has part in, in one statement; every code has an entry."""
    found = defect_queries.grid_sums(session, codes)
    return {code: found.get(code, DefectSums()) for code in codes}


def exclusions_waiting(session: Session, scope: Scope, limit: int, skip: int) -> ExclusionRequests:
    """Imported requests for exclusions that meet a scope and wait for a decision, oldest first."""
    return request_queries.waiting(session, scope, None, limit, skip)


def exclusion_waiting(session: Session, code: str) -> ExclusionRequest | None:
    """An imported request that waits for a decision; None when there is none of the code."""
    return next(iter(request_queries.waiting(session, EVERYTHING, code, 1, 0).listed), None)


def exclusion_decision(session: Session, code: str) -> ExclusionDecision | None:
    """How the newest version of an exclusion stands; None when there is none of the code."""
    return request_queries.newest(session, code)


def exclusion_states(session: Session, codes: Iterable[str]) -> dict[str, str]:
    """How the newest version of each exclusion that exists stands: requested, approved or refused."""
    return exclusion_queries.states(session, codes)


def exclusion_change_days(session: Session, bounds: Bbox, after: date) -> list[date]:
    """Days after a day on which an approved exclusion near a WGS-84 box begins or ends, ascending."""
    return exclusion_queries.change_days(session, bounds, after)


def territory_version(session: Session) -> int:
    """A number that every change of territory raises; for ETags."""
    return unit_queries.version(session)


def status(session: Session, scope: Scope, on: date) -> TerritoryStatus:
    """How much territory a scope holds on a day."""
    totals = unit_queries.totals(session, scope, on)
    return TerritoryStatus(
        units=totals.units,
        grids=totals.grids,
        roots=tops(session, scope),
        single_grids=single_grids(session, scope, on),
        version=unit_queries.version(session),
        generated=totals.generated,
    )


def search(session: Session, scope: Scope, words: str, on: date, limit: int = 10) -> list[SearchHit]:
    """Units and grids of a scope whose name holds the words or whose code begins with them; nothing for blank words."""
    cleaned = " ".join(words.split())[:100]
    if not cleaned:
        return []
    return [
        SearchHit(
            code=row.code,
            name=row.name,
            level=row.level,
            bbox=(row.west, row.south, row.east, row.north),
            path_names=row.path_names,
        )
        for row in unit_queries.search(session, scope, cleaned, on, limit)
    ]
