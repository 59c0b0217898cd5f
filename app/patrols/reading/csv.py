"""CSV as spreadsheets write it: comma, semicolon or tab; UTF-8 or GBK; Chinese or English column names."""

import csv
import io
from collections.abc import Iterator

from app.patrols.reading.common import NAN, Clock, Points, number, number_or_nan, refused
from app.patrols.wording import shown

_NAMES = {
    "lon": ("经度", "lon", "lng", "long", "longitude", "x", "东经"),
    "lat": ("纬度", "lat", "latitude", "y", "北纬"),
    "time": ("时间", "定位时间", "采集时间", "上报时间", "日期时间", "time", "timestamp", "datetime", "gpstime"),
    "date": ("日期", "date"),
    "accuracy": ("精度", "定位精度", "精度(米)", "精度m", "accuracy", "accuracy_m", "hacc"),
    "speed": ("速度(m/s)", "speed_m_s"),
    "heading": ("方向", "航向", "heading", "heading_deg", "bearing"),
}
_DELIMITERS = ",;\t|"
_MAX_FIELD = 1000


def read_csv(data: bytes, points: Points, clock: Clock) -> None:
    """Fill `points` from CSV bytes. Raises InvalidInputError or TooLargeError with a message in Chinese."""
    rows = _rows(_text(data))
    header = next(rows, (0, []))[1]
    columns = _columns(header)
    points.begin()
    for line, row in rows:
        if any(cell.strip() for cell in row):
            _row(row, columns, f"第 {line} 行", points, clock)


def _text(data: bytes) -> str:
    encodings = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise refused("文件不是文本，或编码既不是 UTF-8 也不是 GBK", problem="encoding")


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    first = next((line for line in io.StringIO(text) if line.strip()), "")
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            if any(len(cell) > _MAX_FIELD for cell in row):
                raise refused(f"第 {reader.line_num} 行有超过 {_MAX_FIELD} 个字的单元格", problem="field")
            if row or reader.line_num > 1:
                yield reader.line_num, row
    except csv.Error as error:
        raise refused(
            f"第 {reader.line_num} 行的 CSV 格式有误（引号未成对或单元格过长）", problem="broken_csv", detail=str(error)
        ) from None


def _columns(header: list[str]) -> dict[str, int]:
    names = ["".join(cell.split()).lower().replace("（", "(").replace("）", ")") for cell in header]
    columns: dict[str, int] = {}
    for what, known in _NAMES.items():
        found = [index for index, name in enumerate(names) if name in known]
        if len(found) > 1:
            raise refused(
                f"有 {len(found)} 列都像{known[0]}：{'、'.join(header[i] for i in found)}，请只保留一列",
                problem="columns",
            )
        if found:
            columns[what] = found[0]
    missing = [_NAMES[what][0] for what in ("lon", "lat") if what not in columns]
    if "time" not in columns and "date" not in columns:
        missing.append("时间")
    if missing:
        found_names = "、".join(shown(cell) for cell in header[:10]) or "空"
        raise refused(f"首行应为列名，缺少：{'、'.join(missing)}；现有列：{found_names}", problem="columns")
    return columns


def _row(row: list[str], columns: dict[str, int], place: str, points: Points, clock: Clock) -> None:
    def cell(what: str) -> str:
        index = columns.get(what)
        return row[index] if index is not None and index < len(row) else ""

    written = f"{cell('date').strip()} {cell('time').strip()}".strip()
    if not written:
        raise refused(f"{place}没有时间，看不出何时有人到过", problem="no_time")
    points.add(
        number(cell("lon"), place, "经度"),
        number(cell("lat"), place, "纬度"),
        clock.time_us(written, place),
        number_or_nan(cell("accuracy"), place, "精度"),
        number_or_nan(cell("speed"), place, "速度") if "speed" in columns else NAN,
        number_or_nan(cell("heading"), place, "方向"),
    )
