"""What folium links from other hosts, put in from our own files; a link that nobody has judged stops the snapshot."""

import base64
import re
from functools import cache
from pathlib import Path

VENDOR = Path(__file__).parents[2] / "static" / "vendor" / "leaflet"
# Nothing here is ever fetched: these are the addresses that folium 0.20 writes, to be found and taken out of the file.
# Our own pinned version takes their place.
LOCAL = (
    (re.compile(r"https://cdn\.jsdelivr\.net/npm/leaflet@1\.\d+\.\d+/dist/leaflet\.js"), "leaflet.js"),
    (re.compile(r"https://cdn\.jsdelivr\.net/npm/leaflet@1\.\d+\.\d+/dist/leaflet\.css"), "leaflet.css"),
)
# Popups by jquery and markers by icon fonts are not used here.
UNUSED = (
    re.compile(r"https://code\.jquery\.com/jquery-[\d.]+\.min\.js"),
    re.compile(
        r"https://cdn\.jsdelivr\.net/npm/bootstrap@[\d.]+/dist/(js/bootstrap\.bundle\.min\.js|css/bootstrap\.min\.css)"
    ),
    re.compile(r"https://netdna\.bootstrapcdn\.com/bootstrap/[\d.]+/css/bootstrap-glyphicons\.css"),
    re.compile(r"https://cdn\.jsdelivr\.net/npm/@fortawesome/fontawesome-free@[\d.]+/css/all\.min\.css"),
    re.compile(
        r"https://cdnjs\.cloudflare\.com/ajax/libs/Leaflet\.awesome-markers/[\d.]+/leaflet\.awesome-markers\.(js|css)"
    ),
    re.compile(
        r"https://cdn\.jsdelivr\.net/gh/python-visualization/folium/folium/templates/leaflet\.awesome\.rotate\.min\.css"
    ),
)
_CSS_PICTURE = re.compile(r"url\(['\"]?([^'\")#:]+\.png)['\"]?\)")
_SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)


class UnknownLinkError(Exception):
    """A link to another host that the table does not know: folium has changed."""


def local_text(url: str) -> str | None:
    """What stands in the place of a link; None for one that is not needed. Raises UnknownLinkError."""
    for pattern, name in LOCAL:
        if pattern.fullmatch(url):
            return _css(name) if name.endswith(".css") else _script(name)
    if any(pattern.fullmatch(url) for pattern in UNUSED):
        return None
    raise UnknownLinkError(url)


@cache
def _script(name: str) -> str:
    return _SOURCE_MAP.sub("", (VENDOR / name).read_text("utf-8"))


@cache
def _css(name: str) -> str:
    """A style sheet with its pictures in it."""

    def inside(found: re.Match[str]) -> str:
        return f"url(data:image/png;base64,{base64.b64encode((VENDOR / found[1]).read_bytes()).decode()})"

    return _CSS_PICTURE.sub(inside, (VENDOR / name).read_text("utf-8"))
