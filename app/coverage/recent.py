"""What was computed lately, kept by this process: safe because a key names the content it was computed from."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

from sqlalchemy.orm import Session

Value = TypeVar("Value")


def source(session: Session) -> str:
    """What tells the database of a session from others: zones' ids and versions are its own."""
    url = session.connection().engine.url
    return f"{url.host}:{url.port}/{url.database}"


class Recent(Generic[Value]):
    """The values last asked for, up to a number of them; for use by many threads."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: OrderedDict[Hashable, Value] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> Value | None:
        """The value, or None when it is not kept."""
        with self._lock:
            if key not in self._values:
                return None
            self._values.move_to_end(key)
            return self._values[key]

    def put(self, key: Hashable, value: Value) -> None:
        """Keep a value, in place of the one not asked for longest."""
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            while len(self._values) > self._size:
                self._values.popitem(last=False)
