"""Putting leads in: the row and its first event, together or not at all."""

import json
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.actor import Actor
from app.leads.queries import leads as queries
from app.leads.queries import steps

_UNSTATED: dict[str, Any] = {
    "note": None,
    "officer_code": None,
    "lon": None,
    "lat": None,
    "accuracy_m": None,
    "datum": None,
    "grid_code": None,
    "answer": "{}",
    "number": None,
    "address": None,
    "subject_name": None,
    "subject_uscc": None,
    "facts": {},
    "site_id": None,
    "tenancy_id": None,
}


def add(session: Session, actor: Actor, values: dict[str, Any]) -> bool:
    """Store a lead in state new with who put it in; False when its id, or its number of the source, is taken.

    `values` must name id, source, what, unit_path, made_at, content_digest and deadline; `facts` is JSON.
    """
    known = {**_UNSTATED, **values, "created_by": actor.label}
    stored = queries.insert(session, {**known, "facts": json.dumps(known["facts"], ensure_ascii=False)})
    if stored:
        add_event(session, actor, values["id"], "created", None, "new")
    return stored


def add_event(
    session: Session,
    actor: Actor,
    lead_id: UUID,
    kind: str,
    from_state: str | None,
    to_state: str,
    words: str | None = None,
    facts: dict[str, Any] | None = None,
) -> None:
    """Write down what somebody did to a lead."""
    values = {"lead_id": lead_id, "kind": kind, "from_state": from_state, "to_state": to_state, "words": words}
    by = {"by_account": actor.account_id, "by_name": actor.name}
    steps.add_event(session, {**values, **by, "facts": facts or {}})
