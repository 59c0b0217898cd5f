"""A walk that leaves nothing of a grid out: round its edge, then to and fro in lanes. Invented, and labelled so."""

import numpy as np
import shapely

from demo.plane import Floats
from geo.tracks import MODE_RULES, Mode

LANE_M = 42.0  # twice the half-width would leave nothing for a shaking position
PACE_M_S = 1.25
STEP_S = 8.0
SHAKE_M = 1.2
EDGE_M = 14.0
SEEN_M = MODE_RULES[Mode.FOOT].half_width_m - 3.0  # what a shaking position sees for sure
LEFT_M2 = 1.0
TRIES = 30


def way_over(area_m: shapely.Geometry, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Positions in metres (n, 2) and seconds from the start (n,) of a walk that sees all of a ground in metres.

    Raises ValueError when something stays unseen: a demo of "nothing left out" must not leave anything out.
    """
    corners = [*_rounds(area_m), *_lanes(area_m)]
    for _ in range(TRIES):
        left = area_m.difference(shapely.LineString(corners).buffer(SEEN_M))
        if left.area < LEFT_M2:
            return _walked(np.array(corners), rng)
        parts = shapely.get_parts(left)
        corners.append(parts[int(np.argmax(shapely.area(parts)))].representative_point().coords[0])
    raise ValueError("a walk over the ground leaves some of it unseen")


def _rounds(area_m: shapely.Geometry) -> list[tuple[float, float]]:
    """Along the edge, a few metres inside."""
    inner = area_m.buffer(-EDGE_M)
    rings = [part.exterior for part in shapely.get_parts(inner) if not part.is_empty]
    return [point for ring in rings for point in ring.simplify(4.0).coords]


def _lanes(area_m: shapely.Geometry) -> list[tuple[float, float]]:
    west, south, east, north = area_m.bounds
    corners: list[tuple[float, float]] = []
    for number, y in enumerate(np.arange(south + LANE_M / 2, north, LANE_M)):
        cut = area_m.intersection(shapely.LineString([(west - 1, y), (east + 1, y)]))
        parts = [part for part in shapely.get_parts(cut) if part.length > 0]
        ends = sorted((min(x)[0], max(x)[0]) for part in parts for x in [list(part.coords)])
        lane = [(float(x), float(y)) for pair in ends for x in pair]
        corners += lane if number % 2 == 0 else lane[::-1]
    return corners


def _walked(corners: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Steps of about ten metres along the corners, at a pace and with a shake that a person has."""
    line = shapely.LineString(corners)
    paces = PACE_M_S * STEP_S * rng.uniform(0.85, 1.15, int(line.length / (PACE_M_S * STEP_S * 0.85)) + 2)
    along = np.concatenate([[0.0], np.cumsum(paces)])
    along = np.append(along[along < line.length], line.length)
    metres = shapely.get_coordinates(shapely.line_interpolate_point(line, along))
    seconds = np.arange(len(along)) * STEP_S + rng.uniform(-0.4, 0.4, len(along))
    return metres + rng.normal(0, SHAKE_M, metres.shape), seconds - seconds[0]
