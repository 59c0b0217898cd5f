"""What leaders do about the demo's omissions: orders, reports upward, supervision and exceptions, as of that day."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.db import transaction
from app.determination.service import verify_chain
from app.main import create_app
from demo.home import home_grid
from demo.moments import standing
from demo.supervising import COUNTY as SAMPLE
from tests.demo.small import COUNTY, LAST_DAY, Loaded
from tests.support.server import OPERATOR_TOKEN


class Then:
    """The demo asked by the operator at the noon after its last day."""

    def __init__(self, client: TestClient) -> None:
        self._client = client

    def ask(self, path: str, **params: Any) -> Any:
        answer = self._client.get(path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture(scope="module")
def then(loaded: Loaded) -> Iterator[Then]:
    noon = datetime.combine(LAST_DAY + timedelta(days=1), time(12), loaded.settings.zone)
    headers = {"Authorization": f"Bearer {OPERATOR_TOKEN}"}
    app = create_app(standing(loaded.settings, noon))
    with TestClient(app, "http://127.0.0.1", headers=headers) as client:
        yield Then(client)


def test_orders_stand_in_every_state(then: Then) -> None:
    orders = then.ask("/api/orders", limit=100)
    assert all(orders["counts"][state] for state in ("open", "overdue", "done", "withdrawn"))
    assert {each["subject_kind"] for each in orders["items"]} >= {"ground", "grid", "site", "lead", "case"}
    assert len({each["unit"]["code"][:9] for each in orders["items"]}) >= 3


def test_orders_were_done_by_evidence_after_they_were_sent(then: Then) -> None:
    done = then.ask("/api/orders", state="done", limit=100)["items"]
    assert {each["subject_kind"] for each in done} >= {"site", "lead", "grid"}
    for each in done:
        events = then.ask(f"/api/orders/{each['id']}")["events"]
        assert [event["kind"] for event in events] == ["created", "seen", "done"]
        assert [event["at"] for event in events] == sorted(event["at"] for event in events)
        assert each["created_at"][:10] <= each["done_on"] <= LAST_DAY.isoformat()


def test_late_orders_climbed_a_level_for_each_day(then: Then) -> None:
    late = then.ask("/api/orders", overdue=True, limit=100)["items"]
    assert {(each["days_left"], each["level"]) for each in late} >= {(-1, "town")}
    assert all({-1: "town", -2: "county"}[each["days_left"]] == each["level"] for each in late)


def test_reports_are_in_but_for_those_that_are_named(then: Then) -> None:
    desk = then.ask("/api/reports/submissions/desk", unit=COUNTY)
    month = next(tally for tally in desk["tallies"] if tally["form"] == "F4")
    assert month["submitted"] == month["units"] > 0
    versions = then.ask("/api/reports/submissions", unit=COUNTY, limit=500)["items"]
    assert {each["state"] for each in versions} >= {"submitted", "replaced"}
    assert all(each["submitted_at"] for each in versions if each["state"] == "submitted")


def test_a_correction_says_something_else_than_what_it_corrects(then: Then, loaded: Loaded) -> None:
    village = home_grid(loaded.plan.scene).unit_code
    versions = then.ask("/api/reports/submissions", unit=village)["items"]
    second, first = (each for each in versions if each["form"] == "F2")
    assert (first["state"], second["state"]) == ("replaced", "submitted")
    before, after = (then.ask(f"/api/reports/submissions/{each['id']}") for each in (first, second))
    assert before["paper"]["rows"] != after["paper"]["rows"]
    assert after["seal"] is not None


def test_a_sample_is_drawn_again_alike_and_bounds_what_is_missed(loaded: Loaded) -> None:
    """As of now: when forms were filled in is for the database to say."""
    plan = loaded.ask("/api/supervision/plans", unit=COUNTY)["items"][0]
    assert plan["seed"] == SAMPLE.seed
    assert 0 < plan["final"] < plan["items"]
    assert loaded.ask(f"/api/supervision/plans/{plan['id']}/redraw")["same"] is True


def test_checks_that_were_planted_bound_what_is_not_found(then: Then) -> None:
    checks = then.ask("/api/supervision/checks", unit=COUNTY)["items"]
    assert {each["outcome"] for each in checks} == {"found", "missed", None}
    planted = then.ask("/api/supervision/risk", unit=COUNTY)["planted"]
    assert planted["misses"] == 1
    assert planted["upper_percent"] < 50


def test_an_approved_exception_counts_as_one_and_not_as_covered(then: Then, loaded: Loaded) -> None:
    village = home_grid(loaded.plan.scene).unit_code
    known = then.ask("/api/determination/exceptions", unit=village)["items"]
    assert {each["state"] for each in known} == {"approved", "requested", "refused"}
    approved = next(each for each in known if each["state"] == "approved")
    told = then.ask("/api/determination", unit=village)
    count = next(each for each in told["counts"] if each["kind"] == approved["kind"])
    assert count["number"] >= count["excepted"] == 1
    assert [each["id"] for each in told["exceptions"]] == [approved["id"]]


def test_the_chain_holds(loaded: Loaded) -> None:
    with transaction(loaded.engine) as session:
        assert list(verify_chain(session, loaded.settings)) == []
