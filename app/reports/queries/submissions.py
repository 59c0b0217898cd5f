"""SQL of reports handed upward."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.scope import UNITS, Scope

_KEY = "form = :form AND unit_code = :unit_code AND first_day = :first_day AND last_day = :last_day"
_COLUMNS = """s.id, s.form, s.unit_code, u.name AS unit_name, u.level AS unit_level, s.unit_path::text AS unit_path,
    s.first_day, s.last_day, s.due_at, s.version, s.content_digest, s.state, s.submitted_at, s.chain_id, s.why"""
_FROM = "FROM submission s JOIN unit u ON u.code = s.unit_code"
_INSERT = text(
    """INSERT INTO submission (id, form, unit_code, unit_path, first_day, last_day, due_at, version, content,
        content_digest, why)
    VALUES (:id, :form, :unit_code, CAST(:unit_path AS ltree), :first_day, :last_day, :due_at, :version,
        CAST(:content AS jsonb), :content_digest, :why)
    ON CONFLICT DO NOTHING RETURNING id"""
)
_STEP = text(
    """INSERT INTO submission_step (submission_id, step, words, by_account, by_name, at)
    VALUES (:id, :step, :words, :by_account, :by_name, :at)"""
)
_ONE = text(f"SELECT {_COLUMNS}, s.content {_FROM} WHERE s.id = :id")
_LOCKED = text(f"SELECT {_COLUMNS}, s.content {_FROM} WHERE s.id = :id FOR UPDATE OF s")
_SET_CONTENT = text(
    """UPDATE submission SET content = CAST(:content AS jsonb), content_digest = :content_digest, state = :state
    WHERE id = :id"""
)
_SET_STATE = text("UPDATE submission SET state = :state WHERE id = :id")
_SIGN = text("UPDATE submission SET state = 'signed', chain_id = :chain_id WHERE id = :id")
_SUBMIT = text("UPDATE submission SET state = 'submitted', submitted_at = :at WHERE id = :id")
_REPLACE = text(
    f"UPDATE submission SET state = 'replaced' WHERE {_KEY} AND version < :version AND state <> 'replaced' RETURNING id"  # noqa: S608
)
_STEPS = text("SELECT step, words, by_name, at FROM submission_step WHERE submission_id = :id ORDER BY id")
_VERSIONS = text(f"SELECT {_COLUMNS} {_FROM} WHERE s.{_KEY.replace(' AND ', ' AND s.')} ORDER BY s.version DESC")
_IN_FORCE = text(
    f"""SELECT {_COLUMNS}, s.content {_FROM}
    WHERE s.form = :form AND s.first_day = :first_day AND s.last_day = :last_day AND s.state = 'submitted'
      AND u.parent_code = :unit_code"""
)
_SEALED = text(
    """SELECT seq, encode(entry_digest, 'hex') AS digest, by_name,
        CAST(document AS jsonb) #>> '{body,for}' AS for_name, at
    FROM chain_entry WHERE id = :id"""
)
_KNOWN = text("SELECT DISTINCT first_day, last_day FROM submission WHERE form = :form AND last_day >= :since")
_FIRST_DUE = text("SELECT min(due_at) FROM submission")
_WITHOUT = text(
    """SELECT u.code, u.name, u.level, u.path::text AS path FROM unit u
    WHERE u.level IN ('town', 'village') AND NOT EXISTS (
        SELECT FROM submission s WHERE s.unit_code = u.code AND s.form = :form AND s.first_day = :first_day
          AND s.last_day = :last_day)
    ORDER BY u.level DESC, u.code"""
)
# Of each unit that has to report: the newest version of a term, the one in force, and when it was last sent back.
_STANDING = text(
    f"""SELECT u.code, u.name, u.level, l.id, l.version, l.state, l.why, l.due_at, f.id AS in_force_id,
        f.version AS in_force_version, f.submitted_at, b.at AS sent_back_at, b.words AS sent_back_words
    FROM unit u
    LEFT JOIN LATERAL (
        SELECT s.id, s.version, s.state, s.why, s.due_at FROM submission s
        WHERE s.unit_code = u.code AND s.form = :form AND s.first_day = :first_day AND s.last_day = :last_day
        ORDER BY s.version DESC LIMIT 1) l ON true
    LEFT JOIN submission f ON f.unit_code = u.code AND f.form = :form AND f.first_day = :first_day
        AND f.last_day = :last_day AND f.state = 'submitted'
    LEFT JOIN LATERAL (
        SELECT t.at, t.words FROM submission_step t JOIN submission s ON s.id = t.submission_id
        WHERE t.step = 'sent_back' AND s.unit_code = u.code AND s.form = :form AND s.first_day = :first_day
          AND s.last_day = :last_day
        ORDER BY t.id DESC LIMIT 1) b ON true
    WHERE u.level = ANY(CAST(:levels AS text[])) AND u.path <@ CAST(:unit_path AS ltree)
      AND {UNITS.format(path="u.path")}
    ORDER BY u.path"""  # noqa: S608 - constants
)
_LISTED = f"{_FROM} WHERE {UNITS.format(path='s.unit_path')} AND s.unit_path <@ CAST(:unit_path AS ltree)"
_PAGE = text(
    f"""SELECT {_COLUMNS} {_LISTED}
    ORDER BY s.last_day DESC, s.form, s.unit_path, s.version DESC LIMIT :limit OFFSET :skip"""
)
_COUNT = text(f"SELECT count(*) {_LISTED}")


def insert(session: Session, values: dict[str, Any], content: dict[str, Any]) -> bool:
    """Store a version; False when it is there already."""
    told = {"why": None, **values, "content": json.dumps(content, ensure_ascii=False)}
    return session.execute(_INSERT, told).first() is not None


def add_step(session: Session, values: dict[str, Any]) -> None:
    """Write down what was done: id, step, words, by_account, by_name, at."""
    session.execute(_STEP, values)


def one(session: Session, submission_id: UUID) -> Row[Any] | None:
    """A version with its content; None when there is none."""
    return session.execute(_ONE, {"id": submission_id}).first()


def locked(session: Session, submission_id: UUID) -> Row[Any] | None:
    """The same; nobody else changes it before this transaction ends."""
    return session.execute(_LOCKED, {"id": submission_id}).first()


def set_content(session: Session, submission_id: UUID, content: dict[str, Any], digest: bytes, state: str) -> None:
    """Another content of a version that is not signed."""
    told = json.dumps(content, ensure_ascii=False)
    session.execute(_SET_CONTENT, {"id": submission_id, "content": told, "content_digest": digest, "state": state})


def set_state(session: Session, submission_id: UUID, state: str) -> None:
    """Another state."""
    session.execute(_SET_STATE, {"id": submission_id, "state": state})


def sign(session: Session, submission_id: UUID, chain_id: UUID) -> None:
    """Signed, by an entry of the chain."""
    session.execute(_SIGN, {"id": submission_id, "chain_id": chain_id})


def submit(session: Session, submission_id: UUID, at: datetime) -> None:
    """Handed upward."""
    session.execute(_SUBMIT, {"id": submission_id, "at": at})


def replace_older(session: Session, row: Row[Any]) -> list[UUID]:
    """Let the versions before one be replaced; those that were not yet."""
    return [found.id for found in session.execute(_REPLACE, {**_key(row), "version": row.version})]


def steps(session: Session, submission_id: UUID) -> Sequence[Row[Any]]:
    """What was done with a version, in order."""
    return session.execute(_STEPS, {"id": submission_id}).all()


def versions(session: Session, row: Row[Any]) -> Sequence[Row[Any]]:
    """All versions of a version's report, newest first."""
    return session.execute(_VERSIONS, _key(row)).all()


