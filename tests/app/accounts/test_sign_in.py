"""Coming in, guessing, going out: what a person and what an attacker meets."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import argon2
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from app.accounts import passwords
from app.main import create_app
from app.settings import Settings
from tests.app.accounts.conftest import SignIn
from tests.support.hashing import SHIPPED
from tests.support.people import PASSWORD
from tests.support.visitor import Visitor

Visit = Callable[[], Visitor]


def change(tables: Engine, statement: str, **values: Any) -> None:
    """Change the database behind the application's back."""
    with tables.begin() as connection:
        connection.execute(text(statement), values)


def wind_back(tables: Engine, minutes: float) -> None:
    """Let the attempts so far be older."""
    change(tables, "UPDATE login_attempt SET at = at - make_interval(secs => :s)", s=minutes * 60)


def test_the_person_and_what_they_may_are_told(as_: SignIn) -> None:
    person = as_("w1").person()
    assert (person["role_name"], person["officer_code"], person["home"]) == ("网格员", "W1", "/field")
    assert len(person["grids"]) == 4
    assert person["units"] == []
    staff = as_("town1").person()
    assert [unit["name"] for unit in staff["units"]] == ["南桥镇"]
    assert "tracks.read" in staff["rights"]


def test_a_username_is_the_same_in_capitals_and_with_blanks(visit: Visit) -> None:
    assert visit().sign_in("  Staff ").status_code == 200


def test_a_wrong_password_and_a_wrong_name_get_the_same_answer(visit: Visit) -> None:
    wrong, unknown = visit().sign_in("staff", "guess"), visit().sign_in("nobody-here", "guess")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()
    assert "用户名或密码不正确" in wrong.json()["error"]["message"]


def test_five_failures_lock_the_name_even_for_the_right_password_until_the_time_is_over(
    visit: Visit, tables: Engine
) -> None:
    browser = visit()
    for _ in range(5):
        assert browser.sign_in("staff", "guess").status_code == 401
    locked = browser.sign_in("staff")
    assert locked.status_code == 429
    assert "暂时锁定" in locked.json()["error"]["message"]
    assert 14 * 60 < int(locked.headers["Retry-After"]) <= 15 * 60
    assert browser.sign_in("town1").status_code == 200, "others are not locked"
    wind_back(tables, 15)
    assert browser.sign_in("staff").status_code == 200


def test_trying_on_does_not_lengthen_the_lock(visit: Visit, tables: Engine) -> None:
    browser = visit()
    for _ in range(5):
        browser.sign_in("staff", "guess")
    wind_back(tables, 10)
    for _ in range(5):
        assert browser.sign_in("staff", "guess").status_code == 429
    wind_back(tables, 5)
    assert browser.sign_in("staff").status_code == 200


def test_after_a_lock_there_are_again_only_so_many_guesses(visit: Visit, tables: Engine) -> None:
    browser = visit()
    for _ in range(2):
        for _ in range(5):
            assert browser.sign_in("staff", "guess").status_code == 401
        assert browser.sign_in("staff", "guess").status_code == 429
        wind_back(tables, 15)


def test_success_forgets_the_failures_before(visit: Visit) -> None:
    browser = visit()
    for _ in range(2):
        for _ in range(4):
            assert browser.sign_in("staff", "guess").status_code == 401
        assert browser.sign_in("staff").status_code == 200


def test_a_name_that_does_not_exist_is_locked_like_any_other(visit: Visit) -> None:
    browser = visit()
    statuses = [browser.sign_in("nobody-here", "guess").status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]


def test_many_failures_from_one_address_slow_it_down_but_do_not_shut_it_out(visit: Visit, tables: Engine) -> None:
    change(
        tables,
        """INSERT INTO login_attempt (at, username, address, succeeded)
        SELECT now(), 'name' || n, 'testclient', false FROM generate_series(1, 29) n""",
    )
    browser = visit()
    assert browser.sign_in("name30", "guess").status_code == 401
    slowed = browser.sign_in("staff")
    assert slowed.status_code == 429
    assert 1 <= int(slowed.headers["Retry-After"]) <= 31
    wind_back(tables, 0.5)
    assert browser.sign_in("staff").status_code == 200


def test_one_name_is_tried_one_at_a_time(visit: Visit, tables: Engine) -> None:
    """Attempts beside each other would all see the count before them."""
    with tables.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('sign in staff', 0))"))
        busy = visit().sign_in("staff")
    assert busy.status_code == 429
    assert busy.headers["Retry-After"] == "1"


def test_a_disabled_account_neither_comes_in_nor_stays_in(as_: SignIn, visit: Visit, tables: Engine) -> None:
    inside = as_("staff")
    change(tables, "UPDATE account SET disabled_at = now() WHERE username = 'staff'")
    assert inside.person() is None
    assert inside.get("/api/status").status_code == 401
    assert visit().sign_in("staff").status_code == 401


