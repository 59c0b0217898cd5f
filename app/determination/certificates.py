"""Certificates: a signature as a paper that proves itself, and what anybody who holds one may check."""

import json
import shutil
import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, NamedTuple
from uuid import UUID

import segno
import typst
from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.actor import Actor
from app.determination import certificate_sheet
from app.determination.certificate_schemas import CertificateOut, CheckOut
from app.determination.chain import bundle
from app.determination.chain.keys import public_keys
from app.determination.chain.sealed import Sealed, check
from app.determination.chain.verifying import head
from app.determination.queries import attestations as queries
from app.determination.queries import chain as chain_queries
from app.determination.signing_schemas import STATE_NAMES
from app.determination.signing_states import in_scope, one_or_404
from app.errors import NotFoundError
from app.scope import EVERYTHING
from app.settings import Settings
from app.snapshots import service as snapshots

TEMPLATE = Path(__file__).with_name("certificate.typ")
MAP_MM = (170.0, 105.0)
_AT_ONCE = BoundedSemaphore(2)


class Saved(NamedTuple):
    """A file to be saved."""

    content: bytes
    name: str


def known(session: Session, settings: Settings, attestation_id: UUID) -> CertificateOut:
    """What anybody who has a certificate's id may know: whether it stands, and its digest. Raises NotFoundError."""
    row = one_or_404(session, attestation_id)
    entry = _entry(session, attestation_id)
    return CertificateOut(
        id=row.id,
        unit_name=row.unit_name,
        first_day=row.first_day,
        last_day=row.last_day,
        signed_by=row.by_name,
        signed_at=row.at,
        seq=row.seq,
        entry_digest=bytes(row.entry_digest).hex(),
        key_id=entry.key_id,
        state=row.state,
        state_text=STATE_NAMES[row.state],
        ended_at=row.state_at,
        problems=[str(each) for each in check(entry, public_keys(settings))],
    )


def as_json(session: Session, settings: Settings, actor: Actor, attestation_id: UUID) -> Saved:
    """The proof by itself. Raises NotFoundError or ForbiddenError."""
    row = in_scope(session, actor.scope, attestation_id)
    return Saved(_proof(session, settings, row), f"{_stem(row)}.json")


def as_pdf(session: Session, settings: Settings, actor: Actor, attestation_id: UUID) -> Saved:
    """The certificate on paper, with its proof attached. Raises NotFoundError or ForbiddenError."""
    row = in_scope(session, actor.scope, attestation_id)
    proof = _proof(session, settings, row)
    above = list(queries.standing_on(session, row.id))
    end = head(session)
    data = certificate_sheet.sheet(settings, row, _entry(session, row.id), above, end, actor.name)
    picture = snapshots.map_svg(session, settings, EVERYTHING, row.unit_code, row.last_day, MAP_MM)
    actor.facts["download"] = f"{_stem(row)}.pdf"
    with tempfile.TemporaryDirectory(prefix="wuyilou-certificate-") as folder, _AT_ONCE:
        root = Path(folder)
        (root / "data.json").write_text(json.dumps(data, ensure_ascii=False), "utf-8")
        (root / "map.svg").write_bytes(picture)
        (root / bundle.ATTACHMENT).write_bytes(proof)
        segno.make_qr(data["qr"], error="m").save(str(root / "qr.svg"), border=0)
        shutil.copyfile(TEMPLATE, root / "certificate.typ")
        content = typst.compile(root / "certificate.typ", root=root, font_paths=_fonts(), format="pdf")
    return Saved(content, f"{_stem(row)}.pdf")


def check_file(settings: Settings, content: bytes) -> CheckOut:
    """Check a certificate's file with this installation's keys, and no database. Raises InvalidInputError."""
    found = bundle.checked(bundle.read(content, settings.upload.certificate_bytes), public_keys(settings))
    return certificate_sheet.told(settings, found)


@cache
def _fonts() -> typst.Fonts:
    """The system's fonts, looked for once."""
    return typst.Fonts(include_system_fonts=True)


def _proof(session: Session, settings: Settings, row: Row[Any]) -> bytes:
    """Its signature, all below it, what they were delegated or measured by, and what ended it."""
    ids, waiting = set[UUID](), [row.id]
    while waiting:
        attestation_id = waiting.pop()
        if attestation_id not in ids:
            ids.add(attestation_id)
            waiting += [each.id for each in queries.bases(session, attestation_id)]
    entries = chain_queries.by_ids(session, ids)
    named = {each for entry in entries for each in _named(entry)} | ({row.state_entry} - {None})
    entries += chain_queries.by_ids(session, named - ids)
    end = head(session)
    at = (0, "") if end is None else (end.seq, end.entry_digest)
    ordered = sorted(entries, key=lambda each: each.seq)
    return bundle.packed(row.id, ordered, public_keys(settings), at, datetime.now(UTC))


def _named(entry: Sealed) -> list[UUID]:
    """Other entries that a signature names: its policy and its delegation."""
    body = entry.body
    found = (body["policy"]["id"], body["signer"]["delegation"])
    return [UUID(each) for each in found if each is not None]


def _entry(session: Session, attestation_id: UUID) -> Sealed:
    entry = chain_queries.by_id(session, attestation_id)
    if entry is None:
        raise NotFoundError(f"没有编号为 {attestation_id} 的签字。请核对编号。", id=str(attestation_id))
    return entry


def _stem(row: Row[Any]) -> str:
    return f"认定书_{row.unit_name}_{row.first_day}_{row.last_day}".replace("/", "_")
