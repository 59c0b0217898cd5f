"""What lies outside of a reader's scope is refused by its code and missing from every list."""

from typing import Any

import pytest

from tests.app.scopes.conftest import As, place
from tests.support.seeding import (
    CITY,
    COUNTY_A,
    TOWN_1,
    TOWN_2,
    VILLAGE_11,
    VILLAGE_12,
    VILLAGE_21,
    VILLAGE_22,
)

OWN_GRIDS = [f"{VILLAGE_11}{n:03d}" for n in range(1, 5)]


def by_code(unit: str, grid: str) -> list[str]:
    return [
        f"/api/units/{unit}/coverage",
        f"/api/units/{unit}/children.geojson",
        f"/api/grids/{grid}/coverage",
        f"/api/coverage/values?within={unit}&level=grid",
        f"/api/blind-spots?unit={unit}",
        f"/api/defects?unit={unit}",
    ]


@pytest.mark.parametrize(
    ("username", "unit", "grid"),
    [
        ("town1", TOWN_2, f"{VILLAGE_21}001"),
        ("town1", COUNTY_A, f"{VILLAGE_22}002"),
        ("village21", VILLAGE_22, f"{VILLAGE_22}002"),
        ("village21", CITY, f"{VILLAGE_11}001"),
        ("w1", VILLAGE_12, f"{VILLAGE_12}001"),
        ("w3", VILLAGE_11, f"{VILLAGE_11}001"),
    ],
)
def test_what_lies_outside_is_refused_by_its_code(as_: As, username: str, unit: str, grid: str) -> None:
    for path in by_code(unit, grid):
        answer = as_(username).get(path)
        assert answer.status_code == 403, path
        assert "不在您的管辖范围内" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("username", "unit", "grid"),
    [("city", CITY, OWN_GRIDS[0]), ("county", TOWN_2, OWN_GRIDS[0]), ("town1", VILLAGE_12, OWN_GRIDS[0])],
)
def test_what_lies_inside_is_answered(as_: As, username: str, unit: str, grid: str) -> None:
    assert [as_(username).get(path).status_code for path in by_code(unit, grid)] == [200] * 6


def test_an_officer_reads_their_grids_and_not_the_unit_they_lie_in(as_: As) -> None:
    w1 = as_("w1")
    grid = w1.get(f"/api/grids/{OWN_GRIDS[0]}/coverage").json()
    assert grid["grid"]["code"] == OWN_GRIDS[0]
    assert grid["path"] == []
    for path in by_code(VILLAGE_11, f"{VILLAGE_12}001"):
        if "children" not in path:
            assert w1.get(path).status_code == 403, path


def test_an_officer_gets_the_shapes_of_their_grids_alone(as_: As) -> None:
    shapes = as_("w1").get(f"/api/units/{VILLAGE_11}/children.geojson").json()["features"]
    assert [shape["properties"]["code"] for shape in shapes] == OWN_GRIDS


@pytest.mark.parametrize("path", by_code("999999999999", "nowhere"))
def test_what_does_not_exist_is_unknown_to_everybody(as_: As, path: str) -> None:
    assert as_("town1").get(path).status_code == 404


def test_the_breadcrumb_starts_at_the_top_of_the_scope(as_: As) -> None:
    def steps(username: str) -> list[str]:
        return [step["code"] for step in as_(username).get(f"/api/grids/{OWN_GRIDS[0]}/coverage").json()["path"]]

    assert steps("city")[0] == CITY
    assert steps("county")[0] == COUNTY_A
    assert steps("town1") == [TOWN_1, VILLAGE_11]


