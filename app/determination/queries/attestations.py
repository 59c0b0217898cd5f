"""SQL of attestations: what was signed, what it stands on, who was delegated."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.scope import UNITS, Scope

_COLUMNS = """a.id, a.unit_code, u.name AS unit_name, a.unit_path::text AS unit_path, a.level, a.first_day, a.last_day,
    a.evidence_digest, a.state, a.state_entry, e.seq, e.entry_digest, e.by_account, e.by_name, e.at, e.document,
    s.at AS state_at, s.by_name AS state_by, s.document AS state_document"""
_FROM = """FROM attestation a JOIN unit u ON u.code = a.unit_code JOIN chain_entry e ON e.id = a.id
    LEFT JOIN chain_entry s ON s.id = a.state_entry"""
_ONE = text(f"SELECT {_COLUMNS} {_FROM} WHERE a.id = :id")
_VALID = text(
    f"""SELECT {_COLUMNS} {_FROM} WHERE a.unit_code = ANY(:codes) AND a.first_day = :first AND a.last_day = :last
    AND a.state = 'valid' ORDER BY a.unit_code"""
)
_LATEST = text(
    f"""SELECT DISTINCT ON (a.unit_path) {_COLUMNS} {_FROM}
    WHERE a.unit_path <@ CAST(:path AS ltree) AND a.first_day = :first AND a.last_day = :last
      AND {UNITS.format(path="a.unit_path")}
    ORDER BY a.unit_path, (a.state = 'valid') DESC, e.seq DESC"""
)
_SINCE = text(
    f"""SELECT DISTINCT ON (a.unit_path) {_COLUMNS} {_FROM}
    WHERE a.unit_path <@ CAST(:path AS ltree) AND nlevel(a.unit_path) <= nlevel(CAST(:path AS ltree)) + 1
      AND a.last_day >= :since AND {UNITS.format(path="a.unit_path")}
    ORDER BY a.unit_path, (a.state = 'valid') DESC, e.seq DESC"""
)
_PAGE = text(
    f"""SELECT {_COLUMNS} {_FROM}
    WHERE a.unit_path <@ CAST(:path AS ltree) AND {UNITS.format(path="a.unit_path")}
      AND (CAST(:state AS text) IS NULL OR a.state = :state)
    ORDER BY e.seq DESC LIMIT :limit OFFSET :skip"""
)
_COUNT = text(
    f"""SELECT count(*) FROM attestation a WHERE a.unit_path <@ CAST(:path AS ltree)
    AND {UNITS.format(path="a.unit_path")} AND (CAST(:state AS text) IS NULL OR a.state = :state)"""  # noqa: S608 - constants
)
_ALL_VALID = text(f"SELECT {_COLUMNS} {_FROM} WHERE a.state = 'valid' ORDER BY nlevel(a.unit_path) DESC, e.seq")
_ADD = text(
    """INSERT INTO attestation (id, unit_code, unit_path, level, first_day, last_day, evidence_digest)
    VALUES (:id, :unit_code, CAST(:unit_path AS ltree), :level, :first_day, :last_day, :evidence_digest)"""
)
_ADD_BASIS = text("INSERT INTO attestation_basis (attestation_id, basis_id) VALUES (:id, :basis)")
_ADD_ITEMS = text("INSERT INTO attestation_evidence (attestation_id, items) VALUES (:id, :items)")
_ITEMS = text("SELECT items FROM attestation_evidence WHERE attestation_id = :id")
_LOCK = text("SELECT state FROM attestation WHERE id = :id FOR UPDATE")
_SET_STATE = text("UPDATE attestation SET state = :state, state_entry = :entry WHERE id = :id AND state = 'valid'")
_BASES = text(
    f"""SELECT {_COLUMNS} {_FROM} JOIN attestation_basis b ON b.basis_id = a.id
    WHERE b.attestation_id = :id ORDER BY a.unit_code"""
)
_STANDING_ON = text(
    f"""SELECT {_COLUMNS} {_FROM} JOIN attestation_basis b ON b.attestation_id = a.id
    WHERE b.basis_id = :id AND a.state = 'valid' ORDER BY e.seq"""
)
# What may have changed a signature below since: records that came late, and such as were voided.
_CHANGED_BELOW = text(
    f"""SELECT {_COLUMNS} {_FROM}
    WHERE a.unit_path <@ CAST(:path AS ltree) AND a.unit_path <> CAST(:path AS ltree) AND a.state = 'valid'
      AND a.first_day = :first AND a.last_day = :last
      AND EXISTS (SELECT FROM evidence v WHERE v.unit_paths <@ a.unit_path
          AND v.started_at < LEAST(e.at, CAST(a.last_day + 1 AS timestamp) AT TIME ZONE :zone)
          AND (v.received_at > e.at OR EXISTS (
              SELECT FROM review_step r WHERE r.evidence_id = v.id AND r.step = 'void' AND r.at > e.at)))
    ORDER BY a.unit_code"""  # noqa: S608 - constants
)


def one(session: Session, attestation_id: UUID) -> Row[Any] | None:
    """An attestation with its entry and what ended it."""
    return session.execute(_ONE, {"id": attestation_id}).one_or_none()


def valid(session: Session, codes: Collection[str], first: date, last: date) -> Sequence[Row[Any]]:
    """Attestations of some units and a period that stand, by unit."""
    return session.execute(_VALID, {"codes": list(codes), "first": first, "last": last}).all()


def latest(session: Session, scope: Scope, path: str, first: date, last: date) -> Sequence[Row[Any]]:
    """The attestation that stands of each unit at or below a path, else its newest, of a period."""
    values = {"path": path, "first": first, "last": last, **scope.params()}
    return session.execute(_LATEST, values).all()


def since(session: Session, scope: Scope, path: str, day: date) -> Sequence[Row[Any]]:
    """As `latest`, of the unit of a path and of those straight below, whatever the period, if it ends on a day or
    later."""
    return session.execute(_SINCE, {"path": path, "since": day, **scope.params()}).all()


def page(
    session: Session, scope: Scope, path: str, state: str | None, limit: int, skip: int
) -> tuple[int, Sequence[Row[Any]]]:
    """How many attestations at or below a path, and some of them, newest first."""
    values = {"path": path, "state": state, **scope.params()}
    total = int(session.execute(_COUNT, values).scalar_one())
    return total, session.execute(_PAGE, {**values, "limit": limit, "skip": skip}).all()


def all_valid(session: Session) -> Sequence[Row[Any]]:
    """Every attestation that stands, those of the lowest units first."""
    return session.execute(_ALL_VALID).all()


def add(session: Session, values: Mapping[str, Any], bases: Collection[UUID], items: bytes) -> None:
    """Store an attestation with what it stands on."""
    session.execute(_ADD, dict(values))
    for basis in bases:
        session.execute(_ADD_BASIS, {"id": values["id"], "basis": basis})
    session.execute(_ADD_ITEMS, {"id": values["id"], "items": items})


def items(session: Session, attestation_id: UUID) -> bytes | None:
    """What it stood on, as it was packed; None when that is gone."""
    found = session.execute(_ITEMS, {"id": attestation_id}).scalar_one_or_none()
    return None if found is None else bytes(found)


def lock(session: Session, attestation_id: UUID) -> str | None:
    """Its state, held until the transaction ends; None when there is none."""
    return session.execute(_LOCK, {"id": attestation_id}).scalar_one_or_none()


def set_state(session: Session, attestation_id: UUID, state: str, entry_id: UUID) -> None:
    """Say that it stands no longer, and which entry says so."""
    session.execute(_SET_STATE, {"id": attestation_id, "state": state, "entry": entry_id})


def bases(session: Session, attestation_id: UUID) -> Sequence[Row[Any]]:
    """The attestations that one stands on, by unit."""
    return session.execute(_BASES, {"id": attestation_id}).all()


def standing_on(session: Session, attestation_id: UUID) -> Sequence[Row[Any]]:
    """Attestations that stand and were built on one."""
    return session.execute(_STANDING_ON, {"id": attestation_id}).all()


def changed_below(session: Session, path: str, first: date, last: date, zone: str) -> Sequence[Row[Any]]:
    """Attestations strictly below a path that stand though records came or were voided after they were signed."""
    return session.execute(_CHANGED_BELOW, {"path": path, "first": first, "last": last, "zone": zone}).all()
