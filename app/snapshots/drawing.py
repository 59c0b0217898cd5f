"""The map of a unit as SVG: outlines as vectors, freshness as a picture at 300 dots an inch, names, scale and north."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import shapely

from app.snapshots import looks
from app.snapshots.freshness import DOT_MM, Picture, as_png
from app.snapshots.mercator import Sheet, bar_m, sheet_of
from app.snapshots.shapes import Area, Ground
from app.snapshots.svg import Drawing

Style = dict[str, str | float]
_FONT = "Noto Sans CJK SC"
_NAME_MM, _SMALL_MM = 3.1, 2.5
_MOST_NAMES = 120
_LEGEND_ENTRIES, _LEGEND_ROW_MM, _LEGEND_COLUMN_MM = 8, 4.6, 52.0
_MOST_TIMES = 16
# Strokes on a square that repeats; they meet at its edges.
_RISING = "M-1 1L1 -1M-1 5L5 -1M3 5L5 3"
_CROSSED = _RISING + "M-1 3L1 5M-1 -1L5 5M3 -1L5 1"
_LEVEL = "M-1 1L5 1M-1 3L5 3"


class Mark(NamedTuple):
    """A numbered place."""

    lon: float
    lat: float
    text: str


def sheet_for(ground: Ground, width_mm: float, height_mm: float) -> Sheet:
    """The sheet that shows a ground."""
    return sheet_of(ground.own.shape.bounds, width_mm, height_mm)


def legend_mm(width_mm: float) -> float:
    """The height of the legend under a map of some width."""
    return math.ceil(_LEGEND_ENTRIES / _columns(width_mm)) * _LEGEND_ROW_MM + 1.5


def freshness_map(
    ground: Ground, sheet: Sheet, seen: Picture | None, marks: Sequence[Mark] = (), with_legend: bool = False
) -> bytes:
    """The map of how long ago the ground was seen. Hatched: never seen, or nobody's land (crossed).

    Without a picture it says so. The legend makes the drawing higher than the sheet, by `legend_mm`.
    """
    drawing = _begun(sheet, legend_mm(sheet.width_mm) if with_legend else 0.0)
    _base(drawing, ground, sheet, "url(#never)" if seen else looks.PAPER)
    if seen is not None:
        _place(drawing, sheet, seen)
    drawing.path([sheet.drawn(ground.excluded)], fill="url(#excluded)", stroke="#5b8199", stroke_width=0.1)
    _outlines(drawing, ground, sheet)
    taken = _marks(drawing, sheet, marks)
    _names(drawing, sheet, ground.below, taken)
    _furniture(drawing, sheet)
    if with_legend:
        _legend(drawing, sheet, seen)
    if seen is None:  # white ground must not be taken for ground that nobody has seen
        drawing.rectangle(2, 2, 62, 7, fill=looks.PAPER, stroke=looks.ACCENT, stroke_width=0.3)
        drawing.words(4, 6.6, "巡查记录过多，本图未绘“多久前看过”", font_family=_FONT, font_size=3, fill=looks.ACCENT)
    return drawing.as_bytes()


def share_map(ground: Ground, sheet: Sheet, percents: dict[str, float | None]) -> bytes:
    """The map of covered shares by grid, in five classes; hatched where there is no figure."""
    drawing = _begun(sheet)
    _base(drawing, ground, sheet, "url(#never)")
    for index, colour in enumerate(looks.CLASS_COLOURS):
        members = [area.shape for area in ground.areas if looks.class_of(percents.get(area.code)) == index]
        drawing.path([sheet.drawn(shape) for shape in members], fill=colour, fill_rule="evenodd")
    _outlines(drawing, ground, sheet)
    return drawing.as_bytes()


def _begun(sheet: Sheet, below_mm: float = 0.0) -> Drawing:
    drawing = Drawing(sheet.width_mm, sheet.height_mm + below_mm)
    drawing.hatching("never", 4, _RISING, "#9aa7b1", 0.25, looks.PAPER)
    drawing.hatching("nobody", 4, _CROSSED, "#6d7984", 0.2, looks.PAPER)
    drawing.hatching("excluded", 4, _LEVEL, "#5b8199", 0.3, "#dbe7ee")
    drawing.rectangle(0, 0, sheet.width_mm, sheet.height_mm, fill=looks.PAPER)
    return drawing


def _columns(width_mm: float) -> int:
    return max(1, int(width_mm / _LEGEND_COLUMN_MM))


def _legend(drawing: Drawing, sheet: Sheet, seen: Picture | None) -> None:
    """What colours and hatchings mean, in a strip under the map."""
    height = legend_mm(sheet.width_mm)
    drawing.rectangle(0, sheet.height_mm, sheet.width_mm, height, fill=looks.PAPER)
    marks = looks.freshness_legend(seen.cycle_days) if seen else []
    marks += [("url(#never)", "从未查看")] if seen else []
    marks += [("url(#nobody)", "无主地（不属于任何网格）"), ("url(#excluded)", "已批准扣除（水面等）")]
    columns = _columns(sheet.width_mm)
    for index, (fill, text) in enumerate(marks):
        x = 1 + index % columns * sheet.width_mm / columns
        y = sheet.height_mm + 1.5 + index // columns * _LEGEND_ROW_MM
        drawing.rectangle(x, y, 6, 3.2, fill=fill, stroke="#7d8a94", stroke_width=0.15)
        drawing.words(x + 7.5, y + 2.6, text, font_family=_FONT, font_size=2.7, fill=looks.INK)


def _base(drawing: Drawing, ground: Ground, sheet: Sheet, fill: str) -> None:
    """What lies under all: land that no grid holds shows through the grids' gaps."""
    drawing.path([sheet.drawn(ground.own.shape)], fill="url(#nobody)", fill_rule="evenodd")
    if ground.grid_count:
        drawing.path([sheet.drawn(area.shape) for area in ground.areas], fill=fill, fill_rule="nonzero")


