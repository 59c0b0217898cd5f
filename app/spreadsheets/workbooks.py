"""Workbooks: checked from outside, then read by the worker process."""

import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import IO

from app.archives import BROKEN_ARCHIVE
from app.errors import InvalidInputError, TooLargeError
from app.settings import UploadLimits
from app.spreadsheets import worker
from app.spreadsheets.grid import Grid

ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
MEMORY_BYTES = 2 * 1024**3
MAX_MEMBERS = 2000
# Titles, headers and blanks beside the data.
SPARE_ROWS = 100

_SAID = {
    worker.LOCKED: "工作簿设有密码，无法读取。请去掉密码后重新上传。",
    worker.NO_SHEET: "工作簿中没有可读的工作表（可能全部为空或已隐藏）。请核对后重新上传。",
}
_BROKEN = "文件不是可读的工作簿，或已损坏，未导入任何内容。请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。"


def is_workbook(head: bytes) -> bool:
    """Whether a file begins as workbooks do."""
    return head.startswith((ZIP_MAGIC, OLE_MAGIC))


def read(path: Path, limits: UploadLimits, sheet: str | None) -> Grid:
    """The first visible sheet that is not empty, or the named one. Raises InvalidInputError or TooLargeError."""
    with path.open("rb") as file:
        if file.read(4) == ZIP_MAGIC:
            _check_unpacked(path, limits)
    asked = {
        "rows": limits.table_rows + SPARE_ROWS,
        "columns_looked_at": limits.table_columns * 4,
        "memory_bytes": MEMORY_BYTES,
        "seconds": limits.table_seconds,
        "sheet": sheet,
    }
    with tempfile.TemporaryFile("w+", encoding="utf-8") as out:
        _run([str(path), json.dumps(asked)], out, limits)
        out.seek(0)
        return _parsed(out)


def _run(arguments: list[str], out: IO[str], limits: UploadLimits) -> None:
    command = [sys.executable, "-I", worker.__file__, *arguments]
    try:
        done = subprocess.run(  # noqa: S603 - our own file, on a file of ours
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.DEVNULL, timeout=4 * limits.table_seconds
        )
    except subprocess.TimeoutExpired as error:
        raise _too_large(limits) from error
    if done.returncode == 0:
        return
    if done.returncode == worker.TOO_MANY_ROWS:
        raise too_many_rows(limits)
    if done.returncode == worker.TOO_MANY_COLUMNS:
        raise too_many_columns(limits)
    if done.returncode < 0 or done.returncode == worker.NO_MEMORY:  # stopped by a bound on memory or time
        raise _too_large(limits)
    raise InvalidInputError(_SAID.get(done.returncode, _BROKEN))


def _parsed(out: IO[str]) -> Grid:
    facts = json.loads(next(out))
    grid = Grid(name=facts["name"], other_sheets=facts["others"])
    grid.merged = [((top, left), (bottom, right)) for (top, left), (bottom, right) in facts["merged"]]
    for line in out:
        number, cells = json.loads(line)
        grid.add(number, cells)
    return grid


def _check_unpacked(path: Path, limits: UploadLimits) -> None:
    """Refuse what unpacks beyond the bound by its own account; one that lies meets the worker's bounds."""
    try:
        with zipfile.ZipFile(path) as zipped:
            entries = zipped.infolist()
    except BROKEN_ARCHIVE as error:
        raise InvalidInputError(_BROKEN) from error
    if len(entries) > MAX_MEMBERS or sum(entry.file_size for entry in entries) > limits.table_unpacked_bytes:
        raise _too_large(limits)


def _too_large(limits: UploadLimits) -> TooLargeError:
    bound = limits.table_unpacked_bytes
    return TooLargeError(
        f"工作簿解开后过大（上限 {bound // (1024 * 1024)} MB）或内容异常，已停止读取，未导入任何内容。"
        "请删去多余的工作表、格式和图片，或另存为 CSV 后再上传。",
        limit_bytes=bound,
    )


def too_many_rows(limits: UploadLimits) -> TooLargeError:
    """The refusal of a table with too many rows."""
    return TooLargeError(
        f"表格超过上限 {limits.table_rows:,} 行，未导入任何内容。请拆分为几份文件后分别上传。",
        limit_rows=limits.table_rows,
    )


def too_many_columns(limits: UploadLimits) -> TooLargeError:
    """The refusal of a table with too many columns."""
    return TooLargeError(
        f"表格超过上限 {limits.table_columns} 列，未导入任何内容。请删去无关的列后再上传。",
        limit_columns=limits.table_columns,
    )
