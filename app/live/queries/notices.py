"""The one connection of a process that hears of changes as they are committed."""

from collections.abc import AsyncGenerator

from psycopg import AsyncConnection
from sqlalchemy import make_url

CHANNEL_IS_OPEN = None
_LISTEN = "LISTEN wuyilou"
_ALIVE_S = 30.0


async def heard(url: str) -> AsyncGenerator[str | None]:
    """First CHANNEL_IS_OPEN, then the payload of each notice. Raises psycopg.Error when the database is lost."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    async with await AsyncConnection.connect(address, autocommit=True, application_name="wuyilou live") as connection:
        await connection.execute(_LISTEN)
        yield CHANNEL_IS_OPEN
        while True:
            async for notice in connection.notifies(timeout=_ALIVE_S):
                yield notice.payload
            await connection.execute("SELECT 1")  # a connection cut off in silence would be waited for in vain
