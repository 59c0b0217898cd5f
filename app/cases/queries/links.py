"""SQL of links between cases."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

_ADD = text(
    """INSERT INTO case_link (id, case_id, relation, other_case_id, other_name, other_uscc, other_address, other_place,
        words, added_by)
    VALUES (:id, :case_id, :relation, :other_case_id, :other_name, :other_uscc, :other_address,
        ST_SetSRID(ST_MakePoint(:lon, :lat), 4326), :words, :added_by)
    ON CONFLICT DO NOTHING RETURNING id"""
)
_COLUMNS = """l.id, l.case_id, l.relation, l.other_case_id, l.other_name, l.other_uscc, l.other_address,
    ST_X(l.other_place) AS lon, ST_Y(l.other_place) AS lat, l.words, l.removed_why, l.added_by, l.added_at"""
_ONE = text(f"SELECT {_COLUMNS} FROM case_link l WHERE l.id = :id")  # noqa: S608
_OF = text(
    f"""SELECT {_COLUMNS} FROM case_link l
    WHERE (l.case_id = ANY(:ids) OR l.other_case_id = ANY(:ids)) AND l.removed_why IS NULL
    ORDER BY l.added_at, l.id"""  # noqa: S608
)
_REMOVE = text("UPDATE case_link SET removed_why = :why WHERE id = :id")
# The other end of links, whoever may see it: number, county, and what decides whether the rest is told.
_ENDS = text(
    """SELECT c.id, c.number, c.party_name, c.state, c.category, c.unit_path::text AS unit_path, ST_X(c.place) AS lon,
        ST_Y(c.place) AS lat, (
            SELECT v.name FROM unit v WHERE v.path @> c.unit_path AND v.level = 'county' LIMIT 1) AS county_name
    FROM case_file c WHERE c.id = ANY(:ids)"""
)


def add(session: Session, values: dict[str, Any]) -> bool:
    """Store a link; False when the id is there already."""
    return session.execute(_ADD, values).first() is not None


def one(session: Session, link_id: UUID) -> Row[Any] | None:
    """A link, removed or not; None when there is none."""
    return session.execute(_ONE, {"id": link_id}).first()


def of(session: Session, case_ids: Iterable[UUID]) -> Sequence[Row[Any]]:
    """The links that stand at either end of some cases."""
    return session.execute(_OF, {"ids": list(case_ids)}).all()


def remove(session: Session, link_id: UUID, why: str) -> None:
    """Strike a link out."""
    session.execute(_REMOVE, {"id": link_id, "why": why})


def ends(session: Session, case_ids: Iterable[UUID]) -> dict[UUID, Row[Any]]:
    """What links tell of the cases at their ends; `unit_path` decides who is told the rest."""
    rows = session.execute(_ENDS, {"ids": list(case_ids)})
    return {row.id: row for row in rows}
