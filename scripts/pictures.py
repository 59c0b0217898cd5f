"""Make the guide's pictures anew from a running demo: `python -m scripts.pictures [ADDRESS] [--only NAME]`."""

import argparse
import io
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, StorageState, sync_playwright

from app.cli_serve import DEMO_PASSWORD
from scripts import picture_acts as acts
from scripts import picture_office as office

DOCS = Path(__file__).parents[1] / "docs"
GUIDE = DOCS / "guide" / "pictures"
DESK, PHONE = (1440, 900), (390, 844)
COUNTY, TOWN = "320404000000", "320404003000"
MOST_BYTES = 400_000
# Software WebGL: pictures come out alike on machines with and without a graphics card.
ARGS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-background-networking"]
ON_PHONE: dict[str, Any] = {
    "geolocation": {"longitude": acts.PLACE[0], "latitude": acts.PLACE[1], "accuracy": 6},
    "permissions": ["geolocation", "screen-wake-lock"],
    "has_touch": True,
    "is_mobile": True,
}


@dataclass(frozen=True)
class Picture:
    """One picture: where it goes, who is signed in, the address, the window in pixels, what is waited for and done."""

    path: Path
    person: str | None = "lingdao"
    address: str = f"/?unit={COUNTY}"
    size: tuple[int, int] = DESK
    ready: Callable[[Page], None] = acts.figures_shown
    act: Callable[[Page], None] = acts.nothing


def _field(name: str, act: Callable[[Page], None] = acts.nothing) -> Picture:
    return Picture(GUIDE / name, "wangge", "/field", PHONE, acts.phone_ready, act)


def _review(name: str, kind: str, act: Callable[[Page], None] = acts.nothing) -> Picture:
    return Picture(GUIDE / name, "zhen", f"/review?kind={kind}", DESK, acts.record_shown, act)


PICTURES = (
    Picture(DOCS / "pictures" / "map.png"),
    Picture(GUIDE / "county.png"),
    Picture(GUIDE / "spot.png", act=acts.first_spot),
    Picture(GUIDE / "cycle.png", address=f"/?unit={COUNTY}&cycle=7&layers=units,grids"),
    Picture(
        GUIDE / "looked.png",
        address=f"/?unit={COUNTY}&layers=units,freshness,tracks&point=119.896052,31.779398&map=14/31.78000/119.90000",
    ),
    Picture(GUIDE / "defects.png", act=acts.nobodys_land),
    Picture(GUIDE / "print.png", size=(820, 1000), act=acts.on_paper),
    Picture(GUIDE / "simple.png", address=f"/simple?unit={COUNTY}"),
    Picture(GUIDE / "phone.png", size=PHONE, act=acts.first_spot),
    Picture(GUIDE / "login.png", None, "/login", (640, 640), acts.nothing),
    _field("field-start.png"),
    _field("field-mark.png", acts.mark),
    _field("field-inaccessible.png", acts.inaccessible),
    _field("field-report.png", acts.report),
    _field("field-outbox.png", acts.outbox),
    _field("field-recording.png", acts.recording),  # after it, the officer is seen to be out
    Picture(GUIDE / "today.png", "zhen", f"/today?unit={TOWN}"),
    Picture(GUIDE / "me.png", "wangge", "/me", PHONE, acts.table_shown),
    _review("review-track.png", "copied_track"),
    _review("review-photo.png", "photo_reused"),
    _review("review-ask.png", "mark_far", acts.ask_back),
    _review("review-inaccessible.png", "inaccessible"),
    Picture(GUIDE / "sites.png", "xian", "/sites", ready=office.marked("sites", "shown")),
    Picture(
        GUIDE / "site.png",
        "zhen",
        "/sites?occupancy=multi_tenant&state=overdue",
        ready=office.marked("sites", "shown"),
        act=office.first_site,
    ),
    Picture(GUIDE / "lists.png", "xian", "/baselines", (1440, 640), office.marked("baselines", "lists")),
    Picture(GUIDE / "lead.png", "zhen", "/leads", ready=office.marked("leads", "shown"), act=office.first_lead),
    Picture(GUIDE / "cases.png", "xian", "/cases", ready=office.marked("cases", "shown")),
    Picture(
        GUIDE / "case.png",
        "zhen",
        "/cases?state=rectifying",
        ready=office.marked("cases", "shown"),
        act=office.first_case,
    ),
    Picture(GUIDE / "reports.png", "xian", "/reports", ready=office.marked("form", "shown")),
    Picture(
        GUIDE / "determination-clear.png", "sancun", "/determination", ready=office.marked("determination", "shown")
    ),
    Picture(
        GUIDE / "determination-blocked.png", "cunzhang", "/determination", ready=office.marked("determination", "shown")
    ),
    Picture(GUIDE / "overview.png", "lingdao", "/overview", (1920, 1080), office.marked("figures", "shown")),
    Picture(GUIDE / "orders.png", "lingdao", "/orders", ready=office.marked("orders", "shown"), act=office.first_order),
    _field("field-orders.png", office.orders),
    Picture(
        GUIDE / "submissions.png",
        "xian",
        "/reports?tab=submissions",
        (1440, 760),
        office.marked("shown", "submissions"),
    ),
    Picture(
        GUIDE / "supervision.png",
        "dudao",
        "/supervision",
        ready=office.marked("shown", "plans"),
        act=office.first_plan,
    ),
    Picture(
        GUIDE / "supervision-form.png",
        "dudao",
        "/supervision",
        PHONE,
        office.marked("shown", "plans"),
        office.first_form,
    ),
    Picture(GUIDE / "risk.png", "lingdao", "/supervision?tab=risk", (1440, 820), office.marked("shown", "risk")),
    _field("field-visits.png", office.visits),
    _field("field-visit.png", office.visit),
    Picture(GUIDE / "admin-accounts.png", "guanli", "/admin", DESK, acts.table_shown),
    Picture(GUIDE / "admin-audit.png", "guanli", "/admin", DESK, acts.table_shown, acts.audit),
    # The last: from now on a village of the demo is signed for.
    Picture(
        GUIDE / "certificate.png",
        "ercun",
        "/determination",
        ready=office.marked("determination", "shown"),
        act=office.certificate,
    ),
)


