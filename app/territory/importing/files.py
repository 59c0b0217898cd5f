"""What a file is, by its content; and a private copy of it that is safe to hand to GDAL, which trusts what it opens."""

import re
import shutil
import sqlite3
from collections import defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from app.errors import InvalidInputError, TooLargeError
from app.settings import UploadLimits
from app.territory.importing import geojson, kml
from app.territory.importing.archives import Member, unpack

_SUPPORTED = "支持 GeoJSON、Shapefile(ZIP)、GeoPackage、KML/KMZ。"
_SHAPE_SUFFIXES = frozenset({".shp", ".shx", ".dbf", ".prj", ".cpg"})
_ZIP_SUFFIXES = _SHAPE_SUFFIXES | {".kml", ".geojson", ".json", ".gpkg"}
_SHP_MAGIC = bytes.fromhex("0000270a")
_SQLITE_MAGIC = b"SQLite format 3\x00"
_SPATIAL_INDEX = re.compile(r'CREATE VIRTUAL TABLE "[^"]+" USING rtree\s*\([\w, ]*\)', re.IGNORECASE)
_TABLES = """SELECT t.type, coalesce(m.sql, '') FROM pragma_table_list t LEFT JOIN sqlite_master m ON m.name = t.name
    WHERE t.schema = 'main'"""
_COMPUTED = """SELECT 1 FROM pragma_table_list t, pragma_table_xinfo(t.name) c
    WHERE t.schema = 'main' AND t.type = 'table' AND c.hidden IN (2, 3)"""
_GPKG_IDS = (b"GPKG", b"GP10", b"GP11")
# Text is held in memory as a tree, some ten times its size.
TEXT_BYTES = 128 * 1024 * 1024
_CODE_PAGES = {"936": "gb18030", "cp936": "gb18030", "ansi 936": "gb18030", "gbk": "gb18030", "gb2312": "gb18030"}


@dataclass(frozen=True)
class Source:
    """A private copy that GDAL may open. `target`: what to open; `driver`: the one that must answer."""

    label: str
    driver: str
    target: str
    encoding: str | None = None
    notes: list[str] = field(default_factory=list)


def prepare(upload: Path, room: Path, limits: UploadLimits, layer: str | None = None) -> Source:
    """The source of an uploaded file, copied into `room` (private, empty). `layer` chooses among several shapefiles.

    Raises InvalidInputError for anything but the supported formats, TooLargeError beyond a bound.
    """
    with upload.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"PK"):
        return _zipped(unpack(upload, room, _ZIP_SUFFIXES, limits), room, layer, limits)
    return _single(upload, head, room, limits)


def _single(upload: Path, head: bytes, room: Path, limits: UploadLimits) -> Source:
    if head.startswith(_SQLITE_MAGIC):
        return _geopackage(upload, head, room)
    if head.startswith(_SHP_MAGIC):
        raise InvalidInputError("Shapefile 由多个文件组成：请把 .shp、.shx、.dbf、.prj、.cpg 一起压缩为 ZIP 后再传。")
    if head:
        _check_text_size(upload, limits)
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"{"):
        target = room / "layer.geojson"
        geojson.rewrite(upload, target)
        return Source("GeoJSON", "GeoJSON", f"GeoJSON:{target}")
    if text.startswith(b"<") or head.startswith((b"\xff\xfe", b"\xfe\xff")):
        target = room / "layer.kml"
        kml.rewrite(upload, target)
        return Source("KML", "LIBKML", str(target))
    if not head:
        raise InvalidInputError("文件是空的，未导入任何内容。请重新导出后再传。")
    raise InvalidInputError(f"无法识别文件格式，未导入任何内容。{_SUPPORTED}")


def _check_text_size(upload: Path, limits: UploadLimits) -> None:
    bound = min(limits.territory_bytes, TEXT_BYTES)
    if upload.stat().st_size > bound:
        raise TooLargeError(
            f"GeoJSON 或 KML 超过上限 {bound // (1024 * 1024)} MB，未导入任何内容。请改用 GeoPackage，或拆分。",
            limit_bytes=bound,
        )


def _geopackage(upload: Path, head: bytes, room: Path) -> Source:
    if head[68:72] not in _GPKG_IDS:
        raise InvalidInputError(f"文件是 SQLite 数据库，但不是 GeoPackage，未导入任何内容。{_SUPPORTED}")
    target = room / "layer.gpkg"
    shutil.copyfile(upload, target)
    if _computes(target):
        raise InvalidInputError("GeoPackage 中含有视图、虚拟表或计算列，出于安全不予读取。请只导出普通图层后再传。")
    return Source("GeoPackage", "GPKG", str(target))


