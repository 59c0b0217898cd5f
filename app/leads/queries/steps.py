"""SQL of what becomes of a lead: its events, and the columns that follow from them."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

_ADD_EVENT = text(
    """INSERT INTO lead_event (lead_id, kind, from_state, to_state, words, facts, by_account, by_name)
    VALUES (:lead_id, :kind, :from_state, :to_state, :words, CAST(:facts AS jsonb), :by_account, :by_name)"""
)
_EVENTS = text(
    """SELECT id, kind, from_state, to_state, words, facts, by_name, at
    FROM lead_event WHERE lead_id = :id ORDER BY id"""
)
_MOVE = text("UPDATE lead SET state = :state, version = version + 1 WHERE id = :id")
_ASSIGN = text("UPDATE lead SET assigned_to = :officer_code WHERE id = :id")
_PLACE = text(
    """UPDATE lead SET geom = ST_SetSRID(ST_MakePoint(:lon, :lat), 4326), datum = :datum, accuracy_m = NULL,
        unit_path = CAST(:unit_path AS ltree), grid_code = :grid_code WHERE id = :id"""
)
_MATCH = text(
    """UPDATE lead SET site_id = :site_id, tenancy_id = :tenancy_id, no_known_site = :no_known_site WHERE id = :id"""
)
_CHECK = text("UPDATE lead SET visit_id = :visit_id WHERE id = :id")
_REWARD = text("UPDATE lead SET reward_yuan = :amount_yuan WHERE id = :id")
_ANSWERED = text(
    """SELECT DISTINCT ON (e.lead_id) e.lead_id, e.at, e.facts->>'looked_on' AS looked_on, l.visit_id
    FROM lead l JOIN lead_event e ON e.lead_id = l.id AND e.kind = 'checked' LEFT JOIN visit v ON v.id = l.visit_id
    WHERE l.id = ANY(:ids) AND l.state NOT IN ('new', 'assigned') AND v.state IS DISTINCT FROM 'voided'
    ORDER BY e.lead_id, e.id DESC"""
)
_REOPEN = text("UPDATE lead SET visit_id = NULL, deadline = :deadline WHERE id = :id")


def add_event(session: Session, values: Mapping[str, Any]) -> None:
    """Store what was done to a lead; `facts` must be JSON."""
    session.execute(_ADD_EVENT, {**values, "facts": json.dumps(values["facts"], ensure_ascii=False)})


def events(session: Session, lead_id: UUID) -> Sequence[Row[Any]]:
    """What was done to a lead, in order."""
    return session.execute(_EVENTS, {"id": lead_id}).all()


def move(session: Session, lead_id: UUID, state: str) -> None:
    """Put a lead into a state; its version goes up by one."""
    session.execute(_MOVE, {"id": lead_id, "state": state})


def assign(session: Session, lead_id: UUID, officer_code: str) -> None:
    """Say who is to look into it."""
    session.execute(_ASSIGN, {"id": lead_id, "officer_code": officer_code})


def place(session: Session, lead_id: UUID, values: Mapping[str, Any]) -> None:
    """Say where it is: lon, lat (WGS-84), datum it was told in, unit_path, grid_code."""
    session.execute(_PLACE, {**values, "id": lead_id})


def match(session: Session, lead_id: UUID, site_id: UUID | None, tenancy_id: UUID | None) -> None:
    """Say at which site it is; None: at none of those known."""
    values = {"id": lead_id, "site_id": site_id, "tenancy_id": tenancy_id, "no_known_site": site_id is None}
    session.execute(_MATCH, values)


def check(session: Session, lead_id: UUID, visit_id: UUID | None) -> None:
    """Say which visit answered it; None: a look that is only told in words."""
    session.execute(_CHECK, {"id": lead_id, "visit_id": visit_id})


def reward(session: Session, lead_id: UUID, amount_yuan: Any) -> None:
    """Say what was paid for it."""
    session.execute(_REWARD, {"id": lead_id, "amount_yuan": amount_yuan})


def reopen(session: Session, lead_id: UUID, deadline: Any) -> None:
    """Take its answer back; it has a new deadline."""
    session.execute(_REOPEN, {"id": lead_id, "deadline": deadline})


def answered(session: Session, ids: Sequence[UUID]) -> Sequence[Row[Any]]:
    """lead_id, at, looked_on (ISO date, may be NULL), visit_id of the last check of those leads that are answered."""
    return session.execute(_ANSWERED, {"ids": list(ids)}).all()
