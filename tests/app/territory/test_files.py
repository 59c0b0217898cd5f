"""What is read, what is refused before anything opens it, and in which words."""

import json
import sqlite3
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.errors import DomainError, InvalidInputError, TooLargeError
from app.settings import UploadLimits
from app.territory.importing.files import prepare
from app.territory.importing.reading import read
from tests.app.territory import files
from tests.app.territory.conftest import Importer, cell, grid_row, grid_rows, unit_rows

LIMITS = UploadLimits()


def stored_grids(session: Session) -> list[tuple[str, str]]:
    return [tuple(row) for row in session.execute(text("SELECT code, name FROM grid ORDER BY code"))]


EXPECTED = [(f"320404001001{n:03d}", f"新庄第{n}网格") for n in range(1, 9)]


def test_geojson(village: Importer) -> None:
    report = village("grids", grid_rows())
    assert report.file_format == "GeoJSON"
    assert report.counts.added == 8
    assert stored_grids(village.session) == EXPECTED


SHORT = {"网格编码": "DM", "网格名称": "MC", "风险等级": "风险", "网格员编码": "WGYBM", "联系电话": "电话"}


def short_named(rows: list[files.Row]) -> list[files.Row]:
    """Rows with column names that fit into a shapefile's ten bytes in UTF-8."""
    return [({SHORT.get(name, name): value for name, value in words.items()}, shape) for words, shape in rows]


@pytest.mark.parametrize(("encoding", "cpg"), [("GBK", "GBK"), ("GBK", None), ("UTF-8", "UTF-8"), ("UTF-8", None)])
def test_zipped_shapefile_in_either_encoding(village: Importer, tmp_path: Path, encoding: str, cpg: str | None) -> None:
    rows = short_named(grid_rows())
    report = village("grids", files.shapefile(tmp_path, rows, encoding=encoding, cpg=cpg), "CGCS2000")
    assert report.file_format == "Shapefile"
    assert report.warnings == 0
    assert stored_grids(village.session) == EXPECTED


def test_shapefile_names_cut_within_a_character(importer: Importer, tmp_path: Path) -> None:
    """Ten bytes hold three characters of UTF-8 and a third of the fourth."""
    path = files.shapefile(tmp_path, unit_rows()[:1], encoding="UTF-8", cpg="UTF-8")
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for old, new in (("代码", "区划代码"), ("名称", "区划名称")):
        header = old.encode().ljust(11, b"\x00")
        assert header in parts["网格.dbf"]
        parts["网格.dbf"] = parts["网格.dbf"].replace(header, new.encode()[:10] + b"\x00")
    report = importer("units", files.zipped(tmp_path / "cut.zip", parts), "CGCS2000", roots_allowed=True)
    assert report.mapping == {"code": "区划代", "name": "区划名"}
    assert report.counts.added == 1


def test_shapefile_whose_cpg_lies_is_read_right_and_said_so(village: Importer, tmp_path: Path) -> None:
    path = files.shapefile(tmp_path, grid_rows(), encoding="GBK", cpg="UTF-8")
    report = village("grids", path, "CGCS2000")
    assert stored_grids(village.session) == EXPECTED
    assert [problem.rule for problem in report.problems] == ["encoding"]


def test_shapefile_in_a_three_degree_zone(village: Importer, tmp_path: Path) -> None:
    """Zone 40 (central meridian 120, EPSG:4549): eastings about 490 km, northings about 3,514 km."""
    from shapely import transform

    from geo.datum import from_wgs84, parse_datum

    zone = parse_datum("EPSG:4549")
    rows = [
        (words, transform(shape, lambda xy: __import__("numpy").column_stack(from_wgs84(xy[:, 0], xy[:, 1], zone))))
        for words, shape in grid_rows()
    ]
    report = village("grids", files.shapefile(tmp_path, rows, crs="EPSG:4549"), "EPSG:4549")
    assert report.counts.added == 8
    assert report.warnings == 0
    box = village.session.execute(text("SELECT ST_Extent(geom)::text FROM grid")).scalar_one()
    numbers = [float(n) for n in box.removeprefix("BOX(").removesuffix(")").replace(" ", ",").split(",")]
    assert numbers == pytest.approx([119.90, 31.75, 119.94, 31.77], abs=1e-7)


def test_geopackage(village: Importer, tmp_path: Path) -> None:
    path = files.written(tmp_path / "g.gpkg", grid_rows(), "GPKG", "EPSG:4490")
    report = village("grids", path, "CGCS2000")
    assert report.file_format == "GeoPackage"
    assert report.warnings == 0
    assert stored_grids(village.session) == EXPECTED


def test_kml_with_attributes_that_have_no_schema(village: Importer, tmp_path: Path) -> None:
    path = tmp_path / "g.kml"
    path.write_text(files.kml(grid_rows()), "utf-8")
    assert village("grids", path).file_format == "KML"
    assert stored_grids(village.session) == EXPECTED


