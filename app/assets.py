"""What pages are made of, below addresses that name its content: a browser keeps it for good and asks for it once.

A page asks for /static/v/DIGEST/js/main.js, where the digest is that of all files together; modules find each other
relatively, and so below the same one. With another version the addresses are others. The plain addresses stay, for the
phone's copy (`app.offline`), which has its own list of digests, and for import maps, which the security policy names by
their text. Nothing is built, and a file that is edited counts with the next page.
"""

import hashlib
import math
import re
import time
from pathlib import Path
from threading import Lock

from starlette.datastructures import MutableHeaders
from starlette.staticfiles import StaticFiles
from starlette.types import Message, Receive, Scope, Send

STATIC = Path(__file__).parent.parent / "static"
KEPT = "public, max-age=31536000, immutable"
ASKED = "no-cache"
_NAMED = re.compile(r"^/v/([0-9a-f]{16})(/.+)$")
_ADDRESS = re.compile(r'( (?:href|src)=")/static/')


class Content:
    """What the files of a folder are, all together; for use by many threads."""

    def __init__(self, folder: Path, trusted_s: float = 1.0) -> None:
        self._folder = folder
        self._trusted_s = trusted_s
        self._looked_at = -math.inf
        self._lock = Lock()
        self._stamp: object = None
        self._digest = ""

    def digest(self) -> str:
        """Their digest (16 hexadecimal digits), read anew when a size or a time of change is another."""
        with self._lock:
            paths = sorted(path for path in self._folder.rglob("*") if path.is_file())
            stamp = [(path, status.st_size, status.st_mtime_ns) for path in paths for status in [path.stat()]]
            if stamp != self._stamp:
                whole = hashlib.sha256()
                for path in paths:
                    content = hashlib.sha256(path.read_bytes()).hexdigest()
                    whole.update(f"{path.relative_to(self._folder)} {content}\n".encode())
                self._stamp, self._digest = stamp, whole.hexdigest()[:16]
            self._looked_at = time.monotonic()
            return self._digest

    def known(self) -> str:
        """The digest as it was a moment ago: for the many files of a page, which are asked for at once."""
        return self._digest if time.monotonic() - self._looked_at < self._trusted_s else self.digest()


CONTENT = Content(STATIC)


def addressed(page: str) -> str:
    """A page's text, in which the addresses of style sheets, scripts and pictures name their content."""
    return _ADDRESS.sub(rf"\1/static/v/{CONTENT.digest()}/", page)


class Assets(StaticFiles):
    """The files, at their plain addresses and at those that name their content; browsers keep only the latter."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request below /static."""
        root = scope.get("root_path", "")
        named = _NAMED.match(scope["path"].removeprefix(root))
        # Below another version's digest lie the files as they are now: not what that address was the name of.
        kept = KEPT if named and named[1] == CONTENT.known() else ASKED
        if named:
            scope = {**scope, "path": root + named[2]}

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["Cache-Control"] = kept
            await send(message)

        await super().__call__(scope, receive, sending)
