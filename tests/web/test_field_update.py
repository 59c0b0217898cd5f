"""A new version of the phone page: offered by the next visit, taken when the officer says so, in mid-patrol too."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.support.databases import wait_until
from tests.support.pages import GONE, PageWatch
from tests.support.server import LiveServer
from tests.web.phone import Phone

REPOSITORY = Path(__file__).parents[2]
COPIES_KEPT = "async () => (await caches.keys()).length"


@pytest.fixture
def newer_program(tmp_path: Path) -> Path:
    """The program as it will be some day: its phone page is another one."""
    tree = tmp_path / "newer"
    for name in ("app", "geo", "migrations", "static"):
        shutil.copytree(REPOSITORY / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    page = tree / "static" / "field.html"
    page.write_text(page.read_text("utf-8").replace("<html ", "<html data-newer ", 1), "utf-8")
    return tree


@contextmanager
def serving(tree: Path, server: LiveServer) -> Iterator[None]:
    """That program in the place of the server, which is killed."""
    server.kill()
    own = {"PYTHONPATH": str(tree), "WUYILOU_DATABASE_URL": server.database_url, "WUYILOU_DATA_DIR": str(tree / "data")}
    command = [sys.executable, "-c", "from app.cli import main; main()", "serve", "--port", str(server.port)]
    with server.log.open("ab") as log:
        process = subprocess.Popen(command, cwd=tree, env={**os.environ, **own}, stdout=log, stderr=log)
    try:
        wait_until(server.answers, "the newer program to answer")
        yield
    finally:
        process.kill()
        process.wait()


def test_a_new_version_is_offered_and_taken_in_the_middle_of_a_patrol(
    phone: Phone, live_server: LiveServer, newer_program: Path, watch: PageWatch
) -> None:
    watch.tolerate(GONE)
    newer = phone.page.locator("html[data-newer]")
    phone.sign_in("w1")
    phone.begin_patrol()
    phone.move(3)
    with serving(newer_program, live_server):
        phone.page.reload()
        phone.ready()
        offer = phone.page.locator("#notices").get_by_role("button", name="更新")
        expect(offer).to_be_visible()
        expect(newer).to_have_count(0)  # all files of one version: the old one goes on until it is left
        phone.move(2)
        before = phone.fixes()
        offer.click()
        expect(newer).to_have_count(1)
        phone.ready()
        expect(phone.page.locator("#stop")).to_be_visible()
        assert phone.fixes() >= before, "the new version lost positions"
        phone.move(2)
        assert phone.page.evaluate(COPIES_KEPT) == 1
        phone.end_patrol()
        expect(phone.page.locator("#notices")).not_to_contain_text("新版本")
        phone.waits(0)
