"""Planted checks: hidden while they are open, settled once, on days that can be."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from app.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from app.rights import Role
from app.supervision import service
from app.supervision.schemas import CheckIn, SettleIn
from tests.app.supervision.records import SETTINGS, STAFF, SUPERVISOR, TODAY, V11, V21, person
from tests.support.seeding import COUNTY_B

WEEK = timedelta(days=7)


def plant(session: Session, unit: str = V11, **more: Any) -> UUID:
    told = {
        "id": uuid4(),
        "unit_code": unit,
        "what": "空厂房内放置三只空桶",
        "planted_on": TODAY - 2 * WEEK,
        "until": TODAY,
    }
    return service.plant(session, SETTINGS, SUPERVISOR, CheckIn.model_validate(told | more))[0].id


def settle(session: Session, check_id: UUID, outcome: str, on: date, words: str = "网格员上报") -> str:
    told = SettleIn.model_validate({"outcome": outcome, "settled_on": on, "words": words})
    return service.settle(session, SETTINGS, SUPERVISOR, check_id, told).outcome_text


def test_only_supervisors_see_what_is_still_open(city: Session) -> None:
    check_id = plant(city)
    assert service.checks(city, SETTINGS, SUPERVISOR, None, 10, 0).items[0].outcome_text == "进行中"
    assert service.checks(city, SETTINGS, STAFF, None, 10, 0).total == 0
    assert settle(city, check_id, "found", TODAY - WEEK) == "已被发现"
    assert [one.id for one in service.checks(city, SETTINGS, STAFF, None, 10, 0).items] == [check_id]


def test_what_is_over_without_an_outcome_stays_open_and_says_so(city: Session) -> None:
    check_id = plant(city, until=TODAY - WEEK)
    assert service.checks(city, SETTINGS, SUPERVISOR, None, 10, 0).items[0].outcome_text == "已到期，待结论"
    assert service.checks(city, SETTINGS, STAFF, None, 10, 0).total == 0
    assert settle(city, check_id, "missed", TODAY, "到期无人上报") == "未被发现"


@pytest.mark.parametrize(
    ("outcome", "on", "message"),
    [
        ("found", TODAY + timedelta(days=1), "在将来"),
        ("found", TODAY - 3 * WEEK, "早于埋设日期"),
        ("found", TODAY, "按“未被发现”记"),
        ("missed", TODAY - WEEK, "过后才能记为"),
    ],
    ids=["future", "before", "late", "early"],
)
def test_days_that_cannot_be_are_refused(city: Session, outcome: str, on: date, message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        settle(city, plant(city, until=TODAY - WEEK), outcome, on)


def test_an_outcome_is_said_once(city: Session) -> None:
    check_id = plant(city)
    settle(city, check_id, "found", TODAY - WEEK)
    with pytest.raises(ConflictError, match="已有结论"):
        settle(city, check_id, "found", TODAY)


def test_sent_again_it_is_one_check_and_other_content_is_refused(city: Session) -> None:
    check_id = plant(city)
    plant(city, id=check_id)
    assert service.checks(city, SETTINGS, SUPERVISOR, None, 10, 0).total == 1
    with pytest.raises(ConflictError, match="另一条暗查"):
        plant(city, id=check_id, what="别的")


@pytest.mark.parametrize(
    ("change", "message"),
    [({"until": TODAY - 3 * WEEK}, "早于埋设日期"), ({"until": TODAY + timedelta(days=400)}, "最长 366 天")],
)
def test_a_check_that_cannot_be_is_refused(city: Session, change: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        plant(city, **change)


def test_checks_beyond_ones_scope_and_unknown_ones_are_refused(city: Session) -> None:
    check_id = plant(city, V21)
    other = person(Role.SUPERVISOR, COUNTY_B)
    told = SettleIn(outcome="found", settled_on=TODAY, words="发现")
    with pytest.raises(ForbiddenError):
        service.settle(city, SETTINGS, other, check_id, told)
    with pytest.raises(NotFoundError):
        service.settle(city, SETTINGS, SUPERVISOR, uuid4(), told)
    assert service.checks(city, SETTINGS, other, None, 10, 0).total == 0
