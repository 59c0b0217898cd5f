"""The page of lists: who was not looked into is found, and what is not sure is settled. All of it is real."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page, expect
from pydantic import SecretStr
from sqlalchemy import create_engine
from sqlalchemy.engine import URL, make_url

from app.db import transaction
from app.main import create_app
from app.rights import Role
from app.settings import Settings
from tests.app.sites.bodies import days
from tests.support import databases, pages
from tests.support.people import add_person
from tests.support.seeding import COUNTY_A, TOWN_3, VILLAGE_12, seed_city
from tests.support.server import OPERATOR_TOKEN, LiveServer
from tests.web.baselines_world import Put, list_file, put
from tests.web.test_states import NO_WEBGL2

PATIENCE_MS = 60_000


@dataclass(frozen=True)
class Built:
    """The database with the lists in it."""

    url: URL
    ids: Put


@pytest.fixture(scope="session")
def built_lists(template: URL) -> Iterator[Built]:
    """Made once, to be copied."""
    with databases.fresh_database(template) as url:
        engine = create_engine(url, connect_args={"options": "-c timezone=UTC"})
        with transaction(engine) as session:
            seed_city(session)
            for name, role, unit in (
                ("county", Role.COUNTY, COUNTY_A),
                ("leader", Role.LEADER, COUNTY_A),
                ("village12", Role.VILLAGE, VILLAGE_12),
                ("town3", Role.TOWN, TOWN_3),
            ):
                add_person(session, name, role, ((unit, None),))
            add_person(session, "admin", Role.ADMINISTRATOR)
        settings = Settings(database_url=url, operator_token=SecretStr(OPERATOR_TOKEN))
        headers = {"Authorization": f"Bearer {OPERATOR_TOKEN}"}
        with TestClient(create_app(settings), "http://127.0.0.1", headers=headers) as office:
            ids = put(office, settings)
        engine.dispose()
        yield Built(make_url(url), ids)


@pytest.fixture
def database(built_lists: Built) -> Iterator[str]:
    """A copy of it."""
    with databases.fresh_database(built_lists.url) as url:
        yield url


@pytest.fixture
def ids(built_lists: Built) -> Put:
    """Ids of what is in it."""
    return built_lists.ids


def opened(
    browser: Browser, watch: pages.PageWatch, server: LiveServer, size: tuple[int, int], name: str
) -> Iterator[Page]:
    """The page of somebody, settled; it must have had no problems."""
    with pages.watched_page(browser, watch, server.url, size, name) as page:
        page.emulate_media(reduced_motion="reduce")
        page.goto("/baselines")
        settled(page, "lists")
        yield page
    watch.verify()


@pytest.fixture
def county(browser: Browser, watch: pages.PageWatch, live_server: LiveServer) -> Iterator[Page]:
    """A county's staff member at a desk."""
    yield from opened(browser, watch, live_server, pages.DESKTOP, "county")


@pytest.fixture
def county_phone(browser: Browser, watch: pages.PageWatch, live_server: LiveServer) -> Iterator[Page]:
    """A county's staff member on a phone."""
    yield from opened(browser, watch, live_server, pages.PHONE, "county")


def settled(page: Page, view: str) -> None:
    """All lists, or one, are shown."""
    expect(page.locator("html")).to_have_attribute("data-baselines", view, timeout=PATIENCE_MS)


def open_list(page: Page) -> None:
    """Open the list of the city."""
    page.get_by_role("link", name="2026年10月市场主体名录").click()
    settled(page, "list")


def open_row(page: Page, name: str) -> None:
    """Open a row of the list."""
    page.locator("#rows").get_by_text(name).click()
    expect(page.locator("#row h2")).to_have_text(name)


