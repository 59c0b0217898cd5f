"""What a group chat is told of a unit's day: counts and names of units, nothing about persons."""

from datetime import date

from sqlalchemy.orm import Session

from app.dispatch import service as dispatch
from app.live import robots, today
from app.live.schemas import Format
from app.live.today import HORIZON_DAYS, Tally
from app.reports import service as reports
from app.scope import EVERYTHING
from app.settings import Settings
from app.territory import service as territory

_MARKUP = str.maketrans("", "", "[]()<>*_`#|\\\r\n")
MOST_LATE = 5
_KM2_CM2, _HECTARE_CM2 = 10**10, 10**8


def digest(session: Session, settings: Settings, kind: Format, unit_code: str) -> dict[str, object]:
    """The message about a unit today. Raises NotFoundError."""
    unit = territory.unit_or_404(session, unit_code)
    day = today.read(session, settings, unit)
    below = territory.children(session, unit.code)
    tallies = today.tally(day, [child.code for child in below])
    on = settings.today()
    late = [*_late(session, settings, unit.code), *dispatch.digest_lines(session, settings, unit.path)]
    head = [*_head(unit.name, on, tallies[unit.code]), *late, *_link(settings, unit.code)]
    ranked = sorted(below, key=lambda child: (-tallies[child.code].due.stale_cm2, child.code))
    lines = [_line(child.name, tallies[child.code]) for child in ranked if tallies[child.code].overdue_grids]
    return robots.message(kind, f"无遗漏 {_plain(unit.name)} {on.month}月{on.day}日", _fitted(kind, head, lines))


def _head(name: str, on: date, counted: Tally) -> list[str]:
    due = counted.due
    overdue = (
        f"已超出周期：**{counted.overdue_grids}** 个网格，共 {_area(due.stale_cm2)}（{due.percent(due.stale_cm2)}%）"
        if counted.overdue_grids
        else "没有超出周期的网格"
    )
    return [
        f"### 无遗漏 {_plain(name)} {on.month}月{on.day}日",
        overdue,
        f"{HORIZON_DAYS} 日内将超出周期：**{counted.falling_grids}** 个网格，共 {_area(due.falling_cm2)}",
        f"从未查看：{_area(due.never_seen_cm2)}；网格共 {counted.grids} 个",
    ]


def _late(session: Session, settings: Settings, unit_code: str) -> list[str]:
    """Reports that should have been handed upward, longest late first."""
    found = reports.late(session, settings, EVERYTHING, unit_code)
    if not found:
        return []
    named = [f"{_plain(each.unit.name)}（{each.form}，截至 {each.last_day:%m-%d}）" for each in found[:MOST_LATE]]
    rest = f"等，另有 {len(found) - MOST_LATE} 份" if len(found) > MOST_LATE else ""
    return [f"报表逾期未报送：**{len(found)}** 份：{'、'.join(named)}{rest}"]


def _link(settings: Settings, unit_code: str) -> list[str]:
    return [f"[查看今日情况]({settings.public_url.rstrip('/')}/today?unit={unit_code})"] if settings.public_url else []


def _line(name: str, counted: Tally) -> str:
    return f"- {_plain(name)}：已超期 {counted.overdue_grids} 个网格，{_area(counted.due.stale_cm2)}"


def _fitted(kind: Format, head: list[str], lines: list[str]) -> str:
    """As many lines as the robot takes; how many were left off is said."""
    for shown in range(len(lines), -1, -1):
        left = [f"- 另有 {len(lines) - shown} 个单位，请在系统中查看"] if shown < len(lines) else []
        text = "\n\n".join([*head, "\n".join([*lines[:shown], *left])]).rstrip()
        if robots.fits(kind, text):
            return text
    return "\n\n".join(head)


def _plain(name: str) -> str:
    """A name that cannot act as markup."""
    return name.translate(_MARKUP)


def _area(area_cm2: int) -> str:
    """Whole cm2 as people read it, floored."""
    for unit_cm2, word in ((_KM2_CM2, "平方公里"), (_HECTARE_CM2, "公顷")):
        if area_cm2 >= unit_cm2:
            return f"{area_cm2 * 100 // unit_cm2 / 100:.2f} {word}"
    return f"{area_cm2 // 10_000} 平方米"
