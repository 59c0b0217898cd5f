"""The small city with some patrols, behind a real server, in a real browser."""

import math
from datetime import datetime, timedelta
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Page
from shapely import union_all

from app.coverage import service as coverage
from app.db import make_engine, transaction
from app.settings import Settings
from tests.support.seeding import HEIGHT, SOUTH, WEST, WIDTH, seed_city, units
from tests.support.server import LiveServer
from tests.web.city import City

STEP_M = 12.0
STEP_S = 5
METRES_PER_DEGREE = 111_320.0


def walk(column: float, row: float, start: datetime) -> list[dict[str, object]]:
    """Fixes of a walk to and fro in three lanes through the grid at a column and row, 2.4 m/s, 5 m accurate."""
    west, south = WEST + column * WIDTH, SOUTH + row * HEIGHT
    step_deg = STEP_M / METRES_PER_DEGREE / math.cos(math.radians(south))
    fixes: list[dict[str, object]] = []
    for lane in range(3):
        lat = south + HEIGHT * (0.4 + 0.1 * lane)
        for index in range(120):
            at = start + timedelta(seconds=STEP_S * (lane * 400 + index))
            lon = west + 0.002 + step_deg * index
            fixes.append({"lon": lon, "lat": lat, "time": at.isoformat(), "accuracy_m": 5.0})
    return fixes


def send(server: LiveServer, operator: dict[str, str], days_ago: int, column: int, row: int, officer: str) -> None:
    """Send one foot patrol of a day gone by."""
    start = Settings().now().replace(hour=9, minute=0, second=0, microsecond=0) - timedelta(days=days_ago)
    body = {
        "id": str(uuid4()),
        "officer_code": officer,
        "mode": "foot",
        "datum": "WGS-84",
        "label": "真实轨迹，移置",
        "fixes": walk(column, row, start),
    }
    answer = httpx.post(f"{server.url}/api/patrols", json=body, headers=operator, trust_env=False)
    assert answer.status_code == 200, answer.text


@pytest.fixture
def territory(database: str) -> None:
    """Units and grids, no patrols yet; valid for two months."""
    engine = make_engine(database, pool_size=1)
    with transaction(engine) as session:
        first_day = Settings().today() - timedelta(days=60)
        seed_city(session, first_day)
        coverage.repaint(session, union_all([unit.shape for unit in units()]), first_day)
    engine.dispose()


@pytest.fixture
def patrols(territory: None, live_server: LiveServer, operator: dict[str, str]) -> None:
    """Three walks: within every cycle, within the middle one, and out of date by the grid's own cycle."""
    send(live_server, operator, 3, 0, 2, "W1")
    send(live_server, operator, 12, 1, 2, "W1")
    send(live_server, operator, 20, 0, 0, "W2")


@pytest.fixture
def city(patrols: None, page: Page) -> City:
    """The map page at a desk, settled on the city."""
    return City.opened(page)


@pytest.fixture
def phone_city(patrols: None, phone_page: Page) -> City:
    """The map page on a phone, settled on the city."""
    return City.opened(phone_page)
