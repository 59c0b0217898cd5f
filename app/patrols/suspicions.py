"""What in a patrol does not look like somebody who was there: signs in its fixes, duty, and tracks sent before."""

from collections.abc import Iterator, Sequence
from uuid import UUID

import numpy as np
from sqlalchemy.orm import Session

from app.evidence import service as evidence
from app.evidence.schemas import FindingKind, NewFinding
from app.patrols import queries
from app.patrols.fixes import Floats, RawFixes, decode, instant, microseconds
from app.patrols.judging import Judgement
from app.patrols.schemas import Record
from app.settings import Settings
from geo.datum import Datum, to_wgs84
from geo.plausibility import signs
from geo.sketches import Likeness, is_coarse, likeness, sketch
from geo.tracks import Fixes, Mode

_MOCKED = 1
# What is farther ahead than the skew is refused; half of it is still more than a phone in a network is off.
_AHEAD_SHARE = 0.5
# A clock set right by the network moves by less.
_BACK_S = 60.0


def judge_evidence(session: Session, settings: Settings, patrol: Record, judged: Judgement) -> None:
    """Store findings about a patrol just stored, and about older ones that it is a copy of."""
    fixes = _wgs84(judged.lon, judged.lat, patrol.fixes)
    found = [
        *(NewFinding(FindingKind(sign.value), dict(facts)) for sign, facts in signs(fixes, Mode(patrol.mode)).items()),
        *_said_by_phone(patrol, settings),
        *_duty(session, settings, patrol, judged),
    ]
    evidence.add_findings(session, patrol.id, found)
    coarse = is_coarse(patrol.fixes.lon, patrol.fixes.lat)
    candidates = evidence.exchange_sketch(session, patrol.id, sketch(fixes, Mode(patrol.mode), coarse=coarse))
    if candidates:
        alike = _confirmed(session, fixes, Mode(patrol.mode), coarse, candidates)
        evidence.mark_copies(session, patrol.id, alike)


def _wgs84(lon: Floats, lat: Floats, fixes: RawFixes) -> Fixes:
    return Fixes(lon, lat, fixes.time_us // 1000, fixes.accuracy_m)


def _said_by_phone(patrol: Record, settings: Settings) -> Iterator[NewFinding]:
    fixes = patrol.fixes
    if fixes.mock is not None and (mocked := int((fixes.mock == _MOCKED).sum())):
        yield NewFinding(FindingKind.MOCK_LOCATION, {"mocked": mocked, "fixes": len(fixes)})
    ahead_s = (int(fixes.time_us.max()) - microseconds(settings.now())) / 1e6
    # Files hold their parts in any order; a phone sends what it recorded as it came.
    back_s = float(-np.diff(fixes.time_us).min(initial=0)) / 1e6 if patrol.source == "phone" else 0.0
    if ahead_s > _AHEAD_SHARE * settings.clock_skew_s:
        yield NewFinding(FindingKind.CLOCK_OFF, {"ahead_s": round(ahead_s)})
    elif back_s > _BACK_S:
        yield NewFinding(FindingKind.CLOCK_OFF, {"back_s": round(back_s)})


def _duty(session: Session, settings: Settings, patrol: Record, judged: Judgement) -> list[NewFinding]:
    """Judged by what counts; where nothing does, by all there is."""
    segments = judged.track.segments
    lon, lat = (segments.lon0, segments.lat0) if len(segments) else (judged.lon, judged.lat)
    day = instant(int(patrol.fixes.time_us.min())).astimezone(settings.zone).date()
    return evidence.duty_findings(session, settings, patrol.officer_code, day, lon, lat, patrol.fixes.time_s())


def _confirmed(
    session: Session, fixes: Fixes, mode: Mode, coarse: bool, candidates: Sequence[UUID]
) -> dict[UUID, Likeness]:
    """Those of the candidates that are copies, compared fix by fix; without its raw fixes none is."""
    facts = queries.facts(session, candidates)
    alike = {}
    for candidate, payload in queries.payloads(session, candidates).items():
        raw = decode(payload)
        lon, lat = to_wgs84(raw.lon, raw.lat, Datum(facts[candidate].datum))
        either = coarse or is_coarse(raw.lon, raw.lat)
        found = likeness(fixes, _wgs84(lon, lat, raw), mode, coarse=either)
        if found is not None:
            alike[candidate] = found
    return alike
