"""The demo's units: real counties as they are; towns and villages generated around real points."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from demo.plane import Plane
from demo.sources import CITY_CODE, CITY_NAME, Place, city, counties, official_names, points
from demo.tessellation import cells_of

DETAILED_COUNTIES = ("320402000000", "320404000000")
NUDGE_M = 150.0
SAME_PLACE_M = 20.0


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit to import: official code and name, polygon in WGS-84, whether the polygon was generated."""

    code: str
    name: str
    level: str
    parent_code: str | None
    geometry: Any
    generated: bool


def all_units() -> list[Unit]:
    """Every unit of the demo, parents before children."""
    units = [Unit(CITY_CODE, CITY_NAME, "city", None, city(), False)]
    units += [Unit(code, name, "county", CITY_CODE, polygon, False) for code, (name, polygon) in counties().items()]
    for code in DETAILED_COUNTIES:
        units += towns_and_villages(code, counties()[code][1], points())
    return units


def towns_and_villages(county_code: str, county: Any, places: tuple[Place, ...]) -> list[Unit]:
    """Villages as Voronoi cells of the county's village points, and towns as the union of their villages.

    A town without any village point is a cell of its own point. Points outside the county are left out.
    """
    inside = [p for p in places if p.code[:6] == county_code[:6] and county.contains(shapely.Point(p.lon, p.lat))]
    villages = [p for p in inside if p.level == "village"]
    peopled = {p.town_code for p in villages}
    sites = villages + [p for p in inside if p.level == "town" and p.code not in peopled]
    cells = cells_of(county, _apart(sites, county))
    made = [
        Unit(site.code, site.name, site.level, site.town_code if site.level == "village" else county_code, cell, True)
        for site, cell in zip(sites, cells, strict=True)
    ]
    towns = [unit for unit in made if unit.level == "town"]
    for town_code in sorted(peopled):
        parts = [unit.geometry for unit in made if unit.parent_code == town_code]
        name = official_names().get(town_code, town_code)
        towns.append(Unit(town_code, name, "town", county_code, shapely.coverage_union_all(parts), True))
    return sorted(towns, key=lambda u: u.code) + [unit for unit in made if unit.level == "village"]


def _apart(places: list[Place], county: Any) -> Any:
    """The places' positions (n, 2); of two on the same spot the later one is moved `NUDGE_M` to the east."""
    plane = Plane.around(county)
    metres = plane.to_m(np.array([(p.lon, p.lat) for p in places], dtype=np.float64))
    for later in range(1, len(metres)):
        while np.hypot(*(metres[:later] - metres[later]).T).min() < SAME_PLACE_M:
            metres[later, 0] += NUDGE_M
    return plane.to_degrees(metres)
