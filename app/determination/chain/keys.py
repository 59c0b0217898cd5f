"""The keys of the chain: files that the operator owns, in the data directory's `keys`.

`signing.pem` seals new entries and is nobody else's to read. `<key id>.pub.pem` are the public keys of all that ever
sealed; they are kept for good, since old entries are checked with them. The key's id is the beginning of the SHA-256 of
its 32 public bytes.
"""

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from app.determination.chain.sealed import sha256
from app.errors import ConflictError
from app.settings import Settings

SIGNING = "signing.pem"
PUBLIC = ".pub.pem"
_ID_BYTES = 8


class SigningKey(NamedTuple):
    """What seals, and the id of its public part."""

    id: str
    private: Ed25519PrivateKey


def folder(settings: Settings) -> Path:
    """Where the keys lie."""
    return settings.data_dir / "keys"


def key_id(public: Ed25519PublicKey) -> str:
    """The id of a public key: 16 hexadecimal digits."""
    return sha256(public.public_bytes_raw())[:_ID_BYTES].hex()


def signing_key(settings: Settings, sealed_before: str | None) -> SigningKey:
    """The key that seals, made if this is the first entry ever; its public part is written down beside it.

    `sealed_before`: the key of the newest entry, None of an empty chain. Raises ConflictError when the key is gone
    though entries exist, when others may read it, or when it cannot be read.
    """
    path = folder(settings) / SIGNING
    if not path.exists():
        if sealed_before is not None:
            raise ConflictError(
                f"找不到签署密钥 {path}，而已有条目由密钥 {sealed_before} 签署。请从备份恢复该文件；"
                "确已丢失时，由管理员在服务器上执行 wuyilou keys new 启用新密钥。",
                key_id=sealed_before,
            )
        _make(path)
    private = _read(path)
    public = private.public_key()
    found = key_id(public)
    _write_once(folder(settings) / f"{found}{PUBLIC}", pem_of(public), 0o644)
    return SigningKey(found, private)


def renew(settings: Settings) -> str:
    """Another key from now on, whose id is answered; the one before is deleted, its public part stays."""
    path = folder(settings) / SIGNING
    if path.exists():
        _keep_public(settings, path)
        path.unlink()
    _make(path)
    return _keep_public(settings, path)


def public_keys(settings: Settings) -> dict[str, Ed25519PublicKey]:
    """All public keys by id. Raises ConflictError for a file that is none, or is called by another key's id."""
    found = {}
    for path in sorted(folder(settings).glob(f"*{PUBLIC}")):
        public = public_of(path.read_bytes())
        if public is None or path.name != f"{key_id(public)}{PUBLIC}":
            raise ConflictError(f"密钥目录中的 {path.name} 不是与文件名相符的公钥。请从备份恢复，或移出该目录。")
        found[key_id(public)] = public
    return found


def public_of(pem: bytes) -> Ed25519PublicKey | None:
    """The Ed25519 key of a PEM text; None if it is none."""
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, Ed25519PublicKey) else None


def pem_of(public: Ed25519PublicKey) -> bytes:
    """A public key as PEM."""
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def exported(keys: Mapping[str, Ed25519PublicKey]) -> dict[str, str]:
    """Public keys as PEM texts by id, to be handed out."""
    return {each: pem_of(public).decode() for each, public in sorted(keys.items())}


def _keep_public(settings: Settings, path: Path) -> str:
    public = _read(path).public_key()
    _write_once(folder(settings) / f"{key_id(public)}{PUBLIC}", pem_of(public), 0o644)
    return key_id(public)


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    _write_once(path, pem, 0o600)


def _write_once(path: Path, content: bytes, mode: int) -> None:
    """Put a whole file in place, unless there is one: what another process has put there first stays."""
    if path.exists():
        return
    draft = path.with_name(f".{path.name}.{uuid4().hex}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _read(path: Path) -> Ed25519PrivateKey:
    mode = path.stat().st_mode
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise ConflictError(
            f"签署密钥 {path} 可被其他用户读取（权限 {stat.S_IMODE(mode):04o}），已停止签署。"
            f"请在服务器上执行 chmod 600 {path}；若怀疑已被他人读取，再执行 wuyilou keys new。"
        )
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise ConflictError(f"签署密钥 {path} 无法读取，或不是 Ed25519 私钥。请从备份恢复该文件。")
    return key
