"""How well a layer lies on what it must lie on: outside its parents, or shifted as a whole by a wrong datum."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from geo.errors import DatumError

Shapes = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]

SAMPLE = 400
# Less than this outside is the raggedness of borders, which no datum explains.
LEAST_OUTSIDE = 0.01
# Another datum must leave no more than this part of what lies outside now, to be called the likelier one.
MARKEDLY = 0.4


@dataclass(frozen=True)
class Suspicion:
    """A datum under which the layer would fit markedly better; shares 0..1 of its area outside, now and then."""

    datum: str
    outside_now: float
    outside_then: float


def outside_share(shapes: Shapes, homes: Sequence[BaseGeometry | None]) -> Floats:
    """For each shape, the share (0..1) of its area outside its home; 0 where there is no home. WGS-84 degrees.

    Areas in degrees: their scale cancels in a ratio of shapes this small.
    """
    share = np.zeros(len(shapes))
    groups: dict[int, list[int]] = {}
    for at, home in enumerate(homes):
        if home is not None:
            groups.setdefault(id(home), []).append(at)
    for members in groups.values():
        home = homes[members[0]]
        at_home = np.array(members)
        shapely.prepare(home)
        ragged = at_home[~shapely.covered_by(shapes[at_home], home)]
        if len(ragged):
            inside = shapely.area(shapely.intersection(shapes[ragged], home))
            share[ragged] = 1 - inside / np.maximum(shapely.area(shapes[ragged]), np.finfo(float).tiny)
    return np.clip(share, 0, 1)


def suspect(
    shapes: Shapes,
    homes: Sequence[BaseGeometry | None],
    outside_now: Floats,
    readings: Mapping[str, Callable[[Shapes], Shapes]],
) -> Suspicion | None:
    """The datum by whose reading the shapes fit their homes markedly better than by the one named, if any."""
    having = np.array([at for at, home in enumerate(homes) if home is not None], dtype=np.int64)
    if not len(having):
        return None
    sample = having[np.linspace(0, len(having) - 1, min(SAMPLE, len(having))).astype(np.int64)]
    now = float(outside_now[sample].mean())
    if now < LEAST_OUTSIDE:
        return None
    there = [homes[at] for at in sample]
    fits = [(float(outside_share(moved, there).mean()), name) for name, moved in _read(shapes[sample], readings)]
    if not fits:
        return None
    then, name = min(fits)
    return Suspicion(name, now, then) if then <= MARKEDLY * now else None


def _read(shapes: Shapes, readings: Mapping[str, Callable[[Shapes], Shapes]]) -> list[tuple[str, Shapes]]:
    read = []
    for name, reading in readings.items():
        try:
            read.append((name, reading(shapes)))
        except DatumError:  # the numbers cannot be of that datum
            continue
    return read
