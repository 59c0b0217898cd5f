"""SQL of case files: put in, change, read. Rows go in as JSON, so that what changes need not be known here."""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.cases.queries.parts import OMISSIONS

_EDITABLE_TEXT = """
    party_name party_uscc category chemical_kind unit_code unit_path grid_code address place source_datum
    responsible_name responsible_phone stages chemicals description measures way_to_close is_shut is_suspended
    is_dismantled found_on deadline handler_name handler_phone supervised_level supervised_on filed_on fine_wan
    fined_on confiscated_wan confiscated_on transferred_persons transferred_on detained_persons disciplined_persons
    state closed_on relapses"""
_EDITABLE = _EDITABLE_TEXT.split()
_FIXED = ("id", "number", "site_id", "tenancy_id", "lead_id", "visit_id", "content_digest", "created_by")


def _list(prefix: str, names: Iterable[str]) -> str:
    return ", ".join(f"{prefix}{name}" for name in names)


_INSERT = text(
    f"""INSERT INTO case_file ({_list("", [*_FIXED, *_EDITABLE])})
    SELECT {_list("r.", [*_FIXED, *_EDITABLE])} FROM jsonb_populate_record(NULL::case_file, CAST(:values AS jsonb)) AS r
    ON CONFLICT DO NOTHING RETURNING id"""  # noqa: S608 - constants
)
_UPDATE = text(
    f"""UPDATE case_file c SET version = c.version + 1, ({_list("", _EDITABLE)}) = (
        SELECT {_list("r.", _EDITABLE)} FROM jsonb_populate_record(c, CAST(:values AS jsonb)) AS r)
    WHERE c.id = :id"""  # noqa: S608 - constants
)
_NEXT = text(
    """INSERT INTO case_number AS n (county_code, year, last) VALUES (:county_code, :year, 1)
    ON CONFLICT (county_code, year) DO UPDATE SET last = n.last + 1 RETURNING last"""
)
_DIGEST = text("SELECT content_digest FROM case_file WHERE id = :id")
_BY_NUMBER = text("SELECT id FROM case_file WHERE number = :number")
_OTHERS = [name for name in _EDITABLE if name not in ("unit_path", "place")]
COLUMNS = f"""c.id, c.number, {_list("c.", _OTHERS)}, c.unit_path::text AS unit_path, c.site_id, c.tenancy_id,
    c.lead_id, c.visit_id, c.version, c.created_at, c.created_by, ST_X(c.place) AS lon, ST_Y(c.place) AS lat,
    u.name AS unit_name, {OMISSIONS} AS omissions"""
FROM = "FROM case_file c JOIN unit u ON u.code = c.unit_code"
_ONE = text(f"SELECT {COLUMNS} {FROM} WHERE c.id = :id")
_LOCKED = text(f"SELECT {COLUMNS} {FROM} WHERE c.id = :id FOR UPDATE OF c")
_SOME = text(f"SELECT {COLUMNS} {FROM} WHERE c.id = ANY(:ids)")


def insert(session: Session, values: dict[str, Any]) -> bool:
    """Store a case, every column given; False when its id or number is there already."""
    return session.execute(_INSERT, {"values": json.dumps(values, default=str)}).first() is not None


def update(session: Session, case_id: UUID, values: dict[str, Any]) -> None:
    """Change some columns and raise the version."""
    session.execute(_UPDATE, {"id": case_id, "values": json.dumps(values, default=str)})


def next_number(session: Session, county_code: str, year: int) -> int:
    """The next running number; whoever asks at the same time waits until this transaction ends."""
    return int(session.execute(_NEXT, {"county_code": county_code, "year": year}).scalar_one())


def digest(session: Session, case_id: UUID) -> bytes | None:
    """What a case was registered with; None: no such case."""
    found = session.execute(_DIGEST, {"id": case_id}).scalar()
    return None if found is None else bytes(found)


def by_number(session: Session, number: str) -> UUID | None:
    """The case of a number."""
    found: UUID | None = session.execute(_BY_NUMBER, {"number": number}).scalar()
    return found


def one(session: Session, case_id: UUID, today: date) -> Row[Any] | None:
    """A case; None when there is none."""
    return session.execute(_ONE, {"id": case_id, "today": today}).first()


def locked(session: Session, case_id: UUID, today: date) -> Row[Any] | None:
    """A case, held until the transaction ends; None when there is none."""
    return session.execute(_LOCKED, {"id": case_id, "today": today}).first()


def some(session: Session, ids: Iterable[UUID], today: date) -> dict[UUID, Row[Any]]:
    """Those of the cases that exist."""
    rows = session.execute(_SOME, {"ids": list(ids), "today": today})
    return {row.id: row for row in rows}
