"""What signing takes and answers. Days are local; digests are hexadecimal."""

from datetime import date, datetime
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from pydantic import BaseModel, ConfigDict, SecretStr, StringConstraints

from app.determination.schemas import Answer, State, UnitName
from app.words import Code, Words

Password = Annotated[SecretStr, StringConstraints(min_length=1, max_length=200)]
STATE_NAMES: dict[str, str] = {"valid": "有效", "superseded": "已失效", "sent_back": "已退回"}


class SignState(NamedTuple):
    """Whether and by whom a unit was signed for a period: the signature that stands, else the newest."""

    unit_code: str
    unit_name: str
    unit_path: str
    level: str
    attestation_id: UUID
    state: State
    signed_by: str
    signed_at: datetime
    why: str | None  # of one that stands no longer


class Request(BaseModel):
    """A request's body."""

    model_config = ConfigDict(extra="forbid")


class SignatureIn(Request):
    """A signature wanted; `words`: what the signer adds."""

    unit: Code
    first_day: date
    last_day: date
    password: Password
    words: Words | None = None


class SendBackIn(Request):
    """Why a signature below is not accepted."""

    password: Password
    words: Words


class DelegationIn(Request):
    """Who signs in one's place, from … through …, and why."""

    unit: Code
    to: Code
    first_day: date
    last_day: date
    reason: Words
    password: Password


class EndIn(Request):
    """Why a delegation ends early."""

    words: Words


class ChangeOut(Answer):
    """Something that is not as it was signed."""

    subject: str
    what: str
    text: str


class AttestationRow(Answer):
    """A signature in a list."""

    id: UUID
    unit: UnitName
    first_day: date
    last_day: date
    state: State
    state_text: str
    signed_by: str
    signed_at: datetime
    seq: int
    entry_digest: str
    ended_at: datetime | None  # when it was sent back or superseded
    ended_by: str | None
    why: str | None


class Attestations(Answer):
    """Signatures, newest first."""

    total: int
    items: list[AttestationRow]


class AttestationOut(AttestationRow):
    """A signature with what was signed, what it stands on, and what became of it."""

    document: dict[str, Any]
    changes: list[ChangeOut]
    bases: list[AttestationRow]
    may_send_back: bool


class SigningState(Answer):
    """What somebody may do about a unit's signature for a period."""

    unit: UnitName
    first_day: date
    last_day: date
    heads: list[str]
    may_sign: bool
    sign_as: str | None  # head or delegate
    why_not: str | None
    attestation: AttestationRow | None  # the one that stands, else the newest
    below: list[AttestationRow]  # of units straight below, as far as they signed


class DelegationOut(Answer):
    """A delegation."""

    id: UUID
    unit_code: str
    from_name: str
    to_name: str
    to_username: str
    first_day: date
    last_day: date
    reason: str
    made_at: datetime
    ended_at: datetime | None
    holds: bool  # today
    may_end: bool


class Candidate(Answer):
    """Somebody to whom signing may be delegated."""

    username: str
    name: str
    role_name: str


class Delegations(Answer):
    """Delegations of a unit, newest first, and who may be asked."""

    may_delegate: bool
    candidates: list[Candidate]
    items: list[DelegationOut]
