"""Figures of areas, and that they add up: village to town to county, nothing lost between the levels."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from app.reports.cases import Area, FormCase

Figures = dict[str, int | Decimal]
Count = Callable[[FormCase], int | Decimal]
OWN_LEVEL = "本级（未分到下级）"
SITES = "sites"


class AreaFigures(NamedTuple):
    """What was counted in an area; `area` None: straight at the unit asked for, in none of those below."""

    area: Area | None
    figures: Figures


class Summary(NamedTuple):
    """Rows by area, and the total, which is counted by itself."""

    rows: list[AreaFigures]
    total: Figures


def counted(counts: Mapping[str, Count], cases: Iterable[FormCase], sites: int) -> Figures:
    """Each count over some cases, and the number of sites looked into."""
    found: Figures = dict.fromkeys(counts, 0)
    for case in cases:
        for key, count in counts.items():
            found[key] += count(case)
    return {SITES: sites, **found}


def summary(
    unit: Area, below: Sequence[Area], counts: Mapping[str, Count], cases: Sequence[FormCase], sites: Mapping[str, int]
) -> Summary:
    """A row for each area below (for the unit itself when nothing lies below), one for what lies in none of them.

    `sites`: how many sites were looked into, by the path of the unit they lie in. The last row is left out when
    nothing lies straight at the unit's own level.
    """
    areas = list(below) or [unit]
    rows = [AreaFigures(area, _of(area, counts, cases, sites)) for area in areas]
    rest = [case for case in cases if unit.holds(case.unit_path) and not _in_any(areas, case.unit_path)]
    rest_sites = sum(n for path, n in sites.items() if unit.holds(path) and not _in_any(areas, path))
    if rest or rest_sites:
        rows.append(AreaFigures(None, counted(counts, rest, rest_sites)))
    return Summary(rows, _of(unit, counts, cases, sites))


def differences(found: Summary) -> dict[str, tuple[int | Decimal, int | Decimal]]:
    """Columns whose rows do not add up to the total: {key: (sum of the rows, total)}; empty when all do."""
    sums = {key: sum((row.figures[key] for row in found.rows), Decimal(0)) for key in found.total}
    return {key: (sums[key], total) for key, total in found.total.items() if sums[key] != total}


def levels_that_differ(
    units: Sequence[Area], counts: Mapping[str, Count], cases: Sequence[FormCase], sites: Mapping[str, int]
) -> list[Area]:
    """Those of the units, each with all below it in `units`, whose parts do not add up to what they are themselves."""
    below: dict[str, list[Area]] = {}
    for unit in units:
        below.setdefault(unit.path.rpartition(".")[0], []).append(unit)
    inside: dict[str, list[FormCase]] = {}
    for case in cases:
        for path in _upwards(case.unit_path):
            inside.setdefault(path, []).append(case)

    def adds_up(unit: Area) -> bool:
        found = inside.get(unit.path, [])
        own_sites = {path: number for path, number in sites.items() if unit.holds(path)}
        return not differences(summary(unit, below.get(unit.path, []), counts, found, own_sites))

    return [unit for unit in units if not adds_up(unit)]


def _upwards(path: str) -> Iterator[str]:
    """A path and those of all units above it."""
    while path:
        yield path
        path = path.rpartition(".")[0]


def _of(area: Area, counts: Mapping[str, Count], cases: Sequence[FormCase], sites: Mapping[str, int]) -> Figures:
    inside = (case for case in cases if area.holds(case.unit_path))
    return counted(counts, inside, sum(number for path, number in sites.items() if area.holds(path)))


def _in_any(areas: Sequence[Area], path: str) -> bool:
    return any(area.holds(path) for area in areas)
