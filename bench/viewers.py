"""Open pages without browsers: `python -m bench.viewers` reads its orders as JSON from stdin, and tells at its end."""

import asyncio
import json
import random
import resource
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

READS = (
    "/api/status",
    "/api/units/{unit}/coverage",
    "/api/blind-spots?unit={unit}&limit=100",
    "/api/defects?unit={unit}",
    "/api/progress",
)


@dataclass
class Page:
    """One page: the cookie of its person, the unit in view, and what it was sent."""

    port: int
    cookie: str
    unit: str
    reads: bool
    at: list[float] = field(default_factory=list)
    size: int = 0
    read: int = 0
    timer: asyncio.Task[None] | None = None

    async def watch(self, opened: asyncio.Semaphore) -> None:
        """Hear until cancelled."""
        reader, writer = await self._get("/api/live")
        try:
            await reader.readuntil(b"\r\n\r\n")
            opened.release()
            while True:
                message = await reader.readuntil(b"\n\n")
                if b"\ndata: " in message and b'"kinds":[]' not in message and b"event: beat" not in message:
                    self.at.append(time.monotonic())
                    self.size += len(message)
                    if self.reads and self.timer is None:
                        self.timer = asyncio.create_task(self._read(message))
        finally:
            writer.close()

    async def _read(self, message: bytes) -> None:
        """Read anew as a page does, some time within the spread, and not again before as long has passed."""
        facts = json.loads(message.partition(b"data: ")[2].splitlines()[0])
        wait_s = random.random() * facts["spread_s"]  # noqa: S311 - no secret
        await asyncio.sleep(wait_s)
        for path in READS:
            reader, writer = await self._get(path.format(unit=self.unit), "Connection: close\r\n")
            await reader.read()
            writer.close()
        self.read += 1
        await asyncio.sleep(facts["spread_s"])
        self.timer = None

    async def _get(self, path: str, more: str = "") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {self.cookie}\r\n{more}\r\n".encode())
        return reader, writer

    def told(self) -> dict[str, Any]:
        """What it was sent."""
        most = max((sum(at <= other < at + 0.9 for other in self.at) for at in self.at), default=0)
        return {"messages": len(self.at), "bytes": self.size, "most": most, "read": self.read}


async def main() -> None:
    """Open the pages, say so, wait for the end of stdin, tell."""
    orders = json.loads(await asyncio.to_thread(sys.stdin.readline))
    pages = [Page(orders["port"], cookie, unit, orders["reads"]) for cookie, unit in orders["people"]]
    opened = asyncio.Semaphore(0)
    tasks = [asyncio.create_task(page.watch(opened)) for page in pages]
    for _ in pages:
        await opened.acquire()
    print("open", flush=True)
    started = time.monotonic()
    await asyncio.to_thread(sys.stdin.read)
    seconds = time.monotonic() - started
    for task in [*tasks, *(page.timer for page in pages if page.timer)]:
        task.cancel()
        with suppress(asyncio.CancelledError, asyncio.IncompleteReadError):
            await task
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu_s = used.ru_utime + used.ru_stime
    print(json.dumps({"seconds": seconds, "cpu_s": cpu_s, "pages": [page.told() for page in pages]}))


if __name__ == "__main__":
    asyncio.run(main())
