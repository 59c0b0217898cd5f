"""Reviewers work through the queue: open, look, decide, next. The server, the database and the browser are real."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import httpx2
import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import create_engine
from sqlalchemy.engine import URL, make_url

from app.settings import Settings
from tests.app.review.world import World, square, walk
from tests.support import databases, pages
from tests.support.people import PASSWORD
from tests.support.seeding import VILLAGE_11
from tests.support.server import LiveServer

PATIENCE_MS = 60_000


@dataclass(frozen=True)
class Waiting:
    """What waits, oldest first: a mark made from afar, a closed yard, town1's own upload, and a walk with its copy."""

    url: URL
    mark: UUID
    closed: UUID
    own: UUID
    walked: UUID
    copied: UUID

    @property
    def ids(self) -> list[str]:
        """In the order of the queue."""
        return [str(each) for each in (self.mark, self.closed, self.own, self.walked, self.copied)]


@pytest.fixture(scope="session")
def waiting(template: URL, run_directory: Path) -> Iterator[Waiting]:
    """Built once, to be copied."""
    with databases.fresh_database(template) as url:
        engine = create_engine(url, connect_args={"options": "-c timezone=UTC"})
        world = World.built(engine, Settings(database_url=url))
        area = square(0.5, 2.3)
        mark = world.mark(area=area, position=(area.centroid.x + 0.004, area.centroid.y))
        closed = world.mark(kind="inaccessible", area=square(0.3, 2.7))
        own = world.suspicious(by="town1")
        start = datetime.now(tz=world.settings.zone).replace(hour=9, minute=0, second=0, microsecond=0)
        fixes = walk(1, 2, start - timedelta(days=2))
        day = timedelta(days=1)
        copy = [{**fix, "time": (datetime.fromisoformat(fix["time"]) + day).isoformat()} for fix in fixes]
        walked, copied = world.patrol(fixes=fixes), world.patrol("W2", fixes=copy)
        world.exclusion(run_directory, "X7", square(1.5, 3.5, 300))
        engine.dispose()
        yield Waiting(make_url(url), mark, closed, own, walked, copied)


@pytest.fixture
def database(waiting: Waiting) -> Iterator[str]:
    """A copy of what waits."""
    with databases.fresh_database(waiting.url) as url:
        yield url


def opened(
    browser: Browser, watch: pages.PageWatch, server: LiveServer, size: tuple[int, int], name: str
) -> Iterator[Page]:
    """The page of somebody, settled; it must have had no problems."""
    with pages.watched_page(browser, watch, server.url, size, name) as page:
        page.goto("/review")
        listed(page)
        yield page
    watch.verify()


@pytest.fixture
def town(browser: Browser, watch: pages.PageWatch, live_server: LiveServer) -> Iterator[Page]:
    """A town's staff member at a desk."""
    yield from opened(browser, watch, live_server, pages.DESKTOP, "town1")


@pytest.fixture
def town_phone(browser: Browser, watch: pages.PageWatch, live_server: LiveServer) -> Iterator[Page]:
    """A town's staff member on a phone."""
    yield from opened(browser, watch, live_server, pages.PHONE, "town1")


@pytest.fixture
def village(browser: Browser, watch: pages.PageWatch, live_server: LiveServer) -> Iterator[Page]:
    """A village's staff member at a desk."""
    yield from opened(browser, watch, live_server, pages.DESKTOP, "village11")


def listed(page: Page) -> None:
    """Wait for the list."""
    page.locator('html[data-review="shown"]').wait_for(state="attached", timeout=PATIENCE_MS)


def shows(page: Page, record: object) -> None:
    """Wait for a record, its map included."""
    page.locator(f'html[data-record="{record}"]').wait_for(state="attached", timeout=PATIENCE_MS)
    if page.locator("#place").is_visible():
        page.locator('#map[data-map="idle"]').wait_for(state="attached", timeout=PATIENCE_MS)


def choose(page: Page, record: object) -> None:
    """Open a record from the list."""
    page.locator(f'#list [data-id="{record}"]').click()
    shows(page, record)


def has_rows(page: Page, ids: list[str]) -> None:
    """Wait until the list has these rows in this order: it is read anew beside the record."""
    rows = page.locator("#list .row")
    expect(rows).to_have_count(len(ids))
    for at, each in enumerate(ids):
        expect(rows.nth(at)).to_have_attribute("data-id", each)


