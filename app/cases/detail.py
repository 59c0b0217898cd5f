"""The whole file of a case as it is read."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.actor import Actor
from app.cases.attachments import attachments_of
from app.cases.closing import closure_of
from app.cases.links import OTHER_CASE, chain_of, links_of
from app.cases.listing import CHOICES, row_of
from app.cases.looking_back import look_backs_of
from app.cases.queries import files
from app.cases.queries import links as link_queries
from app.cases.reading import case_in_scope
from app.cases.schemas.codes import EVENTS, FIELDS
from app.cases.schemas.outputs import CaseDetail, Event, NextStep, VisitPhoto
from app.cases.sources import sources_of
from app.cases.steps import before_close, before_strike_off, closed_by
from app.evidence import service as evidence
from app.rights import Right
from app.scope import EVERYTHING
from app.settings import Settings
from app.territory import service as territory

_OWN_TEXT = """party_uscc chemical_kind grid_code source_datum responsible_name responsible_phone stages chemicals
    description measures way_to_close is_shut is_suspended is_dismantled handler_phone supervised_on filed_on fine_wan
    fined_on confiscated_wan confiscated_on transferred_persons transferred_on detained_persons disciplined_persons
    version created_at created_by"""
_OWN = _OWN_TEXT.split()


def detail(session: Session, settings: Settings, actor: Actor, case_id: UUID) -> CaseDetail:
    """The file. Raises NotFoundError, or ForbiddenError outside the actor's scope."""
    case = case_in_scope(session, settings, actor, case_id)
    closure = closure_of(session, case)
    return CaseDetail(
        **row_of(case, settings.today()).model_dump(),
        **{name: getattr(case, name) for name in _OWN},
        place_names=[unit.name for unit in territory.breadcrumb(session, EVERYTHING, case.unit_path)],
        sources=sources_of(session, case),
        closure=closure,
        look_backs=look_backs_of(session, case, settings.today()),
        attachments=attachments_of(session, case_id, closure),
        visit_photos=_visit_photos(session, case),
        links=links_of(session, actor, case_id),
        graph=chain_of(session, actor, case_id),
        events=_events(session, actor, case_id),
        next_steps=_next_steps(session, actor, case),
        may_manage=actor.may(Right.MANAGE_CASES),
        choices=CHOICES,
        fields=FIELDS,
    )


def _visit_photos(session: Session, case: Row[Any]) -> list[VisitPhoto]:
    if case.visit_id is None:
        return []
    photos = evidence.photos_of(session, case.visit_id)
    return [VisitPhoto(id=photo.id, url=f"/api/photos/{photo.id}", taken_at=photo.taken_at) for photo in photos]


def _events(session: Session, actor: Actor, case_id: UUID) -> list[Event]:
    rows = files.events(session, case_id)
    others = {UUID(row.changes[OTHER_CASE]) for row in rows if OTHER_CASE in row.changes}
    ends = link_queries.ends(session, others)
    open_ = {str(end.id) for end in ends.values() if actor.scope.holds_unit(end.unit_path)}
    return [_event(row, open_) for row in rows]


def _event(row: Row[Any], open_: set[str]) -> Event:
    """Words about a case outside the reader's scope stay with those who may read that case."""
    other = row.changes.get(OTHER_CASE)
    told = {name: value for name, value in row._mapping.items() if name not in ("case_id", "by_account", "changes")}
    if other is not None and other not in open_:
        told["words"] = None
    changes = {name: value for name, value in row.changes.items() if name != OTHER_CASE}
    return Event(**told, changes=changes, kind_name=EVENTS[row.kind])


def _next_steps(session: Session, actor: Actor, case: Row[Any]) -> list[NextStep]:
    """What may come next by the state, each with what it still needs."""
    steps = []
    if case.state == "registered":
        steps.append(NextStep(step="start", name="开始整治", needs=[]))
    if case.state == "rectifying":
        steps.append(NextStep(step="close", name="完成整治", needs=before_close(session, case)))
    if case.state == "closed":
        steps.append(NextStep(step="strike_off", name="销号", needs=_before_strike_off(session, actor, case)))
    if case.state in ("closed", "struck_off"):
        steps.append(NextStep(step="relapse", name="死灰复燃，重新整治", needs=[]))
    return steps


def _before_strike_off(session: Session, actor: Actor, case: Row[Any]) -> list[str]:
    needs = before_strike_off(session, case)
    if not actor.may(Right.STRIKE_OFF):
        needs.append("由镇（街道）及以上单位办理")
    elif closed_by(session, actor, case):
        needs.append("由完成整治的办理人以外的人办理")
    return needs
