"""HTTP of the single sign-on: the browser goes to the provider and comes back."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from app.accounts import oidc
from app.accounts.routes.session import CameDep
from app.configured import SettingsDep
from app.db import SessionDep
from app.errors import DomainError
from app.security import Public, is_https, set_session_cookie

router = APIRouter(prefix="/api/oidc", tags=["accounts"])
_COOKIE = "wuyilou_oidc"
_LONGEST = 2000


@router.get("/start", dependencies=[Public], status_code=303)
def start(
    session: SessionDep, settings: SettingsDep, wanted: Annotated[str, Query(alias="next", max_length=_LONGEST)] = ""
) -> Response:
    """Off to the provider; `next` is the page to come back to."""
    try:
        way = oidc.start(session, settings, wanted if _is_ours(wanted) else "")
    except oidc.OidcError as error:
        return _back(error)
    answer = RedirectResponse(way.url, 303)
    # Lax: the way back is a link from the provider's site, and must bring it along.
    answer.set_cookie(
        _COOKIE, way.state, max_age=int(oidc.WAY_LASTS.total_seconds()), path=oidc.CALLBACK, httponly=True,
        secure=is_https(settings), samesite="lax",
    )  # fmt: skip
    return answer


@router.get("/callback", dependencies=[Public], status_code=303)
def callback(
    request: Request,
    session: SessionDep,
    settings: SettingsDep,
    came: CameDep,
    state: Annotated[str, Query(max_length=_LONGEST)] = "",
    code: Annotated[str, Query(max_length=_LONGEST)] = "",
) -> Response:
    """Back from the provider: in, or to the sign-in page with the reason."""
    ended = oidc.finish(session, settings, came, request.cookies.get(_COOKIE), state, code)
    if isinstance(ended, DomainError):
        return _back(ended)
    answer = RedirectResponse(ended.next_path or "/login", 303)
    set_session_cookie(answer, settings, ended.token)
    answer.delete_cookie(_COOKIE, path=oidc.CALLBACK)
    return answer


def _back(error: DomainError) -> Response:
    answer = RedirectResponse(f"/login?{urlencode({'oidc': error.facts['reason']})}", 303)
    answer.delete_cookie(_COOKIE, path=oidc.CALLBACK)
    return answer


def _is_ours(path: str) -> bool:
    """Whether it is a path of this server; browsers read a backslash as a slash, and drop control characters."""
    return path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
