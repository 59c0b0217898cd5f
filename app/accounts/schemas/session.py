"""Who is signed in, and their sessions."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

from app.rights import Right, Role

Password = Annotated[str, StringConstraints(min_length=1, max_length=1000)]


class SignInBody(BaseModel):
    """The body of POST /api/session."""

    model_config = ConfigDict(extra="forbid")

    username: Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
    password: Password


class PasswordBody(BaseModel):
    """The body of POST /api/session/password."""

    model_config = ConfigDict(extra="forbid")

    old_password: Password
    new_password: Password


class ScopeUnit(BaseModel):
    """A unit somebody is responsible for."""

    code: str
    name: str
    level: str


class ScopeGrid(BaseModel):
    """A grid somebody is responsible for."""

    code: str
    name: str


class Person(BaseModel):
    """Who is signed in."""

    name: str
    username: str
    role: Role
    role_name: str
    officer_code: str | None
    rights: list[Right]
    is_everything: bool
    units: list[ScopeUnit]
    grids: list[ScopeGrid]
    must_change_password: bool
    home: str


class SessionState(BaseModel):
    """The answer of /api/session: nobody (`person` null) or somebody; `csrf_token` goes with each write."""

    person: Person | None
    csrf_token: str | None
    oidc_name: str | None
    password_length: int  # the least that a new password needs


class OpenSession(BaseModel):
    """A session that has not ended; `is_current`: the one that asks."""

    id: UUID
    method: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    address: str
    user_agent: str | None
    is_current: bool
