"""The page of leads: found by what is wrong with them, moved on step by step; who reported is behind one button."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from app.settings import Settings
from tests.support import pages
from tests.support.databases import Seed
from tests.support.people import sign_in
from tests.support.server import LiveServer
from tests.web.leads_world import Leads, put_leads, put_people, readings, vehicle

PATIENCE_MS = 60_000


@pytest.fixture
def world_seed() -> Seed:
    """The city, its people and a site."""
    return put_people


@pytest.fixture
def leads(live_server: LiveServer) -> Leads:
    """The city with its leads."""
    return put_leads(live_server.url)


def opened(
    browser: Browser, watch: pages.PageWatch, server: LiveServer, size: tuple[int, int], name: str
) -> Iterator[Page]:
    """The page of somebody, settled; it must have had no problems."""
    with pages.watched_page(browser, watch, server.url, size, name) as page:
        page.goto("/leads")
        settled(page)
        yield page
    watch.verify()


@pytest.fixture
def town(browser: Browser, watch: pages.PageWatch, live_server: LiveServer, leads: Leads) -> Iterator[Page]:
    """A town's staff member at a desk."""
    yield from opened(browser, watch, live_server, pages.DESKTOP, "town")


@pytest.fixture
def town_phone(browser: Browser, watch: pages.PageWatch, live_server: LiveServer, leads: Leads) -> Iterator[Page]:
    """A town's staff member on a phone."""
    yield from opened(browser, watch, live_server, pages.PHONE, "town")


@pytest.fixture
def intake(browser: Browser, watch: pages.PageWatch, live_server: LiveServer, leads: Leads) -> Iterator[Page]:
    """Who takes calls, at a desk."""
    yield from opened(browser, watch, live_server, pages.DESKTOP, "intake")


def settled(page: Page) -> None:
    """Wait for the list and the map."""
    page.locator('html[data-leads="shown"]').wait_for(state="attached", timeout=PATIENCE_MS)
    page.locator('#map[data-map="idle"]').wait_for(state="attached", timeout=PATIENCE_MS)


def choose(page: Page, lead: str) -> None:
    """Open a lead from the list."""
    page.locator(f'#list [data-id="{lead}"]').click()
    shows(page, lead)


def shows(page: Page, lead: str) -> None:
    """Wait for a lead."""
    page.locator(f'html[data-lead="{lead}"]').wait_for(state="attached", timeout=PATIENCE_MS)


def act(page: Page, name: str) -> None:
    """Press one of the buttons of what may be done."""
    page.locator("#actions").get_by_role("button", name=name, exact=True).click()


def confirm(page: Page, name: str) -> None:
    """Send a dialog's form, which then is gone."""
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name=name, exact=True).click()
    expect(dialog).to_have_count(0)


def query(page: Page) -> dict[str, str]:
    """The state in the address bar."""
    return {key: values[0] for key, values in parse_qs(urlsplit(page.url).query).items()}


def test_what_is_wrong_is_counted_in_red_and_filters_the_list(town: Page, leads: Leads) -> None:
    expect(town.locator("#count")).to_have_text("共 3 条")
    expect(town.locator("#omissions .chip.bad")).to_have_text(["未匹配场所 3", "无位置 1", "超期 1"])
    town.get_by_role("button", name="超期 1").click()
    expect(town.locator("#list [data-id]")).to_have_count(1)
    row = town.locator(f'#list [data-id="{leads.late}"]')
    expect(row).to_contain_text("超期 5 天")
    expect(row).to_contain_text("网格未落实责任人")
    assert query(town) == {"omission": "overdue"}
    town.reload()
    settled(town)
    expect(town.locator("#list [data-id]")).to_have_count(1)
    town.get_by_label("来源").select_option(label="信访来信")
    expect(town.locator("#count")).to_have_text("没有符合条件的线索。")


