"""Exceptions: asked for with a reason, approved from above by somebody else, for a while, and seen by all above."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from app.determination import exceptions
from app.determination.sources import Asked
from app.scope import EVERYTHING
from app.settings import Settings
from tests.app.determination.conftest import Clean
from tests.app.determination.omissions.conftest import Person
from tests.app.determination.village import COUNTY, OTHER, PATH, TOWN, VILLAGE

ROOT = "/api/determination"
TODAY = Settings().today()


@pytest.fixture
def site(settings: Settings, clean: Clean) -> str:
    """The village's site, whose dust nobody has confirmed: an omission that can be let stand."""
    _run(settings, "UPDATE site SET dust_kind = '铝粉', safety_officer = '张三' WHERE id = :id", id=clean.ids["site"])
    return f"site:{clean.ids['site']}"


def _run(settings: Settings, sql: str, **values: Any) -> Any:
    engine = create_engine(settings.database_url or "")
    with engine.begin() as connection:
        found = connection.execute(text(sql), values)
        rows = found.all() if found.returns_rows else None
    engine.dispose()
    return rows


def asked(subject: str, kind: str = "site_dust_unconfirmed", days: int = 10, **more: Any) -> dict[str, Any]:
    until = (TODAY + timedelta(days=days)).isoformat()
    body = {"id": str(uuid4()), "unit": VILLAGE, "kind": kind, "subject": subject, "until": until}
    return {**body, "reason": "停产检修，月底确认", **more}


