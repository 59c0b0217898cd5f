"""What tiles hold at which zoom, how the browser keeps them, and how wrong addresses are refused."""

import math
from datetime import date, timedelta
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import text

from app.db import make_engine, transaction
from tests.app.tiles.mvt import Layer, decode
from tests.support import seeding
from tests.support.seeding import COUNTY_B, TOWN_3, VILLAGE_11, VILLAGE_22

MIDDLE = (119.88, 31.764)
EPOCH = date(2000, 1, 1)


def tile_at(zoom: int, lon: float = MIDDLE[0], lat: float = MIDDLE[1]) -> str:
    """z/x/y of the tile that holds a place."""
    side = 1 << zoom
    x = int((lon + 180) / 360 * side)
    y = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * side)
    return f"{zoom}/{x}/{y}"


def get(client: TestClient, layer: str, place: str, **params: object) -> Response:
    """The answer for a tile, which must be a good one."""
    answer = client.get(f"/api/tiles/{layer}/{place}.mvt", params={k: str(v) for k, v in params.items()})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    return answer


def layer_of(client: TestClient, layer: str, place: str, **params: object) -> Layer:
    """The layer of that name in a tile; empty when the tile is."""
    return decode(get(client, layer, place, **params).content).get(layer, Layer())


def run(database: str, sql: str, **values: object) -> None:
    """Change the database behind the application's back."""
    engine = make_engine(database, pool_size=1)
    with transaction(engine) as session:
        session.execute(text(sql), values)
    engine.dispose()


@pytest.mark.parametrize(
    ("zoom", "level"), [(7, "county"), (8, "county"), (9, "town"), (10, "village"), (12, "village")]
)
def test_units_show_one_level_by_zoom(city: TestClient, zoom: int, level: str) -> None:
    """Counties from afar, then towns, then villages."""
    shown = layer_of(city, "units", tile_at(zoom))
    assert {feature.properties["level"] for feature in shown.features} == {level}


def test_unit_tile_names_its_units_and_whether_they_have_grids(city: TestClient) -> None:
    """Code, name, level and gridded, and the outlines of the levels above."""
    tile = decode(get(city, "units", tile_at(8)).content)
    facts = {feature.properties["code"]: feature.properties for feature in tile["units"].features}
    assert facts[seeding.COUNTY_A]["name"] == "东山区"
    assert facts[seeding.COUNTY_A]["gridded"] is True
    assert facts[COUNTY_B]["gridded"] is False
    assert tile["parents"].values("code") == [seeding.CITY]


def test_unit_without_finer_units_stands_in_for_them(city: TestClient, database: str) -> None:
    """Where the tree ends early no zoom shows a hole."""
    run(database, "DELETE FROM unit WHERE code = :code", code=seeding.VILLAGE_31)
    shown = layer_of(city, "units", tile_at(10))
    assert TOWN_3 in shown.values("code")
    assert VILLAGE_11 in shown.values("code")


def test_grids_come_from_zoom_11(city: TestClient) -> None:
    """Fifteen grids near, none from afar."""
    assert len(layer_of(city, "grids", tile_at(11)).features) == 15
    assert get(city, "grids", tile_at(10)).content == b""


def test_grids_are_those_valid_on_the_day(city: TestClient, database: str) -> None:
    """Yesterday's borders stay yesterday's."""
    code = f"{VILLAGE_11}001"
    run(database, "UPDATE grid SET valid_to = '2026-06-01' WHERE code = :code", code=code)
    before = layer_of(city, "grids", tile_at(11), on="2026-05-31")
    after = layer_of(city, "grids", tile_at(11), on="2026-06-01")
    assert code in before.values("code")
    assert code not in after.values("code")
    assert city.get("/api/tiles/epochs").json() == {"epochs": ["2026-01-01", "2026-06-01"]}


def test_shape_runs_on_across_the_border_of_its_tile(city: TestClient) -> None:
    """A shape is clipped beyond the tile's edge, so that no outline is drawn along it."""
    points = [point for feature in layer_of(city, "units", tile_at(12)).features for point in feature.points()]
    assert min(min(point) for point in points) < 0 or max(max(point) for point in points) > 4096


def test_neighbours_share_their_border(city: TestClient) -> None:
    """Two villages side by side have the very same vertices on the line between them."""
    shown = layer_of(city, "units", tile_at(10))
    by_code = {feature.properties["code"]: feature.points() for feature in shown.features}
    west, east = by_code[VILLAGE_11], by_code[seeding.VILLAGE_12]
    border = max(x for x, _ in west)
    assert {p for p in west if p[0] == border} == {p for p in east if p[0] == border}


def test_labels_are_points_of_the_levels_in_view(city: TestClient) -> None:
    """One point a name, grids only from near."""
    assert layer_of(city, "labels", tile_at(8)).values("name") == sorted(["试验市", "东山区", "西河县"])
    near = layer_of(city, "labels", tile_at(13, 119.81, 31.773))
    assert "柳树第1网格" in near.values("name")
    assert all(len(feature.points()) == 1 for feature in near.features)


def test_defects_and_exclusions_are_shown(city: TestClient) -> None:
    """The gap, the overlap and the pond."""
    defects = layer_of(city, "defects", tile_at(11))
    assert defects.values("kind") == ["nobodys_land", "overlap"]
    assert defects.values("ungridded") == [False, False]
    pond = layer_of(city, "exclusions", tile_at(11)).features[0].properties
    assert (pond["name"], pond["state"], pond["effect"]) == ("清水塘", "approved", "excluded")


