"""Pages that follow what happens without being loaded anew, and the page of a unit's day."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import Engine, create_engine, text

from tests.app.live.conftest import put_city, report
from tests.support import pages
from tests.support.databases import Seed
from tests.support.pages import GONE, PageWatch, watched_page
from tests.support.seeding import COUNTY_A, TOWN_2, VILLAGE_11, VILLAGE_21
from tests.support.server import LiveServer
from tests.web.city import City, settled
from tests.web.conftest import send


@pytest.fixture
def world_seed() -> Seed:
    """The city with its people."""
    return put_city


@pytest.fixture
def db(database: str) -> Iterator[Engine]:
    """The city with its people, in the test's own database."""
    engine = create_engine(database, connect_args={"options": "-c timezone=UTC"})
    yield engine
    engine.dispose()


@pytest.fixture
def leader(db: Engine, browser: Browser, live_server: LiveServer, watch: PageWatch) -> Iterator[Page]:
    """The county's leader at a desk."""
    with watched_page(browser, watch, live_server.url, pages.DESKTOP, "leader") as page:
        yield page
    watch.verify()


def hears(page: Page) -> None:
    """Wait until the page hears of changes."""
    expect(page.locator("html")).to_have_attribute("data-live", "heard")


def test_shares_change_without_reload(leader: Page, live_server: LiveServer) -> None:
    """A patrol comes in: the figures of the county in view grow by themselves."""
    City.opened(leader).at("东山区")
    hears(leader)
    expect(leader.locator("#covered")).to_have_text("0%")
    send(live_server, 0, 0, 2, "W1")
    expect(leader.locator("#covered")).not_to_have_text("0%")
    expect(leader.locator("html")).to_have_attribute("data-figures", "shown")


def test_the_map_comes_to_rest_when_what_it_asked_anew_is_as_it_was(leader: Page, live_server: LiveServer) -> None:
    """Tiles that turn out unchanged paint nothing, and MapLibre says that it is idle after a paint alone."""
    City.opened(leader, f"/?unit={COUNTY_A}&layers=units,tracks&map=14.00/31.73700/119.85000")
    hears(leader)
    held: list[Route] = []
    leader.route("**/api/tiles/tracks/**", lambda route: held.append(route))
    send(live_server, 0, 0, 2, "W1")  # out of sight
    expect(leader.locator("#covered")).not_to_have_text("0%")
    pages.wait_until_held(leader, held)
    expect(leader.locator("#map")).to_have_attribute("data-map", "busy")
    expect(leader.locator('html[data-figures="shown"][data-pending="0"]')).to_have_count(1)
    leader.route("**/api/tiles/tracks/**", lambda route: route.continue_())
    for route in held:
        route.continue_()
    settled(leader)


def test_people_who_are_out_appear_move_and_leave(db: Engine, leader: Page) -> None:
    """A point on the map and the number of people; both go when the patrol ends."""
    City.opened(leader).at("东山区")
    hears(leader)
    chip = leader.locator("#out-now")
    expect(chip).to_have_text("正在巡查 0 人")
    patrol = report(db, "W1")
    expect(chip).to_have_text("正在巡查 1 人")
    expect(leader.locator("#map")).to_have_attribute("data-out", "1")
    report(db, "W1", "stopped", patrol)
    expect(chip).to_have_text("正在巡查 0 人")
    expect(leader.locator("#map")).to_have_attribute("data-out", "0")
    chip.click()
    expect(leader.locator("#title")).to_have_text("东山区 今日在岗")


@pytest.mark.nightly
def test_the_simple_map_follows_too(db: Engine, leader: Page, live_server: LiveServer) -> None:
    """The same, without WebGL."""
    City.opened(leader, "/simple").at("东山区")
    hears(leader)
    report(db, "W1")
    expect(leader.locator("#map")).to_have_attribute("data-out", "1")
    send(live_server, 0, 0, 2, "W1")
    expect(leader.locator("#covered")).not_to_have_text("0%")


@pytest.mark.nightly
def test_what_happened_while_the_page_was_hidden_is_there_when_it_is_looked_at(
    leader: Page, live_server: LiveServer
) -> None:
    """A hidden page holds no connection; it is told on coming back."""
    City.opened(leader).at("东山区")
    hears(leader)
    hide = "value => { Object.defineProperty(document, 'hidden', {value, configurable: true}); "
    hide += "document.dispatchEvent(new Event('visibilitychange')); }"
    leader.evaluate(hide, True)
    expect(leader.locator("html")).not_to_have_attribute("data-live", "heard")
    send(live_server, 0, 0, 2, "W1")
    expect(leader.locator("#covered")).to_have_text("0%")
    leader.evaluate(hide, False)
    expect(leader.locator("#covered")).not_to_have_text("0%")


def test_what_happened_while_the_server_was_away_is_there_when_it_is_back(
    leader: Page, live_server: LiveServer, watch: PageWatch, db: Engine
) -> None:
    """Killed and started again: the page finds its way back to hearing, and shows what it missed."""
    watch.tolerate(GONE)
    City.opened(leader).at("东山区")
    hears(leader)
    live_server.restart()
    send(live_server, 0, 0, 2, "W1")
    expect(leader.locator("#covered")).not_to_have_text("0%")
    send(live_server, 0, 1, 2, "W1")
    expect(leader.locator("#out-now")).to_be_visible()
    report(db, "W2")
    expect(leader.locator("#out-now")).to_have_text("正在巡查 1 人")


