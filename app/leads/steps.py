"""What people do with a lead, step by step; each is an event that stays."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import ConflictError, ForbiddenError, InvalidInputError
from app.leads import listing, places, storing
from app.leads.moves import STEP_NAMES, is_allowed
from app.leads.queries import leads as lead_queries
from app.leads.queries import steps as queries
from app.leads.schemas import (
    AssignStep,
    CheckStep,
    JudgeStep,
    LeadDetail,
    MatchStep,
    NoteStep,
    PlaceStep,
    ReopenStep,
    RewardStep,
    StepIn,
)
from app.leads.wording import NOTHING_KEPT, SOURCES, STATES, UNREPORTED
from app.settings import Settings
from app.sites import service as sites
from app.territory import service as territory
from app.visits import service as visits

Facts = dict[str, Any]


class _Work:
    """A lead that is being moved, held until the transaction ends."""

    def __init__(self, session: Session, settings: Settings, actor: Actor, row: Row[Any]) -> None:
        self.session, self.settings, self.actor, self.row = session, settings, actor, row
        self.today = settings.today()
        self.id: UUID = row.id

    def done(self, kind: str, to_state: str, words: str | None, facts: Facts) -> None:
        storing.add_event(self.session, self.actor, self.id, kind, self.row.state, to_state, words, facts)
        queries.move(self.session, self.id, to_state)


def step(session: Session, settings: Settings, actor: Actor, lead_id: UUID, taken: StepIn) -> LeadDetail:
    """Take a step. Raises NotFoundError, ForbiddenError, InvalidInputError, or ConflictError when somebody was faster
    or the state does not allow it.
    """
    lead_queries.lock(session, lead_id)
    row = listing.in_scope(session, actor.scope, lead_id, settings.today())
    if row.version != taken.version:
        raise ConflictError(
            f"这条线索刚被他人处理过，现为“{STATES[row.state]}”，本次未保存。请查看最新情况后再操作。",
            version=row.version,
            state=row.state,
        )
    if not is_allowed(taken.step, row.state):
        raise ConflictError(
            f"线索现为“{STATES[row.state]}”，不能{STEP_NAMES[taken.step]}。{NOTHING_KEPT}", state=row.state
        )
    _STEPS[type(taken)](_Work(session, settings, actor, row), taken)
    return listing.detail(session, actor, lead_id, settings.today())


def _assign(work: _Work, taken: AssignStep) -> None:
    officer = territory.ensure_officer(work.session, taken.officer_code)
    units = territory.officer_units(work.session, officer.code, work.today)
    if not work.actor.scope.holds_any(units):
        raise ForbiddenError(
            f"网格员 {officer.code} 今天在您的管辖范围内没有网格，不能分派。{NOTHING_KEPT}", officer_code=officer.code
        )
    queries.assign(work.session, work.id, officer.code)
    work.done("assigned", "assigned", taken.words, {"officer_code": officer.code, "officer_name": officer.name})


def _place(work: _Work, taken: PlaceStep) -> None:
    lon, lat = places.wgs84(taken.place.lon, taken.place.lat, taken.place.datum)
    placed = places.in_scope(work.session, work.actor.scope, lon, lat, work.today)
    _put(work, placed, taken.place.datum)
    facts = {"lon": lon, "lat": lat, "from": None if work.row.lon is None else [work.row.lon, work.row.lat]}
    work.done("placed", work.row.state, taken.words, facts)


def _put(work: _Work, placed: places.Placed, datum: str) -> None:
    queries.place(work.session, work.id, {**placed._asdict(), "datum": datum})


def _match(work: _Work, taken: MatchStep) -> None:
    if taken.site_id is None:
        if taken.tenancy_id is not None:
            raise InvalidInputError(f"选择租户时请同时选择其所在场所。{NOTHING_KEPT}", problem="tenancy")
        queries.match(work.session, work.id, None, None)
        work.done("matched", work.row.state, taken.words, {"site_id": None})
        return
    site = sites.site_in_scope(work.session, work.actor.scope, taken.site_id)
    if site.is_removed:
        raise ConflictError(f"场所“{site.name}”已撤销，不能匹配。{NOTHING_KEPT}", site_id=str(site.id))
    facts: Facts = {"site_id": str(site.id), "site_name": site.name}
    if taken.tenancy_id is not None:
        facts |= _tenancy(work.session, site.id, taken.tenancy_id)
    queries.match(work.session, work.id, site.id, taken.tenancy_id)
    if work.row.lon is None and site.lon is not None and site.lat is not None:
        placed = places.at(work.session, site.lon, site.lat, work.today)
        if placed is not None:
            _put(work, placed, "WGS-84")
            facts["placed_at_site"] = True
    work.done("matched", work.row.state, taken.words, facts)


def _tenancy(session: Session, site_id: UUID, tenancy_id: UUID) -> Facts:
    tenancy = sites.tenancy_brief(session, [tenancy_id]).get(tenancy_id)
    if tenancy is None or tenancy.site_id != site_id:
        raise InvalidInputError(f"该租户不在所选场所内，请重新选择。{NOTHING_KEPT}", problem="tenancy")
    return {"tenancy_id": str(tenancy_id), "tenant_name": tenancy.tenant_name}


def _check(work: _Work, taken: CheckStep) -> None:
    facts = _visited(work, taken.visit_id) if taken.visit_id is not None else _looked(work, taken)
    queries.check(work.session, work.id, taken.visit_id)
    work.done("checked", "checked", taken.words, facts)


def _since(work: _Work) -> date:
    """The day from which on a look can answer the lead."""
    since: date = work.row.made_at.astimezone(work.settings.zone).date()
    return since


def _visited(work: _Work, visit_id: UUID) -> Facts:
    visit = visits.brief(work.session, [visit_id]).get(visit_id)
    if work.row.site_id is None:
        raise InvalidInputError(
            f"线索尚未匹配场所，不能引用检查走访。请先匹配场所，或写明核查情况。{NOTHING_KEPT}", problem="site"
        )
    if visit is None or visit.site_id != work.row.site_id:
        raise InvalidInputError(f"该检查走访不是在线索所在场所进行的，请重新选择。{NOTHING_KEPT}", problem="visit")
    if visit.state != "accepted" or visit.result == "not_entered":
        raise InvalidInputError(f"该检查走访已作废或未能进入场所，不能作为核查依据。{NOTHING_KEPT}", problem="visit")
    visited_on = visit.visited_at.astimezone(work.settings.zone).date()
    if visited_on < _since(work):
        raise InvalidInputError(
            f"该检查走访在 {visited_on}，早于线索（{_since(work)}），不能作为核查依据。{NOTHING_KEPT}", problem="early"
        )
    return {"visit_id": str(visit_id), "looked_on": visited_on.isoformat(), "result": visit.result}


def _looked(work: _Work, taken: CheckStep) -> Facts:
    if taken.looked_on is None or taken.looked_by is None or taken.words is None:
        raise InvalidInputError(
            f"核查须到现场：请选择在该场所的检查走访，或写明日期、核查人和所见情况。{NOTHING_KEPT}", problem="look"
        )
    if not _since(work) <= taken.looked_on <= work.today:
        raise InvalidInputError(
            f"核查日期 {taken.looked_on} 应在线索发生（{_since(work)}）之后、今天（{work.today}）之前。{NOTHING_KEPT}",
            problem="day",
        )
    return {"looked_on": taken.looked_on.isoformat(), "looked_by": taken.looked_by}


def _judge(work: _Work, taken: JudgeStep) -> None:
    if taken.verdict == "true" and work.row.site_id is None and not work.row.no_known_site:
        raise ConflictError(f"认定属实前，请先匹配场所，或确认不是已登记的场所。{NOTHING_KEPT}", reason="unmatched")
    if taken.verdict == "true" and work.row.lon is None:
        raise ConflictError(f"认定属实前，请先标明线索的位置。{NOTHING_KEPT}", reason="unplaced")
    work.done("judged", taken.verdict, taken.words, {"verdict": taken.verdict})


def _reward(work: _Work, taken: RewardStep) -> None:
    if work.row.source in UNREPORTED:
        raise InvalidInputError(
            f"来源为“{SOURCES[work.row.source]}”的线索没有举报人，不能发放奖励。{NOTHING_KEPT}", problem="source"
        )
    if work.row.reward_yuan is not None:
        raise ConflictError(f"这条线索已奖励 {work.row.reward_yuan} 元，不能重复奖励。{NOTHING_KEPT}", reason="paid")
    queries.reward(work.session, work.id, taken.amount_yuan)
    work.done("rewarded", "rewarded", taken.words, {"amount_yuan": str(taken.amount_yuan)})


def _reopen(work: _Work, taken: ReopenStep) -> None:
    deadline = work.today + timedelta(days=work.settings.lead_days.of(work.row.source))
    queries.reopen(work.session, work.id, deadline)
    before = None if work.row.deadline is None else work.row.deadline.isoformat()
    facts = {"deadline": [before, deadline.isoformat()]}
    work.done("reopened", "new" if work.row.assigned_to is None else "assigned", taken.words, facts)


def _note(work: _Work, taken: NoteStep) -> None:
    work.done("noted", work.row.state, taken.words, {})


_STEPS: dict[type, Callable[[_Work, Any], None]] = {
    AssignStep: _assign,
    PlaceStep: _place,
    MatchStep: _match,
    CheckStep: _check,
    JudgeStep: _judge,
    RewardStep: _reward,
    ReopenStep: _reopen,
    NoteStep: _note,
}
