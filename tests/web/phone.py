"""An officer's phone: a browser that keeps its profile, so that it can be ended and started again."""

import io
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.support.pages import ARGUMENTS, PHONE, PHONE_DOTS, PageWatch, browser_program
from tests.support.people import PASSWORD
from tests.support.seeding import HEIGHT, SOUTH, WEST, WIDTH
from tests.support.server import LiveServer

PATIENCE_MS = 60_000
SHOTS = Path(os.environ["WUYILOU_SHOTS"]) if "WUYILOU_SHOTS" in os.environ else None
STEP_DEG = 0.5 / 111_320.0  # half a metre: moves follow each other quickly, and must not be too fast for a drone
PERMISSIONS = ["geolocation", "screen-wake-lock"]
OFFLINE_NOISE = "ERR_INTERNET_DISCONNECTED|Failed to load resource"


def grid_place(column: float = 0.5, row: float = 2.5) -> tuple[float, float]:
    """Longitude and latitude in grid sizes from the city's corner; the middle of the first grid of W1."""
    return WEST + column * WIDTH, SOUTH + row * HEIGHT


def picture(seed: int = 1) -> bytes:
    """A JPEG as a camera writes it: large and like no other."""
    random = np.random.default_rng(seed)
    coarse = Image.fromarray(random.integers(0, 255, (24, 32, 3)).astype(np.uint8))
    out = io.BytesIO()
    coarse.resize((3200, 2400), Image.Resampling.BICUBIC).save(out, "JPEG", quality=90)
    return out.getvalue()


