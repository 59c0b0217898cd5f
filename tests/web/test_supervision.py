"""The page of supervision: a sample is drawn and proved, a form filled in by phone, what remains is told."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from python_calamine import CalamineWorkbook

from app.db import make_engine, transaction
from app.rights import Role
from tests.app.supervision.records import V11, V21, answer, chemical, draw, of, site
from tests.support import pages
from tests.support.people import add_person
from tests.support.seeding import CITY
from tests.support.server import LiveServer


@pytest.fixture
def office(territory: None, database: str, live_server: LiveServer) -> LiveServer:
    """A city with problems to look into, a supervisor, and a member of its staff who only looks."""
    engine = make_engine(database, pool_size=1)
    with transaction(engine) as session:
        add_person(session, "supervisor", Role.SUPERVISOR, [(CITY, None)])
        add_person(session, "staff", Role.CITY, [(CITY, None)])
        chemical(session, "NQ-1", V11, party_name="<b>河边作坊</b>")
        chemical(session, "NQ-2", V21, done=True)
        for number in range(12):
            site(session, f"P{number}", V21, occupancy="shut_down")
    engine.dispose()
    return live_server


@contextmanager
def opened(
    browser: Browser,
    watch: pages.PageWatch,
    server: LiveServer,
    path: str,
    name: str = "supervisor",
    phone: bool = False,
) -> Iterator[Page]:
    size = pages.PHONE if phone else pages.DESKTOP
    with pages.watched_page(browser, watch, server.url, size, name) as page:
        page.goto(path)
        yield page
    watch.verify()


def shown(page: Page, what: str) -> None:
    expect(page.locator(f'html[data-shown="{what}"]')).to_be_attached()


def test_a_sample_is_drawn_from_a_published_seed_and_proved(
    browser: Browser, watch: pages.PageWatch, office: LiveServer
) -> None:
    with opened(browser, watch, office, "/supervision") as page:
        page.get_by_role("button", name="抽取样本").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("方案名称").fill("八月专题督导")
        dialog.get_by_label("公布的种子").fill("福彩 3D 2026311期 482")
        dialog.get_by_role("button", name="抽取", exact=True).click()
        shown(page, "plan")
        assert "plan=" in page.url
        # The city, one of two counties, one unfinished case (half of two), ten of twelve shut-down firms.
        expect(page.locator(".drawn li")).to_have_count(13)
        expect(page.locator(".drawn")).to_contain_text("<b>河边作坊</b>")
        expect(page.locator(".drawn .why").last).to_contain_text("12 项中抽 10 项，随机数 0.")
        page.get_by_role("button", name="复核抽样").click()
        expect(page.locator("#verdict")).to_contain_text("按公布的种子重抽，13 项全部相同")
        page.get_by_label("表格").select_option("F7")
        shown(page, "plan")
        expect(page.locator(".drawn li")).to_have_count(10)
        assert "form=F7" in page.url
        assert pages.low_targets(page.locator("#office button, #office select, #office .as-button")) == []
        page.get_by_label("表格").select_option("F5")
        shown(page, "plan")
        page.locator(".drawn").get_by_role("button", name="试验市").click()
        shown(page, "form")
        # What the system knows of the paperwork is filled in; what it cannot know is not.
        expect(page.locator('textarea[name="item-10-words"]')).to_have_value("没有电力部门提供的底单。")
        expect(page.locator('input[name="item-13"]:checked')).to_have_value("not_applicable")
        expect(page.locator('input[name="item-1"]:checked')).to_have_count(0)


def test_a_form_is_filled_in_by_phone(
    browser: Browser, watch: pages.PageWatch, office: LiveServer, database: str
) -> None:
    engine = make_engine(database, pool_size=1)
    with transaction(engine) as session:
        item = of(draw(session), "chemical_unfinished")[0]
    engine.dispose()
    watch.tolerate(r"status of 422")
    with opened(browser, watch, office, f"/supervision?item={item.id}", phone=True) as page:
        shown(page, "form")
        expect(page.locator(".known").first).to_contain_text("系统记录（否）：不是信访举报件")
        page.get_by_role("button", name="定稿").click()
        expect(page.locator(".lines .trouble")).to_contain_text(
            "第 1、2、3、4、5、6、8、9、10、11、12、13 项还没有填写"
        )
        expect(page.locator("fieldset[data-wrong]")).to_have_count(12)
        for number in (*range(1, 7), *range(8, 14)):
            page.locator(f'fieldset[data-number="{number}"] input[value="no"]').check()
        page.get_by_label("发现漏查", exact=True).check()
        page.get_by_label("漏了什么、在哪里").fill("院内另有一口反应釜")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, "nothing is wider than the phone"
        assert pages.low_targets(page.locator("#office button, #office .options label, #office .as-button")) == []
        page.get_by_role("button", name="定稿").click()
        expect(page.locator("html[data-saved='1']")).to_be_attached()
        expect(page.locator(".versions")).to_contain_text("定稿，发现漏查：院内另有一口反应釜")
        with page.expect_download() as coming:
            page.get_by_role("link", name="下载表格（Excel）").click()
        book = CalamineWorkbook.from_filelike(io.BytesIO(Path(coming.value.path()).read_bytes()))
        assert any("院内另有一口反应釜" in str(cell) for row in book.get_sheet_by_index(0).to_python() for cell in row)


def test_what_is_open_is_for_supervisors_and_what_remains_is_for_all(
    browser: Browser, watch: pages.PageWatch, office: LiveServer, database: str
) -> None:
    engine = make_engine(database, pool_size=1)
    with transaction(engine) as session:
        plan = draw(session)
        for item in of(plan, "shut_down"):
            answer(session, item)
    engine.dispose()
    with opened(browser, watch, office, "/supervision?tab=checks") as page:
        page.get_by_role("button", name="设置暗查").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("设置了什么").fill("空厂房内放置三只空桶")
        dialog.get_by_label("截止日期").fill("2999-01-01")
        watch.tolerate(r"status of 422")
        dialog.get_by_role("button", name="设置", exact=True).click()
        expect(dialog.get_by_role("alert")).to_be_visible()
        dialog.get_by_label("截止日期").fill(dialog.get_by_label("设置日期").input_value())
        dialog.get_by_role("button", name="设置", exact=True).click()
        expect(page.locator("tbody")).to_contain_text("进行中")
    with opened(browser, watch, office, "/supervision?tab=checks", "staff") as page:
        expect(page.locator(".empty")).to_have_text("还没有暗查。")
        page.goto(f"/supervision?plan={plan.id}")
        expect(page.locator(".drawn li")).to_have_count(10)
        expect(page.get_by_text("另有 3 项尚未定稿，定稿前只对督导人员公开。")).to_be_visible()
        page.get_by_role("tab", name="剩余风险").click()
        shown(page, "risk")
        expect(page.locator(".statement")).to_contain_text("随机复查 10 项，没有一项漏查；漏查的比例不高于 25.9%")
        expect(page.locator(".statement")).to_contain_text("不能证明没有遗漏")
        expect(page.locator(".risk").first).to_contain_text("没有覆盖试验市全境")
