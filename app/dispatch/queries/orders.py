"""SQL of orders: put in, lock, move on; and their events."""

import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

_INSERT = text(
    """INSERT INTO work_order (id, subject_kind, subject, omission, name, words, unit_code, unit_path, grid_code, place,
        area, area_m2, officer_code, deadline, level, content_digest, created_by_account, created_by, created_at)
    VALUES (:id, :subject_kind, :subject, :omission, :name, :words, :unit_code, CAST(:unit_path AS ltree), :grid_code,
        ST_SetSRID(ST_MakePoint(CAST(:lon AS float8), CAST(:lat AS float8)), 4326),
        ST_GeomFromWKB(CAST(:area AS bytea), 4326), :area_m2, :officer_code, :deadline, :level, :content_digest,
        :created_by_account, :created_by, :created_at)
    ON CONFLICT DO NOTHING RETURNING id"""
)
_STORED = text("SELECT content_digest FROM work_order WHERE id = :id")
# Two people who send somebody to the same thing at once: the second sees the first one's order.
_LOCK_SUBJECT = text("SELECT pg_advisory_xact_lock(hashtextextended(:subject, 5))")
_OPEN_ABOUT = text(
    """SELECT o.id, o.name, o.deadline, f.name AS officer_name
    FROM work_order o JOIN officer f ON f.code = o.officer_code
    WHERE o.state = 'open' AND o.subject = :subject AND o.subject_kind <> 'ground' ORDER BY o.created_at LIMIT 20"""
)
# Two outlines of one blind spot are never quite the same; a shared edge is no common ground.
_OPEN_OVER = text(
    """SELECT o.id, o.name, o.deadline, f.name AS officer_name
    FROM work_order o JOIN officer f ON f.code = o.officer_code
    WHERE o.state = 'open' AND o.area && ST_GeomFromWKB(CAST(:area AS bytea), 4326)
      AND ST_Area(ST_Intersection(o.area, ST_GeomFromWKB(CAST(:area AS bytea), 4326)))
        >= 0.5 * LEAST(ST_Area(o.area), ST_Area(ST_GeomFromWKB(CAST(:area AS bytea), 4326)))
    ORDER BY o.created_at LIMIT 20"""
)
_OPEN_OF = text(
    """SELECT officer_code, count(*) AS orders FROM work_order
    WHERE state = 'open' AND officer_code = ANY(:codes) GROUP BY officer_code"""
)
_COLUMNS = """id, subject_kind, subject, omission, name, unit_path::text AS unit_path, grid_code, officer_code,
    deadline, state, done_by, level, climbed_on, created_at, version"""
_LOCKED = text(f"SELECT {_COLUMNS} FROM work_order WHERE id = :id FOR NO KEY UPDATE")  # noqa: S608 - a constant
# What another settles right now it settles for us too.
_LOCK_SOME = text(
    f"""SELECT {_COLUMNS}, ST_AsBinary(area) AS area FROM work_order WHERE id = ANY(:ids) AND state <> 'withdrawn'
    ORDER BY id FOR NO KEY UPDATE SKIP LOCKED"""  # noqa: S608 - a constant
)
_OPEN = text("SELECT id FROM work_order WHERE state = 'open' ORDER BY id")
_OPEN_AMONG = text("SELECT id FROM work_order WHERE state = 'open' AND id = ANY(:ids) ORDER BY id")
_DOUBTFUL = """SELECT o.id FROM work_order o
    WHERE o.state = 'done' AND (o.subject_kind IN ('lead', 'case', 'baseline_row') OR EXISTS (
        SELECT FROM jsonb_array_elements_text(o.done_by->'evidence') AS e(id)
        JOIN evidence v ON v.id = CAST(e.id AS uuid) WHERE v.review = 'voided'))"""
_ALL_DOUBTFUL = text(f"{_DOUBTFUL} ORDER BY o.id")
_DOUBTFUL_AMONG = text(f"{_DOUBTFUL} AND o.id = ANY(:ids) ORDER BY o.id")
_FINISH = text(
    """UPDATE work_order SET state = 'done', done_on = :done_on, done_by = CAST(:done_by AS jsonb),
        version = version + 1 WHERE id = :id"""
)
_REOPEN = text(
    "UPDATE work_order SET state = 'open', done_on = NULL, done_by = NULL, version = version + 1 WHERE id = :id"
)
_WITHDRAW = text("UPDATE work_order SET state = 'withdrawn', version = version + 1 WHERE id = :id")
_REASSIGN = text("UPDATE work_order SET officer_code = :officer_code, version = version + 1 WHERE id = :id")
_MOVE = text("UPDATE work_order SET deadline = :deadline, version = version + 1 WHERE id = :id")
_CLIMB = text("UPDATE work_order SET level = :level, climbed_on = :climbed_on, version = version + 1 WHERE id = :id")
# A day that an order stood done is none on which it was overdue.
_OVERDUE = text(
    """SELECT o.id, o.level, o.deadline, o.climbed_on,
        (SELECT max(e.at) FROM work_order_event e WHERE e.order_id = o.id AND e.kind = 'reopened') AS reopened_at
    FROM work_order o
    WHERE o.state = 'open' AND o.deadline < :today AND (o.climbed_on IS NULL OR o.climbed_on < :today)
      AND o.level IN ('village', 'town', 'county')
    ORDER BY o.id FOR NO KEY UPDATE OF o SKIP LOCKED"""
)
_ADD_EVENT = text(
    """INSERT INTO work_order_event (order_id, kind, words, facts, by_account, by_name, at)
    VALUES (:order_id, :kind, :words, CAST(:facts AS jsonb), :by_account, :by_name, :at)"""
)
_EVENTS = text(
    "SELECT kind, words, facts, by_name, at FROM work_order_event WHERE order_id = :id ORDER BY id LIMIT 500"
)
_SENT_FROM = text("SELECT facts->>'from_path' FROM work_order_event WHERE order_id = :id AND kind = 'created'")
_HAD = text(
    """SELECT EXISTS (SELECT FROM work_order_event WHERE order_id = :id AND kind IN ('created', 'reassigned')
        AND facts->>'officer_code' = :officer_code) AS had,
        EXISTS (SELECT FROM work_order_event WHERE order_id = :id AND kind = 'seen'
        AND facts->>'officer_code' = :officer_code) AS saw"""
)


