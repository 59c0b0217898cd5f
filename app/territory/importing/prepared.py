"""A layer whose shapes are in WGS-84 and sound, beside what the file said of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
import shapely

from app.territory.importing.checks import Draft
from app.territory.importing.geometry import areas_m2
from app.territory.importing.request import Floats, Shapes

D = TypeVar("D", bound=Draft)
# 0.2 mm on the ground: far below any survey, above what another version of a projection library may differ by.
SAME_DEG = 2e-9


@dataclass(frozen=True)
class Prepared(Generic[D]):
    """Drafts with their shapes, MultiPolygons in WGS-84; same length and order."""

    drafts: Sequence[D]
    shapes: Shapes
    areas_m2: Floats

    def __len__(self) -> int:
        return len(self.drafts)


def prepared(drafts: dict[int, D], shapes: Shapes) -> Prepared[D]:
    """Drafts of those rows that have a sound shape too."""
    at = [row for row in drafts if shapes[row] is not None]
    index = np.array(at, dtype=np.int64)
    chosen = shapes[index]
    return Prepared([drafts[row] for row in at], chosen, areas_m2(chosen))


def same_shape(shapes: Shapes, others: Shapes) -> list[bool]:
    """Whether shapes are the same within SAME_DEG, whatever ring or vertex they begin with; None is like nothing."""
    near = shapely.equals_exact(shapely.normalize(shapes), shapely.normalize(others), SAME_DEG)
    return [bool(value) for value in np.asarray(near)]
