"""The door: who asks is found out before anything else is read, and every route states the one right it needs.

`Doorkeeper` (ASGI) authenticates each request of the interface, before its body is stored anywhere, and refuses writes
of nobody and of other sites' pages. `Allowed(right)` (a dependency) decides for a route; `check_routes` makes sure that
no route was left without it. Which data somebody may see is `app.scope`.
"""

import base64
import hashlib
import hmac
import ipaddress
from collections.abc import Callable, Iterable, Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Annotated, NamedTuple
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from app.actor import Actor
from app.errors import DomainError, ForbiddenError, InvalidInputError, UnauthenticatedError, answer, unavailable
from app.limits import drain
from app.rights import Right
from app.settings import Settings

READING = frozenset({"GET", "HEAD", "OPTIONS"})
_SESSION_COOKIE = "wuyilou_session"
CSRF_HEADER = "X-CSRF-Token"
# Only what is needed to sign in.
PUBLIC_WRITES = frozenset({("POST", "/api/session")})
# A sender in the middle of an upload reads no answer: what comes is thrown away up to so much first.
_DRAINED_BYTES = 256 * 1024 * 1024


class Credentials(NamedTuple):
    """What a request brings to prove who asks."""

    bearer: str | None
    session_token: str | None
    address: str


Authenticate = Callable[[Credentials], Actor | None]


def is_https(settings: Settings) -> bool:
    """Whether browsers see this installation over HTTPS."""
    return (settings.public_url or "").startswith("https://")


def cookie_name(settings: Settings) -> str:
    """The session's cookie; over HTTPS browsers themselves see to it that only this very host sets it."""
    return f"__Host-{_SESSION_COOKIE}" if is_https(settings) else _SESSION_COOKIE


def session_token(request: Request) -> str | None:
    """The token that the request's cookie brings, whether or not it is anybody's."""
    token: str | None = getattr(request.state, "session_token", None)
    return token


def set_session_cookie(response: Response, settings: Settings, token: str) -> None:
    """Give the browser a session. How long it really lasts is for the server to say."""
    response.set_cookie(
        cookie_name(settings),
        token,
        max_age=settings.sign_in.officer_longest_days * 86400,
        path="/",
        secure=is_https(settings),
        httponly=True,
        samesite="lax",
    )


def clear_session_cookie(response: Response, settings: Settings) -> None:
    """Take the session from the browser."""
    response.delete_cookie(cookie_name(settings), path="/", secure=is_https(settings), httponly=True, samesite="lax")


def csrf_token(session_token: str) -> str:
    """What a page of ours sends back with each write, and a page of another site cannot know."""
    return base64.urlsafe_b64encode(hashlib.sha256(b"csrf:" + session_token.encode()).digest()).decode().rstrip("=")


class Allowed:
    """A dependency: the actor, if the right is theirs. Raises UnauthenticatedError or ForbiddenError."""

    def __init__(self, right: Right) -> None:
        self.right = right

    def __call__(self, request: Request) -> Actor:
        """The actor of the request."""
        actor: Actor | None = getattr(request.state, "actor", None)
        request.state.right = self.right
        if actor is None:
            raise UnauthenticatedError("请先登录。登录已过期时请重新登录；本机尚未上传的内容不会丢失。")
        if actor.must_change_password and self.right is not Right.OWN:
            raise ForbiddenError("请先修改初始密码，再使用其他功能。", reason="password_change_required")
        if not actor.may(self.right):
            raise ForbiddenError("您的账号没有此项权限。如确有需要，请联系系统管理员。", right=self.right.value)
        return actor


def open_to_all() -> None:
    """A dependency: the route is meant for everybody, signed in or not."""


Public = Depends(open_to_all)
SignedIn = Annotated[Actor, Depends(Allowed(Right.OWN))]
CoverageReader = Annotated[Actor, Depends(Allowed(Right.READ_COVERAGE))]
TrackReader = Annotated[Actor, Depends(Allowed(Right.READ_TRACKS))]
RecordSender = Annotated[Actor, Depends(Allowed(Right.SEND_RECORDS))]
Reviewer = Annotated[Actor, Depends(Allowed(Right.REVIEW))]
ExclusionDecider = Annotated[Actor, Depends(Allowed(Right.DECIDE_EXCLUSIONS))]
LeadReader = Annotated[Actor, Depends(Allowed(Right.READ_LEADS))]
DutyReader = Annotated[Actor, Depends(Allowed(Right.READ_DUTY))]
LeadManager = Annotated[Actor, Depends(Allowed(Right.MANAGE_LEADS))]
ReporterReader = Annotated[Actor, Depends(Allowed(Right.READ_REPORTERS))]
SiteReader = Annotated[Actor, Depends(Allowed(Right.READ_SITES))]
SiteManager = Annotated[Actor, Depends(Allowed(Right.MANAGE_SITES))]
BaselineReader = Annotated[Actor, Depends(Allowed(Right.READ_BASELINES))]
BaselineManager = Annotated[Actor, Depends(Allowed(Right.MANAGE_BASELINES))]
CaseReader = Annotated[Actor, Depends(Allowed(Right.READ_CASES))]
CaseManager = Annotated[Actor, Depends(Allowed(Right.MANAGE_CASES))]
StrikeOff = Annotated[Actor, Depends(Allowed(Right.STRIKE_OFF))]
ReportReader = Annotated[Actor, Depends(Allowed(Right.READ_REPORTS))]
ReportManager = Annotated[Actor, Depends(Allowed(Right.MANAGE_REPORTS))]
DeterminationReader = Annotated[Actor, Depends(Allowed(Right.READ_DETERMINATION))]
Signer = Annotated[Actor, Depends(Allowed(Right.SIGN))]
PolicySetter = Annotated[Actor, Depends(Allowed(Right.SET_POLICY))]
ExceptionRequester = Annotated[Actor, Depends(Allowed(Right.REQUEST_EXCEPTIONS))]
ExceptionDecider = Annotated[Actor, Depends(Allowed(Right.DECIDE_EXCEPTIONS))]
OrderReader = Annotated[Actor, Depends(Allowed(Right.READ_ORDERS))]
OrderManager = Annotated[Actor, Depends(Allowed(Right.MANAGE_ORDERS))]
SupervisionReader = Annotated[Actor, Depends(Allowed(Right.READ_SUPERVISION))]
Supervising = Annotated[Actor, Depends(Allowed(Right.SUPERVISE))]
TerritoryManager = Annotated[Actor, Depends(Allowed(Right.MANAGE_TERRITORY))]
AccountManager = Annotated[Actor, Depends(Allowed(Right.MANAGE_ACCOUNTS))]
WebhookManager = Annotated[Actor, Depends(Allowed(Right.MANAGE_WEBHOOKS))]
AuditReader = Annotated[Actor, Depends(Allowed(Right.READ_AUDIT))]


