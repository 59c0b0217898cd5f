"""A leader takes a unit away from the map page; the file opens from disk where there is no network."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from app.db import make_engine, transaction
from tests.app.snapshots.conftest import HOSTILE, put_site
from tests.support.pages import DESKTOP, PHONE, PageWatch, low_targets, opened_context
from tests.support.seeding import HEIGHT, SOUTH, VILLAGE_11, WEST, WIDTH
from tests.web.city import City

ALERTED = "window.alert = () => { window.alerted = true; }"


@pytest.fixture
def village(territory: None, database: str, page: Page) -> City:
    """The map page at a village with a site whose name tries to be code."""
    engine = make_engine(database, pool_size=1)
    with transaction(engine) as session:
        put_site(session, HOSTILE, VILLAGE_11, WEST + WIDTH, SOUTH + 3 * HEIGHT)
    engine.dispose()
    return City.opened(page, f"/?unit={VILLAGE_11}")


def taken(city: City, kind: str, folder: Path) -> Path:
    """Press a button of the panel; where the file came to lie."""
    with city.page.expect_download() as waited:
        city.page.locator(f'[data-takeaway="{kind}"]').click()
    path = folder / waited.value.suggested_filename
    waited.value.save_as(path)
    return path


@contextmanager
def from_disk(browser: Browser, path: Path, size: tuple[int, int]) -> Iterator[Page]:
    """The file in a browser that has no network; any request, error or alert fails the test."""
    watch = PageWatch("")
    with opened_context(browser, "about:blank", size) as context:
        context.set_offline(True)
        page = context.new_page()
        watch.attach(page)
        page.add_init_script(ALERTED)
        page.goto(path.as_uri())
        page.locator('html[data-map="shown"]').wait_for(state="attached")
        yield page
        assert page.evaluate("window.alerted === undefined")
        assert page.locator("img[src=x]").count() == 0
    watch.verify()


def test_the_snapshot_opens_from_disk_without_a_network(village: City, browser: Browser, tmp_path: Path) -> None:
    path = taken(village, "html", tmp_path)
    assert path.name.startswith(VILLAGE_11)
    expect(village.page.locator(".takeaway-status")).to_contain_text("已生成：柳树村")
    with from_disk(browser, path, DESKTOP) as page:
        expect(page.locator("h1")).to_have_text("试验市 东山区 南桥镇 柳树村 巡查覆盖快照")
        expect(page.locator("#rows tbody tr")).to_have_count(4)
        names = page.locator(".leaflet-tooltip.name")
        expect(names).to_have_count(4)
        assert sorted(names.all_inner_texts()) == [f"柳树第{n}网格" for n in range(1, 5)]
        box = page.locator(".folium-map").bounding_box()
        assert box
        layers = page.locator(".leaflet-control-layers-overlays label")
        labels = ["多久前看过", "已查比例（按网格）", "边界与名称", "盲区", "场所", "案件"]
        expect(layers).to_have_text([re.compile(re.escape(name)) for name in labels])
        layers.filter(has_text="边界与名称").locator("input").uncheck()
        expect(names).to_have_count(0)
        # The village is fitted into what the list of layers leaves free; the site lies in its middle.
        listed = page.locator(".leaflet-control-layers").bounding_box()
        assert listed
        page.mouse.move(box["x"] + (box["width"] - listed["width"]) / 2, box["y"] + box["height"] / 2)
        expect(page.locator(".told div div")).to_have_text([HOSTILE, "场所 · 从未检查"])


@pytest.mark.nightly
def test_the_snapshot_on_a_phone_shows_the_map_first(village: City, browser: Browser, tmp_path: Path) -> None:
    path = taken(village, "html", tmp_path)
    with from_disk(browser, path, PHONE) as page:
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        shown, panel = page.locator(".folium-map").bounding_box(), page.locator("#panel").bounding_box()
        assert shown
        assert panel
        assert shown["y"] + shown["height"] <= panel["y"] + 1
        assert low_targets(page.locator(".leaflet-control a, .fold")) == []
        layers = page.locator(".leaflet-control-layers-overlays label")
        expect(layers.first).to_be_hidden()
        page.get_by_role("button", name="图层").tap()
        expect(layers.first).to_be_visible()
        assert low_targets(layers) == []


def test_what_takes_long_says_so_and_can_be_stopped(village: City, tmp_path: Path) -> None:
    held: list[Route] = []
    # On its way for as long as the test wants.
    village.page.route("**/api/snapshots/**", lambda route: held.append(route))
    panel = village.page.locator("#takeaway")
    assert low_targets(panel.get_by_role("button")) == []
    panel.get_by_role("button", name="A3 打印图").click()
    expect(panel.get_by_role("status")).to_contain_text("正在生成A3 打印图")
    expect(panel.get_by_role("progressbar")).to_be_visible()
    expect(panel.get_by_role("button", name="离线快照")).to_be_disabled()
    panel.get_by_role("button", name="取消").click()
    expect(panel.get_by_role("status")).to_have_text("已取消：A3 打印图")
    expect(panel.get_by_role("progressbar")).to_be_hidden()
    village.page.unroute("**/api/snapshots/**")
    assert taken(village, "pdf", tmp_path).read_bytes().startswith(b"%PDF-")


def test_a_grid_alone_has_no_file(village: City) -> None:
    village.child("柳树第1网格").click()
    village.at("柳树第1网格")
    expect(village.page.locator("#takeaway")).to_be_hidden()