def asked(page: Page) -> dict[str, str]:
    """What the address says."""
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def test_lists_say_how_many_were_looked_into_and_lead_to_who_was_not(county: Page) -> None:
    card = county.locator(".list-card")
    expect(card).to_contain_text("6 户中已检查 2 户")
    expect(card.locator(".rate")).to_have_text("33%")
    card.get_by_role("link", name="未检查").click()
    settled(county, "list")
    expect(county.locator("#count")).to_have_text("共 4 户")
    assert asked(county)["checked"] == "false"
    names = county.locator("#rows b").all_text_contents()
    assert names == ["华兴精密制造有限公司", "鑫源电镀厂", "永盛喷涂有限公司", "恒泰化工厂"]
    county.go_back()
    settled(county, "lists")
    expect(county.locator("#lists")).to_be_visible()


def test_each_figure_opens_its_rows_and_the_rate_says_both_its_parts(county: Page) -> None:
    open_list(county)
    expect(county.locator("#figures")).to_contain_text(
        "已检查 2 户（场所在周期内查过 1 户，到现场查无此企业 1 户）÷ 全部 6 户"
    )
    chips = county.locator(".chip")
    for at in range(chips.count()):
        label = chips.nth(at).inner_text()
        count = label.rpartition(" ")[2]
        chips.nth(at).click()
        expect(chips.nth(at)).to_have_attribute("aria-pressed", "true")
        expect(county.locator("#count")).to_have_text("没有符合条件的户。" if count == "0" else f"共 {count} 户")
        expect(county.locator("#rows .row")).to_have_count(int(count))


def test_a_matched_row_says_why(county: Page, ids: Put) -> None:
    open_list(county)
    open_row(county, "华兴精密制造有限公司")
    ground = county.locator(".ground-side")
    expect(ground).to_contain_text("老名机械有限公司")
    expect(ground).to_contain_text("得分 1.00")
    expect(ground.locator(".reasons")).to_contain_text("统一社会信用代码相同")
    expect(ground.locator(".reasons")).to_contain_text("请核对是否已更名")
    link = ground.get_by_role("link", name="老名机械有限公司")
    expect(link).to_have_attribute("href", f"/sites?site={ids.park}")


def test_doubtful_rows_are_settled_by_key_and_by_click_and_the_next_comes_up(county: Page) -> None:
    open_list(county)
    county.get_by_role("button", name="待确认 2").click()
    expect(county.locator("#rows .row")).to_have_count(2)
    county.keyboard.press("j")
    expect(county.locator("#row h2")).to_have_text("鑫源电镀厂")
    expect(county.locator(".candidates .target").first).to_contain_text("鑫源电镀有限公司")
    expect(county.locator(".listed")).to_contain_text("0519-85550001")
    county.keyboard.press("1")
    expect(county.locator("#row h2")).to_have_text("永盛喷涂有限公司")
    expect(county.locator("#live")).to_have_text("已认定为“已匹配”。")
    expect(county.locator(".findings")).to_contain_text("末位应为“L”")
    county.get_by_role("button", name="就是它").first.click()
    expect(county.locator("#count")).to_have_text("没有符合条件的户。")
    expect(county.get_by_role("button", name="已匹配 4")).to_be_visible()
    expect(county.locator(".row-history")).to_contain_text("认定为“已匹配”")


def test_no_such_firm_needs_a_day_and_words(county: Page) -> None:
    open_list(county)
    open_row(county, "恒泰化工厂")
    county.get_by_role("button", name="到过现场，查无此企业").click()
    dialog = county.locator("dialog")
    dialog.get_by_label("走访日期").fill(days(1).isoformat())
    dialog.get_by_role("button", name="认定查无此企业").click()
    expect(dialog).to_be_visible()
    dialog.get_by_label("现场情况").fill("该处为农田")
    dialog.get_by_role("button", name="认定查无此企业").click()
    expect(dialog).to_have_count(0)
    expect(county.locator(".ground-side")).to_contain_text("该处为农田")
    expect(county.locator("#figures .rate")).to_have_text("50%")


