"""Tiles: every site once, alone or counted, of one's scope and by the list's filters."""

import math

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from app.db import transaction
from app.scope import EVERYTHING, NOTHING, Scope
from app.settings import Settings
from app.sites import tiles
from app.sites.days import asked
from app.sites.queries import listing
from app.sites.queries import tiles as sql
from app.sites.schemas import SiteFilter
from tests.app.sites.bodies import place, put_site, put_tenancy, site, taken, visit
from tests.app.tiles.mvt import Layer, decode
from tests.support.seeding import VILLAGE_11, VILLAGE_12, VILLAGE_21, cell, seed_city

NO_LAYER = Layer()


def address(zoom: int, at: tuple[float, float]) -> tuple[int, int, int]:
    """The tile of a place counted in grid sizes."""
    lon, lat = place(*at)
    x = (lon + 180) / 360 * 2**zoom
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**zoom
    return zoom, int(x), int(y)


def tile(client: TestClient, zoom: int, at: tuple[float, float], query: str = "") -> dict[str, Layer]:
    """The layers of the tile of a place."""
    z, x, y = address(zoom, at)
    answer = client.get(f"/api/tiles/sites/{z}/{x}/{y}.mvt?{query}")
    assert answer.status_code == 200, answer.text
    return decode(answer.content)


def test_near_by_each_site_is_a_point_that_tells_how_it_stands(city: TestClient, own_engine: Engine) -> None:
    site_id = put_site(city, name="老厂", risk="high")
    put_tenancy(city, site_id)
    visit(own_engine, site_id, 0)
    layers = tile(city, 14, (0.5, 2.5))
    assert set(layers) == {"sites"}
    [feature] = layers["sites"].features
    assert feature.properties == {
        "id": site_id, "name": "老厂", "kind": "factory", "occupancy": "leased", "state": "incomplete",
        "risk": "high", "omissions": 2, "uncertain": False, "heat": 3.0,
    }  # fmt: skip


def test_a_place_that_is_doubtful_is_marked(city: TestClient) -> None:
    put_site(city, at=(2.5, 2.5))
    [feature] = tile(city, 14, (2.5, 2.5))["sites"].features
    assert feature.properties["uncertain"] is True


def test_from_zoom_15_outlines_are_drawn(city: TestClient) -> None:
    outline = {"type": "Polygon", "coordinates": [[list(p) for p in cell(0.49, 2.49, 0.02, 0.02).exterior.coords]]}
    taken(city.post("/api/sites", json=site(outline=outline)))
    assert "outlines" not in tile(city, 14, (0.5, 2.5))
    assert tile(city, 15, (0.5, 2.5))["outlines"].values("state") == ["never"]


def test_from_afar_all_are_counted_once_with_how_they_stand(city: TestClient, own_engine: Engine) -> None:
    spots = [(0.1 + 0.3 * column, 0.1 + 0.3 * row) for column in range(12) for row in range(12)]
    made = [put_site(city, at=at, risk="low") for at in spots]
    visit(own_engine, made[0], 0)
    for zoom in (5, 9, 11, 12):
        xs = {address(zoom, at)[1:] for at in spots}
        clusters = [
            feature.properties
            for x, y in xs
            for feature in decode(city.get(f"/api/tiles/sites/{zoom}/{x}/{y}.mvt").content)["clusters"].features
        ]
        counted = [sum(cluster[name] for cluster in clusters) for name in ("count", "checked", "never")]
        assert counted == [144, 1, 143], f"zoom {zoom}"
        states = ("never", "overdue", "incomplete", "due", "checked")
        assert [cluster["count"] - sum(cluster[state] for state in states) for cluster in clusters] == [0] * len(
            clusters
        )


def test_one_alone_is_named_also_from_afar(city: TestClient) -> None:
    site_id = put_site(city, name="独一处")
    [feature] = tile(city, 10, (0.5, 2.5))["clusters"].features
    assert (feature.properties["id"], feature.properties["name"]) == (site_id, "独一处")
    put_site(city)
    [feature] = tile(city, 10, (0.5, 2.5))["clusters"].features
    assert feature.properties["count"] == 2
    assert "id" not in feature.properties


def test_tiles_show_what_the_list_shows(city: TestClient) -> None:
    put_site(city, name="甲厂", kind="factory", risk="high")
    put_site(city, name="乙仓", kind="warehouse", at=(0.51, 2.5))
    put_site(city, name="丙厂", kind="factory", at=(0.52, 2.5), dust_kind="铝粉")
    asked_names = {
        "": ["丙厂", "乙仓", "甲厂"],
        "kind=warehouse": ["乙仓"],
        "kind=factory&risk=high": ["甲厂"],
        "omission=dust_unconfirmed": ["丙厂"],
        "state=checked": [],
        "q=乙": ["乙仓"],
        f"unit={VILLAGE_21}": [],
    }
    found = {query: tile(city, 13, (0.5, 2.5), query).get("sites", NO_LAYER).values("name") for query in asked_names}
    assert found == asked_names
    counted = {query: tile(city, 11, (0.5, 2.5), query).get("clusters", NO_LAYER) for query in asked_names}
    assert {query: sum(layer.values("count")) for query, layer in counted.items()} == {
        query: len(names) for query, names in asked_names.items()
    }


