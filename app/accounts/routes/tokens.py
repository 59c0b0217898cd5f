"""HTTP of one's own API tokens."""

from uuid import UUID

from fastapi import APIRouter

from app.accounts import tokens
from app.accounts.schemas.people import Token
from app.accounts.schemas.tokens import NewToken, TokenSecret
from app.configured import SettingsDep
from app.db import SessionDep
from app.security import SignedIn

router = APIRouter(prefix="/api/tokens", tags=["accounts"])


@router.get("")
def list_tokens(actor: SignedIn, session: SessionDep) -> list[Token]:
    """One's own tokens."""
    return tokens.own(session, actor)


@router.post("", status_code=201)
def add_token(actor: SignedIn, session: SessionDep, settings: SettingsDep, body: NewToken) -> TokenSecret:
    """A new token, shown this once."""
    return tokens.add(session, settings, actor, body)


@router.delete("/{token_id}", status_code=204)
def revoke_token(actor: SignedIn, session: SessionDep, settings: SettingsDep, token_id: UUID) -> None:
    """End one of one's own tokens."""
    tokens.revoke(session, settings, actor, token_id)
