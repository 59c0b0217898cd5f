"""Chinese for findings, made from their facts and nowhere else. Calm: a sign is not a verdict."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from app.evidence.schemas import FindingKind

Facts = Mapping[str, Any]
KIND_NAMES: Mapping[FindingKind, str] = {
    FindingKind.ACCURACY_ZERO: "精度为零",
    FindingKind.ACCURACY_CONSTANT: "精度不变",
    FindingKind.NO_JITTER: "没有自然抖动",
    FindingKind.IMPOSSIBLE_SPEED: "速度不合常理",
    FindingKind.JUMPS: "位置跳变",
    FindingKind.INTERPOLATED: "直线匀速",
    FindingKind.MOCK_LOCATION: "模拟定位",
    FindingKind.CLOCK_OFF: "时钟不准",
    FindingKind.COPIED_TRACK: "轨迹雷同",
    FindingKind.OUTSIDE_SCOPE: "不在责任网格",
    FindingKind.OUTSIDE_HOURS: "不在工作时间",
    FindingKind.MARK_FAR: "标记时不在现场",
    FindingKind.VISIT_FAR: "走访时不在现场",
    FindingKind.PHOTO_REUSED: "照片重复使用",
    FindingKind.PHOTO_LOOK_ALIKE: "照片高度相似",
    FindingKind.PHOTO_TIME: "照片时间不符",
    FindingKind.PHOTO_PLACE: "照片地点不符",
}
_MODES = {"foot": "步行", "vehicle": "车巡", "drone": "无人机"}


def finding_text(kind: FindingKind, facts: Facts) -> str:
    """One sentence for a person who must judge."""
    return _TEXTS[kind](facts)


def _accuracy_zero(facts: Facts) -> str:
    return f"{facts['fixes']} 个定位点中有 {facts['zero']} 个精度为 0 米；真实接收机不会给出 0 米的精度"


def _accuracy_constant(facts: Facts) -> str:
    return (
        f"{_minutes(facts['duration_s'])}内 {facts['fixes']} 个定位点的精度始终是 {facts['accuracy_m']:g} 米，"
        "移动中的真实精度会变化"
    )


def _no_jitter(facts: Facts) -> str:
    if facts["extent_m"] < 1:
        return f"{_minutes(facts['duration_s'])}内 {facts['fixes']} 个定位点的位置完全不变，真实定位会有米级的漂移"
    return f"移动中的位置过于平滑（典型偏差 {facts['jitter_m']:.2f} 米），真实定位会有米级的漂移"


def _impossible_speed(facts: Facts) -> str:
    return (
        f"以{_MODES[facts['mode']]}方式上报，但有连续 {facts['length_m']:.0f} 米的速度达到 "
        f"{facts['speed_m_s'] * 3.6:.0f} 公里/小时（上限 {facts['most_m_s'] * 3.6:.0f}）"
    )


def _jumps(facts: Facts) -> str:
    return f"位置 {facts['jumps']} 次瞬间跳变，最远一次 {facts['farthest_m']:.0f} 米，用时 {facts['in_s']:.0f} 秒"


def _interpolated(facts: Facts) -> str:
    return (
        f"有 {facts['stretches']} 段、共 {facts['length_m']:.0f} 米（占 {facts['percent']}%）为笔直等距的定位点，"
        "疑似由软件补点生成"
    )


def _mock_location(facts: Facts) -> str:
    return f"{facts['fixes']} 个定位点中有 {facts['mocked']} 个被手机标为模拟定位"


def _clock_off(facts: Facts) -> str:
    if "ahead_s" in facts:
        return f"最后一个定位点比服务器收到的时间晚 {_minutes(facts['ahead_s'])}，手机时钟可能不准"
    return f"记录过程中时间倒退 {_minutes(facts['back_s'])}，手机时钟可能被改动"


def _copied_track(facts: Facts) -> str:
    other = f"{_day(facts['other_started_at'])}的另一条记录"
    whose = "本人" if facts["same_officer"] else "其他网格员"
    voided = "，该记录已作废" if facts.get("other_review") == "voided" else ""
    if facts["how"] == "places":
        return f"与{whose}{other}有 {facts['shared_places']} 个定位点完全重合（占 {facts['percent']}%）{voided}"
    return f"与{whose}{other}逐点同步（相差约 {facts['apart_m']:.0f} 米，占 {facts['percent']}%）{voided}"


def _outside_scope(facts: Facts) -> str:
    if not facts["own_grids"]:
        return "该网格员当天没有负责的网格"
    if "grid_name" in facts:
        return f"场所在网格“{facts['grid_name']}”，该网格当天不由该网格员负责"
    return f"记录只有 {facts['inside_percent']}% 在该网格员当天负责的网格内"


def _outside_hours(facts: Facts) -> str:
    # A mark is made in an instant: it has no length.
    how_long = f"有 {_minutes(facts['outside_s'])}" if facts["outside_s"] > 0 else ""
    return f"{how_long}不在工作时间（{facts['work_starts']} 至 {facts['work_ends']}）内"


def _mark_far(facts: Facts) -> str:
    return _far(facts, "标记", "所标区域")


def _visit_far(facts: Facts) -> str:
    return _far(facts, "走访", "所查场所")


def _far(facts: Facts, what: str, ground: str) -> str:
    distance_m = facts.get("distance_m")
    if distance_m is None:
        return f"{what}时没有手机定位，不能说明人在现场"
    told = f"{what}时手机距{ground} {distance_m:.0f} 米"
    if facts.get("problem") == "old":
        return f"{told}，但这个定位与{what}相差 {_minutes(facts['age_s'])}，不能说明人在现场"
    if facts.get("problem") == "vague":
        known = facts["accuracy_m"]
        return f"{told}，但定位精度{'未知' if known is None else f'只有 {known:.0f} 米'}，不能说明人在现场"
    return told


def _photo_reused(facts: Facts) -> str:
    return f"{len(facts['photos'])} 张照片已在{_day(facts['other_started_at'])}的另一条记录中使用过"


def _photo_look_alike(facts: Facts) -> str:
    return f"{len(facts['photos'])} 张照片与{_day(facts['other_started_at'])}另一条记录的照片高度相似"


def _photo_time(facts: Facts) -> str:
    first = max(facts["photos"], key=lambda photo: photo["apart_minutes"])
    said = "照片自身信息" if first["said_by"] == "picture" else "手机"
    return (
        f"{len(facts['photos'])} 张照片的拍摄时间与记录时间不符，{said}显示相差 {_minutes(first['apart_minutes'] * 60)}"
    )


def _photo_place(facts: Facts) -> str:
    first = max(facts["photos"], key=lambda photo: photo["apart_m"])
    said = "照片自身信息" if first["said_by"] == "picture" else "手机"
    return f"{len(facts['photos'])} 张照片的拍摄地点与记录地点不符，{said}显示相距 {first['apart_m'] / 1000:.1f} 公里"


_TEXTS: Mapping[FindingKind, Callable[[Facts], str]] = {
    FindingKind.ACCURACY_ZERO: _accuracy_zero,
    FindingKind.ACCURACY_CONSTANT: _accuracy_constant,
    FindingKind.NO_JITTER: _no_jitter,
    FindingKind.IMPOSSIBLE_SPEED: _impossible_speed,
    FindingKind.JUMPS: _jumps,
    FindingKind.INTERPOLATED: _interpolated,
    FindingKind.MOCK_LOCATION: _mock_location,
    FindingKind.CLOCK_OFF: _clock_off,
    FindingKind.COPIED_TRACK: _copied_track,
    FindingKind.OUTSIDE_SCOPE: _outside_scope,
    FindingKind.OUTSIDE_HOURS: _outside_hours,
    FindingKind.MARK_FAR: _mark_far,
    FindingKind.VISIT_FAR: _visit_far,
    FindingKind.PHOTO_REUSED: _photo_reused,
    FindingKind.PHOTO_LOOK_ALIKE: _photo_look_alike,
    FindingKind.PHOTO_TIME: _photo_time,
    FindingKind.PHOTO_PLACE: _photo_place,
}


def _minutes(seconds: float) -> str:
    """A length of time as people say it."""
    if seconds < 60:
        return f"{seconds:.0f} 秒"
    if seconds < 7200:
        return f"{seconds / 60:.0f} 分钟"
    return f"{seconds / 3600:.1f} 小时" if seconds < 172_800 else f"{seconds / 86_400:.0f} 天"


def _day(iso: str) -> str:
    return f" {datetime.fromisoformat(iso):%Y-%m-%d} "