def as_png(shot: Image.Image) -> bytes:
    """The picture in all its colours, or in 256 where that is too large."""
    for image in (shot, shot.quantize(256, dither=Image.Dither.NONE)):
        kept = io.BytesIO()
        image.save(kept, "PNG", optimize=True)
        if kept.tell() <= MOST_BYTES:
            break
    return kept.getvalue()


def signed_in(browser: Browser, address: str, person: str, password: str) -> StorageState:
    """The cookies of somebody who has signed in."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}/login")
    page.fill("#username", person)
    page.fill("#password", password)
    page.click("#sign-in button")
    page.wait_for_url(lambda url: "/login" not in url, timeout=acts.PATIENCE_MS)
    state = context.storage_state()
    context.close()
    return state


def take(browser: Browser, address: str, picture: Picture, state: StorageState | None) -> int:
    """Take one picture; its size in bytes."""
    width, height = picture.size
    options = ON_PHONE if picture.address == "/field" else {}
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
        storage_state=state,
        **options,
    )
    context.set_default_timeout(acts.PATIENCE_MS)
    page = context.new_page()
    page.goto(address + picture.address)
    picture.ready(page)
    picture.act(page)
    if picture.ready is acts.figures_shown:
        acts.figures_shown(page)
        page.evaluate("() => scrollTo(0, 0)")
    page.evaluate("() => document.fonts.ready")
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    context.close()
    picture.path.parent.mkdir(parents=True, exist_ok=True)
    size = picture.path.write_bytes(as_png(shot))
    if size > MOST_BYTES:
        raise SystemExit(f"{picture.path} has {size} bytes, more than {MOST_BYTES}: show less in it")
    return size


def main() -> None:
    """Take all pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address", nargs="?", default="http://127.0.0.1:8000", help="of a running demo")
    parser.add_argument("--only", default="", help="part of the names of the pictures wanted")
    parser.add_argument("--password", default=DEMO_PASSWORD, help="of the demo's people")
    given = parser.parse_args()
    address, office.password = given.address.rstrip("/"), given.password
    wanted = [picture for picture in PICTURES if given.only in picture.path.name]
    chromium = os.environ.get("WUYILOU_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGS)
        people = sorted({picture.person for picture in wanted if picture.person})
        states = {person: signed_in(browser, address, person, given.password) for person in people}
        for picture in wanted:
            size = take(browser, address, picture, states.get(picture.person or ""))
            print(f"{picture.path.relative_to(DOCS.parent)}  {size // 1024} kB", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
