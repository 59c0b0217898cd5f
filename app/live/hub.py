"""One place in the process that hears of every change and tells those who watch: at most one message a second each.

All of it runs on the event loop; nothing here waits for the database but in a thread.
"""

import asyncio
import logging
import secrets
import time
from collections import defaultdict, deque
from collections.abc import AsyncGenerator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from app.live.notices import EVERYTHING, PROGRESS, Audience, News, Notice, codes_of, parse
from app.live.out import Out

log = logging.getLogger("wuyilou")

Listen = Callable[[], AsyncGenerator[str | None]]
StillValid = Callable[[Iterable[UUID]], set[UUID]]

TICK_S = 1.0
BEAT_TICKS = 20
CHECK_S = 10.0  # so often open pages of ended sessions are looked for
LONGEST_TICKS = 600  # then the page comes again, and is let in by what it may see by then
KEPT = 2000
RELISTEN_S = 2.0
BEAT = b"event: beat\ndata: {}\n\n"
# Pages read anew when they hear of a change; of many, this many a second.
READERS_A_SECOND = 2
SHORTEST_SPREAD_S = 2


class Heard(NamedTuple):
    """A notice with its number and when it came."""

    number: int
    at: float
    notice: Notice


@dataclass(eq=False)
class Viewer:
    """One open page. What it has not taken yet is put together, so a slow one holds no more than a quick one."""

    audience: Audience
    proof: UUID | None  # the session or token it was let in by; None: the operator
    since: int  # number of the last notice before it came
    leave: Callable[["Viewer"], None]
    due: News | None = None
    beat: bool = False
    ticks: int = 0
    closed: bool = False
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    async def next(self) -> bytes | None:
        """The next message, a beat when there is nothing to say, None at the end."""
        await self.woken.wait()
        self.woken.clear()
        if self.closed:
            return None
        news, self.due = self.due, None
        return BEAT if news is None else news.encoded

    def close(self) -> None:
        """End it."""
        self.closed = True
        self.woken.set()
        self.leave(self)


