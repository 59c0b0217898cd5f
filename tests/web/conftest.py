"""The small city with some patrols, behind a real server, in a real browser."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest
from playwright.sync_api import Browser, Page
from shapely import union_all
from sqlalchemy.orm import Session

from app.coverage import service as coverage
from app.db import make_engine, transaction
from app.rights import Role
from app.settings import Settings
from tests.support import databases, pages
from tests.support.people import add_person
from tests.support.seeding import seed_city, units
from tests.support.server import OPERATOR_TOKEN, LiveServer
from tests.support.walks import walk_of_day
from tests.web.city import City
from tests.web.phone import Phone


def send(server: LiveServer, days_ago: int, column: int, row: int, officer: str) -> None:
    """Send one foot patrol of a day gone by, or today's."""
    body = {
        "id": str(uuid4()),
        "officer_code": officer,
        "mode": "foot",
        "datum": "WGS-84",
        "label": "真实轨迹，移置",
        "fixes": walk_of_day(days_ago, column, row),
    }
    operator = {"Authorization": f"Bearer {OPERATOR_TOKEN}"}
    answer = httpx2.post(f"{server.url}/api/patrols", json=body, headers=operator, trust_env=False)
    assert answer.status_code == 200, answer.text


def put_territory(session: Session) -> None:
    """Units and grids, no patrols yet; valid for two months."""
    first_day = Settings().today() - timedelta(days=60)
    seed_city(session, first_day)
    coverage.repaint(session, union_all([unit.shape for unit in units()]), first_day)


@pytest.fixture
def world_seed(request: pytest.FixtureRequest) -> databases.Seed | None:
    """The small city for whoever asks for `territory`, nothing for others."""
    return put_territory if "territory" in request.fixturenames else None


@pytest.fixture
def territory(database: str) -> None:
    """The small city in the test's own database."""


@pytest.fixture(scope="session")
def city_database(worlds: databases.Worlds) -> Iterator[str]:
    """A database with the small city, which tests read only; the walks come by `city_server`."""
    with worlds.copy(put_territory) as url:
        yield url


@pytest.fixture(scope="session")
def city_server(city_database: str, run_directory: Path) -> Iterator[LiveServer]:
    """A server that knows three walks: within every cycle, within the middle one, and out of date by its own."""
    server = LiveServer(city_database, run_directory / "city.log")
    server.start()
    try:
        send(server, 3, 0, 2, "W1")
        send(server, 12, 1, 2, "W1")
        send(server, 20, 0, 0, "W2")
        yield server
    finally:
        server.kill()


@pytest.fixture
def city_watch(city_server: LiveServer) -> pages.PageWatch:
    """What goes wrong on pages of the city."""
    return pages.PageWatch(city_server.url.removeprefix("http://"))


def watched(browser: Browser, watch: pages.PageWatch, server: LiveServer, size: tuple[int, int]) -> Iterator[Page]:
    """A page that must have no problems."""
    with pages.watched_page(browser, watch, server.url, size) as page:
        yield page
    watch.verify()


@pytest.fixture
def city_page(browser: Browser, city_watch: pages.PageWatch, city_server: LiveServer) -> Iterator[Page]:
    """A page at a desk, not yet opened."""
    yield from watched(browser, city_watch, city_server, pages.DESKTOP)


@pytest.fixture
def city(city_page: Page) -> City:
    """The map page at a desk, settled on the city."""
    return City.opened(city_page)


@pytest.fixture
def phone_city(browser: Browser, city_watch: pages.PageWatch, city_server: LiveServer) -> Iterator[City]:
    """The map page on a phone, settled on the city."""
    for page in watched(browser, city_watch, city_server, pages.PHONE):
        yield City.opened(page)


@pytest.fixture
def phone(
    browser: Browser,
    territory: None,
    database: str,
    live_server: LiveServer,
    watch: pages.PageWatch,
    tmp_path: Path,
) -> Iterator[Phone]:
    """A phone on which nobody has signed in yet; officers W1 and W2 have accounts w1 and w2. No problems allowed."""
    engine = make_engine(database, pool_size=1)
    with transaction(engine) as session:
        for name in ("W1", "W2"):
            add_person(session, name.lower(), Role.OFFICER, (), officer_code=name)
    engine.dispose()
    phone = Phone(browser, live_server, tmp_path / "profile", watch).start()
    try:
        yield phone
    finally:
        phone.end()
    watch.verify()
