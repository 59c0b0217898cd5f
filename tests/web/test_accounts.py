"""Signing in, the first password, the menu, signing out: in a real browser."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import create_engine, text

from app.db import make_engine, transaction
from app.rights import Role
from tests.support import pages
from tests.support.people import PASSWORD, add_person
from tests.support.seeding import TOWN_1
from tests.support.server import LiveServer
from tests.web.city import settled

FRESH = "三号井 lighthouse 7 杨树"


@pytest.fixture
def peopled(territory: None, database: str, live_server: LiveServer) -> LiveServer:
    """The small city with somebody of a town, an officer and an administrator."""
    engine = make_engine(database, pool_size=1)
    with transaction(engine) as session:
        add_person(session, "town", Role.TOWN, [(TOWN_1, None)])
        add_person(session, "walker", Role.OFFICER, (), officer_code="W1")
        add_person(session, "chief", Role.ADMINISTRATOR)
    engine.dispose()
    return live_server


@pytest.fixture
def guest(browser: Browser, peopled: LiveServer, watch: pages.PageWatch) -> Iterator[Page]:
    """A page at a desk of somebody who is not signed in."""
    with pages.watched_page(browser, watch, peopled.url, pages.DESKTOP, username=None) as page:
        yield page
    watch.verify()


@pytest.fixture
def phone_guest(browser: Browser, peopled: LiveServer, watch: pages.PageWatch) -> Iterator[Page]:
    """A page on a phone of somebody who is not signed in."""
    with pages.watched_page(browser, watch, peopled.url, pages.PHONE, username=None) as page:
        yield page
    watch.verify()


def enter(page: Page, username: str, password: str = PASSWORD) -> None:
    """Fill the form and send it."""
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码", exact=True).fill(password)
    page.get_by_role("button", name="登录", exact=True).click()


def test_whoever_is_not_signed_in_is_led_there_and_back(guest: Page) -> None:
    wanted = f"/?unit={TOWN_1}"
    guest.goto(wanted)
    expect(guest).to_have_url(re.compile(r"/login\?next="))
    enter(guest, "town")
    expect(guest).to_have_url(re.compile(re.escape(wanted)))
    settled(guest)
    expect(guest.get_by_role("heading", name="南桥镇")).to_be_visible()


def test_nothing_can_be_sent_before_the_page_is_ready(guest: Page) -> None:
    """Pressed before its script is there, the form would be sent by the browser, and answered in no words of ours."""
    held: list[Route] = []
    guest.route("**/js/login.js*", lambda route: held.append(route))
    guest.goto("/login", wait_until="commit")
    send = guest.get_by_role("button", name="登录", exact=True)
    expect(send).to_be_disabled()
    pages.wait_until_held(guest, held)
    held[0].continue_()
    expect(send).to_be_enabled()
    enter(guest, "chief")
    expect(guest).to_have_url(re.compile("/admin"))


def test_what_was_wrong_is_said_and_the_name_stays(guest: Page, watch: pages.PageWatch) -> None:
    watch.tolerate("status of 401")
    guest.goto("/login")
    enter(guest, "town", "guess")
    expect(guest.get_by_role("alert")).to_contain_text("用户名或密码不正确")
    expect(guest.get_by_label("用户名")).to_have_value("town")
    enter(guest, "town")
    expect(guest).to_have_url(re.compile(r"/(\?|$)"))


def test_a_locked_name_is_told_for_how_long(guest: Page, watch: pages.PageWatch, database: str) -> None:
    watch.tolerate("status of 429")
    engine = create_engine(database)
    with engine.begin() as connection:
        connection.execute(
            text(
                """INSERT INTO login_attempt (at, username, address, succeeded)
                SELECT now(), 'town', 'x', false FROM generate_series(1, 5)"""
            )
        )
    engine.dispose()
    guest.goto("/login")
    enter(guest, "town")
    expect(guest.get_by_role("alert")).to_contain_text("约 15 分钟后可再试")


def test_the_way_back_never_leads_to_another_site(guest: Page) -> None:
    for elsewhere in ("https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example/", "/login"):
        guest.goto(f"/login?next={elsewhere}")
        enter(guest, "chief")
        expect(guest).to_have_url(re.compile(r"^http://127\.0\.0\.1:\d+/admin$"))
        guest.goto("about:blank")  # nothing asks any more
        guest.context.clear_cookies()


def test_the_first_password_must_be_ones_own(guest: Page, watch: pages.PageWatch, database: str) -> None:
    watch.tolerate("status of 422")
    engine = create_engine(database)
    with engine.begin() as connection:
        connection.execute(text("UPDATE account SET must_change_password = true WHERE username = 'town'"))
    engine.dispose()
    guest.goto("/login")
    enter(guest, "town")
    expect(guest.get_by_text("请设置自己的新密码")).to_be_visible()
    send = guest.get_by_role("button", name="设置新密码并继续")
    new, again = guest.get_by_label("新密码", exact=True), guest.get_by_label("再输一次新密码")
    new.fill(FRESH)
    again.fill("something else")
    send.click()
    expect(guest.get_by_role("alert")).to_contain_text("不一致")
    new.fill("1234567890")
    again.fill("1234567890")
    send.click()
    expect(guest.get_by_role("alert")).to_contain_text("过于常见")
    new.fill(FRESH)
    again.fill(FRESH)
    send.click()
    expect(guest).to_have_url(re.compile(r"/(\?|$)"))
    settled(guest)


def test_no_page_opens_before_the_first_password_was_changed(guest: Page, database: str) -> None:
    guest.goto("/login")
    enter(guest, "town")
    settled(guest)
    engine = create_engine(database)
    with engine.begin() as connection:
        connection.execute(text("UPDATE account SET must_change_password = true WHERE username = 'town'"))
    engine.dispose()
    guest.goto("/me")
    expect(guest).to_have_url(re.compile(r"/login\?next=%2Fme"))
    expect(guest.get_by_label("原密码")).to_be_visible()


def links(page: Page) -> list[str]:
    """What the menu leads to."""
    page.locator("details.account summary").click()
    return page.locator("details.account nav a").all_inner_texts()


def test_the_menu_names_the_person_and_leads_where_they_may(guest: Page) -> None:
    guest.goto("/login")
    enter(guest, "town")
    settled(guest)
    assert links(guest) == [
        *("总览", "无遗漏认定", "覆盖地图", "今日在岗", "证据审核", "场所", "底单"),
        *("线索", "案件", "派单", "报表", "督导", "我的数据"),
    ]
    menu = guest.locator(".account-list")
    expect(menu).to_contain_text("测试town")
    expect(menu).to_contain_text("镇（街道）工作人员")
    expect(menu).to_contain_text("管辖范围：南桥镇")
    guest.keyboard.press("Escape")
    expect(menu).to_be_hidden()


def test_signing_out_shows_nothing_of_the_person_any_more(guest: Page, watch: pages.PageWatch) -> None:
    guest.goto("/login")
    enter(guest, "chief")
    expect(guest).to_have_url(re.compile("/admin"))
    assert links(guest) == ["覆盖地图", "系统管理", "我的数据"]
    guest.get_by_role("button", name="退出登录").click()
    expect(guest).to_have_url(re.compile("/login"))
    guest.go_back()
    expect(guest).to_have_url(re.compile("/login"))


def test_signing_out_while_the_map_still_asks_leads_to_no_place_of_the_person(
    guest: Page, watch: pages.PageWatch
) -> None:
    """Tiles on their way are refused from then on: whoever signs in next must not be led to where this person was."""
    watch.tolerate("status of 401|ERR_ABORTED|Failed to fetch")
    guest.goto("/login")
    enter(guest, "town")
    settled(guest)
    asked: list[Route] = []
    guest.route("**/api/tiles/**", lambda route: asked.append(route))
    guest.locator(".maplibregl-ctrl-zoom-in").click()
    pages.wait_until_held(guest, asked)

    def refused_before_it_is_answered(route: Route) -> None:
        if route.request.method != "DELETE":
            route.continue_()
            return
        answer = route.fetch()
        for tile in asked:
            tile.fulfill(response=tile.fetch())
        route.fulfill(response=answer)

    guest.route("**/api/session", refused_before_it_is_answered)
    visited: list[str] = []
    guest.on("framenavigated", lambda frame: visited.append(frame.url))
    links(guest)
    guest.get_by_role("button", name="退出登录").click()
    expect(guest.get_by_label("用户名")).to_be_visible()
    assert [url.partition("/login")[2] for url in visited if "/login" in url] == [""]


def test_an_officer_comes_to_the_field_page_by_phone(phone_guest: Page) -> None:
    phone_guest.goto("/login")
    box = phone_guest.get_by_role("button", name="登录", exact=True).bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert phone_guest.evaluate("document.documentElement.scrollWidth") <= 390
    enter(phone_guest, "walker")
    expect(phone_guest).to_have_url(re.compile("/field"))


def test_the_header_of_a_phone_holds_search_and_menu(phone_guest: Page) -> None:
    phone_guest.goto("/login?next=/")
    enter(phone_guest, "town")
    settled(phone_guest)
    links(phone_guest)
    for part in (phone_guest.locator("#search-input"), phone_guest.locator(".account-list")):
        box = part.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert box["width"] >= 120
