"""What an entry of the chain is, and how one is checked. Knows neither database nor files: whoever holds a certificate
checks it with this and the public keys.

    digest       = SHA-256(document), the document being canonical JSON (RFC 8785)
    entry_digest = SHA-256("wuyilou-chain-1" || seq, 8 bytes big endian || kind || previous || digest)
    signature    = Ed25519 (RFC 8032) over entry_digest
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

DOMAIN = b"wuyilou-chain-1"
FIRST = bytes(32)  # what the first entry stands on
KIND_NAMES = {
    "policy": "签字标准",
    "exception": "例外批准",
    "delegation": "签字委托",
    "delegation_ended": "委托终止",
    "attestation": "签字确认",
    "sent_back": "退回",
    "superseded": "签字失效",
    "report": "报表报送",
}


class Sealed(NamedTuple):
    """An entry as it is stored and handed out. `document` is canonical JSON; digests and signature are raw bytes."""

    seq: int
    id: UUID
    kind: str
    document: str
    digest: bytes
    previous: bytes
    entry_digest: bytes
    key_id: str
    signature: bytes

    @property
    def told(self) -> dict[str, Any]:
        """The document, read. Raises ValueError when it is no JSON object."""
        found = json.loads(self.document)
        if not isinstance(found, dict):
            raise ValueError("the document is no object")
        return found

    @property
    def body(self) -> dict[str, Any]:
        """What was sealed, without who, when and where; empty when there is none."""
        body = self.told.get("body")
        return body if isinstance(body, dict) else {}

    @property
    def at(self) -> datetime:
        """When it was sealed. Raises ValueError or KeyError."""
        return datetime.fromisoformat(self.told["at"])


class Problem(NamedTuple):
    """Something that does not hold: where (a place a person can look up), and what, in Chinese."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}：{self.what}"


def canonical(value: Any) -> bytes:
    """RFC 8785 JSON of plain values. Raises rfc8785.CanonicalizationError for what JSON cannot hold."""
    return rfc8785.dumps(value)


def sha256(content: bytes) -> bytes:
    """The digest of bytes."""
    return hashlib.sha256(content).digest()


def entry_digest(seq: int, kind: str, previous: bytes, digest: bytes) -> bytes:
    """What is signed. `previous` and `digest` are 32 bytes each, so that nothing can move from one to the other."""
    return sha256(DOMAIN + seq.to_bytes(8, "big") + kind.encode() + previous + digest)


def name_of(entry: Sealed) -> str:
    """How problems name an entry."""
    return f"链上第 {entry.seq} 条（{KIND_NAMES.get(entry.kind, entry.kind)}，{entry.id}）"


def check(entry: Sealed, keys: Mapping[str, Ed25519PublicKey]) -> Iterator[Problem]:
    """What is wrong with one entry by itself. Whether it follows the one before it is for `check_follows`."""
    where = name_of(entry)
    if sha256(entry.document.encode()) != entry.digest:
        yield Problem(where, "文件内容与其摘要不符，内容在签署后被改动。")
    if len(entry.previous) != 32 or entry.seq < 1:
        yield Problem(where, "序号或前一条摘要的格式不对，记录被改动。")
    elif entry_digest(entry.seq, entry.kind, entry.previous, entry.digest) != entry.entry_digest:
        yield Problem(where, "条目摘要与序号、类别、前一条和内容摘要不符，记录在签署后被改动。")
    yield from _check_signature(entry, keys, where)
    yield from _check_told(entry, where)


def check_follows(entry: Sealed, before: Sealed | None) -> Iterator[Problem]:
    """What is wrong between an entry and the one before it (None: there is none)."""
    where = name_of(entry)
    seq, previous = (0, FIRST) if before is None else (before.seq, before.entry_digest)
    if entry.seq != seq + 1:
        gone = f"第 {seq + 1} 条" if entry.seq == seq + 2 else f"第 {seq + 1} 至 {entry.seq - 1} 条"
        yield Problem(where, f"它前面缺少{gone}，条目被删除。")
    if entry.previous != previous:
        yield Problem(where, "所记的前一条摘要与实际的前一条不符，链在此处断开。")


def _check_signature(entry: Sealed, keys: Mapping[str, Ed25519PublicKey], where: str) -> Iterator[Problem]:
    key = keys.get(entry.key_id)
    if key is None:
        yield Problem(where, f"签署所用的密钥 {entry.key_id[:64]} 不在已知的公钥之中，无法确认由本系统签署。")
        return
    try:
        key.verify(entry.signature, entry.entry_digest)
    except InvalidSignature:
        yield Problem(where, "签名不成立，记录不是由该密钥签署的，或签署后被改动。")


def _check_told(entry: Sealed, where: str) -> Iterator[Problem]:
    try:
        told = entry.told
        is_canonical = canonical(told).decode() == entry.document
        entry.at  # noqa: B018 - only whether it can be read
    except (ValueError, KeyError, TypeError, RecursionError):
        yield Problem(where, "文件内容不是规定的格式，无法读取。")
        return
    if not is_canonical:
        yield Problem(where, "文件内容不是规范的 JSON（RFC 8785）。")
    if told.get("id") != str(entry.id) or told.get("kind") != entry.kind:
        yield Problem(where, "条目的编号或类别与签署的文件不一致，记录被改动。")
