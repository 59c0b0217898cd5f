"""What is odd about photos: seen before, or taken at another time or place than the record says."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy.orm import Session

from app.evidence.pictures import MOST_DIFFERENT_BITS
from app.evidence.queries import photos as queries
from app.evidence.schemas import FindingKind, NewFinding, Photo, Position
from geo.tracks import steps

# Two shots in one go are alike with good reason.
IN_ONE_GO_S = 600.0
# A photo is taken while the record is made; an hour forgives a call, a lunch, a form filled in later.
MOST_APART_S = 3600.0
# Some cameras write GCJ-02 into a picture, some 500 m off; and what they write may be minutes old.
MOST_APART_M = 1000.0


def odd_photos(
    session: Session, evidence_id: UUID, photos: Sequence[Photo], made_at: datetime, position: Position | None
) -> list[NewFinding]:
    """Findings about the photos of a record, one of a kind and other record, naming the photos they are about."""
    seen_before = _seen_before(session, evidence_id, photos)
    return [*seen_before, *_at_another_time(photos, made_at), *_at_another_place(photos, position)]


def _seen_before(session: Session, evidence_id: UUID, photos: Sequence[Photo]) -> Iterator[NewFinding]:
    ids = [photo.id for photo in photos]
    reused = queries.used_before(session, evidence_id, ids)
    yield from _by_record(FindingKind.PHOTO_REUSED, reused)
    known = {row.photo_id for row in reused}
    rest = [photo_id for photo_id in ids if photo_id not in known]
    yield from _by_record(
        FindingKind.PHOTO_LOOK_ALIKE, queries.alike(session, evidence_id, rest, MOST_DIFFERENT_BITS, IN_ONE_GO_S)
    )


def _by_record(kind: FindingKind, rows: Sequence[Any]) -> Iterator[NewFinding]:
    for other_id in dict.fromkeys(row.evidence_id for row in rows):
        pairs = [row for row in rows if row.evidence_id == other_id]
        photos = [
            {"photo_id": str(row.photo_id), "other_photo_id": str(row.other_photo_id)}
            | ({"different_bits": int(row.different_bits)} if kind is FindingKind.PHOTO_LOOK_ALIKE else {})
            for row in pairs
        ]
        yield NewFinding(kind, {"photos": photos, "other_started_at": pairs[0].started_at.isoformat()}, other_id)


def _at_another_time(photos: Sequence[Photo], made_at: datetime) -> Iterator[NewFinding]:
    found = []
    for photo in photos:
        taken_at = photo.own_taken_at or photo.taken_at
        apart_s = abs((taken_at - made_at).total_seconds())
        if apart_s > MOST_APART_S:
            source = "picture" if photo.own_taken_at else "phone"
            fact = {"photo_id": str(photo.id), "taken_at": taken_at.isoformat(), "said_by": source}
            found.append(fact | {"apart_minutes": round(apart_s / 60)})
    if found:
        yield NewFinding(FindingKind.PHOTO_TIME, {"photos": found, "made_at": made_at.isoformat()})


def _at_another_place(photos: Sequence[Photo], position: Position | None) -> Iterator[NewFinding]:
    found = []
    for photo in photos:
        stated = None if photo.lon is None or photo.lat is None else (photo.lon, photo.lat)
        own = None if photo.own_lon is None or photo.own_lat is None else (photo.own_lon, photo.own_lat)
        here = position or stated
        there = own or stated
        if here is None or there is None:
            continue
        apart_m = _distance_m(here, there)
        if apart_m > MOST_APART_M:
            source = "picture" if own else "phone"
            fact = {"photo_id": str(photo.id), "lon": there[0], "lat": there[1], "said_by": source}
            found.append(fact | {"apart_m": round(apart_m)})
    if found:
        yield NewFinding(FindingKind.PHOTO_PLACE, {"photos": found})


def _distance_m(here: Position, there: Position) -> float:
    way = steps(*(np.array([value]) for value in (*here, *there)))
    return float(np.hypot(way.east_m[0], way.south_m[0]))
