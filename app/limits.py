"""A bound on the size of request bodies, counted as they arrive, so that nothing large is ever held."""

import json
from collections.abc import Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_DRAINED_TIMES = 4


async def drain(scope: Scope, receive: Receive, most_bytes: int) -> None:
    """Receive a body and keep nothing of it, up to a number of bytes.

    A sender cut off in the middle of its upload sees a broken connection and never reads why. One that asked first
    (Expect: 100-continue) is answered at once.
    """
    headers = dict(scope["headers"])
    stated = headers.get(b"content-length", b"0")
    if b"expect" in headers or not stated.isdigit() or int(stated) > most_bytes:
        return
    received = 0
    while received <= most_bytes:
        message = await receive()
        received += len(message.get("body", b""))
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            return


class BodyLimit:
    """ASGI middleware: refuses with 413 a body over the bound of its path (longest prefix wins)."""

    def __init__(self, app: ASGIApp, default_bytes: int, by_prefix: Mapping[str, int]) -> None:
        self.app = app
        self.default_bytes = default_bytes
        self.by_prefix = dict(sorted(by_prefix.items(), key=lambda item: -len(item[0])))

    def _bound(self, path: str) -> int:
        return next((n for prefix, n in self.by_prefix.items() if path.startswith(prefix)), self.default_bytes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 413 in its place."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        bound = self._bound(scope["path"])
        stated = dict(scope["headers"]).get(b"content-length", b"0")
        if not stated.isdigit() or int(stated) > bound:
            await drain(scope, receive, _DRAINED_TIMES * bound)
            await _refuse(send, bound)
            return
        await self._counted(scope, receive, send, bound)

    async def _counted(self, scope: Scope, receive: Receive, send: Send, bound: int) -> None:
        received, answered, refused = 0, False, False

        async def counting() -> Message:
            nonlocal received, refused
            message = await receive()
            received += len(message.get("body", b""))
            if received > bound and not refused:
                refused = True
                if not answered:
                    await _refuse(send, bound)
            return {"type": "http.disconnect"} if refused else message

        async def sending(message: Message) -> None:
            nonlocal answered
            if not refused:
                answered = True
                await send(message)

        try:
            await self.app(scope, counting, sending)
        except Exception:
            if not refused:  # a reader that was cut off may fail in its own way; the person has been answered
                raise


async def _refuse(send: Send, bound: int) -> None:
    text = f"上传内容超过上限 {bound // (1024 * 1024)} MB，未保存任何内容。请拆分后分批上传。"
    error = {"error": {"code": "too_large", "message": text, "facts": {"limit_bytes": bound}}}
    body = json.dumps(error, ensure_ascii=False).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})
