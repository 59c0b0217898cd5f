"""SQL of what a file holds: events, attachments, closure items, looks back."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

_ADD_EVENT = text(
    """INSERT INTO case_event (case_id, kind, from_state, to_state, on_day, changes, words, by_account, by_name)
    VALUES (:case_id, :kind, :from_state, :to_state, :on_day, CAST(:changes AS jsonb), :words, :by_account, :by_name)"""
)
_EVENTS = text("SELECT * FROM case_event WHERE case_id = :case_id ORDER BY id")
_LAST = text(
    """SELECT by_account, by_name, on_day FROM case_event WHERE case_id = :case_id AND kind = :kind
    ORDER BY id DESC LIMIT 1"""
)
_ADD_ATTACHMENT = text(
    """INSERT INTO case_attachment (id, case_id, file_name, media_type, digest, byte_count, what, taken_on, added_by)
    VALUES (:id, :case_id, :file_name, :media_type, :digest, :byte_count, :what, :taken_on, :added_by)
    ON CONFLICT DO NOTHING RETURNING id"""
)
_ADD_CONTENT = text("INSERT INTO case_attachment_content (attachment_id, content) VALUES (:id, :content)")
_ATTACHMENT = "a.id, a.case_id, a.file_name, a.media_type, encode(a.digest, 'hex') AS sha256, a.byte_count, a.what, " \
    "a.taken_on, a.withdrawn_why, a.added_at, a.added_by"  # fmt: skip
_ATTACHMENTS = text(f"SELECT {_ATTACHMENT} FROM case_attachment a WHERE a.case_id = :case_id ORDER BY a.added_at, a.id")  # noqa: S608
_ONE_ATTACHMENT = text(f"SELECT {_ATTACHMENT} FROM case_attachment a WHERE a.id = :id")  # noqa: S608
_CONTENT = text("SELECT content FROM case_attachment_content WHERE attachment_id = :id")
_WITHDRAW = text("UPDATE case_attachment SET withdrawn_why = :why WHERE id = :id")
_ITEMS = text(
    """SELECT i.item, i.round, i.done_on, i.words, i.recorded_by, ARRAY(
        SELECT e.attachment_id FROM closure_evidence e JOIN case_attachment a ON a.id = e.attachment_id
        WHERE e.case_id = i.case_id AND e.round = i.round AND e.item = i.item AND a.withdrawn_why IS NULL
        ORDER BY a.added_at, a.id) AS attachment_ids
    FROM closure_item i WHERE i.case_id = :case_id AND i.round = :round"""
)
_SET_ITEM = text(
    """INSERT INTO closure_item (case_id, round, item, done_on, words, recorded_by)
    VALUES (:case_id, :round, :item, :done_on, :words, :recorded_by)
    ON CONFLICT (case_id, round, item) DO UPDATE
    SET done_on = EXCLUDED.done_on, words = EXCLUDED.words, recorded_by = EXCLUDED.recorded_by, recorded_at = now()"""
)
_CLEAR_EVIDENCE = text("DELETE FROM closure_evidence WHERE case_id = :case_id AND round = :round AND item = :item")
_ADD_EVIDENCE = text(
    """INSERT INTO closure_evidence (case_id, round, item, attachment_id)
    SELECT :case_id, :round, :item, unnest(CAST(:ids AS uuid[]))"""
)
_USED_BEFORE = text(
    "SELECT DISTINCT attachment_id FROM closure_evidence WHERE case_id = :case_id AND round < :round"
    " AND attachment_id = ANY(:ids)"
)
_PLAN = text("INSERT INTO look_back (id, case_id, round, due_on) VALUES (:id, :case_id, :round, :due_on)")
_LOOK_BACKS = text("SELECT * FROM look_back WHERE case_id = :case_id ORDER BY round, due_on")
_LOOKED = text(
    """UPDATE look_back SET done_on = :done_on, result = :result, words = :words, visit_id = :visit_id,
        by_name = :by_name WHERE id = :id"""
)


def add_event(session: Session, values: dict[str, Any]) -> None:
    """Store what happened; never changed afterwards."""
    session.execute(_ADD_EVENT, {**values, "changes": json.dumps(values["changes"], default=str, ensure_ascii=False)})


def events(session: Session, case_id: UUID) -> Sequence[Row[Any]]:
    """Everything that happened, in order."""
    return session.execute(_EVENTS, {"case_id": case_id}).all()


def last_event(session: Session, case_id: UUID, kind: str) -> Row[Any] | None:
    """by_account, by_name, on_day of the last event of a kind; None: there was none."""
    return session.execute(_LAST, {"case_id": case_id, "kind": kind}).first()


def add_attachment(session: Session, values: dict[str, Any], content: bytes) -> bool:
    """Store an original; False when the id is there already."""
    if session.execute(_ADD_ATTACHMENT, values).first() is None:
        return False
    session.execute(_ADD_CONTENT, {"id": values["id"], "content": content})
    return True


def attachments(session: Session, case_id: UUID) -> Sequence[Row[Any]]:
    """A case's originals, withdrawn ones too, in the order in which they came."""
    return session.execute(_ATTACHMENTS, {"case_id": case_id}).all()


def attachment(session: Session, attachment_id: UUID) -> Row[Any] | None:
    """An original without its bytes; None when there is none."""
    return session.execute(_ONE_ATTACHMENT, {"id": attachment_id}).first()


def content(session: Session, attachment_id: UUID) -> bytes:
    """The bytes of an original."""
    return bytes(session.execute(_CONTENT, {"id": attachment_id}).scalar_one())


def withdraw(session: Session, attachment_id: UUID, why: str) -> None:
    """Strike an original out."""
    session.execute(_WITHDRAW, {"id": attachment_id, "why": why})


def items(session: Session, case_id: UUID, round_: int) -> dict[str, Row[Any]]:
    """What is known of the closure items of a round, by item, with the evidence that still stands."""
    rows = session.execute(_ITEMS, {"case_id": case_id, "round": round_})
    return {row.item: row for row in rows}


def set_item(session: Session, values: dict[str, Any], evidence: Iterable[UUID]) -> None:
    """Put down what is known of an item in the place of what was known before."""
    session.execute(_SET_ITEM, values)
    which = {name: values[name] for name in ("case_id", "round", "item")}
    session.execute(_CLEAR_EVIDENCE, which)
    session.execute(_ADD_EVIDENCE, {**which, "ids": list(evidence)})


def used_before(session: Session, case_id: UUID, round_: int, ids: Iterable[UUID]) -> list[UUID]:
    """Those of the originals that proved something in an earlier round."""
    found = session.execute(_USED_BEFORE, {"case_id": case_id, "round": round_, "ids": list(ids)})
    return list(found.scalars())


def plan(session: Session, values: Sequence[dict[str, Any]]) -> None:
    """Store looks back that are due."""
    if values:
        session.execute(_PLAN, values)


def look_backs(session: Session, case_id: UUID) -> Sequence[Row[Any]]:
    """All looks back of a case, round by round."""
    return session.execute(_LOOK_BACKS, {"case_id": case_id}).all()


def looked(session: Session, values: dict[str, Any]) -> None:
    """Say what a look back found."""
    session.execute(_LOOKED, values)


def missed(rows: Iterable[Row[Any]], round_: int, today: date) -> list[Row[Any]]:
    """Those of the looks back of a round that should have been done before a day."""
    return [row for row in rows if row.round == round_ and row.done_on is None and row.due_on < today]
