"""API tokens."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.accounts.schemas.people import Token
from app.rights import Right
from app.words import Code as Word


class NewToken(BaseModel):
    """The body of POST /api/tokens. `expires_on`: the last local day it serves. `unit_codes` null: all of one's own."""

    model_config = ConfigDict(extra="forbid")

    name: Word
    rights: Annotated[list[Right], Field(min_length=1, max_length=len(Right))]
    unit_codes: Annotated[list[Word], Field(min_length=1, max_length=200)] | None = None
    expires_on: date


class TokenSecret(BaseModel):
    """A token whose secret is shown this once."""

    token: Token
    secret: str
