"""API tokens: a machine may what its owner may, narrowed, for a while."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from app.settings import Settings
from tests.app.accounts.conftest import SignIn
from tests.support import seeding
from tests.support.visitor import Visitor


def wanted(days: int = 30, rights: tuple[str, ...] = ("coverage.read",), **more: Any) -> dict[str, Any]:
    """The body of a new token."""
    last = Settings().today() + timedelta(days)
    return {"name": "大屏", "rights": list(rights), "expires_on": last.isoformat(), **more}


def bearer(owner: Visitor, **more: Any) -> dict[str, str]:
    """The header of a new token."""
    made = owner.post("/api/tokens", wanted(**more))
    assert made.status_code == 201, made.text
    return {"Authorization": f"Bearer {made.json()['secret']}"}


def test_a_token_may_what_it_was_given_and_nothing_else(as_: SignIn, stranger: TestClient) -> None:
    headers = bearer(as_("staff"))
    assert stranger.get("/api/status", headers=headers).status_code == 200
    refused = stranger.get("/api/patrols", headers=headers)
    assert refused.status_code == 403
    assert refused.json()["error"]["facts"]["right"] == "tracks.read"


def test_a_token_reaches_only_the_units_it_was_given(as_: SignIn, stranger: TestClient) -> None:
    headers = bearer(as_("staff"), unit_codes=[seeding.TOWN_1])
    assert stranger.get(f"/api/units/{seeding.TOWN_1}/coverage", headers=headers).status_code == 200
    assert stranger.get(f"/api/units/{seeding.TOWN_2}/coverage", headers=headers).status_code == 403


def test_a_token_of_units_its_owner_lost_reaches_nothing(as_: SignIn, stranger: TestClient, tables: Engine) -> None:
    headers = bearer(as_("town1"), unit_codes=[seeding.TOWN_1])
    assert stranger.get(f"/api/units/{seeding.TOWN_1}/coverage", headers=headers).status_code == 200
    with tables.begin() as connection:
        connection.execute(text("UPDATE account_scope SET unit_code = :t WHERE unit_code = :f"),
                           {"t": seeding.TOWN_2, "f": seeding.TOWN_1})  # fmt: skip
    for town in (seeding.TOWN_1, seeding.TOWN_2):
        assert stranger.get(f"/api/units/{town}/coverage", headers=headers).status_code == 403


def test_a_token_loses_the_rights_its_owner_lost(as_: SignIn, stranger: TestClient, tables: Engine) -> None:
    headers = bearer(as_("staff"), rights=("tracks.read",))
    assert stranger.get("/api/patrols", headers=headers).status_code == 200
    with tables.begin() as connection:
        connection.execute(text("UPDATE account SET role = 'administrator' WHERE username = 'staff'"))
    assert stranger.get("/api/patrols", headers=headers).status_code == 403


@pytest.mark.parametrize(
    ("username", "body", "status"),
    [
        ("w1", wanted(rights=("tracks.read",)), 403),
        ("root", wanted(rights=("accounts.manage",)), 403),
        ("staff", wanted(rights=("own",)), 403),
        ("town1", wanted(unit_codes=[seeding.TOWN_2]), 403),
        ("town1", wanted(unit_codes=["320499999999"]), 404),
        ("staff", wanted(days=367), 422),
        ("staff", wanted(days=-1), 422),
        ("staff", wanted(rights=()), 422),
        ("staff", {"name": "无期限", "rights": ["coverage.read"]}, 422),
    ],
)
def test_a_token_beyond_its_owner_or_without_an_end_is_refused(
    as_: SignIn, username: str, body: dict[str, Any], status: int
) -> None:
    owner = as_(username)
    assert owner.post("/api/tokens", body).status_code == status
    assert owner.get("/api/tokens").json() == []


@pytest.mark.parametrize(
    "ending",
    [
        "UPDATE api_token SET expires_at = now()",
        "UPDATE api_token SET revoked_at = now()",
        "UPDATE account SET disabled_at = now()",
    ],
)
def test_a_token_that_expired_was_revoked_or_lost_its_owner_is_nobody(
    as_: SignIn, stranger: TestClient, tables: Engine, ending: str
) -> None:
    headers = bearer(as_("staff"))
    with tables.begin() as connection:
        connection.execute(text(ending))
    assert stranger.get("/api/status", headers=headers).status_code == 401


def test_one_sees_and_revokes_ones_own_and_no_others(as_: SignIn, stranger: TestClient) -> None:
    owner, other = as_("staff"), as_("town1")
    headers = bearer(owner)
    stranger.get("/api/status", headers=headers)
    [listed] = owner.get("/api/tokens").json()
    assert listed["last_used_at"]
    assert "secret" not in listed
    assert other.get("/api/tokens").json() == []
    assert other.ask("DELETE", f"/api/tokens/{listed['id']}").status_code == 404
    assert owner.ask("DELETE", f"/api/tokens/{listed['id']}").status_code == 204
    assert stranger.get("/api/status", headers=headers).status_code == 401


def test_the_secret_is_stored_nowhere(as_: SignIn, tables: Engine) -> None:
    secret = bearer(as_("staff"))["Authorization"].removeprefix("Bearer ")
    with tables.connect() as connection:
        rows = connection.execute(
            text("SELECT t::text FROM api_token t UNION ALL SELECT e::text FROM audit_entry e")
        ).scalars()
        assert [row for row in rows if secret in row or secret.encode().hex() in row] == []
