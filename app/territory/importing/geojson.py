"""GeoJSON, read strictly and written again with nothing but features.

GDAL follows a `crs` of type link to wherever it points, and takes JSON of other kinds for other drivers. It is given
this copy, which holds features and at most a named CRS.
"""

import json
import re
from pathlib import Path
from typing import Any

from app.errors import InvalidInputError

_CRS_NAME = re.compile(r"(urn:ogc:def:crs:(EPSG|OGC):[0-9.]*:[A-Z]*[0-9]+|EPSG:[0-9]+)", re.IGNORECASE)
_GEOMETRY_PARTS = ("type", "coordinates", "geometries")


def rewrite(source: Path, target: Path) -> None:
    """Write a plain copy of a GeoJSON file. Raises InvalidInputError when it is broken or not a feature collection."""
    document = _load(source)
    kind = document.get("type") if isinstance(document, dict) else None
    if kind == "Feature":
        document = {"features": [document]}
    elif kind != "FeatureCollection" or not isinstance(document.get("features"), list):
        raise InvalidInputError("文件是 JSON，但不是 GeoJSON 要素集合（FeatureCollection）。请导出为 GeoJSON 后再传。")
    plain: dict[str, Any] = {"type": "FeatureCollection"}
    name = _crs_name(document)
    if name:
        plain["crs"] = {"type": "name", "properties": {"name": name}}
    plain["features"] = [_feature(feature, row) for row, feature in enumerate(document["features"], start=1)]
    try:
        target.write_text(json.dumps(plain, ensure_ascii=False), encoding="utf-8")
    except (UnicodeEncodeError, RecursionError) as error:  # half a character (a lone surrogate) is no text
        raise _broken(error) from error


def _load(source: Path) -> Any:
    data = source.read_bytes()
    try:
        return json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        text = data.decode("gb18030", errors="replace")
    except (ValueError, RecursionError) as error:
        raise _broken(error) from error
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _broken(error) from error


def _broken(error: Exception) -> InvalidInputError:
    return InvalidInputError(
        "GeoJSON 文件已损坏，无法读取，未导入任何内容。请重新导出后再传。", detail=str(error)[:200]
    )


def _crs_name(document: dict[str, Any]) -> str | None:
    crs = document.get("crs")
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    return name if isinstance(name, str) and _CRS_NAME.fullmatch(name) else None


def _feature(feature: Any, row: int) -> dict[str, Any]:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise InvalidInputError(f"GeoJSON 第 {row} 个要素不是 Feature，未导入任何内容。请重新导出后再传。", row=row)
    properties = feature.get("properties")
    return {
        "type": "Feature",
        "properties": properties if isinstance(properties, dict) else {},
        "geometry": _geometry(feature.get("geometry")),
    }


def _geometry(geometry: Any) -> dict[str, Any] | None:
    if not isinstance(geometry, dict):
        return None
    plain = {key: geometry[key] for key in _GEOMETRY_PARTS if key in geometry}
    if isinstance(plain.get("geometries"), list):
        plain["geometries"] = [_geometry(part) for part in plain["geometries"]]
    return plain
