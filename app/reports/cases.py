"""A case as the forms see it.

**Which cases belong to a period** [first_day, last_day]: those found on or before its last day and not struck off
(销号) before its first. A case that was closed stays on the list until it is struck off. The lists (F1, F3) and the
counts (F2, F4) are of the very same cases, so that a list has as many rows as its summary says. What a case has come
to is as on the last day: its state, its closure items, and penalties dated later do not count yet. What has no date
(detained, disciplined, shut, suspended, dismantled, penalties without one) is as it stands now.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from app.cases.schemas import ITEMS

CHEMICAL = "chemical"
SHUT_DOWN = "shut_down"
# The columns of F1 and F2, in the order of F1.
SMALL_CATEGORIES = ("smelting", "plating", "spraying", "dyeing", "dust", "other")
FINISHED = frozenset({"closed", "struck_off"})


class Period(NamedTuple):
    """Local days, both included."""

    first_day: date
    last_day: date


class Area(NamedTuple):
    """A unit: `path` as in an ltree."""

    code: str
    name: str
    level: str
    path: str

    def holds(self, path: str) -> bool:
        """Whether a unit, by its path, is this one or lies below."""
        return path == self.path or path.startswith(f"{self.path}.")


@dataclass(frozen=True, slots=True)
class FormCase:
    """A case as on the last day of a period; money in 万元. `state_on`: since when; None: no step was recorded."""

    number: str
    party_name: str
    category: str
    chemical_kind: str | None
    unit_path: str
    region: str  # 地区: town and village
    town: str
    address: str
    responsible_name: str | None
    stages: tuple[str, ...]
    chemicals: str
    description: str
    measures: str | None
    way_to_close: str | None
    found_on: date
    state: str
    state_on: date | None
    items_done: frozenset[str]
    is_shut: bool
    is_suspended: bool
    is_dismantled: bool
    is_filed: bool
    fine_wan: Decimal
    confiscated_wan: Decimal
    transferred_persons: int
    detained_persons: int
    disciplined_persons: int

    @property
    def is_chemical(self) -> bool:
        """Whether it belongs to F3 and F4; the others to F1 and F2."""
        return self.category == CHEMICAL

    @property
    def is_finished(self) -> bool:
        """Whether the work on the ground was called done (整治完成)."""
        return self.state in FINISHED

    @property
    def is_cleared(self) -> bool:
        """Whether all five of 两断三清 are recorded."""
        return self.items_done >= ITEMS.keys()

    @property
    def missing_items(self) -> str:
        """What of 两断三清 is not recorded; empty for all five."""
        return "、".join(text for item, text in ITEMS.items() if item not in self.items_done)


def found_in(cases: list[FormCase], period: Period) -> int:
    """How many were found in the period itself."""
    return sum(case.found_on >= period.first_day for case in cases)


def finished_in(cases: list[FormCase], period: Period) -> int:
    """How many were called done in the period itself."""
    return sum(case.is_finished and case.state_on is not None and case.state_on >= period.first_day for case in cases)