def decide(page: Page, button: str, words: str | None = None, preset: str | None = None) -> None:
    """Press a decision and confirm it."""
    page.locator("#decide").get_by_role("button", name=button, exact=True).click()
    dialog = page.get_by_role("dialog")
    if preset:
        dialog.get_by_role("button", name=preset).click()
    if words:
        dialog.get_by_role("textbox").fill(words)
    dialog.get_by_role("button", name=f"确认{button}").click()


def test_the_oldest_is_open_and_says_what_is_doubtful(town: Page, waiting: Waiting) -> None:
    shows(town, waiting.mark)
    has_rows(town, waiting.ids)
    expect(town.locator("#head")).to_contain_text("王建国 · 标记已查看")
    expect(town.locator("#findings")).to_contain_text(re.compile("距所标区域 3\\d\\d 米"))
    expect(town.locator("#facts")).to_contain_text("围墙内")
    expect(town.locator("#legend")).to_contain_text("手机位置")
    photo = town.locator("#photos img")
    photo.scroll_into_view_if_needed()
    expect(photo).to_have_js_property("naturalWidth", 640)
    expect(town.locator("#chart")).to_be_hidden()


def test_a_copied_walk_lies_beside_the_one_it_is_like(town: Page, waiting: Waiting) -> None:
    choose(town, waiting.copied)
    expect(town.locator("#findings")).to_contain_text("完全重合")
    expect(town.locator("#legend")).to_contain_text("相似的另一条记录")
    expect(town.locator("#chart canvas")).to_be_visible()
    expect(town.locator("#chart")).to_have_attribute("aria-label", re.compile("360 个定位点，30 分钟，最快"))
    town.get_by_role("button", name=re.compile("查看王建国")).click()
    shows(town, waiting.walked)
    expect(town.locator("#head")).to_contain_text("王建国 · 巡查")


@pytest.mark.nightly
def test_the_keyboard_goes_through_the_queue(town: Page, waiting: Waiting) -> None:
    shows(town, waiting.mark)
    for record in waiting.ids[1:]:
        town.keyboard.press("j")
        shows(town, record)
    town.keyboard.press("j")
    expect(town.locator(f'#list [data-id="{waiting.copied}"]')).to_have_attribute("aria-current", "true")
    town.keyboard.press("k")
    shows(town, waiting.walked)


def test_nothing_can_be_decided_while_the_record_before_is_still_shown(town: Page, waiting: Waiting) -> None:
    shows(town, waiting.mark)
    held: list[Route] = []
    town.route(f"**/api/review/{waiting.closed}", lambda route: held.append(route))
    town.keyboard.press("j")
    expect(town.locator(f'#list [data-id="{waiting.closed}"]')).to_have_attribute("aria-current", "true")
    expect(town.locator("#case")).to_have_js_property("inert", True)
    pages.wait_until_held(town, held)
    held[0].continue_()
    shows(town, waiting.closed)
    expect(town.locator("#case")).to_have_js_property("inert", False)
    expect(town.locator("#head")).to_contain_text("无法进入")


def test_after_a_decision_the_next_opens_and_the_count_falls(town: Page, waiting: Waiting) -> None:
    shows(town, waiting.mark)
    decide(town, "接受", preset="已电话核实")
    shows(town, waiting.closed)
    has_rows(town, waiting.ids[1:])
    expect(town.locator("#live")).to_have_text("已接受。本列表还有 4 条。")
    decide(town, "批准")
    shows(town, waiting.own)
    has_rows(town, waiting.ids[2:])


def test_voiding_needs_words_and_keeps_them_in_the_history(town: Page, waiting: Waiting) -> None:
    choose(town, waiting.copied)
    decide(town, "作废")
    expect(town.get_by_role("dialog")).to_be_visible()
    town.get_by_role("dialog").get_by_role("button", name="与他人轨迹雷同").click()
    town.get_by_role("dialog").get_by_role("button", name="确认作废").click()
    shows(town, waiting.walked)
    town.get_by_role("button", name="已处理").click()
    shows(town, waiting.copied)
    expect(town.locator("#history")).to_contain_text("测试town1")
    expect(town.locator("#history")).to_contain_text("与他人轨迹雷同")
    expect(town.locator("#decide").get_by_role("button", name="作废")).to_be_disabled()


