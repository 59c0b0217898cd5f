"""What phones state of each record put down by hand: as one text, when, where the phone was, with which photos."""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from app.errors import InvalidInputError
from app.evidence.schemas import Position, PositionIn
from app.settings import Settings
from geo.datum import Datum, local_metric, to_wgs84
from geo.errors import GeoError

NOTHING_KEPT = "未保存任何内容。"
MAX_PHOTOS = 6
_EARLIEST = datetime(2000, 1, 2, tzinfo=UTC)
# Somebody walks 150 m in two minutes; a position this old says little about where a record was made.
OLD_S = 600.0


def content(sent: dict[str, Any]) -> tuple[str, bytes]:
    """What a record claims as one text, and its SHA-256: equal for equal records."""
    text = json.dumps(sent, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text, hashlib.sha256(text.encode()).digest()


def check_times(made_at: datetime, position: PositionIn | None, settings: Settings) -> None:
    """Raise InvalidInputError for a time before 2000, and for one of the record or of the phone's fix in the future."""
    latest = settings.now() + timedelta(seconds=settings.clock_skew_s)
    if made_at < _EARLIEST or made_at > latest:
        shown = made_at.astimezone(settings.zone) if made_at > _EARLIEST else made_at
        what = "在将来" if made_at > _EARLIEST else "早于 2000 年"
        raise InvalidInputError(
            f"时间 {shown:%Y-%m-%d %H:%M:%S} {what}（服务器现在 {settings.now():%Y-%m-%d %H:%M:%S}），"
            f"请检查手机时钟。{NOTHING_KEPT}",
            problem="time",
        )
    if position is not None and position.time > latest:
        raise InvalidInputError(f"手机位置的时间在将来，请检查手机时钟。{NOTHING_KEPT}", problem="position_time")


def check_photos(photo_ids: Sequence[UUID], least: int) -> None:
    """Raise InvalidInputError unless there are so many photos, not too many, and none of them twice."""
    count = len(photo_ids)
    if not least <= count <= MAX_PHOTOS:
        asked = f"{least} 至 {MAX_PHOTOS} 张" if least else f"最多 {MAX_PHOTOS} 张"
        raise InvalidInputError(f"应附 {asked}现场照片，收到 {count} 张。{NOTHING_KEPT}", problem="photos", count=count)
    if len(set(photo_ids)) < count:
        raise InvalidInputError(f"同一张照片附了两次，请去掉重复的。{NOTHING_KEPT}", problem="photos")


def position_of(position: PositionIn, datum: str) -> Position:
    """Where the phone was, WGS-84. Raises InvalidInputError for what is no position of the datum."""
    try:
        lon, lat = to_wgs84(position.lon, position.lat, Datum(datum))
    except GeoError as error:
        raise InvalidInputError(
            f"手机位置不像是 {datum} 坐标，请核对坐标系和经纬度次序后重发。{NOTHING_KEPT}", problem="position"
        ) from error
    return float(lon), float(lat)


def distance_m(ground: BaseGeometry, lonlat: Position) -> float:
    """Metres from a WGS-84 position to a WGS-84 geometry; 0 inside."""
    plane = local_metric(ground)
    return float(plane.to_metric(ground).distance(plane.to_metric(Point(lonlat))))


def not_there(
    position: PositionIn | None, made_at: datetime, distance_m: float | None, near_m: float, vague_m: float
) -> dict[str, Any] | None:
    """Facts of a finding that the phone is not known to have been there; None when it is.

    `near_m`: farther is somewhere else; `vague_m`: a fix less accurate than that says nothing.
    """
    if position is None or distance_m is None:
        return {"problem": "no_position"}
    age_s = abs((made_at - position.time).total_seconds())
    facts = {"distance_m": round(distance_m, 1), "accuracy_m": position.accuracy_m, "age_s": round(age_s)}
    if distance_m > near_m:
        return {"problem": "far", **facts}
    if age_s > OLD_S:
        return {"problem": "old", **facts}
    if position.accuracy_m is None or position.accuracy_m > vague_m:
        return {"problem": "vague", **facts}
    return None
