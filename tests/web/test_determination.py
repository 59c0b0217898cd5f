"""Heads see what stands against their signature and mend it or have it excepted, then sign; in a real browser."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url

from tests.app.determination import village
from tests.app.determination.village import VILLAGE
from tests.support import databases, pages
from tests.support.people import PASSWORD
from tests.support.server import LiveServer

PATIENCE_MS = 60_000


@pytest.fixture(scope="session")
def clean_village(template: URL, run_directory: Path) -> Iterator[tuple[URL, dict[str, str]]]:
    """A village of which nothing is left out, built once."""
    with databases.fresh_database(template) as url:
        yield make_url(url), village.build(url, run_directory / "clean-web")


@pytest.fixture
def database(clean_village: tuple[URL, dict[str, str]]) -> Iterator[str]:
    """A copy, with a site whose dust nobody confirmed and a lead that is at no site yet."""
    with databases.fresh_database(clean_village[0]) as url:
        run(url, "UPDATE site SET dust_kind = '铝镁粉尘', safety_officer = '张三'")
        run(
            url,
            """INSERT INTO lead (id, source, what, geom, datum, unit_path, grid_code, made_at, content_digest, answer,
                number, address, deadline)
            SELECT gen_random_uuid(), 'letter', 'smell', ST_Translate(u.label_point, 0.0005, 0.0004), 'WGS-84', u.path,
                :grid, now(), ''::bytea, '{}', 'X-17', '村东头', CURRENT_DATE + 9 FROM unit u WHERE u.code = :unit""",
            unit=VILLAGE,
            grid=village.GRID_2,
        )
        yield url


def run(url: str, sql: str, **values: Any) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(sql), values)
    engine.dispose()


def opened(
    browser: Browser, watch: pages.PageWatch, server: LiveServer, size: tuple[int, int], name: str
) -> Iterator[Page]:
    with pages.watched_page(browser, watch, server.url, size, name) as page:
        page.goto(f"/determination?unit={VILLAGE}")
        settled(page)
        yield page
    watch.verify()


@pytest.fixture
def head(browser: Browser, watch: pages.PageWatch, live_server: LiveServer) -> Iterator[Page]:
    """The village's head at a desk."""
    yield from opened(browser, watch, live_server, pages.DESKTOP, "head")


@pytest.fixture
def head_phone(browser: Browser, watch: pages.PageWatch, live_server: LiveServer) -> Iterator[Page]:
    """The village's head on a phone."""
    yield from opened(browser, watch, live_server, pages.PHONE, "head")


def settled(page: Page) -> None:
    page.locator('html[data-determination="shown"]').wait_for(state="attached", timeout=PATIENCE_MS)


def test_what_blocks_is_shown_by_kind_with_place_and_person_and_mended_it_can_be_signed(
    head: Page, database: str
) -> None:
    expect(head.locator("#verdict")).to_contain_text("明珠村尚有 2 类遗漏，不能签字")
    expect(head.get_by_role("button", name="签字", exact=True)).to_have_count(0)
    head.locator('[data-kind="lead_unmatched"]').first.click()
    settled(head)
    row = head.locator("#rows li")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("王建国")
    expect(row).to_contain_text("138-0013-8001")
    expect(row).to_contain_text("第2网格")
    assert "kind=lead_unmatched" in head.url
    expect(head.locator("#legend li")).to_have_text(["区划与巡查", "场所、线索、案件等", "没有确切位置，标在所属区划"])
    expect(row.get_by_role("link", name="去办理")).to_have_attribute("href", pages_of_a_lead(database))
    run(database, "UPDATE lead SET site_id = (SELECT id FROM site)")
    run(database, "UPDATE site SET dust_confirmed_by = '应急局', dust_confirmed_on = CURRENT_DATE")
    head.reload()
    settled(head)
    expect(head.locator("#verdict")).to_contain_text("没有未处理的遗漏，可以签字")
    head.get_by_role("button", name="签字", exact=True).click()
    dialog = head.get_by_role("dialog")
    dialog.get_by_label("登录密码").fill(PASSWORD)
    dialog.get_by_role("button", name="签字", exact=True).click()
    expect(head.locator("#signing .sign-state.valid")).to_contain_text("测试head 已于", timeout=PATIENCE_MS)
    settled(head)


def pages_of_a_lead(url: str) -> str:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT id FROM lead")).scalar_one()
    engine.dispose()
    return f"/leads?id={found}"


def test_an_exception_is_asked_for_here_and_approved_above(
    head: Page, browser: Browser, watch: pages.PageWatch, live_server: LiveServer
) -> None:
    head.locator('[data-kind="site_dust_unconfirmed"]').first.click()
    settled(head)
    head.locator("#rows").get_by_role("button", name="申请例外").click()
    dialog = head.get_by_role("dialog")
    dialog.get_by_label("理由").fill("停产检修，月底确认")
    dialog.get_by_role("button", name="提交申请").click()
    expect(head.locator("#rows .row-exception")).to_contain_text("例外待审批", timeout=PATIENCE_MS)
    expect(head.locator("#exceptions")).to_contain_text("您申请的，须由上级他人审批")
    settled(head)
    with pages.watched_page(browser, watch, live_server.url, pages.DESKTOP, "townhead") as above:
        above.goto("/determination")
        settled(above)
        above.locator("#exceptions").get_by_role("button", name="批准", exact=True).click()
        asked = above.get_by_role("dialog")
        asked.get_by_label("意见").fill("同意")
        asked.get_by_role("button", name="批准", exact=True).click()
        expect(above.locator("#exceptions")).to_contain_text("已批准的例外（1）", timeout=PATIENCE_MS)
        settled(above)
    head.reload()
    settled(head)
    expect(head.locator("#verdict")).to_contain_text("尚有 1 类遗漏")
    expect(head.locator('[data-kind="site_dust_unconfirmed"].allowed')).to_contain_text("例外 1 项")


def test_on_a_phone_everything_stands_in_one_column_and_can_be_hit(head_phone: Page) -> None:
    expect(head_phone.locator("#verdict")).to_contain_text("不能签字")
    assert head_phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert pages.low_targets(head_phone.locator("main button, main a, main input, main summary")) == []
    head_phone.locator('[data-kind="site_dust_unconfirmed"]').first.click()
    settled(head_phone)
    expect(head_phone.locator("#rows li").first).to_be_in_viewport()
