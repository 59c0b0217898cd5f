"""Files of territory as people hand them in, written by GDAL or by hand."""

import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import shapely
from shapely.geometry.base import BaseGeometry

Row = tuple[Mapping[str, Any], BaseGeometry | None]


def geojson(path: Path, rows: Sequence[Row], **more: Any) -> Path:
    """A GeoJSON file."""
    features = [
        {"type": "Feature", "properties": dict(words), "geometry": None if shape is None else shape.__geo_interface__}
        for words, shape in rows
    ]
    document = {"type": "FeatureCollection", **more, "features": features}
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


def written(path: Path, rows: Sequence[Row], driver: str, crs: str | None, encoding: str | None = None) -> Path:
    """A file written by GDAL; all values as text."""
    names = list(dict.fromkeys(name for words, _ in rows for name in words))
    values = [np.array([str(words.get(name, "")) for words, _ in rows], dtype=object) for name in names]
    shapes = np.array([shapely.to_wkb(shape) for _, shape in rows], dtype=object)
    pyogrio.raw.write(
        path, shapes, values, names, geometry_type="Polygon", crs=crs, driver=driver, encoding=encoding, layer="层"
    ) if driver == "GPKG" else pyogrio.raw.write(
        path, shapes, values, names, geometry_type="Polygon", crs=crs, driver=driver, encoding=encoding
    )
    return path


def shapefile(
    folder: Path, rows: Sequence[Row], crs: str | None = "EPSG:4490", encoding: str = "GBK", cpg: str | None = None
) -> Path:
    """A zipped shapefile; `cpg`: what its .cpg says, None for no such file."""
    written(folder / "网格.shp", rows, "ESRI Shapefile", crs, encoding)
    stated = folder / "网格.cpg"
    stated.unlink(missing_ok=True)
    if cpg is not None:
        stated.write_text(cpg, "ascii")
    return zipped(folder / "upload.zip", {part.name: part for part in folder.glob("网格.*")})


def zipped(path: Path, parts: Mapping[str, Path | bytes]) -> Path:
    """A zip archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part if isinstance(part, bytes) else part.read_bytes())
    return path


def kml(rows: Sequence[Row]) -> str:
    """KML text with attributes that have no schema, as phones and Chinese tools write it."""
    places = "".join(_place(words, shape) for words, shape in rows if shape is not None)
    return f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder>{places}</Folder></Document></kml>'


def _place(words: Mapping[str, Any], shape: BaseGeometry) -> str:
    data = "".join(f'<Data name="{key}"><value>{value}</value></Data>' for key, value in words.items())
    ring = " ".join(f"{x!r},{y!r},0" for x, y in shapely.get_coordinates(shape).tolist())
    return (
        f"<Placemark><ExtendedData>{data}</ExtendedData><Polygon><outerBoundaryIs><LinearRing>"
        f"<coordinates>{ring}</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
    )
