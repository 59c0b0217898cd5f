"""Whom an order may go to: officers in charge of a grid in the sender's scope, or of the very grid it is about."""

from datetime import date

from sqlalchemy.orm import Session

from app.dispatch.queries import orders as queries
from app.dispatch.schemas import OfficerName
from app.dispatch.wording import NOTHING_KEPT
from app.errors import ForbiddenError, InvalidInputError
from app.scope import Scope
from app.territory import service as territory
from app.territory.schemas import GridRow, OfficerRow, UnitRow

# What a dialog can offer; a town has no more grids.
_MOST_GRIDS = 500


def default_officer(session: Session, grid_code: str | None, on: date) -> OfficerRow | None:
    """Who is in charge of the grid that something lies in; None in no grid, or in one without an officer."""
    if grid_code is None:
        return None
    return territory.officers_in_charge(session, [grid_code], on).get(grid_code)


def check_officer(session: Session, scope: Scope, officer_code: str, grid_code: str | None, on: date) -> OfficerRow:
    """The officer. Raises NotFoundError, or ForbiddenError when the order may not go to them."""
    officer = territory.ensure_officer(session, officer_code)
    grids = territory.grids_in_charge(session, officer.code, on)
    if not any(grid.code == grid_code or scope.holds_grid(grid.code, grid.path) for grid in grids):
        raise ForbiddenError(
            f"网格员 {officer.code} 今天在您的管辖范围内没有网格，不能派单。请另选网格员。{NOTHING_KEPT}",
            officer_code=officer.code,
        )
    return officer


def officer_for(session: Session, scope: Scope, stated: str | None, grid_code: str | None, on: date) -> OfficerRow:
    """The officer stated, else the grid's. Raises InvalidInputError when neither is there, and as `check_officer`."""
    if stated is not None:
        return check_officer(session, scope, stated, grid_code, on)
    officer = default_officer(session, grid_code, on)
    if officer is None:
        raise InvalidInputError(f"所在网格没有网格员，或不在网格内，请选择派给谁。{NOTHING_KEPT}", problem="officer")
    return officer


def candidates(session: Session, scope: Scope, unit_path: str, grid_code: str | None, on: date) -> list[OfficerName]:
    """Whom something in a unit may go to: the grid's officer first, then those of the unit and of its neighbours."""
    above = unit_path.rpartition(".")[0]
    around = above if above and scope.holds_unit(above) else unit_path
    grids = [grid for unit in territory.units_by_paths(session, [around]) for grid in _within(session, unit, on)]
    held = [grid.code for grid in grids[:_MOST_GRIDS] if scope.holds_grid(grid.code, grid.path)]
    first = default_officer(session, grid_code, on)
    found = {officer.code: officer for officer in territory.officers_in_charge(session, held, on).values()}
    if first is not None:
        found[first.code] = first
    open_orders = queries.open_of(session, list(found))
    named = [
        OfficerName(code=code, name=each.name, phone=each.phone, open_orders=open_orders.get(code, 0))
        for code, each in found.items()
    ]
    return sorted(named, key=lambda each: (first is None or each.code != first.code, each.name, each.code))


def _within(session: Session, unit: UnitRow, on: date) -> list[GridRow]:
    found = territory.grids_within(session, unit, on)
    return sorted(found, key=lambda grid: grid.path != unit.path)