def test_kmz(village: Importer, tmp_path: Path) -> None:
    path = files.zipped(tmp_path / "g.kmz", {"files/doc.kml": files.kml(grid_rows()).encode(), "files/a.png": b"x"})
    assert village("grids", path).file_format == "KMZ"
    assert stored_grids(village.session) == EXPECTED


def test_content_decides_not_the_name(village: Importer, tmp_path: Path) -> None:
    path = tmp_path / "grids.kml"
    files.geojson(path, grid_rows())
    assert village("grids", path).file_format == "GeoJSON"


def test_a_crs_that_differs_from_the_named_datum_is_named_beside_it(importer: Importer, tmp_path: Path) -> None:
    path = files.shapefile(tmp_path, unit_rows(), crs="EPSG:4326")
    report = importer("units", path, "GCJ-02", roots_allowed=True)
    (problem,) = report.problems
    assert problem.rule == "crs_differs"
    assert "4326" in problem.what
    assert "GCJ-02" in problem.what


REFUSED: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "空"),
    "text": (b"code,name\n1,2\n", "无法识别"),
    "vrt": (
        b'<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>'
        b"</OGRVRTDataSource>",
        "不是 KML",
    ),
    "wms": (
        b'<GDAL_WMS><Service name="TMS"><ServerUrl>http://127.0.0.1:1/</ServerUrl></Service></GDAL_WMS>',
        "不是 KML",
    ),
    "pipeline": (
        b'{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline ! read /etc/passwd"}',
        "不是 GeoJSON",
    ),
    "topojson": (b'{"type": "Topology", "objects": {}, "arcs": []}', "不是 GeoJSON"),
    "broken json": (b'{"type": "FeatureCollection", "features": [', "已损坏"),
    "deep json": (b'{"a":' * 100_000, "已损坏"),
    "not a feature": (b'{"type": "FeatureCollection", "features": [1]}', "不是 Feature"),
    "broken xml": (b"<kml><Document>", "已损坏"),
    "entity bomb": (
        b'<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
        b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><kml><Document><name>&c;</name></Document></kml>',
        "实体",
    ),
    "external entity": (
        b'<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]><kml><name>&x;</name></kml>',
        "实体",
    ),
    "deep kml": (
        b"<kml><Placemark>" + b"<MultiGeometry>" * 5000 + b"</MultiGeometry>" * 5000 + b"</Placemark></kml>",
        "过深",
    ),
    "bare shp": (bytes.fromhex("0000270a") + bytes(200), "一起压缩"),
    "sqlite": (b"SQLite format 3\x00" + bytes(200), "不是 GeoPackage"),
    "broken zip": (b"PK\x03\x04" + bytes(100), "压缩包已损坏"),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("suffix", ["geojson", "zip"])
def test_foreign_content_is_refused_whatever_its_name(tmp_path: Path, name: str, suffix: str) -> None:
    content, words = REFUSED[name]
    path = tmp_path / f"upload.{suffix}"
    path.write_bytes(content)
    room = tmp_path / "room"
    room.mkdir()
    with pytest.raises(InvalidInputError, match=words):
        prepare(path, room, LIMITS)


def test_a_vrt_inside_an_archive_is_not_even_unpacked(tmp_path: Path) -> None:
    path = files.zipped(tmp_path / "a.zip", {"layer.vrt": REFUSED["vrt"][0], "x.geojson": REFUSED["vrt"][0]})
    with pytest.raises(InvalidInputError, match="不是 KML"):
        prepare(path, _room(tmp_path), LIMITS)
    assert [part.suffix for part in (tmp_path / "room").iterdir()] == [".geojson"]


def test_a_linked_crs_is_not_followed(village: Importer, tmp_path: Path) -> None:
    link = {"type": "link", "properties": {"href": "http://127.0.0.1:9/crs", "type": "proj4"}}
    path = files.geojson(tmp_path / "g.geojson", grid_rows(), crs=link)
    source = prepare(path, _room(tmp_path), LIMITS)
    copy = json.loads((tmp_path / "room" / "layer.geojson").read_text("utf-8"))
    assert "crs" not in copy
    assert len(read(source, LIMITS)) == 8


def test_a_network_link_and_foreign_elements_of_kml_are_left_behind(tmp_path: Path) -> None:
    link = '<NetworkLink><Link><href>http://127.0.0.1:9/</href></Link></NetworkLink><x:y xmlns:x="urn:z">&lt;b</x:y>'
    path = tmp_path / "g.kml"
    path.write_text(files.kml(grid_rows()).replace("<Folder>", f"<Folder>{link}"), "utf-8")
    prepare(path, _room(tmp_path), LIMITS)
    copy = (tmp_path / "room" / "layer.kml").read_text("utf-8")
    assert "127.0.0.1" not in copy
    assert "urn:z" not in copy


def test_a_geopackage_with_a_window_to_other_files_is_refused(tmp_path: Path) -> None:
    path = files.written(tmp_path / "g.gpkg", grid_rows(), "GPKG", "EPSG:4490")
    with sqlite3.connect(path) as database:
        database.execute("CREATE VIEW v AS SELECT * FROM gpkg_contents")
    database.close()
    with pytest.raises(InvalidInputError, match="视图"):
        prepare(path, _room(tmp_path), LIMITS)


