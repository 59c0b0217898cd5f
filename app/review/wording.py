"""Chinese for reviews: names of what is reviewed, why somebody may not decide, what was decided already."""

from collections.abc import Mapping
from datetime import tzinfo

from app.evidence.schemas import Step

OWN = "这是您本人的记录，或由您的账号上传，应由他人核查。"
ABOVE = "无法进入和扣除区域的申请，由镇（街道）审批。"
OWN_REQUEST = "这项申请由您提出，应由他人审批。"
BEYOND = "这项申请的范围超出您的管辖范围，应由上级审批。"
LEAD_ELSEWHERE = "上报的地点不在您的管辖范围内，具体情况由当地处理。"
NEEDS_WORDS: Mapping[str, str] = {
    "void": "请写明理由。理由会留在记录中，网格员本人也能看到。",
    "ask": "请写明需要网格员核实什么。",
}
STEPS: Mapping[str, str] = {"ask": "退回核实", "answer": "答复", "accept": "接受", "void": "作废"}
DECISIONS: Mapping[str, str] = {"approved": "批准", "refused": "不予批准"}
MODES: Mapping[str, str] = {"foot": "步行", "vehicle": "车巡", "drone": "无人机"}
SOURCES: Mapping[str, str] = {
    "phone": "手机记录",
    "gpx": "导入 GPX 文件",
    "kml": "导入 KML 文件",
    "geojson": "导入 GeoJSON 文件",
    "csv": "导入 CSV 文件",
}


def changed_meanwhile(step: Step | None, zone: tzinfo) -> str:
    """What a second reviewer is told; None when no person is known to have said anything."""
    if step is None:
        return "这条记录的状态刚刚有变化，本次未作更改。请查看最新情况后再处理。"
    words = f"：{step.words}" if step.words else ""
    at = f"{step.at.astimezone(zone):%Y-%m-%d %H:%M}"
    return f"{step.by_name} 已于 {at} {STEPS[step.step]}{words}。本次未作更改，请查看最新情况后再处理。"