class Hub:
    """Hears and tells. `listen`: `queries.notices.heard`; `still_valid`: which sessions and tokens have not ended."""

    def __init__(self, listen: Listen, out: Out, still_valid: StillValid) -> None:
        self._listen = listen
        self._out = out
        self._still_valid = still_valid
        self._name = secrets.token_hex(4)
        self._heard: deque[Heard] = deque(maxlen=KEPT)
        self._number = 0
        self._told = 0
        self._listening_since: float | None = None
        self._was_listening = False
        self._change = 0
        self._audiences: dict[Audience, set[Viewer]] = defaultdict(set)
        self._tasks: list[asyncio.Task[None]] = []
        self._thread = ThreadPoolExecutor(1, "hub")

    def start(self) -> None:
        """Begin to hear; needs a running event loop."""
        self._tasks = [asyncio.create_task(work) for work in (self._hear(), self._tell(), self._check())]

    async def stop(self) -> None:
        """End everything."""
        self.close()
        for task in self._tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await asyncio.to_thread(self._thread.shutdown, cancel_futures=True)

    def close(self) -> None:
        """Let every viewer go."""
        for viewer in self._viewers():
            viewer.close()

    @property
    def is_listening(self) -> bool:
        """Whether it hears of changes at the moment."""
        return self._listening_since is not None

    @property
    def viewer_count(self) -> int:
        """How many watch."""
        return sum(map(len, self._audiences.values()))

    def join(self, audience: Audience, proof: UUID | None, last_id: str | None, age_s: float | None) -> Viewer:
        """Watch from now on. The first message tells what was missed since a message, or in the last seconds."""
        viewer = Viewer(audience, proof, self._number, self._left)
        missed = self._since(last_id, age_s)
        viewer.due = self._news(audience, missed) or self._made(audience, frozenset(), frozenset())
        viewer.woken.set()
        self._audiences[audience].add(viewer)
        return viewer

    def _left(self, viewer: Viewer) -> None:
        viewers = self._audiences.get(viewer.audience, set())
        viewers.discard(viewer)
        if not viewers:
            self._audiences.pop(viewer.audience, None)

    def _viewers(self) -> list[Viewer]:
        return [viewer for viewers in self._audiences.values() for viewer in viewers]

    def _note(self, notice: Notice) -> None:
        self._number += 1
        self._change = max(self._change, notice.change)
        self._heard.append(Heard(self._number, time.monotonic(), notice))

    def _since(self, last_id: str | None, age_s: float | None) -> list[Notice]:
        """What came after a message, or in the last seconds; EVERYTHING when that is not known."""
        if last_id:
            hub, _, number = last_id.partition("-")
            is_ours = hub == self._name and number.isdecimal()
            return self._after(int(number)) if is_ours else [Notice(EVERYTHING)]
        if age_s is None:
            return []
        since = time.monotonic() - age_s
        dropped = len(self._heard) == KEPT and self._heard[0].at > since
        if self._listening_since is None or since < self._listening_since or dropped:
            return [Notice(EVERYTHING)]
        return [heard.notice for heard in self._heard if heard.at >= since]

    def _after(self, number: int) -> list[Notice]:
        """What came after a notice; EVERYTHING when not all of it is kept."""
        if self._number - len(self._heard) > number:
            return [Notice(EVERYTHING)]
        return [heard.notice for heard in self._heard if heard.number > number]

    async def _hear(self) -> None:
        while True:
            try:
                async with aclosing(self._listen()) as payloads:
                    async for payload in payloads:
                        await self._take(payload)
            except Exception as error:
                log.warning("changes are not heard for a moment: %s", error)
            self._listening_since = None
            await asyncio.sleep(RELISTEN_S)

    async def _take(self, payload: str | None) -> None:
        if payload is None:
            await self._begin()
        else:
            notice = parse(payload)
            self._out.note(notice, time.monotonic())
            self._note(notice)

    async def _begin(self) -> None:
        """From here on nothing is missed; what came before may have been."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._out.load)
        if self._was_listening or self._audiences:
            self._note(Notice(EVERYTHING))
        self._was_listening = True
        self._listening_since = time.monotonic()

    async def _tell(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            try:
                self._tick()
            except Exception:
                log.exception("open pages were not told of a change")

    def _tick(self) -> None:
        for notice in self._out.aged(time.monotonic()):
            self._note(notice)
        fresh, told = self._after(self._told), self._told
        self._told = self._number
        for audience, viewers in self._audiences.items():
            news = self._news(audience, fresh)
            for viewer in viewers:
                viewer.ticks += 1
                own = news if viewer.since <= told else self._news(audience, self._after(viewer.since))
                if own is not None:
                    viewer.due = own.after(viewer.due)
                if viewer.due is not None or viewer.ticks % BEAT_TICKS == 0:
                    viewer.woken.set()
        for viewer in self._viewers():
            if viewer.ticks > LONGEST_TICKS:
                viewer.close()

    def _news(self, audience: Audience, notices: Iterable[Notice]) -> News | None:
        meant = [notice for notice in notices if audience.is_meant(notice)]
        if not audience.sees_duty:
            meant = [notice for notice in meant if notice.kind != PROGRESS]
        if not meant:
            return None
        return self._made(audience, frozenset(notice.kind for notice in meant), codes_of(meant, audience.scope))

    def _made(self, audience: Audience, kinds: frozenset[str], codes: frozenset[str] | None) -> News:
        out_now = self._out.count(audience.scope) if audience.sees_duty else None
        spread_s = max(SHORTEST_SPREAD_S, self.viewer_count // READERS_A_SECOND)
        return News(f"{self._name}-{self._number}", kinds, codes, self._change, out_now, spread_s)

    async def _check(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(CHECK_S)
            proofs = {viewer.proof for viewer in self._viewers() if viewer.proof is not None}
            try:
                valid = await loop.run_in_executor(self._thread, self._still_valid, proofs) if proofs else set()
            except Exception as error:
                log.warning("it is not known whether sessions have ended: %s", error)
                continue
            for viewer in self._viewers():
                if viewer.proof in proofs - valid:
                    viewer.close()
