"""Who looked at a place: coverage knows the cells, patrols know who, when and how close."""

from datetime import date, datetime
from typing import cast
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.coverage import service as coverage
from app.coverage.schemas import Officer, PastLook, PlaceRef
from app.patrols import queries
from app.patrols.fixes import decode
from app.patrols.nearest import Pass, nearest
from app.patrols.schemas import Mode
from app.settings import Settings
from app.territory import service as territory
from geo.datum import Datum
from geo.daytiles import day_number
from geo.tracks import Mode as TrackMode

# Raw fixes are read only for the newest looks: a place seen daily for years would need thousands of them.
WITH_TIMES = 20


class Look(BaseModel):
    """One look; `at` and `distance_m` are null for older looks and where raw fixes are gone."""

    patrol_id: UUID
    officer_code: str
    officer_name: str | None
    mode: Mode
    kind: str
    day: date
    at: datetime | None
    label: str | None
    distance_m: float | None


class LookedAt(BaseModel):
    """Everything known about looks at one place (WGS-84)."""

    lon: float
    lat: float
    path: list[PlaceRef]
    grid: PlaceRef | None
    officer: Officer | None
    share: str | None
    last: Look | None
    looks: list[Look]
    total: int


def looked_at(session: Session, settings: Settings, lon: float, lat: float) -> LookedAt:
    """Looks at a WGS-84 position, newest first; an empty list where nobody looked."""
    found = coverage.looked_at(session, settings, lon, lat)
    ids = list({look.evidence_id for look in found.looks})
    facts = queries.facts(session, ids)
    names = territory.officer_names(session, sorted({row.officer_code for row in facts.values()}))
    passes = _passes(session, found.looks[:WITH_TIMES], facts, lon, lat)
    looks = [
        _look(look, facts[look.evidence_id], names, passes.get((look.evidence_id, look.day))) for look in found.looks
    ]
    looks.sort(key=lambda look: (look.day, look.at.timestamp() if look.at else 0.0), reverse=True)
    return LookedAt(
        lon=lon,
        lat=lat,
        path=found.path,
        grid=found.grid,
        officer=found.officer,
        share=found.share,
        last=looks[0] if looks else None,
        looks=looks,
        total=found.total,
    )


def _passes(
    session: Session, newest: list[PastLook], facts: dict[UUID, queries.Facts], lon: float, lat: float
) -> dict[tuple[UUID, date], Pass]:
    payloads = queries.payloads(session, [look.evidence_id for look in newest])
    passes = {}
    for look in newest:
        payload = payloads.get(look.evidence_id)
        if payload is None or look.kind != "tracked":
            continue
        row = facts[look.evidence_id]
        found = nearest(
            decode(bytes(payload)),
            Datum(row.datum),
            TrackMode(row.mode),
            row.utc_offset_s,
            day_number(look.day),
            lon,
            lat,
        )
        if found is not None:
            passes[(look.evidence_id, look.day)] = found
    return passes


def _look(look: PastLook, row: queries.Facts, names: dict[str, str], passed: Pass | None) -> Look:
    return Look(
        patrol_id=look.evidence_id,
        officer_code=row.officer_code,
        officer_name=names.get(row.officer_code),
        mode=cast(Mode, row.mode),
        kind=look.kind,
        day=look.day,
        at=None if passed is None else passed.at,
        label=row.label,
        distance_m=None if passed is None else round(passed.distance_m, 1),
    )
