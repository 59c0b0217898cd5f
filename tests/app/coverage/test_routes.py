"""Coverage over HTTP."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from app.db import make_engine, transaction
from app.settings import Settings
from tests.app.coverage import world


@pytest.fixture
def walked(client: TestClient, settings: Settings) -> TestClient:
    """The application on the small city after two patrols."""
    engine = make_engine(settings.database_url or "", pool_size=1)
    with transaction(engine) as session:
        world.build(session)
        world.take_in(session, world.across(0, settings.today()))
        world.take_in(session, world.across(1, settings.today() - timedelta(days=20)))
    engine.dispose()
    return client


def test_a_unit_and_its_children(walked: TestClient, settings: Settings) -> None:
    answer = walked.get(f"/api/units/{world.TOWN}/coverage", params={"cycle_days": 10}).json()
    assert (answer["on"], answer["cycle_days"]) == (settings.today().isoformat(), 10)
    assert [step["code"] for step in answer["path"]] == [world.CITY, world.COUNTY, world.TOWN]
    assert [child["code"] for child in answer["children"]] == list(world.VILLAGES)
    first, second = answer["children"]
    assert first["shares"]["tracked"]["percent"] > 0 == second["shares"]["tracked"]["percent"]
    assert second["shares"]["stale"]["percent"] > 0
    assert answer["unit"]["largest_blind_spot_m2"] == max(
        child["largest_blind_spot_m2"] for child in answer["children"]
    )
    assert sum(share["area_m2"] for share in first["shares"].values()) == pytest.approx(first["area_m2"])
    assert first["defects"] == {
        "nobodys_land_m2": 0, "overlap_m2": 0, "outside_m2": 0, "slivers": 0, "no_officer": 0, "no_cycle": 0
    }  # fmt: skip


def test_a_grid_values_blind_spots_and_status(walked: TestClient, settings: Settings) -> None:
    grid = walked.get(f"/api/grids/{world.grid_code(0, 0)}/coverage").json()
    assert (grid["grid"]["level"], grid["cycle_days"], grid["grid"]["cycle_days"]) == ("grid", None, 15)
    assert grid["grid"]["last_seen"] == settings.today().isoformat()
    values = walked.get("/api/coverage/values", params={"within": world.CITY, "level": "grid"}).json()
    assert len(values["values"]) == 6
    assert [values["values"][0][0], values["values"][0][1]] == [world.grid_code(0, 0), grid["grid"]["covered_percent"]]
    spots = walked.get("/api/blind-spots", params={"unit": world.CITY, "limit": 2, "on": "2099-01-01"})
    assert spots.status_code == 422
    spots = walked.get("/api/blind-spots", params={"unit": world.CITY, "limit": 2}).json()
    assert (spots["type"], spots["returned"], spots["truncated"]) == ("FeatureCollection", 2, True)
    west, south, east, north = world.grid_box(0, 0).bounds
    boxed = walked.get("/api/blind-spots", params={"bbox": f"{west},{south},{east},{north}"}).json()
    assert {feature["properties"]["town"] for feature in boxed["features"]} == {f"单位{world.TOWN}"}
    status = walked.get("/api/status").json()
    assert (status["grids"], status["patrols"], status["last_day"]) == (6, 2, settings.today().isoformat())


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/api/units/999999999999/coverage", 404, "999999999999"),
        ("/api/grids/没有/coverage", 404, "没有"),
        (f"/api/units/{world.CITY}/coverage?cycle_days=0", 422, "周期"),
        (f"/api/units/{world.CITY}/coverage?cycle_days=367", 422, "周期"),
        (f"/api/units/{world.CITY}/coverage?cycle_days=seven", 422, "cycle_days"),
        (f"/api/units/{world.CITY}/coverage?on=2000-01-01", 422, "日期"),
        (f"/api/units/{world.CITY}/coverage?on=2025-02-30", 422, "on"),
        ("/api/blind-spots", 422, "unit"),
        ("/api/blind-spots?bbox=1,2,3", 422, "bbox"),
        ("/api/blind-spots?bbox=1,2,3,x", 422, "bbox"),
        ("/api/blind-spots?bbox=nan,2,3,4", 422, "bbox"),
        (f"/api/blind-spots?unit={world.CITY}&limit=0", 422, "limit"),
        (f"/api/blind-spots?unit={world.CITY}&min_area_m2=nan", 422, "min_area_m2"),
        (f"/api/coverage/values?within={world.CITY}&level=street", 422, "level"),
        ("/api/coverage/values?within=999999999999&level=grid", 404, "999999999999"),
    ],
)  # fmt: skip
def test_what_is_asked_wrongly_is_refused_in_words(walked: TestClient, path: str, status: int, words: str) -> None:
    answer = walked.get(path)
    assert answer.status_code == status
    assert words in answer.json()["error"]["message"]


def test_an_empty_installation_answers(client: TestClient) -> None:
    status = client.get("/api/status").json()
    assert (status["units"], status["first_day"], status["roots"], status["generated"]) == (0, None, [], False)
    assert client.get("/api/blind-spots", params={"bbox": "119,31,120,32"}).json()["features"] == []
