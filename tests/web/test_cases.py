"""People work on cases: find, prove, close, tie together. The server, the database and the browser are real."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import create_engine
from sqlalchemy.engine import URL, make_url

from app.main import create_app
from app.security import cookie_name, csrf_token
from app.settings import Settings
from tests.app.cases.desk import FAR, PDF, PLACE, Desks, picture
from tests.app.review.world import World
from tests.support import databases, pages
from tests.support.people import session_token
from tests.support.seeding import HEIGHT, SOUTH, VILLAGE_11, WEST, WIDTH
from tests.support.server import LiveServer

LONG = (
    "该单位在未取得危险化学品生产许可的情况下，租用村内闲置养殖场分装有机溶剂，"
    "现场有反应釜两台、储罐三只，周边五十米内有居民住宅。"
)
BUYER_PLACE = {"lon": WEST + 1.6 * WIDTH, "lat": SOUTH + 3.4 * HEIGHT, "datum": "WGS-84"}


@dataclass(frozen=True)
class Filed:
    """A database with cases in every state; ids by name."""

    url: URL
    ids: dict[str, str]


@contextmanager
def desks_on(settings: Settings) -> Iterator[Desks]:
    """The desks of everybody in a database."""
    application = create_app(settings)

    def person(name: str) -> TestClient:
        token = session_token(settings.database_url or "", name)
        client = TestClient(application, "http://127.0.0.1", raise_server_exceptions=False)
        client.cookies.set(cookie_name(settings), token, domain="127.0.0.1")
        client.headers["X-CSRF-Token"] = csrf_token(token)
        return client

    yield Desks(person, settings)
    application.state.engine.dispose()


def tied(desks: Desks, case_id: str, relation: str, **more: Any) -> None:
    """Tie a case to something."""
    asked = {"id": str(uuid4()), "relation": relation, **more}
    desks.taken(desks.person("county").post(f"/api/cases/{case_id}/links", json=asked))


def fill(desks: Desks) -> dict[str, str]:
    """Cases in every state, one of them with all that a file can hold."""
    facts = {
        "party_name": "东山区南桥镇柳树溶剂分装点", "description": LONG, "measures": "查封设备，转移危险化学品。",
        "stages": ["produce", "store"], "responsible_name": "王某某", "responsible_phone": "13800000000",
        "chemicals": [{"name": "甲苯", "amount": 0.2, "unit": "吨"}, {"name": "乙酸乙酯", "amount": 1.5, "unit": "吨"}],
        "handler_name": "钱督办", "fine_wan": "12.5", "filed_on": desks.ago(20),
    }  # fmt: skip
    work = desks.opened(**facts)["id"]
    desks.taken(desks.step(work, "start", on_day=desks.ago(30)))
    desks.taken(desks.step(work, "supervise", "town1", level="city", on_day=desks.ago(25)))
    for at, item in enumerate(("water", "power")):
        evidence = desks.attached(work, 20 + at, what=f"{'断水' if item == 'water' else '断电'}现场")
        desks.taken(desks.prove(work, item, desks.ago(10), [evidence]))
    desks.taken(desks.attach(work, PDF, what="行政处罚决定书", name="决定书.pdf"))
    far = desks.opened("village21", place=FAR, party_name="清水溶剂厂")["id"]
    buyer = desks.opened(party_name="柳树喷涂作坊", category="spraying", chemical_kind=None, place=BUYER_PLACE)["id"]
    tied(desks, work, "supplier", other_case_id=far, words="每月送货两次")
    tied(desks, work, "buyer", other_case_id=buyer)
    landlord = {**PLACE, "lat": float(PLACE["lat"]) + 0.004}
    tied(desks, work, "landlord", other_name="李某", other_address="柳树村 12 号", other_place=landlord)
    tied(desks, buyer, "buyer", other_name="建材市场 3 号摊位")
    late = desks.opened(party_name="逾期电镀点", category="plating", chemical_kind=None, deadline=desks.ago(3))["id"]
    return {
        "work": work,
        "far": far,
        "buyer": buyer,
        "late": late,
        "missed": desks.closed(40, party_name="失查厂")["id"],
    }


@pytest.fixture(scope="session")
def filed(template: URL) -> Iterator[Filed]:
    """Built once, to be copied."""
    with databases.fresh_database(template) as url:
        settings = Settings(database_url=url)
        engine = create_engine(url, connect_args={"options": "-c timezone=UTC"})
        World.built(engine, settings)
        engine.dispose()
        with desks_on(settings) as desks:
            ids = fill(desks)
        yield Filed(make_url(url), ids)


@pytest.fixture
def database(filed: Filed) -> Iterator[str]:
    """A copy of what was filed."""
    with databases.fresh_database(filed.url) as url:
        yield url


def opened(
    browser: Browser, watch: pages.PageWatch, server: LiveServer, size: tuple[int, int], name: str, path: str
) -> Iterator[Page]:
    """The page of somebody, settled; it must have had no problems."""
    with pages.watched_page(browser, watch, server.url, size, name) as page:
        page.goto(path)
        expect(page.locator("html[data-cases='shown']")).to_be_attached()
        yield page
    watch.verify()


@pytest.fixture
def town(browser: Browser, watch: pages.PageWatch, live_server: LiveServer) -> Iterator[Page]:
    """A town's staff member at a desk."""
    yield from opened(browser, watch, live_server, pages.DESKTOP, "town1", "/cases")


