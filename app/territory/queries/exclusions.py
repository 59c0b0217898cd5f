"""Exclusions: their newest versions, new versions, decisions."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.territory.schemas import Bbox

_LATEST_EXCLUSIONS = text(
    """SELECT DISTINCT ON (code) id, code, name, kind, effect, reason, state, requested_by, valid_from, valid_to,
        ST_AsBinary(geom) AS geom
    FROM exclusion WHERE code = ANY(:codes) ORDER BY code, valid_from DESC"""
)
_CLOSE_EXCLUSIONS = text("UPDATE exclusion SET valid_to = :day WHERE id = ANY(:ids)")
_DROP_EXCLUSIONS = text("DELETE FROM exclusion WHERE id = ANY(:ids)")
_ADD_EXCLUSIONS = text(
    """INSERT INTO exclusion (code, name, kind, effect, reason, state, requested_by, decided_by, decided_at, geom,
        area_m2, source_datum, valid_from, import_batch_id)
    SELECT n.code, n.name, n.kind, n.effect, n.reason, n.state, :actor,
        CASE WHEN n.state = 'requested' THEN NULL ELSE :actor END,
        CASE WHEN n.state = 'requested' THEN NULL ELSE now() END,
        ST_GeomFromWKB(n.geom, 4326), n.area_m2, :datum, :day, :batch
    FROM unnest(CAST(:code AS text[]), CAST(:name AS text[]), CAST(:kind AS text[]), CAST(:effect AS text[]),
        CAST(:reason AS text[]), CAST(:state AS text[]), CAST(:geom AS bytea[]), CAST(:area_m2 AS float8[]))
        AS n (code, name, kind, effect, reason, state, geom, area_m2)"""
)
# A decision begins a version of its own, so that the days before keep what was true on them.
_DECIDED_COPY = text(
    """INSERT INTO exclusion (code, name, kind, effect, reason, state, requested_by, decided_by, decided_at, geom,
        area_m2, source_datum, valid_from, valid_to, import_batch_id)
    SELECT code, name, kind, effect, reason, :state, requested_by, :actor, now(), geom, area_m2, source_datum, :day,
        CAST(:until AS date), import_batch_id
    FROM exclusion WHERE id = :id"""
)
_DECIDE_IN_PLACE = text("UPDATE exclusion SET state = :state, decided_by = :actor, decided_at = now() WHERE id = :id")
_REQUEST = text(
    """INSERT INTO exclusion (code, name, kind, effect, reason, state, requested_by, geom, area_m2, source_datum,
        valid_from, valid_to)
    VALUES (:code, :name, :kind, 'inaccessible', :reason, 'requested', :requested_by, ST_GeomFromWKB(:geom, 4326),
        :area_m2, :datum, :day, :until)"""
)
_STATES = text(
    """SELECT DISTINCT ON (code) code, state FROM exclusion WHERE code = ANY(:codes) ORDER BY code, valid_from DESC"""
)
_CHANGE_DAYS = text(
    """SELECT d.day FROM exclusion e CROSS JOIN LATERAL (VALUES (e.valid_from), (e.valid_to)) AS d(day)
    WHERE e.state = 'approved' AND d.day > :after AND e.geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326)
    GROUP BY d.day ORDER BY d.day"""
)


def latest(session: Session, codes: Iterable[str]) -> dict[str, Row[Any]]:
    """The newest version of each exclusion, open or closed, with geom (WKB)."""
    return {row.code: row for row in session.execute(_LATEST_EXCLUSIONS, {"codes": list(codes)})}


def close(session: Session, ids: list[int], day: date) -> None:
    """End versions on a day (exclusive)."""
    if ids:
        session.execute(_CLOSE_EXCLUSIONS, {"ids": ids, "day": day})


def drop(session: Session, ids: list[int]) -> None:
    """Take away versions that began on the very day they are replaced."""
    if ids:
        session.execute(_DROP_EXCLUSIONS, {"ids": ids})


def add(session: Session, columns: dict[str, list[Any]], day: date, datum: str, actor: str, batch: UUID) -> None:
    """Add versions valid from a day; what comes approved is approved by the actor."""
    if columns["code"]:
        session.execute(_ADD_EXCLUSIONS, {**columns, "day": day, "datum": datum, "actor": actor, "batch": batch})


def decide(session: Session, row_id: int, state: str, actor: str, day: date | None, until: date | None = None) -> None:
    """Set a version's state; with a day, in a new version from that day on (the old one must have ended).

    `until`: the day on which the new version ends by itself; None leaves it open.
    """
    values = {"id": row_id, "state": state, "actor": actor, "day": day, "until": until}
    session.execute(_DECIDE_IN_PLACE if day is None else _DECIDED_COPY, values)


def request(session: Session, values: dict[str, Any]) -> None:
    """Store a request for ground to count as inaccessible, for some days."""
    session.execute(_REQUEST, values)


def states(session: Session, codes: Iterable[str]) -> dict[str, str]:
    """The state of the newest version of each exclusion that exists."""
    return {row.code: row.state for row in session.execute(_STATES, {"codes": list(codes)})}


def change_days(session: Session, bounds: Bbox, after: date) -> list[date]:
    """Days after a day on which an approved exclusion whose box meets a WGS-84 box begins or ends."""
    values = dict(zip(("west", "south", "east", "north"), bounds, strict=True))
    return [row.day for row in session.execute(_CHANGE_DAYS, {**values, "after": after})]
