"""The page of sites: what must be looked into is found, read and put right. Server, database and browser are real."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Locator, Page, expect
from pydantic import SecretStr
from sqlalchemy import create_engine
from sqlalchemy.engine import URL, make_url

from app.db import transaction
from app.main import create_app
from app.rights import Role
from app.settings import Settings
from tests.app.review.world import World
from tests.support import databases, pages
from tests.support.people import add_person
from tests.support.seeding import VILLAGE_11
from tests.support.server import OPERATOR_TOKEN, LiveServer
from tests.web import city
from tests.web.sites_world import Sites, put_sites
from tests.web.test_states import NO_WEBGL2


@dataclass(frozen=True)
class Built:
    """The database with the sites in it."""

    url: URL
    sites: Sites


@pytest.fixture(scope="session")
def built(template: URL) -> Iterator[Built]:
    """Made once, to be copied."""
    with databases.fresh_database(template) as url:
        engine = create_engine(url, connect_args={"options": "-c timezone=UTC"})
        settings = Settings(database_url=url, operator_token=SecretStr(OPERATOR_TOKEN))
        World.built(engine, settings)
        with transaction(engine) as session:
            add_person(session, "admin", Role.ADMINISTRATOR)
        engine.dispose()
        headers = {"Authorization": f"Bearer {OPERATOR_TOKEN}"}
        with TestClient(create_app(settings), "http://127.0.0.1", headers=headers) as office:
            sites = put_sites(office)
        yield Built(make_url(url), sites)


@pytest.fixture
def database(built: Built) -> Iterator[str]:
    """A copy of it."""
    with databases.fresh_database(built.url) as url:
        yield url


@pytest.fixture
def sites(built: Built) -> Sites:
    """Ids of the sites."""
    return built.sites


def opened(
    browser: Browser, watch: pages.PageWatch, server: LiveServer, size: tuple[int, int], name: str
) -> Iterator[Page]:
    """The page of somebody, settled; it must have had no problems."""
    with pages.watched_page(browser, watch, server.url, size, name) as page:
        page.emulate_media(reduced_motion="reduce")
        page.goto("/sites")
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


def listed(page: Page) -> None:
    """Wait for the list."""
    page.locator('html[data-sites="shown"]').wait_for(state="attached", timeout=pages.PATIENCE_MS)


def names(page: Page) -> list[str]:
    """Sites in the order of the list."""
    listed(page)
    return page.locator(".site-name").all_inner_texts()


def opens(page: Page, site: str) -> Locator:
    """Open a site from the list and wait for it."""
    page.locator(f'#list tr[data-id="{site}"] .site-name').click()
    return shows(page, site)


def shows(page: Page, site: str) -> Locator:
    """Wait for a site."""
    page.locator(f'html[data-site="{site}"]').wait_for(state="attached", timeout=pages.PATIENCE_MS)
    return page.locator("#site")


def query(page: Page) -> dict[str, str]:
    """The state in the address bar, but for the map's view."""
    found = parse_qs(urlsplit(page.url).query)
    return {key: values[0] for key, values in found.items() if key != "map"}


def test_the_most_urgent_come_first_and_states_are_counted(town: Page) -> None:
    assert names(town) == ["石桥旧厂", "无坐标民房", "东风仓库", "宏达机械厂", "老张养殖场"]
    chips = town.locator("#states .chip")
    counted = {chip.get_attribute("data-state"): chip.locator("b").inner_text() for chip in chips.all()}
    assert counted == {"never": "3", "incomplete": "1", "overdue": "0", "due": "0", "checked": "1"}
    expect(town.locator("#count")).to_contain_text("共 5 处")


@pytest.mark.nightly
def test_filters_combine_and_survive_a_reload(town: Page) -> None:
    town.locator("#by-kind").select_option("factory")
    expect(town.locator(".site-name")).to_have_count(2)
    town.locator("#by-unit").fill("柳树")
    town.locator(f'.unit-list [data-code="{VILLAGE_11}"]').click()
    expect(town.locator(".site-name")).to_have_text(["宏达机械厂"])
    town.locator('.chip[data-state="incomplete"]').click()
    expect(town.locator('.chip[data-state="incomplete"]')).to_have_attribute("aria-pressed", "true")
    assert names(town) == ["宏达机械厂"]
    assert query(town) == {"kind": "factory", "unit": VILLAGE_11, "state": "incomplete"}
    town.reload()
    assert names(town) == ["宏达机械厂"]
    expect(town.locator("#by-kind")).to_have_value("factory")
    expect(town.locator("#by-unit")).to_have_value("柳树村")
    town.locator('.chip[data-state="incomplete"]').click()
    town.locator('.chip[data-state="checked"]').click()
    expect(town.locator("#none")).to_contain_text("没有符合条件的场所")
    town.locator("#clear").click()
    expect(town.locator(".site-name")).to_have_count(5)
    assert query(town) == {}


