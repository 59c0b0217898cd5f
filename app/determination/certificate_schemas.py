"""What checking a certificate answers. Digests are hexadecimal."""

from datetime import date, datetime
from uuid import UUID

from app.determination.schemas import Answer, State


class CertificateOut(Answer):
    """What is known of a certificate by its id. `problems`: what is wrong with its entry on the chain."""

    id: UUID
    unit_name: str
    first_day: date
    last_day: date
    signed_by: str
    signed_at: datetime
    seq: int
    entry_digest: str
    key_id: str
    state: State
    state_text: str
    ended_at: datetime | None
    problems: list[str]


class Fact(Answer):
    """One line of what a certificate says."""

    name: str
    value: str


class CheckOut(Answer):
    """A certificate checked by its file alone.

    `holds`: nothing is wrong with it; `is_trusted`: and its keys are known here. What it says is to be compared with
    the paper; whether it stands still is known online.
    """

    id: UUID
    holds: bool
    is_trusted: bool
    ended: bool
    key_ids: list[str]
    entry_digest: str
    seq: int
    entries: int
    facts: list[Fact]
    problems: list[str]
