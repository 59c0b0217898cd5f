"""Raw fixes as columns, and the bytes they are kept in. Nothing is rounded, sorted or moved to another datum here."""

import hashlib
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt
import zstandard

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.int8]

VERSION = 1
UNKNOWN_FLAG = -1
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HEAD = struct.Struct("<IHd")  # count, optional columns, assumed accuracy (NaN: none)
_SPEED, _HEADING, _MOCK = 1, 2, 4
_MAX_BODY_BYTES = _HEAD.size + 10_000_000 * 49


class PayloadError(ValueError):
    """Bytes that are not encoded fixes of a version known here."""


@dataclass(frozen=True, slots=True)
class RawFixes:
    """Fixes in the order they came, columns of shape (n,), n >= 1, in the datum of the patrol.

    `time_us` counts microseconds since 1970 UTC. An unknown accuracy is NaN; `assumed_accuracy_m` is what the uploader
    stated for fixes without one, kept apart from what the device wrote. Optional columns are None when nobody sent
    them; an unknown value in them is NaN (mock: -1).
    """

    lon: Floats
    lat: Floats
    time_us: Ints
    accuracy_m: Floats
    speed_m_s: Floats | None = None
    heading_deg: Floats | None = None
    mock: Flags | None = None
    assumed_accuracy_m: float | None = None

    def __len__(self) -> int:
        return len(self.lon)

    def accuracy_used_m(self) -> Floats:
        """Accuracy per fix with the assumed one filled in; NaN where neither is known."""
        if self.assumed_accuracy_m is None:
            return self.accuracy_m
        return np.where(np.isnan(self.accuracy_m), self.assumed_accuracy_m, self.accuracy_m)

    def time_s(self) -> Floats:
        """Seconds since 1970 UTC, exact to the microsecond."""
        return self.time_us / 1e6


def instant(time_us: int) -> datetime:
    """The UTC instant of microseconds since 1970."""
    return EPOCH + timedelta(microseconds=int(time_us))


def microseconds(at: datetime) -> int:
    """Microseconds since 1970 of an instant with a zone."""
    return (at - EPOCH) // timedelta(microseconds=1)


def digest(officer_code: str, mode: str, datum: str, fixes: RawFixes) -> bytes:
    """SHA-256 of what a patrol claims: who, how, in which datum, and every column. 32 bytes."""
    sha = hashlib.sha256()
    for word in (officer_code, mode, datum):
        sha.update(word.encode() + b"\0")
    sha.update(_body(fixes))
    return sha.digest()


def encode(fixes: RawFixes) -> bytes:
    """One version byte, then Zstandard over a head and the columns, bytes of equal weight side by side."""
    return bytes([VERSION]) + zstandard.ZstdCompressor(level=3).compress(_body(fixes))


def decode(payload: bytes) -> RawFixes:
    """The fixes of `encode`'s bytes, bit by bit the same. Raises PayloadError for any other bytes."""
    if payload[:1] != bytes([VERSION]):
        raise PayloadError(f"unknown version of fixes: {payload[:1].hex() or 'empty'}")
    try:
        body = zstandard.ZstdDecompressor().decompress(payload[1:], max_output_size=_MAX_BODY_BYTES)
    except zstandard.ZstdError as error:
        raise PayloadError("fixes cannot be decompressed") from error
    if len(body) < _HEAD.size:
        raise PayloadError("fixes without a head")
    count, options, assumed = _HEAD.unpack_from(body)
    widths = [8, 8, 8, 8] + [8] * bool(options & _SPEED) + [8] * bool(options & _HEADING) + [1] * bool(options & _MOCK)
    if len(body) != _HEAD.size + count * sum(widths):
        raise PayloadError(f"{count} fixes do not fill {len(body)} bytes")
    return _columns(body, count, options, None if np.isnan(assumed) else assumed)


def _body(fixes: RawFixes) -> bytes:
    options = (
        _SPEED * (fixes.speed_m_s is not None)
        | _HEADING * (fixes.heading_deg is not None)
        | _MOCK * (fixes.mock is not None)
    )
    assumed = np.nan if fixes.assumed_accuracy_m is None else fixes.assumed_accuracy_m
    steps = np.diff(fixes.time_us, prepend=0)
    parts = [_HEAD.pack(len(fixes), options, assumed), _wide(fixes.lon), _wide(fixes.lat), _wide(steps)]
    parts += [_wide(c) for c in (fixes.accuracy_m, fixes.speed_m_s, fixes.heading_deg) if c is not None]
    if fixes.mock is not None:
        parts.append(fixes.mock.astype(np.int8).tobytes())
    return b"".join(parts)


def _wide(column: Floats | Ints) -> bytes:
    little = np.ascontiguousarray(column, dtype="<f8" if column.dtype.kind == "f" else "<i8")
    return little.view(np.uint8).reshape(-1, 8).T.tobytes()


def _columns(body: bytes, count: int, options: int, assumed: float | None) -> RawFixes:
    at = _HEAD.size

    def take() -> npt.NDArray[np.uint8]:
        nonlocal at
        part = np.frombuffer(body, np.uint8, count * 8, at).reshape(8, count).T
        at += count * 8
        return np.ascontiguousarray(part)

    def floats() -> Floats:
        return take().view("<f8")[:, 0].astype(np.float64)

    lon, lat = floats(), floats()
    time_us = np.cumsum(take().view("<i8")[:, 0].astype(np.int64))
    accuracy = floats()
    speed = floats() if options & _SPEED else None
    heading = floats() if options & _HEADING else None
    mock = np.frombuffer(body, np.int8, count, at).copy() if options & _MOCK else None
    return RawFixes(lon, lat, time_us, accuracy, speed, heading, mock, assumed)
