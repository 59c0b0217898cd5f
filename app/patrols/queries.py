"""SQL of patrols."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from app.patrols.models import Patrol, PatrolFixes, Track
from app.scope import Scope

_FACTS = (
    Patrol.id,
    Patrol.officer_code,
    Patrol.mode,
    Patrol.datum,
    Patrol.label,
    Patrol.state,
    Patrol.utc_offset_s,
    Patrol.content_digest,
)
# On tables, not on mapped classes: a row stored and not looked at again needs no unit of work.
_PATROL = (
    upsert(Patrol.__table__)  # type: ignore[arg-type]
    .on_conflict_do_nothing(index_elements=[Patrol.id])
    .returning(Patrol.__table__.c.id)
)
_STORED = select(Patrol.content_digest, Patrol.answer, Patrol.state, Patrol.void_reason, Patrol.officer_code).where(
    Patrol.id == bindparam("patrol_id")
)
_FIXES = insert(PatrolFixes.__table__)  # type: ignore[arg-type]
_TRACK = text("INSERT INTO track VALUES (:patrol_id, :first_day, :last_day, :length_m, ST_GeomFromWKB(:wkb, 4326))")
# The statements over two features' tables: whether looks and passings count must follow from the patrol's state.
_MISPLACED = """
SELECT DISTINCT p.id, p.state = 'voided' AS is_voided FROM patrol p JOIN {table} l ON l.evidence_id = p.id
WHERE l.withdrawn <> (p.state = 'voided') ORDER BY p.id
"""
_MISPLACED_LOOKS, _MISPLACED_PASSINGS = (text(_MISPLACED.format(table=table)) for table in ("look", "passing"))
# By units through their index, so that who looks at a village does not read a city's records.
_IN_UNITS = text(
    """patrol.id IN (SELECT e.id FROM unnest(CAST(:scope_paths AS ltree[])) AS s(path)
        JOIN evidence e ON e.unit_paths <@ s.path)"""
)
# What came late is kept as long as what came at once, else nobody could ever look at it.
_FORGET_TRACKS = text(
    """DELETE FROM track t USING patrol p
    WHERE p.id = t.patrol_id AND GREATEST(p.ended_at, p.received_at) < :before"""
)
_FORGET_FIXES = text(
    """DELETE FROM patrol_fixes f USING patrol p
    WHERE p.id = f.patrol_id AND GREATEST(p.ended_at, p.received_at) < :before
    RETURNING f.patrol_id"""
)
_BATCH_ROWS = 200


class Stored(NamedTuple):
    """What a repeated upload is compared with, and answered from."""

    content_digest: bytes
    answer: dict[str, Any]
    state: str
    void_reason: str | None
    officer_code: str


class Facts(NamedTuple):
    """Who, how, in which datum and zone."""

    id: UUID
    officer_code: str
    mode: str
    datum: str
    label: str | None
    state: str
    utc_offset_s: int
    content_digest: bytes


class Whole(NamedTuple):
    """A patrol, its number of raw fixes (None when purged), its track as GeoJSON text (None when nothing counts)."""

    patrol: Patrol
    fix_count: int | None
    track: str | None


def insert_patrol(session: Session, values: Mapping[str, Any]) -> bool:
    """Store a patrol; False when the id is taken. Waits for another transaction that is storing the same id."""
    return session.execute(_PATROL, dict(values)).first() is not None


def insert_fixes(session: Session, patrol_id: UUID, count: int, payload: bytes) -> None:
    """Store the raw fixes of a patrol just inserted."""
    session.execute(_FIXES, {"patrol_id": patrol_id, "fix_count": count, "payload": payload})


def insert_track(session: Session, patrol_id: UUID, first_day: int, last_day: int, length_m: float, wkb: bytes) -> None:
    """Store the cleaned track, a WGS-84 MultiLineString."""
    session.execute(
        _TRACK,
        {"patrol_id": patrol_id, "first_day": first_day, "last_day": last_day, "length_m": length_m, "wkb": wkb},
    )


def stored(session: Session, patrol_id: UUID) -> Stored | None:
    """Digest, answer, state and reason of voiding of a patrol; None when there is none."""
    row = session.execute(_STORED, {"patrol_id": patrol_id}).first()
    return None if row is None else Stored(*row)


def lock_patrol(session: Session, patrol_id: UUID) -> tuple[str, str | None] | None:
    """State and reason of a patrol, locked until the transaction ends; None when there is none."""
    statement = select(Patrol.state, Patrol.void_reason).where(Patrol.id == patrol_id).with_for_update(key_share=True)
    row = session.execute(statement).first()
    return None if row is None else (row.state, row.void_reason)


def mark_voided(session: Session, patrol_id: UUID, reason: str, actor: str, at: datetime) -> None:
    """Set the state of a locked patrol."""
    values = {"state": "voided", "void_reason": reason, "voided_by": actor, "voided_at": at}
    session.execute(update(Patrol).where(Patrol.id == patrol_id).values(**values))


def detail(session: Session, patrol_id: UUID) -> Whole | None:
    """Everything about one patrol; None when there is none."""
    statement = (
        select(Patrol, PatrolFixes.fix_count, Track.geom.ST_AsGeoJSON(7).label("track"))
        .outerjoin(PatrolFixes, PatrolFixes.patrol_id == Patrol.id)
        .outerjoin(Track, Track.patrol_id == Patrol.id)
        .where(Patrol.id == patrol_id)
    )
    row = session.execute(statement).first()
    return None if row is None else Whole(*row)


def page(
    session: Session,
    scope: Scope,
    officer_code: str | None,
    since: datetime | None,
    until: datetime | None,
    limit: int,
    skip: int,
) -> Sequence[Patrol]:
    """Patrols of a scope, of an officer and of a stretch of time [since, until), newest first; None means any."""
    statement = select(Patrol).order_by(Patrol.started_at.desc(), Patrol.id).limit(limit).offset(skip)
    if not scope.is_everything:
        statement = statement.where(_IN_UNITS.bindparams(scope_paths=list(scope.unit_paths)))
    if officer_code is not None:
        statement = statement.where(Patrol.officer_code == officer_code)
    if since is not None:
        statement = statement.where(Patrol.ended_at >= since)
    if until is not None:
        statement = statement.where(Patrol.started_at < until)
    return session.scalars(statement).all()


def by_ids(session: Session, ids: Sequence[UUID]) -> Sequence[Patrol]:
    """Those of the patrols that exist."""
    return session.scalars(select(Patrol).where(Patrol.id.in_(ids))).all()


def facts(session: Session, ids: Sequence[UUID]) -> dict[UUID, Facts]:
    """Facts of those of the patrols that exist."""
    return {row.id: Facts(*row) for row in session.execute(select(*_FACTS).where(Patrol.id.in_(ids)))}


def payloads(session: Session, ids: Sequence[UUID]) -> dict[UUID, bytes]:
    """Encoded raw fixes of those patrols that still have them."""
    statement = select(PatrolFixes.patrol_id, PatrolFixes.payload).where(PatrolFixes.patrol_id.in_(ids))
    return {row.patrol_id: row.payload for row in session.execute(statement)}


def count(session: Session) -> int:
    """Number of patrols, voided ones too."""
    return int(session.execute(select(func.count()).select_from(Patrol)).scalar_one())


def with_fixes(session: Session) -> Iterator[tuple[Facts, bytes | None]]:
    """Every patrol, voided ones too, with its encoded raw fixes (None when purged), in order of id."""
    statement = (
        select(*_FACTS, PatrolFixes.payload)
        .outerjoin(PatrolFixes, PatrolFixes.patrol_id == Patrol.id)
        .order_by(Patrol.id)
        .execution_options(yield_per=_BATCH_ROWS)
    )
    for row in session.execute(statement):
        yield Facts(*row[:-1]), row[-1]


def misplaced_looks(session: Session) -> list[tuple[UUID, bool]]:
    """Patrols whose looks count though they are voided (True), or do not count though they are not (False)."""
    return [(row.id, row.is_voided) for row in session.execute(_MISPLACED_LOOKS)]


def misplaced_passings(session: Session) -> list[tuple[UUID, bool]]:
    """Patrols whose passings count though they are voided (True), or do not count though they are not (False)."""
    return [(row.id, row.is_voided) for row in session.execute(_MISPLACED_PASSINGS)]


def forget_fixes(session: Session, ended_before: datetime) -> int:
    """Delete raw fixes and tracks of patrols that ended before an instant; of how many patrols."""
    session.execute(_FORGET_TRACKS, {"before": ended_before})
    return len(session.execute(_FORGET_FIXES, {"before": ended_before}).all())
