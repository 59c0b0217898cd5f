"""The picture of how long ago each place was seen."""

import io
from datetime import date, timedelta

import numpy as np
import pytest
from PIL import Image
from sqlalchemy.orm import Session

from app.coverage import raster, service
from app.errors import InvalidInputError
from app.scope import EVERYTHING
from app.settings import Settings
from geo.frame import cell_of
from tests.app.coverage import world

DAY = date(2025, 6, 1)
OWN = Settings()
LON, LAT = world.WEST + world.SIDE * 0.5, world.SOUTH + world.SIDE * 0.5
TILE, ROW, COLUMN = cell_of(LON, LAT)


def pixel(session: Session, on: date, cycle_days: int = 15, zoom: int = 15) -> tuple[str, int]:
    """The class and the opacity of a place in the picture of a zoom."""
    step = 1 << (15 - zoom)
    png, _ = service.freshness_tile(session, OWN, EVERYTHING, zoom, TILE.x // step, TILE.y // step, cycle_days, on)
    image = Image.open(io.BytesIO(png))
    assert image.size == (256, 256)
    row, column = ((TILE.y % step) * 256 + ROW) // step, ((TILE.x % step) * 256 + COLUMN) // step
    index = int(np.asarray(image)[row, column])
    return raster.CLASSES[index], int(np.asarray(image.convert("RGBA"))[row, column, 3])


@pytest.mark.parametrize("zoom", [12, 13, 14, 15])
def test_a_place_ages_through_the_classes_of_its_cycle(city: Session, zoom: int) -> None:
    assert pixel(city, DAY, zoom=zoom) == ("never", 0)
    world.take_in(city, world.across(0, DAY))
    ages = {0: "fresh", 4: "fresh", 5: "middle", 9: "middle", 10: "due_soon", 14: "due_soon", 15: "stale", 300: "stale"}
    assert {age: pixel(city, DAY + timedelta(days=age), zoom=zoom)[0] for age in ages} == ages
    assert pixel(city, DAY, zoom=zoom)[1] > 0
    assert pixel(city, DAY - timedelta(days=1), zoom=zoom) == ("never", 0)


def test_a_past_day_shows_what_was_known_of_that_day(city: Session) -> None:
    world.take_in(city, world.across(0, DAY))
    world.take_in(city, world.across(0, DAY + timedelta(days=20)))
    assert pixel(city, DAY + timedelta(days=16))[0] == "stale"
    assert pixel(city, DAY + timedelta(days=20))[0] == "fresh"


def test_declared_ground_has_a_colour_of_its_own(city: Session) -> None:
    world.take_in(city, world.across(0, DAY), kind="declared")
    assert pixel(city, DAY)[0] == "declared"
    assert pixel(city, DAY + timedelta(days=15))[0] == "stale"
    world.take_in(city, world.across(0, DAY))
    assert pixel(city, DAY)[0] == "fresh"


def test_the_etag_moves_with_what_the_picture_shows(city: Session) -> None:
    def tag(cycle_days: int | None = None, on: date = DAY) -> str:
        return service.freshness_tile(city, OWN, EVERYTHING, 13, TILE.x // 4, TILE.y // 4, cycle_days, on)[1]

    first = tag()
    assert tag() == first == tag(15)
    assert tag(7) != first
    assert tag(on=DAY + timedelta(days=1)) != first
    patrol_id = world.take_in(city, world.across(0, DAY))
    second = tag()
    assert second != first
    world.void(city, patrol_id)
    assert tag() not in (first, second)


@pytest.mark.parametrize(("z", "x", "y"), [(11, 0, 0), (16, 0, 0), (15, 32768, 0), (15, 0, -1), (12, 4096, 1)])
def test_tiles_that_are_not_there_are_refused(session: Session, z: int, x: int, y: int) -> None:
    with pytest.raises(InvalidInputError):
        service.freshness_tile(session, OWN, EVERYTHING, z, x, y)


def test_nothing_seen_is_an_empty_picture(session: Session) -> None:
    png, _ = service.freshness_tile(session, OWN, EVERYTHING, 15, 0, 0)
    assert not np.asarray(Image.open(io.BytesIO(png)).convert("RGBA")).any()
