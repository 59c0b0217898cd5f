"""Plans: each rule of the notices, the same again from the seed, and what is shown to whom."""

from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from app.rights import Role
from app.supervision import plans, service
from tests.app.reports.records import put_case, put_visit
from tests.app.supervision.records import (
    FOUND,
    SEED,
    SETTINGS,
    STAFF,
    SUPERVISOR,
    TODAY,
    V11,
    V12,
    V21,
    V31,
    answer,
    chemical,
    draw,
    of,
    person,
    site,
)
from tests.support.seeding import CITY, COUNTY_A, COUNTY_B, TOWN_1, TOWN_2, TOWN_3


def test_half_of_the_counties_and_the_citys_own_papers(city: Session) -> None:
    plan = draw(city)
    assert [(item.form, item.subject) for item in of(plan, "unit")] == [("F5", f"unit:{CITY}")]
    drawn = of(plan, "counties")
    assert len(drawn) == 1
    assert drawn[0].subject in {f"unit:{COUNTY_A}", f"unit:{COUNTY_B}"}
    assert "2 项中抽 1 项，随机数 0." in drawn[0].why_text


def test_every_unfinished_chemical_case_and_half_of_the_list(city: Session) -> None:
    open_ones = {f"case:{chemical(city, f'O{number}', V11)}" for number in range(2)}
    for number in range(7):
        chemical(city, f"D{number}", (V12, V21)[number % 2], done=True)
    plan = draw(city)
    assert {item.subject for item in of(plan, "chemical_unfinished")} == open_ones
    assert of(plan, "chemical_unfinished")[0].why_text == "按规则全部督导（共 2 项）"
    assert len(of(plan, "chemical_finished")) == 3, "2 + 3 of 9 are at least half"
    assert {item.form for item in plan.listed if item.stratum.startswith("chemical")} == {"F6"}


def test_no_finished_one_is_drawn_when_the_unfinished_are_half(city: Session) -> None:
    for number in range(3):
        chemical(city, f"O{number}", V11)
    chemical(city, "D", V12, done=True)
    assert of(draw(city), "chemical_finished") == []


def test_ten_other_workshops_and_ten_shut_down_firms(city: Session) -> None:
    for number in range(14):
        put_case(city, f"S{number}", V11, FOUND, category=("smelting", "dust")[number % 2])
    for number in range(8):
        site(city, f"P{number}", V21, occupancy="shut_down")
    site(city, "Z", V21, occupancy="zombie")
    for number in range(4):
        put_case(city, f"T{number}", V12, FOUND, category="shut_down")
    plan = draw(city)
    assert len(of(plan, "shops")) == len(of(plan, "shut_down")) == 10
    assert {item.form for item in of(plan, "shops")} == {"F7"}
    assert {one.code: (one.of, one.want, one.drawn) for one in plan.strata}["shut_down"] == (13, 10, 10)


def test_fewer_than_asked_are_all_taken_and_it_says_so(city: Session) -> None:
    site(city, "P1", V21, occupancy="shut_down")
    only = of(draw(city), "shut_down")
    assert [item.why_text for item in only] == ["应抽 10 项，仅有 1 项，全部督导"]


def test_a_case_of_a_shut_down_site_is_the_same_firm(city: Session) -> None:
    gone = site(city, "P1", V21, occupancy="shut_down")
    put_case(city, "T1", V21, FOUND, category="shut_down")
    city.execute(text("UPDATE case_file SET site_id = :site"), {"site": gone})
    assert [item.subject for item in of(draw(city), "shut_down")] == [f"site:{gone}"]


