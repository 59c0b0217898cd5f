"""What an officer's phone asks and tells besides its records."""

import hashlib
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from app.actor import Actor
from app.dispatch import service as dispatch
from app.dispatch.schemas import OfficerOrder
from app.errors import ConflictError, ForbiddenError, NotFoundError
from app.evidence import service as evidence
from app.evidence.schemas import EvidenceFacts
from app.field import queries
from app.field.package import package
from app.field.schemas import AnswerIn, AssignedLead, MyRecord, Package, ProgressIn, Question
from app.leads import service as leads
from app.marks import service as marks
from app.patrols import service as patrols
from app.settings import Settings
from app.territory import service as territory
from app.visits import service as visits

__all__ = [
    "answer",
    "assigned_leads",
    "inbox",
    "my_orders",
    "my_package",
    "my_records",
    "saw_order",
    "tell_progress",
]
# Phones report every 20 s; anything much faster is a fault.
LEAST_PROGRESS_S = 5.0
# Nobody walks more patrols in the days that progress is kept.
MOST_PROGRESS = 50
MAX_QUESTIONS = 200


class _Known(NamedTuple):
    """What a record's own feature says about it."""

    label: str | None
    figures: dict[str, Any]


def my_package(session: Session, settings: Settings, actor: Actor) -> Package:
    """What the actor's phone takes into the field. Raises ForbiddenError for an account that is no officer's."""
    return package(session, settings, _officer(actor))


def my_records(session: Session, actor: Actor, limit: int) -> list[MyRecord]:
    """The actor's last records, newest first."""
    rows = evidence.of_officer(session, _officer(actor), None, limit)
    known = _known(session, rows)
    findings = evidence.findings_of(session, [row.id for row in rows])
    return [
        MyRecord(
            id=row.id,
            kind=row.kind,
            started_at=row.started_at,
            received_at=row.received_at,
            review=row.review,
            findings=[finding.text for finding in findings.get(row.id, [])],
            label=known[row.id].label,
            **known[row.id].figures,
        )
        for row in rows
    ]


def inbox(session: Session, actor: Actor) -> list[Question]:
    """What reviewers asked the actor and was not answered yet, the last record first."""
    rows = evidence.of_officer(session, _officer(actor), "asked", MAX_QUESTIONS)
    known = _known(session, rows)
    steps = evidence.steps_of(session, [row.id for row in rows])
    asked = {row.id: [step for step in steps.get(row.id, []) if step.step == "ask"][-1:] for row in rows}
    return [
        Question(
            evidence_id=row.id,
            kind=row.kind,
            asked_at=step.at,
            question=step.words,
            started_at=row.started_at,
            label=known[row.id].label,
        )
        for row in rows
        for step in asked[row.id]
    ]


def assigned_leads(session: Session, settings: Settings, actor: Actor) -> list[AssignedLead]:
    """Leads that the actor is to look into, the most urgent first; nothing of who reported."""
    today = settings.today()
    return [
        AssignedLead(
            id=lead.id,
            number=lead.number,
            source=lead.source,
            source_text=lead.source_text,
            what_text=lead.what_text,
            note=lead.note,
            address=lead.address,
            lon=lead.lon,
            lat=lead.lat,
            deadline=lead.deadline,
            is_overdue=lead.deadline is not None and lead.deadline < today,
            site_id=None if lead.site is None else lead.site.id,
        )
        for lead in leads.assigned(session, settings, _officer(actor))
    ]


def my_orders(session: Session, settings: Settings, actor: Actor) -> list[OfficerOrder]:
    """Where the actor is sent, the most urgent first."""
    return dispatch.of_officer(session, settings, _officer(actor))


def saw_order(session: Session, settings: Settings, actor: Actor, order_id: UUID) -> None:
    """The actor saw an order of theirs. Raises NotFoundError, or ForbiddenError for one that never was theirs."""
    dispatch.seen(session, settings, actor, _officer(actor), order_id)


