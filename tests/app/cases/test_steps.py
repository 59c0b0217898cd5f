"""The way of a case through its states, and every step that must be refused."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.cases.schemas.codes import ITEMS
from tests.app.cases.desk import FAR, Desks, one, refused
from tests.app.review.world import World


def test_closing_lists_everything_that_is_missing_by_name(desks: Desks) -> None:
    case = desks.opened()
    desks.taken(desks.step(case["id"], "start"))
    picture = desks.attached(case["id"])
    desks.taken(desks.prove(case["id"], "water", desks.ago(1), [picture]))
    desks.taken(desks.prove(case["id"], "power", desks.ago(1), []))
    desks.taken(desks.prove(case["id"], "equipment", None, [picture]))
    answer = desks.step(case["id"], "close")
    message = refused(answer, 409)
    assert answer.json()["error"]["facts"]["missing"] == [
        "断电：缺证据",
        "清设备：缺完成日期",
        "清厂房场地：缺完成日期、缺证据",
        "清原材料、产品及危险废物：缺完成日期、缺证据",
        "整治方式：未选择",
    ]
    assert "断水" not in message
    assert "断电：缺证据" in message
    closing = one(desks.read(case["id"])["next_steps"], step="close")
    assert closing["needs"] == answer.json()["error"]["facts"]["missing"]


def test_with_all_five_a_case_is_closed_and_looks_back_are_planned(desks: Desks) -> None:
    case = desks.closed(days_ago=3)
    assert (case["state"], case["closed_on"], case["omissions"]) == ("closed", desks.ago(3), [])
    closed = desks.today - timedelta(days=3)
    due = [str(closed + timedelta(days=days)) for days in (30, 90, 180)]
    assert [look["due_on"] for look in case["look_backs"]] == due
    event = one(case["events"], kind="closed")
    assert (event["from_state"], event["to_state"], event["words"], event["by_name"]) == (
        "rectifying",
        "closed",
        "现场核实",
        "测试village11",
    )
    assert event["changes"]["state"] == ["rectifying", "closed"]


def test_a_way_to_close_is_needed_and_stays(desks: Desks) -> None:
    case = desks.opened()
    desks.taken(desks.step(case["id"], "start"))
    desks.prove_all(case["id"], desks.ago(1))
    assert "整治方式：未选择" in refused(desks.step(case["id"], "close"), 409)
    desks.taken(desks.patch(case["id"], way_to_close="ban"))
    desks.taken(desks.step(case["id"], "close"))
    assert "不能清空" in refused(desks.patch(case["id"], way_to_close=None), 422)


@pytest.mark.parametrize(("step", "state"), [("close", "registered"), ("relapse", "registered")])
def test_steps_have_their_turn(desks: Desks, step: str, state: str) -> None:
    case = desks.opened()
    answer = desks.step(case["id"], step, deadline=desks.ahead(9))
    assert "只有" in refused(answer, 409)
    assert answer.json()["error"]["facts"]["state"] == state


def test_a_case_is_started_once_and_struck_off_only_when_closed(desks: Desks) -> None:
    case = desks.opened()
    desks.taken(desks.step(case["id"], "start"))
    assert "现为“整治中”" in refused(desks.step(case["id"], "start"), 409)
    assert "只有“已完成整治”的案件才能销号" in refused(desks.strike_off(case["id"]), 409)


def test_an_item_is_not_done_before_the_find_nor_in_the_future(desks: Desks) -> None:
    case = desks.opened()
    picture = desks.attached(case["id"])
    assert "早于发现日期" in refused(desks.prove(case["id"], "water", desks.ago(41), [picture]), 422)
    assert "在将来" in refused(desks.prove(case["id"], "water", desks.ahead(1), [picture]), 422)


def test_a_case_is_not_closed_before_its_last_item_nor_in_the_future(desks: Desks) -> None:
    case = desks.opened(way_to_close="ban")
    desks.taken(desks.step(case["id"], "start"))
    desks.prove_all(case["id"], desks.ago(2))
    assert "早于两断三清的最后日期" in refused(desks.step(case["id"], "close", on_day=desks.ago(3)), 422)
    assert "在将来" in refused(desks.step(case["id"], "close", on_day=desks.ahead(1)), 422)


def test_evidence_must_be_this_cases_and_stand(desks: Desks) -> None:
    case, other = desks.opened(), desks.opened()
    theirs, struck = desks.attached(other["id"]), desks.attached(case["id"])
    desks.taken(
        desks.person("village11").post(
            f"/api/cases/{case['id']}/attachments/{struck}/withdrawal", json={"why": "传错了"}
        )
    )
    for wrong in (theirs, struck):
        assert "不是本案的有效附件" in refused(desks.prove(case["id"], "water", desks.ago(1), [wrong]), 422)


def test_striking_off_waits_for_the_last_look_back(desks: Desks) -> None:
    case = desks.closed(days_ago=200)
    desks.taken(desks.look_back(case["id"], 0))
    desks.taken(desks.look_back(case["id"], 1))
    last = desks.read(case["id"])["look_backs"][2]["due_on"]
    answer = desks.strike_off(case["id"])
    assert answer.json()["error"]["facts"]["missing"] == [f"{last} 的回头看：未完成"]
    desks.taken(desks.look_back(case["id"], 2))
    assert desks.taken(desks.strike_off(case["id"]))["state"] == "struck_off"


def test_a_village_strikes_nothing_off_nor_does_who_closed_it(desks: Desks) -> None:
    case = desks.closed(days_ago=200, by="town1")
    for at in range(3):
        desks.taken(desks.look_back(case["id"], at))
    assert "没有此项权限" in refused(desks.strike_off(case["id"], by="village11"), 403)
    assert "须由他人核实后销号" in refused(desks.strike_off(case["id"], by="town1"), 403)
    needs = one(desks.read(case["id"], by="town1")["next_steps"], step="strike_off")["needs"]
    assert needs == ["由完成整治的办理人以外的人办理"]
    assert desks.taken(desks.strike_off(case["id"], by="deputy1"))["state"] == "struck_off"


def test_a_case_closed_without_evidence_is_not_struck_off(desks: Desks, world: World) -> None:
    case = desks.closed(days_ago=200)
    for at in range(3):
        desks.taken(desks.look_back(case["id"], at))
    with world.engine.begin() as connection:
        connection.execute(text("DELETE FROM closure_evidence WHERE item = 'water'"))
    assert "断水：缺证据" in refused(desks.strike_off(case["id"]), 409)


def test_a_look_back_is_neither_early_nor_late_nor_twice(desks: Desks) -> None:
    case = desks.closed(days_ago=40)
    due = desks.read(case["id"])["look_backs"][0]["due_on"]
    early = str(date.fromisoformat(due) - timedelta(days=8))
    assert "早于可办理之日" in refused(desks.look_back(case["id"], 0, done_on=early), 422)
    assert "在将来" in refused(desks.look_back(case["id"], 1), 422)
    desks.taken(desks.look_back(case["id"], 0, done_on=desks.ago(0)))
    assert "已办理" in refused(desks.look_back(case["id"], 0), 409)


def test_a_relapse_found_by_a_look_back_reopens_with_its_history(desks: Desks) -> None:
    case = desks.closed(days_ago=40)
    assert "新的整治期限" in refused(desks.look_back(case["id"], 0, result="relapse"), 422)
    assert desks.read(case["id"])["look_backs"][0]["done_on"] is None, "a refused relapse leaves nothing behind"
    again = desks.taken(desks.look_back(case["id"], 0, result="relapse", deadline=desks.ahead(15)))
    assert (again["state"], again["relapses"], again["closed_on"]) == ("rectifying", 1, None)
    assert (again["deadline"], again["way_to_close"]) == (desks.ahead(15), None)
    assert {item["item"]: item["missing"] for item in again["closure"]} == {
        item: ["date", "evidence"] for item in ITEMS
    }
    assert [event["kind"] for event in again["events"]][-2:] == ["look_back", "relapsed"]
    relapsed = again["events"][-1]
    assert relapsed["changes"]["relapses"] == [0, 1]
    assert relapsed["changes"]["deadline"] == [case["deadline"], desks.ahead(15)]
    assert [look["result"] for look in again["look_backs"]] == ["relapse"]


def test_what_closed_a_case_once_does_not_close_it_again(desks: Desks) -> None:
    case = desks.closed(days_ago=40)
    old = case["closure"][0]["attachment_ids"]
    desks.taken(desks.step(case["id"], "relapse", on_day=desks.ago(5), deadline=desks.ahead(15)))
    assert "重新取证" in refused(desks.prove(case["id"], "water", desks.ago(1), old), 422)
    fresh = [desks.attached(case["id"], 99)]
    assert "早于重新整治之日" in refused(desks.prove(case["id"], "water", desks.ago(6), fresh), 422)
    assert desks.taken(desks.prove(case["id"], "water", desks.ago(5), fresh))["closure"][0]["missing"] == []


def test_a_struck_off_case_comes_back_too(desks: Desks) -> None:
    case = desks.struck_off()
    assert "不早于" in refused(desks.step(case["id"], "relapse", deadline=desks.ago(1)), 422)
    again = desks.taken(desks.step(case["id"], "relapse", deadline=desks.ahead(15)))
    assert (again["state"], again["relapses"]) == ("rectifying", 1)


def test_a_finished_case_keeps_what_closed_it(desks: Desks) -> None:
    case = desks.closed(days_ago=3)
    more = desks.attached(case["id"], 77)
    kept = case["closure"][0]["attachment_ids"]
    day = case["closure"][0]["done_on"]
    assert "不能改动" in refused(desks.prove(case["id"], "water", day, [more]), 409)
    assert "不能改动" in refused(desks.prove(case["id"], "water", desks.ago(3), kept), 409)
    assert desks.taken(desks.prove(case["id"], "water", day, [*kept, more]))["closure"][0]["done_on"] == day


def test_a_board_is_put_up_and_taken_down_with_its_days(desks: Desks) -> None:
    case = desks.opened()
    up = desks.taken(desks.step(case["id"], "supervise", level="city", on_day=desks.ago(2)))
    assert (up["supervised_level"], up["supervised_on"], up["state"]) == ("city", desks.ago(2), "registered")
    assert "现在就是市级挂牌督办" in refused(desks.step(case["id"], "supervise", level="city"), 409)
    down = desks.taken(desks.step(case["id"], "supervise", level=None))
    assert (down["supervised_level"], down["supervised_on"]) == (None, None)


def test_every_changed_field_is_kept_with_what_it_was_and_why(desks: Desks) -> None:
    case = desks.opened()
    changed = desks.taken(desks.patch(case["id"], fine_wan="12.5", handler_name="钱督办", why="处罚决定书送达"))
    event = changed["events"][-1]
    assert (event["kind"], event["words"]) == ("changed", "处罚决定书送达")
    assert event["changes"] == {"fine_wan": ["0", "12.5"], "handler_name": [None, "钱督办"]}
    assert (changed["fine_wan"], changed["version"]) == (12.5, case["version"] + 1)
    assert "没有需要保存的修改" in refused(desks.patch(case["id"], fine_wan="12.5000"), 422)


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"party_uscc": "91110000600037341X"}, 422, "校验位"),
        ({"category": "dust"}, 422, "其他类别不填"),
        ({"place": FAR}, 403, "管辖范围"),
        ({"party_name": None}, 422, "请求内容有误"),
        ({"state": "closed"}, 422, "请求内容有误"),
        ({"fine_wan": "-1"}, 422, "请求内容有误"),
        ({"fine_wan": "0.00001"}, 422, "请求内容有误"),
    ],
)
def test_a_change_is_checked_as_a_new_case_is(desks: Desks, fields: dict[str, Any], status: int, words: str) -> None:
    case = desks.opened()
    assert words in refused(desks.patch(case["id"], **fields), status)
    assert len(desks.read(case["id"])["events"]) == 1


def test_who_read_an_old_version_overwrites_nothing(desks: Desks) -> None:
    case = desks.opened()
    desks.taken(desks.patch(case["id"], handler_name="甲"))
    asked = {"version": case["version"], "why": "补充", "handler_name": "乙"}
    answer = desks.person("town1").patch(f"/api/cases/{case['id']}", json=asked)
    assert "刚被其他人修改过" in refused(answer, 409)
    assert answer.json()["error"]["facts"]["reason"] == "version"
    assert desks.read(case["id"])["handler_name"] == "甲"


def test_of_two_who_step_at_once_one_is_told_to_look_again(desks: Desks) -> None:
    case = desks.opened()
    desks.person("town1"), desks.person("village11")
    asked = {"step": "start", "version": case["version"], "words": "开始"}

    def start(name: str) -> int:
        return int(desks.person(name).post(f"/api/cases/{case['id']}/steps", json=asked).status_code)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(start, ["town1", "village11"])) == [200, 409]
    assert [event["kind"] for event in desks.read(case["id"])["events"]] == ["registered", "started"]


def test_the_history_of_a_case_cannot_be_changed(desks: Desks, world: World) -> None:
    desks.opened()
    for statement in ("UPDATE case_event SET by_name = 'x'", "DELETE FROM case_event"):
        with pytest.raises(DBAPIError), world.engine.begin() as connection:
            connection.execute(text(statement))


def test_a_leader_reads_and_does_nothing(desks: Desks) -> None:
    case = desks.opened()
    assert desks.read(case["id"], by="leader")["may_manage"] is False
    assert "没有此项权限" in refused(desks.step(case["id"], "start", by="leader"), 403)