def test_in_each_county_a_town_ten_dust_firms_two_let_out_and_three_others(city: Session) -> None:
    for number in range(12):
        site(city, f"D{number}", V11, dust=True)
    for number in range(5):
        site(city, f"L{number}", V21, occupancy="multi_tenant")
        site(city, f"E{number}", V12)
    site(city, "B1", V31)
    plan = draw(city, "city")
    counts = {
        county: {stratum: sum(item.unit_code.startswith(county[:6]) for item in of(plan, stratum)) for stratum in RULED}
        for county in (COUNTY_A, COUNTY_B)
    }
    assert counts[COUNTY_A] == {"towns": 1, "dust": 10, "let": 2, "others": 3}
    assert counts[COUNTY_B] == {"towns": 1, "dust": 0, "let": 0, "others": 1}
    towns = {item.subject for item in of(plan, "towns")}
    assert f"unit:{TOWN_3}" in towns
    assert towns & {f"unit:{TOWN_1}", f"unit:{TOWN_2}"}


RULED = ("towns", "dust", "let", "others")


def test_a_dust_firm_that_is_let_out_is_looked_at_once(city: Session) -> None:
    for number in range(3):
        site(city, f"B{number}", V11, dust=True, occupancy="multi_tenant")
    plan = draw(city, "city", COUNTY_A)
    assert (len(of(plan, "dust")), len(of(plan, "let"))) == (3, 0)


def test_where_few_problems_were_found_per_check_the_chance_is_greater(city: Session) -> None:
    """Both towns checked two sites; town 1 found three problems, town 2 one."""
    for number, unit in enumerate((V11, V11, V21, V21)):
        put_visit(city, site(city, f"V{number}", unit), TODAY, unit)
    for number, unit in enumerate((V11, V11, V11, V21)):
        put_case(city, f"C{number}", unit, FOUND)
    weights = {item.unit_code: item.why["weight"] for item in of(draw(city, "city", COUNTY_A, seed="1"), "others")}
    assert weights.items() <= {V11: 66, V21: 200}.items()
    assert V21 in weights


def test_the_same_seed_draws_the_same_and_redrawing_proves_it(city: Session) -> None:
    for number in range(30):
        site(city, f"S{number}", (V11, V12, V21)[number % 3], dust=number < 15)
    first, second, other = draw(city, "city"), draw(city, "city"), draw(city, "city", seed="another")
    assert [item.subject for item in first.listed] == [item.subject for item in second.listed]
    assert [item.subject for item in first.listed] != [item.subject for item in other.listed]
    assert first.population_digest == second.population_digest
    again = service.redraw(city, first.id, TODAY)
    assert (again.same, again.differences, again.population_same_today) == (True, [], True)


def test_redrawing_holds_after_the_city_has_changed(city: Session) -> None:
    for number in range(20):
        site(city, f"S{number}", V11)
    plan = draw(city, "city")
    site(city, "NEW", V11)
    again = service.redraw(city, plan.id, TODAY)
    assert (again.same, again.population_same_today) == (True, False)
    assert "总体有变化" in again.text


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ("UPDATE supervision_plan SET seed = 'chosen'", "方案被改动过"),
        ("UPDATE supervision_plan SET candidates = substring(candidates from 1 for 40)", "总体被改动过"),
        ("UPDATE supervision_plan SET population_digest = sha256('x')", "总体被改动过"),
        (
            "ALTER TABLE supervision_item DISABLE TRIGGER USER;"
            "DELETE FROM supervision_item WHERE stratum = 'others' AND ordinal % 2 = 0",
            "方案被改动过",
        ),
    ],
    ids=["seed", "candidates", "digest", "items"],
)
def test_what_was_changed_by_hand_is_found_by_redrawing(city: Session, change: str, word: str) -> None:
    for number in range(20):
        site(city, f"S{number}", V11)
    plan = draw(city, "city")
    for statement in change.split(";"):
        city.execute(text(statement))
    again = service.redraw(city, plan.id, TODAY)
    assert not again.same
    assert word in again.text


def test_sent_again_it_is_the_same_plan_and_other_content_is_refused(city: Session) -> None:
    known = uuid4()
    first = draw(city, id=known)
    assert draw(city, id=known).listed == first.listed
    with pytest.raises(ConflictError, match="已用于另一个方案"):
        draw(city, id=known, seed="another")