@pytest.fixture
def phone(browser: Browser, watch: pages.PageWatch, live_server: LiveServer) -> Iterator[Page]:
    """A town's staff member on a phone."""
    yield from opened(browser, watch, live_server, pages.PHONE, "town1", "/cases")


def file_of(page: Page, case_id: str) -> Locator:
    """The file of a case, opened from the list."""
    page.locator(f"#list [data-id='{case_id}']").click()
    return shown(page, case_id)


def shown(page: Page, case_id: str) -> Locator:
    """The file that is there."""
    expect(page.locator(f"html[data-file='{case_id}']")).to_be_attached()
    return page.locator("#file")


def names(page: Page) -> list[str]:
    """The parties in the list, from the top."""
    return page.locator("#list .row strong").all_inner_texts()


def test_the_list_counts_filters_and_keeps_it_all_in_the_address(town: Page) -> None:
    expect(town.locator("#count")).to_have_text("共 4 个案件")
    town.locator("[data-state='open']").click()
    expect(town.locator("#count")).to_have_text("共 3 个案件")
    town.locator("#by-omission").select_option("overdue")
    expect(town.locator("#count")).to_have_text("共 1 个案件")
    assert names(town) == ["逾期电镀点"]
    expect(town.locator("#list .row")).to_contain_text("超期 3 天")
    assert "state=open" in town.url
    assert "omission=overdue" in town.url
    town.reload()
    expect(town.locator("#count")).to_have_text("共 1 个案件")
    town.locator("#clear").click()
    expect(town.locator("#count")).to_have_text("共 4 个案件")
    town.locator("#by-q").fill("没有这家")
    expect(town.locator("#none")).to_have_text("没有符合条件的案件。可清除筛选后再看。")


def test_a_file_shows_what_is_missing_and_a_refusal_is_a_list(town: Page, filed: Filed, watch: pages.PageWatch) -> None:
    watch.tolerate("409")
    file = file_of(town, filed.ids["work"])
    expect(file.locator("[data-item='water'] .tag")).to_have_text("✓ 已办结")
    expect(file.locator("[data-item='materials'] .tag")).to_have_text("缺日期、缺证据")
    needs = file.locator("[data-step='close'] .needs li")
    assert needs.all_inner_texts()[0] == "清设备：缺完成日期、缺证据"
    file.get_by_role("button", name="完成整治…").click()
    dialog = town.get_by_role("dialog")
    dialog.get_by_label("情况说明").fill("现场清理完毕")
    dialog.get_by_role("button", name="确认办理").click()
    missing = dialog.locator(".trouble .needs li")
    expect(missing).to_have_count(4)
    expect(missing.last).to_have_text("整治方式：未选择")
    expect(dialog.get_by_label("情况说明")).to_have_value("现场清理完毕")


