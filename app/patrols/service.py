"""Decisions about patrols: take in once, answer the same again, refuse what cannot be, void with a reason."""

import json
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
import shapely
from sqlalchemy.orm import Session

from app.actor import Actor
from app.coverage import service as coverage
from app.errors import ConflictError, InvalidInputError, NotFoundError
from app.evidence import service as evidence
from app.patrols import queries
from app.patrols.checks import check, check_place
from app.patrols.fixes import digest, encode, instant
from app.patrols.judging import Judgement, answer, judge
from app.patrols.models import Patrol
from app.patrols.reading.files import read_file as read_file
from app.patrols.schemas import (
    PatrolAnswer,
    PatrolDetail,
    PatrolIn,
    PatrolSummary,
    Record,
    bound_count,
    record_of,
)
from app.patrols.series import Series as Series
from app.patrols.series import series_of as series_of
from app.patrols.suspicions import judge_evidence
from app.patrols.wording import refused_datum
from app.settings import Settings
from app.territory import service as territory
from geo.errors import GeoError
from geo.tracks import Mode


class Accepted(NamedTuple):
    """What the sender is told, and whether the patrol was stored before."""

    answer: PatrolAnswer
    is_replay: bool


def accept(session: Session, settings: Settings, actor: Actor, patrol: PatrolIn) -> Accepted:
    """Take in a patrol that came as JSON; see `accept_record`."""
    bound_count(len(patrol.fixes), settings.upload.fixes)
    return accept_record(session, settings, actor, record_of(patrol))


def accept_record(session: Session, settings: Settings, actor: Actor, patrol: Record) -> Accepted:
    """Take in a patrol with its coverage, or find that it was taken in already; the caller commits.

    Raises InvalidInputError, TooLargeError, NotFoundError (officer) or ConflictError (the id has other content).
    """
    check(patrol.fixes, settings)
    content = digest(patrol.officer_code, patrol.mode, patrol.datum.value, patrol.fixes)
    known = _replay(session, patrol, content)
    if known is not None:
        return known
    territory.ensure_officer(session, patrol.officer_code)
    evidence.check_sender(session, actor, patrol.officer_code, settings.today())
    offset_s = settings.utc_offset_s(instant(int(patrol.fixes.time_us.min())))
    judged = _judged(patrol, offset_s)
    notes = check_place(judged.lon, judged.lat, [unit.bbox for unit in territory.roots(session)])
    told = answer(patrol, judged, notes)
    coverage.lock_for_looks(session)
    if not _submit(session, settings, actor, patrol, told, judged):
        stored = _replay(session, patrol, content)  # the same id was being stored just now, and is committed
        if stored is None:
            raise ConflictError(f"巡查 {patrol.id} 正在被另一请求处理，请稍后重发。")
        return stored
    queries.insert_patrol(session, _values(patrol, content, told, offset_s, actor.label))
    queries.insert_fixes(session, patrol.id, len(patrol.fixes), encode(patrol.fixes))
    _store_track(session, patrol.id, judged)
    judge_evidence(session, settings, patrol, judged)
    if judged.looks:
        coverage.apply_looks(session, patrol.id, judged.looks)
    coverage.store_passings(session, patrol.id, judged.passings)
    return Accepted(told, is_replay=False)


def void(session: Session, settings: Settings, patrol_id: UUID, reason: str, actor: Actor) -> bool:
    """Take a patrol out of the coverage; its record stays. A second time with the same reason changes nothing: False.

    Raises NotFoundError, ForbiddenError for what is out of scope or the actor's own, or ConflictError when it was
    voided for another reason.
    """
    coverage.lock_for_looks(session)
    row = queries.lock_patrol(session, patrol_id)
    if row is None:
        raise _unknown(patrol_id)
    evidence.check_visible(session, actor, patrol_id)
    evidence.check_not_own(actor, evidence.facts_of(session, [patrol_id])[patrol_id])
    state, known_reason = row
    if state == "voided":
        if known_reason != reason:
            raise ConflictError(
                f"巡查 {patrol_id} 已作废，原因是“{known_reason}”，不能改写。", void_reason=known_reason
            )
        return False
    queries.mark_voided(session, patrol_id, reason, actor.label, settings.now())
    coverage.withdraw(session, patrol_id)
    evidence.void(session, actor, patrol_id, reason)
    return True


def look_at(session: Session, actor: Actor, patrol_id: UUID) -> PatrolDetail:
    """`detail` for who may see it; notes whose it is. Raises NotFoundError, or ForbiddenError outside the scope."""
    evidence.check_visible(session, actor, patrol_id)
    found = detail(session, patrol_id)
    actor.facts["officer_codes"] = [found.officer_code]
    return found


def detail(session: Session, patrol_id: UUID) -> PatrolDetail:
    """A patrol with its account and its cleaned track, whoever asks. Raises NotFoundError."""
    row = queries.detail(session, patrol_id)
    if row is None:
        raise _unknown(patrol_id)
    patrol = row.patrol
    account = {**patrol.answer, "state": patrol.state}
    return PatrolDetail.model_validate(
        {
            **account,
            "officer_name": _officer_name(session, patrol.officer_code),
            "source": patrol.source,
            "datum": patrol.datum,
            "device": patrol.device,
            "label": patrol.label,
            "received_at": patrol.received_at,
            "void_reason": patrol.void_reason,
            "voided_by": patrol.voided_by,
            "voided_at": patrol.voided_at,
            "raw_fixes_kept": row.fix_count is not None,
            "track": None if row.track is None else json.loads(row.track),
        }
    )


