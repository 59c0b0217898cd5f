"""What is done on the pages of sites, lists, leads, cases and forms before a picture is taken. Nothing is sent."""

from collections.abc import Callable

from playwright.sync_api import Page

from scripts.picture_acts import PATIENCE_MS, phone_ready


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
