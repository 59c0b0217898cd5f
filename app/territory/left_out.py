"""What is left out of territory, for the determination."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.omitted import Omitted, OmittedCount
from app.scope import Scope
from app.settings import Settings
from app.territory.queries import left_out as queries

KINDS = (
    *("exclusion_waiting", "grid_outside", "no_cycle", "no_grids", "no_officer", "nobodys_land", "overlap", "sliver"),
)


def omission_counts(session: Session, settings: Settings, scope: Scope, path: str, on: date) -> list[OmittedCount]:
    """How many of each kind, and how much ground, at each unit, at or below a unit and in a scope, on a local day."""
    rows = queries.counts(session, _values(settings, scope, path, on))
    return [OmittedCount(row.kind, row.unit_path, int(row.n), float(row.area_m2)) for row in rows]


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
    """What is left out (kinds None: of every kind) at or below a unit and in a scope, by kind and subject."""
    values = _values(settings, scope, path, on)
    values |= {"kinds": list(KINDS if kinds is None else kinds), "limit": limit, "skip": skip}
    return [
        Omitted(
            kind=row.kind,
            subject=row.subject,
            name=row.name,
            unit_path=row.unit_path,
            page=_page(row),
            grid_code=row.grid_code,
            since=row.since,
            lon=row.lon,
            lat=row.lat,
            area_m2=float(row.area_m2),
            facts=None if row.width_m is None else {"width_m": round(row.width_m, 2)},
        )
        for row in queries.page(session, values)
    ]


def _page(row: Row[Any]) -> str:
    """Requests are decided in review; the rest shows on the map, and is mended in the files it came from."""
    if row.kind == "exclusion_waiting":
        return "/review?state=exclusions"
    unit = f"unit={row.unit_path.rpartition('.')[2]}"
    return (
        f"/?{unit}&grid={row.grid_code}"
        if row.grid_code and row.kind != "sliver"
        else (f"/?{unit}&layers=units,grids,defects&map=17.00/{row.lat:.5f}/{row.lon:.5f}")
    )


def _values(settings: Settings, scope: Scope, path: str, on: date) -> dict[str, Any]:
    return {**scope.params(), "path": path, "on": on, "zone": settings.time_zone}
