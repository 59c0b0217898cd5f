"""Accounts as administrators see and change them."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from app.accounts.schemas.session import OpenSession, ScopeGrid, ScopeUnit
from app.rights import Role
from app.words import Code as Word

Username = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, to_lower=True, min_length=2, max_length=32, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{1,31}$"
    ),
]
Codes = Annotated[list[Word], Field(max_length=200)]


class Places(BaseModel):
    """What somebody is responsible for: units with all below them, single grids, or everything."""

    model_config = ConfigDict(extra="forbid")

    is_everything: bool = False
    unit_codes: Codes = Field(default_factory=list)
    grid_codes: Codes = Field(default_factory=list)

    @model_validator(mode="after")
    def _is_one_or_the_other(self) -> Self:
        if self.is_everything and (self.unit_codes or self.grid_codes):
            raise ValueError("name places or everything, not both")
        return self


class NewAccount(BaseModel):
    """The body of POST /api/accounts. Without `has_password` the person comes in by single sign-on only."""

    model_config = ConfigDict(extra="forbid")

    username: Username
    name: Word
    role: Role
    officer_code: Word | None = None
    phone: Word | None = None
    oidc_subject: Annotated[str, StringConstraints(min_length=1, max_length=255)] | None = None
    has_password: bool = True
    places: Places = Field(default_factory=Places)


class AccountChange(BaseModel):
    """The body of PATCH /api/accounts/{id}: what is left out stays; null empties what may be empty."""

    model_config = ConfigDict(extra="forbid")

    name: Word | None = None
    role: Role | None = None
    officer_code: Word | None = None
    phone: Word | None = None
    oidc_subject: Annotated[str, StringConstraints(min_length=1, max_length=255)] | None = None
    is_disabled: bool | None = None
    places: Places | None = None


class Account(BaseModel):
    """An account. `has_password` false: comes in by single sign-on only."""

    id: int
    username: str
    name: str
    role: Role
    role_name: str
    officer_code: str | None
    phone: str | None
    oidc_subject: str | None
    is_everything: bool
    units: list[ScopeUnit]
    grids: list[ScopeGrid]
    has_password: bool
    must_change_password: bool
    is_demo: bool
    is_self: bool
    disabled_at: datetime | None
    created_at: datetime
    created_by: str
    last_seen_at: datetime | None


class AccountPage(BaseModel):
    """Some of the accounts that match."""

    total: int
    items: list[Account]


class Token(BaseModel):
    """An API token without its secret. `unit_codes` null: as far as its owner."""

    id: UUID
    name: str
    rights: list[str]
    unit_codes: list[str] | None
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


class AccountDetail(BaseModel):
    """An account with where it is signed in and its tokens."""

    account: Account
    sessions: list[OpenSession]
    tokens: list[Token]


class NewSecret(BaseModel):
    """An account with a password that is shown this once; null for one that comes in by single sign-on only."""

    account: Account
    temporary_password: str | None