def test_evidence_is_uploaded_recorded_and_closes_the_case(town: Page, filed: Filed, tmp_path: Path) -> None:
    file = file_of(town, filed.ids["work"])
    photo = tmp_path / "清场.jpg"
    photo.write_bytes(picture(77))
    file.get_by_role("button", name="上传附件").click()
    dialog = town.get_by_role("dialog")
    dialog.locator("input[type=file]").set_input_files(photo)
    dialog.get_by_label("内容").fill("清场现场")
    dialog.get_by_role("button", name="上传", exact=True).click()
    expect(dialog).to_have_count(0)
    expect(file.locator(".attachment")).to_have_count(4)
    for item in ("equipment", "premises", "materials"):
        file.locator(f"[data-item='{item}']").get_by_role("button").click()
        dialog.get_by_label("完成日期").fill(Settings().today().isoformat())
        dialog.get_by_label("清场现场").check()
        dialog.get_by_role("button", name="保存").click()
        expect(dialog).to_have_count(0)
        expect(file.locator(f"[data-item='{item}'] .tag")).to_have_text("✓ 已办结")
    file.locator(".part", has_text="基本情况").get_by_role("button", name="修改").click()
    dialog.get_by_label("整治方式").select_option("ban")
    dialog.get_by_label("修改原因").fill("取缔决定")
    dialog.get_by_role("button", name="保存").click()
    expect(dialog).to_have_count(0)
    file.get_by_role("button", name="完成整治…").click()
    dialog.get_by_label("情况说明").fill("五项齐全")
    dialog.get_by_role("button", name="确认办理").click()
    expect(dialog).to_have_count(0)
    expect(file.locator(".way .now")).to_have_text("已完成整治")
    expect(file.locator(".look")).to_have_count(3)
    expect(file.locator("[data-step='strike_off'] .needs li").first).to_contain_text("回头看：未完成")
    newest = file.locator(".timeline li").first
    expect(newest).to_contain_text("完成整治")
    expect(newest).to_contain_text("五项齐全")
    expect(town.locator("[data-state='closed'] strong")).to_have_text("2")


def test_a_relapse_asks_for_a_new_deadline_and_reopens(town: Page, filed: Filed) -> None:
    file = file_of(town, filed.ids["missed"])
    expect(file.locator(".look").first).to_contain_text("逾期未做")
    file.locator(".look").first.get_by_role("button").click()
    dialog = town.get_by_role("dialog")
    expect(dialog.get_by_label("新的整治期限")).to_be_hidden()
    dialog.get_by_label("结果").select_option("relapse")
    dialog.get_by_label("新的整治期限").fill("2099-01-01")
    dialog.get_by_label("现场情况").fill("夜间恢复生产")
    dialog.get_by_role("button", name="保存").click()
    expect(dialog).to_have_count(0)
    expect(file.locator(".way .now")).to_have_text("整治中")
    expect(file.locator(".box.lacking")).to_have_count(5)
    expect(file.locator(".file-head")).to_contain_text("反弹 1 次")


@pytest.mark.nightly
def test_the_chain_is_walked_by_keyboard_and_hides_what_is_out_of_scope(town: Page, filed: Filed) -> None:
    file = file_of(town, filed.ids["work"])
    nodes = file.locator(".chain-graph .node")
    expect(nodes).to_have_count(5)
    labels = nodes.evaluate_all("nodes => nodes.map(node => node.getAttribute('aria-label'))")
    assert any("东山区（管辖范围外）" in label for label in labels)
    assert "清水溶剂厂" not in file.inner_text()
    assert nodes.evaluate_all("nodes => nodes.every(node => node.tabIndex === 0)")
    buyer = file.get_by_label(re.compile("打开案件 .* 柳树喷涂作坊"))
    buyer.focus()
    town.keyboard.press("Enter")
    shown(town, filed.ids["buyer"])
    expect(file.locator(".links")).to_contain_text("上家（供货）")
    town.go_back()
    shown(town, filed.ids["work"])


@pytest.mark.nightly
def test_a_link_is_found_by_searching_and_shows_on_both(town: Page, filed: Filed) -> None:
    file = file_of(town, filed.ids["late"])
    file.get_by_role("button", name="建立关联").click()
    dialog = town.get_by_role("dialog")
    dialog.get_by_label("对方是本案的").select_option("related")
    dialog.get_by_label("查找案件").last.fill("失查")
    dialog.get_by_role("radio").check()
    dialog.get_by_role("button", name="保存").click()
    expect(dialog).to_have_count(0)
    expect(file.locator(".links li")).to_contain_text("失查厂")
    file.locator(".links a").click()
    shown(town, filed.ids["missed"])
    expect(file.locator(".links li")).to_contain_text("逾期电镀点")


