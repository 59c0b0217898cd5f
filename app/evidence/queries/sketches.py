"""SQL of sketches: one statement stores a track's and finds those like it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

_LOCK = text("SELECT pg_advisory_xact_lock(:place)")
# What a statement changes it does not see: the track is not found to be like itself.
_EXCHANGE = text(
    """WITH own AS (
        INSERT INTO track_sketch (evidence_id, places, paces)
        VALUES (:evidence_id, CAST(:places AS bigint[]), CAST(:paces AS bigint[])))
    (SELECT s.evidence_id
        FROM track_sketch s CROSS JOIN LATERAL (
            SELECT count(*) AS shared FROM unnest(s.places) AS p WHERE p = ANY(CAST(:places AS bigint[]))) n
        WHERE s.places && CAST(:places AS bigint[]) AND n.shared >= :least_places
        ORDER BY n.shared DESC, s.evidence_id LIMIT :most)
    UNION
    (SELECT s.evidence_id
        FROM track_sketch s CROSS JOIN LATERAL (
            SELECT count(*) AS shared FROM unnest(s.paces) AS p WHERE p = ANY(CAST(:paces AS bigint[]))) n
        WHERE s.paces && CAST(:paces AS bigint[]) AND n.shared >= :least_paces
        ORDER BY n.shared DESC, s.evidence_id LIMIT :most)"""
)

# What came late is kept as long as what came at once, else nobody could ever look at it.
_FORGET = text(
    """DELETE FROM track_sketch s USING evidence e
    WHERE e.id = s.evidence_id AND GREATEST(e.ended_at, e.received_at) < :before"""
)


def exchange(
    session: Session,
    evidence_id: UUID,
    places: Sequence[int],
    paces: Sequence[int],
    least_places: int,
    least_paces: int,
    most: int,
) -> list[UUID]:
    """Store a sketch; the `most` likest others by either kind of hash, with at least so many of it in common.

    Waits for another transaction that is storing the same track.
    """
    if places:
        session.execute(_LOCK, {"place": min(places)})
    values = {"least_places": least_places, "least_paces": least_paces, "most": most}
    own = {"evidence_id": evidence_id, "places": list(places), "paces": list(paces)}
    return list(session.execute(_EXCHANGE, {**own, **values}).scalars())


def forget(session: Session, ended_before: datetime) -> None:
    """Delete the sketches of records that ended before an instant: they are made of positions."""
    session.execute(_FORGET, {"before": ended_before})
