"""Password hashes (argon2id, the library's current defaults) and what a password must be like."""

import secrets
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.errors import InvalidInputError

_HASHER = PasswordHasher()
# Each check takes 64 MiB: guessing in parallel must not use up the memory.
_AT_ONCE = BoundedSemaphore(4)
_FEWEST_KINDS = 5
# What everybody tries first, and runs along the keyboard and the alphabet, read in either direction.
_OBVIOUS = (
    "password",
    "passw0rd",
    "woaini",
    "iloveyou",
    "wuyilou",
    "wangge",
    "admin",
    "1q2w3e4r",
    "1qaz2wsx",
    "a1b2c3",
)
_RUNS = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_SHORTEST_RUN = 4
# Without letters and digits that look alike when they are read out or written down.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def hashed(password: str) -> str:
    """A hash to store."""
    with _AT_ONCE:
        return _HASHER.hash(password)


def is_right(stored: str | None, password: str) -> bool:
    """Whether the password belongs to the hash; None (no account, no password) takes as long and is False."""
    try:
        with _AT_ONCE:
            return _HASHER.verify(stored or _nobodys(), password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    """What is checked against when there is no such account, so that the answer takes as long.

    Made when it is first needed: it takes a quarter of a second of work, and commands have no use for it.
    """
    return _HASHER.hash("nobody has this password")


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with weaker settings than today's."""
    return _HASHER.check_needs_rehash(stored)


def temporary() -> str:
    """A password to tell somebody once: 16 letters and digits in groups of four, 79 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))


def check(password: str, username: str, shortest: int) -> None:
    """Raise InvalidInputError, with what to do, for a password that somebody else would soon guess."""
    plain = password.casefold()
    if len(password) < shortest:
        raise _refused(f"新密码只有 {len(password)} 位，至少需要 {shortest} 位。可用几个不相关的词连起来，好记又难猜。")
    if username.casefold() in plain:
        raise _refused("新密码中含有您的用户名，容易被猜到。请换一个。")
    rest = plain
    for part in (*_OBVIOUS, *_runs(plain)):
        rest = rest.replace(part, "")
    if len(set(plain)) < _FEWEST_KINDS or len(rest) < shortest // 2:
        raise _refused("新密码过于常见（如连续或重复的数字、字母，键盘顺序），容易被猜到。请换一个。")


def _runs(text: str) -> list[str]:
    """The parts of a text, longest first, that run along the keyboard or the alphabet."""
    lines = [line for run in _RUNS for line in (run, run[::-1])]
    found = {
        text[start:end]
        for start in range(len(text))
        for end in range(start + _SHORTEST_RUN, min(len(text), start + 26) + 1)
        if any(text[start:end] in line for line in lines)
    }
    return sorted(found, key=len, reverse=True)


def _refused(message: str) -> InvalidInputError:
    return InvalidInputError(message, reason="weak_password")
