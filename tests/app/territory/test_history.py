"""Versions, duties and what the same file does a second time."""

from datetime import date
from typing import Any

import pytest
import shapely
from sqlalchemy import text

from app.errors import ConflictError, NotFoundError
from app.scope import EVERYTHING
from app.territory import service
from app.territory.change import decide_exclusion
from app.territory.importing.drafts import Defaults
from tests.app.territory.conftest import (
    COUNTY,
    FIRST_DAY,
    TODAY,
    TOWN,
    VILLAGE,
    Importer,
    cell,
    grid_row,
    grid_rows,
    unit_rows,
)
from tests.app.territory.files import Row

LATER = date(2026, 5, 10)
BETWEEN = date(2026, 5, 5)


def versions(importer: Importer, code: str) -> list[tuple[Any, ...]]:
    rows = importer.session.execute(
        text("SELECT name, valid_from, valid_to FROM grid WHERE code = :code ORDER BY valid_from"), {"code": code}
    )
    return [tuple(row) for row in rows]


def everything(importer: Importer) -> list[Any]:
    """All rows of territory, to see that nothing moved."""
    found: list[Any] = []
    for table in ("unit", "grid", "officer", "grid_officer", "exclusion", "import_batch", "territory_version", "zone"):
        rows = importer.session.execute(text(f"SELECT to_jsonb(t)::text FROM {table} t ORDER BY 1"))  # noqa: S608
        found.append((table, [row[0] for row in rows]))
    return found


GRID_1 = f"{VILLAGE}001"


def test_the_same_files_again_change_nothing_at_all(village: Importer) -> None:
    exclusion: list[Row] = [({"类别": "水域", "原因": "水面"}, cell(0.2, 0.2, 0.3, 0.3))]
    village("grids", grid_rows())
    village("exclusions", exclusion)
    before = everything(village)
    again = [
        village("units", unit_rows(), roots_allowed=True),
        village("grids", grid_rows(), effective_on=TODAY),
        village("exclusions", exclusion, effective_on=TODAY),
    ]
    assert [(r.counts.unchanged, r.counts.added, r.counts.changed, r.id) for r in again] == [
        (3, 0, 0, None),
        (8, 0, 0, None),
        (1, 0, 0, None),
    ]
    assert everything(village) == before


def test_a_ring_that_begins_elsewhere_is_the_same_shape(village: Importer) -> None:
    village("grids", grid_rows())
    west, south, east, north = cell(0, 0).bounds
    turned = shapely.Polygon([(east, north), (east, south), (west, south), (west, north)])
    assert village("grids", [grid_row(1, turned)], effective_on=TODAY).counts.unchanged == 1


def test_a_changed_grid_keeps_its_history(village: Importer) -> None:
    village("grids", grid_rows())
    report = village("grids", [grid_row(1, cell(0, 0, 0.9, 1), 网格名称="新名")], effective_on=LATER)
    assert (report.counts.changed, report.counts.unchanged) == (1, 0)
    assert versions(village, GRID_1) == [("新庄第1网格", FIRST_DAY, LATER), ("新名", LATER, None)]
    old = service.grid_or_404(village.session, GRID_1, LATER.replace(day=9))
    new = service.grid_or_404(village.session, GRID_1, LATER)
    assert (old.name, new.name) == ("新庄第1网格", "新名")
    assert new.area_m2 == pytest.approx(0.9 * old.area_m2, rel=1e-6)


@pytest.mark.parametrize("words", [{"风险等级": "低"}, {"周期": "9"}, {"网格名称": "改名"}])
def test_a_change_of_words_is_a_version_too(village: Importer, words: dict[str, str]) -> None:
    village("grids", grid_rows())
    assert village("grids", [grid_row(1, **words)], effective_on=LATER).counts.changed == 1
    assert [row[1:] for row in versions(village, GRID_1)] == [(FIRST_DAY, LATER), (LATER, None)]


def test_changed_twice_on_one_day_leaves_one_version_of_that_day(village: Importer) -> None:
    village("grids", grid_rows())
    village("grids", [grid_row(1, 网格名称="早")], effective_on=LATER)
    village("grids", [grid_row(1, 网格名称="晚")], effective_on=LATER)
    assert versions(village, GRID_1) == [("新庄第1网格", FIRST_DAY, LATER), ("晚", LATER, None)]


def test_a_change_before_the_version_in_force_is_refused(village: Importer) -> None:
    village("grids", grid_rows())
    village("grids", [grid_row(1, 网格名称="新")], effective_on=LATER)
    (error,) = village.refused("grids", [grid_row(1, 网格名称="更早")], effective_on=BETWEEN)
    assert error.rule == "too_early"
    assert str(LATER) in error.to_do


