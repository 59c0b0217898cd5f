"""SQL of files that leads were made from."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('lead_source_file'))")
_STORED = text("SELECT kind, unit_code, report FROM lead_source_file WHERE file_digest = :digest")
_INSERT = text(
    """INSERT INTO lead_source_file (id, kind, file_name, file_digest, unit_code, report, created_by)
    VALUES (:id, :kind, :file_name, :file_digest, :unit_code, CAST(:report AS jsonb), :created_by)"""
)
# Users who have an open lead, or were told of these very months before.
_TOLD_USERS = text(
    """SELECT DISTINCT facts->>'user_number' AS user_number FROM lead
    WHERE source = 'power_growth' AND facts->>'user_number' = ANY(:numbers)
      AND unit_path <@ CAST(:unit_path AS ltree)
      AND (state IN ('new', 'assigned', 'checked') OR facts->>'last_month' = :last_month)"""
)
_STOPS = text(
    """SELECT CAST(facts->>'from' AS timestamptz) AS from_at, CAST(facts->>'until' AS timestamptz) AS until_at,
        ST_X(geom) AS lon, ST_Y(geom) AS lat
    FROM lead WHERE source = 'vehicle' AND facts->>'plate' = :plate"""
)


def lock(session: Session) -> None:
    """Let one file in at a time, so that two uploads of the same do not both make leads."""
    session.execute(_LOCK)


def stored(session: Session, digest: bytes) -> Row[Any] | None:
    """kind, unit_code, report of a file that was taken in; None for a new one."""
    return session.execute(_STORED, {"digest": digest}).first()


def insert(session: Session, values: dict[str, Any]) -> None:
    """Keep that a file was taken in, and its report."""
    session.execute(_INSERT, {**values, "report": json.dumps(values["report"], ensure_ascii=False)})


def told_users(session: Session, numbers: Iterable[str], unit_path: str, last_month: str) -> set[str]:
    """Those of the power users of a unit who need no further lead."""
    values = {"numbers": list(numbers), "unit_path": unit_path, "last_month": last_month}
    return {row.user_number for row in session.execute(_TOLD_USERS, values)}


def stops_of(session: Session, plate: str) -> Sequence[Row[Any]]:
    """from_at, until_at, lon, lat of the stops of a vehicle that are leads."""
    return session.execute(_STOPS, {"plate": plate}).all()
