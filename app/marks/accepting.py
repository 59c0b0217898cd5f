"""Taking in a mark: once, with what it declares or asks for; sent again, the same answer."""

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
import shapely
from sqlalchemy.orm import Session

from app.actor import Actor
from app.coverage import service as coverage
from app.errors import ConflictError, InvalidInputError
from app.evidence import service as evidence
from app.evidence.schemas import FindingKind, NewFinding
from app.evidence.service import NOTHING_KEPT
from app.marks import checks, queries
from app.marks.ground import Ground, ground_of, seen_m2
from app.marks.schemas import REASONS, GridRef, MarkAnswer, MarkIn
from app.marks.standing import state_of
from app.settings import Settings
from app.territory import change
from app.territory import service as territory
from app.territory.schemas import InaccessibleGround
from geo.daytiles import Cells, day_number
from geo.frame import TileKey
from geo.swath import Look

_NEAR_DEG = 0.01  # about a kilometre


class Accepted(NamedTuple):
    """What the sender is told, and whether the mark was stored before."""

    answer: MarkAnswer
    is_replay: bool


def accept(session: Session, settings: Settings, actor: Actor, mark: MarkIn) -> Accepted:
    """Take in a mark with what it declares or asks for, or find that it was taken in already; the caller commits.

    Raises InvalidInputError, NotFoundError (officer), ForbiddenError (not the sender's) or ConflictError (the id has
    other content).
    """
    checks.check(mark, settings)
    drawn = ground_of(mark)
    sent, digest = evidence.content(mark.model_dump(mode="json"))
    known = _replay(session, mark, digest)
    if known is not None:
        return known
    territory.ensure_officer(session, mark.officer_code)
    evidence.check_sender(session, actor, mark.officer_code, settings.today())
    _check_place(session, drawn)
    if mark.kind == "declared":
        coverage.lock_for_looks(session)
    day = mark.made_at.astimezone(settings.zone).date()
    kind = "mark" if mark.kind == "declared" else mark.kind
    if not evidence.submit(
        session, actor, mark.id, kind, mark.officer_code, mark.made_at, mark.made_at, day, drawn.wkb
    ):
        stored = _replay(session, mark, digest)  # the same id was being stored just now, and is committed
        if stored is None:
            raise ConflictError(f"编号 {mark.id} 已用于另一条记录，未保存。请用新的编号重发。", id=str(mark.id))
        return stored
    told = _answer(session, mark, drawn, day)
    queries.insert(session, {**_values(settings, mark, drawn, told), "sent": sent, "content_digest": digest})
    _judge(session, settings, mark, drawn, day)
    _take_effect(session, actor, mark, drawn, day)
    return Accepted(told, is_replay=False)


def declared_looks(day: int, cells: dict[TileKey, Cells]) -> list[Look]:
    """The looks of an area that was declared on a local day."""
    return [Look(day, key, part) for key, part in cells.items()]


def _check_place(session: Session, drawn: Ground) -> None:
    if not territory.is_near_units(session, drawn.wkb, _NEAR_DEG):
        lon, lat = drawn.area.centroid.coords[0]
        raise InvalidInputError(
            f"所画范围（经度 {lon:.5f}、纬度 {lat:.5f}）不在本系统的辖区附近。请核对位置和坐标系后重画。{NOTHING_KEPT}",
            problem="elsewhere",
        )


def _take_effect(session: Session, actor: Actor, mark: MarkIn, drawn: Ground, day: date) -> None:
    if mark.kind == "declared":
        looks = declared_looks(day_number(day), drawn.cells)
        coverage.apply_looks(session, mark.id, looks, kind="declared")
        return
    last = checks.last_day(mark, day)
    change.request_exclusion(
        session,
        InaccessibleGround(
            code=_code(mark.id),
            name=f"无法进入（{REASONS[mark.kind][mark.reason]}）",
            kind="construction" if mark.reason == "construction" else "other",
            reason=mark.note or REASONS[mark.kind][mark.reason],
            requested_by=actor.label,
            ground=drawn.area,
            area_m2=drawn.area_m2,
            datum=mark.datum,
            day=day,
            until=checks.day_after(last),
        ),
    )
    evidence.open_review(session, mark.id)