def put_track(database: str, day: date, state: str = "accepted") -> str:
    """A patrol with a track through the middle of the city on a day; its id."""
    patrol = str(uuid4())
    voided = state == "voided"
    run(
        database,
        """
        WITH submitted AS (
            INSERT INTO evidence (id, kind, officer_code, started_at, ended_at, unit_paths, sent_by)
            VALUES (:id, 'patrol', 'W1', now(), now(), ARRAY(SELECT path FROM unit), 'x')
        ), known AS (
            INSERT INTO patrol (id, officer_code, mode, source, datum, started_at, ended_at, utc_offset_s,
                                content_digest, answer, state, void_reason, voided_by, voided_at, received_from)
            VALUES (:id, 'W1', 'foot', 'phone', 'WGS-84', now(), now(), 28800, '', '{}', :state,
                    CASE WHEN :voided THEN 'x' END, CASE WHEN :voided THEN 'x' END,
                    CASE WHEN :voided THEN now() END, 'x')
            RETURNING id)
        INSERT INTO track SELECT id, :day, :day, 100,
            ST_GeomFromText('MULTILINESTRING((119.879 31.763, 119.881 31.765))', 4326) FROM known""",
        id=patrol,
        state=state,
        voided=voided,
        day=(day - EPOCH).days,
    )
    return patrol


def test_tracks_of_the_window_only(city: TestClient, database: str) -> None:
    """The last `days` days up to `on`, and never a voided patrol."""
    on = date(2026, 6, 30)
    inside = [put_track(database, on), put_track(database, on - timedelta(days=14))]
    put_track(database, on - timedelta(days=15))
    put_track(database, on + timedelta(days=1))
    put_track(database, on, state="voided")
    assert layer_of(city, "tracks", tile_at(12), on=on).values("patrol_id") == sorted(inside)
    assert layer_of(city, "tracks", tile_at(12), on=on, days=1).values("patrol_id") == inside[:1]


def test_browser_keeps_a_tile_until_territory_changes(city: TestClient, database: str) -> None:
    """304 with an empty body while nothing changed; 200 with another ETag afterwards."""
    first = get(city, "units", tile_at(10))
    url = f"/api/tiles/units/{tile_at(10)}.mvt"
    again = city.get(url, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first.headers["cache-control"] == "private, no-cache"
    run(database, "UPDATE territory_version SET version = 2")
    changed = city.get(url, headers={"If-None-Match": first.headers["etag"]})
    assert changed.status_code == 200
    assert changed.headers["etag"] != first.headers["etag"]


def test_browser_gets_new_tracks(city: TestClient, database: str) -> None:
    """A tile of tracks is kept until another track lies in it."""
    day = date(2026, 6, 30)
    put_track(database, day)
    first = get(city, "tracks", tile_at(12), on=day)
    url, held = f"/api/tiles/tracks/{tile_at(12)}.mvt?on={day}", {"If-None-Match": first.headers["etag"]}
    assert city.get(url, headers=held).status_code == 304
    put_track(database, day)
    assert city.get(url, headers=held).status_code == 200


@pytest.mark.parametrize(
    ("place", "status", "word"),
    [("23/0/0", 422, "级别 23"), ("3/8/0", 422, "0 到 7"), ("3/0/-1", 422, "不存在"), ("a/0/0", 422, "path.z")],
)
def test_wrong_addresses_are_refused_in_chinese(client: TestClient, place: str, status: int, word: str) -> None:
    """Out of the pyramid is not an empty tile."""
    answer = client.get(f"/api/tiles/units/{place}.mvt")
    assert answer.status_code == status
    assert word in answer.json()["error"]["message"]


def test_unknown_layer_is_not_found(client: TestClient) -> None:
    """And the answer says which there are."""
    answer = client.get("/api/tiles/roads/3/0/0.mvt")
    assert answer.status_code == 404
    assert "units" in answer.json()["error"]["message"]


def test_window_of_tracks_is_bounded(client: TestClient) -> None:
    """A month at most."""
    assert client.get("/api/tiles/tracks/12/0/0.mvt?days=32").status_code == 422


def test_children_as_geojson(city: TestClient) -> None:
    """A unit's own shape first, then its children; grids under a village."""
    features = city.get(f"/api/units/{VILLAGE_22}/children.geojson").json()["features"]
    assert [feature["properties"]["self"] for feature in features] == [True, False, False, False]
    assert [feature["properties"]["level"] for feature in features[1:]] == ["grid"] * 3
    assert features[0]["geometry"]["type"] == "Polygon"
    assert city.get("/api/units/000000000000/children.geojson").status_code == 404


def test_picture_of_freshness_is_kept_by_the_browser(city: TestClient) -> None:
    """A PNG from zoom 12 with ETag and 304; refused in Chinese where it is not served."""
    url = f"/api/tiles/freshness/{tile_at(13)}.png"
    first = city.get(url)
    assert first.headers["content-type"] == "image/png"
    assert first.content.startswith(b"\x89PNG")
    assert city.get(url, headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    refused = city.get(f"/api/tiles/freshness/{tile_at(9)}.png")
    assert refused.status_code == 422
    assert "9 级" in refused.json()["error"]["message"]


def test_health_answers(client: TestClient) -> None:
    """Pages that lost the server ask here."""
    assert client.get("/healthz").json() == {"status": "ok"}