def insert(session: Session, values: dict[str, Any]) -> bool:
    """Store an order; False when its id is taken."""
    return session.execute(_INSERT, values).first() is not None


def stored(session: Session, order_id: UUID) -> bytes | None:
    """The digest of what an order was made from; None: no such order."""
    found = session.execute(_STORED, {"id": order_id}).scalar_one_or_none()
    return None if found is None else bytes(found)


def lock_subject(session: Session, subject: str) -> None:
    """Let one order about a thing in at a time."""
    session.execute(_LOCK_SUBJECT, {"subject": subject})


def open_about(session: Session, subject: str, area: bytes | None) -> Sequence[Row[Any]]:
    """id, name, deadline, officer_name of open orders about the same thing, or over half of the same ground."""
    statement = _OPEN_ABOUT if area is None else _OPEN_OVER
    return session.execute(statement, {"subject": subject, "area": area}).all()


def open_of(session: Session, codes: Sequence[str]) -> dict[str, int]:
    """How many orders officers have open; one without any has no entry."""
    return {row.officer_code: row.orders for row in session.execute(_OPEN_OF, {"codes": list(codes)})}


def locked(session: Session, order_id: UUID) -> Row[Any] | None:
    """An order, held until the transaction ends; None when there is none."""
    return session.execute(_LOCKED, {"id": order_id}).first()


def lock_some(session: Session, ids: Sequence[UUID]) -> Sequence[Row[Any]]:
    """Those of the orders that are not withdrawn and nobody else holds, with their area (WKB), held from now on."""
    return session.execute(_LOCK_SOME, {"ids": list(ids)}).all()


def to_settle(session: Session, among: Iterable[UUID] | None) -> list[UUID]:
    """Open orders, and such done ones as may have to be opened again; None: of all there are."""
    if among is None:
        return [row.id for statement in (_OPEN, _ALL_DOUBTFUL) for row in session.execute(statement)]
    ids = list(among)
    return [row.id for statement in (_OPEN_AMONG, _DOUBTFUL_AMONG) for row in session.execute(statement, {"ids": ids})]


def finish(session: Session, order_id: UUID, done_on: Any, done_by: dict[str, Any]) -> None:
    """Say that an order is done, and what showed it (JSON)."""
    values = {"id": order_id, "done_on": done_on, "done_by": json.dumps(done_by, ensure_ascii=False)}
    session.execute(_FINISH, values)


def reopen(session: Session, order_id: UUID) -> None:
    """Say that an order is not done after all."""
    session.execute(_REOPEN, {"id": order_id})


def withdraw(session: Session, order_id: UUID) -> None:
    """Take an order back."""
    session.execute(_WITHDRAW, {"id": order_id})


def reassign(session: Session, order_id: UUID, officer_code: str) -> None:
    """Give an order to another officer."""
    session.execute(_REASSIGN, {"id": order_id, "officer_code": officer_code})


def move(session: Session, order_id: UUID, deadline: Any) -> None:
    """Give an order another last day."""
    session.execute(_MOVE, {"id": order_id, "deadline": deadline})


def climb(session: Session, order_id: UUID, level: str, on: Any) -> None:
    """Let another level answer for an order from a day on."""
    session.execute(_CLIMB, {"id": order_id, "level": level, "climbed_on": on})


def overdue(session: Session, today: Any) -> Sequence[Row[Any]]:
    """id, level, deadline, climbed_on, reopened_at of open orders past their deadline that may climb, held."""
    return session.execute(_OVERDUE, {"today": today}).all()


def add_event(session: Session, values: dict[str, Any]) -> None:
    """Store what was done with an order; `facts` must be JSON."""
    session.execute(_ADD_EVENT, {**values, "facts": json.dumps(values["facts"], ensure_ascii=False)})


def events(session: Session, order_id: UUID) -> Sequence[Row[Any]]:
    """kind, words, facts, by_name, at of what was done with an order, in order."""
    return session.execute(_EVENTS, {"id": order_id}).all()


def sent_from(session: Session, order_id: UUID) -> str | None:
    """The path that was written down of where an order was sent from; None when none was."""
    found: str | None = session.execute(_SENT_FROM, {"id": order_id}).scalar_one_or_none()
    return found


def had(session: Session, order_id: UUID, officer_code: str) -> tuple[bool, bool]:
    """Whether an order was ever an officer's, and whether they told that they saw it."""
    row = session.execute(_HAD, {"id": order_id, "officer_code": officer_code}).one()
    return row.had, row.saw
