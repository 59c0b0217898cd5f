"""One's own password and one's own sessions."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import Engine

from tests.app.accounts.conftest import SignIn
from tests.app.accounts.test_sign_in import change
from tests.support.hashing import SHIPPED
from tests.support.people import PASSWORD
from tests.support.visitor import Visitor

Visit = Callable[[], Visitor]
FRESH = "三号井 lighthouse 7 杨树"


def test_shipped_hashes_cost_a_guesser_memory_and_time() -> None:
    """No less than RFC 9106 section 4 recommends where memory is scarce: argon2id, 64 MiB, 3 passes."""
    assert SHIPPED.hash(PASSWORD).startswith("$argon2id$v=19$m=65536,t=3,p=4$")


class TestPasswordChange:
    """Of one's own password."""

    def test_first_and_expired_passwords_open_nothing_but_the_change(
        self, as_: SignIn, visit: Visit, tables: Engine
    ) -> None:
        change(tables, "UPDATE account SET must_change_password = true WHERE username = 'staff'")
        change(tables, "UPDATE account SET password_set_at = now() - interval '91 days' WHERE username = 'town1'")
        for username in ("staff", "town1"):
            browser = as_(username)
            assert browser.person()["must_change_password"] is True
            refused = browser.get("/api/status")
            assert refused.status_code == 403
            assert refused.json()["error"]["facts"]["reason"] == "password_change_required"
            changed = browser.post("/api/session/password", {"old_password": PASSWORD, "new_password": FRESH})
            assert changed.status_code == 200, changed.text
            assert browser.get("/api/status").status_code == 200
            assert visit().sign_in(username).status_code == 401
            assert visit().sign_in(username, FRESH).status_code == 200

    def test_it_ends_every_other_session_and_gives_this_one_another_token(self, as_: SignIn) -> None:
        here, elsewhere = as_("staff"), as_("staff")
        before = here.token()
        changed = here.post("/api/session/password", {"old_password": PASSWORD, "new_password": FRESH})
        assert changed.status_code == 200
        assert here.token() != before
        assert here.person()
        assert elsewhere.person() is None

    @pytest.mark.parametrize(
        ("password", "told"),
        [
            ("short-1", "至少需要 10 位"),
            ("xx-Staff-2026-柳", "用户名"),
            ("1234567890", "过于常见"),
            ("9876543210aa", "过于常见"),
            ("aaaaaaaaaaaa", "过于常见"),
            ("password123456", "过于常见"),
            ("qwertyuiop123", "过于常见"),
            (PASSWORD, "与原密码相同"),
        ],
    )
    def test_a_password_that_is_soon_guessed_is_refused(self, as_: SignIn, password: str, told: str) -> None:
        browser = as_("staff")
        refused = browser.post("/api/session/password", {"old_password": PASSWORD, "new_password": password})
        assert refused.status_code == 422
        assert told in refused.json()["error"]["message"]
        assert browser.person()

    def test_guessing_the_old_password_at_somebodys_desk_is_bounded_too(self, as_: SignIn) -> None:
        browser = as_("staff")
        body = {"old_password": "guess", "new_password": FRESH}
        statuses = [browser.post("/api/session/password", body).status_code for _ in range(6)]
        assert statuses == [422] * 5 + [429]


class TestSessions:
    """Where one is signed in."""

    def test_one_sees_ones_own_and_ends_one_of_them(self, as_: SignIn) -> None:
        here, elsewhere, other = as_("staff"), as_("staff"), as_("town1")
        listed = here.get("/api/sessions").json()
        assert len(listed) == 2
        assert sorted(entry["is_current"] for entry in listed) == [False, True]
        assert datetime.fromisoformat(listed[0]["last_seen_at"]).tzinfo
        ended = next(entry["id"] for entry in listed if not entry["is_current"])
        assert other.ask("DELETE", f"/api/sessions/{ended}").status_code == 404
        assert here.ask("DELETE", f"/api/sessions/{ended}").status_code == 204
        assert elsewhere.person() is None
        assert here.person()
        assert other.person()

    def test_signing_out_everywhere_leaves_no_session(self, as_: SignIn) -> None:
        here, elsewhere, other = as_("staff"), as_("staff"), as_("town1")
        assert here.ask("DELETE", "/api/sessions").status_code == 204
        assert here.person() is None
        assert elsewhere.person() is None
        assert other.person()
