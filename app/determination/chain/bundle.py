"""A certificate's own proof: entries of the chain and public keys as one JSON, checked with no database.

It travels as a file of its own, or inside the certificate's PDF as its attachment.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, NamedTuple
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.determination.chain import attached
from app.determination.chain.keys import exported, key_id, public_of
from app.determination.chain.sealed import Problem, Sealed, check, check_follows, name_of
from app.errors import InvalidInputError

FORMAT = "wuyilou-certificate-1"
ATTACHMENT = "certificate.json"
_MOST_ENTRIES = 20_000
_LARGEST_SEQ = 2**63 - 1
_LONGEST_WORD, _LONGEST_NAME = 64, 60
_HEX = ("digest", "previous", "entry_digest", "signature")
_ENDING = ("superseded", "sent_back")


class Bundle(NamedTuple):
    """What a certificate carries. `main`: the signature it certifies; `keys`: its own, which only a trusted one proves.

    `head_seq` and `head_digest`: the end of the chain when it was made.
    """

    main: UUID
    made_at: str
    entries: dict[UUID, Sealed]
    keys: dict[str, Ed25519PublicKey]
    head_seq: int
    head_digest: str


class Checked(NamedTuple):
    """What a certificate says, and what is wrong with it. `is_trusted`: every key is one that was known beforehand."""

    signature: Sealed
    bundle: Bundle
    problems: list[Problem]
    is_trusted: bool
    ended: str | None  # an entry inside says that it stands no longer: its kind


def packed(
    main: UUID,
    entries: Sequence[Sealed],
    keys: Mapping[str, Ed25519PublicKey],
    head: tuple[int, str],
    made_at: datetime,
) -> bytes:
    """The JSON of a certificate: its signature, all that stand below it, and the public keys they were sealed with."""
    used = {each.key_id for each in entries}
    told = {
        "format": FORMAT,
        "attestation": str(main),
        "made_at": made_at.isoformat(),
        "head": {"seq": head[0], "entry_digest": head[1]},
        "keys": exported({each: key for each, key in keys.items() if each in used}),
        "entries": [_told(each) for each in entries],
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def read(content: bytes, most_bytes: int) -> Bundle:
    """A certificate from the bytes of its JSON or PDF. Raises InvalidInputError for what is none."""
    text = attached.read(content, ATTACHMENT, most_bytes) if content.lstrip()[:5] == b"%PDF-" else content
    try:
        return _bundle(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise InvalidInputError(
            "这不是本系统的认定书，或文件已损坏：无法读取其中的凭证数据。请使用原始的 PDF 或 JSON 文件。"
        ) from error


def checked(bundle: Bundle, trusted: Mapping[str, Ed25519PublicKey]) -> Checked:
    """Check a certificate by itself. Raises InvalidInputError when the signature that it certifies is not inside."""
    main = bundle.entries.get(bundle.main)
    if main is None or main.kind != "attestation":
        raise InvalidInputError("文件中没有它所证明的签字，可能不完整。请使用原始的 PDF 或 JSON 文件。")
    problems = [each for entry in bundle.entries.values() for each in check(entry, bundle.keys)]
    problems += _check_links(bundle)
    if not problems:
        try:
            problems += _check_tree(bundle, main)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            problems.append(Problem(name_of(main), "内容不是认定书规定的格式。"))
    used = {each.key_id for each in bundle.entries.values()}
    is_trusted = all(
        each in trusted and trusted[each].public_bytes_raw() == bundle.keys[each].public_bytes_raw()
        for each in used & bundle.keys.keys()
    )
    return Checked(main, bundle, problems, is_trusted and used <= trusted.keys(), _ended(bundle, problems))


def _ended(bundle: Bundle, problems: list[Problem]) -> str | None:
    if problems:
        return None
    ends = (each for each in bundle.entries.values() if each.kind in _ENDING)
    return next((each.kind for each in ends if each.body.get("attestation") == str(bundle.main)), None)


def _check_links(bundle: Bundle) -> Iterator[Problem]:
    """Entries that lie side by side on the chain must follow each other; the others were left out on purpose."""
    ordered = sorted(bundle.entries.values(), key=lambda each: each.seq)
    for before, entry in pairwise(ordered):
        if entry.seq == before.seq + 1:
            yield from check_follows(entry, before)
        elif entry.seq == before.seq:
            yield Problem(name_of(entry), "文件中有两条序号相同的条目。")
    if ordered and ordered[-1].seq > bundle.head_seq:
        yield Problem(name_of(ordered[-1]), "在文件所记的链首之后。")


def _check_tree(bundle: Bundle, main: Sealed) -> Iterator[Problem]:
    """Every signature that one was built on is inside, as it was signed."""
    waiting, seen = [main], set[UUID]()
    while waiting:
        entry = waiting.pop()
        if entry.id in seen:
            continue
        seen.add(entry.id)
        body = entry.body
        for basis in body.get("bases", []):
            found = bundle.entries.get(UUID(basis["attestation"]))
            if found is None or found.entry_digest.hex() != basis["entry_digest"]:
                name = str(basis["name"])[:_LONGEST_NAME]
                yield Problem(name_of(entry), f"所依据的{name}的签字不在文件中，或与签署时不同。")
            else:
                waiting.append(found)
        delegated = body["signer"]["delegation"]
        if delegated is not None and UUID(delegated) not in bundle.entries:
            yield Problem(name_of(entry), "由受托人签署，但委托记录不在文件中。")


def _told(entry: Sealed) -> dict[str, Any]:
    told = entry._asdict() | {"id": str(entry.id)}
    return {**told, **{name: told[name].hex() for name in _HEX}}


def _bundle(told: dict[str, Any]) -> Bundle:
    if told["format"] != FORMAT or not 0 < len(told["entries"]) <= _MOST_ENTRIES:
        raise ValueError("another format")
    keys = {}
    for stated, pem in told["keys"].items():
        public = public_of(pem.encode())
        if public is None or key_id(public) != stated:
            raise ValueError("a key that is not what it is called")
        keys[stated] = public
    entries = {each.id: each for each in map(_sealed, told["entries"])}
    if len(entries) != len(told["entries"]):
        raise ValueError("an entry twice")
    head = told["head"]
    return Bundle(
        UUID(told["attestation"]),
        _word(told["made_at"]),
        entries,
        keys,
        int(head["seq"]),
        _word(head["entry_digest"]),
    )


def _sealed(told: dict[str, Any]) -> Sealed:
    seq = told["seq"]
    if type(seq) is not int or not 0 < seq <= _LARGEST_SEQ:
        raise ValueError("a number that is none")
    return Sealed(
        seq=seq,
        id=UUID(told["id"]),
        kind=_word(told["kind"]),
        document=_text(told["document"]),
        digest=bytes.fromhex(told["digest"]),
        previous=bytes.fromhex(told["previous"]),
        entry_digest=bytes.fromhex(told["entry_digest"]),
        key_id=_word(told["key_id"]),
        signature=bytes.fromhex(told["signature"]),
    )


def _word(value: object) -> str:
    """A short text. Raises ValueError for a longer one: it would be told again with each problem."""
    found = _text(value)
    if len(found) > _LONGEST_WORD:
        raise ValueError("longer than any of ours")
    return found


def _text(value: object) -> str:
    """A text. Raises ValueError for one that no answer could hold: half a character, which JSON can escape."""
    found = str(value)
    found.encode()
    return found
