"""The demo's territory as GeoJSON files, the way a county would hand them in."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import shapely

from demo.grids import Grid
from demo.plan import Exclusion, Plan
from demo.state import file_name
from demo.territory import Unit

Subject = Literal["units", "grids", "exclusions"]


@dataclass(frozen=True, slots=True)
class Layer:
    """One file to import."""

    file_name: str
    subject: Subject
    generated: bool
    content: bytes


def layers_of(plan: Plan) -> list[Layer]:
    """The files of a plan in the order in which they must be imported; none without content."""
    real = [unit for unit in plan.units if not unit.generated]
    made = [unit for unit in plan.units if unit.generated]
    layers = [
        _layer(plan, "units-real", "units", map(_unit, real)),
        _layer(plan, "units-generated", "units", map(_unit, made), generated=True),
        _layer(plan, "grids-generated", "grids", map(_grid, plan.scene.grids), generated=True),
        _layer(plan, "exclusions", "exclusions", map(_exclusion, plan.exclusions)),
    ]
    return [layer for layer in layers if layer is not None]


def _layer(
    plan: Plan, rest: str, subject: Subject, features: Iterable[dict[str, Any]], generated: bool = False
) -> Layer | None:
    found = list(features)
    if not found:
        return None
    text = json.dumps({"type": "FeatureCollection", "features": found}, ensure_ascii=False)
    return Layer(file_name(plan.clock.last_day, rest), subject, generated, text.encode("utf-8"))


def _feature(geometry: Any, properties: Mapping[str, Any]) -> dict[str, Any]:
    # every digit is kept: edges that neighbours share stay the very same
    return {"type": "Feature", "properties": dict(properties), "geometry": shapely.geometry.mapping(geometry)}


def _unit(unit: Unit) -> dict[str, Any]:
    return _feature(unit.geometry, {"code": unit.code, "name": unit.name})


def _grid(grid: Grid) -> dict[str, Any]:
    words = ("code", "name", "unit_code", "risk", "cycle_days", "officer_code", "officer_name", "officer_phone")
    return _feature(grid.geometry, {word: getattr(grid, word) for word in words})


def _exclusion(exclusion: Exclusion) -> dict[str, Any]:
    words = ("code", "name", "kind", "effect", "reason", "state")
    return _feature(exclusion.geometry, {word: getattr(exclusion, word) for word in words})
