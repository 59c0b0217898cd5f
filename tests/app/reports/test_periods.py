"""Which cases belong to a period, what they had come to by then, and in whose form they stand."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import ForbiddenError, InvalidInputError
from app.reports import filling
from app.reports.cases import Period
from app.reports.forms.figures import OWN_LEVEL
from app.reports.table import Table, columns
from app.settings import Settings
from tests.app.reports.records import (
    CITY,
    COUNTY,
    ITEMS,
    OPERATOR,
    TOWN,
    V11,
    V12,
    V21,
    clear,
    put_case,
    put_site,
    put_visit,
    staff,
)
from tests.support.seeding import seed_city

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
BEFORE, DURING, AFTER = date(2026, 2, 10), date(2026, 3, 10), date(2026, 4, 10)


@pytest.fixture
def city(session: Session) -> Session:
    seed_city(session)
    return session


def filled(session: Session, form: Any, unit: str = TOWN, period: Period = MARCH, actor: Actor = OPERATOR) -> Table:
    settings = Settings()
    asked = filling.unit_asked(session, actor, unit)
    return filling.fill(session, settings, actor, form, asked, period).table


def column(table: Table, head: str) -> list[Any]:
    """What the rows have under a head."""
    at = [leaf.text for leaf in columns(table.heads)].index(head)
    return [row[at] for row in table.rows]


def numbers(session: Session, **more: Any) -> list[Any]:
    return column(filled(session, "F1", **more), "问题编号")


def test_a_case_is_listed_from_the_day_it_is_found(city: Session) -> None:
    put_case(city, "before", V11, BEFORE)
    put_case(city, "last day", V11, MARCH.last_day)
    put_case(city, "after", V11, AFTER)
    assert numbers(city) == ["before", "last day"]


def test_a_case_stays_until_it_is_struck_off_and_through_the_period_in_which_it_is(city: Session) -> None:
    closed = ("closed", "registered", "closed", BEFORE)
    put_case(city, "closed", V11, BEFORE, [closed])
    put_case(city, "gone", V11, BEFORE, [closed, ("struck_off", "closed", "struck_off", date(2026, 2, 28))])
    put_case(city, "going", V11, BEFORE, [closed, ("struck_off", "closed", "struck_off", MARCH.first_day)])
    table = filled(city, "F1")
    assert column(table, "问题编号") == ["closed", "going"]
    assert column(table, "现场整治完成情况")[1] == "已销号（2026-03-01）"


def test_a_case_that_came_back_is_on_the_list_again(city: Session) -> None:
    steps = [
        ("struck_off", "closed", "struck_off", date(2026, 2, 20)),
        ("relapsed", "struck_off", "rectifying", DURING),
    ]
    again = put_case(city, "again", V11, BEFORE, steps, relapses=1, state="rectifying")
    clear(city, again, dict.fromkeys(ITEMS, BEFORE), round_=0)
    table = filled(city, "F1")
    assert column(table, "问题编号") == ["again"]
    assert column(table, "两断三清") == [None], "what closed it once does not close it again"
    assert numbers(city, period=Period(date(2026, 2, 1), date(2026, 2, 28))) == ["again"]


def test_a_past_period_tells_how_it_stood_then(city: Session) -> None:
    """Steps, closure items and penalties that came later do not count; without a date they do."""
    facts = {"filed_on": AFTER, "fine_wan": 2, "fined_on": AFTER, "confiscated_wan": "0.5", "confiscated_on": DURING}
    more = {"transferred_persons": 2, "transferred_on": AFTER, "disciplined_persons": 1}
    steps = [("started", "registered", "rectifying", DURING), ("closed", "rectifying", "closed", AFTER)]
    later = put_case(city, "1", V11, DURING, steps, state="closed", closed_on=AFTER, **facts, **more)
    clear(city, later, {"water": DURING, "power": DURING, "equipment": DURING, "premises": DURING, "materials": AFTER})
    then, now = filled(city, "F1"), filled(city, "F1", period=Period(MARCH.first_day, AFTER))
    shown = ["立案查处", "行政处罚(万元)", "没收违法所得(万元)", "移送司法机关人数", "党纪政纪处理人数", "两断三清"]
    assert [column(then, head)[0] for head in shown] == [None, None, 0.5, None, 1, None]
    assert [column(now, head)[0] for head in shown] == [True, 2, 0.5, 2, 1, True]
    assert column(then, "现场整治完成情况") == ["整治中，未完成：清原材料、产品及危险废物"]
    assert column(now, "现场整治完成情况") == ["已完成（2026-04-10）"]


def test_a_case_called_done_without_proof_says_what_it_lacks(city: Session) -> None:
    put_case(city, "1", V11, BEFORE, [("closed", "registered", "closed", DURING)])
    told = column(filled(city, "F1"), "现场整治完成情况")[0]
    assert told == "已完成（2026-03-10），但“两断三清”缺：断水、断电、清设备、清厂房场地、清原材料、产品及危险废物"


def test_chemical_cases_stand_in_f3_and_the_others_in_f1(city: Session) -> None:
    put_case(city, "small", V11, BEFORE)
    tons = '[{"name": "甲醇", "amount": 2.5, "unit": "吨"}, {"name": "盐酸", "amount": null, "unit": null}]'
    put_case(
        city, "chemical", V12, BEFORE, party_name="无名作坊", category="chemical", chemical_kind="black_workshop",
        stages=["store", "produce"], chemicals=tons, measures="查封", way_to_close="ban",
    )  # fmt: skip
    assert numbers(city) == ["small"]
    [row] = filled(city, "F3").rows
    assert row[:3] == [1, "无名作坊", "南桥镇"]
    assert row[5:] == ["生产、储存", "无证熔炼废铝", "甲醇 2.5 吨；盐酸", "查封；关闭取缔"]


def test_lists_have_as_many_rows_as_their_summaries_say(city: Session) -> None:
    for at, unit in enumerate((V11, V11, V12, TOWN)):
        put_case(city, f"s{at}", unit, BEFORE, category=("dust", "shut_down", "dust", "other")[at])
    put_case(city, "c", V12, BEFORE, category="chemical", chemical_kind="affiliated", fine_wan="1.5")
    summary = filled(city, "F2")
    assert column(summary, "地区") == ["柳树村", "石桥村", OWN_LEVEL]
    assert column(summary, "问题总数(家)") == [2, 1, 1]
    assert summary.total is not None
    assert summary.total[2] == len(filled(city, "F1").rows) == 4
    [row] = filled(city, "F4").rows
    assert row[3:8] == [1, 0, 0, 0, 1]
    assert row[12:14] == [1, 1.5]
    assert len(filled(city, "F3").rows) == row[3]


def test_a_county_and_its_towns_say_the_same(city: Session) -> None:
    for at, unit in enumerate((V11, TOWN, V21, COUNTY, V21)):
        put_case(city, f"s{at}", unit, BEFORE, fine_wan=at)
    county, town = filled(city, "F2", unit=COUNTY), filled(city, "F2")
    assert [row[:3] for row in county.rows] == [["南桥镇", 0, 2], ["北塘街道", 0, 2], [OWN_LEVEL, 0, 1]]
    assert town.total is not None
    assert county.rows[0][1:] == town.total[1:]
    asked = filling.unit_asked(city, OPERATOR, CITY)
    assert filling.fill(city, Settings(), OPERATOR, "F2", asked, MARCH).levels_checked == 11


def test_sites_count_once_and_only_when_somebody_went_in(city: Session) -> None:
    twice, locked, voided, later, other = (put_site(city, code) for code in "ABCDE")
    for day in (DURING, MARCH.first_day):
        put_visit(city, twice, day)
    put_visit(city, locked, DURING, result="not_entered")
    put_visit(city, voided, DURING, voided=True)
    put_visit(city, later, AFTER)
    put_visit(city, other, MARCH.last_day, result="problem_found")
    there = put_site(city, "F", V21)
    put_visit(city, there, DURING, V21)
    assert filled(city, "F2").total[1] == 2  # type: ignore[index]
    assert filled(city, "F4").rows[0][2] == 2
    assert filled(city, "F4", unit=COUNTY).rows[0][2] == 3


def test_nobody_sees_the_form_of_a_unit_outside_their_scope(city: Session) -> None:
    put_case(city, "there", V21, BEFORE)
    with pytest.raises(ForbiddenError, match="不在您的管辖范围内"):
        filled(city, "F1", unit=V21, actor=staff(TOWN))
    with pytest.raises(ForbiddenError):
        filled(city, "F1", unit=COUNTY, actor=staff(TOWN))
    assert numbers(city, unit=None, actor=staff(TOWN)) == []


@pytest.mark.parametrize(
    ("first_day", "last_day"), [(date(2026, 3, 2), date(2026, 3, 1)), (date(2150, 1, 1), date(2150, 2, 1))]
)
def test_days_in_the_wrong_order_or_to_come_are_refused(city: Session, first_day: date, last_day: date) -> None:
    with pytest.raises(InvalidInputError, match="日期"):
        filled(city, "F2", period=Period(first_day, last_day))