def test_a_lead_is_moved_on_step_by_step(town: Page, leads: Leads, watch: pages.PageWatch) -> None:
    watch.tolerate("status of 422")  # a look that says neither when nor by whom
    choose(town, leads.call)
    expect(town.locator("#lead")).to_contain_text("网格责任人")
    act(town, "分派")
    expect(town.get_by_label("办理人")).to_have_value("W1")
    confirm(town, "分派")
    expect(town.locator("#lead .lead-top .tag")).to_have_text("已分派")
    act(town, "匹配场所")
    town.locator("dialog select[name=site_id]").select_option(label="柳树五金厂")
    town.locator("dialog select[name=tenancy_id]").select_option(label="承租电镀加工点")
    confirm(town, "保存")
    expect(town.locator("#lead")).to_contain_text("柳树五金厂，承租电镀加工点")
    act(town, "登记核查")
    town.get_by_role("dialog").get_by_role("button", name="登记核查").click()
    expect(town.get_by_role("dialog").get_by_role("alert")).to_contain_text("核查须到现场")
    town.get_by_label("核查日期").fill(Settings().today().isoformat())
    town.locator("dialog textarea").fill("现场有电镀槽两个")
    confirm(town, "登记核查")
    act(town, "认定")
    town.get_by_label("结论").select_option(label="属实")
    town.locator("dialog textarea").fill("属实，移交立案")
    confirm(town, "认定")
    act(town, "发放奖励")
    town.get_by_label("金额（元）").fill("500")
    confirm(town, "登记奖励")
    expect(town.locator("#lead .lead-top .tag")).to_have_text("已奖励")
    expect(town.locator(".timeline li b")).to_have_text(["登记", "分派", "匹配场所", "核查", "认定", "发放奖励"])
    expect(town.get_by_role("button", name="已奖励 1")).to_be_visible()


def test_somebody_elses_step_is_told_and_shown(
    town: Page, leads: Leads, browser: Browser, live_server: LiveServer, watch: pages.PageWatch
) -> None:
    watch.tolerate("status of 409")
    choose(town, leads.call)
    with pages.opened_context(browser, live_server.url, pages.DESKTOP) as other:
        sign_in(other, live_server.url, "intake")
        page = other.new_page()
        page.goto(f"/leads?id={leads.call}")
        shows(page, leads.call)
        act(page, "备注")
        page.locator("dialog textarea").fill("已电话联系镇里")
        confirm(page, "保存")
    act(town, "备注")
    town.locator("dialog textarea").fill("迟到的备注")
    town.get_by_role("dialog").get_by_role("button", name="保存").click()
    expect(town.get_by_role("dialog").get_by_role("alert")).to_contain_text("刚被他人处理过")
    expect(town.locator("dialog textarea")).to_have_value("迟到的备注")
    town.get_by_role("button", name="取消").click()
    expect(town.locator(".timeline")).to_contain_text("已电话联系镇里")


def test_who_reported_is_shown_to_intake_alone_when_asked_for(intake: Page, leads: Leads) -> None:
    choose(intake, leads.call)
    expect(intake.locator("#lead")).not_to_contain_text("郑举报")
    intake.get_by_role("button", name="查看举报人（将被记录）").click()
    expect(intake.locator("#reporter")).to_contain_text("郑举报")
    expect(intake.locator("#reporter")).to_contain_text("本次查看已记录")


def test_others_are_offered_no_such_button(town: Page, leads: Leads) -> None:
    choose(town, leads.call)
    expect(town.locator(".timeline")).to_be_visible()
    expect(town.get_by_role("button", name=re.compile("举报人"))).to_have_count(0)


