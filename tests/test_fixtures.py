"""The fixtures themselves: a watch that sees nothing would make every browser test worthless."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.postgres import process
from tests.support import databases, pages
from tests.support.server import LiveServer

ANY_ADDRESS = "/static/icon.svg"
NO_ICON = r"favicon\.ico"  # a bare file names none; our pages do
ADD_OFFICER = text("INSERT INTO officer (code, name) VALUES ('T-1', '测试员')")
COUNT_OFFICERS = text("SELECT count(*) FROM officer")


def test_what_a_killed_run_left_is_swept(run_directory: Path) -> None:
    parent = run_directory / "runs"
    left = databases.leave_running(parent / "run-killed" / "postgres")
    server = left.postmaster()
    assert server is not None
    with databases.run_directory(parent) as fresh:
        assert [path.name for path in parent.glob("run-*")] == [fresh.name]
        assert not process.is_server(server.pid, left.root / "cluster" / "data")
    assert list(parent.glob("run-*")) == []


@pytest.mark.parametrize("turn", [1, 2])
def test_a_session_is_rolled_back_even_after_a_commit(session: Session, turn: int) -> None:
    assert session.execute(COUNT_OFFICERS).scalar() == 0
    session.execute(ADD_OFFICER)
    session.commit()
    assert session.execute(COUNT_OFFICERS).scalar() == 1


def test_the_client_has_a_database(client: TestClient) -> None:
    assert client.get(ANY_ADDRESS).status_code == 200


def test_a_killed_server_comes_back_on_its_port(live_server: LiveServer, page: Page, watch: pages.PageWatch) -> None:
    page.goto(ANY_ADDRESS)
    live_server.kill()
    assert page.evaluate("() => fetch(location.href).then(() => 'answered', () => 'gone')") == "gone"
    watch.tolerate(f"ERR_CONNECTION_REFUSED|{NO_ICON}")
    live_server.restart()
    page.goto(ANY_ADDRESS)


@pytest.mark.parametrize(
    ("script", "problem"),
    [
        ("() => console.error('broken')", "console: broken"),
        ("() => { setTimeout(() => { throw new Error('broken') }) }", "uncaught: broken"),
        ("() => { new Image().src = 'http://127.0.0.2:9/map.png' }", "127.0.0.2"),
    ],
)
def test_the_watch_sees(browser: Browser, live_server: LiveServer, script: str, problem: str) -> None:
    watch = pages.PageWatch(live_server.url.removeprefix("http://"))
    with pages.watched_page(browser, watch, live_server.url, pages.DESKTOP) as page:
        page.goto(ANY_ADDRESS)
        page.evaluate(script)
        while not watch.problems:
            page.evaluate("() => new Promise(requestAnimationFrame)")
    with pytest.raises(AssertionError, match=problem):
        watch.verify()
    watch.tolerate(problem)


def test_pages_speak_chinese_at_both_sizes(page: Page, phone_page: Page, watch: pages.PageWatch) -> None:
    watch.tolerate(NO_ICON)
    sizes = []
    for one in (page, phone_page):
        one.goto(ANY_ADDRESS)
        sizes.append(one.evaluate("() => [screen.width, screen.height, navigator.language]"))
    assert sizes == [[1440, 900, "zh-CN"], [390, 844, "zh-CN"]]
