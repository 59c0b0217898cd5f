"""What is left out about leads, for the determination."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.leads.queries import left_out as queries
from app.leads.wording import SOURCES, what_text
from app.omitted import Omitted, OmittedCount
from app.scope import Scope
from app.settings import Settings

KINDS = ("lead_overdue", "lead_unmatched", "lead_unplaced")


def omission_counts(session: Session, settings: Settings, scope: Scope, path: str, on: date) -> list[OmittedCount]:
    """How many of each kind at each unit, at or below a unit and in a scope, as of a local day."""
    rows = queries.counts(session, _values(settings, scope, path, on))
    return [OmittedCount(row.kind, row.unit_path, int(row.n)) for row in rows]


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
            name=" ".join(part for part in (what_text(row.what), row.number) if part),
            unit_path=row.unit_path,
            page=f"/leads?id={row.id}",
            grid_code=row.grid_code,
            officer_code=row.assigned_to,
            since=row.since,
            lon=row.lon,
            lat=row.lat,
            facts={"address": row.address, "source": SOURCES[row.source]},
        )
        for row in queries.page(session, values)
    ]


def _values(settings: Settings, scope: Scope, path: str, on: date) -> dict[str, Any]:
    return {**scope.params(), "path": path, "today": on, "zone": settings.time_zone}