def test_somebody_elses_change_is_shown_and_not_overwritten(
    town: Page, filed: Filed, database: str, watch: pages.PageWatch
) -> None:
    watch.tolerate("409")
    file = file_of(town, filed.ids["late"])
    with desks_on(Settings(database_url=database)) as desks:
        desks.taken(desks.patch(filed.ids["late"], handler_name="先到者"))
    file.get_by_role("button", name="开始整治…").click()
    dialog = town.get_by_role("dialog")
    dialog.get_by_label("情况说明").fill("开始")
    dialog.get_by_role("button", name="确认办理").click()
    expect(dialog.locator(".trouble")).to_contain_text("刚被其他人修改过")
    dialog.get_by_role("button", name="查看最新内容").click()
    expect(file).to_contain_text("先到者")
    expect(file.locator(".way .now")).to_have_text("已登记")


def test_a_case_is_registered_and_wrong_input_keeps_what_was_typed(town: Page, watch: pages.PageWatch) -> None:
    watch.tolerate("422")
    town.get_by_role("button", name="登记案件").click()
    dialog = town.get_by_role("dialog")
    dialog.get_by_label("问题单位（个人）").fill("石桥喷涂点")
    dialog.get_by_label("统一社会信用代码").fill("91110000600037341X")
    dialog.get_by_label("问题类别").select_option("spraying")
    expect(dialog.get_by_label("小化工情形")).to_be_hidden()
    dialog.get_by_label("详细地址").fill("石桥村 5 号")
    dialog.get_by_label("问题具体描述").fill("无证喷涂")
    dialog.locator(".unit-input").fill("柳树")
    dialog.locator(f"[data-code='{VILLAGE_11}']").click()
    dialog.get_by_role("button", name="登记").click()
    expect(dialog.locator(".trouble")).to_contain_text("校验位")
    dialog.get_by_label("统一社会信用代码").fill("")
    dialog.get_by_role("button", name="登记").click()
    expect(dialog).to_have_count(0)
    expect(town.locator("#file h2").first).to_have_text("石桥喷涂点")
    expect(town.locator("#file")).to_contain_text("没有坐标")


def test_who_may_only_read_is_offered_nothing_to_change(
    browser: Browser, watch: pages.PageWatch, live_server: LiveServer, filed: Filed
) -> None:
    for page in opened(browser, watch, live_server, pages.DESKTOP, "leader", f"/cases?id={filed.ids['work']}"):
        file = shown(page, filed.ids["work"])
        assert file.get_by_role("button").all_inner_texts() == ["打印本页"] or page.locator("#add").is_hidden()
        offered = file.locator("button:visible").all_inner_texts()
        assert set(offered) <= {"打印本页", "‹ 返回清单", "派单"}  # a leader may send somebody
        with page.expect_download() as saved:
            file.get_by_role("link", name="下载 PDF").click()
        assert saved.value.suggested_filename.endswith(".pdf")


def test_an_officer_is_told_that_cases_are_not_theirs(
    browser: Browser, watch: pages.PageWatch, live_server: LiveServer
) -> None:
    with pages.watched_page(browser, watch, live_server.url, pages.DESKTOP, "wang") as page:
        page.goto("/cases")
        expect(page.locator(".denied")).to_contain_text("没有查看本页的权限")
    watch.verify()


@pytest.mark.nightly
def test_on_a_phone_everything_fits_and_can_be_tapped(phone: Page, filed: Filed) -> None:
    assert pages.low_targets(phone.locator("#list .row, #states button, #add")) == []
    file = file_of(phone, filed.ids["work"])
    assert pages.low_targets(file.locator("button, .as-button")) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= pages.PHONE[0]
    file.get_by_role("button", name="返回清单").click()
    expect(phone.locator("#list")).to_be_visible()
    expect(file).to_be_hidden()
    assert "id=" not in phone.url


@pytest.mark.nightly
def test_paper_shows_the_file_and_no_buttons(town: Page, filed: Filed) -> None:
    file = file_of(town, filed.ids["work"])
    town.emulate_media(media="print")
    expect(town.locator("#panel")).to_be_hidden()
    expect(town.locator("#stage")).to_be_hidden()
    expect(file.locator(".timeline")).to_be_visible()
    expect(file.locator("button:visible")).to_have_count(0)
