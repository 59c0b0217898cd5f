"""A form as a workbook (.xlsx), ready to be printed, signed and stamped."""

import io
from typing import NamedTuple

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from app.reports.heights import LINE_PT, MOST_PT, head_heights_pt, lines_of, row_height_pt
from app.reports.table import TICK, Cell, Head, HeadCell, Table, columns, depth, head_cells

FONT, TITLE_FONT = "宋体", "黑体"
PAPERS = {"A4": 9, "A3": 8}  # as Excel numbers them
MARGIN_IN = 0.4  # inches, left and right
TITLE_ROW_PT, ABOVE_ROW_PT, SIGNED_ROW_PT = 30, 22, 34
_ALIGNED = {"text": "left", "tick": "center", "number": "center", "money": "right"}


class Above(NamedTuple):
    """What stands between the title and the table, from left to right."""

    left: str
    middle: str
    right: str


class _Formats:
    """The few formats of a workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        base = {"font_name": FONT, "font_size": 10, "valign": "vcenter", "text_wrap": True}
        cell = {**base, "border": 1}
        self.title: Format = book.add_format({**base, "font_name": TITLE_FONT, "font_size": 18, "align": "center"})
        self.plain: Format = book.add_format({**base, "align": "left"})
        self.middle: Format = book.add_format({**base, "align": "center"})
        self.right: Format = book.add_format({**base, "align": "right"})
        self.head: Format = book.add_format({**cell, "bold": True, "align": "center"})
        self.note: Format = book.add_format({**base, "font_size": 9, "align": "left", "valign": "top"})
        self.cells: dict[str, Format] = {
            kind: book.add_format({**cell, "align": align}) for kind, align in _ALIGNED.items()
        }
        self.totals: dict[str, Format] = {
            kind: book.add_format({**cell, "bold": True, "align": "center" if kind == "text" else align})
            for kind, align in _ALIGNED.items()
        }


def workbook(table: Table, above: Above) -> bytes:
    """The form: title, unit and date, heads repeated on every page, rows, total, signatures, what was counted."""
    target = io.BytesIO()
    # Text stays text: a name that begins with "=" is no formula, one that looks like an address is no link.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"title": table.title, "comments": above.middle})
        sheet = book.add_worksheet(table.form)
        _write(sheet, table, above, _Formats(book))
    return target.getvalue()


def _write(sheet: Worksheet, table: Table, above: Above, formats: _Formats) -> None:
    leaves = columns(table.heads)
    for at, leaf in enumerate(leaves):
        sheet.set_column(at, at, leaf.width)
    last = len(leaves) - 1
    sheet.merge_range(0, 0, 0, last, table.title, formats.title)
    sheet.set_row(0, TITLE_ROW_PT)
    _write_above(sheet, above, leaves, formats)
    first = 2
    _write_heads(sheet, head_cells(table.heads), leaves, first, formats)
    row = first + depth(table.heads)
    for cells in table.rows:
        _write_row(sheet, row, cells, leaves, formats.cells)
        row += 1
    if table.total is not None:
        _write_row(sheet, row, table.total, leaves, formats.totals)
        row += 1
    end = _write_below(sheet, table, row, leaves, formats)
    _set_page(sheet, table, first, end)


def _write_above(sheet: Worksheet, above: Above, leaves: list[Head], formats: _Formats) -> None:
    """Three parts of about a third of the width each."""
    sheet.set_row(1, ABOVE_ROW_PT)
    ends = _thirds([leaf.width for leaf in leaves])
    for (left, right), text, form in zip(ends, above, (formats.plain, formats.middle, formats.right), strict=True):
        _span(sheet, 1, left, right, text, form)


def _write_heads(sheet: Worksheet, cells: list[HeadCell], leaves: list[Head], first: int, formats: _Formats) -> None:
    for row, height in enumerate(head_heights_pt(cells, leaves), first):
        sheet.set_row(row, height)
    for cell in cells:
        top, left = first + cell.row, cell.column
        bottom, right = top + cell.rows - 1, left + cell.columns - 1
        if (top, left) == (bottom, right):
            sheet.write_string(top, left, cell.text, formats.head)
        else:
            sheet.merge_range(top, left, bottom, right, cell.text, formats.head)


def _write_row(sheet: Worksheet, row: int, cells: list[Cell], leaves: list[Head], formats: dict[str, Format]) -> None:
    sheet.set_row(row, min(row_height_pt(cells, leaves), MOST_PT))
    for at, (cell, leaf) in enumerate(zip(cells, leaves, strict=True)):
        form = formats[leaf.kind]
        if cell is None:
            sheet.write_blank(row, at, None, form)
        elif isinstance(cell, bool):
            sheet.write_string(row, at, TICK if cell else "", form)
        elif isinstance(cell, str):
            sheet.write_string(row, at, cell, form)
        else:
            sheet.write_number(row, at, cell, form)


def _write_below(sheet: Worksheet, table: Table, row: int, leaves: list[Head], formats: _Formats) -> int:
    """Signature lines, then the notes; the last row written."""
    sheet.set_row(row, SIGNED_ROW_PT)
    for (left, right), text in zip(_thirds([leaf.width for leaf in leaves]), table.signatures, strict=True):
        # Where a name stands already, nobody signs by hand.
        _span(sheet, row, left, right, text if "：" in text else f"{text}：", formats.plain)
    width = sum(leaf.width for leaf in leaves)
    for note in [*table.notes, *_cut_off(table, leaves)]:
        row += 1
        sheet.set_row(row, lines_of(note, width) * LINE_PT + 2)
        sheet.merge_range(row, 0, row, len(leaves) - 1, note, formats.note)
    return row


def _cut_off(table: Table, leaves: list[Head]) -> list[str]:
    """What is said of rows whose text is too long to be printed whole."""
    rows = [str(at) for at, cells in enumerate(table.rows, 1) if row_height_pt(cells, leaves) > MOST_PT]
    return [f"第 {'、'.join(rows)} 行文字过长，打印不全，全文见电子表。"] if rows else []


def _set_page(sheet: Worksheet, table: Table, first: int, end: int) -> None:
    sheet.set_landscape()
    sheet.set_paper(PAPERS[table.paper])
    sheet.fit_to_pages(1, 0)  # one page wide, as long as it takes
    sheet.set_margins(left=MARGIN_IN, right=MARGIN_IN, top=0.6, bottom=0.7)
    sheet.center_horizontally()
    sheet.repeat_rows(first, first + depth(table.heads) - 1)
    sheet.print_area(0, 0, end, len(columns(table.heads)) - 1)
    sheet.set_footer("&C第 &P 页，共 &N 页")
    sheet.freeze_panes(first + depth(table.heads), 0)


def _span(sheet: Worksheet, row: int, left: int, right: int, text: str, form: Format) -> None:
    if left == right:
        sheet.write_string(row, left, text, form)
    else:
        sheet.merge_range(row, left, row, right, text, form)


def _thirds(widths: list[float]) -> list[tuple[int, int]]:
    """First and last column of three parts of nearly the same width; at least one column each."""
    total, so_far = sum(widths), 0.0
    ends: list[int] = []
    for at, width in enumerate(widths):
        so_far += width
        if len(ends) < 2 and so_far >= total * (len(ends) + 1) / 3:
            ends.append(at)
    first, second = ends[0], max(ends[1], ends[0] + 1)
    return [(0, first), (first + 1, second), (second + 1, len(widths) - 1)]
