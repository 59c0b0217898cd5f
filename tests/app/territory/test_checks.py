"""What an import refuses, with which rule, on which rows; and that nothing is stored then."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from sqlalchemy import text

from app.errors import InvalidInputError, NotFoundError
from app.territory.importing.geometry import known_datum
from app.territory.importing.mapping import FIELDS, resolve
from app.territory.schemas import Subject
from geo.datum import from_wgs84
from tests.app.territory import files
from tests.app.territory.conftest import TODAY, TOWN, VILLAGE, Importer, cell, grid_row, grid_rows, unit_rows
from tests.app.territory.files import Row


def counts(importer: Importer) -> tuple[int, ...]:
    tables = ("unit", "grid", "officer", "grid_officer", "exclusion", "import_batch")
    return tuple(importer.session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() for table in tables)  # noqa: S608


def in_datum(rows: list[Row], name: str) -> list[Row]:
    datum = known_datum(name)

    def move(xy: Any) -> Any:
        return np.column_stack(from_wgs84(xy[:, 0], xy[:, 1], datum))

    return [(words, shapely.transform(shape, move)) for words, shape in rows]


BOW_TIE = shapely.Polygon([(119.90, 31.75), (119.91, 31.76), (119.91, 31.75), (119.90, 31.76)])
with np.errstate(invalid="ignore"):
    NAN = shapely.from_wkt("POLYGON ((119.9 31.75, 119.91 31.75, 119.91 nan, 119.9 31.76, 119.9 31.75))")
SWAPPED = shapely.transform(cell(0, 0), lambda xy: xy[:, ::-1])

GRID_ERRORS: dict[str, tuple[Row, str, str]] = {
    "empty name": (grid_row(1, 网格名称=" "), "no_name", "名称为空"),
    "long name": (grid_row(1, 网格名称="长" * 101), "long_name", "101"),
    "empty code": (grid_row(1, 网格编码=""), "bad_code", "代码为空"),
    "code unfit for an address": (grid_row(1, 网格编码="320404001001/../1"), "bad_code", "不能使用的字符"),
    "unknown risk": (grid_row(1, 风险等级="甲"), "unknown_word", "甲"),
    "cycle too long": (grid_row(1, 周期="367"), "bad_cycle", "1 至 366"),
    "cycle of nothing": (grid_row(1, 周期="0"), "bad_cycle", "1 至 366"),
    "cycle in words": (grid_row(1, 周期="每周"), "bad_cycle", "每周"),
    "officer without name": (grid_row(1, 网格员=""), "bad_officer", "姓名为空"),
    "no such unit": (grid_row(1, 所属区划代码="320404001099"), "no_unit", "320404001099"),
    "unit code that is none": (grid_row(1, 所属区划代码="32040"), "bad_code", "32040"),
    "no shape": (({**grid_row(1)[0]}, None), "empty_geometry", "没有图形"),
    "line": (({**grid_row(1)[0]}, shapely.LineString([(119.9, 31.75), (119.91, 31.76)])), "not_polygon", "线"),
    "point": (({**grid_row(1)[0]}, shapely.Point(119.9, 31.75)), "not_polygon", "点"),
    "NaN": (grid_row(1, NAN), "not_finite", "NaN"),
    "swapped": (grid_row(1, SWAPPED), "datum", "颠倒"),
    "metres": (grid_row(1, shapely.box(490_000, 3_514_000, 491_000, 3_515_000)), "datum", "米"),
    "bow-tie": (grid_row(1, BOW_TIE), "invalid_geometry", "自相交"),
    "elsewhere": (grid_row(1, cell(20, 20)), "outside", "之外"),
}


@pytest.mark.parametrize("name", GRID_ERRORS)
def test_one_bad_row_refuses_the_whole_file(village: Importer, name: str) -> None:
    row, rule, words = GRID_ERRORS[name]
    before = counts(village)
    usual = [grid_row(n, 所属区划代码=VILLAGE) for n in range(2, 9)]
    errors = village.refused("grids", [*usual, ({"所属区划代码": VILLAGE, **row[0]}, row[1])])
    assert [(error.row, error.rule) for error in errors] == [(8, rule)]
    assert words in errors[0].what
    assert errors[0].to_do
    assert counts(village) == before


def test_a_code_twice_is_named_on_both_rows(village: Importer) -> None:
    rows = [grid_row(1), grid_row(2), grid_row(1, cell(2, 0))]
    assert [(e.row, e.rule) for e in village.refused("grids", rows)] == [(1, "double_code"), (3, "double_code")]


def test_a_shape_twice_is_named_on_both_rows_however_its_ring_begins(village: Importer) -> None:
    turned = shapely.Polygon(np.roll(shapely.get_coordinates(cell(0, 0))[:-1], 2, axis=0))
    errors = village.refused("grids", [grid_row(1), grid_row(2), grid_row(3, turned)])
    assert [(e.row, e.rule) for e in errors] == [(1, "double_shape"), (3, "double_shape")]


def test_a_child_may_be_all_of_its_parent(village: Importer) -> None:
    village("units", [({"代码": "320404001002", "名称": "北村"}, cell(0, 2, 4, 0.4))])
    report = village("grids", [grid_row(1, cell(0, 2, 4, 0.4), 网格编码="320404001002001")])
    assert report.counts.added == 1


def test_one_officer_code_with_two_names(village: Importer) -> None:
    errors = village.refused("grids", [grid_row(1), grid_row(2, 网格员="李秀英")])
    assert [(e.row, e.rule) for e in errors] == [(2, "officer_differs")]


UNIT_ERRORS: dict[str, tuple[Row, str]] = {
    "no code": (({"代码": "", "名称": "甲"}, cell(0, 0)), "bad_code"),
    "letters": (({"代码": "32040A", "名称": "甲"}, cell(0, 0)), "bad_code"),
    "wrong length": (({"代码": "3204040", "名称": "甲"}, cell(0, 0)), "bad_code"),
    "town missing": (({"代码": "320404009001", "名称": "甲村"}, cell(0, 0)), "no_parent"),
    "nothing above": (({"代码": "330102", "名称": "上城区"}, cell(40, 0)), "no_parent"),
    "outside its town": (({"代码": "320404001002", "名称": "远村"}, cell(20, 0)), "outside"),
}


@pytest.mark.parametrize("name", UNIT_ERRORS)
def test_one_bad_unit_refuses_the_file(village: Importer, name: str) -> None:
    row, rule = UNIT_ERRORS[name]
    before = counts(village)
    good: Row = ({"代码": "320404001003", "名称": "南村"}, cell(0, -1, 4, 1))
    assert [(e.row, e.rule) for e in village.refused("units", [good, row])] == [(2, rule)]
    assert counts(village) == before


def test_roots_only_when_allowed_and_never_where_a_parent_is_missing_in_between(importer: Importer) -> None:
    county = unit_rows()[:1]
    assert [e.rule for e in importer.refused("units", county)] == ["no_parent"]
    assert importer("units", county, roots_allowed=True).counts.added == 1
    orphan: list[Row] = [({"代码": VILLAGE, "名称": "新庄村"}, cell(0, 0))]
    (error,) = importer.refused("units", orphan, roots_allowed=True)
    assert TOWN in error.what


def test_land_outside_the_parent_is_said_in_square_metres(village: Importer) -> None:
    """A tenth of the cell: 0.01 x 0.001 degrees at 31.75 N is 947 m x 110.9 m on the ellipsoid."""
    report = village("grids", [grid_row(1, cell(0, -0.1))])
    (problem,) = report.problems
    assert (problem.rule, problem.severity) == ("outside", "warning")
    assert "10.0%" in problem.what
    area_m2 = float(problem.what.split()[1].replace(",", ""))
    assert area_m2 == pytest.approx(947.5 * 110.9, rel=0.005)


def test_a_grid_straight_under_a_town_is_pointed_out(village: Importer) -> None:
    report = village("grids", [grid_row(1, 所属区划代码=TOWN)])
    assert [problem.rule for problem in report.problems] == ["not_village"]


@pytest.mark.parametrize("really", ["GCJ-02", "BD-09"])
def test_a_layer_in_a_shifted_datum_is_suspected_by_name(village: Importer, really: str) -> None:
    rows = in_datum(grid_rows(), really)
    errors = village.refused("grids", rows, "WGS-84")
    suspicion = [e for e in errors if e.rule == "suspected_datum"]
    assert len(suspicion) == 1
    assert really in suspicion[0].what
    assert village("grids", rows, really).counts.added == 8


def test_wgs84_called_gcj02_is_suspected_too(village: Importer) -> None:
    errors = village.refused("grids", grid_rows(), "GCJ-02")
    assert any(e.rule == "suspected_datum" and "WGS-84" in e.what for e in errors)


def test_units_are_held_against_units_above_that_are_stored(importer: Importer) -> None:
    """County, then town and village together, both shifted: the county shows it."""
    tight = [(unit_rows()[0][0], cell(0, 0, 4, 2))]
    importer("units", tight, roots_allowed=True)
    below = [(unit_rows()[1][0], cell(0, 0, 4, 2)), (unit_rows()[2][0], cell(0, 0, 4, 2))]
    errors = importer.refused("units", in_datum(below, "GCJ-02"))
    assert [e.rule for e in errors] == ["suspected_datum"]
    assert importer("units", below).counts.added == 2


def test_a_layer_against_its_own_earlier_version(village: Importer) -> None:
    village("grids", grid_rows()[:2])
    errors = village.refused("grids", in_datum(grid_rows()[:2], "GCJ-02"), effective_on=TODAY)
    assert "suspected_datum" in {e.rule for e in errors}


def test_a_person_may_confirm_the_datum(village: Importer) -> None:
    """A shifted strip lies outside its parent by less than half: only the suspicion stands against it."""
    rows = in_datum([grid_row(1, cell(0, 0, 4, 2))], "GCJ-02")
    assert [e.rule for e in village.refused("grids", rows)] == ["suspected_datum"]
    report = village("grids", rows, datum_confirmed=True)
    assert {(p.rule, p.severity) for p in report.problems} >= {("suspected_datum", "warning")}


def test_ragged_borders_are_no_reason_to_suspect_the_datum(village: Importer) -> None:
    """Every grid sticks out of the village a little, to all sides alike."""
    rows = [grid_row(n, cell((n - 1) % 4, (n - 1) // 4).buffer(0.0006, join_style="mitre")) for n in range(1, 9)]
    assert "suspected_datum" not in {p.rule for p in village("grids", rows).problems}


def test_a_ring_that_can_be_mended_is_mended_and_said(village: Importer) -> None:
    """A spike of no width: mending takes no area away."""
    west, south, east, north = cell(0, 0).bounds
    middle = (south + north) / 2
    spike = [(east, middle), (east + 0.0005, middle), (east, middle)]
    spiked = shapely.Polygon([(west, south), (east, south), *spike, (east, north), (west, north)])
    report = village("grids", [grid_row(1, spiked)])
    assert report.counts.repaired == 1
    assert [p.rule for p in report.problems] == ["repaired"]


@pytest.mark.parametrize("datum", ["EPSG:3857", "北京54", "", "WGS-85"])
def test_an_unknown_datum_is_refused_naming_the_known_ones(datum: str) -> None:
    with pytest.raises(InvalidInputError, match="GCJ-02"):
        known_datum(datum)


def test_columns_are_found_by_their_usual_names_and_the_report_says_which(village: Importer) -> None:
    mapping = village("grids", grid_rows()).mapping
    assert mapping["code"] == "网格编码"
    assert mapping["officer_name"] == "网格员"
    assert mapping["officer_phone"] == "联系电话"
    assert mapping["cycle_days"] == "周期"


@pytest.mark.parametrize("subject", ["units", "grids", "exclusions"])
def test_a_fields_own_name_is_a_usual_name(subject: Subject) -> None:
    assert resolve(subject, FIELDS[subject], {}) == {field: field for field in FIELDS[subject]}


def test_columns_may_be_named(importer: Importer) -> None:
    rows: list[Row] = [({"A": "320404", "B": "钟楼区", "名称": "不是这个"}, cell(0, 0))]
    report = importer("units", rows, roots_allowed=True, mapping={"code": "A", "name": "B"})
    assert report.mapping == {"code": "A", "name": "B"}
    assert importer.session.execute(text("SELECT name FROM unit")).scalar_one() == "钟楼区"


@pytest.mark.parametrize(
    ("mapping", "words"), [({"code": "没有"}, "没有“没有”列"), ({"colour": "代码"}, "colour"), ({}, "没有找到")]
)
def test_wrong_or_missing_columns_are_refused_listing_those_there_are(
    importer: Importer, mapping: dict[str, str], words: str
) -> None:
    rows: list[Row] = [({"甲": "320404", "乙": "钟楼区"}, cell(0, 0))]
    with pytest.raises(InvalidInputError, match=words):
        importer("units", rows, mapping=mapping)


def test_names_keep_to_one_line_and_markup_is_only_text(importer: Importer) -> None:
    rows: list[Row] = [({"代码": "320404", "名称": "<b>钟楼\n\u0007区</b>"}, cell(0, 0))]
    importer("units", rows, roots_allowed=True)
    assert importer.session.execute(text("SELECT name FROM unit")).scalar_one() == "<b>钟楼 区</b>"


def test_effective_days_in_the_future_are_refused(village: Importer) -> None:
    with pytest.raises(InvalidInputError, match="之后"):
        village("grids", grid_rows(), effective_on=TODAY.replace(day=21))


def test_retiring_in_a_unit_that_does_not_exist(village: Importer) -> None:
    with pytest.raises(NotFoundError, match="320404001099"):
        village("grids", grid_rows(), retire_missing_in="320404001099")


def test_a_dry_run_reports_and_stores_nothing(village: Importer) -> None:
    before = counts(village)
    report = village("grids", grid_rows(), dry_run=True)
    assert report.counts.added == 8
    assert report.id is None
    assert "未保存" in report.message
    assert counts(village) == before


def test_long_reports_are_cut_and_say_by_how_much(village: Importer, tmp_path: Path) -> None:
    rows = [grid_row(n, cell(0, 0), 风险等级="甲", 网格编码=f"{VILLAGE}{n:04d}") for n in range(1, 1202)]
    with pytest.raises(InvalidInputError) as caught:
        village("grids", files.geojson(tmp_path / "many.geojson", rows))
    report = caught.value.facts["report"]
    assert len(report["problems"]) == 1000
    assert report["errors"] == 1000 + report["problems_left_off"]
