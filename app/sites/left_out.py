"""What is left out at sites and tenancies, for the determination."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.omitted import Omitted, OmittedCount
from app.scope import Scope
from app.settings import Settings
from app.sites.checking import ensure_current
from app.sites.days import asked
from app.sites.queries import left_out as queries
from app.sites.queries.listing import plan_for_values
from app.sites.schemas.codes import SITE_OMISSIONS, TENANCY_OMISSIONS

KINDS = tuple([f"site_{kind}" for kind in SITE_OMISSIONS] + [f"tenancy_{kind}" for kind in TENANCY_OMISSIONS])


def omission_counts(session: Session, settings: Settings, scope: Scope, path: str, on: date) -> list[OmittedCount]:
    """How many of each kind at each unit, at or below a unit and in a scope, as of a local day."""
    values, today = _values(session, settings, scope, path, on)
    return [OmittedCount(*row) for row in queries.counts(session, values, today=today)]


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
    values, today = _values(session, settings, scope, path, on)
    values |= {"kinds": list(KINDS if kinds is None else kinds), "limit": limit, "skip": skip}
    return [
        Omitted(
            kind=row.kind,
            subject=row.subject,
            name=row.name,
            unit_path=row.unit_path,
            page=f"/sites?site={row.site_id}",
            grid_code=row.grid_code,
            since=row.since,
            lon=row.lon,
            lat=row.lat,
            facts={"code": row.code, "address": row.address, "site": row.site_name},
        )
        for row in queries.page(session, values, today=today)
    ]


def _values(session: Session, settings: Settings, scope: Scope, path: str, on: date) -> tuple[dict[str, Any], bool]:
    today = on == settings.today()
    plan_for_values(session)
    values = ensure_current(session, settings) if today else asked(settings, on)
    return {**values, **scope.params(), "path": path}, today