def in_force_below(session: Session, row: Row[Any]) -> dict[str, Row[Any]]:
    """What the units straight below have handed upward for the same days, by unit code."""
    return {found.unit_code: found for found in session.execute(_IN_FORCE, _key(row))}


def sealed(session: Session, chain_id: UUID) -> Row[Any] | None:
    """Where in the chain a signature stands, whose and when; None when there is none."""
    return session.execute(_SEALED, {"id": chain_id}).first()


def known_terms(session: Session, form: str, since: date) -> set[tuple[date, date]]:
    """Days for which some report of a form was prepared, those that end on or after a day."""
    return {(row.first_day, row.last_day) for row in session.execute(_KNOWN, {"form": form, "since": since})}


def first_due(session: Session) -> datetime | None:
    """When the first report of all was due; None when there is none."""
    found: datetime | None = session.execute(_FIRST_DUE).scalar_one()
    return found


def units_without(session: Session, form: str, first_day: date, last_day: date) -> Sequence[Row[Any]]:
    """Towns and villages that have no report of some days, villages first."""
    return session.execute(_WITHOUT, {"form": form, "first_day": first_day, "last_day": last_day}).all()


def standing(
    session: Session, scope: Scope, unit_path: str, levels: Sequence[str], form: str, first_day: date, last_day: date
) -> Sequence[Row[Any]]:
    """How the reports of some days stand, of the units of some levels at or below a unit."""
    term = {"form": form, "first_day": first_day, "last_day": last_day}
    return session.execute(_STANDING, {**scope.params(), **term, "unit_path": unit_path, "levels": list(levels)}).all()


def page(session: Session, scope: Scope, unit_path: str, limit: int, skip: int) -> tuple[int, Sequence[Row[Any]]]:
    """How many versions lie at or below a unit, and some of them, newest days first."""
    values = {**scope.params(), "unit_path": unit_path}
    rows = session.execute(_PAGE, {**values, "limit": limit, "skip": skip}).all()
    return int(session.execute(_COUNT, values).scalar_one()), rows


def _key(row: Row[Any]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("form", "unit_code", "first_day", "last_day")}
