"""Putting an entry on the chain."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from app.actor import Actor
from app.determination.chain.keys import signing_key
from app.determination.chain.sealed import FIRST, canonical, entry_digest, sha256
from app.determination.queries import chain as queries
from app.settings import Settings
from app.territory.schemas import UnitRow

Kind = Literal[
    "policy", "exception", "delegation", "delegation_ended", "attestation", "sent_back", "superseded", "report"
]
FORMAT = 1


class Entry(NamedTuple):
    """What was put on the chain. `digest`: of the document; `entry_digest`: what was signed, the chain's new head."""

    id: UUID
    seq: int
    digest: bytes
    entry_digest: bytes
    at: datetime


def append(
    session: Session, settings: Settings, actor: Actor, kind: Kind, unit: UnitRow | None, document: Mapping[str, Any]
) -> Entry:
    """Seal a document of plain JSON values with who, when and where, and put it at the end of the chain.

    Others wait until this transaction ends. Raises ConflictError when the signing key is gone or others may read it;
    rfc8785.CanonicalizationError for values that JSON cannot hold.
    """
    queries.take_turn(session)
    last = queries.last(session)
    key = signing_key(settings, None if last is None else last.key_id)
    entry_id, at = uuid4(), settings.now().astimezone(UTC)
    told = canonical(_whole(entry_id, at, actor, kind, unit, document))
    seq, previous = (1, FIRST) if last is None else (last.seq + 1, last.entry_digest)
    digest = sha256(told)
    sealed = entry_digest(seq, kind, previous, digest)
    values = {
        "seq": seq,
        "id": entry_id,
        "kind": kind,
        "unit_code": None if unit is None else unit.code,
        "unit_path": None if unit is None else unit.path,
        "document": told.decode(),
        "digest": digest,
        "previous": previous,
        "entry_digest": sealed,
        "key_id": key.id,
        "signature": key.private.sign(sealed),
        "by_account": actor.account_id,
        "by_name": actor.name,
        "at": at,
    }
    queries.add(session, values)
    return Entry(entry_id, seq, digest, sealed, at)


def _whole(
    entry_id: UUID, at: datetime, actor: Actor, kind: str, unit: UnitRow | None, document: Mapping[str, Any]
) -> dict[str, Any]:
    """The document with everything that the table's columns say, so that none of them can be changed unseen."""
    return {
        "format": FORMAT,
        "id": str(entry_id),
        "kind": kind,
        "at": at.isoformat(),
        "by": {
            "account": actor.account_id,
            "username": actor.username,
            "name": actor.name,
            "role": None if actor.role is None else actor.role.value,
            "via": actor.via,
        },
        "unit": None
        if unit is None
        else {"code": unit.code, "name": unit.name, "level": unit.level, "path": unit.path},
        "body": dict(document),
    }
