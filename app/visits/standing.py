"""How visits stand: in full for who looks at one, in short for lists."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import NotFoundError
from app.evidence import service as evidence
from app.sites.schemas import SITE_KINDS, VISIT_RESULTS
from app.territory import service as territory
from app.visits import queries
from app.visits.checklists import ANSWERS, CHECKLISTS, ITEMS
from app.visits.schemas import (
    NOT_ENTERED_REASONS,
    ItemAnswered,
    TenancySeen,
    VisitAnswer,
    VisitBrief,
    VisitDetail,
)
from geo.daytiles import day_date


def detail(session: Session, actor: Actor, visit_id: UUID) -> VisitDetail:
    """A visit with everything known about it. Raises NotFoundError, or ForbiddenError outside the actor's scope."""
    evidence.check_visible(session, actor, visit_id)
    row = queries.detail(session, visit_id)
    if row is None:
        raise unknown(visit_id)
    actor.facts["officer_codes"] = [row.officer_code]
    told = VisitAnswer.model_validate(row.answer)
    facts = evidence.facts_of(session, [visit_id])[visit_id]
    return VisitDetail.model_validate(
        {
            **row._asdict(),
            **told.model_dump(),
            "state": row.state,
            "officer_name": territory.officer_names(session, [row.officer_code]).get(row.officer_code),
            "site_kind_text": SITE_KINDS[row.site_kind],
            "result_text": VISIT_RESULTS[row.result],
            "not_entered_text": _why(row),
            "checklist": _checklist(row.checklist, row.site_kind),
            "tenancies": _tenancies(session, visit_id, told),
            "received_at": facts.received_at,
            "review": facts.review,
            "findings": [found.text for found in evidence.findings_of(session, [visit_id]).get(visit_id, [])],
            "photo_ids": [photo.id for photo in evidence.photos_of(session, visit_id)],
            "position": row.position_geometry,
        }
    )


def brief(session: Session, ids: Iterable[UUID]) -> dict[UUID, VisitBrief]:
    """Those of the visits that exist, for a list."""
    return {row.id: _brief(row) for row in queries.briefs(session, ids)}


def unknown(visit_id: UUID) -> NotFoundError:
    """The refusal of an id that no visit has."""
    return NotFoundError(f"没有编号为 {visit_id} 的检查。请检查编号，或在列表中查找。", id=str(visit_id))


def _brief(row: Row[Any]) -> VisitBrief:
    return VisitBrief.model_validate(
        {
            **row._asdict(),
            "day": day_date(row.day),
            "result_text": VISIT_RESULTS[row.result],
            "not_entered_text": _why(row),
        }
    )


def _why(row: Row[Any]) -> str | None:
    return None if row.not_entered_why is None else NOT_ENTERED_REASONS[row.not_entered_why]


def _checklist(answered: dict[str, Any], kind: str) -> list[ItemAnswered]:
    """In the order in which they were asked; what is asked of another kind by now comes last."""
    order = [code for code in CHECKLISTS[kind] if code in answered]
    order += [code for code in answered if code not in order]
    return [
        ItemAnswered(
            code=code,
            text=ITEMS.get(code, code),
            answer=answered[code]["answer"],
            answer_text=ANSWERS[answered[code]["answer"]],
            note=answered[code]["note"],
        )
        for code in order
    ]


def _tenancies(session: Session, visit_id: UUID, told: VisitAnswer) -> list[TenancySeen]:
    found = {each.id for each in told.new_tenancies}
    return [TenancySeen(**row._asdict(), is_new=row.tenancy_id in found) for row in queries.seen(session, visit_id)]
