"""What all readers share: collecting fixes within the bound, and reading numbers and times as people write them."""

import itertools
import re
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from app.errors import InvalidInputError, TooLargeError
from app.patrols.fixes import RawFixes, instant, microseconds
from app.patrols.wording import NOTHING_KEPT, shown

_WRITTEN_TIME = re.compile(
    r"(?P<year>\d{4})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?[\sT]+"
    r"(?P<hour>\d{1,2})[:：时](?P<minute>\d{1,2})(?:[:：分](?P<second>\d{1,2})(?:\.(?P<part>\d{1,9}))?)?[分秒]?"
)
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d{1,3})?")
_PARTS = ("year", "month", "day", "hour", "minute", "second")
_SECONDS_DIGITS, _MILLISECONDS_DIGITS = 10, 13
NAN = float("nan")


def refused(message: str, **facts: object) -> InvalidInputError:
    """The error to raise; it says that nothing was stored."""
    return InvalidInputError(f"{message}。{NOTHING_KEPT}", **facts)


@dataclass(slots=True)
class Clock:
    """How times without a zone are read: in `zone`, or not at all when it is None. Counts how many there were."""

    zone: ZoneInfo | None
    naive: int = 0

    def time_us(self, text: str, place: str) -> int:
        """Microseconds since 1970 of a time as written: ISO-8601, 2026/10/1 8:00:00, Unix seconds or milliseconds."""
        text = text.strip()
        if text.isascii() and text.isdigit() and len(text) in (_SECONDS_DIGITS, _MILLISECONDS_DIGITS):
            return int(text) * (1_000_000 if len(text) == _SECONDS_DIGITS else 1000)
        at = _written(text)
        if at is None:
            raise refused(f"{place}的时间 {shown(text)} 不能识别，请写成 2026-10-01T08:00:00+08:00", place=place)
        if at.tzinfo is None:
            if self.zone is None:
                raise refused(
                    f"{place}的时间 {shown(text)} 没有时区，请在导入时指明 time_zone（如 Asia/Shanghai）", place=place
                )
            self.naive += 1
            at = at.replace(tzinfo=self.zone)
        return microseconds(at)

    def notes(self) -> list[str]:
        """Says so when times were read in an assumed zone."""
        return [f"文件中 {self.naive} 个时间没有写时区，按 {self.zone} 理解。"] if self.naive else []


def _written(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    found = _WRITTEN_TIME.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(found[n] or 0) for n in _PARTS)
    micro = int((found["part"] or "0").ljust(6, "0")[:6])
    try:
        return datetime(year, month, day, hour, minute, second, micro)  # noqa: DTZ001 - the Clock adds the zone
    except ValueError:
        return None


def number(text: str | None, place: str, what: str) -> float:
    """A finite number as written; blank is refused. Not Python's float(), which also reads nan, inf and 1_000."""
    text = (text or "").strip()
    if not _NUMBER.fullmatch(text):
        raise refused(f"{place}的{what} {shown(text)} 不是有效的数字", place=place)
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise refused(f"{place}的{what} {shown(text)} 过大", place=place)
    return value


def number_or_nan(text: str | None, place: str, what: str) -> float:
    """As `number`; blank means unknown (NaN)."""
    return number(text, place, what) if text and text.strip() else NAN


@dataclass(slots=True)
class Points:
    """Fixes as they are read, in unbroken stretches; refuses more than the bound as soon as it is passed."""

    max_fixes: int
    rows: list[tuple[float, float, int, float, float, float]] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def begin(self) -> None:
        """A new stretch starts with the next fix."""
        self.starts.append(len(self.rows))

    def add(
        self, lon: float, lat: float, time_us: int, accuracy_m: float = NAN, speed: float = NAN, heading: float = NAN
    ) -> None:
        """One fix; unknown values are NaN."""
        self.rows.append((lon, lat, time_us, accuracy_m, speed, heading))
        self.check_room(0)

    def check_room(self, more: int) -> None:
        """Raise TooLargeError when this many more would pass the bound."""
        if len(self.rows) + more > self.max_fixes:
            raise TooLargeError(
                f"文件中的定位点超过 {self.max_fixes} 个，请按时段拆分成多个文件导入。{NOTHING_KEPT}",
                problem="too_many",
                limit=self.max_fixes,
            )

    def build(self, assumed_accuracy_m: float | None) -> RawFixes:
        """The columns. Raises InvalidInputError when there are none, or when two stretches overlap in time."""
        if not self.rows:
            raise refused("文件中没有带时间的定位点，不能作为巡查证据", problem="empty")
        lon, lat, time_us, accuracy, speed, heading = zip(*self.rows, strict=True)
        times = np.array(time_us, dtype=np.int64)
        self._refuse_overlap(times)
        speeds, headings = np.array(speed), np.array(heading)
        return RawFixes(
            lon=np.array(lon),
            lat=np.array(lat),
            time_us=times,
            accuracy_m=np.array(accuracy),
            speed_m_s=None if np.isnan(speeds).all() else speeds,
            heading_deg=None if np.isnan(headings).all() else headings,
            assumed_accuracy_m=assumed_accuracy_m,
        )

    def _refuse_overlap(self, times: np.ndarray[tuple[int], np.dtype[np.int64]]) -> None:
        parts = [part for part in np.split(times, self.starts) if part.size]
        spans = sorted((int(part.min()), int(part.max())) for part in parts)
        for (_, end), (start, _) in itertools.pairwise(spans):
            if start < end:
                raise refused(
                    f"文件中有两段轨迹在 {instant(start):%Y-%m-%d %H:%M:%S} UTC 前后时间重叠，"
                    "一次巡查只能是一个人的一条轨迹，请拆分后分别导入",
                    problem="overlap",
                )