def request(person: TestClient, body: dict[str, Any]) -> dict[str, Any]:
    answer = person.post(f"{ROOT}/exceptions", json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def decide(person: TestClient, exception: str, approve: bool = True) -> Any:
    return person.post(f"{ROOT}/exceptions/{exception}/decision", json={"approve": approve, "words": "同意"})


def determined(person: TestClient, unit: str = VILLAGE) -> dict[str, Any]:
    found: dict[str, Any] = person.get(ROOT, params={"unit": unit}).json()
    return found


def refusal(answer: Any, status: int) -> str:
    assert answer.status_code == status, answer.text
    message: str = answer.json()["error"]["message"]
    return message


def test_approved_from_above_it_lets_one_omission_stand_and_is_seen_upward(
    person: Person, site: str, settings: Settings
) -> None:
    made = request(person("head"), asked(site))
    assert determined(person("head"))["blocks"] is True, "asked for is not approved"
    assert (determined(person("townhead"))["waiting"], made["state"]) == (1, "requested")
    assert decide(person("townhead"), made["id"]).json()["state"] == "approved"
    told = determined(person("head"))
    (count,) = [each for each in told["counts"] if each["number"]]
    assert (count["number"], count["excepted"], count["blocks"], told["blocks"]) == (1, 1, False, False)
    above = determined(person("countyhead"), TOWN)
    assert [each["id"] for each in above["exceptions"]] == [made["id"]]
    (row,) = person("head").get(f"{ROOT}/omissions", params={"unit": VILLAGE}).json()["items"]
    assert (row["exception"]["state"], row["subject"]) == ("approved", site)
    kinds = _run(settings, "SELECT kind, unit_code, by_name FROM chain_entry")
    assert [tuple(each) for each in kinds] == [("exception", VILLAGE, "测试townhead")]


def test_it_holds_until_its_day_and_no_longer(person: Person, site: str, settings: Settings) -> None:
    made = request(person("head"), asked(site, days=0))
    decide(person("townhead"), made["id"])
    assert determined(person("head"))["blocks"] is False, "on its last day it holds"
    engine = create_engine(settings.database_url or "")
    with Session(engine) as session:
        today = Asked(session, settings, EVERYTHING, PATH, TODAY, TODAY)
        tomorrow = today._replace(on=TODAY + timedelta(days=1))
        assert [len(exceptions.covering(each)) for each in (today, tomorrow)] == [1, 0]
    engine.dispose()


def test_one_that_has_run_out_makes_room_for_another(person: Person, site: str, settings: Settings) -> None:
    decide(person("townhead"), request(person("head"), asked(site))["id"])
    _run(settings, "UPDATE omission_exception SET until = :day", day=TODAY - timedelta(days=1))
    assert determined(person("head"))["blocks"] is True
    assert request(person("head"), asked(site))["state"] == "requested"


@pytest.mark.parametrize("change", ["until = until + 90", "subject = 'site:other'", "kind = 'site_overdue'"])
def test_changed_by_hand_after_it_was_approved_it_breaks_the_proof(
    person: Person, site: str, settings: Settings, change: str
) -> None:
    decide(person("townhead"), request(person("head"), asked(site))["id"])
    assert determined(person("head"))["blocks"] is False
    _run(settings, f"UPDATE omission_exception SET {change}")  # noqa: S608
    blocking = [each["kind"] for each in determined(person("head"))["counts"] if each["blocks"]]
    assert "broken_chain" in blocking


def test_approved_by_hand_alone_it_breaks_the_proof(person: Person, site: str, settings: Settings) -> None:
    request(person("head"), asked(site))
    _run(settings, "UPDATE omission_exception SET state = 'approved', decided_by = '某人', decided_at = now()")
    blocking = [each["kind"] for each in determined(person("head"))["counts"] if each["blocks"]]
    assert blocking == ["broken_chain"]


def test_ended_or_refused_it_covers_nothing(person: Person, site: str, settings: Settings) -> None:
    made = request(person("head"), asked(site))
    assert decide(person("townhead"), made["id"], approve=False).json()["state"] == "refused"
    assert determined(person("head"))["blocks"] is True
    again = request(person("head"), asked(site))
    decide(person("townhead"), again["id"])
    ended = person("townhead").post(f"{ROOT}/exceptions/{again['id']}/end", json={"words": "已复产"})
    assert ended.json()["state"] == "ended"
    assert determined(person("head"))["blocks"] is True
    (entries,) = _run(settings, "SELECT count(*) FROM chain_entry WHERE kind = 'exception'")
    assert entries[0] == 2, "the approval and its end; a refusal lets nothing stand"


def test_ground_is_covered_up_to_the_area_that_was_asked_for(person: Person, clean: Clean) -> None:
    void = person("town").post(f"/api/patrols/{clean.ids['patrol_0']}/void", json={"reason": "测试"})
    assert void.status_code == 200, void.text
    (row,) = person("head").get(f"{ROOT}/omissions", params={"unit": VILLAGE}).json()["items"]
    made = request(person("head"), asked(row["subject"], row["kind"]))
    assert made["area_m2"] == pytest.approx(row["area_m2"])
    decide(person("townhead"), made["id"])
    assert determined(person("head"))["blocks"] is False
    void = person("town").post(f"/api/patrols/{clean.ids['patrol_1']}/void", json={"reason": "测试"})
    assert void.status_code == 200, void.text
    (count,) = [each for each in determined(person("head"))["counts"] if each["number"]]
    assert (count["number"], count["excepted"], count["blocks"]) == (2, 0, True), (
        "it has grown beyond what was approved"
    )


def test_mended_it_covers_nothing_else(person: Person, site: str, clean: Clean, settings: Settings) -> None:
    decide(person("townhead"), request(person("head"), asked(site))["id"])
    _run(
        settings,
        "UPDATE site SET dust_confirmed_by = '局', dust_confirmed_on = now() WHERE id = :id",
        id=clean.ids["site"],
    )
    told = determined(person("head"))
    assert (told["blocks"], told["exceptions"]) == (False, [])


def test_nobody_approves_ones_own_nor_for_ones_own_level(person: Person, site: str) -> None:
    made = request(person("head"), asked(site))
    assert "本人" in refusal(decide(person("head"), made["id"]), 403)
    assert "上级" in refusal(decide(person("deputy"), made["id"]), 403)


def test_the_requester_from_above_may_not_approve_either(person: Person, site: str) -> None:
    made = request(person("townhead"), asked(site))
    assert "本人" in refusal(decide(person("townhead"), made["id"]), 403)
    assert decide(person("countyhead"), made["id"]).json()["state"] == "approved"


def test_it_is_decided_once_and_asked_for_once(person: Person, site: str) -> None:
    body = asked(site)
    made = request(person("head"), body)
    assert request(person("head"), body)["id"] == made["id"], "sent again, it is the same request"
    assert "已用于" in refusal(person("head").post(f"{ROOT}/exceptions", json={**body, "reason": "别的"}), 409)
    assert "已有" in refusal(person("head").post(f"{ROOT}/exceptions", json=asked(site)), 409)
    decide(person("townhead"), made["id"])
    assert "已处理" in refusal(decide(person("countyhead"), made["id"]), 409)


def test_a_request_past_its_day_cannot_be_approved(person: Person, site: str, settings: Settings) -> None:
    made = request(person("head"), asked(site))
    _run(settings, "UPDATE omission_exception SET until = :day", day=TODAY - timedelta(days=1))
    assert "已过" in refusal(decide(person("townhead"), made["id"]), 409)


@pytest.mark.parametrize("days", [-1, 400])
def test_until_a_day_that_is_past_or_far_away_is_refused(person: Person, site: str, days: int) -> None:
    assert "最后一天" in refusal(person("head").post(f"{ROOT}/exceptions", json=asked(site, days=days)), 422)


def test_nothing_is_excepted_that_is_not_left_out_or_may_never_be(person: Person, site: str) -> None:
    head = person("head")
    assert "没有这一项" in refusal(head.post(f"{ROOT}/exceptions", json=asked(site, "site_overdue")), 404)
    assert "不可靠" in refusal(head.post(f"{ROOT}/exceptions", json=asked("chain:1", "broken_chain")), 422)
    assert "没有" in refusal(head.post(f"{ROOT}/exceptions", json=asked(site, "nothing")), 422)
    refusal(head.post(f"{ROOT}/exceptions", json=asked(site, reason=" ")), 422)
    assert "管辖" in refusal(head.post(f"{ROOT}/exceptions", json=asked(site, unit=OTHER)), 403)


def test_who_waits_for_my_decision_is_said(person: Person, site: str) -> None:
    request(person("head"), asked(site))
    params = {"unit": TOWN, "state": "requested"}
    (mine,) = person("townhead").get(f"{ROOT}/exceptions", params=params).json()["items"]
    assert (mine["may_decide"], mine["is_own"]) == (True, False)
    (own,) = person("head").get(f"{ROOT}/exceptions", params={"unit": VILLAGE}).json()["items"]
    assert (own["may_decide"], own["is_own"]) == (False, True)


def test_that_a_village_need_not_sign_is_not_for_its_town_to_decide(person: Person) -> None:
    params = {"unit": TOWN, "kind": "child_unsigned"}
    (one, other) = person("townhead").get(f"{ROOT}/omissions", params=params).json()["items"]
    made = request(person("townhead"), asked(one["subject"], "child_unsigned", unit=TOWN))
    assert made["unit"]["code"] == TOWN
    assert "上级" in refusal(decide(person("town"), made["id"]), 403)
    assert decide(person("countyhead"), made["id"]).json()["state"] == "approved"
    told = determined(person("townhead"), TOWN)
    (count,) = [each for each in told["counts"] if each["number"]]
    assert (count["kind"], count["number"], count["excepted"], count["blocks"]) == ("child_unsigned", 2, 1, True)
    above = determined(person("countyhead"), COUNTY)
    assert [(each["kind"], each["number"], each["excepted"]) for each in above["counts"] if each["number"]] == [
        ("child_unsigned", 1, 0)
    ], "the town's own signature, of which nothing was excepted"
    assert other["subject"] != one["subject"]
