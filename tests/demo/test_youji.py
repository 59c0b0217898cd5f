"""Youji town (游集镇) as a root of its own beside another: the product is not tied to one place.

Its official codes and names are real. Where it lies is invented here, since no source of the demo says it.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import shapely
from fastapi.testclient import TestClient
from sqlalchemy import create_engine

from app.main import create_app
from app.settings import CycleDays, Settings
from demo.grids import Faults, grids_of
from demo.intentions import Intention, Scene
from demo.load import load_patrols, load_territory
from demo.patrols import Clock, Job, patrols_for
from demo.plan import Plan
from demo.sources import official_names
from demo.territory import Unit, all_units
from demo.tessellation import cells_of, compact_sites

TOWN = "341323107000"
COUNTY = "320404000000"
LAST_DAY = date(2025, 6, 20)
OUTLINE = shapely.box(117.40, 33.70, 117.46, 33.75)
WITH_GRIDS = 3


def youji_units() -> list[Unit]:
    codes = sorted(code for code in official_names() if code.startswith(TOWN[:9]) and code != TOWN)
    cells = cells_of(OUTLINE, compact_sites(OUTLINE, len(codes), np.random.default_rng(1)))
    town = Unit(TOWN, official_names()[TOWN], "town", None, OUTLINE, True)
    villages = [
        Unit(code, official_names()[code], "village", TOWN, cell, True) for code, cell in zip(codes, cells, strict=True)
    ]
    return [town, *villages]


@pytest.fixture
def youji() -> Plan:
    """The town, grids in three of its villages, all of the first walked well; a county beside it without its parts."""
    units = youji_units()
    grids = [grid for village in units[1 : 1 + WITH_GRIDS] for grid in grids_of(village, 1)]
    clock = Clock(LAST_DAY, ZoneInfo("Asia/Shanghai"), 1)
    patrols = []
    for grid in grids:
        if grid.unit_code == units[1].code:
            cycle_days = CycleDays().of(grid.risk, grid.cycle_days)
            patrols += patrols_for(Job(grid, Intention.WELL, cycle_days, str(grid.officer_code)), clock)
    county = next(unit for unit in all_units() if unit.code == COUNTY)
    scene = Scene(tuple(grids), Faults("", ("", ""), ("", ""), ("", ""), ("", "")), {})
    ordered = tuple(sorted(patrols, key=lambda patrol: patrol.started_ms))
    return Plan(clock, (county, *units), scene, (), ordered, {}, ())


@pytest.fixture
def client(settings: Settings, operator: dict[str, str], youji: Plan) -> Iterator[TestClient]:
    engine = create_engine(str(settings.database_url))
    try:
        load_territory(engine, settings, youji)
        load_patrols(engine, settings, youji)
        with TestClient(create_app(settings), "http://127.0.0.1", headers=operator) as client:
            yield client
    finally:
        engine.dispose()


def test_two_roots_stand_side_by_side(client: TestClient, youji: Plan) -> None:
    assert {root["name"] for root in client.get("/api/status").json()["roots"]} == {"钟楼区", "游集镇"}
    answer = client.get(f"/api/units/{TOWN}/coverage", params={"on": LAST_DAY.isoformat()}).json()
    assert [step["name"] for step in answer["path"]] == ["游集镇"]
    rows = {row["code"]: row for row in answer["children"]}
    assert len(rows) == 16
    walked, *others = [unit.code for unit in youji.units if unit.level == "village"]
    assert rows[walked]["covered_percent"] >= 85
    without_grids = [rows[code] for code in others[WITH_GRIDS - 1 :]]
    assert all(row["shares"]["unassigned"]["percent"] == 100 for row in without_grids)
    before = client.get(
        f"/api/units/{TOWN}/coverage", params={"on": (LAST_DAY - timedelta(days=30)).isoformat()}
    ).json()
    assert before["unit"]["covered_percent"] < answer["unit"]["covered_percent"]
