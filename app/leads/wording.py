"""Chinese for the codes of leads."""

from collections.abc import Mapping

OTHER = "other"
# What officers, and desks, choose from.
LEAD_KINDS: Mapping[str, str] = {
    "smell": "异味",
    "night_work": "夜间生产",
    "hidden_workshop": "疑似隐蔽作坊",
    "unknown_goods": "不明物料",
    "waste": "倾倒废物",
    OTHER: "其他",
}
# What machines find.
FOUND_KINDS: Mapping[str, str] = {
    "power_growth": "用电量突增",
    "power_new": "停用后大量用电",
    "vehicle_stop": "危货车辆异常停留",
}
SOURCES: Mapping[str, str] = {
    "officer": "网格员上报",
    "hotline": "12350 热线",
    "letter": "信访来信",
    "market_register": "市场登记",
    "power_growth": "用电异常",
    "vehicle": "车辆轨迹",
    "drone": "无人机",
    "other": "其他",
}
# Nobody reported these, so nobody is rewarded for them.
UNREPORTED = frozenset({"market_register", "power_growth", "vehicle", "drone"})
STATES: Mapping[str, str] = {
    "new": "待分派",
    "assigned": "已分派",
    "checked": "已核查",
    "true": "属实",
    "false": "不属实",
    "rewarded": "已奖励",
}
OMISSIONS: Mapping[str, str] = {"unmatched": "未匹配场所", "unplaced": "无位置", "overdue": "超期"}
EVENTS: Mapping[str, str] = {
    "created": "登记",
    "assigned": "分派",
    "placed": "定位",
    "matched": "匹配场所",
    "checked": "核查",
    "judged": "认定",
    "rewarded": "发放奖励",
    "reopened": "重新办理",
    "noted": "备注",
}
NOTHING_KEPT = "未保存任何内容。"


def what_text(what: str) -> str:
    """Chinese of what a lead is about; a code of an older version stands for itself."""
    return LEAD_KINDS.get(what) or FOUND_KINDS.get(what, what)
