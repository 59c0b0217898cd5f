"""The one door for tables: a file that nobody vouches for becomes headers and rows of text, or is refused in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.errors import InvalidInputError, TooLargeError
from app.settings import UploadLimits
from app.spreadsheets import headers, texts, workbooks
from app.spreadsheets.grid import Grid
from app.spreadsheets.mapping import Synonyms, simplified


@dataclass(frozen=True)
class Sheet:
    """A table as a person sees it, every row as long as `headers`.

    `row_numbers`: of each row in the file, from 1. `encoding`: "UTF-8" or "GB18030"; None: a workbook. `header_row`:
    the header's first row, from 1; `header_rows`: how many rows it takes. `other_sheets`: visible, and not read.
    """

    headers: list[str]
    rows: list[list[str]]
    row_numbers: list[int]
    encoding: str | None
    header_row: int
    header_rows: int
    name: str | None = None
    other_sheets: list[str] = field(default_factory=list)

    def records(self, mapping: Mapping[str, str]) -> Iterator[tuple[int, dict[str, str]]]:
        """Row number and {field: text} of each row, for a mapping of fields to headers."""
        places = {name: self.headers.index(column) for name, column in mapping.items()}
        for number, row in zip(self.row_numbers, self.rows, strict=True):
            yield number, {name: row[at] for name, at in places.items()}


def read_table(
    path: Path,
    limits: UploadLimits,
    synonyms: Synonyms | None = None,
    header_row: int | None = None,
    header_rows: int | None = None,
    sheet: str | None = None,
) -> Sheet:
    """Read a workbook's sheet or a CSV file. `synonyms` help to find the header where it is not stated.

    Raises InvalidInputError for what cannot be read, TooLargeError beyond a bound.
    """
    grid, encoding = _grid(path, limits, sheet)
    known = {simplified(name) for names in (synonyms or {}).values() for name in names}
    header = headers.find(grid, known, header_row, header_rows)
    first = header.at + header.count
    rows, numbers = grid.rows[first:], grid.numbers[first:]
    if len(rows) > limits.table_rows:
        raise workbooks.too_many_rows(limits)
    width = max([len(header.names), *map(len, rows)])
    if width > limits.table_columns:
        raise workbooks.too_many_columns(limits)
    names = [*header.names, *(f"{headers.letter(at)} 列" for at in range(len(header.names), width))]
    for number, row in zip(numbers, rows, strict=True):
        _check_cells(number, row, names, limits)
        row.extend([""] * (width - len(row)))
    return Sheet(
        headers=names,
        rows=rows,
        row_numbers=numbers,
        encoding=encoding,
        header_row=grid.numbers[header.at],
        header_rows=header.count,
        name=grid.name,
        other_sheets=grid.other_sheets,
    )


def _grid(path: Path, limits: UploadLimits, sheet: str | None) -> tuple[Grid, str | None]:
    size = path.stat().st_size
    if size > limits.table_bytes:
        raise TooLargeError(
            f"文件超过上限 {limits.table_bytes // (1024 * 1024)} MB，未导入任何内容。请拆分后分别上传。",
            limit_bytes=limits.table_bytes,
        )
    if not size:
        raise InvalidInputError("文件是空的，未导入任何内容。请重新导出后再上传。")
    with path.open("rb") as file:
        head = file.read(8)
    if workbooks.is_workbook(head):
        return workbooks.read(path, limits, sheet), None
    return texts.read(path, limits)


def _check_cells(number: int, row: list[str], names: list[str], limits: UploadLimits) -> None:
    for cell, name in zip(row, names, strict=False):
        if len(cell) > limits.table_cell:
            raise TooLargeError(
                f"第 {number} 行“{name[:50]}”列有 {len(cell):,} 个字，超过上限 {limits.table_cell:,} 个，"
                "未导入任何内容。请核对引号是否成对，或缩短该单元格。",
                row=number,
            )