def page(
    session: Session,
    settings: Settings,
    actor: Actor,
    officer_code: str | None,
    day: date | None,
    limit: int,
    skip: int,
) -> list[PatrolSummary]:
    """Patrols, in the actor's scope, of an officer and of a local day, newest first; None means any.

    Notes whose they are.
    """
    since = None if day is None else datetime.combine(day, time.min, settings.zone)
    # The calendar's last day has no day after it, and nothing comes after it.
    until = (
        None if day is None or day == date.max else datetime.combine(day + timedelta(days=1), time.min, settings.zone)
    )
    patrols = queries.page(session, actor.scope, officer_code, since, until, limit, skip)
    codes = sorted({patrol.officer_code for patrol in patrols})
    actor.facts["officer_codes"] = codes
    names = territory.officer_names(session, codes)
    return [_summary(patrol, names.get(patrol.officer_code)) for patrol in patrols]


def briefs(session: Session, ids: Sequence[UUID]) -> dict[UUID, PatrolSummary]:
    """Those of the patrols that exist, without their officers' names."""
    return {patrol.id: _summary(patrol, None) for patrol in queries.by_ids(session, ids)}


def _judged(patrol: Record, utc_offset_s: int) -> Judgement:
    try:
        return judge(patrol.fixes, patrol.datum, Mode(patrol.mode), utc_offset_s)
    except GeoError as error:
        facts = {name: str(value) for name, value in error.facts.items()}
        raise InvalidInputError(refused_datum(patrol.datum.value, error.facts), **facts) from error


def _submit(
    session: Session, settings: Settings, actor: Actor, patrol: Record, told: PatrolAnswer, judged: Judgement
) -> bool:
    day = told.started_at.astimezone(settings.zone).date()
    ground = _ground(judged)
    return evidence.submit(
        session, actor, patrol.id, "patrol", patrol.officer_code, told.started_at, told.ended_at, day, ground
    )


def _ground(judged: Judgement) -> bytes:
    """Where a patrol was, WKB: its track, else where its fixes begin."""
    if judged.track.pairs:
        return _track_wkb(judged)
    wkb: bytes = shapely.to_wkb(shapely.Point(judged.lon[0], judged.lat[0]))
    return wkb


def _replay(session: Session, patrol: Record, content: bytes) -> Accepted | None:
    row = queries.stored(session, patrol.id)
    if row is None:
        return None
    if bytes(row.content_digest) != content:
        raise ConflictError(
            f"编号 {patrol.id} 已用于另一份内容（网格员 {row.officer_code}），本次内容与之不同，未保存。"
            "新的巡查请用新的编号；如要更正，请先作废原记录，再以新编号上传。",
            id=str(patrol.id),
            officer_code=row.officer_code,
        )
    return Accepted(_current(row), is_replay=True)


def _current(row: queries.Stored) -> PatrolAnswer:
    told = PatrolAnswer.model_validate(row.answer)
    if row.state != "voided":
        return told
    note = f"本次巡查已作废，不再计入覆盖。原因：{row.void_reason}"
    return told.model_copy(update={"state": "voided", "notes": [*told.notes, note]})


def _values(
    patrol: Record, content: bytes, told: PatrolAnswer, utc_offset_s: int, received_from: str
) -> dict[str, Any]:
    return {
        "id": patrol.id,
        "officer_code": patrol.officer_code,
        "mode": patrol.mode,
        "source": patrol.source,
        "datum": patrol.datum.value,
        "device": patrol.device,
        "label": patrol.label,
        "started_at": told.started_at,
        "ended_at": told.ended_at,
        "utc_offset_s": utc_offset_s,
        "content_digest": content,
        "answer": told.model_dump(mode="json"),
        "received_from": received_from,
    }


def _store_track(session: Session, patrol_id: UUID, judged: Judgement) -> None:
    track = judged.track
    if not track.pairs:
        return
    days = track.segments.day
    queries.insert_track(session, patrol_id, int(days.min()), int(days.max()), track.length_m, _track_wkb(judged))


def _track_wkb(judged: Judgement) -> bytes:
    lines = judged.track.lines()
    runs = shapely.linestrings(np.concatenate(lines), indices=np.repeat(np.arange(len(lines)), [len(n) for n in lines]))
    wkb: bytes = shapely.to_wkb(shapely.multilinestrings(runs))
    return wkb


def _summary(patrol: Patrol, officer_name: str | None) -> PatrolSummary:
    told = PatrolAnswer.model_validate(patrol.answer)
    return PatrolSummary(
        id=patrol.id,
        officer_code=patrol.officer_code,
        officer_name=officer_name,
        mode=told.mode,
        source=patrol.source,
        state=patrol.state,
        label=patrol.label,
        started_at=patrol.started_at,
        ended_at=patrol.ended_at,
        fixes=told.fixes,
        counted_length_m=told.counted.length_m,
        seen_m2=told.seen_m2,
    )


def _officer_name(session: Session, code: str) -> str | None:
    return territory.officer_names(session, [code]).get(code)


def _unknown(patrol_id: UUID) -> NotFoundError:
    return NotFoundError(f"没有编号为 {patrol_id} 的巡查。请检查编号，或在列表中查找。", id=str(patrol_id))
