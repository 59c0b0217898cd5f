"""What an omission of ground leads to: the map at the place, and why those who passed do not count."""

from datetime import datetime, time, timedelta
from uuid import uuid4

import httpx2
from playwright.sync_api import Page, expect

from app.coverage import service as coverage
from app.db import make_engine, transaction
from app.omitted import Omitted
from app.scope import EVERYTHING
from app.settings import Settings
from tests.app.patrols.bodies import walk
from tests.support.seeding import CITY, VILLAGE_11
from tests.support.server import OPERATOR_TOKEN, LiveServer
from tests.web.city import City


def drive(server: LiveServer) -> None:
    """Somebody drives through the first grid of the first village, the day before today."""
    settings = Settings()
    day = settings.today() - timedelta(days=1)
    started = datetime.combine(day, time(8), settings.zone)
    body = {
        "id": str(uuid4()),
        "officer_code": "W1",
        "mode": "vehicle",
        "datum": "WGS-84",
        "fixes": walk(20, started, (119.803, 31.773), east_m=70.0),
    }
    operator = {"Authorization": f"Bearer {OPERATOR_TOKEN}"}
    answer = httpx2.post(f"{server.url}/api/patrols", json=body, headers=operator, trust_env=False)
    assert answer.status_code == 200, answer.text


def too_fast(database: str) -> Omitted:
    """The one row of ground that was driven past."""
    engine = make_engine(database, pool_size=1)
    settings = Settings()
    with transaction(engine) as session:
        (row,) = coverage.ground_omissions(session, settings, EVERYTHING, CITY, settings.today(), ["ground_too_fast"])
    engine.dispose()
    return row


def test_an_omission_leads_to_the_place_and_says_why_passing_does_not_count(
    page: Page, territory: None, live_server: LiveServer, database: str
) -> None:
    drive(live_server)
    row = too_fast(database)
    assert row.grid_code == f"{VILLAGE_11}001"
    city = City.opened(page, row.page)
    city.at("柳树第1网格")
    expect(page.locator("#passed-by")).to_contain_text("驾车驶过过快")
    expect(page.locator("#passed-by")).to_contain_text("昨天")
    page.get_by_role("tab", name="盲区").click()
    page.locator("#spots .spot").first.click()
    expect(page.locator("#spot-passed")).to_contain_text("驾车驶过过快")
