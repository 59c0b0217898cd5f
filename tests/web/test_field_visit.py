"""Visits on the phone: what is due, a visit without a network, a draft that stays, a gate that is locked."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Locator, expect
from sqlalchemy import text

from app.db import make_engine, transaction
from tests.app.leads.asks import entered, taken
from tests.app.review.world import square
from tests.support.pages import PageWatch
from tests.support.visiting import put_site, put_tenancy
from tests.web.phone import OFFLINE_NOISE, Phone, grid_place
from tests.web.test_field_page import SMALL

COUNTS = text("SELECT (SELECT count(*) FROM visit), (SELECT count(*) FROM photo)")


@pytest.fixture
def yard(territory: None, client: TestClient) -> str:
    """A factory where the officer stands, with a tenant and his sub-tenant; nobody has looked into it."""
    site = put_site(client, square(0.5, 2.5), name="宏达机械厂")
    first = put_tenancy(client, site, "鑫源塑料制品厂", floor_unit="1 号楼")
    put_tenancy(client, site, "小李喷涂部", parent_id=first)
    return site


@pytest.fixture
def shed(territory: None, client: TestClient) -> str:
    """A warehouse some 950 m east of it."""
    place = {"name": "东风仓库", "kind": "warehouse", "occupancy": "idle", "address": None}
    return put_site(client, square(0.999, 2.5), **place)


@pytest.fixture
def visiting(yard: str, shed: str, phone: Phone) -> Phone:
    """W1's phone, signed in, with the list of sites before them."""
    phone.sign_in("w1")
    phone.tab("visit")
    expect(phone.page.locator("#visit-due .visit-row")).to_have_count(2)
    return phone


def opened(phone: Phone, site: str) -> Locator:
    """Open the form of a site."""
    phone.page.locator(f'.visit-row[data-site="{site}"]').click()
    form = phone.page.locator("#visit-form")
    expect(form).to_be_visible()
    return form


def choose(form: Locator, name: str, value: str) -> None:
    """Tap one of few."""
    form.locator(f'input[name="{name}"][value="{value}"]').check(force=True)


def enter(form: Locator, seen: str = "yes") -> None:
    """Be inside, see everybody (or nobody), find all as it should be."""
    choose(form, "entered", "yes")
    for kind, value in (("tenancy", seen), ("item", "yes")):
        for row in form.locator(f"[data-{kind}]").all():
            row.locator(f'input[value="{value}"]').check(force=True)


def submit(phone: Phone) -> None:
    """Send the visit; the list is back once the phone has stored it, and not before."""
    phone.page.click("#visit-submit")
    expect(phone.page.locator("#visit-list")).to_be_visible()


def counts(database: str) -> tuple[int, int]:
    """Visits and photos that the server holds."""
    engine = make_engine(database, pool_size=1)
    with transaction(engine) as session:
        found = session.execute(COUNTS).one()
    engine.dispose()
    return found[0], found[1]


def stands(client: TestClient, site: str) -> Any:
    """A site as the server tells of it."""
    return client.get(f"/api/sites/{site}").json()


def test_what_is_due_is_listed_nearest_first(visiting: Phone, yard: str, shed: str) -> None:
    rows = visiting.page.locator("#visit-due .visit-row")
    assert [row.get_attribute("data-site") for row in rows.all()] == [yard, shed]
    expect(rows.nth(0)).to_contain_text("从未检查 · 厂房 · 厂中厂 · 2 户")
    expect(rows.nth(0)).to_contain_text("就在此处")
    expect(rows.nth(1)).to_contain_text("约 890 米")


def test_a_visit_without_a_network_is_sent_once(
    visiting: Phone, yard: str, database: str, client: TestClient, watch: PageWatch
) -> None:
    watch.tolerate(OFFLINE_NOISE)
    phone = visiting
    phone.network(on=False)
    form = opened(phone, yard)
    expect(form.locator("#visit-where")).to_contain_text("手机就在场所")
    enter(form)
    expect(form.locator("#visit-problem")).to_have_text("请选择走访结果。")
    choose(form, "result", "nothing_found")
    phone.take_photo("#visit-form", seed=7)
    submit(phone)
    expect(phone.page.locator("#visit-due .visit-row")).to_have_count(1)
    phone.end()
    phone.start()
    phone.open()
    phone.waits(1)
    phone.network(on=True)
    phone.waits(0)
    assert counts(database) == (1, 1)
    assert stands(client, yard)["state"] == "checked"
    assert stands(client, yard)["visits"][0]["distance_m"] == 0
    phone.tab("visit")
    expect(phone.page.locator("#visit-due .visit-row")).to_have_count(1)
    phone.tab("outbox")
    expect(phone.page.locator("#records")).to_contain_text("走访")
    phone.page.click("#outbox-state")
    assert counts(database) == (1, 1)


