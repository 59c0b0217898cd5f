"""A page that is opened again is there at once: what it is made of has been kept."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.web.city import City

# Named by an import map, or by the map's style: asked for each time, and answered that nothing is new.
PLAIN = re.compile("/static/(vendor|basemap)/")


@pytest.mark.parametrize("address", ["/", "/overview"])
def test_no_script_or_style_is_asked_for_again(city_page: Page, address: str) -> None:
    City.opened(city_page)
    if address != "/":
        city_page.goto(address)
        city_page.locator('html[data-figures="shown"]').wait_for(state="attached")
    from_cache: set[str] = set()
    answered: dict[str, dict[str, Any]] = {}
    network = city_page.context.new_cdp_session(city_page)
    network.on("Network.requestServedFromCache", lambda event: from_cache.add(event["requestId"]))
    network.on("Network.responseReceived", lambda event: answered.update({event["requestId"]: event["response"]}))
    network.send("Network.enable")
    city_page.goto(address)
    city_page.locator('html[data-figures="shown"]').wait_for(state="attached")
    asked = [
        response["url"]
        for number, response in answered.items()
        if "/static/" in response["url"] and number not in from_cache and not response.get("fromDiskCache")
    ]
    assert len(from_cache) + sum(bool(response.get("fromDiskCache")) for response in answered.values()) > 20
    assert [url for url in asked if not PLAIN.search(url)] == []
