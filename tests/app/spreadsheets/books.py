"""Workbooks for tests, as people make them."""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

Rows = Sequence[Any]  # of sequences of values


def xlsx(rows: Rows, merges: Sequence[str] = (), *, hidden_first: bool = False) -> bytes:
    """A workbook of rows from A1; merges, such as "A3:A4", keep the value of their corner. None: no cell."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    if hidden_first:
        hidden = book.add_worksheet("隐藏")
        hidden.write(0, 0, "不应读到")
        hidden.hide()
    sheet = book.add_worksheet("名单")
    sheet.activate()
    sheet.set_first_sheet()
    days = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    plain = book.add_format()
    corners = {tuple(_cell(merge.partition(":")[0])) for merge in merges}
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            if value is None or (row, column) in corners:
                continue
            if isinstance(value, datetime):
                sheet.write_datetime(row, column, value, days)
            else:
                sheet.write(row, column, value)
    for merge in merges:
        row, column = _cell(merge.partition(":")[0])
        sheet.merge_range(merge, rows[row][column], plain)
    book.close()
    return target.getvalue()


def _cell(name: str) -> tuple[int, int]:
    letters = name.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(name[len(letters) :]) - 1, column - 1
