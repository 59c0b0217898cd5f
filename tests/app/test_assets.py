"""Files at addresses that name their content are kept by browsers for good; all others are asked for each time."""

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.assets import Content

ADDRESS = re.compile(r' (?:href|src)="(/static/[^"]+)"')


def made_of(client: TestClient, page: str) -> list[str]:
    """Addresses of what a page is made of."""
    return ADDRESS.findall(client.get(page).text)


def kept(client: TestClient, address: str) -> str:
    """How long a browser keeps what it is answered."""
    return str(client.get(address).headers["cache-control"])


@pytest.mark.parametrize("page", ["/", "/login", "/cases", "/certificate"])
def test_what_a_page_is_made_of_is_kept(stranger: TestClient, page: str) -> None:
    addresses = made_of(stranger, page)
    assert addresses
    for address in addresses:
        assert "immutable" in kept(stranger, address), address
    assert stranger.get(page).headers["cache-control"] == "no-cache", "which version counts is asked each time"


def test_the_same_at_its_plain_address_is_asked_for_each_time(stranger: TestClient) -> None:
    for address in made_of(stranger, "/"):
        plain = re.sub("/v/[0-9a-f]{16}/", "/", address)
        assert kept(stranger, plain) == "no-cache"
        assert stranger.get(plain).content == stranger.get(address).content


def test_the_phones_page_has_plain_addresses(stranger: TestClient) -> None:
    """Its files are kept by the list of its service worker."""
    assert not [address for address in made_of(stranger, "/field") if "/v/" in address]


def test_another_versions_address_is_answered_and_not_kept(stranger: TestClient) -> None:
    address = f"/static/v/{'0' * 16}/js/main.js"
    assert stranger.get(address).status_code == 200
    assert kept(stranger, address) == "no-cache"


def test_what_is_not_there_is_not_kept(stranger: TestClient) -> None:
    prefix = made_of(stranger, "/")[0].split("/css/")[0].split("/icon")[0].split("/vendor/")[0]
    for path in ("/js/none.js", "/../app/main.py", "/%2e%2e/app/main.py", "/v/x/js/main.js"):
        answer = stranger.get(f"{prefix}{path}")
        assert answer.status_code == 404, path
        assert "cache-control" not in answer.headers


def test_a_file_that_is_edited_counts_without_a_new_page(tmp_path: Path) -> None:
    """Else a browser would keep the new file for good below the old one's address."""
    (tmp_path / "a.js").write_text("1", "utf-8")
    content = Content(tmp_path, trusted_s=0)
    first = content.known()
    (tmp_path / "a.js").write_text("22", "utf-8")
    assert content.known() != first


def test_another_content_has_another_digest(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("1", "utf-8")
    content = Content(tmp_path)
    first = content.digest()
    assert content.digest() == content.known() == first
    (tmp_path / "a.js").write_text("22", "utf-8")
    second = content.digest()
    assert second != first
    (tmp_path / "a.js").rename(tmp_path / "b.js")
    assert content.digest() not in (first, second)
    (tmp_path / "b.js").rename(tmp_path / "a.js")
    assert content.digest() == second, "what counts is the content, not the day"
