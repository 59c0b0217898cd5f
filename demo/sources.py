"""Read the sources of the demo: real outlines, names, points and lakes. Positions come out in WGS-84 degrees."""

import csv
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape

from demo.plane import Plane
from geo.datum import Datum, to_wgs84

DATA = Path(__file__).parent / "data"
CITY_CODE = "320400000000"
CITY_NAME = "常州市"


@dataclass(frozen=True, slots=True)
class Place:
    """A unit by official code and name; `lon`, `lat` in WGS-84 degrees, None without a known point."""

    code: str
    name: str
    level: str
    lon: float | None = None
    lat: float | None = None

    @property
    def town_code(self) -> str:
        """The code of the town a village lies in."""
        return self.code[:9] + "000"


@dataclass(frozen=True, slots=True)
class PowerPlant:
    """A real power plant: its name in the source, WGS-84 degrees, the county it lies in."""

    name: str
    lon: float
    lat: float
    county_code: str


@lru_cache(maxsize=1)
def counties() -> dict[str, tuple[str, Any]]:
    """Name and polygon of each county, by 12-digit code, in order of code."""
    features = json.loads((DATA / "changzhou_counties.geojson").read_text(encoding="utf-8"))["features"]
    found = {
        f"{f['properties']['district_adcode']}000000": (f["properties"]["district_name"], shape(f["geometry"]))
        for f in features
    }
    return dict(sorted(found.items()))


def city() -> Any:
    """The outline of the city: the union of its counties."""
    return shapely.union_all([polygon for _, polygon in counties().values()])


@lru_cache(maxsize=1)
def official_names() -> dict[str, str]:
    """Names of towns and villages by 12-digit code, from the official list."""
    names: dict[str, str] = {}
    with (DATA / "villages.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            names[row["code"]] = row["name"]
            names[f"{row['town_code']}000"] = row["town"]
    return names


@lru_cache(maxsize=1)
def points() -> tuple[Place, ...]:
    """Towns and villages with a point, names by the official list where it has the code, in order of code."""
    with (DATA / "changzhou_towns_villages_points_GCJ02.csv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["level"] in ("town", "village")]
    lon, lat = to_wgs84(
        np.array([float(row["lng_gcj02"]) for row in rows]),
        np.array([float(row["lat_gcj02"]) for row in rows]),
        Datum("GCJ-02"),
    )
    names = official_names()
    places = [
        Place(row["code"], names.get(row["code"], row["name"]), row["level"], float(x), float(y))
        for row, x, y in zip(rows, lon, lat, strict=True)
    ]
    return tuple(sorted(places, key=lambda place: place.code))


def lakes() -> list[tuple[str, Any]]:
    """Name and outline of the lakes that meet the city, cut to it, largest first."""
    outline = city()
    features = json.loads((DATA / "jiangsu_ne_10m_lakes.geojson").read_text(encoding="utf-8"))["features"]
    found = []
    for feature in features:
        part = shapely.make_valid(shape(feature["geometry"])).intersection(outline)
        if part.area > 0:
            found.append((feature["properties"]["name"] or "", part))
    return sorted(found, key=lambda item: -item[1].area)


def outlines(largest_m2: float) -> list[Any]:
    """Real industrial areas of Hangzhou as valid polygons, none larger than so much, in the order of the source."""
    features = json.loads((DATA / "hangzhou_industrial.geojson").read_text(encoding="utf-8"))["features"]
    found = [shapely.make_valid(shape(feature["geometry"])) for feature in features]
    return [
        polygon
        for polygon in found
        if polygon.geom_type == "Polygon" and Plane.around(polygon).metric(polygon).area <= largest_m2
    ]


def power_plants() -> list[PowerPlant]:
    """The real power plants of the city at their true places."""
    by_name = {name: code for code, (name, _) in counties().items()}
    features = json.loads((DATA / "changzhou_power_plants.geojson").read_text(encoding="utf-8"))["features"]
    return [_plant(feature, by_name) for feature in features]


def _plant(feature: dict[str, Any], by_name: dict[str, str]) -> PowerPlant:
    told = feature["properties"]
    lon, lat = feature["geometry"]["coordinates"][:2]
    return PowerPlant(told["Name"], float(lon), float(lat), by_name[told["district_name"]])