@pytest.mark.nightly
def test_words_and_omissions_narrow_the_list(town: Page) -> None:
    town.locator("#by-q").fill("喷涂部")
    expect(town.locator(".site-name")).to_have_text(["宏达机械厂"])
    town.locator("#by-q").fill("")
    expect(town.locator(".site-name")).to_have_count(5)
    town.locator("#by-omission").select_option("no_place")
    expect(town.locator(".site-name")).to_have_text(["无坐标民房"])
    assert query(town) == {"omission": "no_place"}


def test_a_site_says_why_it_is_incomplete_and_what_to_do(town: Page, sites: Sites) -> None:
    site = opens(town, sites.factory)
    expect(site.locator("#standing")).to_contain_text("检查不全：1 户未见（无名加工点）")
    expect(site.locator('#omissions [data-kind="never_seen"]')).to_contain_text("无名加工点")
    expect(site.locator('#omissions [data-kind="lease_expired"]')).to_contain_text("核实是续租还是应当腾退")
    expect(site.locator("#visits")).to_contain_text("王建国")
    expect(site.locator("#visits")).to_contain_text("手机在场所内")
    expect(site.locator("#visits")).to_contain_text("未见 1 户")
    assert query(town)["site"] == sites.factory


@pytest.mark.nightly
def test_the_tree_is_three_deep(town: Page, sites: Sites) -> None:
    site = opens(town, sites.factory)
    for depth, tenant in enumerate(sites.tenants):
        expect(site.locator(f'[data-tenancy="{tenant}"]')).to_have_attribute("data-depth", str(depth))
    second = site.locator(f'[data-tenancy="{sites.tenants[1]}"]')
    expect(second.locator(".tenancy").first).to_contain_text("油性漆 200 千克、稀释剂")
    expect(second.locator(".tenancy").first).to_contain_text("租期 2026-01-01 至 2026-06-30")
    expect(second.locator(f'[data-tenancy="{sites.tenants[2]}"]')).to_contain_text("从未看到")


def test_who_may_review_goes_on_to_the_visit(town: Page, sites: Sites) -> None:
    site = opens(town, sites.factory)
    visit = site.locator("#visits [data-visit]").first
    visit_id = visit.get_attribute("data-visit")
    visit.get_by_role("link", name="查看检查内容和照片").click()
    town.locator(f'html[data-record="{visit_id}"]').wait_for(state="attached", timeout=pages.PATIENCE_MS)


def test_a_refused_change_says_why_and_loses_nothing(
    town: Page, sites: Sites, watch: pages.PageWatch, client: TestClient
) -> None:
    watch.tolerate("422|409")  # the browser writes refused requests into its console
    opens(town, sites.factory).locator("#edit").click()
    form = town.locator("#site-form")
    form.locator('[name="safety_officer"]').fill("周安全")
    form.locator('[name="uscc"]').fill("91320400000000000X")
    form.get_by_role("button", name="保存修改").click()
    expect(form.get_by_role("alert")).to_contain_text("信用代码")
    expect(form.locator('[name="safety_officer"]')).to_have_value("周安全")
    form.locator('[name="uscc"]').fill("")
    patch = {"version": 1, "address": "柳树村 9 号"}
    assert client.patch(f"/api/sites/{sites.factory}", json=patch).status_code == 200
    form.get_by_role("button", name="保存修改").click()
    expect(form.get_by_role("alert")).to_contain_text("已被他人修改")
    expect(form.locator('[name="safety_officer"]')).to_have_value("周安全")
    form.get_by_role("button", name="保存修改").click()
    site = shows(town, sites.factory)
    expect(site.locator("#facts")).to_contain_text("周安全")
    expect(site.locator("#facts")).to_contain_text("柳树村 9 号")
    expect(site.locator("#history")).to_contain_text("安全员：空 → 周安全")


