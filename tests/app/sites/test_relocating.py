"""When units or grids change, sites lie where the new ones say, and their history tells."""

from datetime import timedelta
from pathlib import Path

from fastapi.testclient import TestClient
from shapely.geometry import Polygon
from sqlalchemy import Engine, text

from app.db import transaction
from app.settings import Settings
from app.territory.change import import_territory
from app.territory.importing.request import ImportRequest
from geo.datum import Datum
from tests.app.sites.bodies import TODAY, kinds, put_site, taken
from tests.app.territory.files import geojson
from tests.support.seeding import VILLAGE_11, VILLAGE_12, VILLAGE_22, cell


def bring_in(
    engine: Engine, settings: Settings, folder: Path, subject: str, row: dict[str, str], area: Polygon
) -> None:
    """Import one unit or grid."""
    path = geojson(folder / f"{subject}.geojson", [(row, area)])
    request = ImportRequest(subject, path.name, Datum("WGS-84"), TODAY, "李 @ 127.0.0.1")  # type: ignore[arg-type]
    with transaction(engine) as session:
        import_territory(session, settings.upload, request, path)


def test_a_new_grid_takes_in_the_sites_that_were_in_none(
    city: TestClient, own_engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    inside = put_site(city, at=(2.5, 0.5), stated_unit_code=VILLAGE_22)
    beside = put_site(city, at=(3.5, 0.5), stated_unit_code=VILLAGE_22)
    grid = {"编码": f"{VILLAGE_22}001", "名称": "新塘第1网格", "所属": VILLAGE_22, "风险": "高"}
    bring_in(own_engine, settings, tmp_path, "grids", grid, cell(2, 0))
    found = taken(city.get(f"/api/sites/{inside}"))
    assert found["grid"]["name"] == "新塘第1网格"
    assert "in_no_grid" not in kinds(found)
    event = found["events"][0]
    assert (event["kind"], event["changes"]["grid_code"]) == ("moved", [None, f"{VILLAGE_22}001"])
    assert event["by_name"] == "李 @ 127.0.0.1"
    assert found["version"] == 1, "a page that is open may still be saved"
    assert [event["kind"] for event in taken(city.get(f"/api/sites/{beside}"))["events"]] == ["created"]


def test_a_site_on_ground_that_its_village_lost_is_no_longer_the_villages(
    city: TestClient, own_engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    site_id = put_site(city, at=(1.9, 2.5))
    smaller = {"代码": VILLAGE_11, "名称": "柳树村", "级别": "village"}
    bring_in(own_engine, settings, tmp_path, "units", smaller, cell(0, 2, 1.5, 2))
    found = taken(city.get(f"/api/sites/{site_id}"))
    assert found["unit"]["name"] == "南桥镇"
    assert "outside_stated_unit" in kinds(found)
    assert taken(city.get(f"/api/sites?unit={VILLAGE_11}"))["total"] == 0
    assert VILLAGE_12 not in str(found["events"])


def test_the_day_it_came_to_lie_there_is_told(
    city: TestClient, own_engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    site_id = put_site(city, at=(1.9, 2.5))
    with transaction(own_engine) as session:
        session.execute(text("UPDATE site SET located_on = :day"), {"day": TODAY - timedelta(days=1)})
    smaller = {"代码": VILLAGE_11, "名称": "柳树村", "级别": "village"}
    bring_in(own_engine, settings, tmp_path, "units", smaller, cell(0, 2, 1.5, 2))
    [outside] = [
        omission
        for omission in taken(city.get(f"/api/sites/{site_id}"))["omissions"]
        if omission["kind"] == "outside_stated_unit"
    ]
    assert outside["since"] == TODAY.isoformat()
