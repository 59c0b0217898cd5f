"""Files as people have them: read right, or refused with words that help; never half, never without bound."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import gpxpy
import numpy as np
import pytest

from app.errors import DomainError, InvalidInputError, TooLargeError
from app.patrols.fixes import instant
from app.patrols.reading.files import FileFixes, id_of, read_file
from app.settings import UploadLimits

DATA = Path(__file__).parents[2] / "data"
BEIJING = timezone(timedelta(hours=8))
LIMITS = UploadLimits(patrol_bytes=2_000_000, fixes=1000)


def read(
    data: bytes | str, limits: UploadLimits = LIMITS, accuracy_m: float | None = None, zone: str | None = None
) -> FileFixes:
    return read_file(data.encode() if isinstance(data, str) else data, limits, accuracy_m, zone)


def refusal(data: bytes | str, limits: UploadLimits = LIMITS) -> str:
    with pytest.raises(DomainError) as caught:
        read(data, limits)
    assert "未保存任何内容" in caught.value.message
    return caught.value.message


def gpx(points: str) -> str:
    return (
        '<?xml version="1.0"?><gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">'
        f"<trk><name>甲</name><trkseg>{points}</trkseg></trk></gpx>"
    )


def kml(inside: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2" '
        f'xmlns:gx="http://www.google.com/kml/ext/2.2"><Document>{inside}</Document></kml>'
    )


TRACK = kml(
    "<Placemark><gx:Track><when>2026-10-01T00:00:00Z</when><when>2026-10-01T00:00:05Z</when>"
    "<gx:coord>119.95 31.77 4</gx:coord><gx:coord>119.9501 31.7701 4</gx:coord><ExtendedData><SchemaData>"
    '<gx:SimpleArrayData name="accuracy"><gx:value>5</gx:value><gx:value>6.5</gx:value></gx:SimpleArrayData>'
    "</SchemaData></ExtendedData></gx:Track></Placemark>"
)
POINT = '<trkpt lat="31.77" lon="119.95"><time>2026-10-01T00:00:00Z</time></trkpt>'
CSV = "经度,纬度,时间,精度\n119.95,31.77,2026-10-01 08:00:00,5\n119.9501,31.7701,2026/10/1 8:00:05,\n"


@pytest.mark.parametrize("name", ["cerknicko-jezero.gpx", "korita-zbevnica.gpx"])
def test_real_hikes_as_gpxpy_reads_them(name: str) -> None:
    data = (DATA / name).read_bytes()
    ours = read(data).fixes
    theirs = [p for t in gpxpy.parse(data.decode()).tracks for s in t.segments for p in s.points if p.time]
    assert len(ours) == len(theirs)
    assert ours.lon.tolist() == [p.longitude for p in theirs]
    assert ours.lat.tolist() == [p.latitude for p in theirs]
    assert [instant(t) for t in ours.time_us] == [p.time.astimezone(UTC) for p in theirs if p.time]
    assert np.isnan(ours.accuracy_m).all()


def test_a_hike_says_which_track_has_no_times() -> None:
    found = read((DATA / "korita-zbevnica.gpx").read_bytes())
    assert len(found.fixes) == 513
    assert any("358 个点没有时间" in note for note in found.notes)


def test_gpx_accuracy_comes_from_extensions_and_never_from_hdop() -> None:
    point = (
        '<trkpt lat="31.77" lon="119.95"><time>2026-10-01T08:00:0{n}+08:00</time><hdop>1.1</hdop>'
        "<extensions><x:accuracy xmlns:x='urn:x'>{a}</x:accuracy></extensions></trkpt>"
    )
    found = read(gpx(point.format(n=0, a=4.5) + point.format(n=5, a=7)))
    assert found.fixes.accuracy_m.tolist() == [4.5, 7.0]
    assert instant(found.fixes.time_us[1]) == datetime(2026, 10, 1, 0, 0, 5, tzinfo=UTC)
    bare = read(gpx('<trkpt lat="31" lon="119"><time>2026-10-01T00:00:00Z</time><hdop>1.1</hdop></trkpt>'))
    assert np.isnan(bare.fixes.accuracy_m).all()
    assert any("HDOP" in note for note in bare.notes)


def test_kml_track_and_kmz() -> None:
    found = read(TRACK)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("files/icon.png", b"x")
        archive.writestr("doc.kml", TRACK)
    for one in (found, read(packed.getvalue())):
        assert one.source == "kml"
        assert one.fixes.lon.tolist() == [119.95, 119.9501]
        assert one.fixes.accuracy_m.tolist() == [5.0, 6.5]


def test_kml_points_with_time_stamps() -> None:
    place = (
        "<Placemark><TimeStamp><when>{t}</when></TimeStamp>"
        "<Point><coordinates>119.95,31.77,0</coordinates></Point></Placemark>"
    )
    found = read(kml(place.format(t="2026-10-01T00:00:00Z") + place.format(t="2026-10-01T00:00:05Z")))
    assert len(found.fixes) == 2


def test_xml_in_gbk_is_read() -> None:
    text = gpx(POINT + POINT.replace("00:00:00", "00:00:05")).replace('"1.0"?', '"1.0" encoding="GB2312"?', 1)
    assert len(read(text.encode("gb18030")).fixes) == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_as_spreadsheets_write_it(encoding: str, delimiter: str) -> None:
    found = read(CSV.replace(",", delimiter).encode(encoding))
    assert found.fixes.lon.tolist() == [119.95, 119.9501]
    assert instant(found.fixes.time_us[1]).astimezone(BEIJING) == datetime(2026, 10, 1, 8, 0, 5, tzinfo=BEIJING)
    assert found.fixes.accuracy_m[0] == 5.0
    assert np.isnan(found.fixes.accuracy_m[1])
    assert any("Asia/Shanghai" in note for note in found.notes)


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("lon,lat,time", "119.95,31.77,1790812800000"),
        ("Longitude,Latitude,Timestamp", "119.95,31.77,1790812800"),
        ("经度,纬度,日期,时间", "119.95,31.77,2026年10月1日,8时0分0秒"),
        ("X,Y,定位时间", "119.95,31.77,2026-10-01T00:00:00Z"),
    ],
)
def test_csv_names_and_times(header: str, cells: str) -> None:
    found = read(f"{header}\n{cells}\n")
    assert instant(found.fixes.time_us[0]) == datetime(2026, 10, 1, tzinfo=UTC)


def test_csv_zone_can_be_stated() -> None:
    found = read(CSV, zone="UTC")
    assert instant(found.fixes.time_us[0]) == datetime(2026, 10, 1, 8, tzinfo=UTC)


def collection(*features: object) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features})


def feature(kind: str, coordinates: object, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "geometry": {"type": kind, "coordinates": coordinates}, "properties": properties}


def test_geojson_points_and_lines() -> None:
    times = ["2026-10-01T00:00:00Z", "2026-10-01T00:00:05Z"]
    line = [[119.95, 31.77], [119.9501, 31.7701, 12.0]]
    as_points = [feature("Point", at[:2], time=t, accuracy_m=5) for at, t in zip(line, times, strict=True)]
    for text in (
        collection(*as_points),
        collection(feature("LineString", line, coordTimes=times, accuracy=5)),
        collection(feature("MultiLineString", [line], coordTimes=[times], accuracy=5)),
        collection(feature("LineString", line, coordinateProperties={"times": times}, accuracy=[5, 5])),
    ):
        found = read(text)
        assert found.source == "geojson"
        assert found.fixes.lon.tolist() == [119.95, 119.9501]
        assert found.fixes.accuracy_m.tolist() == [5.0, 5.0]


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doc.kml", b"<kml>" + b" " * 50_000_000 + b"</kml>")
    return packed.getvalue()


def nested() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("inner.kmz", bomb())
    return packed.getvalue()


def broken_zip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doc.kml", TRACK)
    data = bytearray(packed.getvalue())
    data[60:80] = b"\0" * 20
    return bytes(data)


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE gpx [<!ENTITY a "哈哈哈"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><gpx><trk><name>&c;</name></trk></gpx>'
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE gpx [<!ENTITY a SYSTEM "file:///etc/hostname">]><gpx><name>&a;</name></gpx>'
LINE = "<Placemark><LineString><coordinates>119.95,31.77 119.96,31.78</coordinates></LineString></Placemark>"
TWO_SEGMENTS = (
    POINT + POINT.replace("00:00:00", "00:10:00") + "</trkseg><trkseg>" + POINT.replace("00:00:00", "00:05:00")
)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("", "文件是空的"),
        ("   \n", "文件是空的"),
        (gpx(POINT)[:-20], "XML 文件不完整或已损坏"),
        (gpx(""), "没有带时间的定位点"),
        (gpx('<trkpt lat="31" lon="119"/>'), "1 个点没有时间"),
        (gpx(POINT + '<trkpt lat="31" lon="119"/>'), "“甲”中有 1 个点没有时间"),
        (gpx(POINT.replace("119.95", "NaN")), "第 1 个轨迹点的经度 'NaN' 不是有效的数字"),
        (gpx(POINT.replace("31.77", "1e999")), "第 1 个轨迹点的纬度 '1e999' 过大"),
        (gpx(POINT.replace("2026-10-01T00:00:00Z", "昨天")), "第 1 个轨迹点的时间 '昨天' 不能识别"),
        (gpx(POINT.replace("00:00Z", "00:00")), "没有时区"),
        (gpx(TWO_SEGMENTS), "时间重叠"),
        ("<html><body/></html>", "文件不是 GPX"),
        ("<a>" * 5000, "嵌套超过"),
        (LAUGHS, "实体定义"),
        (LAUGHS.encode("utf-16"), "实体定义"),
        (OUTSIDE, "实体定义"),
        ('<?xml version="1.0" encoding="klingon"?><gpx/>', "编码"),
        (kml(LINE), "没有时间的线"),
        (kml(""), "没有带时间的定位点"),
        (TRACK.replace("<when>2026-10-01T00:00:05Z</when>", ""), "时间 1 个、位置 2 个"),
        (TRACK.replace("119.95 31.77 4", "119.95"), "没有经纬度"),
        (bomb(), "压缩炸弹"),
        (nested(), "还有压缩文件"),
        (broken_zip(), "已损坏"),
        (b"PK\x03\x04 and nothing more", "已损坏"),
        ("{", "不是有效的 JSON"),
        ("[]", "不是 GeoJSON"),
        ('{"type":"FeatureCollection","features":[]}', "没有带时间的定位点"),
        (collection(feature("LineString", [[119, 31], [119, 31]])), "没有时间的线"),
        (collection(feature("LineString", [[119, 31]], coordTimes=[])), "1 个坐标、0 个时间"),
        (collection(feature("Point", [119, 31])), "没有时间属性"),
        (collection(feature("Point", ["119", 31], time="2026-10-01T00:00:00Z")), "不是有效的数字"),
        (collection(feature("Polygon", [], time="2026-10-01T00:00:00Z")), "不是点或线"),
        ('{"type":"FeatureCollection","features":[NaN]}', "不是有效的 JSON"),
        ('{"type":"FeatureCollection","crs":{"properties":{"name":"EPSG:4549"}},"features":[]}', "EPSG:4549"),
        ("119.95,31.77,2026-10-01 08:00:00\n", "首行应为列名"),
        ("经度,纬度\n119.95,31.77\n", "缺少：时间"),
        ("经度,lon,纬度,时间\n", "有 2 列都像经度"),
        ("经度,纬度,时间\n119.95,31.77,\n", "第 2 行没有时间"),
        ("经度,纬度,时间\n119.95,abc,2026-10-01 08:00:00\n", "第 2 行的纬度 'abc'"),
        ('经度,纬度,时间\n"119.95,31.77,2026-10-01 08:00:00\n', "引号未成对"),
        ("经度,纬度,时间\n119.95,31.77,2026-13-01 08:00:00\n", "不能识别"),
        (bytes(range(128, 256)) * 3, "编码"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "编码"),
    ],
)  # fmt: skip
def test_bad_files_are_refused_in_words(data: bytes | str, words: str) -> None:
    assert words in refusal(data)


@pytest.mark.parametrize(
    "make",
    [
        lambda n: gpx(POINT * n),
        lambda n: gpx('<trkpt lat="1" lon="1"/>' * n),
        lambda n: kml("<Placemark><gx:Track>" + "<when>2026-10-01T00:00:00Z</when>" * n),
        lambda n: kml("<Placemark><gx:Track>" + "<gx:coord>1 1 1</gx:coord>" * n),
        lambda n: gpx("<trkpt>" + "<a/>" * n * 200),
        lambda n: "经度,纬度,时间\n" + "1,1,1790812800\n" * n,
        lambda n: '{"type":"FeatureCollection","features":[' + "1," * n * 100,
    ],
)
def test_too_many_is_noticed_while_reading(make: Callable[[int], str]) -> None:
    limits = UploadLimits(fixes=100)
    with pytest.raises(TooLargeError) as caught:
        read(make(101) + "broken from here on", limits)
    assert caught.value.facts["problem"] == "too_many"


def test_one_too_many_is_refused() -> None:
    places = [feature("Point", [1, 1], time=1790812800 + n) for n in range(101)]
    assert "超过 100 个" in refusal(collection(*places), UploadLimits(fixes=100))
    assert len(read(collection(*places), UploadLimits(fixes=101)).fixes) == 101


def test_unknown_zone_is_refused() -> None:
    for name in ("Mars/Base", "../../etc/passwd", "America", ""):
        if name:
            with pytest.raises(InvalidInputError, match="时区"):
                read(CSV, zone=name)


def test_the_same_bytes_have_the_same_id() -> None:
    assert id_of(b"a", None) == id_of(b"a", None) != id_of(b"b", None)
    assert id_of(b"a", 8.0) == id_of(b"a", 8.0) != id_of(b"a", None)
    assert id_of(b"a", None).version == 5