def test_a_site_is_added_with_its_place_picked_on_the_map(town: Page) -> None:
    settled(town)
    town.get_by_role("button", name="新增场所").click()
    form = town.locator("#site-form")
    form.get_by_role("button", name="保存").click()
    expect(form.get_by_role("alert")).to_contain_text("请填写名称")
    form.locator('[name="name"]').fill("河边小仓库")
    form.locator('[name="kind"]').select_option("warehouse")
    form.locator('[name="occupancy"]').select_option("idle")
    form.locator(".unit-input").fill("柳树")
    form.locator(f'.unit-list [data-code="{VILLAGE_11}"]').click()
    form.locator("#pick").click()
    expect(town.locator("#pick-bar")).to_be_visible()
    settled(town)
    box = town.locator("#map").bounding_box()
    assert box is not None
    town.mouse.click(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.4)
    expect(town.locator("#pick-bar")).to_be_hidden()
    expect(form.locator('[name="lon"]')).to_have_value(re.compile(r"^119\.\d+"))
    form.get_by_role("button", name="保存").click()
    expect(town.locator("#site .site-title")).to_contain_text("河边小仓库")
    expect(town.locator("#standing")).to_contain_text("从未检查")
    expect(town.locator("#count")).to_contain_text("共 6 处")


def test_a_tenant_comes_is_checked_and_goes(town: Page, sites: Sites, watch: pages.PageWatch) -> None:
    watch.tolerate("422|409")
    opens(town, sites.warehouse).locator("#add-tenancy").click()
    dialog = town.get_by_role("dialog")
    dialog.locator('[name="tenant_name"]').fill("阿强废品站")
    dialog.locator('[name="uscc"]').fill("123")
    dialog.get_by_role("button", name="增加一种化学品").click()
    dialog.get_by_label("名称", exact=True).fill("废机油")
    dialog.get_by_role("button", name="保存").click()
    expect(dialog.get_by_role("alert")).to_contain_text("信用代码")
    expect(dialog.get_by_label("名称", exact=True)).to_have_value("废机油")
    dialog.locator('[name="uscc"]').fill("")
    dialog.get_by_role("button", name="保存").click()
    tenancy = town.locator(".tenancy")
    expect(tenancy).to_contain_text("阿强废品站")
    expect(tenancy).to_contain_text("废机油")
    expect(tenancy.locator('.aspects [data-result="none"]')).to_have_count(3)
    deed(town, "登记体检")
    dialog.locator('[name="aspect"]').select_option("fire")
    dialog.locator('[name="result"]').select_option("failed")
    dialog.locator('[name="checked_by"]').fill("区消防大队")
    dialog.get_by_role("button", name="登记").click()
    expect(tenancy.locator('.aspects [data-result="failed"]')).to_contain_text("消防")
    expect(town.locator('#omissions [data-kind="let_despite_failed_check"]')).to_be_visible()
    deed(town, "退出")
    dialog.locator('[name="why"]').fill("已搬走")
    dialog.get_by_role("button", name="确认退出").click()
    expect(tenancy).to_have_count(0)
    expect(town.locator("#tenancies")).to_contain_text("已退出的租户（1 户）")


def deed(page: Page, name: str) -> None:
    """Choose something to do about the one tenant there."""
    page.locator(".deeds summary").click()
    page.locator(".deeds").get_by_role("button", name=name).click()


def test_a_site_with_somebody_inside_is_not_removed(town: Page, sites: Sites, watch: pages.PageWatch) -> None:
    watch.tolerate("409")
    opens(town, sites.factory).locator("#remove").click()
    dialog = town.get_by_role("dialog")
    dialog.locator('[name="why"]').fill("重复登记")
    dialog.get_by_role("button", name="确认移除").click()
    expect(dialog.get_by_role("alert")).to_contain_text("还有 3 户租户")
    expect(dialog.locator('[name="why"]')).to_have_value("重复登记")
    dialog.get_by_role("button", name="取消").click()
    opens(town, sites.warehouse).locator("#remove").click()
    dialog.locator('[name="why"]').fill("重复登记")
    dialog.get_by_role("button", name="确认移除").click()
    expect(town.locator("#site .standing")).to_contain_text("重复登记")
    expect(town.locator(".site-name", has_text="东风仓库")).to_have_count(0)


def settled(page: Page) -> None:
    """Wait until the map is drawn."""
    page.locator('#map[data-map="idle"]').wait_for(state="attached", timeout=pages.PATIENCE_MS)


def test_who_only_reads_changes_nothing(
    browser: Browser, watch: pages.PageWatch, live_server: LiveServer, sites: Sites
) -> None:
    with pages.watched_page(browser, watch, live_server.url, pages.DESKTOP, "leader") as page:
        page.goto(f"/sites?site={sites.factory}")
        site = shows(page, sites.factory)
        expect(site.locator("#tenancies")).to_contain_text("无名加工点")
        for name in ("#edit", "#remove", "#add-tenancy", ".deeds", ".to-review"):
            expect(site.locator(name)).to_have_count(0)
        expect(page.locator("#add")).to_be_hidden()
    watch.verify()


