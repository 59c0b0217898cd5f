"""Lists as files for other programs: CSV for spreadsheets, workbooks, GeoJSON and GeoPackage for maps."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, NamedTuple

import numpy as np
import pyogrio.raw
import shapely
import xlsxwriter

from app.errors import TooLargeError

Kind = Literal["csv", "geojson", "gpkg", "xlsx"]
Row = Mapping[str, Any]
MAX_ROWS = 50_000
MEDIA_TYPES: Mapping[Kind, str] = {
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# A spreadsheet takes what begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BOM = "\ufeff"  # without it Excel reads UTF-8 as GBK
_HEAD_WIDTH, _MAX_WIDTH = 8, 40


class Column(NamedTuple):
    """A column: the key in the rows, and its head."""

    key: str
    head: str


class Exported(NamedTuple):
    """A file's content and type."""

    content: bytes
    media_type: str


def export(rows: Sequence[Row], columns: Sequence[Column], geometry: str | None, kind: Kind, name: str) -> Exported:
    """The rows as a file. `geometry`: key of a shapely geometry in WGS-84 (None in rows without one); None: no rows
    have any, and the maps' formats hold them without a place. `name`: of the sheet or layer.

    Raises TooLargeError above `MAX_ROWS`.
    """
    check_count(len(rows))
    if kind == "csv":
        content = _csv(rows, columns)
    elif kind == "xlsx":
        content = _workbook(rows, columns, name)
    elif kind == "geojson":
        content = _geojson(rows, columns, geometry)
    else:
        content = _geopackage(rows, columns, geometry, name)
    return Exported(content, MEDIA_TYPES[kind])


def check_count(rows: int) -> None:
    """Raise TooLargeError for more rows than one file may hold."""
    if rows > MAX_ROWS:
        raise TooLargeError(f"超过一次导出的上限 {MAX_ROWS:,} 条。请选择下级单位，分批导出。", limit_rows=MAX_ROWS)


def plain(value: Any) -> str | int | float | None:
    """A value as files hold it: days and instants ISO, amounts as numbers, lists as one text, yes and no in Chinese.

    >>> plain(["a", "b"]), plain(True), plain(Decimal("0.5000")), plain(date(2026, 3, 1))
    ('a；b', '是', 0.5, '2026-03-01')
    """
    if value is None or (isinstance(value, int | float | str) and not isinstance(value, bool)):
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return "；".join(str(plain(each)) for each in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def defused(value: str | int | float | None) -> str | int | float | None:
    """Text that a spreadsheet would take for a formula with an apostrophe before it; numbers stay numbers.

    >>> defused("=1+1"), defused("-5"), defused(-5)
    ("'=1+1", "'-5", -5)
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _csv(rows: Iterable[Row], columns: Sequence[Column]) -> bytes:
    out = io.StringIO(_BOM, newline="")
    out.seek(0, io.SEEK_END)
    writer = csv.writer(out)
    writer.writerow([column.head for column in columns])
    for row in rows:
        writer.writerow([defused(plain(row[column.key])) for column in columns])
    return out.getvalue().encode(errors="replace")


def _workbook(rows: Sequence[Row], columns: Sequence[Column], name: str) -> bytes:
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options) as book:
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1})
        sheet = book.add_worksheet(name[:31])
        for at, column in enumerate(columns):
            sheet.write_string(0, at, column.head, head)
            sheet.set_column(at, at, _width(column, rows))
        for line, row in enumerate(rows, 1):
            for at, column in enumerate(columns):
                value = plain(row[column.key])
                if isinstance(value, str):
                    sheet.write_string(line, at, value)
                elif value is not None:
                    sheet.write_number(line, at, value)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
    return target.getvalue()


def _width(column: Column, rows: Sequence[Row]) -> int:
    """Enough for most of the first rows; a Chinese character is two wide."""
    texts = [str(plain(row[column.key]) or "") for row in rows[:200]]
    longest = max((len(text.encode("gbk", "replace")) for text in texts), default=0)
    return min(max(longest, len(column.head) * 2, _HEAD_WIDTH) + 2, _MAX_WIDTH)


def _geojson(rows: Iterable[Row], columns: Sequence[Column], geometry: str | None) -> bytes:
    features = [
        {
            "type": "Feature",
            "geometry": _mapping(row[geometry]) if geometry else None,
            "properties": {column.head: plain(row[column.key]) for column in columns},
        }
        for row in rows
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":"))
    return text.encode(errors="replace")


def _mapping(shape: Any) -> dict[str, Any] | None:
    return None if shape is None else json.loads(shapely.to_geojson(shape))


def _geopackage(rows: Sequence[Row], columns: Sequence[Column], geometry: str | None, name: str) -> bytes:
    target = io.BytesIO()
    data, masks = zip(*(_field(rows, column) for column in columns), strict=True)
    shapes = np.array([row[geometry] if geometry else None for row in rows], dtype=object)
    pyogrio.raw.write(
        target,
        geometry=shapely.to_wkb(shapes),
        field_data=list(data),
        field_mask=list(masks),
        fields=[column.head for column in columns],
        layer=name,
        driver="GPKG",
        geometry_type="Unknown",  # a site may be an outline or only a place
        crs="EPSG:4326",
    )
    return target.getvalue()


def _field(rows: Sequence[Row], column: Column) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """A column's values and where there are none; numbers only where all values are."""
    values = [plain(row[column.key]) for row in rows]
    known = [value for value in values if value is not None]
    mask = np.array([value is None for value in values], dtype=bool)
    if known and all(isinstance(value, int) for value in known):
        return np.array([0 if value is None else value for value in values], dtype=np.int64), mask
    if known and not any(isinstance(value, str) for value in known):
        return np.array([0.0 if value is None else value for value in values], dtype=np.float64), mask
    return np.array([None if value is None else str(value) for value in values], dtype=object), mask
