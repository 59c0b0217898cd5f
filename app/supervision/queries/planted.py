"""SQL of planted checks. Who does not supervise sees those that are over."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.scope import UNITS, Scope

_COLUMNS = """k.id, k.unit_code, u.name AS unit_name, u.level AS unit_level, k.unit_path::text AS unit_path, k.what,
    ST_X(k.place) AS lon, ST_Y(k.place) AS lat, k.planted_on, k.until, k.outcome, k.settled_on, k.settled_by, k.words,
    k.by_name, k.at"""
_FROM = "FROM planted_check k JOIN unit u ON u.code = k.unit_code"
_INSERT = text(
    """INSERT INTO planted_check (id, unit_code, unit_path, what, place, planted_on, until, by_account, by_name)
    VALUES (:id, :unit_code, CAST(:unit_path AS ltree), :what,
        ST_SetSRID(ST_MakePoint(CAST(:lon AS float8), CAST(:lat AS float8)), 4326), :planted_on, :until, :by_account,
        :by_name) ON CONFLICT (id) DO NOTHING RETURNING id"""
)
_ONE = text(f"SELECT {_COLUMNS} {_FROM} WHERE k.id = :id FOR NO KEY UPDATE OF k")
_LISTED = f"""{UNITS.format(path="k.unit_path")} AND (CAST(:sees_open AS boolean) OR k.outcome IS NOT NULL)
    AND (CAST(:unit_path AS ltree) IS NULL OR k.unit_path <@ CAST(:unit_path AS ltree))"""
_PAGE = text(
    f"""SELECT {_COLUMNS} {_FROM} WHERE {_LISTED}
    ORDER BY k.outcome IS NOT NULL, k.until DESC, k.id LIMIT :limit OFFSET :skip"""
)
_COUNT = text(f"SELECT count(*) {_FROM} WHERE {_LISTED}")
_SETTLE = text(
    """UPDATE planted_check SET outcome = :outcome, settled_on = :settled_on, settled_by = :settled_by, words = :words
    WHERE id = :id AND outcome IS NULL"""
)


def insert(session: Session, values: dict[str, Any]) -> bool:
    """Store a check; False when its id is taken."""
    return session.execute(_INSERT, values).first() is not None


def one(session: Session, check_id: UUID) -> Row[Any] | None:
    """A check, held until the transaction ends; None when there is none."""
    return session.execute(_ONE, {"id": check_id}).first()


def page(
    session: Session, scope: Scope, sees_open: bool, unit_path: str | None, limit: int, skip: int
) -> tuple[int, Sequence[Row[Any]]]:
    """How many checks the asker sees at or below a unit, and some of them, open ones first."""
    values = {**scope.params(), "sees_open": sees_open, "unit_path": unit_path}
    total = int(session.execute(_COUNT, values).scalar_one())
    return total, session.execute(_PAGE, {**values, "limit": limit, "skip": skip}).all()


def settle(session: Session, check_id: UUID, outcome: str, settled_on: date, settled_by: str, words: str) -> None:
    """Say what became of an open check."""
    values = {"id": check_id, "outcome": outcome, "settled_on": settled_on, "settled_by": settled_by, "words": words}
    session.execute(_SETTLE, values)
