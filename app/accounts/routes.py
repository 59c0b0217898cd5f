"""HTTP of accounts."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from app import errors
from app.accounts import service
from app.accounts.schemas import SessionState, SignInBody
from app.actor import Actor
from app.db import SessionDep
from app.errors import DomainError
from app.security import SESSION_COOKIE, Public, SignedIn
from app.settings import Settings

router = APIRouter(prefix="/api", tags=["accounts"])


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


SettingsDep = Annotated[Settings, Depends(_settings)]


@router.get("/session", dependencies=[Public])
def get_session_state(request: Request, session: SessionDep, settings: SettingsDep) -> SessionState:
    """Who is signed in, if anybody."""
    actor: Actor | None = request.state.actor
    return service.state(session, settings, actor, request.cookies.get(SESSION_COOKIE))


@router.post("/session", dependencies=[Public], response_model=SessionState)
def sign_in(
    request: Request, response: Response, session: SessionDep, settings: SettingsDep, body: SignInBody
) -> SessionState | Response:
    """Sign in with a name and a password."""
    address = request.client.host if request.client else "unknown"
    came = service.sign_in(session, settings, body.username, body.password, address, request.headers.get("user-agent"))
    if isinstance(came, DomainError):
        return errors.answer(came)  # not raised: the failed attempt must stay counted
    _set_cookie(response, settings, came.token)
    return service.state(session, settings, came.actor, came.token)


@router.delete("/session", status_code=204)
def sign_out(actor: SignedIn, response: Response, session: SessionDep, settings: SettingsDep) -> None:
    """Sign out here."""
    service.sign_out(session, settings, actor)
    response.delete_cookie(SESSION_COOKIE, path="/")


def _set_cookie(response: Response, settings: Settings, token: str) -> None:
    response.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=settings.sign_in.officer_longest_days * 86400,
        path="/",
        secure=(settings.public_url or "").startswith("https://"),
        httponly=True,
        samesite="lax",
    )