def _place(drawing: Drawing, sheet: Sheet, seen: Picture) -> None:
    """The picture, cut to the sheet and fine enough for paper."""
    west, south, east, north = seen.bounds
    (left, top), (right, bottom) = sheet.to_mm([west, east], [north, south]).tolist()
    pixel_mm = (right - left) / seen.classes.shape[1]
    times = min(max(math.ceil(pixel_mm / DOT_MM), 1), _MOST_TIMES)
    x0, x1 = max(0, int(-left / pixel_mm)), math.ceil((min(right, sheet.width_mm) - left) / pixel_mm)
    y0, y1 = max(0, int(-top / pixel_mm)), math.ceil((min(bottom, sheet.height_mm) - top) / pixel_mm)
    shown = seen.classes[y0:y1, x0:x1]
    width, height = shown.shape[1] * pixel_mm, shown.shape[0] * pixel_mm
    drawing.picture(as_png(shown, times), left + x0 * pixel_mm, top + y0 * pixel_mm, width, height)


def _outlines(drawing: Drawing, ground: Ground, sheet: Sheet) -> None:
    if ground.level == "grid":
        thin = 0.22 if len(ground.areas) < 200 else 0.08
        _borders(drawing, sheet, ground.areas, stroke=looks.LINE, stroke_width=thin)
    _borders(drawing, sheet, ground.below, stroke=looks.PAPER, stroke_width=0.9, stroke_opacity=0.8)
    _borders(drawing, sheet, ground.below, stroke=looks.INK, stroke_width=0.35)
    _borders(drawing, sheet, [ground.own], stroke=looks.INK, stroke_width=0.8)


def _borders(drawing: Drawing, sheet: Sheet, areas: Sequence[Area], **stroke: str | float) -> None:
    drawing.path([sheet.drawn(area.shape) for area in areas], fill="none", stroke_linejoin="round", **stroke)


def _marks(drawing: Drawing, sheet: Sheet, marks: Sequence[Mark]) -> list[shapely.Polygon]:
    """Numbered discs; the boxes that they take."""
    taken = []
    for mark in marks:
        (x, y), radius = sheet.to_mm([mark.lon], [mark.lat])[0].tolist(), 1.9
        drawing.circle(x, y, radius, fill=looks.ACCENT, stroke=looks.PAPER, stroke_width=0.3)
        style: Style = {"font_family": _FONT, "font_size": 2.4, "font_weight": 700, "text_anchor": "middle"}
        drawing.words(x, y + 0.85, mark.text, fill=looks.PAPER, **style)
        taken.append(shapely.box(x - radius, y - radius, x + radius, y + radius))
    return taken


def _names(drawing: Drawing, sheet: Sheet, areas: Sequence[Area], taken: list[shapely.Polygon]) -> None:
    """Names that do not lie over one another, those of the largest first; what finds no room stands in the table."""
    by_size = sorted(areas, key=lambda area: -area.shape.area)[:_MOST_NAMES]
    size = _NAME_MM if len(areas) <= 30 and sheet.width_mm >= 200 else _SMALL_MM
    for area in by_size:
        x, y = sheet.to_mm([area.lon], [area.lat])[0].tolist()
        half = sum(size if letter > "\u2e80" else size * 0.6 for letter in area.name) / 2
        box = shapely.box(x - half, y - size * 0.6, x + half, y + size * 0.6)
        if any(box.intersects(other) for other in taken):
            continue
        taken.append(box)
        style: Style = {"font_family": _FONT, "font_size": size, "font_weight": 700, "text_anchor": "middle"}
        halo: Style = {"stroke": looks.PAPER, "stroke_width": size * 0.28, "stroke_linejoin": "round"}
        drawing.words(x, y + size * 0.35, area.name, fill=looks.PAPER, **halo, **style)
        drawing.words(x, y + size * 0.35, area.name, fill=looks.INK, **style)


def _furniture(drawing: Drawing, sheet: Sheet) -> None:
    """Scale with its bar, lower left; north, upper right."""
    length_m = bar_m(sheet.denominator, min(50.0, sheet.width_mm / 4))
    length_mm = length_m * 1000 / sheet.denominator
    x, y = 4.0, sheet.height_mm - 5.0
    style: Style = {"font_family": _FONT, "fill": looks.INK}
    drawing.rectangle(2, y - 9, max(length_mm, 26) + 16, 12, fill=looks.PAPER, fill_opacity=0.9)
    drawing.words(x, y - 5, f"比例尺 1 : {sheet.denominator:,}", font_size=2.9, **style)
    for part in range(2):
        fill = looks.INK if part == 0 else looks.PAPER
        drawing.rectangle(
            x + part * length_mm / 2, y - 3, length_mm / 2, 1.4, fill=fill, stroke=looks.INK, stroke_width=0.2
        )
    drawing.words(x, y + 1.4, "0", font_size=2.5, **style)
    drawing.words(x + length_mm, y + 1.4, looks.distance(length_m), font_size=2.5, text_anchor="middle", **style)
    right = sheet.width_mm - 9
    drawing.rectangle(right - 6, 2, 12, 16, fill=looks.PAPER, fill_opacity=0.9)
    arrow = shapely.Polygon([(right, 7), (right + 3, 16), (right, 13.5), (right - 3, 16)])
    drawing.path([arrow], fill=looks.INK)
    drawing.words(right, 6, "北", font_size=3, font_weight=700, text_anchor="middle", **style)
