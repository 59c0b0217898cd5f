"""The page of reports: a form is read as it will be printed and taken along; efforts, lists in, lists out."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect
from python_calamine import CalamineWorkbook

from app.db import make_engine, transaction
from app.rights import Role
from app.settings import Settings
from tests.app.reports.records import ITEMS, TOWN, V11, V12, clear, put_case, put_site, put_visit
from tests.support import pages
from tests.support.people import add_person
from tests.support.server import LiveServer

PATIENCE_MS = 60_000
DATA = Path(__file__).parents[1] / "data"
TODAY = Settings().today()
YEAR = f"first={TODAY.year}-01-01&last={TODAY.year}-12-31"


@pytest.fixture
def office(territory: None, database: str, live_server: LiveServer) -> LiveServer:
    """A town with three problems and a chemical works, its staff, and a leader who only looks."""
    engine = make_engine(database, pool_size=1)
    found = TODAY - timedelta(days=20)
    with transaction(engine) as session:
        add_person(session, "town", Role.TOWN, [(TOWN, None)])
        add_person(session, "leader", Role.LEADER, [(TOWN, None)])
        done = put_case(session, "NQ-1", V11, found, [("closed", "registered", "closed", found)], fine_wan="0.5")
        clear(session, done, dict.fromkeys(ITEMS, found))
        words = "租用闲置厂房无证熔炼废铝，炉体两座，夜间生产"
        put_case(session, "NQ-2", V12, found, category="shut_down", description=words, is_shut=True)
        put_case(session, "NQ-3", TOWN, found, category="plating", party_name="<b>石桥电镀</b>")
        put_case(session, "NQ-4", V12, found, category="chemical", chemical_kind="affiliated", stages=["store"])
        put_visit(session, put_site(session, "S-1"), found)
    engine.dispose()
    return live_server


@contextmanager
def opened(
    browser: Browser, watch: pages.PageWatch, server: LiveServer, path: str, name: str = "town", phone: bool = False
) -> Iterator[Page]:
    size = pages.PHONE if phone else pages.DESKTOP
    with pages.watched_page(browser, watch, server.url, size, name) as page:
        page.goto(path)
        yield page
    watch.verify()


def shown(page: Page, pane: str) -> None:
    expect(page.locator(f'html[data-shown="{pane}"]')).to_be_attached(timeout=PATIENCE_MS)


def cells(page: Page) -> list[list[str]]:
    """The table's rows, total last."""
    rows: list[list[str]] = page.locator(".paper tbody tr, .paper tfoot tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"
    )
    return rows


def test_a_form_is_read_as_it_is_printed_and_taken_along(
    browser: Browser, watch: pages.PageWatch, office: LiveServer
) -> None:
    with opened(browser, watch, office, f"/reports?form=F1&{YEAR}") as page:
        expect(page.locator(".paper h2")).to_have_text("违法违规“小字头”及“停产停业”企业排查问题清单")
        expect(page.get_by_role("button", name="F1 问题清单")).to_have_attribute("aria-pressed", "true")
        read = cells(page)
        assert [row[1] for row in read] == ["NQ-1", "NQ-2", "NQ-3"]
        assert read[2][3] == "<b>石桥电镀</b>", "text is text"
        assert (read[0][5], read[0][15], read[0][17]) == ("√", "√", "0.5")
        with page.expect_download() as coming:
            page.get_by_role("link", name="下载 Excel").click()
        assert coming.value.suggested_filename.endswith(f"_南桥镇_{TODAY.year}0101-{TODAY.year}1231.xlsx")
        book = CalamineWorkbook.from_filelike(io.BytesIO(Path(coming.value.path()).read_bytes()))
        lines = book.get_sheet_by_index(0).to_python()
        printed = [[f"{cell:g}" if isinstance(cell, float) else str(cell) for cell in line] for line in lines[4:7]]
        assert printed == read


