"""Fixtures: a real PostGIS, a real server, a real browser.

- `session`: a session whose work is rolled back at the end of the test; commits inside are savepoints.
- `database`: the URL of a fresh database of the test's own, for several connections and for servers; `world_seed`
  puts into it what a feature's tests begin with.
- `settings`, `client`, `stranger`, `operator`: the application in this process on that database, asked by the operator
  or by nobody, and the operator's headers.
- `live_server`: the application in a process of its own on that database; `.url`, `.kill()`, `.restart()`.
- `page` (1440x900), `phone_page` (390x844): watched pages in Chromium on `live_server`; `watch.tolerate(pattern)`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page
from pydantic import SecretStr
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session
from xdist.scheduler import LoadFileScheduling

from app.embedded import EmbeddedCluster
from app.settings import Settings
from tests.support import databases, pages
from tests.support.hashing import hash_cheaply
from tests.support.server import OPERATOR_TOKEN, LiveServer

if TYPE_CHECKING:
    from fastapi import FastAPI


hash_cheaply()


class ByRoom(LoadFileScheduling):  # type: ignore[misc]
    """A file's tests run in one process; those of the demo too, since each process would build a demo of its own."""

    def _split_scope(self, nodeid: str) -> str:
        file = str(super()._split_scope(nodeid))
        return "tests/demo" if file.startswith("tests/demo/") else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByRoom:
    """How tests are shared out."""
    return ByRoom(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with browser tests come last: a browser, once started, keeps an event loop running in its process."""
    with_browser = {item.path for item in items if "browser" in getattr(item, "fixturenames", ())}
    items.sort(key=lambda item: item.path in with_browser)


@pytest.fixture(scope="session")
def run_directory() -> Iterator[Path]:
    """A directory of this run, gone afterwards."""
    with databases.run_directory() as directory:
        yield directory


@pytest.fixture(scope="session")
def cluster(run_directory: Path) -> Iterator[EmbeddedCluster]:
    """The run's own PostGIS."""
    with databases.running_cluster(run_directory / "postgres") as cluster:
        yield cluster


@pytest.fixture(scope="session")
def template(cluster: EmbeddedCluster) -> URL:
    """A migrated, empty database to copy from."""
    return databases.make_template(cluster)


@pytest.fixture(scope="session")
def engine(template: URL) -> Iterator[Engine]:
    """An engine on the database of the `session` tests."""
    with databases.fresh_database(template) as url:
        engine = create_engine(url, connect_args={"options": "-c timezone=UTC"})
        yield engine
        engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session whose work is rolled back."""
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            yield session
        outer.rollback()


@pytest.fixture(scope="session")
def worlds(template: URL) -> Iterator[databases.Worlds]:
    """Databases with something in them."""
    worlds = databases.Worlds(template)
    yield worlds
    worlds.close()


@pytest.fixture
def world_seed() -> databases.Seed | None:
    """What `database` holds when a test begins; here nothing. Whoever overrides it has a world of their own."""
    return None


@pytest.fixture
def database(worlds: databases.Worlds, world_seed: databases.Seed | None) -> Iterator[str]:
    """The URL of a fresh database of the test's own."""
    with worlds.copy(world_seed) as url:
        yield url


@pytest.fixture
def settings(database: str, tmp_path: Path) -> Settings:
    """Settings of an application on `database` with an operator; its keys are the test's own."""
    data = tmp_path / "data"
    return Settings(database_url=database, operator_token=SecretStr(OPERATOR_TOKEN), pool_size=8, data_dir=data)


@pytest.fixture
def operator() -> dict[str, str]:
    """The headers of the operator."""
    return {"Authorization": f"Bearer {OPERATOR_TOKEN}"}


@pytest.fixture
def application(settings: Settings) -> "FastAPI":
    """The application in this process."""
    from app.main import create_app  # only here: tests of the engine need not load the service

    return create_app(settings)


@pytest.fixture
def client(application: "FastAPI", operator: dict[str, str]) -> Iterator[TestClient]:
    """The operator at the application; an unexpected failure answers 500, as it would for a person."""
    with TestClient(application, "http://127.0.0.1", raise_server_exceptions=False, headers=operator) as client:
        yield client


@pytest.fixture
def stranger(application: "FastAPI") -> Iterator[TestClient]:
    """Nobody in particular at the application."""
    with TestClient(application, "http://127.0.0.1", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def live_server(database: str, tmp_path: Path) -> Iterator[LiveServer]:
    """The application in a process of its own."""
    server = LiveServer(database, tmp_path / "server.log", {"WUYILOU_DATA_DIR": str(tmp_path / "data")})
    server.start()
    try:
        yield server
    finally:
        server.kill()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium."""
    with pages.launched_browser() as browser:
        yield browser


@pytest.fixture
def watch(live_server: LiveServer) -> pages.PageWatch:
    """What goes wrong on the test's pages."""
    return pages.PageWatch(live_server.url.removeprefix("http://"))


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, watch: pages.PageWatch) -> Iterator[Page]:
    """A page at a desk; the test fails if it had problems."""
    with pages.watched_page(browser, watch, live_server.url, pages.DESKTOP) as page:
        yield page
    watch.verify()


@pytest.fixture
def phone_page(browser: Browser, live_server: LiveServer, watch: pages.PageWatch) -> Iterator[Page]:
    """A page on a phone; the test fails if it had problems."""
    with pages.watched_page(browser, watch, live_server.url, pages.PHONE) as page:
        yield page
    watch.verify()
