"""What is done on a page before its picture is taken. Nothing is sent to the server but that a patrol is under way."""

from typing import Any

from playwright.sync_api import Page

from demo.by_hand import photo

PATIENCE_MS = 120_000
PLACE = (119.8550, 31.8110)  # in the grid of the demo's officer
STEPS, STEP_DEG, STEP_MS = 45, 1.6e-5, 800  # some 2 m/s eastwards: a brisk walk


def nothing(_page: Page) -> None:
    """The page as its address opens it."""


def first_spot(page: Page) -> None:
    """Open the list of blind spots and its first."""
    page.get_by_role("tab", name="盲区").click()
    page.locator("#spots .spot").first.click()


def nobodys_land(page: Page) -> None:
    """Open the faults of the partition and the first nobody's land."""
    page.get_by_role("tab", name="区划缺陷").click()
    page.locator("#defects .spot", has_text="无主地").first.click()


def on_paper(page: Page) -> None:
    """As it is printed."""
    page.emulate_media(media="print")


def figures_shown(page: Page) -> None:
    """Wait for the figures of the map's pages and of the day, and for the map where there is one."""
    page.locator('html[data-figures="shown"]').wait_for(state="attached", timeout=PATIENCE_MS)
    if page.locator("html[data-pending]").count():
        page.locator('html[data-pending="0"]').wait_for(state="attached", timeout=PATIENCE_MS)
    _map_idle(page)


def _map_idle(page: Page) -> None:
    if page.locator("#map[data-map]").is_visible():
        page.locator('#map[data-map="idle"]').wait_for(state="attached", timeout=PATIENCE_MS)


def record_shown(page: Page) -> None:
    """Wait for the first record under review, with its map and photos."""
    page.locator("html[data-record]:not([data-record=loading])").wait_for(state="attached", timeout=PATIENCE_MS)
    _map_idle(page)
    page.wait_for_function("[...document.images].every((image) => image.complete && image.naturalWidth > 0)")


def table_shown(page: Page) -> None:
    """Wait for an office page's first table."""
    page.locator("table, .empty").first.wait_for(timeout=PATIENCE_MS)


def audit(page: Page) -> None:
    """The administrator's book of who did what."""
    page.get_by_role("tab", name="审计").click()
    page.get_by_role("region", name="审计").wait_for()


def ask_back(page: Page) -> None:
    """The dialog that asks an officer back."""
    page.locator("#decide").get_by_role("button", name="退回核实").click()
    page.locator("#dialog textarea").wait_for()


def stand(page: Page, lon: float, lat: float, accuracy_m: float = 6) -> None:
    """Be somewhere: a phone that stands still tells nothing more, and what it told grows old."""
    page.context.set_geolocation({"longitude": lon, "latitude": lat, "accuracy": accuracy_m + 1})
    page.context.set_geolocation({"longitude": lon, "latitude": lat, "accuracy": accuracy_m})
    page.locator('#gps[data-quality="good"]').wait_for()


def phone_ready(page: Page) -> None:
    """Wait until the phone page would work without a network, knows its grids and drew them."""
    page.locator('html[data-offline="ready"]').wait_for(state="attached", timeout=PATIENCE_MS)
    page.locator("#percent").wait_for(timeout=PATIENCE_MS)
    stand(page, *PLACE)
    _map_idle(page)


def recording(page: Page) -> None:
    """Start a patrol and walk; nobody ends it, so it is never sent."""
    page.click("#start")
    page.click("#to-me")
    for step in range(STEPS):
        before = page.locator("html").get_attribute("data-fixes")
        stand(page, PLACE[0] + step * STEP_DEG, PLACE[1] + (step % 7) * 3e-6, 5 + step % 4)
        page.locator(f'html:not([data-fixes="{before}"])').wait_for(state="attached")
        page.wait_for_timeout(STEP_MS)


def _fill_mark(page: Page) -> None:
    page.click("#mark-target")
    page.locator('#mark-form input[value="walled_compound"]').check(force=True)
    page.fill("#mark-note", "厂区由保安陪同进入，逐间看过")
    picture: Any = {"name": "camera.jpg", "mimeType": "image/jpeg", "buffer": photo(99)}
    page.locator('#mark-form input[type="file"]').set_input_files(picture)
    page.locator("#mark-form img").wait_for()


def mark(page: Page) -> None:
    """Fill in a mark, without sending it."""
    _fill_mark(page)
    page.locator("#mark-submit").scroll_into_view_if_needed()


def inaccessible(page: Page) -> None:
    """The form for a place that cannot be entered."""
    page.click("#tab-mark")
    page.locator("#mark-form label", has_text="无法进入").first.click()
    page.locator("#mark-form [data-spot]").first.click()


def report(page: Page) -> None:
    """Fill in something suspicious, without sending it."""
    page.click("#tab-report")
    page.locator('#report-form input[value="smell"]').check(force=True)


def outbox(page: Page) -> None:
    """Without a network: a walk and a mark that wait."""
    page.context.set_offline(True)
    recording(page)
    _fill_mark(page)
    page.click("#mark-submit")
    page.click("#stop")
    page.locator("#confirm").get_by_role("button", name="结束巡查").click()
    page.click("#tab-outbox")
    page.locator('#waiting [data-kind="patrol"]').wait_for()
    page.wait_for_timeout(7_000)  # until what was said once is gone