def answer(session: Session, settings: Settings, actor: Actor, said: AnswerIn) -> None:
    """Answer what a reviewer asked; the record is open for review again. Sent again, it is not said twice.

    Raises NotFoundError, ForbiddenError (another's record), InvalidInputError (photos), or ConflictError when nothing
    is asked any more or the id is another answer's.
    """
    officer_code = _officer(actor)
    digest = hashlib.sha256(said.model_dump_json().encode()).digest()
    if _is_replay(session, said.id, digest):
        return
    record = evidence.lock(session, said.evidence_id)
    if record is None:
        raise NotFoundError(f"没有编号为 {said.evidence_id} 的记录。", id=str(said.evidence_id))
    if record.officer_code != officer_code:
        raise ForbiddenError("只能答复本人的记录。未保存任何内容。", id=str(said.evidence_id))
    if _is_replay(session, said.id, digest):  # it was being stored while this one waited
        return
    if record.review != "asked":
        raise ConflictError("这条记录没有待答复的问题，或已经处理完毕。未保存任何内容。", review=record.review)
    if not queries.add_answer(session, said.id, said.evidence_id, digest):
        raise _taken(said.id)
    evidence.add_step(session, actor, said.evidence_id, "answer", said.words)
    now = settings.now()
    # Written after it was asked and before now, whatever the phone says: its photos are judged by it.
    asked_at = max((s.at for s in evidence.steps_of(session, [record.id])[record.id] if s.step == "ask"), default=now)
    made_at = min(max(said.made_at or now, asked_at), now)
    evidence.attach_photos(session, said.evidence_id, officer_code, said.photo_ids, made_at, None)


def tell_progress(session: Session, settings: Settings, actor: Actor, progress: ProgressIn) -> None:
    """Keep where the actor's phone is, for the live map. Raises ForbiddenError for another officer's patrol."""
    officer_code = _officer(actor)
    known = evidence.facts_of(session, [progress.patrol_id]).get(progress.patrol_id)
    owner = queries.progress_officer(session, progress.patrol_id) if known is None else known.officer_code
    if owner not in (None, officer_code):
        raise ForbiddenError("这次巡查是其他网格员的，不能代为上报位置。", id=str(progress.patrol_id))
    values = {
        **progress.model_dump(),
        "officer_code": officer_code,
        "now": settings.now(),
        "unit_paths": territory.officer_units(session, officer_code, settings.today()),
    }
    queries.put_progress(session, values, LEAST_PROGRESS_S, MOST_PROGRESS)


def _officer(actor: Actor) -> str:
    if actor.officer_code is None:
        raise ForbiddenError(
            "您的账号没有对应的网格员编码，不能使用现场功能。请联系系统管理员登记。", reason="no_officer"
        )
    return actor.officer_code


def _known(session: Session, rows: Sequence[EvidenceFacts]) -> dict[UUID, _Known]:
    """What patrols, marks, leads and visits say about records; each feature is asked once."""
    ids = [row.id for row in rows]
    found = {row.id: _Known(None, {"state": None}) for row in rows}
    for patrol_id, patrol in patrols.briefs(session, ids).items():
        walked = {"counted_length_m": patrol.counted_length_m, "seen_m2": patrol.seen_m2, "state": patrol.state}
        found[patrol_id] = _Known(patrol.label, walked)
    for mark_id, mark in marks.briefs(session, ids).items():
        marked = {"area_m2": mark.area_m2, "seen_m2": mark.seen_m2, "state": mark.state}
        found[mark_id] = _Known(mark.reason_text, marked)
    for lead_id, lead in leads.briefs(session, ids).items():
        found[lead_id] = _Known(lead.what_text, {"state": lead.state})
    for visit_id, visit in visits.brief(session, ids).items():
        found[visit_id] = _Known(f"{visit.site_name}：{visit.result_text}", {"state": visit.state})
    return found


def _is_replay(session: Session, answer_id: UUID, digest: bytes) -> bool:
    known = queries.answer_digest(session, answer_id)
    if known is not None and known != digest:
        raise _taken(answer_id)
    return known is not None


def _taken(answer_id: UUID) -> ConflictError:
    return ConflictError(f"编号 {answer_id} 已用于另一条答复，未保存。请用新的编号重发。", id=str(answer_id))
