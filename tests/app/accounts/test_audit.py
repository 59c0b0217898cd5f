"""The audit: what is written down, that nobody changes it, who reads it."""

import csv
import io
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.accounts import audit
from app.actor import terminal
from app.rights import Right
from app.settings import Settings
from tests.app.accounts import asks
from tests.app.accounts.conftest import SignIn
from tests.support.visitor import Visitor


def entries(reader: Visitor, **filters: Any) -> list[Any]:
    """What the audit shows, newest first."""
    answer = reader.get("/api/audit", params=filters)
    assert answer.status_code == 200, answer.text
    found: list[Any] = answer.json()["items"]
    return found


def test_every_write_is_told_with_who_where_and_what(as_: SignIn) -> None:
    root = as_("root")
    number = root.get("/api/accounts", params={"q": "town1"}).json()["items"][0]["id"]
    root.ask("PATCH", f"/api/accounts/{number}", json={"phone": "123"})
    newest = entries(root)[0]
    assert newest["actor"] == "测试root（root）"
    assert newest["route"] == "PATCH /api/accounts/{account_id}"
    assert newest["subject"] == str(number)
    assert newest["what_name"] == "管理账号"
    assert newest["facts"] == {"account": "town1", "changed": {"phone": "123"}}
    assert (newest["role"], newest["via"], newest["address"]) == ("administrator", "session", "testclient")


def test_a_write_that_was_refused_is_not_told_as_done(as_: SignIn) -> None:
    root = as_("root")
    root.ask("PATCH", "/api/accounts/999999", json={"phone": "123"})
    root.post("/api/accounts", {"username": "x"})
    assert [entry["what"] for entry in entries(root)] == ["sign_in"]


def test_coming_and_going_and_failing_are_told(as_: SignIn, visit: Any) -> None:
    root, staff = as_("root"), as_("staff")
    staff.ask("DELETE", "/api/session")
    visit().sign_in("staff", "guess")
    visit().sign_in("not-a-name", "guess")
    told = [(entry["actor"], entry["what"], entry["route"]) for entry in entries(root)]
    assert told == [
        ("not-a-name", "sign_in_failed", "POST /api/session"),
        ("staff", "sign_in_failed", "POST /api/session"),
        ("测试staff（staff）", "own", "DELETE /api/session"),
        ("测试staff（staff）", "sign_in", "POST /api/session"),
        ("测试root（root）", "sign_in", "POST /api/session"),
    ]


def test_a_look_at_tracks_is_told_and_the_same_look_within_minutes_once(as_: SignIn, tables: Engine) -> None:
    root, staff, town = as_("root"), as_("staff"), as_("town1")
    for _ in range(3):
        assert staff.get("/api/patrols").status_code == 200
    town.get("/api/patrols")
    looks = entries(root, what="tracks.read")
    assert [entry["actor"] for entry in looks] == ["测试town1（town1）", "测试staff（staff）"]
    with tables.begin() as connection:  # as if time had passed, which no person can do to the audit
        connection.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER USER"))
        connection.execute(text("UPDATE audit_entry SET at = at - interval '10 minutes'"))
        connection.execute(text("ALTER TABLE audit_entry ENABLE TRIGGER USER"))
    staff.get("/api/patrols")
    assert len(entries(root, what="tracks.read")) == 3


def test_a_look_at_somebodys_photo_is_no_business_of_ones_own(as_: SignIn, tables: Engine) -> None:
    reader = terminal()
    reader.facts["officer_codes"] = ["W1"]
    with Session(tables) as session, session.begin():
        audit.record(session, reader, audit.Deed(Right.OWN, "GET /api/photos/{photo_id}", False, {"photo_id": "7"}))
    assert [(entry["subject"], entry["officer_codes"]) for entry in entries(as_("root"), what="tracks.read")] == [
        ("7", ["W1"])
    ]


