"""What a plan can draw from on a day: units, cases and sites of a unit, with their weights."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.supervision.drawing import EVEN, Candidate, weight
from app.supervision.queries import population as queries
from app.supervision.rules import DUST, LET, OTHERS, SHOPS, SHUT_DOWN, TOWNS, Stratum, half
from app.territory import service as territory
from app.territory.schemas import UnitRow

SMALL = frozenset({"smelting", "plating", "spraying", "dyeing", "dust", "other"})


class Subject(NamedTuple):
    """Something that can be drawn, as it is called and where it is. WGS-84; None: not placed."""

    subject: str
    kind: str
    name: str
    address: str | None
    unit_code: str
    unit_path: str
    lon: float | None
    lat: float | None


class Weights:
    """The weight of a subject: that of the unit of one level it lies in."""

    def __init__(self, session: Session, top: UnitRow, parts: Iterable[UnitRow], on: date) -> None:
        paths = [part.path for part in parts]
        self.found = queries.found(session, top.path, on, [top.path, *paths])
        whole = self.found[top.path]
        self.of_part = {path: weight(*self.found[path], *whole) for path in paths}

    def of(self, path: str) -> int:
        """Of a subject in the unit of a path; even where it lies in none of the parts."""
        return next(
            (known for part, known in self.of_part.items() if path == part or path.startswith(f"{part}.")), EVEN
        )


class Gathered(NamedTuple):
    """What there is to draw from. `found`: what was checked and found, by path of the unit that weighs."""

    strata: list[Stratum]
    subjects: dict[str, Subject]
    found: dict[str, queries.Found]


def gather(session: Session, kind: str, unit: UnitRow, on: date) -> Gathered:
    """The strata of a plan of a kind for a unit on a day."""
    return _provincial(session, unit, on) if kind == "provincial" else _city(session, unit, on)


def _provincial(session: Session, unit: UnitRow, on: date) -> Gathered:
    counties = territory.units_within(session, unit, "county")
    weights = Weights(session, unit, counties, on)
    cases, sites = queries.cases(session, unit.path, on), queries.sites(session, unit.path, on)
    chemical = [row for row in cases if row.category == "chemical"]
    unfinished = [row for row in chemical if not row.is_finished]
    finished = [row for row in chemical if row.is_finished]
    shut = [row for row in sites if row.is_shut_down]
    listed = {row.site_id for row in shut}
    shut += [row for row in cases if row.category == "shut_down" and row.site_id not in listed]

    def stratum(code: str, form: str, want: int | None, found: Iterable[Row[Any]]) -> Stratum:
        return Stratum(code, unit.code, form, want, _candidates(found, weights.of))

    strata = [
        Stratum("unit", unit.code, "F5", None, (Candidate(f"unit:{unit.code}", EVEN),)),
        Stratum("counties", unit.code, "F5", half(len(counties)), _units(counties, weights.of)),
        stratum("chemical_unfinished", "F6", None, unfinished),
        stratum("chemical_finished", "F6", max(0, half(len(chemical)) - len(unfinished)), finished),
        stratum("shops", "F7", SHOPS, [row for row in cases if row.category in SMALL]),
        stratum("shut_down", "F7", SHUT_DOWN, shut),
    ]
    return Gathered(strata, _subjects([unit, *counties], [*cases, *sites]), weights.found)


def _city(session: Session, unit: UnitRow, on: date) -> Gathered:
    counties = territory.units_within(session, unit, "county")
    towns = territory.units_within(session, unit, "town")
    weights = Weights(session, unit, towns, on)
    sites = queries.sites(session, unit.path, on)
    strata: list[Stratum] = []
    for county in counties:
        own = [row for row in sites if _holds(county, row.unit_path)]
        below = [town for town in towns if _holds(county, town.path)]
        strata += [
            Stratum("towns", county.code, "F5", TOWNS, _units(below, weights.of)),
            Stratum("dust", county.code, "F7", DUST, _candidates((row for row in own if row.is_dust), weights.of)),
            Stratum("let", county.code, "F7", LET, _candidates((row for row in own if row.is_let), weights.of)),
            Stratum(
                "others",
                county.code,
                "F7",
                OTHERS,
                _candidates((row for row in own if not row.is_dust and not row.is_let), weights.of),
            ),
        ]
    return Gathered(strata, _subjects(towns, sites), weights.found)


def _holds(unit: UnitRow, path: str) -> bool:
    return path == unit.path or path.startswith(f"{unit.path}.")


def _candidates(rows: Iterable[Row[Any]], weigh: Callable[[str], int]) -> tuple[Candidate, ...]:
    return tuple(sorted(Candidate(row.subject, weigh(row.unit_path)) for row in rows))


def _units(units: Iterable[UnitRow], weigh: Callable[[str], int]) -> tuple[Candidate, ...]:
    return tuple(sorted(Candidate(f"unit:{unit.code}", weigh(unit.path)) for unit in units))


def _subjects(units: Iterable[UnitRow], rows: Iterable[Row[Any]]) -> dict[str, Subject]:
    named = [Subject(f"unit:{unit.code}", "unit", unit.name, None, unit.code, unit.path, None, None) for unit in units]
    named += [
        Subject(
            row.subject,
            row.subject.partition(":")[0],
            row.name,
            row.address,
            row.unit_code,
            row.unit_path,
            row.lon,
            row.lat,
        )
        for row in rows
    ]
    return {one.subject: one for one in named}
