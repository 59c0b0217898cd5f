"""Reports on their way upward, as village, head and town work on the page."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from app.db import make_engine, transaction
from app.reports.cases import Area
from app.reports.submissions.preparing import prepare
from app.reports.submissions.rhythm import recent
from app.rights import Role
from app.settings import Settings
from tests.app.reports.records import TOWN, V11, V12, put_case
from tests.support import pages
from tests.support.people import PASSWORD, add_person
from tests.support.server import LiveServer

PATIENCE_MS = 60_000
UNITS = text("SELECT code, name, level, path::text AS path FROM unit WHERE code = ANY(:codes) ORDER BY code")
OPEN = "/reports?tab=submissions"


@pytest.fixture
def office(territory: None, database: str, live_server: LiveServer) -> LiveServer:
    """A town and two villages with the reports of the last two weeks, of which at least one is over."""
    settings = Settings()
    engine = make_engine(database, pool_size=1)
    terms = recent(settings, "F2")[:2]
    with transaction(engine) as session:
        for name, role, unit in (
            ("town", Role.TOWN, TOWN),
            ("v11", Role.VILLAGE, V11),
            ("head11", Role.LEADER, V11),
            ("townhead", Role.LEADER, TOWN),
        ):
            add_person(session, name, role, [(unit, None)])
        put_case(session, "NQ-1", V11, terms[1].period.first_day, fine_wan="0.5")
        for row in session.execute(UNITS, {"codes": [TOWN, V11, V12]}).all():
            for term in terms:
                prepare(session, settings, term, Area(row.code, row.name, row.level, row.path))
    engine.dispose()
    return live_server


@contextmanager
def opened(
    browser: Browser, watch: pages.PageWatch, server: LiveServer, name: str, phone: bool = False, path: str = OPEN
) -> Iterator[Page]:
    size = pages.PHONE if phone else pages.DESKTOP
    with pages.watched_page(browser, watch, server.url, size, name) as page:
        page.goto(path)
        expect(page.locator('html[data-shown="submissions"]')).to_be_attached(timeout=PATIENCE_MS)
        yield page
    watch.verify()


def act(page: Page, name: str, *fields: tuple[str, str]) -> None:
    """Press a button of the version and say yes in its dialog."""
    page.get_by_role("button", name=name, exact=True).click()
    dialog = page.get_by_role("dialog")
    for label, value in fields:
        dialog.get_by_label(label).fill(value)
    dialog.get_by_role("button", name=name, exact=True).click()


def state(page: Page, words: str) -> None:
    expect(page.locator(".submission-state .tag")).to_have_text(words, timeout=PATIENCE_MS)


def test_a_report_goes_upward_from_desk_to_desk_and_comes_back(
    browser: Browser, watch: pages.PageWatch, office: LiveServer
) -> None:
    with opened(browser, watch, office, "v11") as page:
        due = page.locator(".due").first
        expect(due).to_contain_text("已逾期")
        expect(due).to_contain_text("待核对")
        due.get_by_role("button", name="办理").click()
        expect(page.locator(".paper tfoot")).to_contain_text("合计", timeout=PATIENCE_MS)
        address = page.url
        act(page, "核对无误")
        state(page, "待签字")
        expect(page.get_by_role("button", name="签字", exact=True)).to_have_count(0)
    path = address.removeprefix(office.url)
    with opened(browser, watch, office, "head11", path=path) as page:
        watch.tolerate(r"status of 422")
        act(page, "签字", ("本人密码", "not it"))
        expect(page.get_by_role("dialog").locator(".trouble")).to_contain_text("密码不正确", timeout=PATIENCE_MS)
        page.get_by_role("dialog").get_by_label("本人密码").fill(PASSWORD)
        page.get_by_role("dialog").get_by_role("button", name="签字", exact=True).click()
        state(page, "已报送")
        expect(page.locator(".paper-signed")).to_contain_text("主要负责人（签名）：测试head11")
        expect(page.locator(".seal")).to_contain_text("签字链第 1 条")
    with opened(browser, watch, office, "town") as page:
        below = page.locator('[data-part="below"]')
        rows = below.locator("tbody tr")
        expect(rows.first).to_contain_text("已逾期")
        expect(rows.first).to_contain_text("石桥村")
        expect(below).to_contain_text("应报 2 个单位")
        page.goto(path)
        act(page, "退回", ("原因", "漏报红星厂"))
        state(page, "被退回")
        expect(page.get_by_role("region", name="办理过程")).to_contain_text("漏报红星厂")
        page.goto(f"{OPEN}&view=history")
        expect(page.get_by_role("row", name=re.compile("柳树村")).filter(has_text="被退回")).to_have_count(1)
    with opened(browser, watch, office, "v11") as page:
        expect(page.locator(".due").first).to_contain_text("上级退回：漏报红星厂")


def test_on_a_phone_the_town_states_what_is_missing_and_its_head_signs(
    browser: Browser, watch: pages.PageWatch, office: LiveServer
) -> None:
    wide = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    with opened(browser, watch, office, "town", phone=True) as page:
        assert page.evaluate(wide) == 0
        assert pages.low_targets(page.locator("#office button, #office a")) == []
        page.locator(".due").first.get_by_role("button", name="办理").click()
        expect(page.locator(".warnings")).to_contain_text("下级未报送：柳树村、石桥村", timeout=PATIENCE_MS)
        assert page.evaluate(wide) == 0
        assert pages.low_targets(page.locator("#office button, #office a")) == []
        act(page, "核对无误", ("柳树村缺报原因", "停电"), ("石桥村缺报原因", "停电"))
        state(page, "待签字")
        expect(page.locator(".paper-notes")).to_contain_text("未报送的下级单位：柳树村（停电）")
        path = page.url.removeprefix(office.url)
    with opened(browser, watch, office, "townhead", phone=True, path=path) as page:
        act(page, "签字", ("本人密码", PASSWORD))
        state(page, "已报送")
        assert page.evaluate(wide) == 0
        expect(page.get_by_role("link", name="下载 Excel")).to_be_visible()