def test_how_a_patrol_gets_on_does_not_bury_the_rest(as_: SignIn) -> None:
    root, officer = as_("root"), as_("w1")
    told = asks.progress("patrol_out")({"patrol_out": str(uuid4())})
    for _ in range(3):
        assert officer.post("/api/field/progress", told).status_code == 204
    assert [entry["route"] for entry in entries(root, what="records.send")] == ["POST /api/field/progress"]


def test_looks_at_coverage_fill_no_book(as_: SignIn) -> None:
    root, staff = as_("root"), as_("staff")
    staff.get("/api/status")
    assert {entry["what"] for entry in entries(root)} == {"sign_in"}


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_entry SET actor = 'somebody else'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"],
)
def test_an_entry_is_never_changed_or_taken_away(as_: SignIn, tables: Engine, statement: str) -> None:
    as_("root")
    with pytest.raises(DBAPIError, match="never changed or deleted"), tables.begin() as connection:
        connection.execute(text(statement))
    with tables.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM audit_entry")).scalar_one() == 1


@pytest.mark.parametrize("username", ["staff", "town1", "w1"])
def test_only_administrators_read_it(as_: SignIn, username: str) -> None:
    browser = as_(username)
    assert browser.get("/api/audit").status_code == 403
    assert browser.get("/api/audit.csv").status_code == 403


def test_a_countys_administrator_reads_of_people_of_the_county_only(as_: SignIn) -> None:
    for username in ("staff", "town1", "village31", "w1"):
        as_(username)
    told = {entry["actor"] for entry in entries(as_("admin-a"))}
    assert told == {"测试town1（town1）", "测试w1（w1）", "测试admin-a（admin-a）"}
    assert "village31" not in as_("admin-a").get("/api/audit.csv").text


def test_it_is_filtered_by_person_kind_officer_and_day(as_: SignIn, tables: Engine) -> None:
    root = as_("root")
    as_("staff").get("/api/patrols")
    with tables.begin() as connection:
        connection.execute(
            text(
                """INSERT INTO audit_entry (at, actor, role, via, address, what, route, officer_codes)
                VALUES (now() - interval '3 days', '旧人', 'town', 'session', 'x', 'tracks.read', 'GET /x', '{W1}')"""
            )
        )
    today = Settings().today()
    assert {entry["actor"] for entry in entries(root, actor="staff")} == {"测试staff（staff）"}
    assert {entry["what"] for entry in entries(root, what="tracks.read")} == {"tracks.read"}
    assert [entry["actor"] for entry in entries(root, officer="W1")] == ["旧人"]
    assert "旧人" not in {entry["actor"] for entry in entries(root, **{"from": today.isoformat()})}
    until = (today - timedelta(1)).isoformat()
    assert [entry["actor"] for entry in entries(root, to=until)] == ["旧人"]
    assert entries(root, to="9999-12-31")
    assert root.get("/api/audit", params={"limit": 1, "skip": 1}).json()["total"] == 4


def test_the_table_for_a_spreadsheet_holds_no_formula(as_: SignIn, visit: Any) -> None:
    root = as_("root")
    for name in ('=HYPERLINK("http://x")', "+1", "-1", "@x"):
        visit().sign_in(name, "guess")
    exported = root.get("/api/audit.csv")
    assert exported.headers["content-type"].startswith("text/csv")
    assert "attachment" in exported.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(exported.text.removeprefix("\ufeff"))))
    assert rows[0][:3] == ["时间", "人员", "角色"]
    assert len(rows) == 6
    assert [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))] == []
    assert "'=hyperlink" in exported.text


def test_machines_are_told_as_machines(client: TestClient) -> None:
    body = {"username": "x1", "name": "x", "role": "leader", "places": {"is_everything": True}}
    assert client.post("/api/accounts", json=body).status_code == 201
    newest = client.get("/api/audit").json()["items"][0]
    assert (newest["actor"], newest["via"], newest["role"]) == ("operator", "operator", "operator")
