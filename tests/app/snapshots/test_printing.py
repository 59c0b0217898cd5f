"""The map on A3: what it says, how fine it is, where it stops."""

import base64
import io
import re
import xml.etree.ElementTree as ElementTree
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.actor import terminal
from app.coverage import service as coverage
from app.errors import ForbiddenError, InvalidInputError
from app.scope import EVERYTHING, NOTHING
from app.settings import Settings
from app.snapshots import freshness, printing, service
from tests.app.coverage import world
from tests.app.snapshots.conftest import HOSTILE, TODAY

OWN = Settings(map_approval="苏S（2026）1号")
SVG = "{http://www.w3.org/2000/svg}"
MM = 72 / 25.4


def read(session: Session, unit: str = world.VILLAGES[0]) -> PdfReader:
    """The PDF, opened."""
    saved = service.as_pdf(session, OWN, terminal(), unit, TODAY)
    assert saved.media_type == "application/pdf"
    return PdfReader(io.BytesIO(saved.content))


def words(reader: PdfReader) -> str:
    """All words, without the spaces and the places to break that setting puts in."""
    return re.sub(r"[\s\u200b]", "", "".join(page.extract_text() for page in reader.pages))


def drawn(session: Session, unit: str = world.VILLAGES[0]) -> ElementTree.Element:
    """The map of a unit as a reader of XML sees it."""
    svg = service.map_svg(session, OWN, EVERYTHING, unit, TODAY, (200.0, 150.0))
    return ElementTree.fromstring(svg)  # noqa: S314 - our own


def test_one_sheet_of_a3_says_what_must_be_known(city: Session) -> None:
    reader = read(city)
    (page,) = reader.pages
    assert (float(page.mediabox.width), float(page.mediabox.height)) == pytest.approx((420 * MM, 297 * MM), abs=1)
    told = coverage.unit_coverage(city, OWN, EVERYTHING, world.VILLAGES[0], on=TODAY)
    said = words(reader)
    for wanted in (
        "巡查覆盖图",
        "比例尺1:",
        "WGS-84",
        "审图号：苏S（2026）1号",
        "从未查看",
        f"{told.unit.covered_percent:.1f}%",
    ):
        assert wanted in said
    for child in told.children:
        assert child.name in said
        assert f"{child.shares.stale.percent:.1f}%" in said


def test_a_long_table_goes_on_over_pages_with_its_head(city: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "SHORT_ROWS", 0)
    box = world.grid_box(0, 0)
    for number in range(60):
        world.add_unit(city, [world.CITY, world.COUNTY, world.TOWN, f"3204040019{number:02d}"], "village", box)
    reader = read(city, world.TOWN)
    assert len(reader.pages) == 3
    assert all("最大盲区" in re.sub(r"\s", "", page.extract_text()) for page in reader.pages[1:])
    assert "单位320404001959" in words(reader)


def test_words_are_never_markup(city: Session) -> None:
    strange = f'{HOSTILE} #panic("x") *b* _i_ $x$ <l> @a'
    city.execute(text("UPDATE unit SET name = :name"), {"name": strange})
    city.execute(text("UPDATE grid SET name = :name"), {"name": strange})
    assert re.sub(r"\s", "", strange) in words(read(city))
    assert strange in [each.text for each in drawn(city).iter(f"{SVG}text")]


def test_the_map_alone_explains_its_colours_in_its_own_size(city: Session) -> None:
    root = drawn(city)
    assert (root.get("width"), root.get("height"), root.get("viewBox")) == ("200mm", "150mm", "0 0 200 150")
    said = [each.text for each in root.iter(f"{SVG}text")]
    days = OWN.cycle_days.medium
    for wanted in (f"已过期（{days} 天及以上）", "从未查看", "无主地（不属于任何网格）", "北"):
        assert wanted in said
    fills = {each.get("fill") for each in root.iter(f"{SVG}rect")}
    assert set(coverage.FRESHNESS_COLOURS[1:]) <= fills


def test_the_picture_has_at_least_300_dots_an_inch(city: Session) -> None:
    (picture,) = drawn(city).iter(f"{SVG}image")
    kind, _, content = (picture.get("href") or "").partition(",")
    assert kind == "data:image/png;base64"
    with Image.open(io.BytesIO(base64.b64decode(content))) as image:
        assert image.width / (float(picture.get("width") or 0) / 25.4) >= 300
        assert image.height / (float(picture.get("height") or 0) / 25.4) >= 300
        seen = {index for _, index in image.getcolors() or []}
    assert {0, 1, 4} <= seen  # never, fresh, stale


def test_the_picture_keeps_to_the_unit(city: Session) -> None:
    """A walk in the village beside it, on the same sheet, changes nothing."""

    def colours() -> list[tuple[int, object]]:
        (picture,) = drawn(city).iter(f"{SVG}image")
        with Image.open(io.BytesIO(base64.b64decode((picture.get("href") or "").partition(",")[2]))) as image:
            return sorted(image.getcolors() or [])

    before = colours()
    world.take_in(city, world.across(1, TODAY))
    assert colours() == before


def test_a_past_day_with_too_many_looks_is_not_drawn_as_never_seen(
    city: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freshness, "MOST_LOOKS", 1)
    yesterday = TODAY - timedelta(days=1)
    svg = service.map_svg(city, OWN, EVERYTHING, world.VILLAGES[0], yesterday, (200.0, 150.0))
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own
    assert list(root.iter(f"{SVG}image")) == []
    assert "url(#never)" not in [each.get("fill") for each in root.iter(f"{SVG}path")]
    assert any("未绘" in (each.text or "") for each in root.iter(f"{SVG}text"))
    assert list(drawn(city).iter(f"{SVG}image"))  # today needs no looking back
    said = words(PdfReader(io.BytesIO(service.as_pdf(city, OWN, terminal(), world.VILLAGES[0], yesterday).content)))
    assert "本图未绘" in said
    page = service.as_html(city, OWN, terminal(), world.VILLAGES[0], yesterday).content.decode()
    assert "data-picture" not in page
    assert "图层未包含" in page


def test_a_unit_without_grids_is_nobodys_land_all_over(city: Session) -> None:
    city.execute(text("UPDATE grid SET valid_to = :on"), {"on": TODAY - timedelta(days=1)})
    fills = [each.get("fill") for each in drawn(city).iter(f"{SVG}path")]
    assert "url(#nobody)" in fills
    assert "url(#never)" not in fills


@pytest.mark.parametrize("size_mm", [(10.0, 100.0), (100.0, 2000.0), (float("nan"), 100.0)])
def test_sizes_beyond_paper_are_refused(city: Session, size_mm: tuple[float, float]) -> None:
    with pytest.raises(InvalidInputError):
        service.map_svg(city, OWN, EVERYTHING, world.CITY, TODAY, size_mm)


def test_the_map_keeps_to_the_scope(city: Session) -> None:
    with pytest.raises(ForbiddenError):
        service.map_svg(city, OWN, NOTHING, world.CITY, TODAY, (200.0, 150.0))


def test_nothing_is_left_in_the_temporary_folder(
    city: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    read(city)
    assert list(tmp_path.iterdir()) == []
