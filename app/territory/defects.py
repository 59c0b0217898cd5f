"""Defects of the partition, found again for the units that a change touched."""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.scope import Scope
from app.territory.queries import defects as queries
from geo.partition import partition_defects

Progress = Callable[[int, int], None]
_CHUNK = 200
_COLUMNS = ("kind", "unit_code", "parts", "is_sliver", "area_m2", "width_m", "geom")


def recompute(session: Session, unit_codes: Collection[str], on: date, progress: Progress | None = None) -> None:
    """Put the defects of these units, as of a day, in the place of those that were stored."""
    ordered = sorted(unit_codes)
    for start in range(0, len(ordered), _CHUNK):
        chunk = ordered[start : start + _CHUNK]
        queries.replace(session, chunk, _of_units(session, chunk, on))
        if progress is not None:
            progress(min(start + _CHUNK, len(ordered)), len(ordered))


def _of_units(session: Session, codes: Sequence[str], on: date) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = {name: [] for name in _COLUMNS}
    children = _grouped(queries.child_parts(session, codes))
    grids = _grouped(queries.grid_parts(session, codes, on))
    for row in queries.wholes(session, codes):
        parts = children.get(row.code) or grids.get(row.code, [])
        _add_faults(columns, row.code, shapely.from_wkb(row.geom), parts)
        for grid in grids.get(row.code, []):
            for kind in ("no_officer", "no_cycle"):
                if getattr(grid, kind):
                    _add(columns, kind, row.code, [grid.code], False, grid.area_m2, None, grid.geom)
    return columns


def _grouped(rows: Sequence[Row[Any]]) -> dict[str, list[Row[Any]]]:
    groups: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        groups[row.whole].append(row)
    return groups


def _add_faults(columns: dict[str, list[Any]], unit_code: str, whole: BaseGeometry, parts: Sequence[Row[Any]]) -> None:
    shapes = list(shapely.from_wkb([part.geom for part in parts]))
    for fault in partition_defects(whole, shapes):
        codes = [parts[at].code for at in fault.parts]
        geom = shapely.to_wkb(fault.geometry)
        _add(columns, fault.kind, unit_code, codes, fault.is_sliver, fault.area_m2, fault.width_m, geom)


def _add(
    columns: dict[str, list[Any]],
    kind: str,
    unit_code: str,
    codes: list[str],
    is_sliver: bool,
    area_m2: float,
    width_m: float | None,
    geom: bytes,
) -> None:
    # An array of arrays must be rectangular, so the codes travel as one text.
    values = (kind, unit_code, "\x1f".join(codes), is_sliver, area_m2, width_m, bytes(geom))
    for name, value in zip(_COLUMNS, values, strict=True):
        columns[name].append(value)


def listed(session: Session, scope: Scope, path: str | None, kind: str | None, limit: int) -> dict[str, Any]:
    """Defects of a scope at or below a path (None: all of it) as a FeatureCollection, largest first, with counts."""
    rows = queries.listed(session, scope, path, kind, limit)
    counts = {
        row.kind: {"count": row.n, "area_m2": round(row.area_m2, 1), "slivers": row.slivers}
        for row in queries.kinds(session, scope, path)
    }
    total = sum(entry["count"] for name, entry in counts.items() if kind in (None, name))
    return {
        "type": "FeatureCollection",
        "features": [_feature(row) for row in rows],
        "counts": counts,
        "returned": len(rows),
        "truncated": total > len(rows),
    }


def _feature(row: Row[Any]) -> dict[str, Any]:
    names = ("id", "kind", "unit_code", "unit_name", "part_codes", "is_sliver")
    properties = {name: getattr(row, name) for name in names}
    properties["area_m2"] = round(row.area_m2, 2)
    properties["width_m"] = None if row.width_m is None else round(row.width_m, 2)
    return {"type": "Feature", "properties": properties, "geometry": json.loads(row.geometry)}


def summary(session: Session, unit_codes: Collection[str]) -> dict[str, Any]:
    """Counts and areas by kind of the defects of these units themselves."""
    return {
        row.kind: {"count": row.n, "area_m2": round(row.area_m2, 1), "slivers": row.slivers}
        for row in queries.kinds_of(session, sorted(unit_codes))
    }
