"""The risk that remains: from two lists, re-checks and planted checks, or the reason why it cannot be said."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.errors import ForbiddenError
from app.rights import Role
from app.supervision import service
from app.supervision.residual import chapman, missed_share
from app.supervision.schemas import CheckIn, ResidualRisk, SettleIn
from app.territory import service as territory
from tests.app.reports.records import PATHS, put_site, put_visit
from tests.app.supervision.records import (
    SETTINGS,
    SUPERVISOR,
    TODAY,
    V11,
    V21,
    answer,
    chemical,
    draw,
    of,
    person,
    site,
)
from tests.support.seeding import CITY, COUNTY_A, COUNTY_B

_BASELINE = text(
    """INSERT INTO baseline (id, name, kind, department, as_of, unit_code, unit_path, file_name, file_digest, mapping,
        report, state, row_count, created_by)
    VALUES (:id, '市场主体名录', :kind, '某局', :as_of, :unit, CAST(:path AS ltree), 'a.csv', 'x', '{}', '{}',
        :state, 1, 'test')"""
)
_ROW = text(
    """INSERT INTO baseline_row (baseline_id, row_number, name, uscc_valid, unit_path, extra, state, site_id,
        decided_by, decided_why, visited_on)
    VALUES (:list, :number, '企业', false, CAST(:path AS ltree), '{}', :state, :site,
        CASE WHEN :state = 'absent' THEN 'x' END, CASE WHEN :state = 'absent' THEN 'x' END,
        CASE WHEN :state = 'absent' THEN DATE '2026-02-01' END)"""
)


def risk(session: Session, unit: str = CITY, days: int = 0) -> ResidualRisk:
    """What remains in a unit, so many days ahead."""
    known = territory.unit_or_404(session, unit)
    on = TODAY + timedelta(days=days)
    return service.residual_risk(session, SETTINGS, SUPERVISOR.scope, known, on)


def visited(session: Session, number: int, result: str = "nothing_found") -> UUID:
    site_id = put_site(session, f"S{number}")
    put_visit(session, site_id, TODAY - timedelta(days=10), result=result)
    return site_id


def register(
    session: Session,
    rows: Sequence[tuple[str, UUID | None]],
    unit: str = CITY,
    kind: str = "market_register",
    state: str = "ready",
) -> UUID:
    """A list of a unit whose rows lie in village 11."""
    list_id = uuid4()
    stated = {"id": list_id, "kind": kind, "unit": unit, "path": PATHS[unit], "as_of": TODAY, "state": state}
    session.execute(_BASELINE, stated)
    for number, (row_state, site_id) in enumerate(rows, 1):
        values = {"list": list_id, "number": number, "path": PATHS[V11], "state": row_state, "site": site_id}
        session.execute(_ROW, values)
    return list_id


def test_nothing_known_is_said_to_be_unknown(city: Session) -> None:
    found = risk(city)
    assert (found.unseen_sites, found.rechecks, found.planted) == (None, None, None)
    assert "没有覆盖试验市全境" in (found.unseen_sites_why_not or "")
    assert "没有定稿的随机现场督导" in (found.rechecks_why_not or "")
    assert "没有已有结论的暗查" in (found.planted_why_not or "")
    assert found.statement.startswith("剩余风险未知")


def test_two_lists_tell_how_many_sites_nobody_knows(city: Session) -> None:
    """Of ten sites visited, six are on the list (two rows of it are one site); five rows of it nobody has found."""
    seen = [visited(city, number) for number in range(10)]
    unvisited = put_site(city, "U1")
    rows: list[tuple[str, UUID | None]] = [("matched", one) for one in seen[:6]]
    rows += [("matched", seen[0]), ("matched", unvisited), ("absent", None)]
    rows += [("unmatched", None)] * 3 + [("doubtful", None)] * 2
    register(city, rows)
    found = risk(city).unseen_sites
    assert found is not None
    expected = chapman(10, 12, 6)
    assert (found.field, found.register_sites, found.both, found.known) == (10, 12, 6, 16)
    assert (found.unseen, found.unseen_low, found.unseen_high) == (
        expected.unseen,
        expected.unseen_low,
        expected.unseen_high,
    )
    assert found.estimate == 16 + found.unseen
    assert "Chapman（1951）" in found.method
    assert found.assumptions[0].startswith("两份名单彼此独立")


def test_lists_with_nothing_in_common_leave_any_number_possible(city: Session) -> None:
    visited(city, 1)
    register(city, [("unmatched", None)])
    found = risk(city).unseen_sites
    assert found is not None
    assert (found.unseen_high, found.estimate_high) == (None, None)
    assert "没有上限" in found.text


def test_a_visit_that_did_not_enter_is_no_knowledge_of_the_field(city: Session) -> None:
    locked = visited(city, 1, "not_entered")
    register(city, [("matched", locked)])
    assert "还没有网格员实地走访过的场所" in (risk(city).unseen_sites_why_not or "")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "power_users"}, "没有覆盖"),
        ({"unit": COUNTY_A}, "没有覆盖"),
        ({"state": "matching"}, "尚未完成匹配"),
    ],
    ids=["another department", "part of the city", "not matched"],
)
def test_a_list_that_cannot_be_compared_is_no_list(city: Session, change: dict[str, str], message: str) -> None:
    register(city, [("matched", visited(city, 1))], **change)  # type: ignore[arg-type]
    assert message in (risk(city).unseen_sites_why_not or "")


def test_a_withdrawn_list_and_one_of_firms_that_are_gone_are_none(city: Session) -> None:
    visited(city, 1)
    gone = register(city, [("absent", None)])
    assert "没有仍存在的企业" in (risk(city).unseen_sites_why_not or "")
    withdrawn = "UPDATE baseline SET withdrawn_at = now(), withdrawn_by = 'x', withdrawn_why = 'x' WHERE id = :id"
    city.execute(text(withdrawn), {"id": gone})
    assert "没有覆盖" in (risk(city).unseen_sites_why_not or "")


def test_random_rechecks_on_the_ground_bound_what_is_missed(city: Session) -> None:
    for number in range(6):
        site(city, f"P{number}", V11, occupancy="shut_down")
    for number in range(3):
        chemical(city, f"O{number}", V11)
    plan = draw(city)
    for number, item in enumerate(of(plan, "shut_down")):
        answer(city, item, **({"found_omission": True, "words": "院内另有作坊"} if number == 0 else {}))
    answer(city, of(plan, "chemical_unfinished")[0])
    answer(city, of(plan, "unit")[0])
    answer(city, of(plan, "counties")[0], is_final=False)
    found = risk(city)
    assert found.rechecks is not None
    assert (found.rechecks.trials, found.rechecks.misses) == (6, 1)
    assert found.rechecks.upper_percent == missed_share(6, 1).upper_percent
    assert (found.others, found.other_misses) == (2, 0), "papers, and what had to be looked at anyway, are not random"
    assert risk(city, V21).rechecks is None
    assert risk(city, days=365).rechecks is None, "a year later it says nothing any more"


def test_the_newest_version_counts(city: Session) -> None:
    site(city, "P1", V11, occupancy="shut_down")
    item = of(draw(city), "shut_down")[0]
    answer(city, item, found_omission=True, words="漏了")
    answer(city, item, version=1)
    found = risk(city).rechecks
    assert found is not None
    assert (found.trials, found.misses, found.upper_percent) == (1, 0, 95.0)


def test_planted_checks_bound_what_goes_unfound(city: Session) -> None:
    for number in range(15):
        day = TODAY - timedelta(days=20)
        told = CheckIn(id=uuid4(), unit_code=V11, what="空桶", planted_on=day, until=TODAY - timedelta(days=10))
        check_id = service.plant(city, SETTINGS, SUPERVISOR, told)[0].id
        if number < 14:
            service.settle(city, SETTINGS, SUPERVISOR, check_id, SettleIn(outcome="found", settled_on=day, words="见"))
    found = risk(city).planted
    assert found is not None
    assert (found.trials, found.misses, found.upper_percent) == (14, 0, 19.3)
    assert "未被发现的比例不高于 19.3%" in found.text


def test_what_lies_outside_ones_scope_is_refused(city: Session) -> None:
    known = territory.unit_or_404(city, COUNTY_A)
    with pytest.raises(ForbiddenError):
        service.residual_risk(city, SETTINGS, person(Role.SUPERVISOR, COUNTY_B).scope, known, TODAY)


def test_it_never_says_that_nothing_is_left(city: Session) -> None:
    seen = [visited(city, number) for number in range(10)]
    register(city, [("matched", one) for one in seen])
    found = risk(city)
    assert found.unseen_sites is not None
    assert (found.unseen_sites.unseen, found.unseen_sites.unseen_high) == (0, 1)
    assert found.statement.endswith("以上是统计估计，不能证明没有遗漏。")
