"""Rows of lists that nobody has looked into, for the determination."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.baselines.figures import checked
from app.baselines.queries import left_out as queries
from app.baselines.schemas import ROW_STATES
from app.omitted import Omitted, OmittedCount
from app.scope import Scope
from app.settings import Settings

KIND = "baseline_unchecked"


def omission_counts(session: Session, settings: Settings, scope: Scope, path: str, on: date) -> list[OmittedCount]:
    """How many rows at each unit, at or below a unit and in a scope, are not checked on a local day."""
    values = _values(session, settings, scope, path, on)
    return [OmittedCount(KIND, row.unit_path, int(row.n)) for row in queries.counts(session, values)]


def omissions(
    session: Session,
    settings: Settings,
    scope: Scope,
    path: str,
    on: date,
    kinds: Collection[str] | None,
    limit: int,
    skip: int,
) -> list[Omitted]:
    """Rows at or below a unit and in a scope that are not checked, by subject; none unless their kind is asked for."""
    if kinds is not None and KIND not in kinds:
        return []
    values = _values(session, settings, scope, path, on) | {"limit": limit, "skip": skip}
    return [
        Omitted(
            kind=KIND,
            subject=row.subject,
            name=row.name or f"{row.list_name} 第 {row.row_number} 行",
            unit_path=row.unit_path,
            page=f"/baselines?id={row.baseline_id}&row={row.id}",
            grid_code=row.grid_code,
            since=row.since,
            lon=row.lon,
            lat=row.lat,
            facts={"list": row.list_name, "address": row.address, "state": ROW_STATES[row.state]},
        )
        for row in queries.page(session, values)
    ]


def _values(session: Session, settings: Settings, scope: Scope, path: str, on: date) -> dict[str, Any]:
    values = {**scope.params(), "path": path, "on": on, "zone": settings.time_zone}
    # Of the unit's rows only: a village does not wait for all of its city's sites.
    return values | checked(session, settings, Scope((path,)), queries.lists(session, values), on)