@pytest.mark.nightly
def test_what_was_filled_in_survives_a_restart(visiting: Phone, yard: str) -> None:
    phone = visiting
    form = opened(phone, yard)
    choose(form, "entered", "yes")
    form.locator("[data-tenancy]").nth(1).locator('input[value="no"]').check(force=True)
    form.locator("#visit-note").fill("二楼锁着")
    form.locator("#add-tenant").click()
    form.locator("[data-new] input").first.fill("无名作坊")
    phone.take_photo("#visit-form", seed=8)
    phone.end()
    phone.start()
    phone.open()
    phone.tab("visit")
    form = phone.page.locator("#visit-form")
    expect(form).to_be_visible()
    expect(form.locator("#visit-note")).to_have_value("二楼锁着")
    expect(form.locator("[data-new] input").first).to_have_value("无名作坊")
    expect(form.locator("[data-tenancy]").nth(1).locator('input[value="no"]')).to_be_checked()
    expect(form.locator("img")).to_have_count(1)
    expect(form.locator("#visit-problem")).to_have_text("还有 1 户没有选择“已查看”或“未见到”。")
    phone.page.click("#visit-back")
    expect(phone.page.locator(f'#visit-begun [data-site="{yard}"]')).to_be_visible()
    opened(phone, yard).locator("#visit-drop").click()
    phone.page.locator("#confirm").get_by_role("button", name="删除").click()
    expect(phone.page.locator("#visit-begun")).to_have_count(0)


def test_a_locked_gate_is_no_visit(visiting: Phone, shed: str, database: str, client: TestClient) -> None:
    form = opened(visiting, shed)
    choose(form, "entered", "no")
    expect(form.locator("#visit-submit")).to_be_disabled()
    choose(form, "why", "locked")
    submit(visiting)
    visiting.waits(0)
    assert counts(database) == (1, 0)
    site = stands(client, shed)
    assert (site["state"], site["visits"][0]["result"]) == ("never", "not_entered")


def test_a_problem_needs_words_and_a_photo_and_a_new_tenant_is_told(
    visiting: Phone, yard: str, client: TestClient
) -> None:
    form = opened(visiting, yard)
    enter(form)
    form.locator("[data-item]").first.locator('input[value="no"]').check(force=True)
    choose(form, "result", "nothing_found")
    expect(form.locator("#visit-problem")).to_contain_text("结果应为“发现问题”")
    choose(form, "result", "problem_found")
    expect(form.locator("#visit-problem")).to_contain_text("写明情况")
    form.locator("#visit-note").fill("后院有暗门")
    expect(form.locator("#visit-problem")).to_contain_text("至少拍 1 张")
    visiting.take_photo("#visit-form", seed=9)
    form.locator("#add-tenant").click()
    expect(form.locator("#visit-problem")).to_have_text("请填写新发现租户的名称。")
    form.locator("[data-new] input").first.fill("阿强废品站")
    submit(visiting)
    visiting.waits(0)
    site = stands(client, yard)
    assert site["visits"][0]["result"] == "problem_found"
    found = next(each for each in site["tenancies"] if each["tenant_name"] == "阿强废品站")
    assert found["state"] == "reported"
    assert "reported_only" in [omission["kind"] for omission in found["omissions"]]


def test_a_lead_assigned_to_the_officer_leads_to_its_site(yard: str, client: TestClient, phone: Phone) -> None:
    known = taken(client, entered(client), "match", site_id=yard)
    taken(client, known, "assign", officer_code="W1")
    phone.sign_in("w1")
    expect(phone.page.locator("#tab-visit .badge")).to_have_text("1")
    phone.tab("visit")
    lead = phone.page.locator("#visit-leads [data-lead]")
    expect(lead).to_contain_text("夜间生产")
    expect(lead).to_contain_text("柳树村 12 号")
    lead.get_by_role("button", name="走访该场所").click()
    expect(phone.page.locator("#visit-form")).to_contain_text("宏达机械厂")


@pytest.mark.nightly
def test_from_afar_the_phone_says_how_far(visiting: Phone, yard: str) -> None:
    visiting.place = grid_place(0.9, 2.5)
    visiting.stand_elsewhere()
    expect(visiting.page.locator("#visit-due .visit-row").nth(1)).to_contain_text("约 700 米")
    form = opened(visiting, yard)
    expect(form.locator("#visit-where")).to_have_text("手机距场所约 700 米。")


@pytest.mark.nightly
def test_controls_are_large_enough_for_gloves(visiting: Phone, yard: str) -> None:
    assert visiting.page.evaluate(SMALL) == []
    enter(opened(visiting, yard))
    visiting.page.locator("#add-tenant").click()
    assert visiting.page.evaluate(SMALL) == []
    assert visiting.page.evaluate("document.documentElement.scrollWidth") == 390
