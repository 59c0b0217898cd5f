"""What is done on the pages of the office before a picture is taken. Nothing is sent but the one signature."""

from collections.abc import Callable

from playwright.sync_api import Page

from app.cli_serve import DEMO_PASSWORD
from scripts.picture_acts import PATIENCE_MS, phone_ready

password = DEMO_PASSWORD  # of the demo's people; the command may say another


def marked(name: str, value: str) -> Callable[[Page], None]:
    """Wait for a page's own mark that it shows what it was asked for, and for its map where there is one."""

    def ready(page: Page) -> None:
        page.locator(f'html[data-{name}="{value}"]').wait_for(state="attached", timeout=PATIENCE_MS)
        page.wait_for_load_state("networkidle", timeout=PATIENCE_MS)  # a map is idle before it knows its first tiles
        map_idle(page)

    return ready


def map_idle(page: Page) -> None:
    """Wait until the map is drawn; a page without one waits for nothing."""
    if page.locator("#map[data-map]").is_visible():
        page.locator('#map[data-map="idle"]').wait_for(state="attached", timeout=PATIENCE_MS)


def first_site(page: Page) -> None:
    """Open the first site of the list."""
    page.locator("#list .site-name").first.click()
    page.locator("html[data-site]:not([data-site=loading])").wait_for(state="attached")
    map_idle(page)


def first_lead(page: Page) -> None:
    """Open the first lead of the list."""
    page.locator("#list [data-id]").first.click()
    page.locator("html[data-lead]").wait_for(state="attached")
    map_idle(page)


def first_case(page: Page) -> None:
    """Open the first case of the list."""
    page.locator("#list [data-id]").first.click()
    page.locator("html[data-file]:not([data-file=loading])").wait_for(state="attached")
    map_idle(page)


def first_order(page: Page) -> None:
    """Open the first order of the list: one that is late."""
    page.locator("#list [data-id]").first.click()
    page.locator("html[data-order]").wait_for(state="attached")
    map_idle(page)


def first_plan(page: Page) -> None:
    """Open the newest sample."""
    page.locator("#pane .office-table tbody th button").first.click()
    page.locator('html[data-shown="plan"]').wait_for(state="attached")


def first_form(page: Page) -> None:
    """Open the first form of the newest sample."""
    first_plan(page)
    page.locator("#pane .drawn button").first.click()
    page.locator('html[data-shown="form"]').wait_for(state="attached")


def certificate(page: Page) -> None:
    """Sign, unless it was signed before, and open the certificate."""
    link = page.get_by_role("link", name="查看认定书")
    if not link.count():
        page.locator("#signing").get_by_role("button", name="签字", exact=True).click()
        page.locator("dialog[open] input[type=password]").fill(password)
        page.locator("dialog[open]").get_by_role("button", name="签字", exact=True).click()
        link.wait_for(timeout=PATIENCE_MS)
    link.click()
    page.locator("#result[data-verdict]").wait_for(timeout=PATIENCE_MS)


def orders(page: Page) -> None:
    """Where the officer is sent, on a phone."""
    phone_ready(page)
    page.locator("#tab-visit").click()
    page.locator("[data-order]").first.wait_for()


def visits(page: Page) -> None:
    """The list of sites to visit on a phone."""
    phone_ready(page)
    page.locator("#tab-visit").click()
    page.locator("#visit-due .visit-row").first.wait_for()


def visit(page: Page) -> None:
    """The form of the nearest site."""
    visits(page)
    page.locator("#visit-due .visit-row").first.click()
    page.locator("#visit-form").wait_for()
