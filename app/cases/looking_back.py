"""回头看: closed cases are looked at again, since they come back."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.actor import Actor
from app.cases.queries import files
from app.cases.reading import case_to_change, check_day, note_event
from app.cases.schemas.codes import LOOK_BACK_RESULTS
from app.cases.schemas.inputs import LookBackIn
from app.cases.schemas.outputs import LookBack
from app.cases.steps import reopen
from app.errors import ConflictError, InvalidInputError, NotFoundError
from app.settings import Settings
from app.visits import service as visits

# A look long before its day says nothing about that day.
EARLY_DAYS = 7


def look_backs_of(session: Session, case: Row[Any], today: date) -> list[LookBack]:
    """All looks back of a case, done and due, round by round."""
    rows = files.look_backs(session, case.id)
    missed = {row.id for row in files.missed(rows, case.relapses, today)} if case.state == "closed" else set()
    return [
        LookBack(
            **{name: value for name, value in row._mapping.items() if name != "case_id"},
            may_from=row.due_on - timedelta(days=EARLY_DAYS),
            is_missed=row.id in missed,
        )
        for row in rows
        # What a relapse made pointless was never due.
        if row.done_on is not None or row.round == case.relapses
    ]


def look_back(
    session: Session, settings: Settings, actor: Actor, case_id: UUID, look_back_id: UUID, body: LookBackIn
) -> None:
    """Say what a look back found; a relapse reopens the case.

    Raises as `case_to_change` does; NotFoundError; ConflictError when it was done already or the case is not closed;
    InvalidInputError for a day that cannot be, a visit of another site, a relapse without a new deadline.
    """
    case = case_to_change(session, settings, actor, case_id)
    row = next((each for each in files.look_backs(session, case_id) if each.id == look_back_id), None)
    if row is None:
        raise NotFoundError("本案没有这次回头看。请刷新后查看。", id=str(look_back_id))
    if row.done_on is not None or row.round != case.relapses or case.state != "closed":
        raise ConflictError(
            f"案件 {case.number} 的这次回头看已办理，或案件已不在“已完成整治”状态，未保存。请刷新后查看。",
            reason="done",
        )
    earliest = max(case.closed_on, row.due_on - timedelta(days=EARLY_DAYS))
    check_day(body.done_on, settings.today(), earliest, "回头看日期", f"可办理之日（计划日前 {EARLY_DAYS} 天）")
    _check_visit(session, case, body)
    files.looked(session, {"id": look_back_id, **body.model_dump(exclude={"deadline"}), "by_name": actor.name})
    words = f"{LOOK_BACK_RESULTS[body.result]}：{body.words}"
    note_event(session, actor, case, "look_back", body.done_on, words, {"look_back": [None, body.result]})
    if body.result == "relapse":
        reopen(session, actor, case, body.done_on, body.words, body.deadline)


def _check_visit(session: Session, case: Row[Any], body: LookBackIn) -> None:
    if body.visit_id is None:
        return
    visit = visits.brief(session, [body.visit_id]).get(body.visit_id)
    if visit is None or visit.site_id != case.site_id or visit.state != "accepted":
        raise InvalidInputError("所选检查走访不是本案场所的有效记录，未保存。请重新选择。", problem="visit")