def _judge(session: Session, settings: Settings, mark: MarkIn, drawn: Ground, day: date) -> None:
    lon, lat = shapely.get_coordinates(drawn.area).T
    made_at_s = np.array([mark.made_at.timestamp()])
    found = evidence.duty_findings(session, settings, mark.officer_code, day, lon, lat, made_at_s)
    facts = checks.far(mark, drawn.distance_m)
    if facts is not None:
        found.append(NewFinding(FindingKind.MARK_FAR, facts))
    evidence.add_findings(session, mark.id, found)
    evidence.attach_photos(session, mark.id, mark.officer_code, mark.photo_ids, mark.made_at, drawn.position)


def _answer(session: Session, mark: MarkIn, drawn: Ground, day: date) -> MarkAnswer:
    codes = territory.grids_entered(session, drawn.wkb, day)
    names = territory.grid_names(session, codes, day)
    is_declared = mark.kind == "declared"
    return MarkAnswer(
        id=mark.id,
        state="accepted" if is_declared else "requested",
        kind=mark.kind,
        area_m2=round(drawn.area_m2, 1),
        seen_m2=seen_m2(drawn.cells) if is_declared else 0.0,
        day=day,
        grids=[GridRef(code=code, name=names[code]) for code in codes],
        distance_m=None if drawn.distance_m is None else round(drawn.distance_m, 1),
        notes=_notes(mark, drawn, day, bool(codes)),
    )


def _notes(mark: MarkIn, drawn: Ground, day: date, is_in_grids: bool) -> list[str]:
    notes = []
    if mark.kind == "declared":
        notes.append("已计入“手工申报”，与轨迹查看的分开列出，不计入“已查”。")
        if not drawn.cells:
            notes.append("所画范围太窄，没有盖住任何一个单元的中心，因此不计入面积。")
    else:
        last = checks.last_day(mark, day)
        notes.append(f"已作为申请提交，批准前仍按“未查”计；批准后到 {last} 为止，到期自动恢复应查。")
    if not is_in_grids:
        notes.append("所画范围不在任何网格内。")
    return notes


def _values(settings: Settings, mark: MarkIn, drawn: Ground, told: MarkAnswer) -> dict[str, Any]:
    is_declared = mark.kind == "declared"
    lon, lat = drawn.position or (None, None)
    return {
        "id": mark.id,
        "kind": mark.kind,
        "officer_code": mark.officer_code,
        "geom": drawn.wkb,
        "area_m2": drawn.area_m2,
        "datum": mark.datum,
        "reason": mark.reason,
        "note": mark.note,
        "made_at": mark.made_at,
        "utc_offset_s": settings.utc_offset_s(mark.made_at),
        "day": day_number(told.day),
        "until": None if is_declared else checks.last_day(mark, told.day),
        "patrol_id": mark.patrol_id,
        "lon": lon,
        "lat": lat,
        "position_accuracy_m": None if mark.position is None else mark.position.accuracy_m,
        "position_at": None if mark.position is None else mark.position.time,
        "distance_m": drawn.distance_m,
        "exclusion_code": None if is_declared else _code(mark.id),
        "answer": told.model_dump_json(),
    }


def _replay(session: Session, mark: MarkIn, digest: bytes) -> Accepted | None:
    row = queries.stored(session, mark.id)
    if row is None:
        return None
    if bytes(row.content_digest) != digest:
        raise ConflictError(
            f"编号 {mark.id} 已用于另一份内容，本次内容与之不同，未保存。新的标记请用新的编号。", id=str(mark.id)
        )
    told = MarkAnswer.model_validate(row.answer)
    state = state_of(session, row.state, None if told.kind == "declared" else _code(mark.id))
    if state == "voided":
        told.notes.append(f"本次标记已作废。原因：{row.void_reason}")
    return Accepted(told.model_copy(update={"state": state}), is_replay=True)


def _code(mark_id: UUID) -> str:
    return f"N-{mark_id.hex[:12]}"
