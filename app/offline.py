"""What the phone page needs without a network: its service worker, and the list of files with their digests.

The list is made from the files that this process serves, so that it can never be older or newer than they are.
"""

import hashlib
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse, Response

from app.assets import STATIC
from app.pages import PAGES

PAGE = "/field"
# A worker's script is looked for offline only below the page's own address, so the map's stands there too.
MAP_WORKER = "/field/map-worker.mjs"
_MAP_WORKER_FILE = STATIC / "vendor" / "maplibre-gl" / "maplibre-gl-worker.mjs"
# Beyond the page itself; a test plays a day offline and misses what is missing here.
FILES = (
    "manifest.webmanifest",
    "icon.svg",
    "icon-192.png",
    "css/base.css",
    "css/field*.css",
    "js/api.js",
    "js/dom.js",
    "js/format.js",
    "js/palette.js",
    "js/session.js",
    "js/sitestates.js",
    "js/webgl.js",
    "js/map/locale.js",
    "js/map/patterns.js",
    "js/field/*.js",
    "js/engine/*.js",
    "basemap/*.geojson",
    "vendor/maplibre-gl/maplibre-gl.mjs",
    "vendor/maplibre-gl/*.css",
    "vendor/idb/*.js",
    "vendor/gcoord/*.js",
    "vendor/terra-draw/*.js",
    "vendor/terra-draw-maplibre-gl-adapter/*.js",
)


def digests() -> dict[str, str]:
    """SHA-256 (hexadecimal) by address of every file that the phone keeps."""
    found = {f"/static/{path.relative_to(STATIC)}": path for pattern in FILES for path in sorted(STATIC.glob(pattern))}
    found[PAGE] = STATIC / PAGES[PAGE]
    found[MAP_WORKER] = _MAP_WORKER_FILE
    return {address: hashlib.sha256(path.read_bytes()).hexdigest() for address, path in found.items()}


def install(app: FastAPI) -> None:
    """Serve the worker and its list; browsers ask for both on each visit, and take a change for a new version."""
    app.router.routes.extend(_router().routes)


@cache
def _router() -> APIRouter:
    by_address = digests()
    version = hashlib.sha256(json.dumps(by_address, sort_keys=True).encode()).hexdigest()[:16]
    listed = f"self.WUYILOU_FILES = {json.dumps({'version': version, 'digests': by_address})};\n"
    headers = {"Cache-Control": "no-cache"}

    def script(path: Path) -> Callable[[], FileResponse]:
        return lambda: FileResponse(path, media_type="text/javascript", headers=headers)

    def files() -> Response:
        return Response(listed, media_type="text/javascript", headers=headers)

    answers = {"/sw.js": script(STATIC / "sw.js"), MAP_WORKER: script(_MAP_WORKER_FILE), "/sw-files.js": files}
    router = APIRouter()
    for address, answer in answers.items():
        router.add_api_route(address, answer, methods=["GET", "HEAD"], include_in_schema=False, response_model=None)
    return router
