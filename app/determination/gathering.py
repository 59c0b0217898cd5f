"""What is left out at or below a unit, from every source as one."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from app.determination.kinds import KINDS
from app.determination.sources import SOURCES, Asked, Source
from app.determination.sources.asking import MOST
from app.errors import InvalidInputError
from app.omitted import Omitted, OmittedCount


class Sum(NamedTuple):
    """How many, and their ground in m2 (None: no ground)."""

    number: int = 0
    area_m2: float | None = None

    def plus(self, number: int, area_m2: float | None) -> "Sum":
        """With some more."""
        area = self.area_m2 if area_m2 is None else (self.area_m2 or 0.0) + area_m2
        return Sum(self.number + number, area)


def counts(asked: Asked, kinds: Collection[str] | None = None) -> list[OmittedCount]:
    """How many of each kind (None: of every kind) at each unit; kinds and units without any have no entry."""
    found = [count for source in _telling(kinds) for count in source.counts(asked)]
    return [count for count in found if count.number > 0 and (kinds is None or count.kind in kinds)]


def by_kind(found: Sequence[OmittedCount]) -> dict[str, Sum]:
    """Counts summed by kind; every kind has an entry."""
    sums = {code: Sum(0, 0.0 if kind.has_area else None) for code, kind in KINDS.items()}
    for count in found:
        sums[count.kind] = sums[count.kind].plus(count.number, count.area_m2)
    return sums


def page(
    asked: Asked, counted: Sequence[OmittedCount], kinds: Collection[str] | None, limit: int, skip: int
) -> list[Omitted]:
    """Some of what is left out, by source, kind and subject; `counted`: what `counts` said of the same."""
    rows: list[Omitted] = []
    for source in _telling(kinds):
        if len(rows) >= limit:
            break
        mine = _of(source, kinds)
        count = sum(each.number for each in counted if each.kind in mine)
        if skip < count:
            rows += source.omissions(asked, mine, limit - len(rows), skip)
        skip = max(skip - count, 0)
    return rows


def subjects(asked: Asked, wanted: Collection[tuple[str, str]]) -> dict[tuple[str, str], Omitted]:
    """Those of some (kind, subject) that are left out now at or below the unit."""
    kinds: dict[str, set[str]] = defaultdict(set)
    for kind, subject in wanted:
        kinds[kind].add(subject)
    found: dict[tuple[str, str], Omitted] = {}
    for source in _telling(kinds):
        mine = [kind for kind in source.kinds if kind in kinds]
        for omitted in source.omissions(asked, mine, MOST, 0):
            if omitted.subject in kinds[omitted.kind]:
                found[omitted.kind, omitted.subject] = omitted
    return found


def checked_kinds(kinds: Collection[str] | None) -> list[str] | None:
    """Kinds as asked for. Raises InvalidInputError for one that does not exist."""
    unknown = [kind for kind in kinds or () if kind not in KINDS]
    if unknown:
        raise InvalidInputError(f"没有“{unknown[0][:50]}”这一类遗漏。请从列表中选择。", kind=unknown[0][:50])
    return list(kinds) if kinds else None


def _telling(kinds: Collection[str] | None) -> Iterator[Source]:
    return (source for source in SOURCES if kinds is None or _of(source, kinds))


def _of(source: Source, kinds: Collection[str] | None) -> list[str]:
    return [kind for kind in source.kinds if kinds is None or kind in kinds]
