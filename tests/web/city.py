"""What a person does on the map page, so that tests read as deeds."""

import math
import re
from dataclasses import dataclass
from typing import Self
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, expect

PATIENCE_MS = 60_000


def settled(page: Page) -> None:
    """Wait until figures, lists and map show what the state asks for."""
    page.locator('html[data-figures="shown"][data-pending="0"]').wait_for(state="attached", timeout=PATIENCE_MS)
    page.locator('#map[data-map="idle"]').wait_for(state="attached", timeout=PATIENCE_MS)


@dataclass
class City:
    """The page and its parts."""

    page: Page

    @classmethod
    def opened(cls, page: Page, address: str = "/") -> Self:
        """The page at an address, settled. Motion is off, so that a flight has no middle."""
        page.emulate_media(reduced_motion="reduce")
        page.goto(address)
        settled(page)
        return cls(page)

    def at(self, name: str) -> None:
        """Expect to stand in a unit or grid."""
        expect(self.page.locator("#place-name")).to_have_text(name)
        settled(self.page)

    def child(self, name: str) -> Locator:
        """The button of a child in the table."""
        return self.page.locator("#children").get_by_role("button", name=name, exact=True)

    def names(self) -> list[str]:
        """Children in the order shown."""
        return self.page.locator(".row-link").all_inner_texts()

    def crumbs(self) -> list[str]:
        """The breadcrumb."""
        return self.page.locator("#breadcrumb li").all_inner_texts()

    def covered(self) -> float:
        """The big number."""
        settled(self.page)
        return float(self.page.locator("#covered").inner_text().strip("<%"))

    def query(self) -> dict[str, str]:
        """The state in the address bar."""
        return {key: values[0] for key, values in parse_qs(urlsplit(self.page.url).query).items()}

    def view(self) -> tuple[float, float, float]:
        """Zoom, latitude and longitude of the map's middle."""
        zoom, lat, lon = self.query()["map"].split("/")
        return float(zoom), float(lat), float(lon)

    def click_map(self, lon: float, lat: float) -> None:
        """Click a place on the map."""
        settled(self.page)
        zoom, middle_lat, middle_lon = self.view()
        scale = 512 * 2**zoom
        box = self.page.locator("#map").bounding_box()
        assert box is not None
        x = box["x"] + box["width"] / 2 + (lon - middle_lon) / 360 * scale
        y = box["y"] + box["height"] / 2 + (_mercator(lat) - _mercator(middle_lat)) * scale
        self.page.mouse.click(x, y)

    def bar_fill(self) -> float:
        """Width of all parts of the big bar, over the bar's own."""
        widths = [float(width.strip("%")) for width in re.findall(r'<rect[^>]* width="([^"]+)"', self._bar())]
        return sum(widths) / 100

    def _bar(self) -> str:
        return self.page.locator(".bar-large").inner_html()


def _mercator(lat: float) -> float:
    return 0.5 - math.asinh(math.tan(math.radians(lat))) / (2 * math.pi)
