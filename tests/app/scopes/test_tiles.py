"""Tiles hold what the reader's scope holds, and no copy of one reader's tile is taken for another's."""

import io

import numpy as np
import pytest
from PIL import Image

from app.db import make_engine
from tests.app.scopes.conftest import WALK_OF_W1, WALK_OF_W2, As, place
from tests.app.tiles.mvt import Layer, decode
from tests.app.tiles.test_tiles import tile_at
from tests.support.seeding import CITY, COUNTY_A, TOWN_1, VILLAGE_11, VILLAGE_12, VILLAGE_21
from tests.support.visitor import Visitor

OWN_GRIDS = [f"{VILLAGE_11}{n:03d}" for n in range(1, 5)]


def layer_of(visitor: Visitor, layer: str, zoom: int, part: str | None = None) -> Layer:
    answer = visitor.get(f"/api/tiles/{layer}/{tile_at(zoom)}.mvt")
    assert answer.status_code == 200, answer.text
    return decode(answer.content).get(part or layer, Layer())


def test_units_and_the_outlines_above_them_are_those_of_the_scope(as_: As) -> None:
    assert layer_of(as_("town1"), "units", 10).values("code") == [VILLAGE_11, VILLAGE_12]
    assert layer_of(as_("town1"), "units", 10, "parents").values("code") == [TOWN_1]
    assert layer_of(as_("county"), "units", 10, "parents").values("code")[0] == COUNTY_A
    assert CITY in layer_of(as_("city"), "units", 10, "parents").values("code")
    assert layer_of(as_("w1"), "units", 10).features == []


def test_grids_and_names_are_those_of_the_scope(as_: As) -> None:
    assert len(layer_of(as_("city"), "grids", 11).features) == 15
    assert layer_of(as_("village21"), "grids", 11).values("code") == [f"{VILLAGE_21}{n:03d}" for n in range(1, 5)]
    assert layer_of(as_("w1"), "grids", 11).values("code") == OWN_GRIDS
    assert layer_of(as_("w3"), "grids", 11).features == []
    near = f"/api/tiles/labels/{tile_at(13, *place(0.5, 2.5))}.mvt"
    assert set(decode(as_("w1").get(near).content)["labels"].values("code")) <= set(OWN_GRIDS)
    assert layer_of(as_("town1"), "labels", 9).values("code") == [TOWN_1]


def test_defects_and_exclusions_are_those_of_the_scope(as_: As) -> None:
    def shown(username: str) -> tuple[list[str], list[str]]:
        visitor = as_(username)
        return layer_of(visitor, "defects", 11).values("kind"), layer_of(visitor, "exclusions", 11).values("code")

    assert shown("county") == (["nobodys_land", "overlap"], ["X1"])
    assert shown("village21") == (["overlap"], ["X1"])
    assert shown("town1") == ([], [])
    assert shown("w1") == ([], [])


def test_tracks_are_for_those_who_may_see_them_and_of_their_scope(as_: As) -> None:
    assert len(layer_of(as_("city"), "tracks", 11).features) == 3
    found = layer_of(as_("town1"), "tracks", 11).values("patrol_id")
    assert str(WALK_OF_W1) in found
    assert str(WALK_OF_W2) not in found
    refused = as_("w1").get(f"/api/tiles/tracks/{tile_at(11)}.mvt")
    assert refused.status_code == 403


def test_whose_tracks_were_looked_at_is_written_down(writing_as: As, database: str) -> None:
    visitor = writing_as("town1")
    assert visitor.get(f"/api/tiles/tracks/{tile_at(11)}.mvt").status_code == 200
    engine = make_engine(database, pool_size=1)
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT officer_codes FROM audit_entry WHERE route LIKE '%%/tiles/tracks/%%'"
        ).all()
    engine.dispose()
    assert [row.officer_codes for row in rows] == [["W1", "W2"]]


@pytest.mark.parametrize("layer", ["units", "grids", "labels", "exclusions", "freshness"])
def test_one_readers_copy_is_never_good_for_another(as_: As, layer: str) -> None:
    end = "png" if layer == "freshness" else "mvt"
    path = f"/api/tiles/{layer}/{tile_at(12)}.{end}"
    first = as_("town1").get(path)
    held = {"If-None-Match": first.headers["etag"]}
    assert as_("town1").get(path, headers=held).status_code == 304
    assert as_("w1").get(path, headers=held).status_code == 200
    assert as_("city").get(path, headers=held).status_code == 200
    assert "private" in first.headers["cache-control"]
    assert "Cookie" in first.headers["vary"]


def painted(visitor: Visitor, zoom: int, where: tuple[float, float]) -> tuple[str, int]:
    """The tile's address and how many of its pixels are not transparent."""
    address = tile_at(zoom, *where)
    answer = visitor.get(f"/api/tiles/freshness/{address}.png")
    assert answer.status_code == 200
    image = Image.open(io.BytesIO(answer.content)).convert("RGBA")
    return address, int((np.asarray(image)[:, :, 3] > 0).sum())


@pytest.mark.parametrize("zoom", [12, 14, 15])
def test_freshness_outside_of_the_scope_is_not_painted(as_: As, zoom: int) -> None:
    """The first walk goes through village 11 and village 12; only village 11 is W1's."""
    inside, beyond = place(0.5, 2.5), place(2.5, 2.5)
    assert painted(as_("w1"), zoom, inside)[1] > 0
    if zoom == 15:  # a tile wholly in village 12, with the walk in it
        assert painted(as_("town1"), zoom, beyond)[1] > 0
        assert painted(as_("w1"), zoom, beyond)[1] == 0
        assert painted(as_("town1"), zoom, inside)[1] == painted(as_("city"), zoom, inside)[1]
    if zoom == 12:  # a tile with all three walks in it
        counts = [painted(as_(name), zoom, inside)[1] for name in ("w3", "w1", "town1", "city")]
        assert counts == sorted(set(counts))
        assert counts[0] == 0
