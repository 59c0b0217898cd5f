"""The pages: static files with a strict content security policy; nothing comes from another host."""

import base64
import hashlib
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles

STATIC = Path(__file__).parent.parent / "static"
PAGES = {"/": "index.html", "/simple": "simple.html"}
_INLINE = re.compile(r'<script type="importmap">(.*?)</script>', re.DOTALL)


def _inline_hashes() -> str:
    """CSP sources of the import maps that the pages carry inline (an import map cannot be a file)."""
    texts = [
        t
        for name in PAGES.values()
        if (STATIC / name).exists()
        for t in _INLINE.findall((STATIC / name).read_text("utf-8"))
    ]
    digests = {base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts}
    return "".join(f" 'sha256-{digest}'" for digest in sorted(digests))


def install(app: FastAPI) -> None:
    """Serve the pages and put security headers on every answer."""
    policy = (
        f"default-src 'self'; script-src 'self'{_inline_hashes()}; worker-src 'self' blob:; style-src 'self'; "
        "img-src 'self' data: blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    )

    @app.middleware("http")
    async def headers(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await call_next(request)
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        if request.url.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-cache")
        return response

    for path, name in PAGES.items():
        app.add_api_route(path, _page(name), methods=["GET"], include_in_schema=False)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")


def _page(name: str) -> Callable[[], FileResponse]:
    def page() -> FileResponse:
        return FileResponse(STATIC / name, headers={"Cache-Control": "no-cache"})

    return page
