"""Chinese for what a request got wrong, naming the fix by its number (from 1) and the value found."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

FIELDS: Mapping[str, str] = {
    "id": "巡查编号 id",
    "officer_code": "网格员编号 officer_code",
    "mode": "巡查方式 mode",
    "datum": "坐标系 datum",
    "device": "设备 device",
    "label": "说明 label",
    "fixes": "定位点 fixes",
    "lon": "经度 lon",
    "lat": "纬度 lat",
    "time": "时间 time",
    "accuracy_m": "精度 accuracy_m",
    "speed_m_s": "速度 speed_m_s",
    "heading_deg": "方向 heading_deg",
    "mock": "模拟定位标志 mock",
    "reason": "原因 reason",
    "time_zone": "时区 time_zone",
}
MODES: Mapping[str, str] = {"foot": "步行", "vehicle": "车巡", "drone": "无人机"}
NOTHING_KEPT = "本次未保存任何内容。"

_PROBLEMS: Mapping[str, str] = {
    "missing": "没有填写（未知时请写 null）",
    "extra_forbidden": "不是接口约定的字段，请去掉或检查拼写",
    "finite_number": "不是有限的数（NaN 或无穷大）",
    "float_type": "应为数字",
    "int_type": "应为带时区的 ISO-8601 文字或 Unix 毫秒整数",
    "string_type": "应为文字",
    "bool_type": "应为 true 或 false",
    "uuid_parsing": "不是 UUID，应由客户端生成一个新的 UUID",
    "uuid_type": "不是 UUID，应由客户端生成一个新的 UUID",
    "list_type": "应为数组",
    "dict_type": "应为对象",
    "model_type": "应为 JSON 对象",
    "string_too_short": "不能为空",
    "greater_than_equal": "超出允许范围",
    "less_than_equal": "超出允许范围",
    "string_pattern_mismatch": "含有控制字符或全是空格",
}
_GUESSES: Mapping[str, str] = {
    "swapped": "疑似经纬度写反，请核对次序",
    "metres": "疑似投影坐标，请转换为经纬度",
    "out_of_range": "超出该坐标系的范围，请核对坐标系",
}


def shown(value: object) -> str:
    """A value as it is quoted in a message: short, on one line."""
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else text[:57] + "…"


def refused_datum(datum: str, facts: Mapping[str, object]) -> str:
    """Message for positions that the engine cannot take for what they claim to be."""
    index, value = facts.get("index"), facts.get("value")
    which = f"第 {index + 1} 个定位点" if isinstance(index, int) else "定位点"
    found = "" if value is None else f"（{shown(value)}）"
    guess = _GUESSES.get(str(facts.get("suspected")), "请核对坐标系和经纬度次序")
    return f"{which}{found}不像是 {datum} 坐标，{guess}，改正后重发。{NOTHING_KEPT}"


def first_problem(error: ValidationError) -> tuple[str, dict[str, Any]]:
    """Message and machine facts of the first thing pydantic found wrong."""
    item = error.errors(include_url=False, include_context=True)[0]
    kind, where, context = item["type"], item["loc"], item.get("ctx", {})
    if kind == "json_invalid":
        return f"内容不是有效的 JSON：{context.get('error', '')}。{NOTHING_KEPT}", {"problem": kind}
    place = _place(where)
    problem = _problem(kind, context)
    found = "" if kind in ("missing", "model_type") else f"，现为 {shown(item['input'])}"
    facts: dict[str, Any] = {"problem": kind, "where": ".".join(str(part) for part in where)[:200]}
    if len(where) > 1 and isinstance(where[1], int):
        facts["fix"] = where[1] + 1
    return f"{place}{problem}{found}。{NOTHING_KEPT}", facts


def _place(where: tuple[int | str, ...]) -> str:
    words = []
    for part in where:
        if isinstance(part, int):
            words = [f"第 {part + 1} 个定位点的"]
        elif part in FIELDS:
            words.append(f"{FIELDS[part]} ")
        elif part not in ("str", "int"):
            words.append(f"字段 {shown(part)} ")
    return "".join(words) or "请求内容"


def _problem(kind: str, context: Mapping[str, Any]) -> str:
    if kind == "literal_error":
        return f"应为 {str(context.get('expected', '')).replace(' or ', ', ')} 之一"
    if kind == "string_too_long":
        return f"超过 {context.get('max_length')} 个字"
    return _PROBLEMS.get(kind, "不符合约定")