@dataclass
class Phone:
    """The page on the phone and what its officer does."""

    browser: Browser
    server: LiveServer
    profile: Path
    watch: PageWatch
    place: tuple[float, float] = field(default_factory=grid_place)
    offline: bool = False
    user_agent: str | None = None
    _context: BrowserContext | None = None
    _page: Page | None = None

    @property
    def context(self) -> BrowserContext:
        """The running browser."""
        assert self._context is not None, "the browser is not running"
        return self._context

    @property
    def page(self) -> Page:
        """The open page."""
        assert self._page is not None, "no page is open"
        return self._page

    def start(self) -> Self:
        """Start the browser with what it kept."""
        lon, lat = self.place
        self._context = self.browser.browser_type.launch_persistent_context(
            self.profile,
            executable_path=browser_program(),
            args=list(ARGUMENTS),
            base_url=self.server.url,
            viewport={"width": PHONE[0], "height": PHONE[1]},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            has_touch=True,
            is_mobile=True,
            device_scale_factor=PHONE_DOTS,
            geolocation={"longitude": lon, "latitude": lat, "accuracy": 6},
            permissions=PERMISSIONS,
            offline=self.offline,
            user_agent=self.user_agent,
            accept_downloads=True,
        )
        self._context.set_default_timeout(PATIENCE_MS)
        self._page = self._context.pages[0]
        self.watch.attach(self._page)
        return self

    def end(self) -> None:
        """End the browser; what the page had in memory is gone."""
        if self._context is not None:
            self._context.close()
        self._context = self._page = None

    def sign_in(self, username: str) -> None:
        """Open the page, which asks to sign in, and do so."""
        self.page.goto("/field")
        self.page.wait_for_url("**/login*")
        self.page.fill("#username", username)
        self.page.fill("#password", PASSWORD)
        self.page.click("#sign-in button")
        self.page.wait_for_url("**/field")
        self.ready()

    def open(self) -> None:
        """Open the page."""
        self.page.goto("/field")
        self.ready()

    def ready(self) -> None:
        """Wait until the page would work without a network and knows the grids."""
        self.page.locator('html[data-offline="ready"]').wait_for(state="attached")
        expect(self.page.locator("#percent")).to_be_visible(timeout=PATIENCE_MS)

    def network(self, on: bool) -> None:
        """Turn the network on or off."""
        self.offline = not on
        self.context.set_offline(not on)

    def fixes(self) -> int:
        """Positions recorded in this patrol."""
        return int(self.page.locator("html").get_attribute("data-fixes") or 0)

    def move(self, count: int, accuracy_m: float = 6.0) -> None:
        """Walk east, waiting for each position to be recorded."""
        for _ in range(count):
            before = self.fixes()
            self.place = (self.place[0] + STEP_DEG, self.place[1])
            self._stand(accuracy_m)
            self.page.locator(f'html:not([data-fixes="{before}"])').wait_for(state="attached")

    def _stand(self, accuracy_m: float) -> None:
        lon, lat = self.place
        self.context.set_geolocation({"longitude": lon, "latitude": lat, "accuracy": accuracy_m})

    def stand_elsewhere(self) -> None:
        """Be at `place`, a step on; nobody waits for it to be recorded."""
        self.place = (self.place[0] + STEP_DEG, self.place[1])
        self._stand(6.0)

    def begin_patrol(self, mode: str = "drone") -> None:
        """Press 开始巡查."""
        self.page.locator(f'input[name="mode"][value="{mode}"]').check(force=True)
        self.page.click("#start")
        expect(self.page.locator("#stop")).to_be_visible()

    def end_patrol(self) -> None:
        """Press 结束 and mean it."""
        self.page.click("#stop")
        self.page.locator("#confirm").get_by_role("button", name="结束巡查").click()
        expect(self.page.locator("#start")).to_be_visible()

    def tab(self, name: str) -> None:
        """Go to a view."""
        self.page.click(f"#tab-{name}")

    def draw_area(self) -> None:
        """In the view 标记: draw a square of some 50 m, a good way north-west of the officer, by four taps."""
        self.page.click("#draw")
        expect(self.page.locator("#draw-bar")).to_be_visible()
        box = self.page.locator("#map").bounding_box()
        assert box is not None
        for x, y in ((0.1, 0.1), (0.3, 0.1), (0.3, 0.2), (0.1, 0.2)):
            self.page.touchscreen.tap(box["x"] + box["width"] * x, box["y"] + box["height"] * y)
        self.page.click("#draw-finish")
        expect(self.page.locator("#mark-area")).to_contain_text("手绘范围")

    def take_photo(self, form: str, seed: int = 1) -> None:
        """Take a photo in a form."""
        before = self.page.locator(f"{form} img").count()
        photo: Any = {"name": "camera.jpg", "mimeType": "image/jpeg", "buffer": picture(seed)}
        self.page.locator(f'{form} input[type="file"]').set_input_files(photo)
        expect(self.page.locator(f"{form} img")).to_have_count(before + 1)

    def mark(self, reason: str = "walled_compound", seed: int = 1) -> None:
        """Mark a drawn area as looked at, with a photo."""
        self.tab("mark")
        self.draw_area()
        self.page.locator(f'#mark-form input[value="{reason}"]').check()
        self.take_photo("#mark-form", seed)
        self.page.click("#mark-submit")
        expect(self.page.locator("#view-patrol")).to_be_visible()

    def report(self, what: str = "smell", seed: int = 2) -> None:
        """Report something suspicious where the officer stands."""
        self.tab("report")
        self.page.locator(f'#report-form input[value="{what}"]').check()
        self.take_photo("#report-form", seed)
        self.page.click("#report-submit")
        expect(self.page.locator("#view-patrol")).to_be_visible()

    def waits(self, count: int) -> None:
        """Expect so many records to wait."""
        self.tab("outbox")
        text = f"待上传 {count} 条" if count else "全部已上传"
        expect(self.page.locator("#outbox-state")).to_contain_text(text, timeout=PATIENCE_MS)
        self.tab("patrol")

    def shot(self, name: str) -> None:
        """Keep a picture where the developer asked for them by SHOTS; else do nothing."""
        if SHOTS:
            self.page.screenshot(path=SHOTS / f"{name}.png")
