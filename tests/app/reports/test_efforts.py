"""The effort of a period: told once for the same days by village or town, and never guessed apart."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from app.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from app.reports import efforts
from app.reports.cases import Area, Period
from app.reports.forms.f4 import Effort
from app.reports.schemas import EffortIn
from app.settings import Settings
from tests.app.reports.records import COUNTY, OPERATOR, PATHS, TOWN, V11, V12, V21, staff
from tests.support.seeding import seed_city

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
SETTINGS = Settings()


@pytest.fixture
def city(session: Session) -> Session:
    seed_city(session)
    return session


def told(unit: str, first: int, last: int, teams: int = 2, person_times: int = 10, **more: Any) -> EffortIn:
    """An effort of some days of March."""
    facts = {"id": uuid4(), "first_day": date(2026, 3, first), "last_day": date(2026, 3, last), **more}
    return EffortIn(unit_code=unit, teams=teams, person_times=person_times, **facts)


def record(session: Session, *all_told: EffortIn) -> list[UUID]:
    return [efforts.record(session, SETTINGS, OPERATOR, each).effort.id for each in all_told]


def of(session: Session, unit: str, period: Period = MARCH) -> Effort:
    return efforts.in_period(session, Area(unit, "", "", PATHS[unit]), period)


def test_teams_of_one_unit_are_the_same_teams_and_person_times_add_up(city: Session) -> None:
    record(city, told(V11, 1, 7, 2, 10), told(V11, 8, 14, 3, 20), told(V12, 1, 14, 4, 40), told(V21, 1, 31, 9, 900))
    assert of(city, TOWN) == Effort(7, 70, [])
    assert of(city, V11) == Effort(3, 30, [])
    assert of(city, COUNTY)[:2] == (16, 970)


def test_nothing_told_is_not_nothing_done(city: Session) -> None:
    found = of(city, TOWN)
    assert found[:2] == (None, None)
    assert found.notes == ["本期尚未填报检查组个数和出动人次。"]


def test_sent_again_it_is_told_once_and_other_content_is_refused(city: Session) -> None:
    first = told(V11, 1, 7)
    assert not efforts.record(city, SETTINGS, OPERATOR, first).is_replay
    assert efforts.record(city, SETTINGS, OPERATOR, first).is_replay
    assert of(city, TOWN).person_times == 10
    with pytest.raises(ConflictError, match="已用于另一条记录"):
        efforts.record(city, SETTINGS, OPERATOR, first.model_copy(update={"teams": 5}))


@pytest.mark.parametrize(("before", "after"), [(V11, V11), (V11, TOWN), (TOWN, V11)])
def test_days_told_by_village_or_town_are_not_told_again(city: Session, before: str, after: str) -> None:
    record(city, told(before, 1, 10))
    with pytest.raises(ConflictError, match=r"2026-03-01 至 2026-03-10.*会重复计算"):
        record(city, told(after, 10, 12))
    record(city, told(after, 11, 12), told(V21, 1, 10))
    assert of(city, TOWN).person_times == 20


def test_days_that_reach_beyond_the_period_are_named_and_not_divided(city: Session) -> None:
    record(city, told(V11, 1, 20), told(V11, 21, 22, 1, 5))
    found = of(city, TOWN, Period(date(2026, 3, 10), date(2026, 3, 31)))
    assert found[:2] == (1, 5)
    assert found.notes == [
        "柳树村已填报 2026-03-01 至 2026-03-20 的工作量（2 组、10 人次），超出本期首尾日期，不能拆分，未计入。"
    ]


def test_what_the_town_told_is_not_a_villages_and_is_named_there(city: Session) -> None:
    record(city, told(TOWN, 1, 20))
    found = of(city, V11)
    assert found[:2] == (None, None)
    assert found.notes[0] == "南桥镇已填报 2026-03-01 至 2026-03-20 的工作量（2 组、10 人次），未分到本单位，未计入。"


def test_what_is_withdrawn_stays_and_counts_no_longer(city: Session) -> None:
    [effort] = record(city, told(V11, 1, 7))
    row = efforts.withdraw(city, OPERATOR, effort, "重复填报")
    assert (row.withdrawn_why, row.withdrawn_by) == ("重复填报", OPERATOR.label)
    assert of(city, TOWN).teams is None
    record(city, told(TOWN, 1, 7))
    page = efforts.page(city, OPERATOR, Area(TOWN, "", "", PATHS[TOWN]), 10, 0)
    assert (page.total, [row.withdrawn_why for row in page.items]) == (2, [None, "重复填报"])
    with pytest.raises(ConflictError, match="已经撤回"):
        efforts.withdraw(city, OPERATOR, effort, "再撤")
    with pytest.raises(NotFoundError):
        efforts.withdraw(city, OPERATOR, uuid4(), "没有")


def test_nobody_tells_or_withdraws_for_units_outside_their_scope(city: Session) -> None:
    [there] = record(city, told(V21, 1, 7))
    with pytest.raises(ForbiddenError):
        efforts.record(city, SETTINGS, staff(TOWN), told(V21, 8, 9))
    with pytest.raises(ForbiddenError):
        efforts.withdraw(city, staff(TOWN), there, "别人的")
    page = efforts.page(city, staff(TOWN), Area(COUNTY, "", "", PATHS[COUNTY]), 10, 0)
    assert page.items == []


def test_a_county_tells_nothing_itself_and_the_future_is_not_told(city: Session) -> None:
    with pytest.raises(InvalidInputError, match="由镇、村填报"):
        record(city, told(COUNTY, 1, 7))
    with pytest.raises(InvalidInputError, match="早于开始日期"):
        record(city, told(V11, 7, 1))
    tomorrow = SETTINGS.today() + timedelta(days=1)
    with pytest.raises(InvalidInputError, match="在将来"):
        record(city, told(V11, 1, 1, last_day=tomorrow))
    with pytest.raises(InvalidInputError, match="366 天"):
        record(city, told(V11, 1, 1, first_day=date(2024, 1, 1)))
