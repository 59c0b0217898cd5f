"""What is left undone about cases, for the determination."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.cases.queries import left_out as queries
from app.omitted import Omitted, OmittedCount
from app.scope import Scope
from app.settings import Settings

KINDS = ("case_closed_incomplete", "case_overdue", "look_back_missed")


def omission_counts(
    session: Session,
    settings: Settings,  # noqa: ARG001 - asked alike in every feature
    scope: Scope,
    path: str,
    on: date,
) -> list[OmittedCount]:
    """How many of each kind at each unit, at or below a unit and in a scope, as of a local day."""
    rows = queries.counts(session, _values(scope, path, on))
    return [OmittedCount(row.kind, row.unit_path, int(row.n)) for row in rows]


def omissions(
    session: Session,
    settings: Settings,  # noqa: ARG001 - asked alike in every feature
    scope: Scope,
    path: str,
    on: date,
    kinds: Collection[str] | None,
    limit: int,
    skip: int,
) -> list[Omitted]:
    """What is left undone (kinds None: of every kind) at or below a unit and in a scope, by kind and subject."""
    values = _values(scope, path, on)
    values |= {"kinds": list(KINDS if kinds is None else kinds), "limit": limit, "skip": skip}
    return [
        Omitted(
            kind=row.kind,
            subject=row.subject,
            name=f"{row.number} {row.party_name}",
            unit_path=row.unit_path,
            page=f"/cases?id={row.id}",
            grid_code=row.grid_code,
            since=row.since,
            lon=row.lon,
            lat=row.lat,
            facts={"address": row.address, "handler": row.handler_name, "handler_phone": row.handler_phone},
        )
        for row in queries.page(session, values)
    ]


def _values(scope: Scope, path: str, on: date) -> dict[str, Any]:
    return {**scope.params(), "path": path, "today": on}
