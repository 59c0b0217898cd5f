"""CSV: which encoding, which delimiter, and what a cell says."""

import csv
import io
import re
from collections import Counter
from pathlib import Path

from app.errors import InvalidInputError
from app.settings import UploadLimits
from app.spreadsheets.grid import Grid
from app.spreadsheets.workbooks import SPARE_ROWS, too_many_rows

DELIMITERS = (",", "\t", ";", "|")
LOOKED_AT = 50
# Other encodings of Chinese, read as GBK, give mostly characters that nobody uses: outside of GB 2312.
COMMON_SHARE = 0.7
_FORMULA_TEXT = re.compile(r'="([^"]*)"')
_APOSTROPHE = re.compile(r"'(?=[=+\-@\d])")
_NEITHER = (
    "文件既不是工作簿（xlsx、xls、ods），也不是 UTF-8 或 GB18030（GBK）编码的 CSV，未导入任何内容。"
    "请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。"
)


def read(path: Path, limits: UploadLimits) -> tuple[Grid, str]:
    """The rows and the encoding. Raises InvalidInputError for what is no CSV, TooLargeError beyond a bound."""
    text, encoding = decode(path.read_bytes())
    delimiter = find_delimiter(text)
    grid = Grid()
    records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for record in records:
            number += 1
            grid.add(number, [_cell(value) for value in record])
            if len(grid.rows) > limits.table_rows + SPARE_ROWS:
                raise too_many_rows(limits)
    except csv.Error as error:
        raise InvalidInputError(
            f"CSV 第 {number + 1} 行（文件第 {records.line_num} 行附近）的引号没有成对或内容过长，未导入任何内容。"
            "请改正该行，或另存为 .xlsx 后再上传。",
            row=number + 1,
        ) from error
    return grid, encoding


def decode(content: bytes) -> tuple[str, str]:
    """The text and its encoding, "UTF-8" or "GB18030". Raises InvalidInputError for what is neither."""
    if b"\x00" in content:  # no text, or UTF-16
        raise InvalidInputError(_NEITHER)
    try:
        return content.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError as error:
        raise InvalidInputError(_NEITHER) from error
    if not _reads_as_chinese(text):
        raise InvalidInputError(_NEITHER)
    return text, "GB18030"


def _reads_as_chinese(text: str) -> bool:
    wide = [character for character in text[:200_000] if character > "\x7f"]
    common = "".join(wide).encode("gb2312", errors="ignore").decode("gb2312")
    return len(common) >= COMMON_SHARE * len(wide)


def find_delimiter(text: str) -> str:
    """The delimiter that splits most of the first rows into equally many cells; a comma when none does."""
    head = io.StringIO(text[:200_000], newline="")
    lines = [line for _, line in zip(range(LOOKED_AT), head, strict=False)]

    def fit(delimiter: str) -> tuple[int, int]:
        try:
            widths = Counter(len(record) for record in csv.reader(lines, delimiter=delimiter) if record)
        except csv.Error:
            return (0, 0)
        widths.pop(1, None)
        if not widths:
            return (0, 0)
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
        return (count, width)

    return max(DELIMITERS, key=fit)


def _cell(value: str) -> str:
    """What a spreadsheet shows for a cell: ="0123" and '0123 are ways to write the text 0123."""
    stripped = value.strip()
    whole = _FORMULA_TEXT.fullmatch(stripped)
    return whole[1] if whole else _APOSTROPHE.sub("", stripped, count=1) if stripped.startswith("'") else stripped
