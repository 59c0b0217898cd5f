"""A leader looks at the overview: on a wall, at a desk, on a phone. The server, the database, the browser are real."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.support.pages import PATIENCE_MS, PHONE, PageWatch, low_targets, watched_page
from tests.support.seeding import COUNTY_A, TOWN_2
from tests.support.server import LiveServer
from tests.web.city import City, settled
from tests.web.conftest import send

WALL = (1920, 1080)


def opened(page: Page, address: str = f"/overview?unit={COUNTY_A}") -> Page:
    """The page with its figures."""
    page.goto(address)
    page.locator('html[data-figures="shown"]').wait_for(state="attached", timeout=PATIENCE_MS)
    return page


def overflow(page: Page) -> list[str]:
    """Parts of the page that are cut off or must be scrolled to."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('body, #overview, #overview .card, #units-list, #spots-list, #cards')]
            .filter(part => part.scrollHeight > part.clientHeight + 1 || part.scrollWidth > part.clientWidth + 1
                || part.getBoundingClientRect().bottom > innerHeight + 1)
            .map(part => `${part.id || part.dataset.card || part.tagName} ${part.scrollHeight}>${part.clientHeight}`)"""
    )
    return found


def test_a_wall_and_a_desk_show_everything_without_scrolling(city_page: Page) -> None:
    for size in (WALL, (1440, 900), (1366, 768)):
        city_page.set_viewport_size({"width": size[0], "height": size[1]})
        opened(city_page)
        expect(city_page.locator("[data-card]")).to_have_count(7)
        expect(city_page.locator("#trend-chart canvas")).to_be_visible()
        assert overflow(city_page) == [], size
    city_page.set_viewport_size({"width": WALL[0], "height": WALL[1]})
    small: list[str] = city_page.evaluate(
        """() => [...document.querySelectorAll('#overview *')].filter(part => part.checkVisibility()
            && [...part.childNodes].some(node => node.nodeType === 3 && node.data.trim())
            && parseFloat(getComputedStyle(part).fontSize) < 16.5).map(part => part.textContent)"""
    )
    assert small == [], "too small to read from four metres"


def test_every_number_leads_to_what_is_behind_it(city_page: Page) -> None:
    """No figure is a dead end; each link keeps the unit and names its filter."""
    opened(city_page)
    dead: list[str] = city_page.locator("#overview").evaluate(
        """main => [...main.querySelectorAll('b, dd, .covered-value, .unit-value')]
            .filter(part => !part.closest('a') && !part.querySelector('a')).map(part => part.outerHTML)"""
    )
    assert dead == []
    shown = city_page.locator("#covered").inner_text()
    city_page.locator("#covered").click()
    assert City(city_page).covered() == float(shown.strip("<%"))
    opened(city_page)
    overdue = city_page.locator('[data-card="cases"] a', has_text="整治中")
    expect(overdue).to_have_attribute("href", f"/cases?unit={COUNTY_A}&state=rectifying")
    city_page.locator("#spots-list a").first.click()
    expect(city_page.locator("#card")).to_be_visible()
    settled(city_page)
    assert City(city_page).query()["unit"] == COUNTY_A
    assert City(city_page).view()[0] > 13, "the map is where the blind spot is"
    opened(city_page, f"/overview?unit={TOWN_2}")
    city_page.locator("#covered").click()
    City(city_page).at("北塘街道")
    _, lat, lon = City(city_page).view()
    assert 31.72 < lat < 31.77, "the map is where the unit is"
    assert 119.79 < lon < 119.89


def test_one_goes_down_the_tree_and_back(city_page: Page) -> None:
    opened(city_page)
    names = city_page.locator("#units-list .unit-name")
    expect(names).to_have_text(["北塘街道", "南桥镇"])
    city_page.get_by_role("button", name="北塘街道", exact=True).click()
    expect(city_page.locator("#title")).to_have_text("北塘街道")
    expect(city_page).to_have_url(re.compile(f"unit={TOWN_2}"))
    city_page.go_back()
    expect(city_page.locator("#title")).to_have_text("东山区")


def test_it_follows_what_happens_by_itself(page: Page, territory: None, live_server: LiveServer) -> None:
    """A patrol comes in, and the number on the wall rises without anybody touching it."""
    opened(page)
    expect(page.locator("#covered")).to_have_text("0%")
    page.locator('html[data-live="heard"]').wait_for(state="attached")
    send(live_server, 0, 0, 2, "W1")
    expect(page.locator("#covered")).not_to_have_text("0%")
    expect(page.locator("#trend-days li").last).to_contain_text("对比")


def test_a_phone_has_one_column_for_fingers(browser: Browser, city_server: LiveServer, city_watch: PageWatch) -> None:
    with watched_page(browser, city_watch, city_server.url, PHONE) as page:
        opened(page)
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE[0]
        lefts: list[float] = page.locator("#overview .card").evaluate_all(
            "cards => [...new Set(cards.map(card => card.getBoundingClientRect().left))]"
        )
        assert len(lefts) == 1
        assert low_targets(page.locator(".facts a, #units-list .link, #units-list .unit-value, #spots-list a")) == []
    city_watch.verify()
