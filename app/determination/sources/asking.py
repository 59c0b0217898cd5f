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


def from_rows(kinds: tuple[str, ...], rows: Callable[[Asked], list[Omitted]]) -> "Source":
    """A source of few omissions that are told all at once."""

    def counts(asked: Asked) -> list[OmittedCount]:
        sums: dict[tuple[str, str | None], OmittedCount] = {}
        for row in rows(asked):
            known = sums.get((row.kind, row.unit_path), OmittedCount(row.kind, row.unit_path, 0))
            area = known.area_m2 if row.area_m2 is None else (known.area_m2 or 0.0) + row.area_m2
            sums[row.kind, row.unit_path] = known._replace(number=known.number + 1, area_m2=area)
        return list(sums.values())

    def omissions(asked: Asked, wanted: Collection[str] | None, limit: int, skip: int) -> list[Omitted]:
        found = [row for row in rows(asked) if wanted is None or row.kind in wanted]
        return sorted(found, key=lambda row: (row.kind, row.subject))[skip : skip + limit]

    return Source(kinds, counts, omissions)


class Source(NamedTuple):
    """Kinds that are told together. `omissions` takes kinds (None: all of the source), a limit and how many to skip."""

    kinds: tuple[str, ...]
    counts: Counting
    omissions: Listing
