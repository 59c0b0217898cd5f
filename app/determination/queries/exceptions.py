"""SQL of exceptions: asked for, decided, ended."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.scope import UNITS, Scope

_COLUMNS = """x.id, x.kind, x.subject, x.name, x.unit_code, x.unit_path::text AS unit_path, u.name AS unit_name,
    u.level AS unit_level, x.area_m2, x.reason, x.until, x.state, x.requested_by, x.requested_by_account,
    x.requested_at, x.decided_by, x.decided_at, x.decided_words, x.content_digest"""
_FROM = "FROM omission_exception x JOIN unit u ON u.code = x.unit_code"
_HOLDING = text(
    f"""SELECT {_COLUMNS} {_FROM}
    WHERE x.state = 'approved' AND x.until >= :on AND x.unit_path <@ CAST(:path AS ltree)
    ORDER BY x.kind, x.subject"""
)
_ASKED = f"""x.unit_path <@ CAST(:path AS ltree) AND {UNITS.format(path="x.unit_path")}
    AND (CAST(:state AS text) IS NULL OR x.state = :state)"""
_PAGE = text(
    f"""SELECT {_COLUMNS} {_FROM} WHERE {_ASKED}
    ORDER BY x.state = 'requested' DESC, x.requested_at DESC, x.id LIMIT :limit OFFSET :skip"""
)
_COUNT = text(f"SELECT count(*) {_FROM} WHERE {_ASKED}")
_ONE = text(f"SELECT {_COLUMNS} {_FROM} WHERE x.id = :id FOR NO KEY UPDATE OF x")
_OPEN = text(
    f"""SELECT {_COLUMNS} {_FROM}
    WHERE x.kind = ANY(:kinds) AND x.subject = ANY(:subjects) AND x.state IN ('requested', 'approved')"""
)
# One that has run out makes room for a new one.
_END_PAST = text(
    """UPDATE omission_exception
    SET state = 'ended', decided_by = COALESCE(decided_by, 'system'), decided_at = COALESCE(decided_at, now())
    WHERE kind = :kind AND subject = :subject AND state IN ('requested', 'approved') AND until < :today"""
)
_ADD = text(
    """INSERT INTO omission_exception (id, kind, subject, name, unit_code, unit_path, area_m2, reason, until,
        content_digest, requested_by_account, requested_by)
    VALUES (:id, :kind, :subject, :name, :unit_code, CAST(:unit_path AS ltree), :area_m2, :reason, :until,
        :content_digest, :account_id, :by_name)
    ON CONFLICT DO NOTHING RETURNING id"""
)
_DECIDE = text(
    """UPDATE omission_exception SET state = :state, decided_by_account = :account_id, decided_by = :by_name,
        decided_at = now(), decided_words = :words
    WHERE id = :id"""
)


def holding(session: Session, path: str, on: date) -> Sequence[Row[Any]]:
    """Approved exceptions at or below a unit that hold on a local day."""
    return session.execute(_HOLDING, {"path": path, "on": on}).all()


def page(
    session: Session, scope: Scope, path: str, state: str | None, limit: int, skip: int
) -> tuple[int, Sequence[Row[Any]]]:
    """How many exceptions of a scope there are at or below a unit in a state (None: any), and some of them."""
    values = {"path": path, "state": state, **scope.params()}
    total = int(session.execute(_COUNT, values).scalar_one())
    return total, session.execute(_PAGE, {**values, "limit": limit, "skip": skip}).all()


def one(session: Session, exception_id: UUID) -> Row[Any] | None:
    """An exception, locked until the transaction ends; None when there is none."""
    return session.execute(_ONE, {"id": exception_id}).first()


def open_of(session: Session, kinds: Sequence[str], subjects: Sequence[str]) -> Sequence[Row[Any]]:
    """Exceptions of some kinds and subjects that wait or are approved."""
    return session.execute(_OPEN, {"kinds": list(kinds), "subjects": list(subjects)}).all()


def end_past(session: Session, kind: str, subject: str, today: date) -> None:
    """End those that have run out."""
    session.execute(_END_PAST, {"kind": kind, "subject": subject, "today": today})


def add(session: Session, values: dict[str, Any]) -> bool:
    """Store a request; False when its id or its subject is taken."""
    return session.execute(_ADD, values).first() is not None


def decide(session: Session, exception_id: UUID, state: str, account_id: int | None, by_name: str, words: str) -> None:
    """Say what became of an exception."""
    values = {"id": exception_id, "state": state, "account_id": account_id, "by_name": by_name, "words": words}
    session.execute(_DECIDE, values)
