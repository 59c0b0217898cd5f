"""How marks stand: in full for who looks at one, in short for lists."""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import NotFoundError
from app.evidence import service as evidence
from app.marks import queries
from app.marks.schemas import REASONS, MarkAnswer, MarkDetail, State
from app.territory import service as territory


class Brief(NamedTuple):
    """A mark in a list; areas in m2."""

    reason_text: str
    area_m2: float
    seen_m2: float
    state: State


def detail(session: Session, actor: Actor, mark_id: UUID) -> MarkDetail:
    """A mark with everything known about it. Raises NotFoundError, or ForbiddenError outside the actor's scope."""
    evidence.check_visible(session, actor, mark_id)
    row = queries.detail(session, mark_id)
    if row is None:
        raise unknown(mark_id)
    actor.facts["officer_codes"] = [row.officer_code]
    told = MarkAnswer.model_validate(row.answer)
    return MarkDetail.model_validate(
        {
            **row._asdict(),
            **told.model_dump(),
            "state": state_of(session, row.state, row.exclusion_code),
            "officer_name": territory.officer_names(session, [row.officer_code]).get(row.officer_code),
            "reason_text": REASONS[told.kind][row.reason],
            "received_at": evidence.facts_of(session, [mark_id])[mark_id].received_at,
            "position": row.position_geometry,
        }
    )


def briefs(session: Session, ids: Iterable[UUID]) -> dict[UUID, Brief]:
    """Those of the marks that exist, for a list."""
    rows = queries.brief(session, ids)
    asked = territory.exclusion_states(session, [row.exclusion_code for row in rows.values() if row.exclusion_code])
    return {
        mark_id: Brief(
            REASONS[row.kind][row.reason], row.area_m2, row.seen_m2, _stands(row.state, row.exclusion_code, asked)
        )
        for mark_id, row in rows.items()
    }


def exclusion_code(session: Session, mark_id: UUID) -> str:
    """The code of the exclusion that an inaccessible mark asks for. Raises NotFoundError."""
    code = queries.exclusion_code(session, mark_id)
    if code is None:
        raise unknown(mark_id)
    return code


def state_of(session: Session, state: str, code: str | None) -> State:
    """How a mark stands now: what was asked for stands as its exclusion does."""
    return _stands(state, code, {} if code is None else territory.exclusion_states(session, [code]))


def unknown(mark_id: UUID) -> NotFoundError:
    """The refusal of an id that no mark has."""
    return NotFoundError(f"没有编号为 {mark_id} 的标记。请检查编号，或在列表中查找。", id=str(mark_id))


def _stands(state: str, code: str | None, asked: dict[str, str]) -> State:
    if state == "voided":
        return "voided"
    if code is None:
        return "accepted"
    known: dict[str, State] = {"approved": "approved", "refused": "refused"}
    return known.get(asked.get(code, ""), "requested")
