"""Tracks that were sent before: found by sketches, confirmed by whoever holds the fixes, marked on both records."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from app.evidence.findings import add_findings
from app.evidence.queries import records, sketches
from app.evidence.schemas import EvidenceFacts, FindingKind, NewFinding
from geo.sketches import Likeness, Sketch

# One equal hash happens: a place from a wireless network, a door where rounds begin.
LEAST_PLACES = 2
LEAST_PACES = 6
# A track that was copied ten times is found by its likest copies; each costs a comparison.
MOST_EACH = 4
_DECIDED = ("accepted", "voided")


def exchange_sketch(session: Session, evidence_id: UUID, sketch: Sketch) -> list[UUID]:
    """Store a record's sketch and name the records whose tracks are to be compared with it; mostly none."""
    places, paces = sketch.places.tolist(), sketch.paces.tolist()
    return sketches.exchange(session, evidence_id, places, paces, LEAST_PLACES, LEAST_PACES, MOST_EACH)


def mark_copies(session: Session, evidence_id: UUID, alike: Mapping[UUID, Likeness]) -> None:
    """Add a finding to a record for each that it is a copy of, and to those unless a person decided on them."""
    if not alike:
        return
    known = records.facts(session, [evidence_id, *alike])
    own = known[evidence_id]
    add_findings(session, evidence_id, [_finding(own, known[other], found) for other, found in alike.items()])
    for other, found in alike.items():
        if known[other].review not in _DECIDED:
            add_findings(session, other, [_finding(known[other], own, found)])


def _finding(record: EvidenceFacts, other: EvidenceFacts, found: Likeness) -> NewFinding:
    facts = {
        "how": found.how,
        "percent": int(found.share * 100),
        "shared_places": found.shared_places,
        "apart_m": round(found.apart_m, 1),
        "same_officer": record.officer_code == other.officer_code,
        "other_started_at": other.started_at.isoformat(),
        "other_review": other.review,
    }
    return NewFinding(FindingKind.COPIED_TRACK, facts, other.id)
