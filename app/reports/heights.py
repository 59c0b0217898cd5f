"""How high rows must be for their text: programs that open a workbook do not all find out for themselves."""

import unicodedata

from app.reports.table import Cell, Head, HeadCell

LINE_PT = 13.5  # of 10 pt type
PADDING_PT = 5.0
LEAST_PT = 20.0
MOST_PT = 409.0  # no program makes a row higher


def width_of(text: str) -> int:
    """Widths of a digit that a text takes; a Chinese character is two wide.

    >>> width_of("南桥镇 12 号")
    12
    """
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)


def lines_of(text: str, width: float) -> int:
    """Lines that a text takes in a column; the last character of a line may not fit.

    >>> lines_of("清原材料、产品及危险废物", 10), lines_of("", 10)
    (3, 1)
    """
    room = max(int(width) - 1, 2)
    return sum(max(-(-width_of(line) // room), 1) for line in text.split("\n"))


def row_height_pt(cells: list[Cell], leaves: list[Head]) -> float:
    """The height that a row of the table needs; above MOST_PT it cannot be printed whole."""
    texts = [(cell, leaf.width) for cell, leaf in zip(cells, leaves, strict=True) if isinstance(cell, str)]
    lines = max((lines_of(text, width) for text, width in texts), default=1)  # numbers and ticks take one line
    return max(lines * LINE_PT + PADDING_PT, LEAST_PT)


def head_heights_pt(cells: list[HeadCell], leaves: list[Head]) -> list[float]:
    """The height of each row of heads; what a head over several rows needs more is given to the last of them."""
    heights = [LEAST_PT] * max(cell.row + cell.rows for cell in cells)
    for cell in sorted(cells, key=lambda each: each.rows):
        width = sum(leaf.width for leaf in leaves[cell.column : cell.column + cell.columns])
        need = lines_of(cell.text, width) * LINE_PT + PADDING_PT
        spanned = slice(cell.row, cell.row + cell.rows)
        heights[spanned.stop - 1] += max(need - sum(heights[spanned]), 0)
    return heights
