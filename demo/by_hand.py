"""What the demo's officer put down by hand: areas marked, ground asked to be left out, drawn photos."""

import io
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Literal

import numpy as np
import shapely
from PIL import Image, ImageDraw

from demo.grids import Grid
from demo.home import home_grid
from demo.patrols import Clock, DemoPatrol, patrol_id
from demo.plan import Plan
from demo.plane import Plane
from geo.tracks import MODE_RULES, Mode

WIDEST_M = 55.0
PHOTO_SIZE = (960, 720)
FAR_M = 900.0
SOONEST_UNTIL = timedelta(days=20)


@dataclass(frozen=True, slots=True)
class DemoMark:
    """An area marked by hand, WGS-84, with where the phone was then and one photo."""

    id: uuid.UUID
    kind: Literal["declared", "inaccessible"]
    officer_code: str
    geometry: Any
    reason: str
    note: str
    made_at: datetime
    position: tuple[float, float]
    photo_id: uuid.UUID
    jpeg: bytes


def marks(plan: Plan) -> Iterator[DemoMark]:
    """Marks where no track came: two as they should be, one from afar, one with an old photo, and one request."""
    grid = home_grid(plan.scene)
    spots = unseen_spots(grid, plan.patrols)
    noon = datetime.combine(plan.clock.last_day, time(11, 20), plan.clock.zone)
    wall, shed, yard, pit = photo(1), photo(2), photo(3), photo(4)
    yield _mark(plan.clock, grid, "good", "declared", "walled_compound", spots[0], noon, wall)
    yield _mark(plan.clock, grid, "indoors", "declared", "indoors", spots[1], noon + timedelta(minutes=25), shed)
    far = noon + timedelta(minutes=50)
    yield _mark(plan.clock, grid, "far", "declared", "seen_from_outside", spots[2], far, yard, away_m=FAR_M)
    again = noon + timedelta(minutes=52)
    yield _mark(plan.clock, grid, "reused", "declared", "weak_signal", spots[3], again, wall)
    asked = noon + timedelta(hours=2)
    yield _mark(plan.clock, grid, "locked", "inaccessible", "locked", spots[4], asked, pit)


def unseen_spots(grid: Grid, patrols: tuple[DemoPatrol, ...]) -> list[Any]:
    """Five small pieces of a grid that no walk of the plan came near, largest openings first (WGS-84)."""
    plane = Plane.around(grid.geometry)
    open_ground = plane.metric(grid.geometry).buffer(-10)
    reach_m = MODE_RULES[Mode.FOOT].half_width_m + 8
    for patrol in patrols:
        line = shapely.linestrings(plane.to_m(np.column_stack([patrol.lon, patrol.lat])))
        if line.distance(open_ground) < reach_m:
            open_ground = open_ground.difference(line.buffer(reach_m))
    found = []
    for _ in range(5):
        centre = shapely.maximum_inscribed_circle(open_ground)
        radius_m = min(centre.length, WIDEST_M)
        middle = shapely.Point(centre.coords[0])
        found.append(plane.geographic(middle.buffer(radius_m, quad_segs=3)))
        open_ground = open_ground.difference(middle.buffer(radius_m + 5))
    return found


def photo(number: int) -> bytes:
    """A JPEG that says it is a drawing for the demo; different numbers look different."""
    draw = np.random.default_rng([20, number])
    picture = Image.new("RGB", PHOTO_SIZE, tuple(int(part) for part in draw.integers(120, 220, 3)))
    pen = ImageDraw.Draw(picture)
    for _ in range(14):
        x, y = (int(part) for part in draw.integers(0, 700, 2))
        wide, high = (int(part) for part in draw.integers(60, 320, 2))
        pen.rectangle((x, y, x + wide, y + high), fill=tuple(int(part) for part in draw.integers(30, 230, 3)))
    pen.rectangle((0, PHOTO_SIZE[1] - 60, PHOTO_SIZE[0], PHOTO_SIZE[1]), fill=(20, 20, 20))
    pen.text((24, PHOTO_SIZE[1] - 48), f"DEMO PICTURE {number} (drawn, not taken)", fill=(255, 255, 255), font_size=28)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


def _mark(
    clock: Clock,
    grid: Grid,
    name: str,
    kind: Literal["declared", "inaccessible"],
    reason: str,
    geometry: Any,
    made_at: datetime,
    jpeg: bytes,
    away_m: float = 0.0,
) -> DemoMark:
    middle = geometry.centroid
    lat = float(middle.y) + away_m / Plane.around(geometry).lat_m
    return DemoMark(
        id=patrol_id(clock, f"mark/{name}"),
        kind=kind,
        officer_code=grid.officer_code or "",
        geometry=geometry,
        reason=reason,
        note="演示：由程序生成，不是真实的巡查",
        made_at=made_at,
        position=(float(middle.x), lat),
        photo_id=patrol_id(clock, f"photo/{name}"),
        jpeg=jpeg,
    )
