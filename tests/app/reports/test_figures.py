"""Totals add up level by level, and nothing between the levels is lost."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.reports.cases import SHUT_DOWN, SMALL_CATEGORIES, Area, FormCase, Period
from app.reports.forms import f2
from app.reports.forms.figures import OWN_LEVEL, Summary, differences, levels_that_differ, summary

PERIOD = Period(date(2026, 1, 1), date(2026, 12, 31))
COUNTY = Area("1", "东山区", "county", "1")
TOWNS = [Area(f"1{n}", f"镇{n}", "town", f"1.1{n}") for n in range(2)]
VILLAGES = [
    Area(f"{town.code}{n}", f"村{n}", "village", f"{town.path}.{town.code}{n}") for town in TOWNS for n in range(3)
]
UNITS = [COUNTY, *TOWNS, *VILLAGES]
PATHS = [unit.path for unit in UNITS]


def case(path: str = PATHS[-1], **facts: object) -> FormCase:
    base: dict[str, object] = {
        "number": "1", "party_name": "某厂", "category": "smelting", "chemical_kind": None, "unit_path": path,
        "region": "", "town": "", "address": "", "responsible_name": None, "stages": (), "chemicals": "",
        "description": "", "measures": None, "way_to_close": None, "found_on": date(2026, 2, 1), "state": "registered",
        "state_on": None, "items_done": frozenset(), "is_shut": False, "is_suspended": False, "is_dismantled": False,
        "is_filed": False, "fine_wan": Decimal(0), "confiscated_wan": Decimal(0), "transferred_persons": 0,
        "detained_persons": 0, "disciplined_persons": 0,
    }  # fmt: skip
    return FormCase(**{**base, **facts})  # type: ignore[arg-type]


money = st.decimals(0, 1000, places=4)
persons = st.integers(0, 9)
cases = st.lists(
    st.builds(
        case,
        path=st.sampled_from(PATHS),
        category=st.sampled_from((*SMALL_CATEGORIES, SHUT_DOWN, "chemical")),
        state=st.sampled_from(("registered", "rectifying", "closed", "struck_off")),
        items_done=st.frozensets(st.sampled_from(("water", "power", "equipment", "premises", "materials"))),
        is_filed=st.booleans(),
        fine_wan=money,
        confiscated_wan=money,
        transferred_persons=persons,
        detained_persons=persons,
        disciplined_persons=persons,
    ),
    max_size=40,
)
sites = st.dictionaries(st.sampled_from(PATHS), st.integers(1, 50))


@given(cases, sites)
def test_every_level_is_the_sum_of_what_lies_below_it(found: list[FormCase], visited: dict[str, int]) -> None:
    own = [each for each in found if not each.is_chemical]
    assert levels_that_differ(UNITS, f2.COUNTS, own, visited) == []
    county = f2.table(COUNTY, TOWNS, found, visited, PERIOD)
    towns = [f2.table(town, [v for v in VILLAGES if town.holds(v.path)], found, visited, PERIOD) for town in TOWNS]
    assert county.total is not None
    for at, town in enumerate(towns):
        assert town.total is not None
        assert county.rows[at][1:] == town.total[1:], "a town's own form ends as its row in the county's"
    assert county.total[2] == len(own)
    assert county.total[1] == sum(visited.values())
    categories = county.total[3:10]
    assert sum(categories) == county.total[2], "every problem is of one category"  # type: ignore[arg-type]


@given(cases, sites)
def test_a_case_at_a_level_above_has_a_row_of_its_own(found: list[FormCase], visited: dict[str, int]) -> None:
    table = f2.table(COUNTY, TOWNS, found, visited, PERIOD)
    straight = [each for each in found if each.unit_path == COUNTY.path and not each.is_chemical]
    own = [row for row in table.rows if row[0] == OWN_LEVEL]
    assert bool(own) == bool(straight or visited.get(COUNTY.path))
    if own:
        assert own[0][1:3] == [visited.get(COUNTY.path, 0), len(straight)]


def test_what_is_lost_between_the_levels_is_found() -> None:
    found = summary(COUNTY, TOWNS, f2.COUNTS, [case(COUNTY.path), case()], {})
    whole = differences(found)
    without_own_level = differences(Summary(found.rows[:-1], found.total))
    assert whole == {}
    assert without_own_level["cases"] == (1, 2)


def test_a_level_whose_parts_overlap_is_found() -> None:
    twice = [COUNTY, TOWNS[0], Area("10", "重镇", "town", TOWNS[0].path)]
    assert levels_that_differ(twice, f2.COUNTS, [case(TOWNS[0].path)], {}) == [COUNTY]


def test_a_village_has_a_row_for_itself() -> None:
    table = f2.table(VILLAGES[0], [], [case(VILLAGES[0].path, fine_wan=Decimal("0.5"))], {}, PERIOD)
    assert [row[0] for row in table.rows] == ["村0"]
    assert table.total is not None
    assert table.total[:3] == ["合计", 0, 1]
    assert table.total[13] == 0.5


def test_amounts_add_up_to_the_last_yuan() -> None:
    cases_of_a_tenth = [case(fine_wan=Decimal("0.1001")) for _ in range(3)]
    assert f2.table(COUNTY, TOWNS, cases_of_a_tenth, {}, PERIOD).total[13] == 0.3003  # type: ignore[index]
