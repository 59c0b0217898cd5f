"""Everything about one record that helps to judge it."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import ForbiddenError
from app.evidence import service as evidence
from app.leads import service as leads
from app.marks import service as marks
from app.patrols import service as patrols
from app.review import facts, wording
from app.review.queries import queue as sql
from app.review.schemas import Detail, Fact, Item, Other, Series
from app.review.service import item_of, record_in_scope
from app.settings import Settings
from app.visits import service as visits

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
    elif item.kind == "visit":
        _add_visit(session, settings, actor, found)
    # The last word of it, since the features asked above note only whom they were asked about.
    actor.facts["officer_codes"] = sorted({item.officer_code, *(o.item.officer_code for o in other if o.item)})
    return found


def _item(session: Session, actor: Actor, evidence_id: UUID) -> Item:
    row = sql.one(session, evidence_id)
    assert row is not None, "records are never deleted"  # noqa: S101
    return item_of(actor, row, evidence.findings_of(session, [evidence_id]).get(evidence_id, []))


def _other(session: Session, actor: Actor, evidence_id: UUID) -> Other:
    known = evidence.facts_of(session, [evidence_id])[evidence_id]
    if not actor.scope.holds_any(known.unit_paths):
        return Other(id=evidence_id, in_scope=False)
    found = Other(id=evidence_id, in_scope=True, item=_item(session, actor, evidence_id))
    found.photos = evidence.photos_of(session, evidence_id)
    if known.kind == "patrol":
        found.track = patrols.detail(session, evidence_id).track
    elif known.kind == "visit":
        found.area = visits.detail(session, actor, evidence_id).site_outline
    elif known.kind in ("mark", "inaccessible"):
        found.area = marks.detail(session, actor, evidence_id).geometry
    return found


def _add_patrol(session: Session, settings: Settings, found: Detail) -> None:
    patrol = patrols.detail(session, found.item.id)
    series = patrols.series_of(session, found.item.id)
    found.track = patrol.track
    found.series = None if series is None else Series(**asdict(series))
    found.facts = list(facts.of_patrol(patrol, settings))


def _add_mark(session: Session, settings: Settings, actor: Actor, found: Detail) -> None:
    mark = marks.detail(session, actor, found.item.id)
    found.area = mark.geometry
    found.position = mark.position
    found.position_accuracy_m = mark.position_accuracy_m
    found.distance_m = mark.distance_m
    found.facts = list(facts.of_mark(mark, settings))
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
        lead = leads.detail(session, settings, actor, found.item.id)
    except ForbiddenError:  # a report belongs to its officer's place too, the lead only to where it was seen
        found.facts = [Fact(name="地点", text=wording.LEAD_ELSEWHERE)]
        return
    found.position = {"type": "Point", "coordinates": [lead.lon, lead.lat]}
    found.position_accuracy_m = lead.accuracy_m
    found.facts = list(facts.of_report(lead, settings))


def _add_visit(session: Session, settings: Settings, actor: Actor, found: Detail) -> None:
    visit = visits.detail(session, actor, found.item.id)
    found.visit = visit
    found.area = visit.site_outline
    found.place = visit.site_place
    found.position = visit.position
    found.position_accuracy_m = visit.position_accuracy_m
    found.distance_m = visit.distance_m
    found.facts = list(facts.of_visit(visit, settings))
