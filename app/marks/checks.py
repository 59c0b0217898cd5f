"""What a mark must satisfy besides its area, and the sign that it was made from elsewhere."""

from datetime import date, timedelta
from typing import Any

from app.errors import InvalidInputError
from app.evidence import service as evidence
from app.evidence.service import NOTHING_KEPT
from app.marks.schemas import OTHER, REASONS, MarkIn
from app.settings import Settings

# Nothing is inaccessible for ever: whoever still finds it so asks again.
MAX_INACCESSIBLE_DAYS = 90
# A phone in a yard may be a building away from what it sees; beyond this it is somewhere else.
FAR_M = 150.0


def check(mark: MarkIn, settings: Settings) -> None:
    """Raise InvalidInputError for what cannot be, or is not enough."""
    _check_words(mark)
    evidence.check_photos(mark.photo_ids, least=1)
    evidence.check_times(mark.made_at, mark.position, settings)
    _check_until(mark, settings)


def last_day(mark: MarkIn, made_on: date) -> date:
    """The last day on which what was found inaccessible may count as that."""
    return mark.until or made_on + timedelta(days=MAX_INACCESSIBLE_DAYS)


def day_after(day: date) -> date:
    """The next day."""
    return day + timedelta(days=1)


def far(mark: MarkIn, distance_m: float | None) -> dict[str, Any] | None:
    """Facts of the finding mark_far; None when the phone was there."""
    return evidence.not_there(mark.position, mark.made_at, distance_m, FAR_M, FAR_M)


def _check_words(mark: MarkIn) -> None:
    reasons = REASONS[mark.kind]
    if mark.reason not in reasons:
        known = "、".join(f"{code}（{text}）" for code, text in reasons.items())
        raise InvalidInputError(f"原因 {mark.reason!r} 不可选，应为：{known}。{NOTHING_KEPT}", problem="reason")
    if mark.reason == OTHER and mark.note is None:
        raise InvalidInputError(f"原因选“其他”时，请写明具体情况。{NOTHING_KEPT}", problem="note")


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
