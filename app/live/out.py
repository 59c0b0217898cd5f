"""Who is out now, kept in memory from what phones report, so that telling it costs no query."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from app.live.notices import PROGRESS, Notice
from app.scope import Scope

FRESH_S = 300.0
STOPPED = "stopped"


class Reported(NamedTuple):
    """A patrol in progress, last heard of at an instant of the process's clock."""

    patrol_id: str
    officer_code: str
    unit_paths: tuple[str, ...]
    at: float


class Out:
    """Patrols in progress. `stored`: what the database knows, asked after each time that notices were missed."""

    def __init__(self, stored: Callable[[], Iterable[Reported]]) -> None:
        self._stored = stored
        self._known: dict[str, Reported] = {}

    def load(self) -> None:
        """Begin anew from the database."""
        self._known = {each.patrol_id: each for each in self._stored()}

    def note(self, notice: Notice, now: float) -> None:
        """Hear of a change."""
        if notice.kind != PROGRESS or notice.patrol_id is None:
            return
        if notice.state == STOPPED:
            self._known.pop(notice.patrol_id, None)
            return
        reported = Reported(notice.patrol_id, notice.officer_code or "", notice.unit_paths or (), now)
        self._known[notice.patrol_id] = reported

    def aged(self, now: float) -> list[Notice]:
        """Forget patrols that nothing was heard of for long; what is to be told of it."""
        silent = [each for each in self._known.values() if each.at < now - FRESH_S]
        for each in silent:
            del self._known[each.patrol_id]
        return [Notice(PROGRESS, each.unit_paths, each.officer_code) for each in silent]

    def count(self, scope: Scope) -> int:
        """How many people are out inside a scope."""
        return len({each.officer_code for each in self._known.values() if scope.holds_any(each.unit_paths)})
