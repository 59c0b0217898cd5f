"""A visit on the review page: what was answered, who was not seen, where the phone was, and the way to its site."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page, expect

from tests.support import pages
from tests.support.databases import Seed
from tests.support.phone import add_people, at, send_photo, signed_in
from tests.support.seeding import cell
from tests.support.server import LiveServer
from tests.support.visiting import checklist, put_site, put_tenancy, visit
from tests.web.test_review import shows

AFAR = at(cell(0.8, 2.3, 0.01, 0.01))


@dataclass(frozen=True)
class Sent:
    """A visit from afar, and its site."""

    visit: str
    site: str


@pytest.fixture
def world_seed() -> Seed:
    """The city with its people."""
    return add_people


@pytest.fixture
def sent(application: FastAPI, client: TestClient) -> Sent:
    """A problem was found, one of two tenants was not seen, and the phone was 900 m away."""
    site = put_site(client)
    tenant = put_tenancy(client, site, "甲五金厂")
    subtenant = put_tenancy(client, site, "乙喷涂作坊", parent_id=tenant)
    with signed_in(application, "w1") as phone:
        body = visit(
            site,
            {tenant: True, subtenant: False},
            position=AFAR,
            result="problem_found",
            checklist=checklist(chemicals="no"),
            note="二楼有 20 桶无标签溶剂",
            photo_ids=[send_photo(phone)],
        )
        assert phone.post("/api/visits", json=body).status_code == 200
    return Sent(body["id"], site)


@pytest.fixture(params=[pages.DESKTOP, pages.PHONE], ids=["desk", "phone"])
def reviewing(
    request: pytest.FixtureRequest, sent: Sent, browser: Browser, watch: pages.PageWatch, live_server: LiveServer
) -> Iterator[Page]:
    """The visit, open before staff of its village."""
    with pages.watched_page(browser, watch, live_server.url, request.param, "village") as page:
        page.goto(f"/review?id={sent.visit}")
        shows(page, sent.visit)
        yield page
    watch.verify()


def test_a_visit_is_shown_with_what_is_wrong_first(reviewing: Page, sent: Sent) -> None:
    expect(reviewing.locator("#head h2")).to_have_text("王建国 · 检查走访")
    expect(reviewing.locator("#findings li")).to_contain_text(["走访时手机距所查场所"])
    heads = reviewing.locator("#visit h3")
    expect(heads).to_have_text(["红星机械厂 · 发现问题", "租户（2，1 个未见到）", "检查项（10，1 项不符合）"])
    rows = reviewing.locator("#visit .answers li")
    expect(rows.nth(0)).to_have_text("未见到乙喷涂作坊")
    expect(rows.nth(2)).to_have_text("不符合无来历不明、无标签的化学品、原料桶和储罐")
    expect(reviewing.locator("#visit .problem")).to_have_count(2)
    expect(reviewing.locator("#visit")).to_contain_text("二楼有 20 桶无标签溶剂")
    expect(reviewing.locator("#legend li")).to_have_text(["场所", "手机位置"])
    expect(reviewing.locator("#photos img")).to_have_count(1)
    link = reviewing.get_by_role("link", name="查看场所")
    assert link.get_attribute("href") == f"/sites?site={sent.site}"
    assert pages.low_targets(reviewing.locator("#visit a, #decide button")) == []


def test_voided_on_the_page_the_site_is_to_be_visited_again(reviewing: Page, sent: Sent, client: TestClient) -> None:
    reviewing.get_by_role("button", name="作废").click()
    dialog = reviewing.get_by_role("dialog")
    expect(dialog).to_contain_text("该场所立即不再按已检查计")
    dialog.get_by_role("button", name="没有进入场所").click()
    dialog.get_by_role("button", name="确认作废").click()
    expect(reviewing.locator("#live")).to_contain_text("已作废")
    assert client.get(f"/api/sites/{sent.site}").json()["state"] == "never"
