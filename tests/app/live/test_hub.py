"""The hub's memory is bounded: a slow page costs no more than a quick one, and what is forgotten is said."""

import asyncio
import json
from collections.abc import AsyncGenerator

from app.live import hub as hubs
from app.live.hub import Hub, Viewer
from app.live.notices import MOST_UNITS, Audience
from app.live.out import Out
from app.scope import EVERYTHING, Scope

ALL = Audience(EVERYTHING, None, sees_duty=True)


class Database:
    """What `LISTEN` gives, at a test's wish."""

    def __init__(self) -> None:
        self.payloads: asyncio.Queue[str | None] = asyncio.Queue()
        self.payloads.put_nowait(None)

    async def heard(self) -> AsyncGenerator[str | None]:
        """As `queries.notices.heard`."""
        while True:
            yield await self.payloads.get()

    def announce(self, path: str, kind: str = "evidence", change: int = 0) -> None:
        """As the triggers do."""
        facts = {"kind": kind, "units": [path], "officer": "W1", "change": change, "facts": None}
        self.payloads.put_nowait(json.dumps(facts))


async def told(viewer: Viewer) -> dict[str, object]:
    """The next message."""
    message = await asyncio.wait_for(viewer.next(), 30)
    assert message is not None
    data = next(line for line in message.decode().splitlines() if line.startswith("data: "))
    facts: dict[str, object] = json.loads(data.removeprefix("data: "))
    return facts


async def started(database: Database) -> Hub:
    """A hub that listens."""
    hub = Hub(database.heard, Out(list), set)
    hub.start()
    while not hub.is_listening:
        await asyncio.sleep(0)
    return hub


def test_a_slow_page_is_told_all_at_once() -> None:
    """However many seconds it slept, one message waits for it, with every unit."""

    async def scenario() -> None:
        database = Database()
        hub = await started(database)
        viewer = hub.join(ALL, None, None, None)
        await told(viewer)
        for n in range(3):
            database.announce(f"1.{n + 2}", change=n)
            reader = hub.join(ALL, None, None, None)
            await told(reader)
            assert str(n + 2) in (await told(reader))["units"]  # type: ignore[operator]
            reader.close()
        news = await told(viewer)
        assert news["units"] == ["1", "2", "3", "4"]
        assert not viewer.woken.is_set()
        await hub.stop()

    asyncio.run(scenario())


def test_more_than_is_kept_is_said_to_be_everything() -> None:
    """A page that was away for more changes than the hub remembers must read everything."""

    async def scenario() -> None:
        database = Database()
        hub = await started(database)
        viewer = hub.join(ALL, None, None, None)
        message = await viewer.next()
        assert message is not None
        last_id = message.decode().splitlines()[0].removeprefix("id: ")
        viewer.close()
        for n in range(hubs.KEPT + 1):
            database.announce("1.2", change=n)
        while not database.payloads.empty():
            await asyncio.sleep(0)
        assert (await told(hub.join(ALL, None, last_id, None)))["kinds"] == ["everything"]
        await hub.stop()

    asyncio.run(scenario())


def test_a_message_stays_small() -> None:
    """Beyond so many units none is named, and the page reads anew."""

    async def scenario() -> None:
        database = Database()
        hub = await started(database)
        viewer = hub.join(ALL, None, None, None)
        await told(viewer)
        for n in range(MOST_UNITS + 1):
            database.announce(f"1.{n}")
        while (news := await told(viewer))["units"] is not None:
            pass
        assert news["kinds"] == ["evidence"]
        await hub.stop()

    asyncio.run(scenario())


def test_a_narrow_scope_is_not_told_of_what_lies_above() -> None:
    """A village hears its own code, not those of its town and county, and nothing of the village beside it."""

    async def scenario() -> None:
        database = Database()
        hub = await started(database)
        viewer = hub.join(Audience(Scope(("1.2.3",)), None, sees_duty=True), None, None, None)
        await told(viewer)
        database.announce("1.2.33")
        database.announce("1.2.3")
        assert (await told(viewer))["units"] == ["3"]
        await hub.stop()

    asyncio.run(scenario())


def test_a_hub_that_stops_lets_everybody_go() -> None:
    """Their streams end."""

    async def scenario() -> None:
        hub = await started(Database())
        viewer = hub.join(ALL, None, None, None)
        await told(viewer)
        await hub.stop()
        assert await viewer.next() is None
        assert hub.viewer_count == 0

    asyncio.run(scenario())
