"""The small writer of SVG, and the sheet that it draws on."""

import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
import shapely
from pyproj import Geod

from app.snapshots.mercator import bar_m, round_up, sheet_of
from app.snapshots.svg import Drawing, path_data

TAG = "{http://www.w3.org/2000/svg}"


def parsed(drawing: Drawing) -> ElementTree.Element:
    """The drawing as a reader of XML sees it."""
    return ElementTree.fromstring(drawing.as_bytes())  # noqa: S314 - made by the test


@pytest.mark.parametrize("name", ["</text><script>alert(1)</script>", "A & B <C> \"D\" 'E'", "&#60;script&#62;", "]]>"])
def test_words_stay_words(name: str) -> None:
    drawing = Drawing(100, 50)
    drawing.words(1, 2, name, font_family=name)
    root = parsed(drawing)
    (words,) = list(root)
    assert (words.tag, words.text, words.get("font-family")) == (f"{TAG}text", name, name)


def test_what_xml_cannot_hold_is_left_out() -> None:
    drawing = Drawing(100, 50)
    drawing.words(1, 2, "甲\x00\x0b\ud800乙\uffff")
    assert [each.text for each in parsed(drawing)] == ["甲乙"]


def test_polygons_keep_their_holes_and_lose_what_paper_cannot_show() -> None:
    outer = [(0, 0), (10, 0), (10, 0.001), (10, 10), (0, 10)]
    shape = shapely.Polygon(outer, [[(2, 2), (4, 2), (4, 4)]])
    assert path_data(shape) == "M0 0L10 0L10 10L0 10Z M2 2L4 2L4 4Z"
    assert path_data(shapely.MultiPolygon()) == ""
    assert path_data(shapely.GeometryCollection([shape, shapely.Point(1, 1)])) == path_data(shape)


@pytest.mark.parametrize("size_mm", [(288.0, 248.0), (60.0, 160.0)])
def test_a_kilometre_on_the_ground_is_as_long_on_the_sheet_as_its_scale_says(size_mm: tuple[float, float]) -> None:
    sheet = sheet_of((119.9, 31.7, 120.0, 31.8), *size_mm)
    ends = [119.95, 119.95], [31.75, 31.759]
    ground_m = Geod(ellps="WGS84").inv(ends[0][0], ends[1][0], ends[0][1], ends[1][1])[2]
    paper_mm = float(np.linalg.norm(np.diff(sheet.to_mm(*ends), axis=0)))
    assert paper_mm * sheet.denominator / 1000 == pytest.approx(ground_m, rel=0.006)  # the ellipsoid's two radii
    corners = sheet.to_mm([119.9, 120.0], [31.8, 31.7])
    assert (corners > 0).all()
    assert (corners < np.array(size_mm)).all()
    assert corners.mean(axis=0) == pytest.approx(np.array(size_mm) / 2)


def test_scales_and_bars_are_round() -> None:
    assert [round_up(n) for n in (501, 10_000, 37_412, 80_001, 999_000)] == [600, 10_000, 40_000, 100_000, 1_000_000]
    assert [bar_m(n, 50) for n in (10_000, 40_000, 500_000)] == [500, 2_000, 20_000]
