"""KML and KMZ: gx:Track, and points with a time stamp. A line without times shows a way, not when anybody was there."""

import zipfile
from dataclasses import dataclass, field
from typing import BinaryIO

from app.archives import BROKEN_ARCHIVE
from app.errors import TooLargeError
from app.patrols.reading.common import NAN, Clock, Points, number, number_or_nan, refused
from app.patrols.reading.xml import Step, steps
from app.patrols.wording import NOTHING_KEPT

_ELEMENTS_PER_FIX = 20
_ACCURACY, _SPEED = "accuracy", "speed"
_HEADING = "bearing"
_MAX_MEMBERS = 1000
_RATIO_FREE_BYTES = 1024 * 1024


@dataclass(slots=True)
class _Reader:
    points: Points
    clock: Clock
    in_track: bool = False
    whens: list[str] = field(default_factory=list)
    coords: list[str] = field(default_factory=list)
    arrays: dict[str, list[str]] = field(default_factory=dict)
    array: str = ""
    point: str = ""
    stamp: str = ""
    untimed_lines: int = 0
    untimed_points: int = 0

    def take(self, step: Step) -> None:
        if step.name == "Track":
            self._track(step)
        elif step.name == "Placemark":
            self._placemark(step)
        elif step.name == "SimpleArrayData" and step.is_start:
            self.array = step.element.get("name", "").lower()
        elif not step.is_start:
            self._value(step)

    def _value(self, step: Step) -> None:
        text = (step.element.text or "").strip()
        if step.name == "when" and self.in_track:
            self.whens.append(text)
            self.points.check_room(len(self.whens))
        elif step.name == "coord" and self.in_track:
            self.coords.append(text)
            self.points.check_room(len(self.coords))
        elif step.name == "value" and step.parent == "SimpleArrayData" and self.in_track:
            self.arrays.setdefault(self.array, []).append(text)
        elif step.name == "when" and step.parent == "TimeStamp":
            self.stamp = text
        elif step.name == "coordinates" and step.parent == "Point":
            self.point = text
        elif step.name == "LineString":
            self.untimed_lines += 1

    def _track(self, step: Step) -> None:
        self.in_track = step.is_start
        if step.is_start:
            self.whens, self.coords, self.arrays = [], [], {}
            return
        if len(self.whens) != len(self.coords):
            raise refused(
                f"gx:Track 中时间 {len(self.whens)} 个、位置 {len(self.coords)} 个，数目不一致",
                problem="track_mismatch",
            )
        self.points.begin()
        columns = [self._column(name) for name in (_ACCURACY, _SPEED, _HEADING)]
        for index, (when, coord) in enumerate(zip(self.whens, self.coords, strict=True)):
            place = f"第 {len(self.points.rows) + 1} 个轨迹点"
            if not coord and not when:
                continue
            lon, lat = _pair(coord.split(), place)
            extra = [number_or_nan(column[index], place, "附加值") if column else NAN for column in columns]
            self.points.add(lon, lat, self.clock.time_us(when, place), *extra)

    def _column(self, name: str) -> list[str]:
        values = self.arrays.get(name, [])
        return values if len(values) == len(self.coords) else []

    def _placemark(self, step: Step) -> None:
        if not step.is_start and self.point:
            place = f"第 {len(self.points.rows) + 1} 个点位"
            if self.stamp:
                lon, lat = _pair(self.point.split(",")[:2], place)
                self.points.add(lon, lat, self.clock.time_us(self.stamp, place))
            else:
                self.untimed_points += 1
        self.point, self.stamp = "", ""


def _pair(parts: list[str], place: str) -> tuple[float, float]:
    if len(parts) < 2:
        raise refused(f"{place}没有经纬度", problem="coordinates")
    return number(parts[0], place, "经度"), number(parts[1], place, "纬度")


def read_kml(source: BinaryIO, points: Points, clock: Clock) -> None:
    """Fill `points` from a KML file. Raises InvalidInputError or TooLargeError with a message in Chinese."""
    reader = _Reader(points, clock)
    root = ""
    for step in steps(source, _ELEMENTS_PER_FIX * points.max_fixes + 10_000):
        root = root or step.name
        reader.take(step)
    if root != "kml":
        raise refused(f"文件不是 KML（根元素是 {root}）", problem="not_kml")
    if not points.rows and reader.untimed_lines:
        raise refused(
            f"文件中只有 {reader.untimed_lines} 条没有时间的线（LineString），看不出何时有人到过，"
            "不能作为巡查证据；请导出带时间的轨迹（gx:Track 或 GPX）",
            problem="no_time",
        )
    if reader.untimed_lines:
        points.notes.append(f"{reader.untimed_lines} 条没有时间的线未采用。")
    if reader.untimed_points:
        points.notes.append(f"{reader.untimed_points} 个没有时间的点位未采用。")


def open_kmz(source: BinaryIO, max_bytes: int, max_ratio: int) -> bytes:
    """The KML inside a KMZ, unpacked no further than the bounds. Raises InvalidInputError or TooLargeError."""
    try:
        with zipfile.ZipFile(source) as archive:
            member = _kml_member(archive)
            with archive.open(member) as packed:
                data = packed.read(max_bytes + 1)
    except BROKEN_ARCHIVE as error:
        raise refused("压缩文件已损坏、已加密或压缩方式不支持", problem="broken_zip", detail=str(error)[:100]) from None
    ratio = len(data) / max(member.compress_size, 1)
    if len(data) > max_bytes or (len(data) > _RATIO_FREE_BYTES and ratio > max_ratio):
        message = f"压缩文件解开后超过允许的大小，疑似压缩炸弹，未读取。{NOTHING_KEPT}"
        raise TooLargeError(message, problem="zip_bomb", limit_bytes=max_bytes)
    return data


def _kml_member(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    members = archive.infolist()
    if len(members) > _MAX_MEMBERS:
        raise refused(f"压缩文件中有 {len(members)} 个文件，过多", problem="zip_members")
    found = [m for m in members if m.filename.lower().endswith(".kml")]
    main = [m for m in found if m.filename.lower() == "doc.kml"] or found
    if len(main) == 1:
        return main[0]
    if any(m.filename.lower().endswith((".zip", ".kmz")) for m in members):
        raise refused("压缩文件里还有压缩文件，请解开后导入其中的轨迹文件", problem="nested_zip")
    raise refused(f"压缩文件中应有一个 KML，现有 {len(main)} 个", problem="zip_members")
