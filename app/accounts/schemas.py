"""What comes in and goes out."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from app.rights import Right, Role


class SignInBody(BaseModel):
    """The body of POST /api/session."""

    model_config = ConfigDict(extra="forbid")

    username: Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
    password: Annotated[str, StringConstraints(min_length=1, max_length=1000)]


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
