"""(b) What the cells say is seen, against exact geometry on the same tracks."""

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import shapely
from shapely import affinity

from bench.harness import emit, progress
from bench.peers import Line, Plane, shapely_covered_m2, swath
from bench.synthetic import lattice
from bench.world import GRID_SIDE_M, TODAY, patrol_body, track_of
from geo.daytiles import Cells
from geo.frame import TILE_SIZE, TileKey, tile_row_area_cm2, to_lonlat
from geo.swath import looks
from geo.tracks import MODE_RULES, Mode, Track
from geo.zones import OUTSIDE, GridShape, paint, tiles_of

GRIDS = 20
PATROLS_EACH = 5
HALF_WIDTH_M = MODE_RULES[Mode.FOOT].half_width_m


def run() -> None:
    """Print how far cells are from exact vectors, as area and as distance."""
    progress("(b) accuracy against exact geometry on 20 grids")
    errors, upright, distances_m = [], [], []
    for i, box in enumerate(lattice(5, 4, GRID_SIDE_M)):
        tracks = [track_of(patrol_body(box, TODAY - timedelta(days=j), 1000 + 10 * i + j)) for j in range(PATROLS_EACH)]
        plane = Plane(box)
        strips = [swath(plane, Line(0, track.lines()), HALF_WIDTH_M) for track in tracks]
        seen = _seen(tracks)
        square = shapely.Polygon(box.ring())
        turned = affinity.rotate(square, 3.0 + 4 * i, origin="center")
        errors.append(_off_percent(seen, turned, plane, strips))
        upright.append(_off_percent(seen, square, plane, strips))
        if i % 4 == 0:
            distances_m.append(_farthest_misjudged_m(seen, plane, tracks))
    emit(
        "b",
        "covered area of a 0.7 km2 grid against exact geometry, % of the grid",
        worst=max(errors),
        mean=float(np.mean(errors)),
        bar=0.2,
    )
    emit(
        "b",
        "the same for squares whose sides run exactly along the cells, the worst case",
        worst=max(upright),
        mean=float(np.mean(upright)),
    )
    emit("b", "farthest misjudged cell centre from the exact edge, metres", worst=max(distances_m), bar=0.05)


def _seen(tracks: list[Track]) -> dict[TileKey, Cells]:
    seen: dict[TileKey, Cells] = {}
    for track in tracks:
        for look in looks(track.segments, HALF_WIDTH_M):
            seen[look.key] = seen[look.key] | look.cells if look.key in seen else look.cells
    return seen


def _off_percent(
    seen: dict[TileKey, Cells], grid: shapely.Polygon, plane: Plane, strips: Sequence[shapely.Geometry]
) -> float:
    """How far the covered area of a grid (lon/lat) is off, in % of the grid."""
    exact = plane.project(grid)
    return abs(_covered_m2(seen, grid) - shapely_covered_m2(exact, strips)) / float(exact.area) * 100


def _covered_m2(seen: dict[TileKey, Cells], grid: shapely.Polygon) -> float:
    masks = paint(tiles_of(grid), [], [GridShape(1, "1", "", grid)], []).grid_masks[1]
    total_cm2 = 0
    for key in masks.keys() & seen.keys():
        cells = seen[key] & (masks[key] != OUTSIDE)
        total_cm2 += int((cells.sum(axis=1) * tile_row_area_cm2(key.y)).sum())
    return total_cm2 / 1e4


def _centres(key: TileKey) -> tuple[np.ndarray, np.ndarray]:
    columns, rows = np.meshgrid(np.arange(TILE_SIZE) + 0.5, np.arange(TILE_SIZE) + 0.5)
    return to_lonlat(key.x * TILE_SIZE + columns, key.y * TILE_SIZE + rows)


def _farthest_misjudged_m(seen: dict[TileKey, Cells], plane: Plane, tracks: list[Track]) -> float:
    """Distance from the exact edge of the worst cell centre that cells and exact geometry judge differently."""
    lines = shapely.union_all(
        [plane.project(shapely.LineString(part)) for track in tracks for part in track.lines() if len(part) > 1]
    )
    shapely.prepare(lines)
    worst_m = 0.0
    for key, cells in seen.items():
        lon, lat = _centres(key)
        distance_m = shapely.distance(lines, plane.project(shapely.points(lon.ravel(), lat.ravel())))
        wrong = (distance_m <= HALF_WIDTH_M) != cells.ravel()
        worst_m = max(worst_m, float(np.abs(distance_m[wrong] - HALF_WIDTH_M).max(initial=0.0)))
    return worst_m
