"""SQL of the chain."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.determination.chain.sealed import Sealed

_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('chain_entry'))")
_LAST = text("SELECT * FROM chain_entry ORDER BY seq DESC LIMIT 1")
_ALL = text("""
SELECT seq, id, kind, document, digest, previous, entry_digest, key_id, signature, unit_code,
       unit_path::text AS unit_path,
       by_account, by_name, at
FROM chain_entry WHERE seq > :after ORDER BY seq
""")
_BY_ID = text("SELECT * FROM chain_entry WHERE id = :id")
_BY_IDS = text("SELECT * FROM chain_entry WHERE id = ANY(:ids) ORDER BY seq")
_AT = text("SELECT * FROM chain_entry WHERE seq = :seq")
_ADD = text("""
INSERT INTO chain_entry (seq, id, kind, unit_code, unit_path, document, digest, previous, entry_digest, key_id,
                         signature, by_account, by_name, at)
VALUES (:seq, :id, :kind, :unit_code, CAST(:unit_path AS ltree), :document, :digest, :previous, :entry_digest, :key_id,
        :signature, :by_account, :by_name, :at)
""")
# Whoever writes a row in any way gives it another place or another transaction: no document has to be read for it.
_MARK = text("""
SELECT count(*) AS entries, bit_xor(hashtextextended(c.seq || ':' || c.xmin || ':' || c.ctid, 0)) AS mark
FROM chain_entry c WHERE c.seq <= :upto
""")
_FETCHED = 500


def take_turn(session: Session) -> None:
    """Wait until nobody else appends; held until the transaction ends, so that numbers have no gaps."""
    session.execute(_LOCK)


def last(session: Session) -> Sealed | None:
    """The newest entry, None of an empty chain."""
    row = session.execute(_LAST).one_or_none()
    return None if row is None else sealed(row)


def by_id(session: Session, entry_id: UUID) -> Sealed | None:
    """One entry."""
    row = session.execute(_BY_ID, {"id": entry_id}).one_or_none()
    return None if row is None else sealed(row)


def by_ids(session: Session, ids: Collection[UUID]) -> list[Sealed]:
    """Those of the entries that exist, in order."""
    return [sealed(row) for row in session.execute(_BY_IDS, {"ids": list(ids)})]


def by_seq(session: Session, seq: int) -> Sealed | None:
    """The entry of a number."""
    row = session.execute(_AT, {"seq": seq}).one_or_none()
    return None if row is None else sealed(row)


def everything(session: Session, after: int = 0) -> Iterator[Row[Any]]:
    """All entries after a number with their columns, in order, a few at a time."""
    yield from session.execute(_ALL, {"after": after}, execution_options={"yield_per": _FETCHED})


def add(session: Session, values: Mapping[str, Any]) -> None:
    """Store an entry."""
    session.execute(_ADD, values)


def sealed(row: Row[Any]) -> Sealed:
    """The entry of a row that has its columns."""
    return Sealed(
        row.seq,
        row.id,
        row.kind,
        row.document,
        bytes(row.digest),
        bytes(row.previous),
        bytes(row.entry_digest),
        row.key_id,
        bytes(row.signature),
    )


def mark(session: Session, upto: int) -> tuple[int, int | None]:
    """What tells the chain up to a number from any other that it was before: how many entries, and a mark of all."""
    entries, found = session.execute(_MARK, {"upto": upto}).one()
    return entries, found
