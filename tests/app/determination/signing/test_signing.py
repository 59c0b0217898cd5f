"""Who may sign, when, and what becomes of it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.db import transaction
from app.determination import service
from app.determination.signing_changes import sweep
from app.patrols.retention import purge
from app.rights import Role
from app.scope import EVERYTHING
from tests.app.determination.signing.office import Office, refused
from tests.app.determination.village import COUNTY, OTHER, PATH, TOWN, TOWN_PATH, VILLAGE
from tests.support.people import PASSWORD, add_person
from tests.support.seeding import CITY


def problems(office: Office) -> list[str]:
    with transaction(office.engine) as session:
        return [str(each) for each in service.verify_chain(session, office.settings)]


def test_signatures_go_up_from_village_to_county(office: Office) -> None:
    village, other, town, county = office.signed_up()

    assert village["document"]["body"]["evidence"]["numbers"]["patrol"] == 3
    assert village["document"]["body"]["evidence"]["numbers"]["site"] == 1
    assert village["document"]["body"]["signer"] == {
        "name": "测试head",
        "capacity": "head",
        "for": None,
        "delegation": None,
    }
    assert village["document"]["body"]["shares"]["tracked"]["percent"] > 0
    assert {each["id"] for each in town["bases"]} == {village["id"], other["id"]}
    assert [each["entry_digest"] for each in county["document"]["body"]["bases"]] == [town["entry_digest"]]
    assert problems(office) == []
    period = tuple(office.settings.today() - timedelta(days=each) for each in (7, 1))
    with transaction(office.engine) as session:
        states = service.sign_states(session, EVERYTHING, TOWN_PATH, period)  # type: ignore[arg-type]
    assert {(each.unit_code, each.state) for each in states} == {
        (TOWN, "valid"),
        (VILLAGE, "valid"),
        (OTHER, "valid"),
    }


@pytest.mark.parametrize("by", ["clerk", "townhead", "countyhead", "town"])
def test_only_the_head_of_exactly_the_unit_signs(office: Office, by: str) -> None:
    error = refused(office.sign(VILLAGE, by), 403)

    assert error["facts"]["reason"] == "not_head"
    assert "测试head" in error["message"]


def test_outside_of_the_scope_nobody_signs(office: Office) -> None:
    refused(office.sign(OTHER, "head"), 403)
    refused(office.sign(TOWN, "head"), 403)


def test_the_operator_and_tokens_sign_nothing(office: Office) -> None:
    body = {"unit": VILLAGE, "password": PASSWORD, **office.period}
    headers = {"Authorization": "Bearer the-operator-of-the-tests"}
    answer = office.visitor().client.post("/api/determination/attestations", json=body, headers=headers)

    refused(answer, 403)


def test_a_wrong_password_signs_nothing_and_is_counted(office: Office) -> None:
    for _ in range(5):
        error = refused(office.sign(VILLAGE, password="wrong"), 422)  # noqa: S106 - not anybody's
        assert error["facts"]["reason"] == "wrong_password"

    refused(office.sign(VILLAGE), 429)
    with transaction(office.engine) as session:
        assert session.execute(text("SELECT count(*) FROM attestation")).scalar_one() == 0


def test_what_is_left_out_blocks_and_is_named(office: Office) -> None:
    office.tamper("DELETE FROM grid_officer")

    error = refused(office.sign(VILLAGE), 409)

    assert error["facts"]["reason"] == "blocked"
    assert "no_officer" in {each["kind"] for each in error["facts"]["kinds"]}
    assert "网格无网格员" in error["message"]


def test_a_town_cannot_sign_while_a_village_has_not(office: Office) -> None:
    office.signed(VILLAGE)

    error = refused(office.sign(TOWN), 409)

    assert {each["kind"] for each in error["facts"]["kinds"]} == {"child_unsigned"}
    office.signed(OTHER, TOWN)


def test_one_signature_a_period_is_enough(office: Office) -> None:
    (first,) = office.signed(VILLAGE)

    error = refused(office.sign(VILLAGE), 409)

    assert error["facts"] == {"attestation": first["id"], "reason": "signed"}


def test_days_to_come_are_not_signed(office: Office) -> None:
    tomorrow = (office.settings.today() + timedelta(days=1)).isoformat()

    refused(office.sign(VILLAGE, last_day=tomorrow), 422)


def test_one_signature_does_not_speak_for_years(office: Office) -> None:
    assert "最长 366 天" in refused(office.sign(VILLAGE, first_day="2001-01-01"), 422)["message"]


def test_days_before_all_records_are_refused_in_words(office: Office) -> None:
    long_ago = {"first_day": "0001-01-01", "last_day": "0001-01-02"}

    assert "过早" in refused(office.sign(VILLAGE, **long_ago), 422)["message"]
    asked = office.as_("head").get(
        "/api/determination?unit={}&first_day={}&last_day={}".format(VILLAGE, *long_ago.values())
    )
    assert "过早" in refused(asked, 422)["message"]


def test_a_walk_that_comes_late_is_named_and_ends_the_signatures_upward(office: Office) -> None:
    village, _other, town, county = office.signed_up()

    office.walk()
    sweep(office.engine, office.settings)

    found = office.read(village)
    assert found["state"] == "superseded"
    assert any(each["subject"].startswith("patrol:") and each["what"] == "added" for each in found["changes"])
    assert "巡查记录" in found["why"]
    assert office.read(town)["state"] == "superseded"
    assert "明珠村" in office.read(town)["why"]
    assert "南桥镇" in office.read(county)["why"]
    assert problems(office) == []
    renewed = office.sign(VILLAGE)
    assert renewed.status_code == 201, renewed.text
    assert renewed.json()["document"]["body"]["evidence"]["numbers"]["patrol"] == 4


def test_a_voided_walk_ends_the_signature_when_somebody_looks(office: Office) -> None:
    walked = office.walk()
    (village,) = office.signed(VILLAGE)
    assert office.read(village)["state"] == "valid"

    office.void(walked)

    changes = office.read(village)["changes"]
    assert {"subject": f"patrol:{walked}", "what": "changed"}.items() <= next(
        each for each in changes if each["subject"].startswith("patrol:")
    ).items()


def test_what_happens_later_does_not_touch_what_was_signed(office: Office) -> None:
    village, *_ = office.signed_up()

    office.walk(days_ago=0)
    change = {"occupancy": "own_use", "version": 1}
    office.as_("clerk").ask("PATCH", f"/api/sites/{office.ids['site']}", json=change)

    assert office.read(village)["state"] == "valid"


def test_what_is_deleted_when_its_time_is_over_does_not_touch_it(office: Office) -> None:
    (village,) = office.signed(VILLAGE)

    with transaction(office.engine) as session:
        gone = purge(session, office.settings.now())

    assert gone == 3
    assert office.read(village)["state"] == "valid"


def test_a_village_that_changed_blocks_the_town(office: Office) -> None:
    office.signed(VILLAGE, OTHER)
    office.walk()

    error = refused(office.sign(TOWN), 409)

    assert "child_superseded" in {each["kind"] for each in error["facts"]["kinds"]}


def test_the_level_above_sends_back_with_reasons(office: Office) -> None:
    village, _other, town, _county = office.signed_up()
    body = {"password": PASSWORD, "words": "第二网格的走访照片不清楚，请重新核实。"}
    url = f"/api/determination/attestations/{village['id']}/send-back"
    for by in ("head", "countyhead", "town"):
        refused(office.as_(by).post(url, body), 403)

    answer = office.as_("townhead").post(url, body)

    assert answer.status_code == 200, answer.text
    assert answer.json()["state"] == "sent_back"
    assert answer.json()["why"] == body["words"]
    assert answer.json()["ended_by"] == "测试townhead"
    assert office.read(town)["state"] == "superseded"
    refused(office.as_("townhead").post(url, body), 409)
    office.signed(VILLAGE)


def test_delegation_holds_for_its_days_and_until_it_is_ended(office: Office) -> None:
    made = office.as_("head").post("/api/determination/delegations", delegation(office))
    assert made.status_code == 201, made.text

    signed = office.sign(VILLAGE, "clerk")

    assert signed.status_code == 201, signed.text
    signer = signed.json()["document"]["body"]["signer"]
    assert signer == {
        "name": "测试clerk",
        "capacity": "delegate",
        "for": "测试head",
        "delegation": made.json()["id"],
    }
    ended = office.as_("clerk").post(f"/api/determination/delegations/{made.json()['id']}/end", {"words": "负责人已回"})
    assert ended.json()["ended_at"] is not None
    office.walk()
    refused(office.sign(VILLAGE, "clerk"), 403)


def test_a_delegation_ends_with_its_heads_office(office: Office) -> None:
    assert office.as_("head").post("/api/determination/delegations", delegation(office)).status_code == 201

    office.tamper("UPDATE account SET disabled_at = now() WHERE username = 'head'")

    refused(office.sign(VILLAGE, "clerk"), 403)


def test_who_may_not_delegate_and_to_whom(office: Office) -> None:
    url = "/api/determination/delegations"
    refused(office.as_("clerk").post(url, delegation(office)), 403)
    refused(office.as_("townhead").post(url, delegation(office)), 403)
    refused(office.as_("head").post(url, delegation(office, to="town")), 422)
    refused(office.as_("head").post(url, delegation(office, to="head")), 422)
    far = (office.settings.today() + timedelta(days=93)).isoformat()
    refused(office.as_("head").post(url, delegation(office, last_day=far)), 422)
    refused(office.as_("head").post(url, delegation(office, first_day=far, last_day="9999-12-31")), 422)
    refused(office.as_("head").post(url, delegation(office, password="wrong")), 422)  # noqa: S106


def test_the_head_of_everything_signs_for_the_city(office: Office) -> None:
    with transaction(office.engine) as session:
        add_person(session, "mayor", Role.LEADER)
    office.signed_up()

    signed = office.sign(CITY, "mayor")

    assert signed.status_code == 201, signed.text
    refused(office.sign(COUNTY, "mayor"), 403)


def test_what_one_may_do_is_told(office: Office) -> None:
    query = f"/api/determination/signing?unit={VILLAGE}&last_day={office.period['last_day']}"

    mine = office.as_("head").get(query).json()
    other = office.as_("clerk").get(query).json()

    assert (mine["may_sign"], mine["sign_as"]) == (True, "head")
    assert "测试head" in mine["heads"]
    assert (other["may_sign"], "测试head" in other["why_not"]) == (False, True)


def delegation(office: Office, **more: Any) -> dict[str, Any]:
    today = office.settings.today().isoformat()
    days = {"first_day": today, "last_day": today}
    return {"unit": VILLAGE, "to": "clerk", "reason": "负责人外出学习", "password": PASSWORD, **days, **more}


def test_lists_keep_to_the_scope(office: Office) -> None:
    office.signed(VILLAGE, OTHER)

    mine = office.as_("head").get(f"/api/determination/attestations?unit={VILLAGE}").json()
    all_of = office.as_("townhead").get(f"/api/determination/attestations?unit={TOWN}").json()

    assert (mine["total"], all_of["total"]) == (1, 2)
    refused(office.as_("head").get(f"/api/determination/attestations?unit={TOWN}"), 403)
    refused(office.as_("head").get(f"/api/determination/attestations/{all_of['items'][0]['id']}"), 403)
    assert PATH.endswith(VILLAGE)
