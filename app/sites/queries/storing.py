"""Many sites at once: what is there already, and what a file brings."""

import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.sites.queries import sites, tenancies

_CODES_TAKEN = text("SELECT code FROM site WHERE code = ANY(:codes)")
_IDS_TAKEN = text("SELECT EXISTS (SELECT FROM site WHERE id = ANY(:ids))")
_NEXT_CODES = text(
    "SELECT 'CS' || lpad(CAST(nextval('site_number') AS text), 6, '0') AS code FROM generate_series(1, :n)"
)


def codes_taken(session: Session, codes: Iterable[str]) -> set[str]:
    """Those of some codes that sites have."""
    return {row.code for row in session.execute(_CODES_TAKEN, {"codes": list(codes)})}


def is_known(session: Session, ids: Iterable[UUID]) -> bool:
    """Whether some site has one of the ids."""
    return bool(session.execute(_IDS_TAKEN, {"ids": list(ids)}).scalar_one())


def next_codes(session: Session, count: int) -> list[str]:
    """So many codes of our own making that no site has."""
    found: list[str] = []
    while len(found) < count:
        made = [row.code for row in session.execute(_NEXT_CODES, {"n": count - len(found)})]
        taken = codes_taken(session, made)
        found += [code for code in made if code not in taken]
    return found


def insert(
    session: Session,
    places: Sequence[dict[str, Any]],
    lets: Sequence[dict[str, Any]],
    events: Sequence[dict[str, Any]],
) -> None:
    """Store sites, tenancies (parents first) and what the history says of them."""
    session.execute(sites.INSERT, list(places))
    if lets:
        stored = [{**let, "chemicals": json.dumps(let["chemicals"], ensure_ascii=False)} for let in lets]
        session.execute(tenancies.INSERT, stored)
    session.execute(
        sites.ADD_EVENT,
        [{**event, "changes": json.dumps(event["changes"], ensure_ascii=False, default=str)} for event in events],
    )
