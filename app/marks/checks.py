"""What a mark must satisfy besides its area, and the sign that it was made from elsewhere."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from app.errors import InvalidInputError
from app.marks.ground import NOTHING_KEPT
from app.marks.schemas import OTHER, REASONS, MarkIn
from app.settings import Settings

EARLIEST = datetime(2000, 1, 2, tzinfo=UTC)
MAX_PHOTOS = 6
# Nothing is inaccessible for ever: whoever still finds it so asks again.
MAX_INACCESSIBLE_DAYS = 90
# A phone in a yard may be a building away from what it sees; beyond this it is somewhere else.
FAR_M = 150.0
# Somebody walks 150 m in two minutes; a position this old says little about where the mark was made.
OLD_S = 600.0


def check(mark: MarkIn, settings: Settings) -> None:
    """Raise InvalidInputError for what cannot be, or is not enough."""
    _check_words(mark)
    _check_photos(mark)
    check_made_at(mark.made_at, settings)
    if mark.position is not None and mark.position.time > latest(settings):
        raise InvalidInputError(f"手机位置的时间在将来，请检查手机时钟。{NOTHING_KEPT}", problem="position_time")
    _check_until(mark, settings)


def check_made_at(made_at: datetime, settings: Settings) -> None:
    """Raise InvalidInputError for a time before 2000 or in the future."""
    if made_at < EARLIEST or made_at > latest(settings):
        shown = made_at.astimezone(settings.zone) if made_at > EARLIEST else made_at
        what = "在将来" if made_at > EARLIEST else "早于 2000 年"
        raise InvalidInputError(
            f"时间 {shown:%Y-%m-%d %H:%M:%S} {what}（服务器现在 {settings.now():%Y-%m-%d %H:%M:%S}），"
            f"请检查手机时钟。{NOTHING_KEPT}",
            problem="time",
        )


def latest(settings: Settings) -> datetime:
    """The last instant that a clock may claim."""
    return settings.now() + timedelta(seconds=settings.clock_skew_s)


def last_day(mark: MarkIn, made_on: date) -> date:
    """The last day on which what was found inaccessible may count as that."""
    return mark.until or made_on + timedelta(days=MAX_INACCESSIBLE_DAYS)


def day_after(day: date) -> date:
    """The next day."""
    return day + timedelta(days=1)


def far(mark: MarkIn, distance_m: float | None) -> dict[str, Any] | None:
    """Facts of the finding mark_far; None when the phone was there."""
    position = mark.position
    if position is None or distance_m is None:
        return {"problem": "no_position"}
    age_s = abs((mark.made_at - position.time).total_seconds())
    facts = {"distance_m": round(distance_m, 1), "accuracy_m": position.accuracy_m, "age_s": round(age_s)}
    if distance_m > FAR_M:
        return {"problem": "far", **facts}
    if age_s > OLD_S:
        return {"problem": "old", **facts}
    if position.accuracy_m is None or position.accuracy_m > FAR_M:
        return {"problem": "vague", **facts}
    return None


def _check_words(mark: MarkIn) -> None:
    reasons = REASONS[mark.kind]
    if mark.reason not in reasons:
        known = "、".join(f"{code}（{text}）" for code, text in reasons.items())
        raise InvalidInputError(f"原因 {mark.reason!r} 不可选，应为：{known}。{NOTHING_KEPT}", problem="reason")
    if mark.reason == OTHER and mark.note is None:
        raise InvalidInputError(f"原因选“其他”时，请写明具体情况。{NOTHING_KEPT}", problem="note")


def _check_photos(mark: MarkIn) -> None:
    count = len(mark.photo_ids)
    if not 1 <= count <= MAX_PHOTOS:
        raise InvalidInputError(
            f"应附 1 至 {MAX_PHOTOS} 张现场照片，收到 {count} 张。{NOTHING_KEPT}", problem="photos", count=count
        )
    if len(set(mark.photo_ids)) < count:
        raise InvalidInputError(f"同一张照片附了两次，请去掉重复的。{NOTHING_KEPT}", problem="photos")


def _check_until(mark: MarkIn, settings: Settings) -> None:
    if mark.until is None:
        return
    if mark.kind != "inaccessible":
        raise InvalidInputError(f"只有“无法进入”才有截止日期 until。{NOTHING_KEPT}", problem="until")
    made_on = mark.made_at.astimezone(settings.zone).date()
    last = made_on + timedelta(days=MAX_INACCESSIBLE_DAYS)
    if not made_on <= mark.until <= last:
        raise InvalidInputError(
            f"截止日期 {mark.until} 应在 {made_on} 至 {last} 之间（最长 {MAX_INACCESSIBLE_DAYS} 天）；"
            f"到期仍无法进入，请再次上报。{NOTHING_KEPT}",
            problem="until",
        )