def test_who_is_shut_out_is_sent_to_sign_in(db: Engine, leader: Page, watch: PageWatch) -> None:
    """The stream ends; the next look finds nobody signed in."""
    watch.tolerate("401")
    leader.clock.install()
    City.opened(leader).at("东山区")
    hears(leader)
    with db.begin() as connection:
        connection.execute(text("UPDATE account SET disabled_at = now() WHERE username = 'leader'"))
    expect(leader.locator("html")).not_to_have_attribute("data-live", "heard")
    leader.clock.fast_forward(60_000)
    leader.wait_for_url("**/login?next=**")


def opened(page: Page, unit: str) -> None:
    """The day of a unit, settled."""
    page.goto(f"/today?unit={unit}")
    expect(page.locator("html")).to_have_attribute("data-figures", "shown")


def figure(page: Page, name: str) -> str:
    """One of the six figures."""
    return page.locator(f'[data-figure="{name}"] dd').inner_text()


def test_the_day_of_a_county_down_to_a_village(leader: Page, live_server: LiveServer) -> None:
    """Figures, table, lists with telephone numbers; each step down has an address and leads back."""
    send(live_server, 6, 0, 2, "W1")
    send(live_server, 20, 0, 0, "W2")
    opened(leader, COUNTY_A)
    assert [figure(leader, name) for name in ("officers", "out", "not-started", "falling", "overdue")] == [
        "2",
        "0",
        "2",
        "1 个网格",
        "1 个网格",
    ]
    expect(leader.locator('[data-officer="W1"] .phone')).to_have_attribute("href", "tel:13800138001")
    expect(leader.locator('[data-officer="W2"]')).to_contain_text("无电话")
    expect(leader.locator("#grids .entry")).to_contain_text("柳树第1网格")
    leader.get_by_role("button", name="已超期 1").click()
    expect(leader.locator("#grids .entry")).to_contain_text("清水第1网格")
    leader.get_by_role("button", name="北塘街道").click()
    expect(leader.locator("#title")).to_have_text("北塘街道 今日在岗")
    leader.get_by_role("button", name="清水村").click()
    expect(leader.locator("#units tbody tr")).to_have_count(4)
    assert leader.url.endswith(VILLAGE_21)
    leader.go_back()
    expect(leader.locator("#title")).to_have_text("北塘街道 今日在岗")
    leader.locator("#breadcrumb").get_by_role("button", name="东山区").click()
    expect(leader.locator("#title")).to_have_text("东山区 今日在岗")


def test_the_day_follows_what_happens(db: Engine, leader: Page, live_server: LiveServer) -> None:
    """Somebody sets out, comes home, uploads: the lists change by themselves, and the choice of list stays."""
    opened(leader, VILLAGE_11)
    hears(leader)
    leader.get_by_role("button", name="正在巡查 0").click()
    expect(leader.locator("#people")).to_have_text("此刻没有人正在巡查。")
    patrol = report(db, "W1")
    expect(leader.locator("#people .entry")).to_contain_text("步行")
    expect(leader.locator("#people .entry")).to_contain_text("已走 1.2 公里")
    report(db, "W1", "stopped", patrol)
    expect(leader.get_by_role("button", name="已出发未上传 1")).to_be_visible()
    send(live_server, 0, 0, 2, "W1")
    expect(leader.get_by_role("button", name="已出发未上传 0")).to_be_visible()


@pytest.mark.nightly
def test_a_day_with_nothing_in_it(leader: Page, db: Engine) -> None:
    """Empty lists say so in words."""
    opened(leader, TOWN_2)
    expect(leader.locator("#grids")).to_have_text("3 日内没有网格超出周期。")
    leader.get_by_role("button", name="今日已巡 0").click()
    expect(leader.locator("#people")).to_have_text("今天还没有收到巡查记录。")


def test_a_unit_outside_ones_scope_is_refused_in_words(leader: Page, watch: PageWatch) -> None:
    """Not a blank page."""
    watch.tolerate("403")
    leader.goto("/today?unit=320492000000")
    expect(leader.locator("#trouble")).to_contain_text("不在您的管辖范围内")


def test_an_officer_is_told_that_the_page_is_not_theirs(
    db: Engine, browser: Browser, live_server: LiveServer, watch: PageWatch
) -> None:
    """In words, with the way back."""
    with watched_page(browser, watch, live_server.url, pages.PHONE, "wang") as page:
        page.goto("/today")
        expect(page.get_by_role("heading", name="没有查看本页的权限")).to_be_visible()
    watch.verify()


@pytest.mark.nightly
def test_the_day_on_a_phone(db: Engine, browser: Browser, live_server: LiveServer, watch: PageWatch) -> None:
    """Nothing is wider than the screen, and what is tapped is large enough."""
    send(live_server, 20, 0, 0, "W2")
    with watched_page(browser, watch, live_server.url, pages.PHONE, "leader") as page:
        opened(page, COUNTY_A)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert pages.low_targets(page.locator("#day button, #day .phone")) == []
        page.get_by_role("button", name="北塘街道").click()
        expect(page.locator("#title")).to_have_text("北塘街道 今日在岗")
    watch.verify()
