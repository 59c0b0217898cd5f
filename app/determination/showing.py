"""The determination as its page shows it: counts by unit, rows with names, places for the map."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.actor import Actor
from app.determination import determining, exceptions, gathering, placing
from app.determination.kinds import CATEGORIES, KINDS
from app.determination.schemas import (
    DeterminationOut,
    ExceptionOut,
    GridName,
    OfficerName,
    OmissionRow,
    OmissionRows,
    Places,
    UnitName,
)
from app.omitted import Omitted, OmittedCount
from app.settings import Settings
from app.territory import service as territory
from app.territory.schemas import UnitRow

MOST_PLACES = 5_000


def shown(
    session: Session,
    settings: Settings,
    actor: Actor,
    unit_code: str,
    first_day: date | None,
    last_day: date | None,
    residual_risk: dict[str, Any] | None,
) -> DeterminationOut:
    """The determination of a unit. Raises NotFoundError, ForbiddenError or InvalidInputError (period)."""
    unit = territory.unit_in_scope(session, actor.scope, unit_code)
    first, last = determining.period(settings, first_day, last_day)
    told, found = determining.determined(session, settings, unit, first, last)
    children, outside = determining.children(session, unit, found)
    return DeterminationOut(
        **dict(told),
        categories=CATEGORIES,
        above=_above(session, actor, unit),
        children=children,
        outside_children=outside,
        waiting=exceptions.waiting(session, unit.path),
        residual_risk=residual_risk,
    )


def _above(session: Session, actor: Actor, unit: UnitRow) -> list[UnitName]:
    found = territory.breadcrumb(session, actor.scope, unit.path)
    return [UnitName(code=each.code, name=each.name, level=each.level) for each in found if each.code != unit.code]


def rows(
    session: Session,
    settings: Settings,
    actor: Actor,
    unit_code: str,
    period: tuple[date | None, date | None],
    kinds: Collection[str] | None,
    limit: int,
    skip: int,
) -> OmissionRows:
    """A page of what is left out at or below a unit on a day. Raises as `shown` does."""
    unit = territory.unit_in_scope(session, actor.scope, unit_code)
    first, last = determining.period(settings, *period)
    asked = determining.asked_of(session, settings, unit.path, first, last)
    wanted = gathering.checked_kinds(kinds)
    counted = gathering.counts(asked, wanted)
    found = placing.placed(session, gathering.page(asked, counted, wanted, limit, skip))
    return OmissionRows(total=_total(counted), items=_named(session, actor, found, last))


def places(
    session: Session,
    settings: Settings,
    actor: Actor,
    unit_code: str,
    period: tuple[date | None, date | None],
    kinds: Collection[str] | None,
) -> Places:
    """Where something is left out, at most MOST_PLACES points. Raises as `shown` does."""
    unit = territory.unit_in_scope(session, actor.scope, unit_code)
    first, last = determining.period(settings, *period)
    asked = determining.asked_of(session, settings, unit.path, first, last)
    wanted = gathering.checked_kinds(kinds)
    counted = gathering.counts(asked, wanted)
    total = _total(counted)
    found = placing.placed(session, gathering.page(asked, counted, wanted, MOST_PLACES, 0))
    features = [_feature(each) for each in found if each.lon is not None and each.lat is not None]
    return Places(features=features, total=total, without_place=len(found) - len(features), cut=total > len(found))


def _total(counted: Sequence[OmittedCount]) -> int:
    return sum(count.number for count in counted)


def _feature(omitted: Omitted) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [round(omitted.lon or 0, 7), round(omitted.lat or 0, 7)]},
        "properties": {
            "kind": omitted.kind,
            "category": KINDS[omitted.kind].category,
            "subject": omitted.subject,
            "name": omitted.name,
            "page": omitted.page,
            "roughly": placing.is_rough(omitted),
        },
    }


def _named(session: Session, actor: Actor, found: Sequence[Omitted], on: date) -> list[OmissionRow]:
    units = {
        unit.path: UnitName(code=unit.code, name=unit.name, level=unit.level)
        for unit in territory.units_by_paths(session, sorted({each.unit_path for each in found if each.unit_path}))
    }
    codes = {each.grid_code for each in found if each.grid_code}
    grids = territory.grid_names(session, codes, on)
    in_charge = territory.officers_in_charge(session, codes, on)
    named = territory.officers_by_code(session, {each.officer_code for each in found if each.officer_code})
    known = exceptions.of_subjects(session, actor, found) if found else {}
    return [
        _row(
            each,
            units.get(each.unit_path or ""),
            GridName(code=each.grid_code, name=grids.get(each.grid_code, each.grid_code)) if each.grid_code else None,
            named.get(each.officer_code) if each.officer_code else in_charge.get(each.grid_code or ""),
            known.get((each.kind, each.subject)),
        )
        for each in found
    ]


def _row(
    omitted: Omitted, unit: UnitName | None, grid: GridName | None, officer: Any, exception: ExceptionOut | None
) -> OmissionRow:
    same = ("kind", "subject", "name", "since", "lon", "lat", "area_m2", "page", "facts")
    return OmissionRow(
        **{name: getattr(omitted, name) for name in same},
        kind_text=KINDS[omitted.kind].text,
        unit=unit,
        grid=grid,
        place_is_rough=placing.is_rough(omitted),
        officer=None if officer is None else OfficerName(code=officer.code, name=officer.name, phone=officer.phone),
        exception=exception,
    )
