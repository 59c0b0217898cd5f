"""From a prepared source to columns and shapes, by pyogrio (GDAL)."""

import warnings
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyogrio
import pyogrio.errors
import pyogrio.raw
import shapely

from app.errors import InvalidInputError, TooLargeError
from app.settings import UploadLimits
from app.territory.importing.files import Source

Geometries = npt.NDArray[Any]

# Nothing is ever fetched: no extension is allowed to be read over a network.
pyogrio.set_gdal_config_options({"CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{none}", "GDAL_HTTP_TIMEOUT": "1"})


@dataclass(frozen=True)
class RawLayer:
    """A layer as it came: `columns` by name, `shapes` as read (None where empty or unreadable), in the file's datum."""

    columns: dict[str, list[str]]
    shapes: Geometries
    stated_crs: str | None
    notes: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.shapes)


def read(source: Source, limits: UploadLimits, layer: str | None = None) -> RawLayer:
    """The layer of a source; every value as stripped text, empty for null.

    Raises InvalidInputError for what GDAL cannot read, no layer, or several; TooLargeError beyond a bound.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # GDAL's remarks; what matters is found again by the checks
            return _read(source, limits, layer)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError) as error:
        raise _unreadable(source, error) from error
    except (pyogrio.errors.GeometryError, pyogrio.errors.FieldError, UnicodeDecodeError, ValueError) as error:
        raise _unreadable(source, error) from error


def _unreadable(source: Source, error: Exception) -> InvalidInputError:
    return InvalidInputError(
        f"{source.label} 文件无法读取，可能已损坏，未导入任何内容。请重新导出后再传。", detail=str(error)[:200]
    )


def _read(source: Source, limits: UploadLimits, layer: str | None) -> RawLayer:
    chosen = _layer_of(source, layer)
    # dBase cuts text at its width, within a character if need be: its bytes come through and are decoded here.
    through = None if source.encoding is None else "ISO-8859-1"
    info = pyogrio.read_info(source.target, layer=chosen, encoding=through, force_feature_count=True)
    if info["driver"] != source.driver:
        raise InvalidInputError("文件内容与格式不符，未导入任何内容。请重新导出后再传。", driver=info["driver"])
    if info["features"] > limits.features:
        raise TooLargeError(
            f"图层有 {info['features']} 个要素，超过上限 {limits.features} 个。请拆分后分批导入。",
            count=int(info["features"]),
            limit=limits.features,
        )
    meta, _, shapes, values = pyogrio.raw.read(
        source.target, layer=chosen, encoding=through, force_2d=True, datetime_as_string=True
    )
    if shapes is None:
        raise InvalidInputError("图层没有图形，未导入任何内容。请导出带有面图形的图层。")
    geometries = shapely.from_wkb(shapes, on_invalid="fix")
    vertices = int(shapely.get_num_coordinates(geometries).sum())
    if vertices > limits.vertices:
        raise TooLargeError(
            f"图层有 {vertices} 个顶点，超过上限 {limits.vertices} 个。请简化或拆分后再导入。",
            count=vertices,
            limit=limits.vertices,
        )
    columns: dict[str, list[str]] = {}
    for name, column in zip(meta["fields"], values, strict=True):
        columns[_unused(_decoded(str(name), source.encoding), columns)] = [
            _decoded(_text(value), source.encoding) for value in column
        ]
    return RawLayer(columns, geometries, meta["crs"], list(source.notes))


def _layer_of(source: Source, layer: str | None) -> str:
    names = [str(name) for name, kind in pyogrio.list_layers(source.target) if kind is not None]
    if source.driver == "ESRI Shapefile" and names:
        return names[0]
    if layer in names:
        return str(layer)
    if len(names) == 1 and layer is None:
        return names[0]
    if not names:
        raise InvalidInputError("文件中没有带图形的图层，未导入任何内容。请导出带有面图形的图层。")
    raise InvalidInputError(f"文件中的图层有：{'、'.join(names)}。请用 layer 指定其中一个。", layers=names)


def _unused(name: str, columns: dict[str, list[str]]) -> str:
    """A name that no column has yet: names cut short may fall together."""
    return name if name not in columns else f"{name}_{len(columns) + 1}"


def _decoded(text: str, encoding: str | None) -> str:
    """Text of latin-1 bytes in their true encoding; a character cut off at the end is dropped."""
    if encoding is None or text.isascii():
        return text
    return text.encode("latin-1", errors="replace").decode(encoding, errors="replace").rstrip("\ufffd").strip()


def _text(value: Any) -> str:
    if value is None or (isinstance(value, np.datetime64) and np.isnat(value)):
        return ""
    if isinstance(value, (float, np.floating)):
        if not np.isfinite(value):
            return ""
        return str(int(value)) if float(value).is_integer() else repr(float(value))
    return str(value).strip().strip("\x00")
