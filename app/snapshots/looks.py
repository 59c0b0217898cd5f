"""Words and colours of snapshots, the same as on the map page (static/js/palette.js, shares.js, sitestates.js)."""

from datetime import date

from app.coverage import service as coverage
from app.coverage.schemas import CoverageRow

INK, LINE, PAPER, ACCENT = "#1c2b39", "#5b6b78", "#ffffff", "#b8442c"
# YlGnBu (ColorBrewer) in five fixed classes: safe for colour-blind eyes, and it prints in grey.
CLASS_FROM = (0, 20, 50, 80, 95)
CLASS_COLOURS = ("#ffffcc", "#a1dab4", "#41b6c4", "#2c7fb8", "#253494")
CLASS_NAMES = ("不足 20%", "20% – 50%", "50% – 80%", "80% – 95%", "95% 以上")
LEVEL_NAMES = {
    "province": "省",
    "city": "市",
    "county": "县（区）",
    "town": "镇（街道）",
    "village": "村（社区）",
    "grid": "网格",
}
# In the order of the page: every square metre in exactly one of them.
SHARES = {
    "tracked": "周期内已查",
    "declared": "手工申报",
    "stale": "已过期",
    "never_seen": "从未查看",
    "unassigned": "无主地",
    "inaccessible": "无法进入",
    "excluded": "已批准扣除",
}
FRESHNESS_NAMES = {
    "fresh": "周期前 1/3 内",
    "middle": "周期 1/3 – 2/3",
    "due_soon": "周期 2/3 以后",
    "stale": "已过期",
    "declared": "周期内仅手工申报",
}
# Word, fill and line, most urgent first.
SITE_STATES = {
    "never": ("从未检查", "#2b1d1a", "#ffffff"),
    "incomplete": ("检查不全", "#b8442c", "#ffffff"),
    "overdue": ("超期", "#e8a33d", "#5c3c00"),
    "due": ("即将到期", "#9cc3e0", "#1c3a52"),
    "checked": ("已检查", "#ffffff", "#24588a"),
}
# Word, letter, fill and ink.
CASE_STATES = {
    "registered": ("已登记", "登", "#4a1270", "#ffffff"),
    "rectifying": ("整治中", "治", "#8e5bb5", "#ffffff"),
    "closed": ("已完成整治", "完", "#e3d5ef", "#33104d"),
    "struck_off": ("已销号", "销", "#ffffff", "#33104d"),
}
DATUM = "坐标基准 WGS-84（EPSG:4326），Web 墨卡托投影（EPSG:3857）"


def class_of(percent: float | None) -> int | None:
    """The class of a covered percentage; None when there is no figure."""
    if percent is None:
        return None
    return max(index for index, start in enumerate(CLASS_FROM) if percent >= start)


def freshness_legend(cycle_days: int) -> list[tuple[str, str]]:
    """Colour and words of each class of the freshness picture, newest first."""
    colours = dict(zip(coverage.FRESHNESS_CLASSES, coverage.FRESHNESS_COLOURS, strict=True))
    days = {
        "fresh": f"不到 {_days(cycle_days / 3)} 天",
        "middle": f"{_days(cycle_days / 3)} – {_days(cycle_days * 2 / 3)} 天",
        "due_soon": f"{_days(cycle_days * 2 / 3)} – {cycle_days} 天",
        "stale": f"{cycle_days} 天及以上",
        "declared": f"{cycle_days} 天内",
    }
    return [(colours[name], f"{text}（{days[name]}）") for name, text in FRESHNESS_NAMES.items()]


def percents(row: CoverageRow) -> list[str]:
    """The seven percentages of a row as people read them."""
    found = [getattr(row.shares, name) for name in SHARES]
    return [percent(share.percent if row.area_m2 else None, share.area_m2) for share in found]


def percent(value: float | None, part_m2: float) -> str:
    """A floored percentage; a little is not nothing."""
    if value is None:
        return "—"
    if part_m2 <= 0:
        return "0%"
    return "<0.1%" if value < 0.1 else "100%" if value >= 100 else f"{value:.1f}%"


def area(area_m2: float) -> str:
    """An area, floored."""
    if area_m2 < 10_000:
        return f"{int(area_m2):,} 平方米"
    if area_m2 < 1_000_000:
        return f"{int(area_m2 / 100) / 100:,.2f} 公顷"
    return f"{int(area_m2 / 10_000) / 100:,.2f} 平方公里"


def day(on: date) -> str:
    """A day in words."""
    return f"{on.year}年{on.month}月{on.day}日"


def distance(distance_m: float) -> str:
    """A distance for a scale bar."""
    return f"{distance_m / 1000:g} 公里" if distance_m >= 1000 else f"{distance_m:g} 米"


def _days(days: float) -> str:
    return f"{int(days * 10) / 10:g}"
