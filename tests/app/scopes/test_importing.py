"""An administrator of a part changes that part: files that reach further are refused whole."""

import json
from typing import Any

import pytest
from shapely import Polygon, box
from shapely.geometry import mapping

from tests.app.scopes.conftest import As, place
from tests.support.seeding import COUNTY_B, VILLAGE_11, VILLAGE_31, cell
from tests.support.visitor import Visitor


def send(visitor: Visitor, subject: str, rows: list[tuple[dict[str, Any], Polygon]], **form: str) -> Any:
    features = [{"type": "Feature", "properties": facts, "geometry": mapping(shape)} for facts, shape in rows]
    content = json.dumps({"type": "FeatureCollection", "features": features})
    data = {"subject": subject, "datum": "WGS-84", "datum_confirmed": "true", **form}
    return visitor.ask("POST", "/api/territory/imports", data=data, files={"file": ("a.geojson", content)})


def rules(answer: Any) -> set[str]:
    assert answer.status_code == 422, answer.text
    problems = answer.json()["error"]["facts"]["report"]["problems"]
    return {problem["rule"] for problem in problems if problem["severity"] == "error"}


def grid(code: str, unit: str, shape: Polygon) -> tuple[dict[str, Any], Polygon]:
    return {"code": code, "name": "新网格", "unit_code": unit, "risk": "低"}, shape


COLUMNS = json.dumps({"code": "code", "name": "name", "unit_code": "unit_code", "risk": "risk"})


def test_grids_of_another_county_are_refused(writing_as: As) -> None:
    own = grid(f"{VILLAGE_11}001", VILLAGE_11, cell(0, 2))
    foreign = grid(f"{VILLAGE_31}001", VILLAGE_31, cell(4, 0))
    assert rules(send(writing_as("admin-a"), "grids", [own, foreign], mapping=COLUMNS)) == {"out_of_scope"}
    assert send(writing_as("admin-a"), "grids", [own], mapping=COLUMNS).status_code == 200


def test_a_grid_is_not_pulled_out_of_another_county(writing_as: As) -> None:
    code = f"{VILLAGE_31}001"
    laid = send(writing_as("admin-b"), "grids", [grid(code, VILLAGE_31, cell(4, 0))], mapping=COLUMNS)
    assert laid.status_code == 200, laid.text
    pulled = send(writing_as("admin-a"), "grids", [grid(code, VILLAGE_11, cell(0, 2))], mapping=COLUMNS)
    assert "out_of_scope" in rules(pulled)


def test_grids_of_another_county_are_not_ended(writing_as: As) -> None:
    own = grid(f"{VILLAGE_11}001", VILLAGE_11, cell(0, 2))
    answer = send(writing_as("admin-a"), "grids", [own], mapping=COLUMNS, retire_missing_in=COUNTY_B)
    assert answer.status_code == 403


def test_units_of_another_county_are_refused(writing_as: As) -> None:
    row = {"code": COUNTY_B, "name": "改名县"}, cell(4, 0, 4, 4)
    assert "out_of_scope" in rules(send(writing_as("admin-a"), "units", [row]))


@pytest.mark.parametrize("where", [cell(5, 1), box(*place(3.5, 1), *place(4.5, 2)), box(100, 30, 100.01, 30.01)])
def test_exclusions_that_reach_further_are_refused(writing_as: As, where: Polygon) -> None:
    """In another county, over its border, and nowhere at all."""
    row = {"code": "X7", "name": "水面", "kind": "水域", "reason": "水面"}, where
    assert "out_of_scope" in rules(send(writing_as("admin-a"), "exclusions", [row]))


def test_an_exclusion_comes_in_as_a_request_from_who_may_not_approve(writing_as: As) -> None:
    row = {"code": "X8", "name": "水面", "kind": "水域", "reason": "水面"}, cell(0.2, 0.2, 0.3, 0.3)
    assert rules(send(writing_as("admin-a"), "exclusions", [row], state="approved")) == {"may_not_approve"}
    assert send(writing_as("admin-a"), "exclusions", [row]).status_code == 200


def test_a_report_is_read_by_its_sender_and_by_who_sees_everything(writing_as: As, operator: dict[str, str]) -> None:
    own = grid(f"{VILLAGE_11}001", VILLAGE_11, cell(0, 2))
    batch = send(writing_as("admin-a"), "grids", [own], mapping=COLUMNS).json()["id"]
    path = f"/api/territory/imports/{batch}"
    assert writing_as("admin-a").get(path).status_code == 200
    assert writing_as("admin-b").get(path).status_code == 403
    assert writing_as("admin-b").client.get(path, headers=operator).status_code == 200
