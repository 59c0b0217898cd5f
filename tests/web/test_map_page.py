"""A leader at a desk uses the map page; the server, the database and the browser are real."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.pages import low_targets
from tests.support.seeding import COUNTY_A, TOWN_1, VILLAGE_11, VILLAGE_22
from tests.web.city import City, settled


def test_drill_down_by_table_and_back(city: City) -> None:
    """City, county, town, village, grid; the breadcrumb leads back and so does the browser's button."""
    city.at("试验市")
    for name in ("东山区", "南桥镇", "柳树村"):
        city.child(name).click()
        city.at(name)
    assert city.crumbs() == ["试验市", "东山区", "南桥镇", "柳树村"]
    assert city.query()["unit"] == VILLAGE_11
    city.child("柳树第1网格").click()
    city.at("柳树第1网格")
    expect(city.page.locator("#headline")).to_contain_text("王建国")
    city.page.go_back()
    city.at("柳树村")
    city.page.locator("#breadcrumb").get_by_role("button", name="东山区").click()
    city.at("东山区")
    assert city.query()["unit"] == COUNTY_A


@pytest.mark.nightly
def test_drill_down_by_keyboard_goes_on_from_the_new_figures(city: City) -> None:
    """The button that was pressed is gone; the next Tab must not start at the top of the page again."""
    city.child("东山区").press("Enter")
    city.at("东山区")
    expect(city.page.locator("#panel")).to_be_focused()
    city.page.keyboard.press("Tab")
    expect(city.page.locator("#tab-children")).to_be_focused()


@pytest.mark.nightly
def test_drill_down_by_clicking_the_map(city: City) -> None:
    """A click on the map goes to the village under it, and the map follows."""
    zoom, _, _ = city.view()
    city.click_map(119.82, 31.785)
    city.at("柳树村")
    assert city.view()[0] > zoom


def test_address_restores_everything(city: City) -> None:
    """Whoever is sent the address sees the same unit, sliders, layers and map."""
    page = city.page
    city.child("东山区").click()
    city.at("东山区")
    page.locator("#cycle").fill("30")
    page.locator("#date").fill("10")
    page.locator('[data-layer="tracks"]').check()
    settled(page)
    address, covered, day = page.url, city.covered(), page.locator("#as-of").inner_text()
    page.goto("about:blank")
    again = City.opened(page, address)
    again.at("东山区")
    assert page.url == address
    assert (again.covered(), page.locator("#as-of").inner_text()) == (covered, day)
    expect(page.locator("#cycle")).to_have_value("30")
    expect(page.locator('[data-layer="tracks"]')).to_be_checked()


@pytest.mark.nightly
def test_children_sort_by_any_column(city: City) -> None:
    """Worst first at the start; a second click turns it round; the keyboard does the same."""
    page = city.page
    city.child("东山区").click()
    city.at("东山区")
    assert city.names() == ["北塘街道", "南桥镇"]
    page.get_by_role("button", name="已查").click()
    assert city.names() == ["南桥镇", "北塘街道"]
    page.get_by_role("button", name="无主地").focus()
    page.keyboard.press("Enter")
    assert city.names() == ["北塘街道", "南桥镇"]
    expect(page.get_by_role("columnheader", name="无主地")).to_have_attribute("aria-sort", "descending")
    expect(page.get_by_role("button", name="无主地")).to_be_focused()


def test_cycle_slider_changes_the_figures(city: City) -> None:
    """What is stale by its own cycle is covered by a longer one, and the way back leads to the same figure."""
    own = city.covered()
    city.page.locator("#cycle").fill("30")
    expect(city.page.locator("#as-of")).to_contain_text("统一周期 30 天")
    assert city.covered() > own
    city.page.locator("#cycle").fill("1")
    expect(city.page.locator("#as-of")).to_contain_text("统一周期 1 天")
    expect(city.page.locator("#covered")).to_have_text("0%")
    city.page.locator("#cycle-own").check()
    expect(city.page.locator("#as-of")).to_contain_text("各网格自身周期")
    assert city.covered() == own


def test_date_slider_goes_back_in_time(city: City) -> None:
    """On the first day only the first walk was there; no geometry is fetched again for it."""
    page = city.page
    city.child("东山区").click()
    city.at("东山区")
    page.locator("#cycle").fill("90")
    now = city.covered()
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.locator("#date").fill("0")
    expect(page.locator("#as-of")).not_to_contain_text("今天")
    assert 0 < city.covered() < now
    assert not [url for url in fetched if re.search(r"/tiles/(units|grids|labels)/", url)]
    assert "on" in city.query()


@pytest.mark.nightly
def test_bar_fills_its_whole_width(city: City) -> None:
    """The shares add up to the unit, at every level."""
    assert abs(city.bar_fill() - 1) < 1e-9
    for name in ("东山区", "北塘街道", "新塘社区"):
        city.child(name).click()
        city.at(name)
        assert abs(city.bar_fill() - 1) < 1e-9


