"""Records whose doubts nobody has judged, for the determination."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.evidence.queries import left_out as queries
from app.evidence.schemas import FindingKind
from app.evidence.wording import KIND_NAMES
from app.omitted import Omitted, OmittedCount
from app.scope import Scope
from app.settings import Settings

KINDS = ("finding_copied_track", "finding_photo_reused", "finding_unreviewed")
RECORDS = {"patrol": "巡查", "mark": "手工标记", "inaccessible": "无法进入申请", "report": "上报", "visit": "检查"}


def omission_counts(session: Session, settings: Settings, scope: Scope, path: str, on: date) -> list[OmittedCount]:
    """How many records of each kind at each unit, at or below a unit and in a scope, made up to a local day."""
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
    """Records (kinds None: of every kind) at or below a unit and in a scope, by kind and subject; without a place."""
    values = _values(settings, scope, path, on)
    values |= {"kinds": list(KINDS if kinds is None else kinds), "limit": limit, "skip": skip}
    return [_omitted(row) for row in queries.page(session, values)]


def _omitted(row: Row[Any]) -> Omitted:
    state = "asked" if row.review == "asked" else "open"
    return Omitted(
        kind=row.kind,
        subject=row.subject,
        name=f"{row.officer_name} {row.since} 的{RECORDS[row.record_kind]}",
        unit_path=row.unit_path,
        page=f"/review?state={state}&id={row.id}",
        officer_code=row.officer_code,
        since=row.since,
        facts={"findings": [KIND_NAMES[FindingKind(kind)] for kind in row.findings], "record": row.record_kind},
    )


def _values(settings: Settings, scope: Scope, path: str, on: date) -> dict[str, Any]:
    return {**scope.params(), "path": path, "on": on, "zone": settings.time_zone}
