"""What a source of omissions is asked, and what it is."""

from collections.abc import Callable, Collection
from datetime import date
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.omitted import Omitted, OmittedCount
from app.scope import Scope
from app.settings import Settings

MOST = 100_000  # omissions of one unit and kind that are ever read at once


class Asked(NamedTuple):
    """Whose omissions: of a scope, at or below a unit (ltree path), on a local day; the period began on `first_day`."""

    session: Session
    settings: Settings
    scope: Scope
    path: str
    first_day: date
    on: date


Counting = Callable[[Asked], list[OmittedCount]]
Listing = Callable[[Asked, Collection[str] | None, int, int], list[Omitted]]


class Source(NamedTuple):
    """Kinds that are told together. `omissions` takes kinds (None: all of the source), a limit and how many to skip."""

    kinds: tuple[str, ...]
    counts: Counting
    omissions: Listing