def test_a_zip_bomb_stops_at_the_bound_and_leaves_no_more_than_that(tmp_path: Path) -> None:
    path = files.zipped(tmp_path / "bomb.zip", {"a.geojson": b"0" * 300_000_000})
    assert path.stat().st_size < 1_000_000
    room = _room(tmp_path)
    with pytest.raises(TooLargeError, match="超过上限"):
        prepare(path, room, LIMITS)
    assert sum(part.stat().st_size for part in room.iterdir()) < 100_000_000


def test_an_archive_may_not_hold_too_many_files(tmp_path: Path) -> None:
    path = files.zipped(tmp_path / "many.zip", {f"{n}.kml": b"x" for n in range(201)})
    with pytest.raises(TooLargeError, match="201 个文件"):
        prepare(path, _room(tmp_path), LIMITS)


def test_names_inside_an_archive_lead_nowhere(tmp_path: Path) -> None:
    content = files.kml(grid_rows()).encode()
    path = files.zipped(tmp_path / "p.kmz", {"../../../escaped.kml": content})
    room = _room(tmp_path)
    prepare(path, room, LIMITS)
    assert not list(tmp_path.parent.glob("**/escaped.kml"))
    assert {part.parent for part in room.iterdir()} == {room}


def test_a_locked_archive_is_refused(tmp_path: Path) -> None:
    path = files.zipped(tmp_path / "p.zip", {"a.kml": b"x"})
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(InvalidInputError, match="密码"):
        prepare(path, _room(tmp_path), LIMITS)


def test_a_shapefile_without_its_table_is_refused(tmp_path: Path) -> None:
    path = files.shapefile(tmp_path, grid_rows())
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if not name.endswith(".dbf")}
    with pytest.raises(InvalidInputError, match=r"\.dbf"):
        prepare(files.zipped(tmp_path / "q.zip", parts), _room(tmp_path), LIMITS)


def test_several_layers_are_refused_by_name_and_one_can_be_chosen(tmp_path: Path) -> None:
    first = files.shapefile(tmp_path, grid_rows())
    with zipfile.ZipFile(first) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    both = parts | {name.replace("网格", "other"): content for name, content in parts.items()}
    path = files.zipped(tmp_path / "two.zip", both)
    with pytest.raises(InvalidInputError, match="other") as caught:
        prepare(path, _room(tmp_path), LIMITS)
    assert caught.value.facts["layers"] == ["other", "网格"]
    chosen = tmp_path / "chosen"
    chosen.mkdir()
    assert len(read(prepare(path, chosen, LIMITS, "other"), LIMITS, "other")) == 8


@pytest.mark.parametrize(("bound", "words"), [({"features": 7}, "8 个要素"), ({"vertices": 39}, "40 个顶点")])
def test_too_many_features_or_vertices(tmp_path: Path, bound: dict[str, int], words: str) -> None:
    limits = LIMITS.model_copy(update=bound)
    source = prepare(files.geojson(tmp_path / "g.geojson", grid_rows()), _room(tmp_path), limits)
    with pytest.raises(TooLargeError, match=words):
        read(source, limits)


def test_text_is_bounded_since_it_is_held_in_memory(tmp_path: Path) -> None:
    path = files.geojson(tmp_path / "g.geojson", grid_rows())
    with pytest.raises(TooLargeError, match="GeoPackage"):
        prepare(path, _room(tmp_path), LIMITS.model_copy(update={"territory_bytes": 1000}))


def test_a_place_of_several_polygons_in_kml(village: Importer, tmp_path: Path) -> None:
    words, _ = grid_row(1)
    one, other = (files.kml([(words, shape)]) for shape in (cell(0, 0), cell(2, 0)))
    polygon = other[other.index("<Polygon>") : other.index("</Placemark>")]
    both = one.replace("<Polygon>", "<MultiGeometry><Polygon>").replace(
        "</Placemark>", f"{polygon}</MultiGeometry></Placemark>"
    )
    path = tmp_path / "g.kml"
    path.write_text(both, "utf-8")
    village("grids", path)
    parts = village.session.execute(text("SELECT ST_NumGeometries(geom) FROM grid")).scalar_one()
    assert parts == 2


def test_a_file_without_features_is_refused(village: Importer) -> None:
    with pytest.raises(DomainError, match="没有"):
        village("grids", [])


def test_codes_that_came_as_numbers_stay_codes(village: Importer) -> None:
    row = grid_row(1, 网格编码=320404001001001, 周期=None)
    other = grid_row(2, 网格编码=320404001001002.0)
    village("grids", [row, other])
    assert [code for code, _ in stored_grids(village.session)] == ["320404001001001", "320404001001002"]


def _room(tmp_path: Path) -> Path:
    room = tmp_path / "room"
    room.mkdir()
    return room
