"""Reads one workbook in a process of its own, with bounds on memory and time that a crafted file cannot talk away.

Run by path and isolated (`python -I worker.py PATH LIMITS`), so that it starts at once: it imports nothing of ours.
Writes JSON lines: the sheet's facts, then [row number, cells] for each row that is not empty. Exit codes say the rest.
"""

import json
import resource
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, TextIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

BROKEN, LOCKED, NO_SHEET, TOO_MANY_ROWS, TOO_MANY_COLUMNS, NO_MEMORY = 10, 11, 12, 13, 14, 15
# More digits than a spreadsheet's number holds: the last ones are made up.
SURE_DIGITS = 15
_SECONDS_A_DAY = 86400


class _StopError(Exception):
    """Reading ends with an exit code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def main() -> None:
    """Read the workbook that the arguments name."""
    path, limits = sys.argv[1], json.loads(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory_bytes"],) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"],) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        _read(path, limits, sys.stdout)
    except _StopError as stop:
        sys.exit(stop.code)
    except PasswordError:
        sys.exit(LOCKED)
    except (CalamineError, OSError, ValueError):
        sys.exit(BROKEN)
    except MemoryError:
        sys.exit(NO_MEMORY)


def _read(path: str, limits: dict[str, Any], out: TextIO) -> None:
    # As an object, not by its path: the kind is found by the content, whatever the file is called.
    with Path(path).open("rb") as file, CalamineWorkbook.from_object(file) as book:
        visible = [sheet.name for sheet in book.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible]
        wanted = [name for name in visible if limits["sheet"] in (None, name)]
        chosen, others = None, list(visible)
        for name in wanted:
            sheet = book.get_sheet_by_name(name)
            if sheet.height:
                chosen = sheet
                others.remove(name)
                break
        if chosen is None:
            raise _StopError(NO_SHEET)
        merged = chosen.merged_cell_ranges or []
        json.dump({"name": chosen.name, "others": others, "merged": merged}, out, ensure_ascii=True)
        out.write("\n")
        _write_rows(chosen, limits, out)


def _write_rows(sheet: CalamineSheet, limits: dict[str, Any], out: TextIO) -> None:
    first_row, first_column = sheet.start or (0, 0)
    if first_column + sheet.width > limits["columns_looked_at"]:
        raise _StopError(TOO_MANY_COLUMNS)
    left = [""] * first_column
    written = 0
    for at, values in enumerate(sheet.iter_rows(), start=1):
        if at <= first_row:
            continue
        cells = [text_of(value) for value in values]
        if not any(cells):
            continue
        written += 1
        if written > limits["rows"]:
            raise _StopError(TOO_MANY_ROWS)
        json.dump([at, left + cells], out, ensure_ascii=True)
        out.write("\n")


def text_of(value: Any) -> str:
    """A cell as a person sees it: dates ISO, whole numbers without a point, never in powers of ten."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _number(value)
    return _moment(value)


def _number(value: float) -> str:
    if value != value or value in (float("inf"), float("-inf")):
        return ""
    if value == int(value):
        return str(int(value))
    text = f"{value:.{SURE_DIGITS}g}"
    return f"{value:.15f}".rstrip("0") if "e" in text else text


def _moment(value: Any) -> str:
    if isinstance(value, datetime):
        if (value.hour, value.minute, value.second) == (0, 0, 0):
            return value.date().isoformat()
        return value.isoformat(" ", "seconds" if value.second else "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("seconds" if value.second else "minutes")
    if isinstance(value, timedelta):
        seconds = value.days * _SECONDS_A_DAY + value.seconds
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return str(value)


if __name__ == "__main__":
    main()