@pytest.mark.parametrize(
    ("username", "units", "grids", "roots", "single", "patrols"),
    [
        ("city", 11, 15, [CITY], [], 3),
        ("county", 7, 15, [COUNTY_A], [], 3),
        ("town1", 3, 8, [TOWN_1], [], 2),
        ("village21", 1, 4, [VILLAGE_21], [], 2),
        ("w1", 0, 4, [], OWN_GRIDS, 1),
        ("w3", 0, 0, [], [], 0),
    ],
)
def test_the_status_counts_the_scope(
    as_: As, username: str, units: int, grids: int, roots: list[str], single: list[str], patrols: int
) -> None:
    status = as_(username).get("/api/status").json()
    assert (status["units"], status["grids"], status["patrols"]) == (units, grids, patrols)
    assert [root["code"] for root in status["roots"]] == roots
    assert [grid["code"] for grid in status["single_grids"]] == single
    assert status["is_everything"] is (username == "city")


def test_search_finds_only_what_lies_inside(as_: As) -> None:
    def found(username: str, words: str) -> set[str]:
        return {hit["code"] for hit in as_(username).get("/api/search", params={"q": words, "limit": 50}).json()}

    assert len(found("city", "网格")) == 15
    assert found("town1", "网格") == {*OWN_GRIDS, *(f"{VILLAGE_12}{n:03d}" for n in range(1, 5))}
    assert found("w1", "网格") == set(OWN_GRIDS)
    assert found("town1", "清水") == set()
    assert found("w1", VILLAGE_11) == set(OWN_GRIDS)
    assert found("town1", "镇") == {TOWN_1}
    assert found("w3", "3204") == set()


def test_values_of_the_whole_scope(as_: As) -> None:
    def codes(username: str, level: str) -> list[str]:
        answer = as_(username).get(f"/api/coverage/values?level={level}")
        assert answer.status_code == 200
        return [value[0] for value in answer.json()["values"]]

    assert len(codes("city", "grid")) == 15
    assert codes("town1", "village") == [VILLAGE_11, VILLAGE_12]
    assert codes("town1", "county") == []
    assert codes("w1", "grid") == OWN_GRIDS
    assert codes("w1", "village") == []
    assert codes("w3", "grid") == []


def test_values_of_the_whole_scope_are_those_of_its_parts(as_: As) -> None:
    whole = as_("town1").get("/api/coverage/values?level=grid").json()["values"]
    below = as_("city").get(f"/api/coverage/values?level=grid&within={TOWN_1}").json()["values"]
    assert whole == below


def test_blind_spots_in_a_box_are_those_of_the_scope(as_: As) -> None:
    (west, south), (east, north) = place(0, 0), place(8, 4)

    def grids(username: str) -> set[str]:
        answer = as_(username).get("/api/blind-spots", params={"bbox": f"{west},{south},{east},{north}"}).json()
        assert answer["total_m2"] > 0 or not answer["features"]
        return {spot["properties"]["grid_code"] for spot in answer["features"]}

    assert len(grids("city")) == 15
    assert grids("village21") == {f"{VILLAGE_21}{n:03d}" for n in range(1, 5)}
    assert grids("w1") == set(OWN_GRIDS)
    assert grids("w3") == set()


def test_ground_left_over_is_summed_over_the_scope_alone(as_: As) -> None:
    (west, south), (east, north) = place(0, 0), place(8, 4)
    params = {"bbox": f"{west},{south},{east},{north}"}
    total = {name: as_(name).get("/api/blind-spots", params=params).json()["total_m2"] for name in ("city", "town1")}
    assert total["town1"] == pytest.approx(
        sum(
            as_("city").get(f"/api/units/{TOWN_1}/coverage").json()["unit"]["shares"][share]["area_m2"]
            for share in ("stale", "never_seen")
        )
    )
    assert total["town1"] < total["city"]


def test_defects_are_those_of_the_scope(as_: As) -> None:
    def defects(username: str) -> Any:
        answer = as_(username).get("/api/defects").json()
        return sorted(each["properties"]["kind"] for each in answer["features"]), sorted(answer["counts"])

    assert defects("county") == (["nobodys_land", "overlap"], ["nobodys_land", "overlap"])
    assert defects("village21") == (["overlap"], ["overlap"])
    assert defects("town1") == ([], [])
    assert defects("w1") == ([], [])
