"""Everything about one record that helps to judge it."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from math import floor
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import ForbiddenError
from app.evidence import service as evidence
from app.leads import service as leads
from app.marks import service as marks
from app.marks.schemas import MarkDetail
from app.patrols import service as patrols
from app.patrols.schemas import PatrolDetail
from app.review import wording
from app.review.queries import queue as sql
from app.review.schemas import Detail, Fact, Item, Other, Series
from app.review.service import item_of, record_in_scope
from app.settings import Settings

_OTHERS = 5


def detail(session: Session, settings: Settings, actor: Actor, evidence_id: UUID) -> Detail:
    """A record with its ground, its fixes, photos, history and those like it. Raises NotFoundError, ForbiddenError."""
    record_in_scope(session, actor, evidence_id)
    item = _item(session, actor, evidence_id)
    other = [_other(session, actor, each) for each in sql.others(session, evidence_id, _OTHERS)]
    found = Detail(
        item=item,
        facts=[],
        photos=evidence.photos_of(session, evidence_id),
        steps=evidence.steps_of(session, [evidence_id]).get(evidence_id, []),
        other=other,
    )
    if item.kind == "patrol":
        _add_patrol(session, settings, found)
    elif item.kind in ("mark", "inaccessible"):
        _add_mark(session, settings, actor, found)
    elif item.kind == "report":
        _add_report(session, settings, actor, found)
    # The last word of it, since the features asked above note only whom they were asked about.
    actor.facts["officer_codes"] = sorted({item.officer_code, *(o.item.officer_code for o in other if o.item)})
    return found


def _item(session: Session, actor: Actor, evidence_id: UUID) -> Item:
    row = sql.one(session, evidence_id)
    assert row is not None, "records are never deleted"  # noqa: S101
    return item_of(actor, row, evidence.findings_of(session, [evidence_id]).get(evidence_id, []))


def _other(session: Session, actor: Actor, evidence_id: UUID) -> Other:
    facts = evidence.facts_of(session, [evidence_id])[evidence_id]
    if not actor.scope.holds_any(facts.unit_paths):
        return Other(id=evidence_id, in_scope=False)
    found = Other(id=evidence_id, in_scope=True, item=_item(session, actor, evidence_id))
    found.photos = evidence.photos_of(session, evidence_id)
    if facts.kind == "patrol":
        found.track = patrols.detail(session, evidence_id).track
    elif facts.kind in ("mark", "inaccessible"):
        found.area = marks.detail(session, actor, evidence_id).geometry
    return found


def _add_patrol(session: Session, settings: Settings, found: Detail) -> None:
    patrol = patrols.detail(session, found.item.id)
    series = patrols.series_of(session, found.item.id)
    found.track = patrol.track
    found.series = None if series is None else Series(**asdict(series))
    found.facts = list(_of_patrol(patrol, settings))


def _add_mark(session: Session, settings: Settings, actor: Actor, found: Detail) -> None:
    mark = marks.detail(session, actor, found.item.id)
    found.area = mark.geometry
    found.position = mark.position
    found.position_accuracy_m = mark.position_accuracy_m
    found.distance_m = mark.distance_m
    found.facts = list(_of_mark(mark, settings))
    if mark.patrol_id is not None:
        found.track = _track_of_own_patrol(session, actor, mark.patrol_id, mark.officer_code)


def _track_of_own_patrol(session: Session, actor: Actor, patrol_id: UUID, officer_code: str) -> dict[str, Any] | None:
    """What a mark names is only what a phone says: None for what is no patrol of its officer, or out of scope."""
    known = evidence.facts_of(session, [patrol_id]).get(patrol_id)
    if known is None or known.kind != "patrol" or known.officer_code != officer_code:
        return None
    return patrols.detail(session, patrol_id).track if actor.scope.holds_any(known.unit_paths) else None


def _add_report(session: Session, settings: Settings, actor: Actor, found: Detail) -> None:
    try:
        lead = leads.detail(session, actor, found.item.id)
    except ForbiddenError:  # a report belongs to its officer's place too, the lead only to where it was seen
        found.facts = [Fact(name="地点", text=wording.LEAD_ELSEWHERE)]
        return
    found.position = {"type": "Point", "coordinates": [lead.lon, lead.lat]}
    found.position_accuracy_m = lead.accuracy_m
    found.facts = [
        Fact(name="情况", text=lead.what_text + (f"：{lead.note}" if lead.note else "")),
        Fact(name="地点", text=lead.grid.name if lead.grid else "不在任何网格内"),
        Fact(name="上报时间", text=_at(lead.made_at, settings)),
        Fact(name="收到", text=_at(lead.received_at, settings)),
    ]


def _of_patrol(patrol: PatrolDetail, settings: Settings) -> Iterator[Fact]:
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


def _of_mark(mark: MarkDetail, settings: Settings) -> Iterator[Fact]:
    yield Fact(name="原因", text=mark.reason_text + (f"：{mark.note}" if mark.note else ""))
    yield Fact(name="面积", text=f"{floor(mark.area_m2):,} m²")
    if mark.until is not None:
        yield Fact(name="期限", text=f"至 {mark.until:%Y-%m-%d}")
    if mark.grids:
        yield Fact(name="网格", text="、".join(grid.name for grid in mark.grids))
    yield Fact(name="手机位置", text=_position(mark))
    yield Fact(name="标记时间", text=_at(mark.made_at, settings))
    yield Fact(name="收到", text=_at(mark.received_at, settings))
    if mark.voided_at is not None:
        yield Fact(name="作废", text=f"{mark.voided_by}，{_at(mark.voided_at, settings)}：{mark.void_reason}")
    for note in mark.notes:
        yield Fact(name="提示", text=note)


def _position(mark: MarkDetail) -> str:
    if mark.distance_m is None:
        return "没有随标记上传定位"
    where = "在所标区域内" if mark.distance_m <= 0 else f"距所标区域 {mark.distance_m:.0f} 米"
    accuracy = "" if mark.position_accuracy_m is None else f"（定位精度 {mark.position_accuracy_m:.0f} 米）"
    return where + accuracy


def _at(at: datetime, settings: Settings) -> str:
    return f"{at.astimezone(settings.zone):%Y-%m-%d %H:%M}"