def test_the_summary_adds_up_and_leads_down_to_the_village(
    browser: Browser, watch: pages.PageWatch, office: LiveServer
) -> None:
    with opened(browser, watch, office, f"/reports?{YEAR}") as page:
        expect(page.locator(".paper tfoot")).to_contain_text("合计")
        assert [row[:3] for row in cells(page)] == [
            ["柳树村", "1", "1"], ["石桥村", "0", "1"], ["本级（未分到下级）", "0", "1"], ["合计", "1", "3"],
        ]  # fmt: skip
        expect(page.get_by_text("已逐级核对 3 个单位")).to_be_visible()
        page.get_by_role("combobox", name="单位").select_option(label="石桥村")
        expect(page.locator(".paper-above")).to_contain_text("石桥村")
        assert [row[:3] for row in cells(page)] == [["石桥村", "0", "1"], ["合计", "0", "1"]]
        assert f"unit={V12}" in page.url
        page.go_back()
        expect(page.locator(".paper-above")).to_contain_text("南桥镇")


def test_days_are_chosen_by_week_month_or_freely(browser: Browser, watch: pages.PageWatch, office: LiveServer) -> None:
    with opened(browser, watch, office, "/reports") as page:
        week = page.get_by_role("button", name="本周（周四至周三）")
        expect(week).to_have_attribute("aria-pressed", "true")
        first, last = (page.locator(f'input[name="{name}"]').input_value() for name in ("first", "last"))
        thursday = TODAY - timedelta(days=(TODAY.weekday() - 3) % 7)
        assert (first, last) == (thursday.isoformat(), (thursday + timedelta(days=6)).isoformat())
        page.get_by_role("button", name="本月").click()
        expect(page.locator('input[name="first"]')).to_have_value(TODAY.replace(day=1).isoformat())
        watch.tolerate(r"status of 422")
        page.locator('input[name="first"]').fill((TODAY + timedelta(days=400)).isoformat())
        expect(page.locator("#trouble")).to_contain_text("早于开始日期", timeout=PATIENCE_MS)


def test_efforts_are_told_once_shown_in_f4_and_withdrawn(
    browser: Browser, watch: pages.PageWatch, office: LiveServer
) -> None:
    with opened(browser, watch, office, "/reports?tab=efforts") as page:
        day = (TODAY - timedelta(days=3)).isoformat()

        def tell(unit: str) -> None:
            page.get_by_role("button", name="填报工作量").click()
            dialog = page.get_by_role("dialog")
            dialog.get_by_role("combobox", name="单位").select_option(unit)
            for name, value in (("first_day", day), ("last_day", day), ("teams", "3"), ("person_times", "24")):
                dialog.locator(f'[name="{name}"]').fill(value)
            dialog.get_by_role("button", name="填报", exact=True).click()

        tell(V11)
        row = page.get_by_role("row", name=re.compile("柳树村"))
        expect(row).to_contain_text("24", timeout=PATIENCE_MS)
        watch.tolerate(r"status of 409")
        tell(TOWN)
        expect(page.get_by_role("dialog").locator(".trouble")).to_contain_text("会重复计算", timeout=PATIENCE_MS)
        page.get_by_role("button", name="取消").click()
        page.goto(f"/reports?form=F4&{YEAR}")
        expect(page.locator(".paper tbody tr")).to_have_count(1, timeout=PATIENCE_MS)
        assert cells(page)[0][:4] == ["3", "24", "1", "1"]
        page.goto("/reports?tab=efforts")
        page.get_by_role("button", name="撤回").click()
        page.get_by_role("dialog").get_by_label("原因").fill("填错日期")
        page.get_by_role("dialog").get_by_role("button", name="撤回").click()
        expect(page.get_by_text("已撤回：填错日期")).to_be_visible(timeout=PATIENCE_MS)
        expect(page.get_by_role("button", name="撤回")).to_have_count(0)


