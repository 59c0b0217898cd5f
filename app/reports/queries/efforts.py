"""SQL of the effort that towns and villages put into inspections."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.scope import UNITS, Scope

_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('inspection_effort'))")
_COLUMNS = """e.id, e.unit_code, u.name AS unit_name, u.level AS unit_level, e.unit_path::text AS unit_path,
    e.first_day, e.last_day, e.teams, e.person_times, e.words, e.recorded_by, e.recorded_at, e.withdrawn_why,
    e.withdrawn_by"""
_FROM = "FROM inspection_effort e JOIN unit u ON u.code = e.unit_code"
_INSERT = text(
    """INSERT INTO inspection_effort (id, unit_code, unit_path, first_day, last_day, teams, person_times, words,
        recorded_by)
    VALUES (:id, :unit_code, CAST(:unit_path AS ltree), :first_day, :last_day, :teams, :person_times, :words,
        :recorded_by)"""
)
_ONE = text(f"SELECT {_COLUMNS} {_FROM} WHERE e.id = :id")
_OVERLAPPING = text(
    f"""SELECT {_COLUMNS} {_FROM}
    WHERE e.withdrawn_why IS NULL AND e.first_day <= :last_day AND e.last_day >= :first_day
      AND (e.unit_path @> CAST(:unit_path AS ltree) OR e.unit_path <@ CAST(:unit_path AS ltree))
    ORDER BY e.unit_path, e.first_day"""
)
_LISTED = f"{_FROM} WHERE {UNITS.format(path='e.unit_path')} AND e.unit_path <@ CAST(:unit_path AS ltree)"
_PAGE = text(f"SELECT {_COLUMNS} {_LISTED} ORDER BY e.last_day DESC, e.unit_path, e.id LIMIT :limit OFFSET :skip")
_COUNT = text(f"SELECT count(*) {_LISTED}")
_WITHDRAW = text(
    """UPDATE inspection_effort SET withdrawn_why = :why, withdrawn_by = :by, withdrawn_at = now()
    WHERE id = :id AND withdrawn_why IS NULL"""
)


def take_turn(session: Session) -> None:
    """Wait until nobody else records an effort: two that overlap must not be recorded side by side."""
    session.execute(_LOCK)


def insert(session: Session, values: dict[str, Any]) -> None:
    """Store an effort."""
    session.execute(_INSERT, values)


def one(session: Session, effort_id: UUID) -> Row[Any] | None:
    """An effort; None when there is none."""
    return session.execute(_ONE, {"id": effort_id}).first()


def overlapping(session: Session, unit_path: str, first_day: date, last_day: date) -> Sequence[Row[Any]]:
    """Efforts that count and share days with some days, of a unit, of those above it and of those below it."""
    values = {"unit_path": unit_path, "first_day": first_day, "last_day": last_day}
    return session.execute(_OVERLAPPING, values).all()


def page(session: Session, scope: Scope, unit_path: str, limit: int, skip: int) -> tuple[int, Sequence[Row[Any]]]:
    """How many efforts of a scope lie at or below a unit, and some of them, newest days first."""
    values = {**scope.params(), "unit_path": unit_path}
    rows = session.execute(_PAGE, {**values, "limit": limit, "skip": skip}).all()
    return int(session.execute(_COUNT, values).scalar_one()), rows


def withdraw(session: Session, effort_id: UUID, why: str, by: str) -> bool:
    """Let an effort count no longer; whether it counted."""
    return bool(session.execute(_WITHDRAW, {"id": effort_id, "why": why, "by": by}).rowcount)  # type: ignore[attr-defined]
