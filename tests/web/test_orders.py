"""Orders from the desk to the phone and back: sent from a blind spot, shown on the way, done by a visit."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from app.db import make_engine, transaction
from app.rights import Role
from app.settings import Settings
from tests.app.dispatch.asks import now_of, sent, strip
from tests.app.review.world import square
from tests.support import pages, seeding
from tests.support.databases import wait_until
from tests.support.people import add_person
from tests.support.phone import signed_in
from tests.support.server import LiveServer
from tests.support.visiting import put_site
from tests.web.city import City, settled
from tests.web.phone import OFFLINE_NOISE, Phone
from tests.web.test_field_visit import choose, enter, submit

PATIENCE_MS = 60_000
# Climbed today: however late it gets meanwhile, it climbs no further before tomorrow.
LATE = text("UPDATE work_order SET deadline = :day, level = 'county', climbed_on = :today WHERE id = :id")
SHOTS = Path(os.environ["WUYILOU_SHOTS"]) if "WUYILOU_SHOTS" in os.environ else None


@pytest.fixture
def head(database: str, territory: None) -> str:
    """The head of town 1, who sends people out."""
    engine = make_engine(database, pool_size=1)
    with transaction(engine) as session:
        add_person(session, "head", Role.LEADER, [(seeding.TOWN_1, None)])
    engine.dispose()
    return "head"


@pytest.fixture
def desk(browser: Browser, watch: pages.PageWatch, live_server: LiveServer, head: str) -> Iterator[Page]:
    """The head at a desk; the page must have no problems."""
    with pages.watched_page(browser, watch, live_server.url, pages.DESKTOP, head) as page:
        yield page
    watch.verify()


@pytest.fixture
def pocket(browser: Browser, watch: pages.PageWatch, live_server: LiveServer, head: str) -> Iterator[Page]:
    """The head with a phone."""
    with pages.watched_page(browser, watch, live_server.url, pages.PHONE, head) as page:
        yield page
    watch.verify()


def shot(page: Page, name: str) -> None:
    """A picture to look at, if pictures are wanted."""
    if SHOTS is not None:
        page.screenshot(path=SHOTS / f"{name}.png")


def shows(page: Page) -> None:
    """Wait for the list."""
    page.locator('html[data-orders="shown"]').wait_for(state="attached", timeout=PATIENCE_MS)


def test_a_leader_sends_somebody_from_a_blind_spot_and_follows_it(desk: Page) -> None:
    City.opened(desk, f"/?unit={seeding.VILLAGE_11}")
    desk.get_by_role("tab", name="盲区").click()
    desk.locator("#spots .spot").first.click()
    settled(desk)
    desk.locator("#card").get_by_role("button", name="派单").click()
    dialog = desk.get_by_role("dialog", name="派单")
    expect(dialog).to_contain_text("手工标记不算完成")
    expect(dialog.get_by_label("派给")).to_have_value("W1")
    assert pages.low_targets(dialog.locator("button, select, input")) == []
    dialog.get_by_label("要求").fill("先查厂房后面")
    shot(desk, "dispatch-dialog")
    dialog.get_by_role("button", name="派单").click()
    expect(dialog).to_contain_text("已派给 王建国")
    dialog.get_by_role("link", name="查看派单").click()
    shows(desk)
    order = desk.locator("#order")
    expect(order).to_contain_text("先查厂房后面")
    expect(order).to_contain_text("派单后轨迹已覆盖 0.0%，达到 95% 即完成。")
    expect(order.locator(".climb [aria-current]")).to_have_text("村级")
    shot(desk, "orders-desk")
    order.get_by_role("button", name="改期").click()
    later = (Settings().today() + timedelta(days=9)).isoformat()
    asked = desk.get_by_role("dialog")
    asked.get_by_label("新的期限").fill(later)
    asked.get_by_label("原因").fill("连日有雨")
    asked.get_by_role("button", name="改期").click()
    expect(order).to_contain_text("还有 9 天")
    expect(order.locator(".timeline li")).to_have_count(2)
    order.get_by_role("link", name="在地图上查看").click()
    settled(desk)


def test_the_phone_shows_an_order_without_a_network_and_a_visit_makes_it_done(
    phone: Phone, client: TestClient, watch: pages.PageWatch
) -> None:
    watch.tolerate(OFFLINE_NOISE)
    site = put_site(client, square(0.5, 2.5), name="宏达机械厂")
    about_site = sent(client, f"site:{site}", words="查消防通道")
    ground = sent(client, area=strip())
    phone.sign_in("w1")
    notice = phone.page.locator("#notices")
    expect(notice).to_contain_text("有新的派单 2 张")
    phone.network(on=False)
    notice.get_by_role("button", name="查看").click()
    cards = phone.page.locator("#visit-orders [data-order]")
    expect(cards).to_have_count(2)
    expect(cards.filter(has_text="宏达机械厂")).to_contain_text("查消防通道")
    expect(cards.filter(has_text="宏达机械厂")).to_contain_text("须进入并在现场提交")
    expect(notice).not_to_contain_text("有新的派单")
    phone.shot("orders-phone")
    assert pages.low_targets(cards.locator("button")) == []
    assert [event["kind"] for event in now_of(client, ground)["events"]] == ["created"]
    phone.network(on=True)
    phone.tab("outbox")
    expect(phone.page.locator("#outbox-state")).to_have_text("全部已上传。")
    seen = ["created", "seen"]
    wait_until(
        lambda: [event["kind"] for event in now_of(client, ground)["events"]] == seen, "the order to be told seen"
    )
    phone.tab("visit")
    cards.filter(has_text="柳树第1网格").get_by_role("button", name="带我去").click()
    expect(phone.page.locator("#nearest .way")).to_contain_text("派单")
    phone.shot("orders-way")
    phone.tab("visit")
    cards.filter(has_text="宏达机械厂").get_by_role("button", name="走访该场所").click()
    form = phone.page.locator("#visit-form")
    enter(form)
    choose(form, "result", "nothing_found")
    phone.take_photo("#visit-form", seed=7)
    submit(phone)
    expect(cards).to_have_count(1, timeout=PATIENCE_MS)
    wait_until(lambda: now_of(client, about_site)["state"] == "done", "the order to be done")
    assert now_of(client, about_site)["state_text"] == "已完成"


def test_the_list_tells_overdue_ones_and_who_answers_for_them(
    pocket: Page, client: TestClient, application: FastAPI, database: str
) -> None:
    late = sent(client, area=strip())
    with signed_in(application, "head") as own:
        soon = sent(own, area=strip(row=2.7))
    engine = make_engine(database, pool_size=1)
    with transaction(engine) as session:
        today = Settings().today()
        session.execute(LATE, {"id": late["id"], "day": today - timedelta(days=2), "today": today})
    engine.dispose()
    pocket.goto("/orders")
    shows(pocket)
    expect(pocket.locator("#count")).to_have_text("共 2 张")
    expect(pocket.locator("#list [data-id]").first).to_contain_text("超期 2 天")
    assert pages.low_targets(pocket.locator("#states button, #levels button, #list button, #filters select")) == []
    shot(pocket, "orders-list-phone")
    pocket.locator("#levels").get_by_role("button", name="县级 1").click()
    shows(pocket)
    rows = pocket.locator("#list [data-id]")
    expect(rows).to_have_count(1)
    assert "level=county" in pocket.url
    rows.first.click()
    order = pocket.locator("#order")
    expect(order.locator(".climb [aria-current]")).to_have_text("县级")
    expect(order.locator(".climb .passed")).to_have_text(["村级", "镇级"])
    shot(pocket, "orders-order-phone")
    expect(order.get_by_role("button", name="返回清单")).to_be_visible()
    expect(order.get_by_role("button", name="撤回")).to_have_count(0)  # it came from above, and has climbed there
    order.get_by_role("button", name="返回清单").click()
    shows(pocket)
    pocket.locator("#levels").get_by_role("button", name="县级 1").click()
    expect(rows).to_have_count(2)

    pocket.locator(f'#list [data-id="{soon["id"]}"]').click()
    order.get_by_role("button", name="撤回").click()
    asked = pocket.get_by_role("dialog")
    asked.get_by_label("原因").fill("厂房已拆除")
    asked.get_by_role("button", name="撤回").click()
    expect(order).to_contain_text("厂房已拆除")
    order.get_by_role("button", name="返回清单").click()
    expect(pocket.locator("#count")).to_have_text("共 2 张")
    expect(pocket.locator(f'#list [data-id="{soon["id"]}"]')).to_contain_text("已撤回")
