"""Opening a file: whose it is, its number, what must be refused."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest

from app.actor import operator
from app.cases import service
from app.cases.schemas import CaseIn
from app.db import transaction
from tests.app.cases.desk import FAR, PLACE, USCC, Desks, body, refused
from tests.app.review.world import World
from tests.support.seeding import TOWN_1, VILLAGE_11, VILLAGE_12, VILLAGE_21


def test_a_case_gets_a_number_of_its_county_and_belongs_to_the_unit_of_its_place(desks: Desks) -> None:
    first, second = desks.opened(), desks.opened()
    year = first["found_on"][:4]
    assert [first["number"], second["number"]] == [f"320491-{year}-0001", f"320491-{year}-0002"]
    assert (first["unit"]["code"], first["grid_code"]) == (VILLAGE_11, f"{VILLAGE_11}001")
    assert (first["state"], first["state_text"], first["version"]) == ("registered", "已登记", 1)
    event = first["events"][0]
    assert (event["kind"], event["to_state"], event["by_name"]) == ("registered", "registered", "测试village11")


def test_numbers_have_no_gap_though_many_register_at_once_and_some_fail(world: World) -> None:
    today = world.settings.today()

    def register(at: int) -> str | None:
        wrong = {"party_uscc": "91110000600037341X"} if at % 3 == 0 else {}
        try:
            with transaction(world.engine) as session:
                case = CaseIn.model_validate(body(today, **wrong))
                made = service.create_case(session, world.settings, operator("127.0.0.1"), case)
                if at % 3 == 1:
                    raise InterruptedError
                return made.number
        except Exception:
            return None

    with ThreadPoolExecutor(6) as pool:
        numbers = [number for number in pool.map(register, range(24)) if number is not None]
    year = body(today)["found_on"][:4]
    assert sorted(numbers) == [f"320491-{year}-{at:04d}" for at in range(1, 9)]


def test_a_number_that_an_import_brought_is_kept_and_passed_over(desks: Desks) -> None:
    year = desks.ago(40)[:4]
    assert desks.opened(number=f"320491-{year}-0001")["number"] == f"320491-{year}-0001"
    assert desks.opened()["number"] == f"320491-{year}-0002"
    assert desks.opened(number="东镇字〔2026〕7 号")["number"] == "东镇字〔2026〕7 号"


def test_a_number_is_not_given_twice(desks: Desks) -> None:
    desks.opened(number="甲-1")
    assert "甲-1 已有案件使用" in refused(desks.open(number="甲-1"), 409)


def test_sent_again_it_is_the_same_case_and_other_content_is_refused(desks: Desks) -> None:
    sent = body(desks.today)
    first = desks.taken(desks.person("village11").post("/api/cases", json=sent))
    again = desks.taken(desks.person("village11").post("/api/cases", json=sent))
    assert (again["number"], len(again["events"])) == (first["number"], 1)
    other = desks.person("village11").post("/api/cases", json={**sent, "party_name": "另一家"})
    assert "已用于另一个案件" in refused(other, 409)


def test_without_a_place_the_unit_is_the_one_stated(desks: Desks) -> None:
    case = desks.opened("town1", place=None, unit_code=VILLAGE_12)
    assert (case["unit"]["code"], case["lon"], case["grid_code"]) == (VILLAGE_12, None, None)
    assert "不知道案件属于哪个单位" in refused(desks.open("town1", place=None), 422)


def test_the_place_decides_within_the_unit_stated_and_not_against_it(desks: Desks) -> None:
    assert desks.opened("town1", unit_code=TOWN_1)["unit"]["code"] == VILLAGE_11
    assert "不在所填的“石桥村”内" in refused(desks.open("town1", unit_code=VILLAGE_12), 422)


def test_nobody_registers_beyond_their_scope(desks: Desks) -> None:
    assert "不在您的管辖范围内" in refused(desks.open(place=FAR), 403)
    assert "不在您的管辖范围内" in refused(desks.open(place=None, unit_code=VILLAGE_21), 403)


def test_places_come_in_their_datum(desks: Desks) -> None:
    case = desks.opened(place={**PLACE, "datum": "GCJ-02"})
    assert 0.003 < abs(case["lon"] - PLACE["lon"]) < 0.008  # type: ignore[operator]
    assert case["source_datum"] == "GCJ-02"
    swapped = {"lon": PLACE["lat"], "lat": PLACE["lon"], "datum": "WGS-84"}
    assert "坐标" in refused(desks.open(place=swapped), 422)


def test_the_code_of_a_firm_is_checked_by_its_last_character(desks: Desks) -> None:
    assert desks.opened(party_uscc=USCC.lower())["party_uscc"] == USCC
    assert "校验位" in refused(desks.open(party_uscc=f"{USCC[:-1]}X"), 422)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"chemical_kind": None}, "小化工案件须选择四种情形之一"),
        ({"category": "dust"}, "其他类别不填"),
        ({"party_name": None}, "名称"),
        ({"address": " "}, "详细地址"),
        ({"stages": ["produce", "produce"]}, "不能重复"),
    ],
)
def test_what_a_case_must_not_be(desks: Desks, changes: dict[str, Any], words: str) -> None:
    assert words in refused(desks.open(**changes), 422)


def test_days_must_be_possible(desks: Desks) -> None:
    assert "早于发现日期" in refused(desks.open(deadline=desks.ago(41)), 422)
    assert "在将来" in refused(desks.open(found_on=desks.ahead(1), deadline=desks.ahead(3)), 422)
    assert "在将来" in refused(desks.open(filed_on=desks.ahead(1)), 422)


def test_a_case_that_was_closed_before_it_came_is_looked_back_at_and_shows_what_it_lacks(world: World) -> None:
    today = world.settings.today()
    case = CaseIn.model_validate(body(today, id=str(uuid4()), number="旧-1"))
    with transaction(world.engine) as session:
        made = service.create_case(session, world.settings, operator("127.0.0.1"), case, finished_on=today)
    assert (made.state, made.closed_on, len(made.look_backs)) == ("closed", today, 3)
    assert made.omissions == ["closed_incomplete"]