def test_without_the_right_the_page_says_so(browser: Browser, watch: pages.PageWatch, live_server: LiveServer) -> None:
    with pages.watched_page(browser, watch, live_server.url, pages.DESKTOP, "admin") as page:
        page.goto("/sites")
        expect(page.get_by_role("alert")).to_contain_text("没有查看本页的权限")
    watch.verify()


@pytest.mark.nightly
def test_without_webgl2_the_list_works(
    browser: Browser, watch: pages.PageWatch, live_server: LiveServer, sites: Sites
) -> None:
    with pages.watched_page(browser, watch, live_server.url, pages.DESKTOP, "town1") as page:
        page.add_init_script(NO_WEBGL2)
        page.goto("/sites")
        expect(page.locator("#no-map")).to_be_visible()
        expect(opens(page, sites.factory).locator("#standing")).to_contain_text("检查不全")
        page.locator("#edit").click()
        expect(page.locator("#site-form")).to_contain_text("画不了地图，请填写坐标")
    watch.verify()


def test_a_lost_server_is_said_and_found_again(town: Page, live_server: LiveServer, watch: pages.PageWatch) -> None:
    watch.tolerate(pages.GONE)
    live_server.kill()
    town.locator("#by-kind").select_option("farm")
    expect(town.locator("#trouble")).to_contain_text("与服务器失去连接")
    live_server.start()
    town.locator("#trouble").get_by_role("button", name="重试").click()
    expect(town.locator(".site-name")).to_have_text(["老张养殖场"])
    expect(town.locator("#trouble")).to_be_hidden()


def test_what_went_wrong_on_the_map_takes_no_way_on_away(town: Page, watch: pages.PageWatch) -> None:
    watch.tolerate(pages.GONE)
    settled(town)
    town.route("**/api/sites?*", lambda route: route.abort())
    town.route("**/api/tiles/**", lambda route: route.abort())
    with town.expect_event("requestfailed", lambda request: "/api/tiles/" in request.url):
        town.locator("#by-kind").select_option("farm")
    trouble = town.locator("#trouble")
    expect(trouble.get_by_role("button", name="重试")).to_be_visible()
    with town.expect_event("requestfailed", lambda request: "/api/tiles/" in request.url):
        town.locator(".maplibregl-ctrl-zoom-in").click()
    expect(town.locator("#map")).to_have_attribute("data-map", "idle")
    town.unroute_all()
    trouble.get_by_role("button", name="重试").click()
    expect(town.locator(".site-name")).to_have_text(["老张养殖场"])
    expect(trouble).to_be_hidden()


@pytest.mark.nightly
def test_on_a_phone_the_list_gives_way_to_the_site_and_comes_back(town_phone: Page, sites: Sites) -> None:
    page = town_phone
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert pages.low_targets(page.locator(".chip, #filters button, #filters select, #filters input, .site-name")) == []
    site = opens(page, sites.factory)
    expect(page.locator("#panel")).to_be_hidden()
    expect(site.locator("#standing")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert pages.low_targets(site.locator("button, summary")) == []
    page.get_by_role("button", name="返回列表").click()
    expect(page.locator(f'#list tr[data-id="{sites.factory}"] .site-name')).to_be_focused()
    page.get_by_role("button", name="新增场所").click()
    assert pages.low_targets(page.locator("#site-form input, #site-form select, #site-form button")) == []
    page.locator("#pick").click()
    expect(page.locator("#map")).to_be_in_viewport(ratio=0.9)
    page.locator("#pick-bar").get_by_role("button", name="取消").click()
    expect(page.locator("#site-form")).to_be_visible()


def test_the_main_map_shows_sites_when_asked_and_not_before(
    browser: Browser, watch: pages.PageWatch, live_server: LiveServer, sites: Sites
) -> None:
    with pages.watched_page(browser, watch, live_server.url, pages.DESKTOP, "town1") as page:
        page.emulate_media(reduced_motion="reduce")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto("/?map=15.00/31.77300/119.81000")
        city.settled(page)
        assert not [url for url in asked if "/tiles/sites" in url or "things.js" in url]
        with page.expect_response(re.compile("/api/tiles/sites/")):
            page.locator('[data-layer="sites"]').check()
        page.wait_for_url(re.compile("layers=.*sites"))
        city.settled(page)
        box = page.locator("#map").bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        expect(page.locator("#card")).to_contain_text("宏达机械厂")
        expect(page.locator("#card")).to_contain_text("检查不全")
        page.get_by_role("link", name="查看租户和走访").click()
        shows(page, sites.factory)
    watch.verify()
