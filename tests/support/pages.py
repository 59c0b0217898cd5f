"""Real Chromium, and pages that are watched: errors in the console and requests to other hosts fail the test."""

import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Route,
    expect,
    sync_playwright,
)

from tests.support.people import TESTER, sign_in

DESKTOP = (1440, 900)
PHONE = (390, 844)
PATIENCE_MS = 60_000
# What a page says in its console while its server is away; a worker of the map may have been on its way.
GONE = "ERR_|Failed to fetch|Failed to load resource|Worker failed to load"
# The headless shell is the same engine without the windows around it, which cost as much again.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# The processor paints: half the dots a pixel for a desk is a fourth of the work. Pictures to look at are sharp.
IS_SHARP = "WUYILOU_SHOTS" in os.environ
DESK_DOTS, PHONE_DOTS = (1.0, 2.0) if IS_SHARP else (0.5, 1.0)
ARGUMENTS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    # WebGL alone is painted by the software driver; the rest of the page has a faster way.
    "--disable-gpu-compositing",
    "--disable-gpu-rasterization",
)


def browser_program() -> str:
    """The path of the system's Chromium; WUYILOU_CHROMIUM names another."""
    stated = os.environ.get("WUYILOU_CHROMIUM")
    found = stated or next((path for path in map(shutil.which, BROWSERS) if path), None)
    assert found, "no Chromium found: `make test` installs it on Debian; else set WUYILOU_CHROMIUM"
    return found


@contextmanager
def launched_browser() -> Iterator[Browser]:
    """Chromium without a window, which asks nobody outside for anything; expectations are as patient as actions."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_program(), args=list(ARGUMENTS))
        yield browser
        browser.close()


@dataclass
class PageWatch:
    """What went wrong on a page: `tolerate` what a test provokes on purpose."""

    host: str
    problems: list[str] = field(default_factory=list)
    _tolerated: list[re.Pattern[str]] = field(default_factory=list)

    def tolerate(self, pattern: str) -> None:
        """Accept problems that match, whenever they happen."""
        self._tolerated.append(re.compile(pattern))

    def attach(self, page: Page) -> None:
        """Watch a page from now on."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"uncaught: {error}"))
        page.on("request", self._request)

    def verify(self) -> None:
        """Fail with every problem that nobody tolerated."""
        left = [text for text in self.problems if not any(pattern.search(text) for pattern in self._tolerated)]
        assert not left, "the page had problems:\n" + "\n".join(left)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            place = message.location
            self.problems.append(f"console: {message.text} ({place.get('url')}:{place.get('lineNumber')})")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob", "about") and parts.netloc != self.host:
            self.problems.append(f"asked another host: {request.url}")


@contextmanager
def opened_context(browser: Browser, base_url: str, size: tuple[int, int]) -> Iterator[BrowserContext]:
    """A browser context in Chinese, of a desk's or a phone's size; addresses are relative to the server's."""
    phone = size == PHONE
    context = browser.new_context(
        base_url=base_url,
        viewport={"width": size[0], "height": size[1]},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        has_touch=phone,
        is_mobile=phone,
        device_scale_factor=PHONE_DOTS if phone else DESK_DOTS,
    )
    context.set_default_timeout(PATIENCE_MS)
    try:
        yield context
    finally:
        context.close()


@contextmanager
def watched_page(
    browser: Browser, watch: PageWatch, base_url: str, size: tuple[int, int], username: str | None = TESTER
) -> Iterator[Page]:
    """An empty page, watched, of somebody signed in (None: of nobody)."""
    with opened_context(browser, base_url, size) as context:
        if username is not None:
            sign_in(context, base_url, username)
        page = context.new_page()
        watch.attach(page)
        yield page


def wait_until_held(page: Page, held: list[Route]) -> None:
    """Let the page go on until a route has caught a request; what shows on the page may come earlier."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while not held:
        assert time.monotonic() < deadline, "the page did not ask"
        page.evaluate("() => new Promise(done => setTimeout(done, 20))")


def low_targets(targets: Locator) -> list[str]:
    """What a finger would miss: the visible targets lower than 44 px, in words; raises AssertionError for no target.

    All are measured in one step of the page, since a live page may draw its list anew between two.
    """
    expect(targets.filter(visible=True).first).to_be_visible()
    found: list[tuple[str, float]] = targets.evaluate_all(
        "parts => parts.filter(part => part.checkVisibility())"
        ".map(part => [part.textContent.trim(), part.getBoundingClientRect().height])"
    )
    return [f"{text}: {height:.0f} px" for text, height in found if height < 44]
