"""GPX 1.0 and 1.1: every track segment is a stretch; routes and waypoints are plans and notes, not evidence."""

from dataclasses import dataclass, field
from typing import BinaryIO

from app.patrols.reading.common import Clock, Points, number, number_or_nan, refused
from app.patrols.reading.xml import Step, steps

_ELEMENTS_PER_FIX = 20
# Receivers write an accuracy in metres under these names; HDOP is a factor of geometry and says nothing in metres.
_ACCURACY = frozenset({"accuracy", "horizontalaccuracy", "haccuracy", "hacc", "acc"})
_HEADING = frozenset({"course", "bearing", "heading"})


@dataclass(slots=True)
class _Reader:
    points: Points
    clock: Clock
    track: str = ""
    timed: int = 0
    untimed: int = 0
    read: int = 0
    with_hdop: int = 0
    point: dict[str, str] | None = None
    left_out: list[str] = field(default_factory=list)

    def take(self, step: Step) -> None:
        if step.name == "trk":
            self._track(step)
        elif step.name == "trkseg" and step.is_start:
            self.points.begin()
        elif step.name == "trkpt":
            self._point(step)
        elif not step.is_start:
            self._value(step)

    def _value(self, step: Step) -> None:
        if self.point is not None:
            self.point[step.name.lower()] = step.element.text or ""
        elif step.name == "name" and step.parent == "trk":
            self.track = (step.element.text or "").strip()[:60]

    def _track(self, step: Step) -> None:
        if step.is_start:
            self.track, self.timed, self.untimed = "", 0, 0
        elif self.untimed and self.timed:
            raise refused(
                f"轨迹“{self.track}”中有 {self.untimed} 个点没有时间，其余有时间，文件可能已损坏", problem="no_time"
            )
        elif self.untimed:
            self.left_out.append(f"轨迹“{self.track}”的 {self.untimed} 个点没有时间，不能作为巡查证据，未采用。")

    def _point(self, step: Step) -> None:
        if step.is_start:
            self.read += 1
            self.points.check_room(self.untimed + 1)
            self.point = {"lon": step.element.get("lon", ""), "lat": step.element.get("lat", "")}
            return
        values, self.point = self.point or {}, None
        place = f"第 {self.read} 个轨迹点"
        self.with_hdop += "hdop" in values
        if not values.get("time", "").strip():
            self.untimed += 1
            return
        self.timed += 1
        accuracy = next((text for name, text in values.items() if name in _ACCURACY), None)
        heading = next((text for name, text in values.items() if name in _HEADING), None)
        self.points.add(
            number(values["lon"], place, "经度"),
            number(values["lat"], place, "纬度"),
            self.clock.time_us(values["time"], place),
            number_or_nan(accuracy, place, "精度"),
            number_or_nan(values.get("speed"), place, "速度"),
            number_or_nan(heading, place, "方向"),
        )


def read_gpx(source: BinaryIO, points: Points, clock: Clock) -> None:
    """Fill `points` from a GPX file. Raises InvalidInputError or TooLargeError with a message in Chinese."""
    reader = _Reader(points, clock)
    root = ""
    for step in steps(source, _ELEMENTS_PER_FIX * points.max_fixes + 10_000):
        root = root or step.name
        reader.take(step)
    if root != "gpx":
        raise refused(f"文件不是 GPX（根元素是 {root}）", problem="not_gpx")
    if reader.left_out and not points.rows:
        raise refused("；".join(note.rstrip("。") for note in reader.left_out[:5]), problem="no_time")
    points.notes += reader.left_out
    if reader.with_hdop and all(row[3] != row[3] for row in points.rows):
        points.notes.append("文件只有 HDOP（几何精度因子），不是以米计的精度，未采用。")