@pytest.mark.parametrize(("kind", "unit"), [("provincial", COUNTY_A), ("city", TOWN_1), ("city", V11)])
def test_a_plan_is_drawn_for_units_of_its_level(city: Session, kind: str, unit: str) -> None:
    with pytest.raises(InvalidInputError, match="请选择"):
        draw(city, kind, unit)


def test_nothing_is_drawn_beyond_ones_scope(city: Session) -> None:
    with pytest.raises(ForbiddenError):
        service.plan(city, person(Role.SUPERVISOR, COUNTY_B), draw(city, "city", COUNTY_A).id)
    with pytest.raises(NotFoundError):
        service.plan(city, SUPERVISOR, uuid4())


def test_only_supervisors_see_what_was_drawn_before_it_is_looked_into(city: Session) -> None:
    chemical(city, "O1", V11)
    chemical(city, "O2", V21)
    plan = draw(city)
    seen = service.plan(city, STAFF, plan.id)
    assert (seen.listed, seen.hidden, seen.items) == ([], len(plan.listed), len(plan.listed))
    with pytest.raises(NotFoundError, match="只对督导人员公开") as drawn:
        service.item(city, SETTINGS, STAFF, plan.listed[0].id)
    nothing = uuid4()
    with pytest.raises(NotFoundError) as undrawn:
        service.item(city, SETTINGS, STAFF, nothing)
    assert drawn.value.message.replace(str(plan.listed[0].id), str(nothing)) == undrawn.value.message, (
        "ids can be guessed"
    )
    done = of(plan, "chemical_unfinished")[0]
    answer(city, done)
    assert [item.id for item in service.plan(city, STAFF, plan.id).listed] == [done.id]
    assert service.item(city, SETTINGS, STAFF, done.id).state == "final"


def test_the_seed_tells_what_is_drawn_and_is_kept_until_the_plan_is_over(city: Session) -> None:
    plan = draw(city)
    assert service.plan(city, SUPERVISOR, plan.id).seed == SEED
    assert service.plan(city, STAFF, plan.id).seed is None
    assert service.list_plans(city, STAFF, None, 10, 0).items[0].seed is None
    assert service.report(city, SETTINGS, STAFF, plan.id).plan.seed is None
    for item in plan.listed:
        answer(city, item)
    service.finish(city, SUPERVISOR, plan.id)
    assert service.plan(city, STAFF, plan.id).seed == SEED


def test_a_village_sees_of_a_plan_what_was_looked_into_there(city: Session) -> None:
    chemical(city, "O1", V11)
    chemical(city, "O2", V21)
    plan = draw(city)
    clerk = person(Role.VILLAGE, V11)
    assert service.list_plans(city, clerk, None, 10, 0).total == 0
    with pytest.raises(ForbiddenError):
        service.plan(city, clerk, plan.id)
    for item in of(plan, "chemical_unfinished"):
        answer(city, item)
    assert [item.unit_code for item in service.plan(city, clerk, plan.id).listed] == [V11]
    assert service.list_plans(city, clerk, None, 10, 0).items[0].items == 1


def test_a_plan_ends_when_all_is_looked_into_and_then_nothing_more_is_filled_in(city: Session) -> None:
    plan = draw(city)
    with pytest.raises(ConflictError, match="还有 2 项没有定稿"):
        service.finish(city, SUPERVISOR, plan.id)
    for item in plan.listed:
        answer(city, item)
    assert service.finish(city, SUPERVISOR, plan.id).finished_at is not None
    with pytest.raises(ConflictError, match="已经结束"):
        answer(city, plan.listed[0], version=1)
    with pytest.raises(ConflictError, match="已经结束"):
        service.finish(city, SUPERVISOR, plan.id)


def test_more_than_can_be_looked_into_is_refused(city: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plans, "MAX_ITEMS", 1)
    with pytest.raises(plans.TooLargeError, match="多于 1 项"):
        draw(city)
