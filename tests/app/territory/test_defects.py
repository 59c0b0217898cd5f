"""Defects of the partition against known areas, as stored, summed and listed."""

import pytest
from sqlalchemy import text

from app.scope import EVERYTHING
from app.territory import defects, service
from geo.datum import geodesic_area_m2
from tests.app.territory.conftest import COUNTY, TODAY, TOWN, VILLAGE, Importer, cell, grid_row, grid_rows


def of_kind(importer: Importer, kind: str) -> list[tuple[list[str], float, bool]]:
    rows = importer.session.execute(
        text(
            "SELECT part_codes, area_m2, is_sliver FROM defect WHERE unit_code = :unit AND kind = :kind ORDER BY 2 DESC"
        ),
        {"unit": VILLAGE, "kind": kind},
    )
    return [(list(row.part_codes), row.area_m2, row.is_sliver) for row in rows]


def test_grids_that_divide_their_village_exactly_have_no_defects(village: Importer) -> None:
    village("grids", grid_rows())
    assert (
        village.session.execute(text("SELECT count(*) FROM defect WHERE unit_code = :v"), {"v": VILLAGE}).scalar() == 0
    )


def test_a_village_without_grids_is_nobodys_land_altogether(village: Importer) -> None:
    ((parts, area_m2, _),) = of_kind(village, "nobodys_land")
    assert parts == []
    assert area_m2 == pytest.approx(geodesic_area_m2(cell(0, 0, 4, 2)), rel=1e-6)


def test_a_gap_an_overlap_and_land_outside_with_their_areas(village: Importer) -> None:
    """Grid 1 is a tenth short, grid 2 reaches a twentieth into grid 3, grid 4 a twentieth out of the village."""
    rows = grid_rows()
    rows[0] = grid_row(1, cell(0, 0, 0.9, 1))
    rows[1] = grid_row(2, cell(1, 0, 1.05, 1))
    rows[3] = grid_row(4, cell(3, 0, 1.05, 1))
    village("grids", rows)
    ((nobody, gap_m2, _),) = of_kind(village, "nobodys_land")
    ((both, overlap_m2, _),) = of_kind(village, "overlap")
    ((out, outside_m2, _),) = of_kind(village, "outside")
    whole_m2 = geodesic_area_m2(cell(0, 0))
    assert nobody == []
    assert both == [f"{VILLAGE}002", f"{VILLAGE}003"]
    assert out == [f"{VILLAGE}004"]
    assert [gap_m2, overlap_m2, outside_m2] == pytest.approx([whole_m2 * s for s in (0.1, 0.05, 0.05)], rel=1e-5)


def test_a_sliver_is_told_as_one(village: Importer) -> None:
    """0.00001 degrees of longitude is 0.95 m."""
    rows = grid_rows()
    rows[0] = grid_row(1, cell(0, 0, 0.999, 1))
    village("grids", rows)
    ((_, area_m2, is_sliver),) = of_kind(village, "nobodys_land")
    assert is_sliver
    assert area_m2 == pytest.approx(geodesic_area_m2(cell(0, 0)) * 0.001, rel=1e-3)


def test_grids_without_officer_or_without_risk_and_cycle(village: Importer) -> None:
    rows = grid_rows()
    rows[0] = grid_row(1, 网格员编码="", 网格员="", 联系电话="")
    rows[1] = grid_row(2, 风险等级="", 周期="")
    rows[2] = grid_row(3, 风险等级="")
    village("grids", rows)
    assert [parts for parts, _, _ in of_kind(village, "no_officer")] == [[f"{VILLAGE}001"]]
    assert [parts for parts, _, _ in of_kind(village, "no_cycle")] == [[f"{VILLAGE}002"]]


def test_mended_territory_loses_its_defects(village: Importer) -> None:
    rows = grid_rows()
    rows[0] = grid_row(1, cell(0, 0, 0.9, 1), 网格员编码="", 网格员="")
    village("grids", rows)
    assert of_kind(village, "nobodys_land")
    village("grids", grid_rows(), effective_on=TODAY)
    assert of_kind(village, "nobodys_land") == []
    assert of_kind(village, "no_officer") == []


def test_sums_of_units_hold_all_below_and_of_grids_their_own_part(village: Importer) -> None:
    rows = grid_rows()[:7]
    rows[1] = grid_row(2, cell(1, 0, 1.05, 1), 网格员编码="", 网格员="", 联系电话="")
    village("grids", rows)
    sums = service.defect_sums(village.session, [VILLAGE, TOWN, COUNTY])
    cell_m2 = geodesic_area_m2(cell(3, 1))
    assert sums[VILLAGE].nobodys_land_m2 == pytest.approx(cell_m2, rel=1e-6)
    assert sums[VILLAGE].overlap_m2 == pytest.approx(geodesic_area_m2(cell(2, 0, 0.05, 1)), rel=1e-5)
    assert (sums[VILLAGE].no_officer, sums[TOWN].no_officer, sums[COUNTY].no_officer) == (1, 1, 1)
    town_own_m2 = geodesic_area_m2(cell(-0.5, -1.5, 5, 4)) - geodesic_area_m2(cell(0, 0, 4, 2))
    assert sums[TOWN].nobodys_land_m2 == pytest.approx(town_own_m2 + cell_m2, rel=1e-5)
    parts = service.grid_defect_sums(village.session, [f"{VILLAGE}00{n}" for n in (1, 2, 3)])
    assert [parts[f"{VILLAGE}00{n}"].overlap_m2 > 0 for n in (1, 2, 3)] == [False, True, True]
    assert service.defect_sums(village.session, ["999999999999"])["999999999999"].slivers == 0


def test_the_list_is_largest_first_with_counts_and_says_when_it_is_cut(village: Importer) -> None:
    rows = grid_rows()[:6]
    village("grids", rows)
    path = service.unit_or_404(village.session, VILLAGE).path
    found = defects.listed(village.session, EVERYTHING, path, "nobodys_land", 10)
    assert [f["properties"]["kind"] for f in found["features"]] == ["nobodys_land"]
    assert found["features"][0]["geometry"]["type"] == "MultiPolygon"
    assert found["counts"]["nobodys_land"]["count"] == 1
    assert found["truncated"] is False
    everywhere = defects.listed(village.session, EVERYTHING, None, None, 1)
    assert everywhere["truncated"] is True
    assert everywhere["returned"] == 1


def test_the_reports_own_summary(village: Importer) -> None:
    report = village("grids", grid_rows()[:7])
    assert report.defects is not None
    assert report.defects["nobodys_land"]["count"] == 1
