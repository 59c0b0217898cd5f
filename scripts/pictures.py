"""Make the guide's pictures anew from a running demo: `.venv/bin/python -m scripts.pictures [ADDRESS]`."""

import argparse
import io
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

DOCS = Path(__file__).parents[1] / "docs"
GUIDE = DOCS / "guide" / "pictures"
DESK, PHONE = (1440, 900), (390, 844)
COUNTY = "320404000000"
MOST_BYTES = 400_000
PATIENCE_MS = 60_000
# Software WebGL: pictures come out alike on machines with and without a graphics card.
ARGS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-background-networking"]


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


@dataclass(frozen=True)
class Picture:
    """One picture: where it goes, the address, the window in pixels, and what is done before it is taken."""

    path: Path
    query: str = f"?unit={COUNTY}"
    size: tuple[int, int] = DESK
    act: Callable[[Page], None] = nothing
    page: str = "/"


PICTURES = (
    Picture(DOCS / "pictures" / "map.png"),
    Picture(GUIDE / "county.png"),
    Picture(GUIDE / "spot.png", act=first_spot),
    Picture(GUIDE / "cycle.png", f"?unit={COUNTY}&cycle=7&layers=units,grids"),
    Picture(
        GUIDE / "looked.png",
        f"?unit={COUNTY}&layers=units,freshness,tracks&point=119.896052,31.779398&map=14/31.78000/119.90000",
    ),
    Picture(GUIDE / "defects.png", act=nobodys_land),
    Picture(GUIDE / "print.png", size=(820, 1000), act=on_paper),
    Picture(GUIDE / "simple.png", page="/simple"),
    Picture(GUIDE / "phone.png", size=PHONE, act=first_spot),
)


def settled(page: Page, *, has_map: bool) -> None:
    """Wait until figures, lists and map show what was asked for."""
    page.locator('html[data-figures="shown"][data-pending="0"]').wait_for(state="attached", timeout=PATIENCE_MS)
    if has_map:
        page.locator('#map[data-map="idle"]').wait_for(state="attached", timeout=PATIENCE_MS)
    page.evaluate("() => document.fonts.ready")


def as_png(shot: Image.Image) -> bytes:
    """The picture in all its colours, or in 256 where that is too large."""
    for image in (shot, shot.quantize(256, dither=Image.Dither.NONE)):
        kept = io.BytesIO()
        image.save(kept, "PNG", optimize=True)
        if kept.tell() <= MOST_BYTES:
            break
    return kept.getvalue()


def take(browser: Browser, address: str, picture: Picture) -> int:
    """Take one picture; its size in bytes."""
    width, height = picture.size
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="zh-CN", reduced_motion="reduce"
    )  # fmt: skip
    page = context.new_page()
    has_map = picture.page == "/"
    page.goto(address + picture.page + picture.query)
    settled(page, has_map=has_map)
    picture.act(page)
    settled(page, has_map=has_map and picture.act is not on_paper)
    if picture.size == PHONE:
        page.evaluate("() => scrollTo(0, 0)")
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
    address = parser.parse_args().address.rstrip("/")
    chromium = os.environ.get("WUYILOU_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGS)
        for picture in PICTURES:
            size = take(browser, address, picture)
            print(f"{picture.path.relative_to(DOCS.parent)}  {size // 1024} kB")
        browser.close()


if __name__ == "__main__":
    main()