def test_a_call_is_entered_and_its_reporter_not_shown_back(town: Page) -> None:
    town.get_by_role("button", name="登记线索").click()
    dialog = town.get_by_role("dialog")
    dialog.get_by_label("反映内容").fill("河边棚子夜里有灯光")
    dialog.get_by_role("combobox", name="区划").fill("柳树村")
    dialog.get_by_role("option", name=re.compile("柳树村")).click()
    dialog.get_by_label("方式").select_option(label="实名")
    dialog.get_by_label("姓名").fill("钱某某")
    dialog.get_by_role("button", name="登记", exact=True).click()
    expect(town.locator("#lead")).to_contain_text("河边棚子夜里有灯光")
    expect(town.locator("#count")).to_have_text("共 4 条")
    expect(town.locator("body")).not_to_contain_text("钱某某")


@pytest.mark.nightly
def test_an_unplaced_lead_is_placed_on_the_map(town: Page, leads: Leads) -> None:
    choose(town, leads.letter)
    expect(town.locator("#lead .warnings")).to_contain_text("无位置")
    act(town, "定位")
    expect(town.locator("#pick-bar")).to_be_visible()
    town.locator("#map").click(position={"x": 150, "y": 180})
    expect(town.get_by_role("dialog").get_by_label("经度")).to_have_value(re.compile(r"^119\.\d+$"))
    town.get_by_label("经度").fill("119.83")
    town.get_by_label("纬度").fill("31.79")
    confirm(town, "保存位置")
    expect(town.locator("#omissions .chip").filter(has_text="无位置")).to_have_text("无位置 0")
    expect(town.locator("#lead")).to_contain_text("柳树第4网格")


@pytest.mark.nightly
def test_files_are_answered_by_a_report_that_leads_to_their_leads(town: Page, tmp_path: Path) -> None:
    files = {"power": ("用电.csv", readings()), "vehicle": ("轨迹.csv", vehicle())}
    for name, (file_name, data) in files.items():
        (tmp_path / file_name).write_bytes(data)
        town.get_by_role("button", name="导入用电量" if name == "power" else "导入车辆轨迹").click()
        dialog = town.get_by_role("dialog")
        dialog.get_by_label("文件").set_input_files(tmp_path / file_name)
        dialog.get_by_role("combobox", name="区划").fill("南桥镇")
        dialog.get_by_role("option", name=re.compile("南桥镇")).click()
        if name == "vehicle":
            dialog.get_by_label("车牌").fill("苏D12345")
        dialog.get_by_role("button", name="导入", exact=True).click()
        told = town.locator("dialog.report")
        expect(told).to_contain_text("新生成线索")
        told.locator("summary").first.click()
        told.locator("li .link").first.click()
        expect(town.locator("#lead")).to_contain_text("用电情况" if name == "power" else "停留情况")
    expect(town.locator("#lead")).to_contain_text("苏D12345")


@pytest.mark.nightly
def test_on_a_phone_the_list_gives_way_to_the_lead_and_comes_back(town_phone: Page, leads: Leads) -> None:
    page = town_phone
    assert pages.low_targets(page.locator("#panel button, #filters select, #filters input")) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    choose(page, leads.call)
    expect(page.locator("#panel")).to_be_hidden()
    assert pages.low_targets(page.locator("#lead button")) == []
    expect(page.locator("#actions")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.get_by_role("button", name="返回清单").click()
    expect(page.locator(f'#list [data-id="{leads.call}"]')).to_be_focused()


def test_who_only_reads_is_offered_nothing_to_do_and_who_may_not_is_told(
    browser: Browser, watch: pages.PageWatch, live_server: LiveServer, leads: Leads
) -> None:
    with pages.watched_page(browser, watch, live_server.url, pages.DESKTOP, "leader") as page:
        page.goto(f"/leads?id={leads.call}")
        shows(page, leads.call)
        expect(page.locator("#deeds")).to_be_hidden()
        expect(page.locator("#actions")).to_have_count(0)
    with pages.watched_page(browser, watch, live_server.url, pages.PHONE, "w1") as page:
        page.goto("/leads")
        expect(page.get_by_role("alert")).to_contain_text("没有查看本页的权限")
    watch.verify()