def test_blind_spot_flies_there_and_names_who_is_in_charge(city: City) -> None:
    """The list is ranked; a click opens the card, marks the entry and moves the map; closing clears it."""
    page = city.page
    city.child("东山区").click()
    city.at("东山区")
    page.get_by_role("tab", name="盲区").click()
    spot = page.locator("#spots .spot").filter(has_text="王建国").first
    walk_to = [float(part) for part in (spot.get_attribute("data-walk-to") or "").split(",")]
    zoom, _, _ = city.view()
    spot.click()
    expect(page.locator("#spot-officer")).to_contain_text("王建国")
    expect(page.locator("#spot-officer a")).to_have_attribute("href", "tel:13800138001")
    expect(spot).to_have_attribute("aria-pressed", "true")
    settled(page)
    after, lat, lon = city.view()
    assert after > zoom
    assert abs(lon - walk_to[0]) < 0.02
    assert abs(lat - walk_to[1]) < 0.02
    assert [float(part) for part in city.query()["spot"].split(",")] == walk_to
    page.keyboard.press("Escape")
    expect(page.locator("#card")).to_be_hidden()


def test_spot_in_the_address_opens_its_card(city: City) -> None:
    """A blind spot can be sent to the officer as a link."""
    page = city.page
    page.get_by_role("tab", name="盲区").click()
    page.locator("#spots .spot").first.click()
    title = page.locator("#card h2").inner_text()
    settled(page)
    address = page.url
    page.goto("about:blank")
    City.opened(page, address)
    expect(page.locator("#card h2")).to_have_text(title)


def test_click_from_near_asks_who_looked_here_last(city: City) -> None:
    """On the way walked: officer, day and label. Beside it: nobody. In the gap: nobody's land."""
    page = city.page
    near = City.opened(page, f"/?unit={VILLAGE_11}&map=15.50/31.77300/119.80600")
    near.click_map(119.806, 31.7730)
    expect(page.locator("#last-officer")).to_have_text("王建国")
    expect(page.locator("#card")).to_contain_text("3 天前")
    expect(page.locator("#card")).to_contain_text("真实轨迹，移置")
    near.click_map(119.806, 31.7697)
    expect(page.locator("#last-officer")).to_contain_text("没有人来过")
    page.go_back()
    expect(page.locator("#last-officer")).to_have_text("王建国")
    page.locator("#card").get_by_role("button", name="柳树第1网格").click()
    near.at("柳树第1网格")
    gap = City.opened(page, f"/?unit={VILLAGE_22}&map=14.00/31.73700/119.85000")
    gap.click_map(119.85, 31.737)
    expect(page.locator("#card .missing")).to_have_text("无主地")


def test_search_by_keyboard_alone(city: City) -> None:
    """Type, arrow down, Enter; by name and by code."""
    page = city.page
    page.locator("#search-input").focus()
    page.keyboard.type("桥")
    expect(page.get_by_role("option")).to_have_count(6)
    page.keyboard.press("ArrowDown")
    second = page.get_by_role("option").nth(1)
    expect(second).to_have_attribute("aria-selected", "true")
    name = second.locator("strong").inner_text()
    page.keyboard.press("Enter")
    city.at(name)
    page.locator("#search-input").fill(f"{TOWN_1}"[:9])
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#search-list")).to_be_hidden()


@pytest.mark.nightly
def test_layers_switch_and_carry_their_legend(city: City) -> None:
    """A switch turns the layer and its legend on and off and stands in the address."""
    page = City.opened(city.page, "/?map=13.00/31.77000/119.82000").page
    with page.expect_request(re.compile("/api/tiles/freshness/")):
        page.locator('[data-layer="freshness"]').check()
    expect(page.locator("#freshness-title")).to_be_visible()
    with page.expect_request(re.compile("/api/tiles/tracks/")):
        page.locator('[data-layer="tracks"]').check()
    expect(page.locator("#track-window")).to_contain_text("15 天")
    for name in ("units", "grids", "spots", "defects", "exclusions"):
        page.locator(f'[data-layer="{name}"]').uncheck()
    settled(page)
    assert city.query()["layers"] == "freshness,tracks"
    expect(page.get_by_text("80% – 95%")).to_be_hidden()


def test_defects_are_listed_with_their_areas(city: City) -> None:
    """The gap first: it is the larger; a click goes there."""
    page = city.page
    page.get_by_role("tab", name="区划缺陷").click()
    expect(page.locator("#defects .list-head")).to_contain_text("无主地 1 处")
    first = page.locator("#defects .spot").first
    expect(first).to_contain_text("无主地")
    expect(first).to_contain_text("平方公里")
    zoom, _, _ = city.view()
    first.click()
    settled(page)
    assert city.view()[0] > zoom


@pytest.mark.nightly
def test_unit_without_grids_says_so(city: City) -> None:
    """Nothing assigned is a finding, not an empty page."""
    city.child("西河县").click()
    city.at("西河县")
    expect(city.page.locator(".note").first).to_contain_text("尚未划分网格")
    expect(city.page.locator('.share-list [data-share="unassigned"] .share-percent')).to_have_text("100%")


@pytest.mark.nightly
def test_print_shows_figures_and_both_lists(city: City) -> None:
    """On paper there is no map, and nothing hides in a tab."""
    city.page.emulate_media(media="print")
    expect(city.page.locator("#stage")).to_be_hidden()
    for part in ("#headline", "#children", "#spots"):
        expect(city.page.locator(part)).to_be_visible()


def test_phone(phone_city: City) -> None:
    """Everything is reachable by finger, nothing sticks out sideways."""
    page = phone_city.page
    assert page.locator("html").evaluate("e => e.scrollWidth") <= 390
    phone_city.child("东山区").tap()
    phone_city.at("东山区")
    page.get_by_role("tab", name="盲区").tap()
    page.locator("#spots .spot").first.tap()
    expect(page.locator("#spot-officer")).to_be_in_viewport()
    assert low_targets(page.locator("#tabs button, #card button, #breadcrumb button, #layers summary")) == []