def test_any_site_can_be_chosen_and_a_tenant_in_it(county: Page) -> None:
    open_list(county)
    open_row(county, "恒泰化工厂")
    county.get_by_role("button", name="另选场所").click()
    dialog = county.locator("dialog")
    dialog.get_by_role("button", name="选定").click()
    expect(dialog.get_by_role("alert")).to_have_text("请先选择一处场所。")
    dialog.get_by_label("查找场所或租户").fill("南桥工业园")
    dialog.get_by_text("南桥工业园").first.click()
    dialog.get_by_text("鑫源电镀有限公司").click()
    dialog.get_by_role("button", name="选定").click()
    expect(county.locator(".ground-side")).to_contain_text("鑫源电镀有限公司")
    expect(county.locator("#row .row-head")).to_contain_text("已匹配")


def test_a_file_is_looked_at_imported_and_matched_by_the_server(county: Page) -> None:
    county.get_by_role("button", name="导入名单").click()
    dialog = county.locator("dialog")
    upload = {"name": "纳税户.csv", "mimeType": "text/csv", "buffer": list_file()}
    dialog.locator("input[type=file]").set_input_files(upload)  # type: ignore[arg-type]
    expect(dialog.locator(".upload-found")).to_have_text("CSV，编码 GB18030，共 6 行。")
    expect(dialog.locator(".sample tbody tr")).to_have_count(6)
    expect(dialog.get_by_label("名称（必选）")).to_have_value("企业名称")
    expect(dialog.locator("[name='column:uscc']")).to_have_value("统一社会信用代码")
    dialog.get_by_label("名单名称").fill("10月纳税户")
    dialog.get_by_label("类别").select_option("tax")
    dialog.get_by_role("textbox", name="提供部门").fill("税务局")
    dialog.get_by_label("截至日期").fill(days(1).isoformat())
    dialog.get_by_role("button", name="导入", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("请选择坐标系")
    dialog.locator("[name=datum]").select_option("WGS-84")
    dialog.get_by_role("button", name="导入", exact=True).click()
    settled(county, "list")
    expect(county.locator("#head h2")).to_have_text("10月纳税户")
    expect(county.locator("#live")).to_contain_text("匹配完成", timeout=PATIENCE_MS)
    expect(county.get_by_role("button", name="待确认 2")).to_be_visible()
    expect(county.locator("#head")).to_contain_text("导入报告")


def test_a_file_that_cannot_be_read_and_one_imported_twice_are_refused_in_words(
    county: Page, watch: pages.PageWatch
) -> None:
    watch.tolerate(r"status of (422|409)")
    county.get_by_role("button", name="导入名单").click()
    dialog = county.locator("dialog")
    dialog.locator("input[type=file]").set_input_files(
        {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF\x00"}
    )
    expect(dialog.get_by_role("alert")).to_contain_text("UTF-8 或 GB18030")
    expect(dialog.get_by_role("button", name="导入", exact=True)).to_be_disabled()
    dialog.locator("input[type=file]").set_input_files(
        {"name": "名录.csv", "mimeType": "text/csv", "buffer": list_file()}
    )
    dialog.get_by_role("textbox", name="提供部门").fill("市场监管局")
    dialog.locator("[name=datum]").select_option("WGS-84")
    dialog.get_by_label("截至日期").fill(days(1).isoformat())
    dialog.get_by_role("button", name="导入", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("未重复导入")


@pytest.mark.nightly
def test_a_withdrawn_list_shows_so_and_offers_nothing_to_decide(county: Page) -> None:
    open_list(county)
    county.get_by_role("button", name="撤回名单").click()
    dialog = county.locator("dialog")
    dialog.get_by_label("理由（必填）").fill("有更新的名单")
    dialog.get_by_role("button", name="撤回", exact=True).click()
    expect(county.locator("#head .notice")).to_contain_text("有更新的名单")
    open_row(county, "鑫源电镀厂")
    expect(county.locator(".row-deeds")).to_have_count(0)
    expect(county.get_by_role("button", name="就是它")).to_have_count(0)


@pytest.mark.nightly
def test_the_address_shows_the_same_to_whoever_is_sent_it(
    county: Page, browser: Browser, watch: pages.PageWatch, live_server: LiveServer
) -> None:
    open_list(county)
    county.get_by_role("button", name="待确认 2").click()
    open_row(county, "鑫源电镀厂")
    with pages.watched_page(browser, watch, live_server.url, pages.DESKTOP, "leader") as other:
        other.goto(county.url)
        settled(other, "list")
        expect(other.locator("#row h2")).to_have_text("鑫源电镀厂")
        expect(other.locator("#rows .row")).to_have_count(2)
        expect(other.get_by_role("button", name="就是它")).to_have_count(0)


def test_a_village_sees_its_own_rows_only_and_whoever_may_not_read_is_told(
    browser: Browser, watch: pages.PageWatch, live_server: LiveServer
) -> None:
    with pages.watched_page(browser, watch, live_server.url, pages.DESKTOP, "village12") as page:
        page.goto("/baselines")
        settled(page, "lists")
        expect(page.locator(".list-card")).to_contain_text("只列您辖区内的户")
        open_list(page)
        expect(page.locator("#rows .row")).to_have_count(1)
        expect(page.locator("#rows")).to_contain_text("金龙家具厂")
        expect(page.get_by_role("button", name="撤回名单")).to_have_count(0)
    with pages.watched_page(browser, watch, live_server.url, pages.DESKTOP, "admin") as page:
        page.goto("/baselines")
        expect(page.get_by_role("alert")).to_contain_text("没有查看本页的权限")


@pytest.mark.nightly
def test_the_map_opens_a_row(county: Page) -> None:
    open_list(county)
    map_ = county.locator("#map")
    expect(map_).to_have_attribute("data-map", "idle", timeout=PATIENCE_MS)
    open_row(county, "恒泰化工厂")
    expect(map_).to_have_attribute("data-map", "idle", timeout=PATIENCE_MS)
    county.get_by_role("button", name="关闭").click()
    expect(county.locator("#row")).to_be_hidden()
    expect(map_).to_have_attribute("data-map", "idle", timeout=PATIENCE_MS)
    box = map_.bounding_box()
    assert box is not None
    county.wait_for_function(
        "() => document.querySelector('#map canvas') && document.querySelector('#map').dataset.map === 'idle'"
    )
    # The row that was open stays in the middle of the map.
    county.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(county.locator("#row h2")).to_have_text("恒泰化工厂")


@pytest.mark.nightly
def test_without_webgl_all_but_the_map_works(browser: Browser, watch: pages.PageWatch, live_server: LiveServer) -> None:
    with pages.watched_page(browser, watch, live_server.url, pages.DESKTOP, "county") as page:
        page.add_init_script(NO_WEBGL2)
        page.goto("/baselines")
        settled(page, "lists")
        open_list(page)
        expect(page.locator("#no-map")).to_be_visible()
        open_row(page, "鑫源电镀厂")


def test_a_phone_shows_one_thing_after_the_other(county_phone: Page) -> None:
    page = county_phone
    assert pages.low_targets(page.locator("main button:visible, main a:visible")) == []
    open_list(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= pages.PHONE[0]
    assert pages.low_targets(page.locator("main button:visible, main input[type=search]:visible")) == []
    open_row(page, "鑫源电镀厂")
    expect(page.locator("#panel")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= pages.PHONE[0]
    assert pages.low_targets(page.locator("#row button:visible")) == []
    page.get_by_role("button", name="就是它").first.click()
    expect(page.locator("#row .row-head")).to_contain_text("已匹配")
    page.get_by_role("button", name="关闭").click()
    expect(page.locator("#panel")).to_be_visible()


@pytest.mark.nightly
def test_nobody_listed_says_what_to_do(browser: Browser, watch: pages.PageWatch, live_server: LiveServer) -> None:
    with pages.watched_page(browser, watch, live_server.url, pages.DESKTOP, "town3") as page:
        page.goto("/baselines")
        settled(page, "lists")
        expect(page.locator(".empty")).to_contain_text("点“导入名单”")
