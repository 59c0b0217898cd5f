"""SQL of webhooks and of what was sent to them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session
from sqlalchemy.sql import bindparam

from app.scope import UNITS, Scope

_COLUMNS = """SELECT w.id, w.name, w.format, w.url, w.secret, w.unit_code, w.enabled, w.created_by, w.created_at,
    u.name AS unit_name, u.path::text AS path, d.day AS last_day, d.sent_at AS last_sent_at,
    d.attempts AS last_attempts, d.error AS last_error
    FROM webhook w JOIN unit u ON u.code = w.unit_code
    LEFT JOIN LATERAL (
        SELECT * FROM webhook_delivery d WHERE d.webhook_id = w.id ORDER BY d.day DESC LIMIT 1) d ON true"""
_LIST = text(f"{_COLUMNS} WHERE {UNITS.format(path='u.path')} ORDER BY w.id")
_ONE = text(f"{_COLUMNS} WHERE w.id = :id")
_ADD = text(
    """INSERT INTO webhook (name, format, url, secret, unit_code, enabled, created_by)
    VALUES (:name, :format, :url, :secret, :unit_code, :enabled, :created_by) RETURNING id"""
)
_SET = text(
    """UPDATE webhook SET name = :name, format = :format, url = :url, secret = :secret, unit_code = :unit_code,
        enabled = :enabled WHERE id = :id"""
)
_DELETE = text("DELETE FROM webhook WHERE id = :id")
_WITHOUT = text(
    """SELECT w.id, w.format, w.unit_code FROM webhook w
    WHERE w.enabled AND NOT EXISTS (SELECT FROM webhook_delivery d WHERE d.webhook_id = w.id AND d.day = :day)
    ORDER BY w.unit_code, w.id"""
)
_ADD_DELIVERY = text(
    """INSERT INTO webhook_delivery (webhook_id, day, body, next_attempt_at)
    VALUES (:webhook_id, :day, :body, :now) ON CONFLICT DO NOTHING"""
).bindparams(bindparam("body", type_=JSONB))
# Whoever else is sending one holds its row: each is sent by one process at a time.
_TAKE = text(
    """SELECT d.id, d.body, d.attempts, w.url, w.secret, w.format FROM webhook_delivery d
    JOIN webhook w ON w.id = d.webhook_id
    WHERE d.sent_at IS NULL AND d.next_attempt_at <= :now AND d.day = :day AND d.attempts < :most AND w.enabled
    ORDER BY d.next_attempt_at LIMIT 1 FOR UPDATE OF d SKIP LOCKED"""
)
_NOTE = text(
    """UPDATE webhook_delivery SET attempts = attempts + 1, sent_at = :sent_at, error = :error,
        next_attempt_at = :next_attempt_at WHERE id = :id"""
)


def listed(session: Session, scope: Scope) -> Sequence[Row[Any]]:
    """Webhooks of units in a scope, each with its last delivery."""
    return session.execute(_LIST, scope.params()).all()


def one(session: Session, webhook_id: int) -> Row[Any] | None:
    """A webhook with its last delivery."""
    return session.execute(_ONE, {"id": webhook_id}).first()


def add(session: Session, values: dict[str, Any]) -> int:
    """Store a webhook; its id."""
    return int(session.execute(_ADD, values).scalar_one())


def put(session: Session, webhook_id: int, values: dict[str, Any]) -> None:
    """Change a webhook."""
    session.execute(_SET, {**values, "id": webhook_id})


def delete(session: Session, webhook_id: int) -> None:
    """Delete a webhook with what was sent to it."""
    session.execute(_DELETE, {"id": webhook_id})


def without_delivery(session: Session, day: date) -> Sequence[Row[Any]]:
    """id, format, unit_code of enabled webhooks that nothing was made for on a day."""
    return session.execute(_WITHOUT, {"day": day}).all()


def add_delivery(session: Session, webhook_id: int, day: date, body: dict[str, Any], now: datetime) -> None:
    """Store what is to be sent; a day's second is dropped."""
    session.execute(_ADD_DELIVERY, {"webhook_id": webhook_id, "day": day, "body": body, "now": now})


def take(session: Session, day: date, now: datetime, most_attempts: int) -> Row[Any] | None:
    """One delivery that is due, held until the transaction ends; None when there is none."""
    return session.execute(_TAKE, {"day": day, "now": now, "most": most_attempts}).first()


def note(
    session: Session, delivery_id: int, sent_at: datetime | None, error: str | None, next_attempt_at: datetime
) -> None:
    """Note what became of an attempt."""
    values = {"id": delivery_id, "sent_at": sent_at, "error": error, "next_attempt_at": next_attempt_at}
    session.execute(_NOTE, values)
