"""Signatures as lists show them."""

import json
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.actor import Actor
from app.determination.queries import attestations as queries
from app.determination.schemas import UnitName
from app.determination.signing_schemas import STATE_NAMES, AttestationRow, Attestations, SignState
from app.errors import NotFoundError
from app.scope import Scope
from app.settings import Settings
from app.territory import service as territory


def sign_states(session: Session, scope: Scope, path: str, period: tuple[date, date]) -> list[SignState]:
    """Of each unit at or below a path that was ever signed for exactly a period, by path; of others there is none."""
    return [_state(row) for row in queries.latest(session, scope, path, *period)]


def signed_since(session: Session, scope: Scope, path: str, day: date) -> list[SignState]:
    """Of the unit of a path and of each straight below that was signed for a period that ends on a day or later, by
    path; of others there is none."""
    return [_state(row) for row in queries.since(session, scope, path, day)]


def changed_below(session: Session, settings: Settings, path: str, period: tuple[date, date]) -> list[SignState]:
    """Signatures strictly below a unit that stand though records came late or were voided since; by unit.

    A quick look for lists: the whole comparison is made at night, by whoever opens one, and when the level above signs.
    """
    return [_state(row) for row in queries.changed_below(session, path, *period, settings.time_zone)]


def page(session: Session, actor: Actor, unit_code: str, state: str | None, limit: int, skip: int) -> Attestations:
    """Signatures at or below a unit, newest first. Raises NotFoundError or ForbiddenError."""
    unit = territory.unit_in_scope(session, actor.scope, unit_code)
    total, rows = queries.page(session, actor.scope, unit.path, state, limit, skip)
    return Attestations(total=total, items=[shown(row) for row in rows])


def one_or_404(session: Session, attestation_id: UUID) -> Row[Any]:
    """A signature. Raises NotFoundError."""
    row = queries.one(session, attestation_id)
    if row is None:
        raise NotFoundError(f"没有编号为 {attestation_id} 的签字。请核对编号。", id=str(attestation_id))
    return row


def in_scope(session: Session, scope: Scope, attestation_id: UUID) -> Row[Any]:
    """A signature of a scope. Raises NotFoundError or ForbiddenError."""
    row = one_or_404(session, attestation_id)
    scope.check_unit(row.unit_code, row.unit_path)
    return row


def shown(row: Row[Any]) -> AttestationRow:
    """A row as lists show it."""
    return AttestationRow(
        id=row.id,
        unit=UnitName(code=row.unit_code, name=row.unit_name, level=row.level),
        first_day=row.first_day,
        last_day=row.last_day,
        state=row.state,
        state_text=STATE_NAMES[row.state],
        signed_by=row.by_name,
        signed_at=row.at,
        seq=row.seq,
        entry_digest=bytes(row.entry_digest).hex(),
        ended_at=row.state_at,
        ended_by=row.state_by,
        why=_why(row),
    )


def ending(row: Row[Any]) -> dict[str, Any]:
    """What the entry that ended a signature says; empty while it stands, or when it can no longer be read."""
    if row.state_document is None:
        return {}
    try:
        found = json.loads(row.state_document)["body"]
    except (ValueError, KeyError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}


def _why(row: Row[Any]) -> str | None:
    told = ending(row)
    return told.get("words") or told.get("summary")


def _state(row: Row[Any]) -> SignState:
    return SignState(
        row.unit_code,
        row.unit_name,
        row.unit_path,
        row.level,
        row.id,
        row.state,
        row.by_name,
        row.at,
        _why(row),
    )
