"""What the phone page needs without a network: its service worker, and the list of files with their digests.

The list is made from the files that this process serves, so that it can never be older or newer than they are.
"""

import hashlib
import json
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse, Response

from app.pages import PAGES, STATIC

PAGE = "/field"
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
    "js/map/locale.js",
    "js/map/patterns.js",
    "js/field/*.js",
    "js/engine/*.js",
    "basemap/*.geojson",
    "vendor/maplibre-gl/*.mjs",
    "vendor/maplibre-gl/*.css",
    "vendor/idb/*.js",
    "vendor/gcoord/*.js",
    "vendor/terra-draw/*.js",
    "vendor/terra-draw-maplibre-gl-adapter/*.js",
)


def digests(root: Path = STATIC) -> dict[str, str]:
    """SHA-256 (hexadecimal) by address of every file that the phone keeps."""
    found = {f"/static/{path.relative_to(root)}": path for pattern in FILES for path in sorted(root.glob(pattern))}
    found[PAGE] = root / PAGES[PAGE]
    return {address: hashlib.sha256(path.read_bytes()).hexdigest() for address, path in found.items()}


def install(app: FastAPI) -> None:
    """Serve the worker and its list; browsers ask for both on each visit, and take a change for a new version."""
    by_address = digests()
    version = hashlib.sha256(json.dumps(by_address, sort_keys=True).encode()).hexdigest()[:16]
    listed = f"self.WUYILOU_FILES = {json.dumps({'version': version, 'digests': by_address})};\n"
    headers = {"Cache-Control": "no-cache"}

    def worker() -> FileResponse:
        return FileResponse(STATIC / "sw.js", media_type="text/javascript", headers=headers)

    def files() -> Response:
        return Response(listed, media_type="text/javascript", headers=headers)

    app.add_api_route("/sw.js", worker, methods=["GET", "HEAD"], include_in_schema=False)
    app.add_api_route("/sw-files.js", files, methods=["GET", "HEAD"], include_in_schema=False)
