"""SQL of policies: versions are added, never changed."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

_COLUMNS = """p.id, p.unit_code, u.name AS unit_name, u.level AS unit_level, p.version, p.valid_from, p.thresholds,
    p.words, e.by_name AS set_by, e.at AS set_at"""
_FROM = "FROM policy p JOIN unit u ON u.code = p.unit_code JOIN chain_entry e ON e.id = p.id"
# Of the nearest unit at or above that has one, the highest version that is in force.
_HELD = text(
    f"""SELECT {_COLUMNS} {_FROM}
    WHERE p.unit_path @> CAST(:path AS ltree) AND p.valid_from <= :on
    ORDER BY nlevel(p.unit_path) DESC, p.version DESC LIMIT 1"""
)
_VERSIONS = text(f"SELECT {_COLUMNS} {_FROM} WHERE p.unit_code = :code ORDER BY p.version DESC LIMIT :limit")
_NEXT = text("SELECT COALESCE(max(version), 0) + 1 FROM policy WHERE unit_code = :code")
_LOCK = text("SELECT code FROM unit WHERE code = :code FOR NO KEY UPDATE")
_ADD = text(
    """INSERT INTO policy (id, unit_code, unit_path, version, valid_from, thresholds, words, content_digest)
    VALUES (:id, :unit_code, CAST(:unit_path AS ltree), :version, :valid_from, CAST(:thresholds AS jsonb), :words,
        :content_digest)"""
)


def held(session: Session, path: str, on: date) -> Row[Any] | None:
    """The policy that holds for a unit, by its path, on a local day; None: nobody has set one."""
    return session.execute(_HELD, {"path": path, "on": on}).first()


def versions(session: Session, unit_code: str, limit: int) -> Sequence[Row[Any]]:
    """A unit's own policies, newest version first."""
    return session.execute(_VERSIONS, {"code": unit_code, "limit": limit}).all()


def next_version(session: Session, unit_code: str) -> int:
    """The number of the next version; nobody else gets it until the transaction ends."""
    session.execute(_LOCK, {"code": unit_code})
    return int(session.execute(_NEXT, {"code": unit_code}).scalar_one())


def add(session: Session, policy_id: UUID, values: dict[str, Any]) -> None:
    """Store a version."""
    session.execute(_ADD, {"id": policy_id, **values, "thresholds": json.dumps(values["thresholds"])})
