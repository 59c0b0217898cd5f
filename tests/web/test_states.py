"""What the page says when something is missing: data, patrols, the server, WebGL2."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.pages import GONE, PageWatch
from tests.support.seeding import COUNTY_A
from tests.support.server import LiveServer
from tests.web.city import City, settled

NO_WEBGL2 = """
const original = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  return kind === "webgl2" ? null : original.call(this, kind, ...rest);
};
"""


def test_empty_database_says_what_to_do(page: Page) -> None:
    """Not an error: the next steps."""
    page.goto("/")
    expect(page.get_by_role("heading", name="尚无区划数据")).to_be_visible()
    expect(page.locator("#headline")).to_contain_text("wuyilou")
    expect(page.locator("#sliders")).to_be_hidden()


def test_no_patrols_yet(territory: None, page: Page) -> None:
    """All is never seen, and the page says why."""
    City.opened(page).at("试验市")
    expect(page.locator("#covered")).to_have_text("0%")
    expect(page.locator("#headline")).to_contain_text("尚无巡查记录")
    expect(page.locator("#date")).to_be_disabled()


def test_unknown_unit_in_the_address(territory: None, page: Page, watch: PageWatch) -> None:
    """A wrong link says so and leads home."""
    watch.tolerate("404")
    page.goto("/?unit=999999999999")
    expect(page.locator("#trouble")).to_contain_text("999999999999")
    page.get_by_role("button", name="回到首页").click()
    expect(page.locator("#place-name")).to_have_text("试验市")
    expect(page.locator("#trouble")).to_be_hidden()


def test_server_gone_and_back(territory: None, page: Page, live_server: LiveServer, watch: PageWatch) -> None:
    """The banner, the last figures marked as old, and all by itself the answer once the server is back."""
    watch.tolerate(GONE)
    city = City.opened(page)
    covered = page.locator("#covered").inner_text()
    live_server.kill()
    city.child("东山区").click()
    expect(page.locator("#banner")).to_contain_text("与服务器失去连接，正在重试")
    expect(page.locator("#banner")).to_contain_text("的数据")
    expect(page.locator("#covered")).to_have_text(covered)
    live_server.start()
    expect(page.locator("#banner")).to_be_hidden()
    city.at("东山区")


def test_without_webgl2_the_figures_stay_and_the_simple_page_is_offered(city_page: Page) -> None:
    """The link keeps the state; the simple page draws, drills down, lists and asks."""
    page = city_page
    page.add_init_script(NO_WEBGL2)
    page.goto(f"/?unit={COUNTY_A}")
    expect(page.locator("#place-name")).to_have_text("东山区")
    expect(page.locator("#notice")).to_contain_text("WebGL2")
    page.locator("#to-simple").click()
    settled(page)
    simple = City(page)
    simple.at("东山区")
    assert page.url.split("?")[0].endswith("/simple")
    expect(page.locator("#map path.leaflet-interactive")).to_have_count(2)
    simple.child("南桥镇").click()
    simple.at("南桥镇")
    page.get_by_role("tab", name="盲区").click()
    page.locator("#spots .spot").first.click()
    expect(page.locator("#spot-officer")).to_be_visible()


CROWDED = """
() => {
  const boxes = [...document.querySelectorAll(".map-label")]
    .filter((label) => getComputedStyle(label).visibility === "visible")
    .map((label) => label.getBoundingClientRect());
  const pairs = boxes.flatMap((a, i) => boxes.slice(i + 1).map((b) => [a, b]));
  const touching = pairs.filter(
    ([a, b]) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom,
  );
  return { shown: boxes.length, all: document.querySelectorAll(".map-label").length, touching: touching.length };
}
"""


@pytest.mark.nightly
def test_names_on_the_simple_map_never_lie_on_each_other(city_page: Page) -> None:
    """From far away the smaller unit's name goes, and comes back from near."""
    page = city_page
    page.goto(f"/simple?unit={COUNTY_A}&map=7/31.8/119.95")
    settled(page)
    expect(page.locator(".map-label.crowded")).not_to_have_count(0)
    far = page.evaluate(CROWDED)
    assert (far["shown"] >= 1, far["touching"]) == (True, 0)
    page.goto(f"/simple?unit={COUNTY_A}")
    settled(page)
    near = page.evaluate(CROWDED)
    assert (near["shown"], near["touching"]) == (near["all"], 0)


@pytest.mark.nightly
@pytest.mark.parametrize("address", ["/", "/simple"])
def test_keyboard_reaches_the_data_first(city_page: Page, address: str) -> None:
    """The first stop skips the header; focus is visible."""
    page = city_page
    City.opened(page, address)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到数据")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#panel")).to_be_focused()