def test_missing_grids_end_only_when_asked(village: Importer) -> None:
    village("grids", grid_rows())
    village("grids", grid_rows()[:6], effective_on=LATER)
    assert len(service.grids_of(village.session, VILLAGE, LATER)) == 8
    report = village("grids", grid_rows()[:6], effective_on=LATER, retire_missing_in=COUNTY)
    assert (report.counts.retired, report.counts.unchanged) == (2, 6)
    assert len(service.grids_of(village.session, VILLAGE, LATER)) == 6
    assert len(service.grids_of(village.session, VILLAGE, BETWEEN)) == 8
    assert service.officers_in_charge(village.session, [f"{VILLAGE}008"], LATER) == {}
    assert service.officers_in_charge(village.session, [f"{VILLAGE}008"], BETWEEN)


def test_a_grid_cannot_end_on_the_day_it_began(village: Importer) -> None:
    village("grids", grid_rows())
    (error,) = village.refused("grids", grid_rows()[:7], retire_missing_in=VILLAGE)
    assert (error.code, error.rule) == (f"{VILLAGE}008", "too_early")


def test_an_ended_grid_can_come_back_but_not_before_its_end(village: Importer) -> None:
    village("grids", grid_rows())
    village("grids", grid_rows()[:7], retire_missing_in=VILLAGE, effective_on=LATER)
    assert {e.rule for e in village.refused("grids", [grid_row(8)], effective_on=BETWEEN)} == {"too_early"}
    assert village("grids", [grid_row(8)], effective_on=TODAY).counts.added == 1
    assert [row[1:] for row in versions(village, f"{VILLAGE}008")] == [(FIRST_DAY, LATER), (TODAY, None)]


def test_another_officer_takes_over_on_the_day_and_the_grid_stays_as_it_is(village: Importer) -> None:
    village("grids", grid_rows())
    row = grid_row(1, 网格员编码="W2", 网格员="李秀英", 联系电话="")
    report = village("grids", [row], effective_on=LATER)
    assert (report.counts.unchanged, report.counts.duties_changed, report.counts.officers_added) == (1, 1, 1)
    assert service.officers_in_charge(village.session, [GRID_1], BETWEEN)[GRID_1].code == "W1"
    assert service.officers_in_charge(village.session, [GRID_1], LATER)[GRID_1].name == "李秀英"
    assert versions(village, GRID_1) == [("新庄第1网格", FIRST_DAY, None)]


def test_a_file_without_officer_columns_leaves_duties_alone(village: Importer) -> None:
    village("grids", grid_rows())
    words, shape = grid_row(1)
    bare = {name: value for name, value in words.items() if name in ("网格编码", "网格名称", "风险等级", "周期")}
    village("grids", [(bare, shape)], effective_on=LATER)
    assert service.officers_in_charge(village.session, [GRID_1], LATER)[GRID_1].code == "W1"


def test_an_empty_officer_ends_the_duty(village: Importer) -> None:
    village("grids", grid_rows())
    village("grids", [grid_row(1, 网格员编码="", 网格员="", 联系电话="")], effective_on=LATER)
    assert service.officers_in_charge(village.session, [GRID_1], LATER) == {}
    village("grids", [grid_row(1)], effective_on=LATER)
    assert service.officers_in_charge(village.session, [GRID_1], LATER)[GRID_1].code == "W1"


def test_an_officer_who_changed_the_phone(village: Importer) -> None:
    village("grids", grid_rows())
    report = village("grids", [grid_row(n, 联系电话="139") for n in range(1, 9)], effective_on=LATER)
    assert report.counts.officers_changed == 1
    assert service.ensure_officer(village.session, "W1").phone == "139"
    with pytest.raises(NotFoundError, match="W9"):
        service.ensure_officer(village.session, "W9")


def test_an_officer_without_code_is_known_by_village_and_name(village: Importer) -> None:
    village("grids", [grid_row(1, 网格员编码="")])
    assert service.ensure_officer(village.session, f"{VILLAGE}-王建国").name == "王建国"


def test_a_renamed_unit_is_updated_in_place(village: Importer) -> None:
    words, shape = unit_rows()[2]
    report = village("units", [({**words, "名称": "新庄社区"}, shape)])
    assert (report.counts.changed, report.counts.added) == (1, 0)
    assert service.unit_or_404(village.session, VILLAGE).name == "新庄社区"


