"""A small writer of SVG: every word is escaped here, and nowhere else is markup put together. Lengths in mm."""

import base64
import re
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

_DECIMALS = 2  # a hundredth of a millimetre is finer than 300 dots an inch

_UNPRINTABLE = re.compile("[\x00-\x1f\ud800-\udfff\ufffe\uffff]")

Attributes = Mapping[str, str | float]


class Drawing:
    """Elements one over the other on a sheet of width_mm x height_mm."""

    def __init__(self, width_mm: float, height_mm: float) -> None:
        size = {"width": f"{width_mm:g}mm", "height": f"{height_mm:g}mm", "viewBox": f"0 0 {width_mm:g} {height_mm:g}"}
        self._open = f'<svg xmlns="http://www.w3.org/2000/svg"{_written(size)}>'
        self._parts: list[str] = []

    def path(self, shapes: Iterable[BaseGeometry], **attributes: str | float) -> None:
        """Polygons or lines, in millimetres, as one path; `fill_rule` and the like name SVG's attributes."""
        data = " ".join(filter(None, (path_data(shape) for shape in shapes)))
        if data:
            self._element("path", {"d": data, **attributes})

    def rectangle(self, x: float, y: float, width: float, height: float, **attributes: str | float) -> None:
        """A box from its upper left corner."""
        self._element("rect", {"x": x, "y": y, "width": width, "height": height, **attributes})

    def circle(self, x: float, y: float, radius: float, **attributes: str | float) -> None:
        """A disc."""
        self._element("circle", {"cx": x, "cy": y, "r": radius, **attributes})

    def words(self, x: float, y: float, text: str, **attributes: str | float) -> None:
        """A line of text; y is its base line."""
        self._element("text", {"x": x, "y": y, **attributes}, escape(_printable(text)))

    def picture(self, png: bytes, x: float, y: float, width: float, height: float) -> None:
        """A PNG stretched over a box, each pixel with hard edges."""
        place: dict[str, str | float] = {
            "x": x,
            "y": y,
            "width": width,
            "height": height,
            "preserveAspectRatio": "none",
        }
        href = "data:image/png;base64," + base64.b64encode(png).decode()
        self._element("image", {**place, "image_rendering": "optimizeSpeed", "href": href})

    def hatching(self, name: str, size: float, lines: str, colour: str, width: float, ground: str = "none") -> None:
        """A pattern that `fill="url(#name)"` uses: strokes (SVG path data) on a square that repeats."""
        self._parts.append(
            f"<pattern{_written({'id': name, 'patternUnits': 'userSpaceOnUse', 'width': size, 'height': size})}>"
            f"<rect{_written({'width': size, 'height': size, 'fill': ground})}/>"
            f"<path{_written({'d': lines, 'stroke': colour, 'stroke_width': width, 'fill': 'none'})}/></pattern>"
        )

    def as_bytes(self) -> bytes:
        """The whole drawing."""
        return "\n".join([self._open, *self._parts, "</svg>\n"]).encode()

    def _element(self, tag: str, attributes: Attributes, inside: str | None = None) -> None:
        head = f"<{tag}{_written(attributes)}"
        self._parts.append(f"{head}/>" if inside is None else f"{head}>{inside}</{tag}>")


def path_data(shape: BaseGeometry) -> str:
    """SVG path data of polygons and lines; empty for points and what is empty."""
    return " ".join(_line(part) for part in _lines(shape))


def _lines(shape: BaseGeometry) -> Iterable[BaseGeometry]:
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon":
            yield from (part.exterior, *part.interiors)
        elif part.geom_type in ("LineString", "LinearRing"):
            yield part
        elif part.geom_type.startswith(("Multi", "GeometryCollection")):
            yield from _lines(part)


def _line(line: BaseGeometry) -> str:
    points = np.round(shapely.get_coordinates(line), _DECIMALS)
    keep = np.ones(len(points), dtype=bool)
    keep[1:] = (points[1:] != points[:-1]).any(axis=1)
    points = points[keep]
    closed = line.is_closed and len(points) > 1
    written = "L".join(f"{x:g} {y:g}" for x, y in (points[:-1] if closed else points).tolist())
    return f"M{written}{'Z' if closed else ''}"


def _written(attributes: Attributes) -> str:
    return "".join(
        f" {name.replace('_', '-') if name != 'preserveAspectRatio' else name}={quoteattr(_value(value))}"
        for name, value in attributes.items()
    )


def _value(value: str | float) -> str:
    return _printable(value) if isinstance(value, str) else f"{round(value, 3):g}"


def _printable(text: str) -> str:
    """Without what XML cannot hold: control characters and half characters."""
    return _UNPRINTABLE.sub("", text)