def _computes(package: Path) -> bool:
    """Whether a GeoPackage holds more than plain tables: a virtual table may be a window to other files, a view or a
    computed column may compute anything. SQLite is asked what it makes of the file; the file's own account may lie.
    """
    try:
        with closing(sqlite3.connect(f"{package.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            database.text_factory = lambda data: data.decode("utf-8", errors="replace")
            foreign = [
                sql
                for kind, sql in database.execute(_TABLES)
                if kind == "view" or (kind == "virtual" and not _SPATIAL_INDEX.fullmatch(sql))
            ]
            return bool(foreign) or database.execute(_COMPUTED).fetchone() is not None
    except (sqlite3.Error, UnicodeDecodeError) as error:  # the latter for an error text that quotes the file
        raise InvalidInputError("GeoPackage 文件已损坏，无法读取，未导入任何内容。请重新导出后再传。") from error


def _zipped(members: list[Member], room: Path, layer: str | None, limits: UploadLimits) -> Source:
    sets: dict[str, dict[str, Path]] = defaultdict(dict)
    for name, path in members:
        sets[PurePosixPath(name).stem][PurePosixPath(name).suffix.lower()] = path
    shapes = {stem: parts for stem, parts in sets.items() if ".shp" in parts}
    if shapes:
        return _shapefile(_one_of(shapes, layer), room)
    singles = [path for parts in sets.values() for suffix, path in parts.items() if suffix not in _SHAPE_SUFFIXES]
    if len(singles) != 1:
        what = "没有可以导入的文件" if not singles else f"有 {len(singles)} 个可以导入的文件"
        raise InvalidInputError(f"压缩包内{what}，应当正好有一个图层。{_SUPPORTED}")
    with singles[0].open("rb") as file:
        head = file.read(4096)
    source = _single(singles[0], head, room, limits)
    return Source("KMZ", source.driver, source.target) if source.label == "KML" else source


def _one_of(shapes: dict[str, dict[str, Path]], layer: str | None) -> dict[str, Path]:
    if layer in shapes:
        return shapes[layer]
    if len(shapes) > 1 or layer is not None:
        names = "、".join(sorted(shapes))
        raise InvalidInputError(f"压缩包内的图层有：{names}。请用 layer 指定其中一个。", layers=sorted(shapes))
    return next(iter(shapes.values()))


def _shapefile(parts: dict[str, Path], room: Path) -> Source:
    missing = [suffix for suffix in (".shx", ".dbf") if suffix not in parts]
    if missing:
        raise InvalidInputError(f"Shapefile 缺少 {'、'.join(missing)} 文件。请把同名的全部文件一起压缩后再传。")
    with parts[".shp"].open("rb") as file:
        if file.read(4) != _SHP_MAGIC:
            raise InvalidInputError("压缩包内的 .shp 不是 Shapefile，未导入任何内容。请重新导出后再传。")
    stated = parts[".cpg"].read_text("ascii", errors="replace").strip() if ".cpg" in parts else None
    encoding, notes = _dbf_encoding(parts[".dbf"].read_bytes(), stated)
    for suffix in (".shp", ".shx", ".dbf", ".prj"):
        if suffix in parts:
            parts[suffix].rename(room / f"layer{suffix}")
    return Source("Shapefile", "ESRI Shapefile", str(room / "layer.shp"), encoding, notes)


def _dbf_encoding(table: bytes, stated: str | None) -> tuple[str, list[str]]:
    """The text encoding of a dBase table: the stated one if the bytes bear it out, else the one of two that fits."""
    name = _CODE_PAGES.get((stated or "").lower(), (stated or "").lower())
    fits = _fitting_encoding(table[32:])
    if not name or name == fits or (fits == "utf-8" and name == "utf8"):
        return fits, []
    if fits == "gb18030" and name in ("utf-8", "utf8"):
        return fits, [f".cpg 写明编码 {stated}，但内容不符，已按 GBK 读取；请核对名称。"]
    try:
        table[32:].decode(name)
    except (LookupError, ValueError):
        return fits, [f".cpg 写明编码 {stated}，无法采用，已按 {fits.upper()} 读取；请核对名称。"]
    return name, []


def _fitting_encoding(table: bytes) -> str:
    high = sum(byte >= 0x80 for byte in table[: 4 * 1024 * 1024])
    broken = table[: 4 * 1024 * 1024].decode("utf-8", errors="replace").count("�")
    # A value cut off at its field's width may break a character; GBK read as UTF-8 breaks nearly all.
    return "utf-8" if broken * 10 <= high else "gb18030"
