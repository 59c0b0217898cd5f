"""The pages: static files with a strict content security policy; nothing comes from another host."""

import base64
import hashlib
import re
from collections.abc import Callable
from functools import cache

from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse, HTMLResponse, Response
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.assets import ASKED, STATIC, Assets, addressed

PAGES = {
    "/": "index.html",
    "/simple": "simple.html",
    "/login": "login.html",
    "/admin": "admin.html",
    "/me": "me.html",
    "/review": "review.html",
    "/field": "field.html",
    "/overview": "overview.html",
    "/compare": "compare.html",
    "/determination": "determination.html",
    "/today": "today.html",
    "/sites": "sites.html",
    "/baselines": "baselines.html",
    "/leads": "leads.html",
    "/cases": "cases.html",
    "/orders": "orders.html",
    "/reports": "reports.html",
    "/supervision": "supervision.html",
    "/certificate": "certificate.html",
}
ICON = {"/favicon.ico": "icon.svg"}
# The phone's page is kept by its own list of files; a picture has nothing in it to address.
PLAIN = {"/field", *ICON}
_INLINE = re.compile(r'<script type="importmap">(.*?)</script>', re.DOTALL)


@cache
def content_security_policy() -> str:
    """The policy of every answer; inline code is refused but for the import maps (which cannot be files), by hash."""
    pages = [STATIC / name for name in PAGES.values()]
    texts = [text for page in pages if page.exists() for text in _INLINE.findall(page.read_text("utf-8"))]
    digests = {base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts}
    hashes = "".join(f" 'sha256-{digest}'" for digest in sorted(digests))
    return (
        f"default-src 'self'; script-src 'self'{hashes}; worker-src 'self' blob:; style-src 'self'; "
        "img-src 'self' data: blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    )


class SecurityHeaders:
    """ASGI middleware: puts the security headers on every answer, errors included."""

    def __init__(self, app: ASGIApp, policy: str) -> None:
        self.app = app
        self.policy = policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with the headers added to its answer."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", self.policy)
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "same-origin"
                if scope["path"].startswith("/api/"):  # names and telephones do not stay behind on a shared machine
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, sending)


def install(app: FastAPI) -> None:
    """Serve the pages and put security headers on every answer."""
    app.add_middleware(SecurityHeaders, policy=content_security_policy())
    app.router.routes.extend(_router().routes)
    app.mount("/static", Assets(directory=STATIC), name="static")


@cache
def _router() -> APIRouter:
    router = APIRouter()
    for path, name in (PAGES | ICON).items():
        router.add_api_route(
            path, _page(path, name), methods=["GET", "HEAD"], include_in_schema=False, response_model=None
        )
    return router


def _page(path: str, name: str) -> Callable[[], Response]:
    def plain() -> Response:
        return FileResponse(STATIC / name, headers=headers)

    def page() -> Response:
        return HTMLResponse(addressed((STATIC / name).read_text("utf-8")), headers=headers)

    headers = {"Cache-Control": ASKED}
    return plain if path in PLAIN else page
