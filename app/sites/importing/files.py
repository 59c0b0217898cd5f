"""The file as rows of text with the shapes that GeoJSON brings."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.errors import InvalidInputError, TooLargeError
from app.settings import UploadLimits
from app.sites.importing.fields import SYNONYMS
from app.spreadsheets import read_table


@dataclass(frozen=True)
class Rows:
    """Headers and rows as a person sees them. `shapes`: GeoJSON geometry by row; `encoding`: None for a workbook."""

    headers: list[str]
    rows: list[list[str]]
    numbers: list[int]
    encoding: str | None
    shapes: Mapping[int, dict[str, Any]] = field(default_factory=dict)

    def records(self, mapping: Mapping[str, str]) -> Iterator[tuple[int, dict[str, str]]]:
        """Row number and {field: text} of each row that says anything."""
        places = {name: self.headers.index(column) for name, column in mapping.items()}
        for number, row in zip(self.numbers, self.rows, strict=True):
            if any(cell.strip() for cell in row) or number in self.shapes:
                yield number, {name: row[at].strip() for name, at in places.items()}


def read(path: Path, file_name: str, limits: UploadLimits) -> Rows:
    """Read a workbook, a CSV file or GeoJSON. Raises InvalidInputError or TooLargeError."""
    if file_name.lower().endswith((".geojson", ".json")):
        return _features(path, limits)
    sheet = read_table(path, limits, SYNONYMS)
    return Rows(sheet.headers, sheet.rows, sheet.row_numbers, sheet.encoding)


def _features(path: Path, limits: UploadLimits) -> Rows:
    if path.stat().st_size > limits.table_bytes:
        raise TooLargeError(
            f"文件超过上限 {limits.table_bytes // (1024 * 1024)} MB，未导入任何内容。请拆分后分别导入。"
        )
    try:
        document = json.loads(path.read_text("utf-8-sig"))
        features = document["features"]
        pairs = [(dict(feature.get("properties") or {}), feature.get("geometry")) for feature in features]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InvalidInputError("文件不是 GeoJSON 要素集合（FeatureCollection），未导入任何内容。") from error
    if len(pairs) > limits.table_rows:
        raise TooLargeError(f"要素超过 {limits.table_rows:,} 个，未导入任何内容。请拆分后分别导入。")
    headers = list(dict.fromkeys(str(name) for words, _ in pairs for name in words))
    if len(headers) > limits.table_columns:
        raise TooLargeError(f"属性超过 {limits.table_columns} 个，未导入任何内容。请删去不需要的属性。")
    rows = [[_text(words.get(name)) for name in headers] for words, _ in pairs]
    shapes = {at: shape for at, (_, shape) in enumerate(pairs, 1) if isinstance(shape, dict)}
    return Rows(headers, rows, list(range(1, len(rows) + 1)), "UTF-8", shapes)


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)
