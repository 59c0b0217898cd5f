"""What the database announces, who is meant, and what they are told."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from app.scope import Scope

EVERYTHING = "everything"  # something may have been missed
PROGRESS = "progress"
MOST_UNITS = 200  # more are not worth naming: the page reads anew


@dataclass(frozen=True, slots=True)
class Notice:
    """A committed change. `unit_paths`: where it may be seen, None for anywhere; `state`: of a patrol in progress."""

    kind: str
    unit_paths: tuple[str, ...] | None = None
    officer_code: str | None = None
    change: int = 0
    patrol_id: str | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class Audience:
    """Viewers who are told the same: a scope, the officer whose records are theirs, whether they may see who is out."""

    scope: Scope
    officer_code: str | None
    sees_duty: bool

    def is_meant(self, notice: Notice) -> bool:
        """Whether the change concerns them: it lies in their units, is their own, or may lie anywhere."""
        if notice.unit_paths is None or self.scope.holds_any(notice.unit_paths):
            return True
        return self.officer_code is not None and notice.officer_code == self.officer_code


@dataclass(frozen=True)
class News:
    """Notices of a while put together for one audience; `codes` of the units concerned and of all above, None: any."""

    position: str
    kinds: frozenset[str] = frozenset()
    codes: frozenset[str] | None = field(default_factory=frozenset)
    change: int = 0
    out_now: int | None = None
    spread_s: int = 0

    @cached_property
    def encoded(self) -> bytes:
        """The message as it is sent."""
        facts = {
            "change": self.change,
            "units": None if self.codes is None else sorted(self.codes),
            "kinds": sorted(self.kinds),
            "out_now": self.out_now,
            "spread_s": self.spread_s,
        }
        return f"id: {self.position}\ndata: {json.dumps(facts, separators=(',', ':'))}\n\n".encode()

    def after(self, earlier: "News | None") -> "News":
        """This and what was not yet sent of before."""
        if earlier is None or earlier is self:
            return self
        codes = None if self.codes is None or earlier.codes is None else _bounded(self.codes | earlier.codes)
        kinds = self.kinds | earlier.kinds
        return News(self.position, kinds, codes, max(self.change, earlier.change), self.out_now, self.spread_s)


def parse(payload: str) -> Notice:
    """A notice as the database's triggers write it."""
    facts = json.loads(payload)
    more = facts.get("facts") or {}
    paths = facts["units"]
    return Notice(
        kind=facts["kind"],
        unit_paths=None if paths is None else tuple(paths),
        officer_code=facts["officer"],
        change=facts["change"],
        patrol_id=more.get("patrol"),
        state=more.get("state"),
    )


def codes_of(notices: Iterable[Notice], scope: Scope) -> frozenset[str] | None:
    """Codes of the units inside the scope that some notices concern, with the units above them; None for any."""
    found: set[str] = set()
    for notice in notices:
        if notice.unit_paths is None or not scope.holds_any(notice.unit_paths):
            return None  # anywhere, or one's own ground outside of all one's units
        for path in notice.unit_paths:
            labels = path.split(".")
            found.update(label for depth, label in enumerate(labels, 1) if scope.holds_unit(".".join(labels[:depth])))
    return _bounded(frozenset(found))


def _bounded(codes: frozenset[str]) -> frozenset[str] | None:
    return codes if len(codes) <= MOST_UNITS else None
