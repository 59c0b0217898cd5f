"""Who is to look well in the demo and who is not: an intention for every grid, from a fixed seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from demo.grids import Faults, Grid, grids_of, plant_faults
from demo.plane import Plane
from demo.territory import Unit

HOST_COUNTY = "320404"
GUEST_COUNTY = "320402"
GUEST_VILLAGES = 3
GUEST_KM2 = (0.6, 2.0)
BIG_VILLAGE_GRIDS = 40
# 荷花池街道, the town of two villages: nothing is left out there, so that somebody can sign.
WHOLE_TOWN = "320404006"


class Intention(StrEnum):
    """What a grid's patrols are to amount to on the last day."""

    WELL = "well"  # at least 85 % within its cycle
    STALE = "stale"  # seen, but longer ago than its cycle
    HALF = "half"  # about half of it within its cycle
    NEVER = "never"  # nobody went; a neighbour's patrol may reach over its edge
    TOO_FAST = "too_fast"  # driven through, too fast to look
    DRIVEN = "driven"  # driven through slowly, on some of its roads
    WHOLE = "whole"  # all of it, lane by lane: invented walks


W, S, H, N = Intention.WELL, Intention.STALE, Intention.HALF, Intention.NEVER
# how a village's grids are mixed, and how often such a village is drawn
PROFILES: dict[str, tuple[float, tuple[Intention, ...]]] = {
    "exemplary": (0.32, (W,)),
    "good": (0.26, (W, W, W, H, S)),
    "lapsed": (0.16, (S, S, S, H)),
    "patchy": (0.16, (H, N, W, N)),
    "neglected": (0.10, (N, N, N, H)),
}


@dataclass(frozen=True, slots=True)
class Scene:
    """All grids of the demo, the faults planted, and each grid's intention."""

    grids: tuple[Grid, ...]
    faults: Faults
    intentions: dict[str, Intention]

    def of(self, intention: Intention) -> list[Grid]:
        """The grids of one intention without a planted fault, in order of code."""
        return [g for g in self.grids if self.intentions[g.code] is intention and g.code not in self.faults.codes()]


def set_scene(units: Sequence[Unit], seed: int) -> Scene:
    """Grids for every village of 钟楼区 and for a few of 天宁区, faults planted, intentions drawn."""
    rng = np.random.default_rng([seed, 1])
    villages = [unit for unit in units if unit.level == "village"]
    hosts = [village for village in villages if village.code.startswith(HOST_COUNTY)]
    guests = [village for village in villages if village.code.startswith(GUEST_COUNTY) and _fits_guest(village)]
    grids: list[Grid] = []
    intentions: dict[str, Intention] = {}
    for village in hosts + guests[:GUEST_VILLAGES]:
        pieces = grids_of(village, seed)
        grids += pieces
        mixed = _mix(pieces, rng)  # drawn for all, so that the others' stay what they are
        is_whole = village.code.startswith(WHOLE_TOWN)
        intentions |= dict.fromkeys(mixed, Intention.WHOLE) if is_whole else mixed
    faulty = _faulty_villages(grids, intentions)
    grids, faults = plant_faults(grids, faulty)
    return Scene(tuple(grids), faults, intentions)


def _fits_guest(village: Unit) -> bool:
    area_km2 = Plane.around(village.geometry).metric(village.geometry).area / 1e6
    return bool(GUEST_KM2[0] <= area_km2 <= GUEST_KM2[1])


def _mix(grids: list[Grid], rng: np.random.Generator) -> dict[str, Intention]:
    if len(grids) > BIG_VILLAGE_GRIDS:
        # the two wide villages in the west: half of each driven past, half driven slowly or not at all
        wide = (Intention.TOO_FAST, Intention.DRIVEN, Intention.TOO_FAST, N)
        bands = len(grids) // len(wide) + 1
        return {grid.code: wide[n // bands] for n, grid in enumerate(grids)}
    names = list(PROFILES)
    weights = np.array([PROFILES[name][0] for name in names])
    _, mixture = PROFILES[names[int(rng.choice(len(names), p=weights / weights.sum()))]]
    offset = int(rng.integers(len(mixture)))
    return {grid.code: mixture[(n + offset) % len(mixture)] for n, grid in enumerate(grids)}


def _faulty_villages(grids: list[Grid], intentions: dict[str, Intention]) -> list[str]:
    """Three villages with room for faults, in which not everything is well anyway."""
    members: dict[str, list[Grid]] = {}
    for grid in grids:
        members.setdefault(grid.unit_code, []).append(grid)
    fit = [
        code
        for code, own in members.items()
        if 5 <= len(own) <= BIG_VILLAGE_GRIDS and any(intentions[grid.code] is not W for grid in own)
    ]
    return fit[:3]
