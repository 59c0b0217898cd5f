"""Server-sent events: an answer that stays open, ends when its reader is gone, stuck, or the server stops."""

import asyncio
import signal
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Protocol

from fastapi import Response
from starlette.types import Receive, Scope, Send

PATIENCE_S = 30.0
RETRY_MS = 3000


class Source(Protocol):
    """What one reader is sent."""

    async def next(self) -> bytes | None:
        """What to send next, None at the end."""

    def close(self) -> None:
        """Let `next` give None from now on."""


class EventStream(Response):
    """The answer of a stream; `join` gives its source. A reader who takes nothing for PATIENCE_S is dropped."""

    media_type = "text/event-stream"

    def __init__(self, join: Callable[[], Awaitable[Source]]) -> None:
        super().__init__(headers={"X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._join = join

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Send what the source gives until it ends or nobody reads."""
        source = await self._join()
        watcher = asyncio.create_task(_until_gone(receive, source))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            await _send(send, f"retry: {RETRY_MS}\n\n".encode())
            while (chunk := await source.next()) is not None:
                await _send(send, chunk)
            await send({"type": "http.response.body", "body": b""})
        except TimeoutError:
            pass  # stuck; when it comes back it is told what it missed
        finally:
            watcher.cancel()
            source.close()


async def _send(send: Send, chunk: bytes) -> None:
    async with asyncio.timeout(PATIENCE_S):
        await send({"type": "http.response.body", "body": chunk, "more_body": True})


async def _until_gone(receive: Receive, source: Source) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    source.close()


@contextmanager
def told_of_exit(close: Callable[[], None]) -> Iterator[None]:
    """Call `close` on the event loop when the process is asked to stop.

    The server waits for open answers before it tells the application, which would wait for them for ever.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def handle(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(close)
        told = before[signal.Signals(number)]
        if callable(told):
            told(number, frame)

    for number in before:
        signal.signal(number, handle)
    try:
        yield
    finally:
        for number, told in before.items():
            signal.signal(number, told)
