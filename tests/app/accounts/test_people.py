"""Administering accounts: what an administrator can do, and what even they cannot."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.app.accounts.conftest import SignIn
from tests.support import seeding
from tests.support.visitor import Visitor

Visit = Callable[[], Visitor]


def account(administrator: Visitor, username: str) -> Any:
    """An account as the list shows it; None when it is not shown."""
    listed = administrator.get("/api/accounts", params={"q": username}).json()["items"]
    return next((entry for entry in listed if entry["username"] == username), None)


def new(username: str = "fresh", role: str = "village", **more: Any) -> dict[str, Any]:
    """The body of a new account."""
    return {"username": username, "name": "新人", "role": role, **more}


def units(*codes: str) -> dict[str, Any]:
    """Places of units."""
    return {"unit_codes": list(codes)}


def test_a_new_account_comes_in_with_the_password_shown_once_and_must_change_it(as_: SignIn, visit: Visit) -> None:
    made = as_("root").post("/api/accounts", new(" Fresh ", places=units(seeding.VILLAGE_11)))
    assert made.status_code == 201, made.text
    told = made.json()
    assert told["account"]["username"] == "fresh"
    assert told["account"]["units"] == [{"code": seeding.VILLAGE_11, "name": "柳树村", "level": "village"}]
    browser = visit()
    assert browser.sign_in("fresh", told["temporary_password"]).status_code == 200
    assert browser.person()["must_change_password"] is True
    assert "temporary_password" not in str(as_("root").get("/api/audit").json())
    assert told["temporary_password"] not in as_("root").get("/api/audit.csv").text


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        (new("staff", places=units(seeding.VILLAGE_11)), 409, "staff"),
        (new("有字", places=units(seeding.VILLAGE_11)), 422, "username"),
        (new(places=units(seeding.TOWN_1)), 422, "镇（街道）一级"),
        (new(role="town", places=units(seeding.VILLAGE_11)), 422, "村（社区）一级"),
        (new(), 422, "必须指定"),
        (new(places={"is_everything": True}), 422, "不能管辖全部范围"),
        (new(places=units("320499999999")), 422, "没有区划代码"),
        (new(places={"grid_codes": ["no-such-grid"]}), 422, "no-such-grid"),
        (new(role="officer"), 422, "网格员编码"),
        (new(role="officer", officer_code="W9"), 404, "W9"),
        (new(role="officer", officer_code="W1"), 409, "w1"),
        (new(role="officer", officer_code="W2", places=units(seeding.VILLAGE_11)), 422, "不能另行指定"),
        (new(role="leader", has_password=False, places=units(seeding.COUNTY_A)), 422, "必须有密码"),
    ],
)
def test_an_account_that_cannot_be_is_refused_in_words(
    as_: SignIn, body: dict[str, Any], status: int, told: str
) -> None:
    root = as_("root")
    refused = root.post("/api/accounts", body)
    assert refused.status_code == status, refused.text
    assert told in refused.json()["error"]["message"]
    assert root.get("/api/accounts").json()["total"] == 7


class TestScope:
    """An administrator of a county."""

    def test_sees_only_accounts_that_lie_inside_as_a_whole(self, as_: SignIn) -> None:
        listed = as_("admin-a").get("/api/accounts").json()
        assert [entry["username"] for entry in listed["items"]] == ["admin-a", "town1", "w1", "w2"]
        assert listed["total"] == 4

    @pytest.mark.parametrize("username", ["village31", "staff", "root"])
    def test_reaches_no_account_outside(self, as_: SignIn, username: str) -> None:
        outside = account(as_("root"), username)["id"]
        county = as_("admin-a")
        for method, path, body in [
            ("GET", "", None),
            ("PATCH", "", {"name": "改名"}),
            ("POST", "/password", None),
            ("DELETE", "/sessions", None),
        ]:
            refused = county.ask(method, f"/api/accounts/{outside}{path}", json=body)
            assert refused.status_code == 403, (method, path)
            assert "管辖范围" in refused.json()["error"]["message"]

    @pytest.mark.parametrize(
        "body",
        [
            new(places=units(seeding.VILLAGE_31)),
            new(role="county", places=units(seeding.COUNTY_A, seeding.COUNTY_B)),
            new(role="city", places=units(seeding.CITY)),
            new(role="administrator", places={"is_everything": True}),
        ],
    )
    def test_gives_nobody_more_than_they_have(self, as_: SignIn, body: dict[str, Any]) -> None:
        refused = as_("admin-a").post("/api/accounts", body)
        assert refused.status_code == 403, refused.text
        assert account(as_("root"), "fresh") is None

    def test_widens_nobody_beyond_their_own(self, as_: SignIn) -> None:
        county = as_("admin-a")
        town = account(county, "town1")["id"]
        for places in (units(seeding.TOWN_3), {"is_everything": True}):
            refused = county.ask("PATCH", f"/api/accounts/{town}", json={"role": "leader", "places": places})
            assert refused.status_code == 403
        assert account(county, "town1")["units"][0]["code"] == seeding.TOWN_1

    def test_adds_people_inside(self, as_: SignIn) -> None:
        made = as_("admin-a").post("/api/accounts", new(role="administrator", places=units(seeding.COUNTY_A)))
        assert made.status_code == 201, made.text


class TestChange:
    """Of an account."""

    def test_another_scope_holds_from_the_next_request(self, as_: SignIn) -> None:
        root, town = as_("root"), as_("town1")
        number = account(root, "town1")["id"]
        assert town.get(f"/api/units/{seeding.TOWN_2}/coverage").status_code == 403
        changed = root.ask("PATCH", f"/api/accounts/{number}", json={"places": units(seeding.TOWN_2)})
        assert changed.status_code == 200, changed.text
        assert [unit["code"] for unit in town.person()["units"]] == [seeding.TOWN_2]

    def test_what_is_left_out_stays(self, as_: SignIn) -> None:
        root = as_("root")
        number = account(root, "town1")["id"]
        changed = root.ask("PATCH", f"/api/accounts/{number}", json={"phone": "0519-1"}).json()
        assert (changed["name"], changed["phone"], changed["role"]) == ("测试town1", "0519-1", "town")
        assert changed["units"][0]["code"] == seeding.TOWN_1
        emptied = root.ask("PATCH", f"/api/accounts/{number}", json={"phone": None}).json()
        assert emptied["phone"] is None

    def test_disabling_signs_out_everywhere_and_enabling_lets_in_again(self, as_: SignIn, visit: Visit) -> None:
        root, town = as_("root"), as_("town1")
        number = account(root, "town1")["id"]
        off = root.ask("PATCH", f"/api/accounts/{number}", json={"is_disabled": True})
        assert off.json()["disabled_at"]
        assert town.person() is None
        assert visit().sign_in("town1").status_code == 401
        assert root.ask("PATCH", f"/api/accounts/{number}", json={"is_disabled": False}).json()["disabled_at"] is None
        assert visit().sign_in("town1").status_code == 200
        assert town.person() is None, "sessions from before stay ended"

    def test_a_reset_password_is_new_and_signs_out_everywhere(self, as_: SignIn, visit: Visit) -> None:
        root, town = as_("root"), as_("town1")
        number = account(root, "town1")["id"]
        told = root.post(f"/api/accounts/{number}/password").json()
        assert town.person() is None
        assert visit().sign_in("town1").status_code == 401
        browser = visit()
        assert browser.sign_in("town1", told["temporary_password"]).status_code == 200
        assert browser.person()["must_change_password"] is True

    def test_an_administrator_signs_somebody_out(self, as_: SignIn) -> None:
        root, town = as_("root"), as_("town1")
        number = account(root, "town1")["id"]
        assert len(root.get(f"/api/accounts/{number}").json()["sessions"]) == 1
        assert root.ask("DELETE", f"/api/accounts/{number}/sessions").status_code == 204
        assert town.person() is None

    @pytest.mark.parametrize("body", [{"is_disabled": True}, {"role": "leader"}, {"places": units(seeding.COUNTY_A)}])
    def test_nobody_changes_what_they_themselves_are(self, as_: SignIn, body: dict[str, Any]) -> None:
        root = as_("root")
        number = account(root, "root")["id"]
        refused = root.ask("PATCH", f"/api/accounts/{number}", json=body)
        assert refused.status_code == 403
        assert "另一位系统管理员" in refused.json()["error"]["message"]

    @pytest.mark.parametrize("body", [{"is_disabled": True}, {"role": "leader"}, {"places": units(seeding.COUNTY_A)}])
    def test_the_last_administrator_of_everything_stays(self, as_: SignIn, client: Any, body: dict[str, Any]) -> None:
        number = account(as_("root"), "root")["id"]
        refused = client.patch(f"/api/accounts/{number}", json=body)  # the operator, who is nobody's account
        assert refused.status_code == 409
        assert "唯一" in refused.json()["error"]["message"]
        second = client.post("/api/accounts", json=new(role="administrator", places={"is_everything": True}))
        assert second.status_code == 201
        assert client.patch(f"/api/accounts/{number}", json=body).status_code == 200

    def test_an_unknown_account_is_said(self, as_: SignIn) -> None:
        assert as_("root").get("/api/accounts/999999").status_code == 404


@pytest.mark.parametrize("username", ["staff", "town1", "village31", "w1"])
def test_nobody_else_administers(as_: SignIn, username: str) -> None:
    browser = as_(username)
    assert browser.get("/api/accounts").status_code == 403
    assert browser.post("/api/accounts", new(places=units(seeding.VILLAGE_11))).status_code == 403
