"""Ninety days as a film on the map, and two of them beside each other. The server and the browser are real."""

import io
import re
from datetime import date, timedelta

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from app.settings import Settings
from tests.support import pages
from tests.support.pages import PATIENCE_MS
from tests.support.seeding import COUNTY_A, TOWN_1
from tests.web.city import City, settled


def ago(days: int) -> date:
    """A local day gone by."""
    return Settings().today() - timedelta(days=days)


def chinese(day: date) -> str:
    """A day as pages write it."""
    return f"{day.year}年{day.month}月{day.day}日"


def blue(page: Page) -> int:
    """How many dots in the middle of the map have the colour of ground seen a short while ago."""
    box = page.locator("#map").bounding_box()
    assert box is not None
    clip = {"x": box["x"] + 100, "y": box["y"] + 100, "width": box["width"] - 400, "height": box["height"] - 300}
    picture = np.asarray(Image.open(io.BytesIO(page.screenshot(clip=clip))).convert("RGB"), dtype=np.int64)  # type: ignore[arg-type]
    red, green, strong = picture[..., 0], picture[..., 1], picture[..., 2]
    return int(((strong > red + 60) & (strong > green + 30)).sum())


def test_the_film_shows_what_was_seen_day_by_day(city_page: Page) -> None:
    """A grid that was walked twelve days ago: nothing the day before, the walk from then on."""
    before = ago(14)
    city = City.opened(
        city_page, f"/?unit={COUNTY_A}&on={before}&layers=units,grids,freshness&map=14.0/31.7730/119.8300"
    )
    assert blue(city_page) == 0
    held: list[Route] = []  # what the film needs for the tenth day is late: it stands at the one before
    city_page.route(re.compile(f"/tiles/freshness/.*on={ago(10)}"), lambda route: held.append(route))
    city_page.locator("#play-open").click()
    bar = city_page.locator("#playback")
    expect(bar).to_have_attribute("data-on", before.isoformat())
    city_page.locator("#play-speed").select_option("1")
    city_page.locator("#play-toggle").click()
    expect(bar).to_have_attribute("data-on", ago(11).isoformat())
    assert blue(city_page) > 0
    assert city.query()["on"] == before.isoformat(), "while it runs the page stays as it was"
    expect(city_page.locator("#play-covered")).to_contain_text("东山区 已查")
    city_page.keyboard.press("Space")
    pages.wait_until_held(city_page, held)
    for route in held:
        route.continue_()
    shown = city_page.locator("#play-date").inner_text()
    settled(city_page)
    expect(city_page.locator("#as-of")).to_contain_text(shown)
    assert blue(city_page) > 0


@pytest.mark.nightly
def test_the_film_runs_from_the_first_day_to_today_and_stops(city_page: Page) -> None:
    """The overview's link opens it paused where motion is not wanted; the keyboard leads it."""
    city = City.opened(city_page, f"/?unit={COUNTY_A}&play=1")
    toggle = city_page.locator("#play-toggle")
    expect(toggle).to_have_text("▶ 播放")
    expect(toggle).to_be_focused()
    expect(city_page.locator("#play-date")).to_have_text(chinese(ago(20)))
    city_page.keyboard.press("ArrowRight")
    expect(city_page.locator("#play-date")).to_have_text(chinese(ago(19)))
    settled(city_page)
    assert city.query()["on"] == ago(19).isoformat()
    city_page.locator("#play-speed").select_option("8")
    toggle.click()
    expect(toggle).to_have_text("▶ 播放", timeout=PATIENCE_MS)
    expect(city_page.locator("#play-date")).to_have_text(chinese(ago(0)))
    settled(city_page)
    assert "on" not in city.query()
    city_page.keyboard.press("Escape")
    expect(city_page.locator("#playback")).to_be_hidden()


@pytest.mark.nightly
def test_two_days_beside_each_other(city_page: Page) -> None:
    """The same figures as the map page has for each day, their difference as shown, maps that move as one."""
    shown = []
    for days in (15, 0):
        City.opened(city_page, f"/?unit={TOWN_1}&on={ago(days)}")
        shown.append(city_page.locator("#covered").inner_text())
    city_page.goto(f"/compare?unit={TOWN_1}&a={ago(15)}&b={ago(0)}")
    for side, value in zip("ab", shown, strict=True):
        expect(city_page.locator(f"#head-{side} .side-value b")).to_have_text(value)
        city_page.locator(f'#map-{side}[data-map="idle"]').wait_for(state="attached", timeout=PATIENCE_MS)
    rise = float(shown[1].strip("<%")) - float(shown[0].strip("<%"))
    assert rise > 0
    expect(city_page.locator('#shares [data-share="tracked"] td').last).to_contain_text(f"+{rise:.1f}")
    expect(city_page.locator("#told")).to_contain_text(f"已查上升 {rise:.1f} 个百分点")
    city_page.locator("#map-b .maplibregl-ctrl-zoom-in").click()
    expect(city_page.locator("#map-a .maplibregl-ctrl-scale")).to_have_text(
        city_page.locator("#map-b .maplibregl-ctrl-scale").inner_text()
    )
    city_page.get_by_label("左图日期").fill(ago(0).isoformat())
    city_page.get_by_label("左图日期").blur()
    expect(city_page.locator("#told")).to_contain_text("持平")
    assert f"a={ago(0)}" in city_page.url
