"""What is kept about oneself: all of it, to oneself alone, and not for ever."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from app import retention
from app.patrols.verify import verify
from app.settings import Settings
from tests.app.accounts.conftest import SignIn
from tests.app.patrols.bodies import body, walk
from tests.support.seeding import HEIGHT, SOUTH, WEST, WIDTH
from tests.support.visitor import Visitor

# In the first grid of village 11, which is W1's.
HOME = (WEST + 0.3 * WIDTH, SOUTH + 2.5 * HEIGHT)


def patrol(browser: Visitor | TestClient, officer: str, days_ago: int = 1) -> str:
    """Send a patrol of a day gone by; its id."""
    start = Settings().now().replace(hour=9, minute=0, second=0, microsecond=0) - timedelta(days_ago)
    # A little elsewhere each day: the same walk twice would be a copy.
    sent = body(walk(60, start=start, at=(HOME[0], HOME[1] + 0.0003 * days_ago)), officer_code=officer)
    if isinstance(browser, Visitor):
        answer = browser.post("/api/patrols", sent)
    else:
        answer = browser.post("/api/patrols", json=sent)
    assert answer.status_code == 200, answer.text
    return str(sent["id"])


def mine(browser: Visitor) -> Any:
    """What the person is told to be kept about them."""
    answer = browser.get("/api/me/data")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_an_officer_sees_every_kind_of_thing_that_is_kept(as_: SignIn, tables: Engine) -> None:
    officer = as_("w1")
    sent = patrol(officer, "W1")
    told = mine(officer)
    assert told["account"]["username"] == "w1"
    assert "password" not in {name for name in told["account"] if name.endswith("hash")}
    assert [entry["id"] for entry in told["patrols"]] == [sent]
    assert told["patrols"][0]["raw_fixes"] == 60
    assert told["retention_days"] == 180
    assert len(told["sessions"]) == 1
    assert [entry["what"] for entry in told["deeds"]] == ["records.send", "sign_in"]
    with tables.connect() as connection:  # whichever table names an officer or an account is told of
        naming = connection.execute(
            text(
                """SELECT DISTINCT table_name FROM information_schema.columns
                WHERE table_schema = 'public' AND column_name IN ('officer_code', 'account_id', 'by_account')"""
            )
        ).scalars()
        known = {"account", "account_scope", "login_session", "api_token", "audit_entry", "evidence", "review_step"}
        known |= {"grid_officer", "patrol", "mark", "visit", "lead", "photo", "patrol_progress", "field_answer"}
        known |= {"work_order", "chain_entry"}
        # What one did there is among one's deeds.
        known |= {"site_event", "lead_event", "case_event", "baseline_event", "work_order_event", "submission_step"}
        known |= {"supervision_plan", "supervision_answer", "planted_check"}
        assert set(naming) <= known, "a new table about persons: add it to app/accounts/queries/own.py"


def test_who_looked_at_ones_tracks_is_told_with_time_and_place(as_: SignIn) -> None:
    officer, staff = as_("w1"), as_("staff")
    sent = patrol(officer, "W1")
    assert staff.get(f"/api/patrols/{sent}").status_code == 200
    [look] = mine(officer)["looks_at_me"]
    assert look["actor"] == "测试staff（staff）"
    assert look["what_name"] == "查看人员轨迹"
    assert datetime.fromisoformat(look["at"])
    assert mine(as_("w2"))["looks_at_me"] == []


def test_the_download_is_a_file(as_: SignIn) -> None:
    answer = as_("w1").get("/api/me/data", params={"download": "true"})
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.json()["account"]["username"] == "w1"


def test_somebody_who_does_not_walk_sees_their_account_only(as_: SignIn) -> None:
    told = mine(as_("root"))
    assert "patrols" not in told
    assert told["account"]["role"] == "administrator"


def test_the_operator_is_nobody_about_whom_something_is_kept(client: TestClient) -> None:
    refused = client.get("/api/me/data")
    assert refused.status_code == 422
    assert "操作员令牌" in refused.json()["error"]["message"]


def test_ones_own_patrol_comes_with_every_fix_and_anothers_not_at_all(as_: SignIn) -> None:
    officer = as_("w1")
    sent = patrol(officer, "W1")
    told = officer.get(f"/api/me/patrols/{sent}").json()
    assert len(told["fixes"]["lon"]) == 60
    assert told["fixes"]["accuracy_m"][0] == 5.0
    assert told["patrol"]["track"]
    for other in ("w2", "staff"):
        assert as_(other).get(f"/api/me/patrols/{sent}").status_code == 403
    assert officer.get(f"/api/me/patrols/{uuid4()}").status_code == 404


class TestRetention:
    """Positions go when their time is over; coverage stays."""

    @pytest.fixture
    def two(self, client: TestClient, tables: Engine) -> tuple[str, str]:
        """A patrol whose time is over tomorrow, and one whose time was over yesterday, each sent when it ended."""
        sent = patrol(client, "W1", 179), patrol(client, "W1", 181)
        with tables.begin() as connection:
            for table in ("patrol", "evidence"):
                connection.execute(text(f"UPDATE {table} SET received_at = ended_at"))  # noqa: S608 - names above
        return sent

    def purge(self, tables: Engine, settings: Settings) -> int:
        """What the daily job does."""
        return retention.run(tables, settings)

    def count(self, tables: Engine, table: str, patrol_id: str) -> int:
        """Rows of a table about a patrol."""
        column = "patrol_id" if table in ("patrol_fixes", "track") else "evidence_id"
        with tables.connect() as connection:
            found = connection.execute(
                text(f"SELECT count(*) FROM {table} WHERE {column} = :id"),  # noqa: S608 - names above
                {"id": patrol_id},
            )
            return int(found.scalar_one())

    def test_old_positions_go_and_looks_stay(self, two: tuple[str, str], tables: Engine, settings: Settings) -> None:
        young, old = two
        looks = self.count(tables, "look", old)
        assert looks > 0
        assert self.purge(tables, settings) == 1
        for table in ("patrol_fixes", "track", "track_sketch"):
            assert self.count(tables, table, old) == 0, table
            assert self.count(tables, table, young) == 1, table
        assert self.count(tables, "look", old) == looks
        assert self.purge(tables, settings) == 0

    @pytest.mark.usefixtures("two")
    def test_coverage_still_follows_from_the_evidence(self, tables: Engine, settings: Settings) -> None:
        self.purge(tables, settings)
        with Session(tables) as session:
            report = verify(session, settings.today())
        assert report.differences == []
        assert report.purged == 1

    @pytest.mark.usefixtures("two")
    def test_it_is_written_down_once(self, tables: Engine, settings: Settings, client: TestClient) -> None:
        self.purge(tables, settings)
        self.purge(tables, settings)
        [told] = client.get("/api/audit", params={"what": "retention"}).json()["items"]
        assert told["facts"] == {"patrols": 1, "days": 180}
        assert told["via"] == "terminal"

    def test_the_record_itself_and_the_answer_to_a_replay_stay(
        self, two: tuple[str, str], tables: Engine, settings: Settings, client: TestClient
    ) -> None:
        _, old = two
        self.purge(tables, settings)
        detail = client.get(f"/api/patrols/{old}")
        assert detail.status_code == 200, detail.text
        assert detail.json()["track"] is None
        assert detail.json()["counted"]["pairs"] > 0

    def test_the_officer_is_told_that_they_are_gone(
        self, two: tuple[str, str], tables: Engine, settings: Settings, as_: SignIn
    ) -> None:
        young, old = two
        self.purge(tables, settings)
        officer = as_("w1")
        gone = {entry["id"]: entry["is_purged"] for entry in mine(officer)["patrols"]}
        assert gone == {young: False, old: True}
        assert officer.get(f"/api/me/patrols/{old}").json()["fixes"] is None
