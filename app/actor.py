"""Who asks: a person signed in, a machine with a token, or the operator."""

from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from app.rights import EVERY_RIGHT, Right, Role
from app.scope import EVERYTHING, Scope

Via = Literal["session", "token", "operator", "terminal"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody proved to be who they are, what they may do and where. `officer_code`: the officer they are, if any."""

    name: str
    role: Role | None
    rights: frozenset[Right]
    scope: Scope
    via: Via
    address: str
    account_id: int | None = None
    username: str | None = None
    officer_code: str | None = None
    session_id: UUID | None = None
    token_id: UUID | None = None
    must_change_password: bool = False
    facts: dict[str, Any] = field(default_factory=dict)  # what a use case wants the audit to say

    @property
    def label(self) -> str:
        """How records name them."""
        who = self.name if self.username is None else f"{self.name}（{self.username}）"
        return f"{who} @ {self.address}"

    def may(self, right: Right) -> bool:
        """Whether the right is theirs."""
        return right in self.rights


def operator(address: str) -> Actor:
    """Whoever holds the operator's token: the machine's own hands, with every right."""
    return Actor("operator", None, EVERY_RIGHT, EVERYTHING, "operator", address)


def terminal() -> Actor:
    """Whoever runs the command at the server."""
    return Actor("operator", None, EVERY_RIGHT, EVERYTHING, "terminal", "terminal")
