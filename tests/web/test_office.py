"""The administrator's page and the page of one's own data, in a real browser."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from app.db import make_engine, transaction
from app.rights import Role
from tests.support import pages
from tests.support.people import PASSWORD, add_person
from tests.support.seeding import VILLAGE_11
from tests.support.server import LiveServer

PATIENCE_MS = 60_000
NEW_PASSWORD = "quiet 河流 over stones"  # noqa: S105 - of somebody who lives for a test


@pytest.fixture
def staffed(territory: None, database: str, live_server: LiveServer) -> LiveServer:
    """The small city with an administrator and officer W1."""
    engine = make_engine(database, pool_size=1)
    with transaction(engine) as session:
        add_person(session, "admin", Role.ADMINISTRATOR)
        add_person(session, "walker", Role.OFFICER, (), officer_code="W1")
    engine.dispose()
    return live_server


@contextmanager
def visit(browser: Browser, watch: pages.PageWatch, server: LiveServer, username: str, path: str) -> Iterator[Page]:
    with pages.watched_page(browser, watch, server.url, pages.DESKTOP, username) as page:
        page.goto(path)
        yield page
    watch.verify()


def test_an_account_is_made_used_and_closed(browser: Browser, watch: pages.PageWatch, staffed: LiveServer) -> None:
    watch.tolerate(r"status of 401")
    with visit(browser, watch, staffed, "admin", "/admin") as page:
        page.get_by_role("button", name="新增账号").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("用户名").fill("liu.village")
        dialog.get_by_label("姓名").fill("刘村官")
        dialog.get_by_label("角色").select_option("village")
        dialog.get_by_label("管辖单元").fill(VILLAGE_11)
        dialog.get_by_role("button", name="新增", exact=True).click()
        secret = page.locator(".secret")
        expect(secret).to_be_visible(timeout=PATIENCE_MS)
        password = secret.inner_text()
        page.get_by_role("button", name="我已记下").click()
        row = page.get_by_role("row", name=re.compile("liu.village"))
        expect(row).to_contain_text("柳树", timeout=PATIENCE_MS)
        expect(row).to_contain_text("待改初始密码", timeout=PATIENCE_MS)
        body = {"username": "liu.village", "password": password}
        assert page.request.post("/api/session", data=body, headers={"Cookie": ""}).ok
        page.context.clear_cookies()
        page.request.post("/api/session", data={"username": "admin", "password": PASSWORD})
        page.reload()
        row.get_by_role("button", name="停用").click()
        page.get_by_role("dialog").get_by_role("button", name="确定").click()
        expect(row).to_contain_text("已停用", timeout=PATIENCE_MS)
        assert page.request.post("/api/session", data=body, headers={"Cookie": ""}).status == 401


def test_what_cannot_be_is_said_and_what_was_typed_stays(
    browser: Browser, watch: pages.PageWatch, staffed: LiveServer
) -> None:
    watch.tolerate(r"status of 4\d\d")
    with visit(browser, watch, staffed, "admin", "/admin") as page:
        page.get_by_role("button", name="新增账号").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("用户名").fill("walker")
        dialog.get_by_label("姓名").fill("重名")
        dialog.get_by_label("角色").select_option("village")
        dialog.get_by_label("管辖单元").fill(VILLAGE_11)
        dialog.get_by_role("button", name="新增", exact=True).click()
        expect(dialog.get_by_role("alert")).to_contain_text("walker", timeout=PATIENCE_MS)
        expect(dialog.get_by_label("姓名")).to_have_value("重名")


def test_the_audit_says_who_came_in(browser: Browser, watch: pages.PageWatch, staffed: LiveServer) -> None:
    with visit(browser, watch, staffed, "admin", "/admin#audit") as page:
        expect(page.get_by_role("tab", name="审计")).to_have_attribute("aria-selected", "true")
        assert page.request.post("/api/session", data={"username": "admin", "password": PASSWORD}).ok
        page.reload()
        expect(page.get_by_role("row", name=re.compile("admin.*登录"))).to_be_visible(timeout=PATIENCE_MS)
        page.get_by_label("操作人").fill("nobody at all")
        expect(page.get_by_text("没有符合条件的记录")).to_be_visible(timeout=PATIENCE_MS)


def test_others_are_told_that_the_page_is_not_theirs(
    browser: Browser, watch: pages.PageWatch, staffed: LiveServer
) -> None:
    with visit(browser, watch, staffed, "walker", "/admin") as page:
        expect(page.get_by_role("heading", name="没有查看本页的权限")).to_be_visible(timeout=PATIENCE_MS)


def test_an_officer_sees_what_is_kept_and_changes_the_password(
    browser: Browser, watch: pages.PageWatch, staffed: LiveServer
) -> None:
    with visit(browser, watch, staffed, "walker", "/me") as page:
        expect(page.get_by_role("heading", name="谁看过我的轨迹")).to_be_visible(timeout=PATIENCE_MS)
        expect(page.get_by_text("没有人看过。")).to_be_visible(timeout=PATIENCE_MS)
        with page.expect_download() as download:
            page.get_by_role("link", name="下载我的全部数据").click()
        assert download.value.suggested_filename.endswith(".json")
        page.get_by_role("button", name="修改密码").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("原密码").fill(PASSWORD)
        dialog.get_by_label("新密码", exact=False).first.fill(NEW_PASSWORD)
        dialog.get_by_label("再输一次新密码").fill("something else")
        dialog.get_by_role("button", name="修改", exact=True).click()
        expect(dialog.get_by_role("alert")).to_contain_text("不一致", timeout=PATIENCE_MS)
        dialog.get_by_label("再输一次新密码").fill(NEW_PASSWORD)
        dialog.get_by_role("button", name="修改", exact=True).click()
        expect(dialog).to_have_count(0, timeout=PATIENCE_MS)
        assert page.request.post("/api/session", data={"username": "walker", "password": NEW_PASSWORD}).ok
