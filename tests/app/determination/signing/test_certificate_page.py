"""The page that checks a certificate, as whoever holds one uses it."""

import json

from playwright.sync_api import Page, Route, expect

from tests.app.determination.signing.office import Office
from tests.app.determination.village import VILLAGE
from tests.support import pages


def test_a_certificate_is_checked_by_its_link_and_by_its_file(office: Office, page: Page) -> None:
    (village,) = office.signed(VILLAGE)
    pdf, proof = (
        office.as_("head").get(f"/api/certificates/{village['id']}.{ending}").content for ending in ("pdf", "json")
    )
    result = page.locator("#result")

    page.goto(f"/certificate?id={village['id']}&digest={village['entry_digest']}")
    expect(result.get_by_role("heading")).to_have_text("成立，现行有效")
    expect(result).to_contain_text("明珠村")
    with page.expect_download() as saved:
        result.get_by_role("link", name="下载认定书（PDF）").click()
    assert saved.value.suggested_filename.startswith("认定书_明珠村_")

    page.goto(f"/certificate?id={village['id']}&digest={'0' * 64}")
    expect(result.get_by_role("heading")).to_have_text("不成立")

    file = page.locator("#file")
    file.set_input_files({"name": "a.pdf", "mimeType": "application/pdf", "buffer": pdf})
    page.locator("#by-file button").click()
    expect(result.get_by_role("heading")).to_have_text("成立，现行有效")
    expect(result).to_contain_text("测试head（负责人）")

    changed = json.loads(proof)
    changed["entries"][0]["document"] = changed["entries"][0]["document"].replace("测试head", "别人")
    buffer = json.dumps(changed).encode()
    file.set_input_files({"name": "a.json", "mimeType": "application/json", "buffer": buffer})
    page.locator("#by-file button").click()
    expect(result.get_by_role("heading")).to_have_text("不成立")
    expect(result).to_contain_text("内容在签署后被改动")


def test_on_a_phone_one_that_stands_no_longer_says_so(office: Office, phone_page: Page) -> None:
    (village,) = office.signed(VILLAGE)
    office.walk()
    office.read(village)

    phone_page.goto("/certificate")
    phone_page.get_by_label("认定书编号").fill("x" * 36)
    phone_page.locator("#by-id button").click()
    expect(phone_page.locator("#trouble")).to_contain_text("编号格式不对")
    phone_page.get_by_label("认定书编号").fill(village["id"])
    phone_page.locator("#by-id button").click()

    expect(phone_page.locator("#result").get_by_role("heading")).to_have_text("成立，但已失效")
    assert phone_page.evaluate("document.documentElement.scrollWidth") <= 390
    assert pages.low_targets(phone_page.locator("#checks button, #checks input")) == []


def test_what_is_typed_before_the_page_knows_the_person_stays(office: Office, page: Page) -> None:
    (village,) = office.signed(VILLAGE)
    waiting: list[Route] = []
    page.route("**/api/session", lambda route: waiting.append(route))

    page.goto("/certificate?id=of-another-paper", wait_until="domcontentloaded")
    expect(page.locator("#trouble")).to_contain_text("编号格式不对")
    page.get_by_label("认定书编号").fill(village["id"])
    pages.wait_until_held(page, waiting)
    for route in waiting:
        route.continue_()
    expect(page.locator("html[data-ready]")).to_have_count(1)
    page.locator("#by-id button").click()

    expect(page.locator("#result").get_by_role("heading")).to_have_text("成立，现行有效")
