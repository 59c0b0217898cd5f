"""SQL of attempts to sign in, by password or by single sign-on."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

# One at a time for one name: attempts that run beside each other would all see the same count.
_TAKE_TURN = text("SELECT pg_try_advisory_xact_lock(hashtextextended('sign in ' || :username, 0))")
_NOTE = text(
    "INSERT INTO login_attempt (at, username, address, succeeded) VALUES (:now, :username, :address, :succeeded)"
)
_FAILURES_OF_NAME = text(
    """SELECT at FROM login_attempt WHERE username = :username AND at > COALESCE(
        (SELECT max(at) FROM login_attempt WHERE username = :username AND succeeded), '-infinity')
    ORDER BY at DESC LIMIT :most"""
)
_FAILURES_OF_ADDRESS = text(
    """SELECT count(*) AS failures, max(at) AS newest FROM login_attempt
    WHERE address = :address AND NOT succeeded AND at > :since"""
)
_FORGET = text("DELETE FROM login_attempt WHERE at < :before")
_START = text(
    """INSERT INTO oidc_attempt (state_digest, nonce, code_verifier, next_path, created_at)
    VALUES (:digest, :nonce, :code_verifier, :next_path, :now)"""
)
_TAKE = text(
    """DELETE FROM oidc_attempt WHERE state_digest = :digest
    RETURNING nonce, code_verifier, next_path, created_at"""
)
_FORGET_STARTED = text("DELETE FROM oidc_attempt WHERE created_at < :before")


def take_turn(session: Session, username: str) -> bool:
    """Whether nobody else is just trying the name; holds the turn until the transaction ends."""
    return bool(session.execute(_TAKE_TURN, {"username": username}).scalar_one())


def note(session: Session, now: datetime, username: str, address: str, succeeded: bool) -> None:
    """Remember that somebody tried to sign in."""
    session.execute(_NOTE, {"now": now, "username": username, "address": address, "succeeded": succeeded})


def failures_of_name(session: Session, username: str, most: int) -> list[datetime]:
    """When a name's last failures since its last success were, newest first."""
    return list(session.execute(_FAILURES_OF_NAME, {"username": username, "most": most}).scalars())


def failures_of_address(session: Session, address: str, since: datetime) -> Row[Any]:
    """How many failures an address had since then, and when the newest was (None for none)."""
    return session.execute(_FAILURES_OF_ADDRESS, {"address": address, "since": since}).one()


def forget(session: Session, before: datetime) -> None:
    """Delete old attempts."""
    session.execute(_FORGET, {"before": before})


def start_oidc(
    session: Session, digest: bytes, nonce: str, code_verifier: str, next_path: str, now: datetime, before: datetime
) -> None:
    """Store somebody's way to the single sign-on; those who never came back are forgotten."""
    session.execute(_FORGET_STARTED, {"before": before})
    values = {"digest": digest, "nonce": nonce, "code_verifier": code_verifier, "next_path": next_path, "now": now}
    session.execute(_START, values)


def take_oidc(session: Session, digest: bytes) -> Row[Any] | None:
    """What was stored on the way there, taken out so that it serves once; None when there is nothing."""
    return session.execute(_TAKE, {"digest": digest}).first()
