"""Where the demo's story plays: a village with well-covered grids, a half-covered one, and two officers at least."""

from demo.grids import Grid
from demo.intentions import HOST_COUNTY, Intention, Scene

WELL_GRIDS = 3


def home_grid(scene: Scene) -> Grid:
    """The grid of the demo's officer: half covered, so that there is something to walk to."""
    halves = [g for g in scene.of(Intention.HALF) if g.officer_code and g.unit_code.startswith(HOST_COUNTY)]
    return next((grid for grid in halves if _is_mixed(scene, grid)), halves[0])


def well_grids(scene: Scene) -> list[Grid]:
    """Well-covered grids with an officer, those of the home village first."""
    village = home_grid(scene).unit_code
    well = [g for g in scene.of(Intention.WELL) if g.officer_code and g.unit_code.startswith(HOST_COUNTY)]
    return sorted(well, key=lambda grid: (grid.unit_code != village, grid.code))


def _is_mixed(scene: Scene, home: Grid) -> bool:
    well = [grid for grid in scene.of(Intention.WELL) if grid.unit_code == home.unit_code and grid.officer_code]
    others = {grid.officer_code for grid in well} - {home.officer_code}
    return len(well) >= WELL_GRIDS and len(others) >= 2
