"""The page of sites where there is none yet."""

from playwright.sync_api import Page, expect


def test_without_sites_the_page_says_what_to_do(page: Page) -> None:
    page.goto("/sites")
    expect(page.locator("#none")).to_contain_text("还没有登记场所")
    expect(page.locator("#none")).to_contain_text("新增场所")
    expect(page.locator("#states .chip").first).to_contain_text("0")
