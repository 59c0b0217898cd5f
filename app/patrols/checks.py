"""What a record must satisfy as a whole before it is judged: places and times that can be, and are not mixed up."""

from datetime import UTC, datetime
from typing import NoReturn

import numpy as np
import numpy.typing as npt

from app.errors import InvalidInputError
from app.patrols.fixes import Floats, Ints, RawFixes, instant, microseconds
from app.patrols.schemas import bound_count
from app.patrols.wording import NOTHING_KEPT
from app.settings import Settings
from geo.frame import MAX_LAT

EARLIEST = datetime(2000, 1, 2, tzinfo=UTC)
MAX_ASSUMED_ACCURACY_M = 100.0
# Farther than this from every unit of the installation, a patrol is somewhere else.
_NEAR_DEG = 0.5

Box = tuple[float, float, float, float]


def check(fixes: RawFixes, settings: Settings) -> None:
    """Refuse fixes that cannot be what they claim; names the first bad fix (from 1) and its value. In any datum."""
    bound_count(len(fixes), settings.upload.fixes)
    _positions(fixes.lon, fixes.lat)
    _accuracies(fixes)
    _times(fixes.time_us, settings)


def check_place(lon: Floats, lat: Floats, homes: list[Box]) -> list[str]:
    """Notes on WGS-84 positions against the boxes of the installation's units; none when there are no units.

    Raises InvalidInputError when no position lies near a unit and they would with lon and lat exchanged.
    """
    if not homes or _near(lon, lat, homes).any():
        return []
    if _near(lat, lon, homes).any():
        raise InvalidInputError(
            f"定位点都不在本系统的辖区附近（第 1 个为经度 {lon[0]:g}、纬度 {lat[0]:g}），"
            f"经纬度对调后则在辖区内，疑似经纬度写反。请改正后重发。{NOTHING_KEPT}",
            problem="swapped",
        )
    return ["定位点都不在本系统的辖区附近，不影响任何单元的覆盖。"]


def _near(lon: Floats, lat: Floats, homes: list[Box]) -> npt.NDArray[np.bool_]:
    near = np.zeros(lon.shape, dtype=np.bool_)
    for west, south, east, north in homes:
        near |= (
            (lon >= west - _NEAR_DEG)
            & (lon <= east + _NEAR_DEG)
            & (lat >= south - _NEAR_DEG)
            & (lat <= north + _NEAR_DEG)
        )
    return near


def _positions(lon: Floats, lat: Floats) -> None:
    for column, name, bound in ((lon, "经度", 180.0), (lat, "纬度", 90.0)):
        wrong = ~np.isfinite(column) | (np.abs(column) > bound)
        if wrong.any():
            at = int(np.argmax(wrong))
            swapped = name == "纬度" and bool(np.all(np.abs(lat) <= 180) and np.all(np.abs(lon) <= 90))
            hint = "经纬度对调后则有效，疑似经纬度写反" if swapped else "应为以度为单位的经纬度，不是投影坐标"
            _refuse(
                at, f"{name} {column[at]:g} 超出范围 -{bound:g} 至 {bound:g}，{hint}", "swapped" if swapped else "range"
            )
    beyond = np.abs(lat) > MAX_LAT
    if beyond.any():
        at = int(np.argmax(beyond))
        _refuse(at, f"纬度 {lat[at]:g} 超出本系统能表示的范围（±85°）", "range")


def _accuracies(fixes: RawFixes) -> None:
    wrong = (fixes.accuracy_m < 0) | np.isinf(fixes.accuracy_m)
    if wrong.any():
        at = int(np.argmax(wrong))
        _refuse(at, f"精度 {fixes.accuracy_m[at]:g} 米无效；未知时请写 null，不要写负数", "accuracy")
    assumed = fixes.assumed_accuracy_m
    if assumed is not None and not 0 < assumed <= MAX_ASSUMED_ACCURACY_M:
        raise InvalidInputError(
            f"补充说明的精度 {assumed:g} 米无效，应大于 0、不超过 {MAX_ASSUMED_ACCURACY_M:g}。{NOTHING_KEPT}",
            problem="accuracy",
        )


def _times(time_us: Ints, settings: Settings) -> None:
    early = time_us < microseconds(EARLIEST)
    if early.any():
        at = int(np.argmax(early))
        hint = "；疑似把 Unix 秒当作毫秒" if 0 < time_us[at] < 10**13 else ""
        _refuse(at, f"时间 {_local(time_us[at], settings)} 早于 2000 年，设备时钟有误{hint}", "time_past")
    now = settings.now()
    late = time_us > microseconds(now) + settings.clock_skew_s * 1_000_000
    if late.any():
        at = int(np.argmax(late))
        text = (
            f"时间 {_local(time_us[at], settings)} 在将来（服务器现在 {now:%Y-%m-%d %H:%M:%S}），请检查设备时钟和时区"
        )
        _refuse(at, text, "time_future")
    if len(time_us) > 1 and (time_us == time_us[0]).all():
        raise InvalidInputError(
            f"全部 {len(time_us)} 个定位点的时间都是 {_local(time_us[0], settings)}，不能说明先后。{NOTHING_KEPT}",
            problem="one_instant",
        )


def _local(time_us: int, settings: Settings) -> str:
    try:
        return f"{instant(time_us).astimezone(settings.zone):%Y-%m-%d %H:%M:%S}"
    except OverflowError:
        return f"{time_us // 1000} 毫秒"


def _refuse(index: int, problem: str, kind: str) -> NoReturn:
    raise InvalidInputError(f"第 {index + 1} 个定位点的{problem}。{NOTHING_KEPT}", problem=kind, fix=index + 1)
