"""Orders follow the evidence: done when it shows so, open again when it counts no longer."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, Row
from sqlalchemy.orm import Session

from app.db import transaction
from app.dispatch.proving import Proof, proofs
from app.dispatch.queries import orders as queries
from app.dispatch.wording import SYSTEM
from app.settings import Settings

_AT_ONCE = 100


def settle(session: Session, settings: Settings, among: Iterable[UUID]) -> int:
    """Bring those of some orders up to the evidence that it may have overtaken; how many changed."""
    return _settle(session, settings, queries.to_settle(session, among))


def settle_all(engine: Engine, settings: Settings) -> int:
    """Bring all orders up to the evidence, some at a time; how many changed."""
    with transaction(engine) as session:
        ids = queries.to_settle(session, None)
    changed = 0
    for start in range(0, len(ids), _AT_ONCE):
        with transaction(engine) as session:
            changed += _settle(session, settings, ids[start : start + _AT_ONCE])
    return changed


def note(
    session: Session, settings: Settings, order_id: UUID, kind: str, words: str | None, facts: dict[str, Any]
) -> None:
    """Write down what the system found by itself."""
    values = {"order_id": order_id, "kind": kind, "words": words, "facts": facts}
    queries.add_event(session, {**values, "by_account": None, "by_name": SYSTEM, "at": settings.now()})


def _settle(session: Session, settings: Settings, ids: list[UUID]) -> int:
    orders = queries.lock_some(session, ids) if ids else []
    found = proofs(session, settings, orders)
    return sum(_follow(session, settings, order, found.get(order.id)) for order in orders)


def _follow(session: Session, settings: Settings, order: Row[Any], proof: Proof | None) -> bool:
    if proof is None:
        if order.state == "open":
            return False
        queries.reopen(session, order.id)
        note(session, settings, order.id, "reopened", "原依据已作废或被撤回，重新办理。", {"was": order.done_by})
        return True
    done_by = {"evidence": proof.evidence, **proof.facts}
    if order.state == "open":
        queries.finish(session, order.id, proof.done_on, done_by)
        note(session, settings, order.id, "done", None, {"done_on": proof.done_on.isoformat(), **done_by})
        return True
    if set(order.done_by["evidence"]) <= set(proof.evidence):
        return False
    queries.finish(session, order.id, proof.done_on, done_by)
    told = {"done_on": proof.done_on.isoformat(), **done_by}
    note(session, settings, order.id, "done", "原依据已作废，另有依据证明完成。", told)
    return True
