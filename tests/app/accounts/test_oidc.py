"""Single sign-on at a real provider: the honest way in, and every dishonest one refused."""

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from joserfc.jwk import OctKey, RSAKey
from pydantic import SecretStr
from sqlalchemy import Engine, text

from app.main import create_app
from app.settings import Settings, SignIn
from tests.support.oidc import CLIENT_ID, CLIENT_SECRET, Provider, running_provider


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """A provider that is asked straight, whatever proxies this machine has."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with running_provider() as provider:
        yield provider


@pytest.fixture
def settings(database: str, provider: Provider) -> Settings:
    """Settings with the single sign-on."""
    rules = SignIn(
        oidc_issuer=provider.issuer,
        oidc_client_id=CLIENT_ID,
        oidc_client_secret=SecretStr(CLIENT_SECRET),
        oidc_name="政务认证",
    )
    return Settings(database_url=database, public_url="http://127.0.0.1", pool_size=8, sign_in=rules)


@pytest.fixture
def browser(application: FastAPI) -> TestClient:
    """A browser that shows where it is sent to."""
    return TestClient(application, "http://127.0.0.1", follow_redirects=False, raise_server_exceptions=False)


def back(browser: TestClient, provider: Provider, wanted: str = "") -> str:
    """Go to the provider and sign in there; the address one is sent back to."""
    sent = browser.get("/api/oidc/start", params={"next": wanted} if wanted else None)
    assert sent.status_code == 303, sent.text
    return provider.authorize(sent.headers["location"])


def person(browser: TestClient) -> Any:
    """Who is signed in; None for nobody."""
    return browser.get("/api/session").json()["person"]


def refused(browser: TestClient, address: str, reason: str = "failed") -> None:
    """Coming back leads to the sign-in page with the reason, and not in."""
    answer = browser.get(address)
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"] == f"/login?oidc={reason}"
    assert person(browser) is None


def test_the_page_offers_it_by_its_name(browser: TestClient) -> None:
    assert browser.get("/api/session").json()["oidc_name"] == "政务认证"


def test_an_account_comes_in_by_its_username_and_to_the_page_it_wanted(browser: TestClient, provider: Provider) -> None:
    came = browser.get(back(browser, provider, "/review?state=open"))
    assert came.headers["location"] == "/review?state=open"
    assert person(browser)["username"] == "staff"


def test_no_password_of_ours_is_asked_for(browser: TestClient, provider: Provider, tables: Engine) -> None:
    with tables.begin() as connection:
        connection.execute(text("UPDATE account SET must_change_password = true"))
    browser.get(back(browser, provider))
    assert person(browser)["must_change_password"] is False
    assert browser.get("/api/status").status_code == 200


def test_a_tied_account_is_found_by_its_subject_whatever_its_name_there(
    browser: TestClient, provider: Provider, tables: Engine
) -> None:
    with tables.begin() as connection:
        connection.execute(text("UPDATE account SET oidc_subject = 'person-7' WHERE username = 'town1'"))
    provider.subject, provider.username = "person-7", "renamed"
    browser.get(back(browser, provider))
    assert person(browser)["username"] == "town1"


def test_nobody_else_comes_into_a_tied_account_by_taking_its_username(
    browser: TestClient, provider: Provider, tables: Engine
) -> None:
    with tables.begin() as connection:
        connection.execute(text("UPDATE account SET oidc_subject = 'person-7' WHERE username = 'staff'"))
    refused(browser, back(browser, provider), "unknown")


def test_somebody_without_an_account_gets_none(browser: TestClient, provider: Provider, tables: Engine) -> None:
    provider.username = "unheard-of"
    refused(browser, back(browser, provider), "unknown")
    with tables.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM account WHERE username = 'unheard-of'")).scalar() == 0
        told = connection.execute(text("SELECT actor, what FROM audit_entry")).one()
    assert told == ("unheard-of", "sign_in_failed")


def test_a_disabled_account_stays_out(browser: TestClient, provider: Provider, tables: Engine) -> None:
    with tables.begin() as connection:
        connection.execute(text("UPDATE account SET disabled_at = now() WHERE username = 'staff'"))
    refused(browser, back(browser, provider), "unknown")


def test_another_state_is_refused(browser: TestClient, provider: Provider) -> None:
    address = back(browser, provider)
    state = parse_qs(urlsplit(address).query)["state"][0]
    refused(browser, address.replace(state, "another"))


def test_a_way_that_began_in_another_browser_is_refused(
    browser: TestClient, application: FastAPI, provider: Provider
) -> None:
    """Else somebody could be signed in as the attacker without noticing."""
    attackers = back(TestClient(application, "http://127.0.0.1", follow_redirects=False), provider)
    back(browser, provider)
    refused(browser, attackers)


def test_a_way_serves_once(browser: TestClient, provider: Provider, application: FastAPI) -> None:
    address = back(browser, provider)
    state_cookie = browser.cookies.get("wuyilou_oidc")
    assert browser.get(address).headers["location"] == "/login"
    second = TestClient(application, "http://127.0.0.1", follow_redirects=False)
    second.cookies.set("wuyilou_oidc", state_cookie or "", domain="127.0.0.1")
    refused(second, address)


def test_a_way_that_took_too_long_is_refused(browser: TestClient, provider: Provider, tables: Engine) -> None:
    address = back(browser, provider)
    with tables.begin() as connection:
        connection.execute(text("UPDATE oidc_attempt SET created_at = created_at - interval '11 minutes'"))
    refused(browser, address)


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another-client"},
        {"aud": "another-client", "azp": CLIENT_ID},
        {"aud": None},
        {"iss": "https://elsewhere.example"},
        {"iss": None},
        {"sub": None},
        {"exp": int(time.time()) - 3600},
        {"exp": None},
        {"iat": int(time.time()) + 3600},
    ],
    # Without the instants: processes that share the tests must call them alike.
    ids=lambda claims: "-".join(f"{name}-{type(value).__name__}" for name, value in claims.items()),
)
def test_a_token_that_is_not_for_us_now_is_refused(
    browser: TestClient, provider: Provider, claims: dict[str, Any]
) -> None:
    provider.claims = claims
    refused(browser, back(browser, provider))


def test_a_token_signed_by_another_key_is_refused(browser: TestClient, provider: Provider) -> None:
    provider.key = RSAKey.generate_key(2048, parameters={"kid": "one"})
    refused(browser, back(browser, provider))


def test_a_token_signed_by_a_shared_secret_and_not_by_the_providers_key_is_refused(
    browser: TestClient, provider: Provider
) -> None:
    provider.key = OctKey.import_key(CLIENT_SECRET * 2)  # type: ignore[assignment]
    provider.header = {"alg": "HS256", "kid": "one"}
    refused(browser, back(browser, provider))


def test_a_code_that_the_provider_does_not_know_is_refused(browser: TestClient, provider: Provider) -> None:
    address = back(browser, provider)
    provider.codes.clear()
    refused(browser, address)


def test_a_provider_that_is_down_is_said(browser: TestClient, provider: Provider) -> None:
    provider.is_down = True
    sent = browser.get("/api/oidc/start")
    assert sent.headers["location"] == "/login?oidc=failed"


@pytest.mark.parametrize("wanted", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "x"])
def test_the_way_back_leads_nowhere_else(browser: TestClient, provider: Provider, wanted: str) -> None:
    came = browser.get(back(browser, provider, wanted))
    assert came.headers["location"] == "/login"
    assert person(browser)


def test_without_a_provider_there_is_no_way(database: str) -> None:
    application = create_app(Settings(database_url=database))
    plain = TestClient(application, "http://127.0.0.1", follow_redirects=False)
    assert plain.get("/api/session").json()["oidc_name"] is None
    assert plain.get("/api/oidc/start").status_code == 404
    assert plain.get("/api/oidc/callback", params={"state": "x", "code": "y"}).status_code == 303
    application.state.engine.dispose()
