"""What is worth knowing about a record of each kind, ready to be read."""

from collections.abc import Iterator
from datetime import datetime
from math import floor

from app.leads.schemas import LeadDetail
from app.marks.schemas import MarkDetail
from app.patrols.schemas import PatrolDetail
from app.review import wording
from app.review.schemas import Fact
from app.settings import Settings
from app.visits.schemas import VisitDetail


def of_patrol(patrol: PatrolDetail, settings: Settings) -> Iterator[Fact]:
    """Of a patrol."""
    counted = patrol.counted
    yield Fact(name="方式", text=wording.MODES[patrol.mode])
    yield Fact(
        name="定位点", text=f"{patrol.fixes} 个" + ("" if patrol.raw_fixes_kept else "（已过保存期限，现已删除）")
    )
    yield Fact(name="计入", text=f"{floor(counted.length_m):,} 米，{counted.minutes:.1f} 分钟")
    for part in patrol.left_out:
        yield Fact(name="未计入", text=f"{part.reason_text}：{part.pairs} 段，{part.minutes:.1f} 分钟")
    yield Fact(name="来源", text=wording.SOURCES[patrol.source] + (f"，{patrol.device}" if patrol.device else ""))
    if patrol.label:
        yield Fact(name="说明", text=patrol.label)
    yield Fact(name="收到", text=_at(patrol.received_at, settings))
    if patrol.voided_at is not None:
        text = f"{patrol.voided_by}，{_at(patrol.voided_at, settings)}：{patrol.void_reason}"
        yield Fact(name="作废", text=text)
    for note in patrol.notes:
        yield Fact(name="提示", text=note)


def of_mark(mark: MarkDetail, settings: Settings) -> Iterator[Fact]:
    """Of a mark."""
    yield Fact(name="原因", text=mark.reason_text + (f"：{mark.note}" if mark.note else ""))
    yield Fact(name="面积", text=f"{floor(mark.area_m2):,} m²")
    if mark.until is not None:
        yield Fact(name="期限", text=f"至 {mark.until:%Y-%m-%d}")
    if mark.grids:
        yield Fact(name="网格", text="、".join(grid.name for grid in mark.grids))
    yield Fact(name="手机位置", text=_position("标记", "所标区域", mark.distance_m, mark.position_accuracy_m))
    yield Fact(name="标记时间", text=_at(mark.made_at, settings))
    yield Fact(name="收到", text=_at(mark.received_at, settings))
    if mark.voided_at is not None:
        yield Fact(name="作废", text=f"{mark.voided_by}，{_at(mark.voided_at, settings)}：{mark.void_reason}")
    for note in mark.notes:
        yield Fact(name="提示", text=note)


def of_report(lead: LeadDetail, settings: Settings) -> Iterator[Fact]:
    """Of a report of something suspicious."""
    yield Fact(name="情况", text=lead.what_text + (f"：{lead.note}" if lead.note else ""))
    yield Fact(name="地点", text=lead.grid.name if lead.grid else "不在任何网格内")
    yield Fact(name="上报时间", text=_at(lead.made_at, settings))
    yield Fact(name="收到", text=_at(lead.received_at, settings))


def of_visit(visit: VisitDetail, settings: Settings) -> Iterator[Fact]:
    """Of a visit; what was answered and who was seen stands beside it."""
    yield Fact(name="场所", text=f"{visit.site_name}（{visit.site_code}，{visit.site_kind_text}）")
    if visit.site_address:
        yield Fact(name="地址", text=visit.site_address)
    why = f"：{visit.not_entered_text}" if visit.not_entered_text else ""
    yield Fact(name="结果", text=visit.result_text + why)
    if visit.note:
        yield Fact(name="说明", text=visit.note)
    if visit.counts:
        yield Fact(name="租户", text=f"见到 {visit.tenancies_seen} 个，未见到 {visit.tenancies_unseen} 个")
    where = "没有随检查上传定位" if visit.position is None else "已上传定位，场所尚无坐标，不能核对距离"
    if visit.distance_m is not None:
        where = _position("检查", "场所", visit.distance_m, visit.position_accuracy_m)
    yield Fact(name="手机位置", text=where)
    yield Fact(name="检查时间", text=_at(visit.visited_at, settings))
    yield Fact(name="收到", text=_at(visit.received_at, settings))
    if visit.voided_at is not None:
        yield Fact(name="作废", text=f"{visit.voided_by}，{_at(visit.voided_at, settings)}：{visit.void_reason}")
    for note in visit.notes:
        yield Fact(name="提示", text=note)


def _position(what: str, ground: str, distance_m: float | None, accuracy_m: float | None) -> str:
    if distance_m is None:
        return f"没有随{what}上传定位"
    where = f"在{ground}内" if distance_m <= 0 else f"距{ground} {distance_m:.0f} 米"
    return where + ("" if accuracy_m is None else f"（定位精度 {accuracy_m:.0f} 米）")


def _at(at: datetime, settings: Settings) -> str:
    return f"{at.astimezone(settings.zone):%Y-%m-%d %H:%M}"
