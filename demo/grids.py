"""The demo's grids: generated pieces of villages, with officers, risks, and a few faults planted on purpose."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely

from demo.plane import Plane
from demo.territory import Unit
from demo.tessellation import cells_of, compact_sites

GRID_KM2 = 0.32
FEWEST, MOST = 3, 60
GRIDS_PER_OFFICER = 2
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
RISKS = ("high", "medium", "medium", "low", "low")
GAP_RADIUS_M, OVERLAP_RADIUS_M, SLIVER_WIDTH_M = 120.0, 110.0, 1.5


@dataclass(frozen=True, slots=True)
class Grid:
    """One grid to import. `risk` and `cycle_days` None: not stated. `officer_code` None: nobody in charge."""

    code: str
    name: str
    unit_code: str
    geometry: Any
    risk: str | None
    cycle_days: int | None
    officer_code: str | None
    officer_name: str | None
    officer_phone: str | None


@dataclass(frozen=True, slots=True)
class Faults:
    """Codes of the grids with a planted fault; the overlap and the sliver lie between two grids."""

    gap: str
    overlap: tuple[str, str]
    sliver: tuple[str, str]
    no_officer: tuple[str, str]
    no_cycle: tuple[str, str]

    def codes(self) -> frozenset[str]:
        """All of them."""
        return frozenset({self.gap, *self.overlap, *self.sliver, *self.no_officer, *self.no_cycle})


def grids_of(village: Unit, seed: int) -> list[Grid]:
    """A village cut into compact grids of about `GRID_KM2`, `FEWEST` to `MOST` of them; the same for one seed."""
    rng = np.random.default_rng([seed, int(village.code)])
    area_km2 = Plane.around(village.geometry).metric(village.geometry).area / 1e6
    count = int(np.clip(round(area_km2 / GRID_KM2), FEWEST, MOST))
    sites = compact_sites(village.geometry, count, rng)
    sites = sites[np.lexsort((sites[:, 0], -sites[:, 1].round(3)))]
    pieces = cells_of(village.geometry, sites)
    return [_grid(village, number, piece, rng) for number, piece in enumerate(pieces, 1)]


def _grid(village: Unit, number: int, piece: Any, rng: np.random.Generator) -> Grid:
    post = (number - 1) // GRIDS_PER_OFFICER + 1
    officer_code = f"YS{village.code}{post:02d}"
    draw = zlib.crc32(officer_code.encode())
    stated = int(rng.choice([5, 10, 20])) if rng.random() < 0.08 else None
    return Grid(
        code=f"{village.code}{number:03d}",
        name=f"{short_name(village.name)}第{number}网格",
        unit_code=village.code,
        geometry=piece,
        risk=str(rng.choice(RISKS)),
        cycle_days=stated,
        officer_code=officer_code,
        officer_name=f"演示{SURNAMES[draw % len(SURNAMES)]}{post}",
        officer_phone=f"000{draw % 10**8:08d}",
    )


def short_name(name: str) -> str:
    """A village's name without its committee: 「新农社区居委会」 is 「新农社区」, 「张桥村委会」 is 「张桥村」."""
    for committee in ("居民委员会", "居委会", "村民委员会", "村委会"):
        if name.endswith(committee):
            stem = name.removesuffix(committee)
            return stem + "村" if committee.startswith("村") and not stem.endswith("村") else stem
    return name


def plant_faults(grids: list[Grid], hosts: Iterable[str]) -> tuple[list[Grid], Faults]:
    """Grids with one gap, one overlap, one sliver, two without officer, two without cycle; and where they are.

    `hosts`: codes of three villages, for the gap, the overlap and the sliver in turn; the rest go to the same three.
    """
    gap_host, overlap_host, sliver_host = ([grid for grid in grids if grid.unit_code == village] for village in hosts)
    gap = gap_host[0]
    wide, under = _longest_border(overlap_host)
    shaved, beside = _longest_border(sliver_host)
    changed = {
        gap.code: replace(gap, geometry=_bite(gap.geometry)),
        wide.code: replace(wide, geometry=_reach_over(wide.geometry, under.geometry)),
        shaved.code: replace(shaved, geometry=_shave(shaved.geometry, beside.geometry)),
    }
    unmanned = [gap_host[-1], sliver_host[-1]]
    endless = [gap_host[1], overlap_host[-1]]
    for grid in unmanned:
        base = changed.get(grid.code, grid)
        changed[grid.code] = replace(base, officer_code=None, officer_name=None, officer_phone=None)
    for grid in endless:
        changed[grid.code] = replace(changed.get(grid.code, grid), risk=None, cycle_days=None)
    faults = Faults(gap.code, (wide.code, under.code), (shaved.code, beside.code), _pair(unmanned), _pair(endless))
    return [changed.get(grid.code, grid) for grid in grids], faults


def _pair(grids: list[Grid]) -> tuple[str, str]:
    return grids[0].code, grids[1].code


def _longest_border(grids: list[Grid]) -> tuple[Grid, Grid]:
    pairs = [(a, b) for n, a in enumerate(grids) for b in grids[n + 1 :]]
    return max(pairs, key=lambda pair: pair[0].geometry.intersection(pair[1].geometry).length)


def _bite(piece: Any) -> Any:
    """The piece without a disc around the middle of its first edge: a field that was forgotten."""
    plane = Plane.around(piece)
    metres = plane.metric(piece)
    corner = metres.exterior.interpolate(0.1, normalized=True)
    return plane.geographic(metres.difference(corner.buffer(GAP_RADIUS_M)))


def _reach_over(piece: Any, other: Any) -> Any:
    """The piece and a half disc of its neighbour: two people were told the same field is theirs."""
    plane = Plane.around(piece)
    metres, under = plane.metric(piece), plane.metric(other)
    middle = metres.intersection(under).centroid
    return plane.geographic(shapely.union_all([metres, under.intersection(middle.buffer(OVERLAP_RADIUS_M))]))


def _shave(piece: Any, other: Any) -> Any:
    """The piece without a strip along its neighbour: a line that was digitised twice."""
    plane = Plane.around(piece)
    metres = plane.metric(piece)
    border = metres.intersection(plane.metric(other))
    return plane.geographic(metres.difference(border.buffer(SLIVER_WIDTH_M, cap_style="square")))