def rights_of(dependant: Dependant) -> list[Right | None]:
    """The rights that a route states; None stands for `Public`."""
    found: list[Right | None] = []
    for inner in dependant.dependencies:
        if isinstance(inner.call, Allowed):
            found.append(inner.call.right)
        if inner.call is open_to_all:
            found.append(None)
        found += rights_of(inner)
    return found


def routes_with_rights(routers: Iterable[APIRouter]) -> list[tuple[APIRoute, Right | None]]:
    """Every route of the routers with its right. Raises RuntimeError for one that states none, or several."""
    found = []
    for route in (route for router in routers for route in router.routes if isinstance(route, APIRoute)):
        rights = rights_of(route.dependant)
        if len(rights) != 1:
            raise RuntimeError(f"{sorted(route.methods or ())} {route.path} must state one right, not {rights}")
        found.append((route, rights[0]))
    return found


class Doorkeeper:
    """ASGI middleware: refuses other names of this machine, unreadable addresses, and writes of nobody.

    A page of another site can make its own name stand for 127.0.0.1 and read what is open to this machine (DNS
    rebinding); its name is in the Host header then.
    """

    def __init__(self, app: ASGIApp, authenticate: Authenticate, settings: Settings) -> None:
        self.app = app
        self.authenticate = authenticate
        names = (name.strip().lower() for name in settings.allowed_hosts.split(","))
        self.names = frozenset(name for name in names if name) | {"localhost"}
        self.cookie = cookie_name(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its actor, or answer in its place."""
        if scope["type"] == "http":
            try:
                await self._check(scope)
            except DomainError as error:
                await drain(scope, receive, _DRAINED_BYTES)
                await answer(error)(scope, receive, send)
                return
            except (OperationalError, PoolTimeoutError) as error:
                await unavailable(error)(scope, receive, send)
                return
        await self.app(scope, receive, send)

    async def _check(self, scope: Scope) -> None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        for host in (value.decode("latin-1") for name, value in scope["headers"] if name == b"host"):
            self._check_host(host)
        if "\0" in scope["path"] or b"%00" in scope["query_string"] or b"\0" in scope["query_string"]:
            raise InvalidInputError("地址中含有空字符（%00），不能识别。请去掉后重试。")
        is_write = scope["method"] not in READING
        if not is_write and not scope["path"].startswith("/api/"):
            return
        given = _credentials(headers, scope, self.cookie)
        if is_write and given.bearer is None:
            _check_origin(headers)
        actor = await run_in_threadpool(self.authenticate, given)
        scope.setdefault("state", {}).update(actor=actor, session_token=given.session_token)
        if not is_write or (scope["method"], scope["path"]) in PUBLIC_WRITES:
            return
        if actor is None:
            raise UnauthenticatedError("未登录、登录已过期，或令牌不正确，未保存任何内容。请登录后重试。")
        if actor.via == "session" and not hmac.compare_digest(
            headers.get(CSRF_HEADER.lower(), ""), csrf_token(given.session_token or "")
        ):
            raise ForbiddenError("请求缺少页面令牌，未保存任何内容。请刷新页面后重试。", reason="csrf")

    def _check_host(self, host: str) -> None:
        name = _name_of(host)
        if name not in self.names and not _is_address(name):
            raise ForbiddenError(
                f"本系统不以主机名 {name[:100]} 提供服务。请用 IP 地址或 localhost 打开；"
                "若这确是本系统的主机名，请管理员设置 WUYILOU_ALLOWED_HOSTS 后重启。",
                host=name[:100],
            )


def check_operator(expected: str, given: str) -> bool:
    """Whether a bearer token is the operator's; an empty setting is none and must not let everybody in."""
    return bool(expected) and hmac.compare_digest(given.encode(), expected.encode())


def _credentials(headers: Mapping[str, str], scope: Scope, cookie: str) -> Credentials:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    bearer = token.strip() if scheme.lower() == "bearer" else None
    cookies: SimpleCookie = SimpleCookie()
    try:
        cookies.load(headers.get("cookie", ""))
    except CookieError:
        cookies = SimpleCookie()
    morsel = cookies.get(cookie)
    client = scope.get("client")
    return Credentials(bearer, morsel.value if morsel else None, client[0] if client else "unknown")


def _check_origin(headers: Mapping[str, str]) -> None:
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc.lower() != headers.get("host", "").lower():
        raise ForbiddenError("请求来自别的网站，未保存任何内容。请从本系统的页面操作。", reason="origin")


def _name_of(host: str) -> str:
    """The host without its port."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
