"""HTTP of signing in and out, and of one's own sessions."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from app import errors
from app.accounts import service
from app.accounts.schemas.session import OpenSession, PasswordBody, SessionState, SignInBody
from app.accounts.sessions import Came
from app.actor import Actor
from app.configured import SettingsDep
from app.db import SessionDep
from app.errors import DomainError
from app.security import Public, SignedIn, clear_session_cookie, session_token, set_session_cookie
from app.settings import Settings

router = APIRouter(prefix="/api", tags=["accounts"])


def came_of(request: Request) -> Came:
    """What is known of the browser."""
    address = request.client.host if request.client else "unknown"
    return Came(address, request.headers.get("user-agent"), session_token(request))


CameDep = Annotated[Came, Depends(came_of)]


@router.get("/session", dependencies=[Public])
def get_session_state(request: Request, session: SessionDep, settings: SettingsDep) -> SessionState:
    """Who is signed in, if anybody."""
    actor: Actor | None = request.state.actor
    return service.state(session, settings, actor, session_token(request))


@router.post("/session", dependencies=[Public], response_model=SessionState)
def sign_in(
    response: Response, session: SessionDep, settings: SettingsDep, came: CameDep, body: SignInBody
) -> SessionState | Response:
    """Sign in with a name and a password."""
    came_in = service.sign_in(session, settings, body.username, body.password, came)
    return _told(session, settings, response, came_in)


@router.delete("/session", status_code=204)
def sign_out(actor: SignedIn, response: Response, session: SessionDep, settings: SettingsDep) -> None:
    """Sign out here."""
    service.sign_out(session, settings, actor)
    clear_session_cookie(response, settings)


@router.post("/session/password", response_model=SessionState)
def change_password(
    actor: SignedIn,
    response: Response,
    session: SessionDep,
    settings: SettingsDep,
    came: CameDep,
    body: PasswordBody,
) -> SessionState | Response:
    """Set another password of one's own; every other session ends."""
    changed = service.change_password(session, settings, actor, body.old_password, body.new_password, came)
    return _told(session, settings, response, changed)


@router.get("/sessions")
def list_sessions(actor: SignedIn, session: SessionDep, settings: SettingsDep) -> list[OpenSession]:
    """Where one is signed in."""
    return service.open_sessions(session, settings, actor)


@router.delete("/sessions", status_code=204)
def sign_out_everywhere(actor: SignedIn, response: Response, session: SessionDep, settings: SettingsDep) -> None:
    """Sign out everywhere, here too."""
    service.sign_out_everywhere(session, settings, actor)
    clear_session_cookie(response, settings)


@router.delete("/sessions/{session_id}", status_code=204)
def end_session(actor: SignedIn, session: SessionDep, settings: SettingsDep, session_id: UUID) -> None:
    """Sign out somewhere else."""
    service.end_session(session, settings, actor, session_id)


def _told(
    session: SessionDep, settings: Settings, response: Response, came_in: service.SignedIn | DomainError
) -> SessionState | Response:
    if isinstance(came_in, DomainError):
        return errors.answer(came_in)  # not raised: the failed attempt must stay counted
    set_session_cookie(response, settings, came_in.token)
    return service.state(session, settings, came_in.actor, came_in.token)