def test_a_cookie_planted_before_signing_in_is_worth_nothing_after(visit: Visit) -> None:
    browser = visit()
    browser.client.cookies.set("wuyilou_session", "planted-by-somebody", domain="127.0.0.1")
    assert browser.sign_in("staff").status_code == 200
    assert browser.token() != "planted-by-somebody"


def test_signing_in_again_ends_the_session_before(as_: SignIn, visit: Visit) -> None:
    browser = as_("staff")
    before = browser.token()
    browser.sign_in("town1")
    thief = visit()
    thief.client.cookies.set("wuyilou_session", before, domain="127.0.0.1")
    assert thief.person() is None


def test_signing_out_ends_the_session_and_not_only_the_cookie(as_: SignIn, visit: Visit) -> None:
    browser = as_("staff")
    token = browser.token()
    assert browser.ask("DELETE", "/api/session").status_code == 204
    assert browser.person() is None
    thief = visit()
    thief.client.cookies.set("wuyilou_session", token, domain="127.0.0.1")
    assert thief.person() is None


@pytest.mark.parametrize(("username", "lasts"), [("staff", timedelta(hours=12)), ("w1", timedelta(days=14))])
def test_an_idle_session_ends_by_itself(as_: SignIn, tables: Engine, username: str, lasts: timedelta) -> None:
    browser = as_(username)
    with tables.connect() as connection:
        row = connection.execute(text("SELECT created_at, expires_at FROM login_session")).one()
    assert row.expires_at - row.created_at == lasts
    change(tables, "UPDATE login_session SET expires_at = now()")
    assert browser.person() is None


def test_a_session_in_use_lasts_no_longer_than_the_longest(as_: SignIn, tables: Engine) -> None:
    browser = as_("staff")
    change(
        tables,
        """UPDATE login_session
        SET created_at = now() - interval '167 hours', last_seen_at = created_at - interval '1 hour'""",
    )
    assert browser.person()
    with tables.connect() as connection:
        left = connection.execute(text("SELECT expires_at - now() FROM login_session")).scalar_one()
    assert left <= timedelta(hours=1)


def test_the_cookie_is_out_of_reach_of_scripts_and_over_https_only_where_there_is_https(
    visit: Visit, settings: Settings
) -> None:
    plain = visit().sign_in("staff").headers["set-cookie"]
    assert "HttpOnly" in plain
    assert "SameSite=lax" in plain
    assert "Secure" not in plain
    secured = settings.model_copy(update={"public_url": "https://wuyilou.example"})
    with TestClient(create_app(secured), "https://127.0.0.1") as client:
        told = client.post("/api/session", json={"username": "staff", "password": PASSWORD})
        cookie = told.headers["set-cookie"]
        assert cookie.startswith("__Host-wuyilou_session=")
        assert "Secure" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie
        assert client.get("/api/session").json()["person"]["username"] == "staff"
        gone = client.delete("/api/session", headers={"X-CSRF-Token": told.json()["csrf_token"]})
        assert "Secure" in gone.headers["set-cookie"], "browsers ignore a __Host- cookie that is not"
        assert client.get("/api/session").json()["person"] is None


def test_a_write_without_the_pages_token_or_with_anothers_is_refused(as_: SignIn) -> None:
    staff, town = as_("staff"), as_("town1")
    for csrf in (None, town.csrf, "x"):
        staff.csrf = csrf
        refused = staff.ask("DELETE", "/api/sessions")
        assert refused.status_code == 403
        assert refused.json()["error"]["facts"]["reason"] == "csrf"
    assert staff.person()


def test_a_page_of_another_site_can_neither_write_nor_sign_somebody_in(visit: Visit, as_: SignIn) -> None:
    foreign = {"Origin": "https://elsewhere.example"}
    body = {"username": "staff", "password": PASSWORD}
    assert visit().ask("POST", "/api/session", json=body, headers=foreign).status_code == 403
    assert as_("staff").ask("DELETE", "/api/sessions", headers=foreign).status_code == 403


def test_a_hash_of_weaker_settings_is_renewed_at_the_next_sign_in(
    visit: Visit, tables: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_HASHER", SHIPPED)
    weak = argon2.PasswordHasher(time_cost=1, memory_cost=8192).hash(PASSWORD)
    change(tables, "UPDATE account SET password_hash = :weak WHERE username = 'staff'", weak=weak)
    assert visit().sign_in("staff").status_code == 200
    with tables.connect() as connection:
        stored = connection.execute(text("SELECT password_hash FROM account WHERE username = 'staff'")).scalar_one()
    assert stored != weak
    assert not argon2.PasswordHasher().check_needs_rehash(stored)
    assert visit().sign_in("staff").status_code == 200