def test_units_that_arrive_later_are_put_above_the_roots(village: Importer) -> None:
    before = service.unit_or_404(village.session, VILLAGE)
    city: list[Row] = [({"代码": "3204", "名称": "常州市"}, cell(-2, -3, 8, 7))]
    village("units", city, roots_allowed=True)
    assert service.unit_or_404(village.session, COUNTY).parent_code == "320400000000"
    assert [unit.code for unit in service.roots(village.session)] == ["320400000000"]
    assert service.unit_or_404(village.session, VILLAGE).path == before.path
    steps = service.breadcrumb(village.session, EVERYTHING, before.path)
    assert [step.name for step in steps] == ["常州市", "钟楼区", "五星街道", "新庄村"]


def test_every_change_has_a_new_number(village: Importer) -> None:
    first = service.territory_version(village.session)
    village("grids", grid_rows())
    second = service.territory_version(village.session)
    village("grids", grid_rows(), effective_on=TODAY)
    assert first < second == service.territory_version(village.session)


POND: list[Row] = [({"编码": "X1", "类别": "水域", "名称": "塘", "原因": "水面"}, cell(0.2, 0.2, 0.3, 0.3))]


def approved(importer: Importer, on: date) -> int:
    return len(service.shapes_meeting(importer.session, (119.8, 31.7, 120.0, 31.8), on)[2])


def test_an_exclusion_counts_from_the_day_it_is_approved(village: Importer) -> None:
    report = village("exclusions", POND)
    assert report.counts.added == 1
    assert approved(village, TODAY) == 0
    decide_exclusion(village.session, "X1", "approved", "chief", TODAY)
    assert approved(village, TODAY) == 1
    assert approved(village, LATER) == 0
    rows = village.session.execute(text("SELECT state, decided_by, valid_to FROM exclusion ORDER BY id")).all()
    assert [tuple(row) for row in rows] == [("requested", None, TODAY), ("approved", "chief", None)]
    with pytest.raises(ConflictError, match="已被批准"):
        decide_exclusion(village.session, "X1", "approved", "chief", TODAY)
    village("exclusions", POND, effective_on=TODAY)
    assert approved(village, TODAY) == 1


def test_an_exclusion_can_be_refused_and_an_approval_taken_back(village: Importer) -> None:
    village("exclusions", POND, defaults=Defaults(state="approved"))
    assert approved(village, FIRST_DAY) == 1
    decide_exclusion(village.session, "X1", "refused", "chief", TODAY)
    assert (approved(village, LATER), approved(village, TODAY)) == (1, 0)
    with pytest.raises(ConflictError, match="已被否决"):
        decide_exclusion(village.session, "X1", "approved", "chief", TODAY)
    with pytest.raises(NotFoundError, match="X9"):
        decide_exclusion(village.session, "X9", "approved", "chief", TODAY)


def test_an_exclusion_needs_a_reason(village: Importer) -> None:
    bare: list[Row] = [({"编码": "X1", "类别": "水域"}, cell(0, 0))]
    assert [e.rule for e in village.refused("exclusions", bare)] == ["no_reason"]
    assert village("exclusions", bare, defaults=Defaults(reason="水面")).counts.added == 1


def test_a_moved_exclusion_must_be_approved_again(village: Importer) -> None:
    village("exclusions", POND, defaults=Defaults(state="approved"))
    moved: list[Row] = [(POND[0][0], cell(1.2, 0.2, 0.3, 0.3))]
    assert village("exclusions", moved, effective_on=LATER).counts.changed == 1
    assert (approved(village, BETWEEN), approved(village, LATER)) == (1, 0)


def test_what_lies_at_a_place(village: Importer) -> None:
    village("grids", grid_rows())
    place = service.place_at(village.session, 119.905, 31.755, FIRST_DAY)
    assert [unit.code for unit in place.units] == [COUNTY, TOWN, VILLAGE]
    assert place.grid is not None
    assert place.grid.code == GRID_1
    assert service.place_at(village.session, 119.905, 31.755, date(2026, 4, 30)).grid is None
    assert service.place_at(village.session, 0, 0, FIRST_DAY).units == []


def test_shapes_for_painting(village: Importer) -> None:
    village("grids", grid_rows())
    units, grids, _ = service.shapes_meeting(village.session, (119.901, 31.751, 119.902, 31.752), FIRST_DAY)
    assert [(unit.code, unit.depth) for unit in sorted(units, key=lambda unit: unit.depth)] == [
        (COUNTY, 3),
        (TOWN, 4),
        (VILLAGE, 5),
    ]
    assert [grid.code for grid in grids] == [GRID_1]
