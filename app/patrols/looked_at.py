"""Who looked at a place: coverage knows the cells, evidence knows who, patrols know when and how close."""

from datetime import date, datetime
from typing import Literal, cast
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.actor import Actor
from app.coverage import service as coverage
from app.coverage.schemas import Officer, PastLook, PastPassing, PlaceRef
from app.evidence import service as evidence
from app.evidence.schemas import EvidenceFacts
from app.patrols import queries
from app.patrols.fixes import decode
from app.patrols.nearest import Pass, nearest
from app.patrols.schemas import Mode
from app.rights import Right
from app.settings import Settings
from app.territory import service as territory
from geo.datum import Datum
from geo.daytiles import day_number
from geo.tracks import Mode as TrackMode

# Raw fixes are read only for the newest looks: a place seen daily for years would need thousands of them.
WITH_TIMES = 20
PassReason = Literal["too_fast", "weak", "gap"]


class Look(BaseModel):
    """One look. Only `kind` and `day` are told of somebody whose records the reader may not see.

    `mode`: null for what was declared. `at` and `distance_m` are null for older looks and where raw fixes are gone.
    """

    evidence_id: UUID | None = None
    officer_code: str | None = None
    officer_name: str | None = None
    mode: Mode | None = None
    kind: str
    day: date
    at: datetime | None = None
    label: str | None = None
    distance_m: float | None = None


class PassedBy(BaseModel):
    """That somebody passed within the cycle without looking: too_fast, weak or gap, and the last day of that."""

    reason: PassReason
    day: date


class LookedAt(BaseModel):
    """Everything known about looks at one place (WGS-84); `passed`: null where it is covered, or nobody passed."""

    lon: float
    lat: float
    path: list[PlaceRef]
    grid: PlaceRef | None
    officer: Officer | None
    share: str | None
    last: Look | None
    looks: list[Look]
    total: int
    passed: PassedBy | None = None


def looked_at(session: Session, settings: Settings, actor: Actor, lon: float, lat: float) -> LookedAt:
    """Looks at a WGS-84 position, newest first; an empty list where nobody looked. Notes whose looks were named.

    Raises ForbiddenError outside the actor's scope.
    """
    found = coverage.looked_at(session, settings, actor.scope, lon, lat)
    known = evidence.facts_of(session, {look.evidence_id for look in found.looks})
    named = [look for look in found.looks if may_see(actor, known[look.evidence_id])]
    actor.facts["officer_codes"] = sorted({known[look.evidence_id].officer_code for look in named})
    words = _Words(session, named, known, lon, lat)
    looks = [
        words.look(look) if may_see(actor, known[look.evidence_id]) else Look(kind=look.kind, day=look.day)
        for look in found.looks
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
        passed=_passed_by(found.passed),
    )


def _passed_by(passed: PastPassing | None) -> PassedBy | None:
    return None if passed is None else PassedBy(reason=cast(PassReason, passed.reason), day=passed.day)


def may_see(actor: Actor, record: EvidenceFacts) -> bool:
    """Whether a record is the actor's own, or they may see tracks and it lies in their scope."""
    if actor.officer_code is not None and record.officer_code == actor.officer_code:
        return True
    return actor.may(Right.READ_TRACKS) and actor.scope.holds_any(record.unit_paths)


class _Words:
    """What is told of looks: names and moments, asked for all of them at once."""

    def __init__(
        self, session: Session, looks: list[PastLook], known: dict[UUID, EvidenceFacts], lon: float, lat: float
    ) -> None:
        self.known = known
        self.patrols = queries.facts(session, list({look.evidence_id for look in looks}))
        self.names = territory.officer_names(session, sorted({known[look.evidence_id].officer_code for look in looks}))
        self.passes = _passes(session, looks[:WITH_TIMES], self.patrols, lon, lat)

    def look(self, look: PastLook) -> Look:
        """A look by somebody who is named."""
        record, patrol = self.known[look.evidence_id], self.patrols.get(look.evidence_id)
        passed = self.passes.get((look.evidence_id, look.day))
        at = None if passed is None else passed.at
        return Look(
            evidence_id=look.evidence_id,
            officer_code=record.officer_code,
            officer_name=self.names.get(record.officer_code),
            mode=None if patrol is None else cast(Mode, patrol.mode),
            kind=look.kind,
            day=look.day,
            at=record.started_at if patrol is None else at,
            label=None if patrol is None else patrol.label,
            distance_m=None if passed is None else round(passed.distance_m, 1),
        )


def _passes(
    session: Session, newest: list[PastLook], patrols: dict[UUID, queries.Facts], lon: float, lat: float
) -> dict[tuple[UUID, date], Pass]:
    payloads = queries.payloads(session, [look.evidence_id for look in newest])
    passes = {}
    for look in newest:
        payload = payloads.get(look.evidence_id)
        if payload is None:
            continue
        row = patrols[look.evidence_id]
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
