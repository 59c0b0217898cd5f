"""An importer on the test's session, and a village to put grids in."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely
from sqlalchemy.orm import Session

from app.errors import InvalidInputError
from app.settings import UploadLimits
from app.territory.change import import_territory
from app.territory.importing.geometry import known_datum
from app.territory.importing.request import ImportRequest
from app.territory.schemas import ImportReport, Problem
from tests.app.territory.files import Row, geojson

TODAY = date(2026, 5, 20)
FIRST_DAY = date(2026, 5, 1)
COUNTY, TOWN, VILLAGE = "320404000000", "320404001000", "320404001001"
WEST, SOUTH, STEP = 119.90, 31.75, 0.01
LIMITS = UploadLimits()


def cell(column: float, row: float, columns: float = 1, rows: float = 1) -> shapely.Polygon:
    """A box counted in steps of 0.01 degrees from the village's south-west corner; the village is 4 x 2."""
    west, south = WEST + column * STEP, SOUTH + row * STEP
    return shapely.box(west, south, west + columns * STEP, south + rows * STEP)


def unit_rows() -> list[Row]:
    """County, town and village, one inside the other."""
    return [
        ({"代码": "320404", "名称": "钟楼区"}, cell(-1, -2, 6, 5)),
        ({"代码": TOWN, "名称": "五星街道"}, cell(-0.5, -1.5, 5, 4)),
        ({"代码": VILLAGE, "名称": "新庄村"}, cell(0, 0, 4, 2)),
    ]


def grid_row(number: int, shape: shapely.Polygon | None = None, **words: Any) -> Row:
    """One of the village's eight grids, with officer, risk and cycle unless told otherwise."""
    usual = {
        "网格编码": f"{VILLAGE}{number:03d}",
        "网格名称": f"新庄第{number}网格",
        "风险等级": "高",
        "周期": "7",
        "网格员编码": "W1",
        "网格员": "王建国",
        "联系电话": "138-0013-8001",
    }
    at = number - 1
    return {**usual, **words}, shape or cell(at % 4, at // 4)


def grid_rows() -> list[Row]:
    """The eight grids that divide the village exactly."""
    return [grid_row(number) for number in range(1, 9)]


class Importer:
    """Imports rows or files on one session."""

    def __init__(self, session: Session, folder: Path) -> None:
        self.session = session
        self.folder = folder

    def __call__(self, subject: Any, what: Path | list[Row], datum: str = "WGS-84", **asked: Any) -> ImportReport:
        """The report of an import; raises what the import raises."""
        path = what if isinstance(what, Path) else geojson(self.folder / "rows.geojson", what)
        request = ImportRequest(
            subject=subject,
            file_name=path.name,
            datum=known_datum(datum),
            today=TODAY,
            actor="tester",
            effective_on=FIRST_DAY,
        )
        return import_territory(self.session, LIMITS, replace(request, **asked), path)

    def refused(self, subject: Any, what: Path | list[Row], datum: str = "WGS-84", **asked: Any) -> list[Problem]:
        """The errors of an import that must be refused."""
        with pytest.raises(InvalidInputError) as caught:
            self(subject, what, datum, **asked)
        report = ImportReport.model_validate(caught.value.facts["report"])
        return [problem for problem in report.problems if problem.severity == "error"]


@pytest.fixture
def importer(session: Session, tmp_path: Path) -> Importer:
    """An importer on an empty database."""
    return Importer(session, tmp_path)


@pytest.fixture
def village(importer: Importer) -> Importer:
    """An importer with county, town and village stored."""
    importer("units", unit_rows(), roots_allowed=True)
    return importer