def test_a_crowded_tile_is_counted_at_any_zoom(
    city: TestClient, own_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for step in range(5):
        put_site(city, at=(0.5 + step / 1000, 2.5))
    monkeypatch.setattr(tiles, "MOST_SINGLE", 4)
    layers = tile(city, 16, (0.5, 2.5))
    assert sum(layers["clusters"].values("count")) == 5
    assert "sites" not in layers


def test_a_scope_sees_its_own_alone(city: TestClient, own_engine: Engine, settings: Settings) -> None:
    put_site(city, name="里", at=(1.97, 2.1))
    put_site(city, name="外", at=(2.03, 2.1), stated_unit_code=VILLAGE_12)
    z, x, y = address(13, (1.97, 2.1))
    village = Scope(("320499000000.320491000000.320491001000.320491001001",))
    grid = Scope(grid_codes=frozenset({f"{VILLAGE_11}002"}))
    with transaction(own_engine) as session:
        seen = {
            scope.mark: tiles.tile(session, settings, scope, SiteFilter(), z, x, y, None).body
            for scope in (EVERYTHING, village, grid, NOTHING)
        }
    names = [decode(body or b"").get("sites", NO_LAYER).values("name") for body in seen.values()]
    assert names == [["外", "里"], ["里"], ["里"], []]


def test_a_browser_keeps_its_copy_as_long_as_it_is_right(city: TestClient, own_engine: Engine) -> None:
    site_id = put_site(city)
    z, x, y = address(14, (0.5, 2.5))
    path = f"/api/tiles/sites/{z}/{x}/{y}.mvt"
    etag = city.get(path).headers["ETag"]
    assert city.get(path, headers={"If-None-Match": etag}).status_code == 304
    visit(own_engine, site_id, 0)
    assert city.get(path, headers={"If-None-Match": etag}).status_code == 200


@pytest.mark.parametrize("path", ["23/0/0", "3/8/0", "3/0/-1"])
def test_a_tile_that_does_not_exist_is_refused(city: TestClient, path: str) -> None:
    assert city.get(f"/api/tiles/sites/{path}.mvt").status_code == 422


_CROWD = text(
    """INSERT INTO site (id, code, name, kind, occupancy, risk, point, source_datum, stated_unit_code, unit_code,
        grid_code, unit_path, created_by)
    SELECT gen_random_uuid(), 'C' || n, '厂' || n, 'factory', 'leased', 'low',
        ST_SetSRID(ST_MakePoint(119.80 + 0.00005 * (n % 1600), 31.728 + 0.0007 * (n / 1600)), 4326), 'WGS-84',
        u.code, u.code, NULL, u.path, 'test'
    FROM generate_series(1, 4000) n JOIN unit u ON u.code = '320491001001'"""
)


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        (sql._POINTS[None], "site_place_gist"),
        (sql._POINTS["lease_without_check"], "site_place_gist"),
        (sql._POINTS[None], "site_outline_gist"),
        (sql._CLUSTERS[None], "site_place_gist"),
        (sql._CLUSTERS["overdue"], "site_place_gist"),
        (sql._HOW_MANY, "site_place_gist"),
    ],
)
@pytest.mark.parametrize("scope", [EVERYTHING, Scope(("320499000000.320491000000",), frozenset({"x"}))])
def test_tiles_are_looked_up_by_the_spatial_index(
    session: Session, settings: Settings, statement: object, index: str, scope: Scope
) -> None:
    seed_city(session)
    session.execute(_CROWD)
    session.execute(text("ANALYZE site"))
    values = listing.filter_values(scope, asked(settings), SiteFilter(), None)
    z, x, y = address(16, (0.5, 0.5))
    given = {**values, **sql.tile_values(z, x, y), "most": 10}
    plan = "\n".join(row[0] for row in session.execute(text(f"EXPLAIN {statement}"), given))
    assert f"Scan on {index}" in plan or f"Scan using {index}" in plan


def test_a_units_list_is_looked_up_by_its_path(session: Session, settings: Settings) -> None:
    seed_city(session)
    session.execute(_CROWD)
    session.execute(text("UPDATE site SET unit_path = '320499000000.320492000000' WHERE code NOT LIKE 'C1__'"))
    session.execute(text("ANALYZE site"))
    path = "320499000000.320491000000.320491001000.320491001001"
    values = listing.filter_values(EVERYTHING, asked(settings), SiteFilter(), path)
    explain = text(f"EXPLAIN {listing._COUNTS[None]}")
    plan = "\n".join(row[0] for row in session.execute(explain, values))
    assert "site_unit_path" in plan