def test_ones_own_upload_cannot_be_decided_and_the_page_says_why(town: Page, waiting: Waiting) -> None:
    choose(town, waiting.own)
    expect(town.locator("#decide")).to_contain_text("应由他人核查")
    for button in town.locator("#decide button").all():
        expect(button).to_be_disabled()


def test_a_village_sees_who_approves_a_closed_yard(village: Page, waiting: Waiting) -> None:
    choose(village, waiting.closed)
    expect(village.locator("#decide")).to_contain_text("由镇（街道）审批")
    expect(village.locator("#decide").get_by_role("button", name="批准", exact=True)).to_be_disabled()
    expect(village.locator("#decide").get_by_role("button", name="退回核实")).to_be_enabled()


@pytest.mark.nightly
def test_asking_back_moves_the_record_to_its_own_list(town: Page, waiting: Waiting) -> None:
    shows(town, waiting.mark)
    decide(town, "退回核实", words="当时您在哪里？")
    shows(town, waiting.closed)
    town.get_by_role("button", name="已退回").click()
    shows(town, waiting.mark)
    expect(town.locator("#history")).to_contain_text("当时您在哪里？")


def test_who_comes_second_is_told_what_the_first_decided(
    town: Page, watch: pages.PageWatch, waiting: Waiting, live_server: LiveServer
) -> None:
    watch.tolerate("409")  # the browser writes refused requests into its console
    shows(town, waiting.mark)
    with httpx2.Client(base_url=live_server.url, trust_env=False) as other:
        token = other.post("/api/session", json={"username": "deputy1", "password": PASSWORD}).json()["csrf_token"]
        body, headers = {"words": "人不在现场"}, {"X-CSRF-Token": token}
        assert other.post(f"/api/review/{waiting.mark}/void", json=body, headers=headers).status_code == 200
    decide(town, "接受")
    expect(town.get_by_role("dialog")).to_contain_text("测试deputy1 已于")
    expect(town.get_by_role("dialog")).to_contain_text("人不在现场")
    town.get_by_role("dialog").get_by_role("button", name="取消").click()
    expect(town.locator("#head")).to_contain_text("已作废")
    has_rows(town, waiting.ids[1:])


@pytest.mark.nightly
def test_filters_narrow_the_list_and_stand_in_the_address(town: Page, waiting: Waiting) -> None:
    town.locator("#by-kind").select_option(label="轨迹雷同（2）")
    shows(town, waiting.walked)
    has_rows(town, [str(waiting.walked), str(waiting.copied)])
    town.locator("#by-officer").select_option(label="李秀英（1）")
    shows(town, waiting.copied)
    has_rows(town, [str(waiting.copied)])
    town.reload()
    shows(town, waiting.copied)
    has_rows(town, [str(waiting.copied)])
    town.locator("#by-unit").select_option(value=VILLAGE_11)
    shows(town, waiting.copied)


@pytest.mark.nightly
def test_an_imported_request_is_approved(town: Page) -> None:
    town.get_by_role("button", name="扣除申请").click()
    shows(town, "X7")
    expect(town.locator("#facts")).to_contain_text("不纳入应查面积")
    decide(town, "批准", words="现场确认为水面")
    expect(town.locator("#count")).to_have_text("已批准。没有待审批的扣除申请。")
    expect(town.locator("#case")).to_be_hidden()


@pytest.mark.nightly
def test_on_a_phone_the_list_gives_way_to_the_record_and_comes_back(town_phone: Page, waiting: Waiting) -> None:
    page = town_phone
    expect(page.locator("#record")).to_be_hidden()
    choose(page, waiting.mark)
    expect(page.locator("#queue")).to_be_hidden()
    expect(page.locator("#findings")).to_be_in_viewport()
    for button in page.locator("#decide button").all():
        expect(button).to_be_in_viewport()
    assert pages.low_targets(page.locator("#decide button")) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.get_by_role("button", name="返回列表").click()
    expect(page.locator(f'#list [data-id="{waiting.mark}"]')).to_be_focused()
    choose(page, waiting.copied)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    decide(page, "作废", preset="与他人轨迹雷同")
    shows(page, waiting.walked)


def test_without_the_right_the_page_says_so(browser: Browser, watch: pages.PageWatch, live_server: LiveServer) -> None:
    with pages.watched_page(browser, watch, live_server.url, pages.DESKTOP, "leader") as page:
        page.goto("/review")
        expect(page.get_by_role("alert")).to_contain_text("没有查看本页的权限")
    watch.verify()