def test_a_list_is_looked_at_then_taken_in_and_not_doubled(
    browser: Browser, watch: pages.PageWatch, office: LiveServer
) -> None:
    with opened(browser, watch, office, "/reports?tab=imports") as page:
        page.get_by_label("文件").set_input_files(DATA / "f1-libreoffice.xlsx")
        page.get_by_role("button", name="预览").click()
        take = page.get_by_role("button", name="导入 3 件")
        expect(take).to_be_visible(timeout=PATIENCE_MS)
        expect(page.locator(".preview")).to_contain_text("表头从第 3 行起共 2 行")
        expect(page.get_by_role("row", name="第 9 行")).to_contain_text("表到此为止")
        take.click()
        expect(page.get_by_role("heading", name="已导入 3 件")).to_be_visible(timeout=PATIENCE_MS)
        expect(page.locator(".done")).to_contain_text("将在案件中列为遗漏")
        page.get_by_label("文件").set_input_files(DATA / "f1-libreoffice.xlsx")
        page.get_by_role("button", name="预览").click()
        expect(page.get_by_role("button", name="不能导入")).to_be_disabled(timeout=PATIENCE_MS)
        expect(page.locator(".preview")).to_contain_text("问题编号 NQ-001 已登记")


def test_a_list_with_errors_and_unknown_columns_says_where_and_is_put_right(
    browser: Browser, watch: pages.PageWatch, office: LiveServer
) -> None:
    def file(tick: str) -> FilePayload:
        text = f"甲列,详细地址,违法违规问题具体描述,小冶炼\n某厂,一组,熔炼,{tick}\n"
        return {"name": "清单.csv", "mimeType": "text/csv", "buffer": text.encode("gb18030")}

    with opened(browser, watch, office, "/reports?tab=imports") as page:
        page.get_by_label("文件").set_input_files([file("待定")])
        page.get_by_role("button", name="预览").click()
        expect(page.locator(".preview")).to_contain_text("没有找到“问题单位名称”在哪一列", timeout=PATIENCE_MS)
        page.get_by_label("问题单位名称（必需）").select_option("甲列")
        page.get_by_role("button", name="按所选的列重新预览").click()
        expect(page.get_by_role("row", name="第 2 行 错误")).to_contain_text("看不出是否勾选", timeout=PATIENCE_MS)
        expect(page.get_by_role("button", name="不能导入")).to_be_disabled()
        page.get_by_label("文件").set_input_files([file("√")])
        expect(page.locator(".preview")).to_have_count(0)
        page.get_by_role("button", name="预览").click()
        page.get_by_label("问题单位名称（必需）").select_option("甲列")
        expect(page.get_by_role("button", name="列对应已改，请重新预览")).to_be_disabled()
        page.get_by_role("button", name="按所选的列重新预览").click()
        page.get_by_role("button", name="导入 1 件").click()
        expect(page.get_by_role("heading", name="已导入 1 件")).to_be_visible(timeout=PATIENCE_MS)


def test_every_list_is_given_out_in_every_kind(browser: Browser, watch: pages.PageWatch, office: LiveServer) -> None:
    with opened(browser, watch, office, "/reports?tab=exports") as page:
        shown(page, "exports")
        assert page.locator(".lists a").count() == 24
        with page.expect_download() as coming:
            page.get_by_role("link", name="案件，Excel 工作簿").click()
        lines = CalamineWorkbook.from_filelike(io.BytesIO(Path(coming.value.path()).read_bytes())).get_sheet_by_index(0)
        assert [line[0] for line in lines.to_python()] == ["问题编号", "NQ-1", "NQ-2", "NQ-3", "NQ-4"]


def test_who_only_looks_is_offered_nothing_to_write(
    browser: Browser, watch: pages.PageWatch, office: LiveServer
) -> None:
    with opened(browser, watch, office, "/reports?tab=efforts", "leader") as page:
        shown(page, "efforts")
        expect(page.get_by_role("tab")).to_have_text(["报表", "报送", "工作量", "导出"])
        expect(page.get_by_role("button", name="填报工作量")).to_have_count(0)


def test_on_a_phone_nothing_is_too_low_and_only_the_table_scrolls(
    browser: Browser, watch: pages.PageWatch, office: LiveServer
) -> None:
    with opened(browser, watch, office, f"/reports?form=F1&{YEAR}", phone=True) as page:
        shown(page, "forms")
        assert pages.low_targets(page.locator("#office button, #office a, #office select, #office input")) == []
        wide = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wide) == 0
        for tab in ("submissions", "efforts", "imports", "exports"):
            page.goto(f"/reports?tab={tab}")
            shown(page, tab)
            assert page.evaluate(wide) == 0
            assert pages.low_targets(page.locator("#office button, #office a, #office select")) == []
