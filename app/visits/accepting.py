"""Taking in a visit: once, with the tenancies it saw and those it found; sent again, the same answer."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import shapely
from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import ConflictError, ForbiddenError, NotFoundError
from app.evidence import service as evidence
from app.evidence.schemas import FindingKind, NewFinding, Position
from app.evidence.service import NOTHING_KEPT
from app.scope import Scope
from app.settings import Settings
from app.sites import service as sites
from app.sites.schemas import CurrentTenancy, TenancyIn
from app.territory import service as territory
from app.visits import checks, queries
from app.visits.queries import SiteRow
from app.visits.schemas import TenancyRef, VisitAnswer, VisitIn
from geo.daytiles import day_number

# A phone at the gate of a compound may be some way from what is known of it; beyond this it was somewhere else.
FAR_M = 100.0


class Accepted(NamedTuple):
    """What the sender is told, and whether the visit was stored before."""

    answer: VisitAnswer
    is_replay: bool


class Visited(NamedTuple):
    """A visit with its site as both are known: where the phone was (WGS-84), and how far from the site in m."""

    visit: VisitIn
    site: SiteRow
    day: date
    position: Position | None
    distance_m: float | None


def accept(session: Session, settings: Settings, actor: Actor, visit: VisitIn) -> Accepted:
    """Take in a visit, or find that it was taken in already; the caller commits.

    Raises InvalidInputError, NotFoundError (officer, site), ForbiddenError (not the sender's, or a site out of reach)
    or ConflictError (the id has other content).
    """
    checks.check(visit, settings)
    position = None if visit.position is None else evidence.position_of(visit.position, visit.datum)
    sent, digest = evidence.content(visit.model_dump(mode="json"))
    known = _replay(session, visit, digest)
    if known is not None:
        return known
    territory.ensure_officer(session, visit.officer_code)
    evidence.check_sender(session, actor, visit.officer_code, settings.today())
    day = visit.visited_at.astimezone(settings.zone).date()
    site = _site(session, actor, visit, day)
    known = _replay(session, visit, digest)  # it was being stored while this one waited for the site
    if known is not None:
        return known
    checks.check_checklist(visit, site)
    tenancies = _tenancies(session, visit, site, day)
    visited = Visited(visit, site, day, position, _distance_m(site, position))
    if not _submit(session, actor, visited):
        raise ConflictError(f"编号 {visit.id} 已用于另一条记录，未保存。请用新的编号重发。", id=str(visit.id))
    told = _answer(visited, tenancies)
    queries.insert(session, {**_values(settings, visited, told), "sent": sent, "content_digest": digest})
    _store_tenancies(session, settings, actor, visited)
    _judge(session, settings, visited)
    sites.refresh_checks(session, [site.id], day_number(settings.today()))
    return Accepted(told, is_replay=False)


def seen_by(visit: VisitIn) -> list[dict[str, Any]]:
    """What a visit says of each tenancy, those that it found among them, by id: {tenancy_id, seen, note}."""
    told = [{"tenancy_id": str(each.tenancy_id), "seen": each.seen, "note": each.note} for each in visit.tenancies]
    found = [{"tenancy_id": str(each.id), "seen": True, "note": None} for each in visit.new_tenants]
    return sorted(told + found, key=lambda each: str(each["tenancy_id"]))


def _site(session: Session, actor: Actor, visit: VisitIn, day: date) -> SiteRow:
    """The site, locked. Raises NotFoundError, ForbiddenError, or ConflictError for one that was removed."""
    site = queries.lock_site(session, visit.site_id)
    if site is None:
        raise NotFoundError(
            f"没有编号为 {visit.site_id} 的场所，请更新数据后重新选择。{NOTHING_KEPT}", site_id=str(visit.site_id)
        )
    if not _is_in_reach(session, actor, visit.officer_code, site, day):
        raise ForbiddenError(
            f"场所“{site.name}”不在您的管辖范围内，不能上传对它的检查。{NOTHING_KEPT}", site_id=str(site.id)
        )
    if site.removed_on is not None and day >= site.removed_on:
        raise ConflictError(
            f"场所“{site.name}”已于 {site.removed_on} 移出（{site.removed_why}），{day} 的检查不能计入。"
            f"如场所仍在，请联系村（社区）工作人员恢复。{NOTHING_KEPT}",
            site_id=str(site.id),
            removed_on=site.removed_on.isoformat(),
        )
    return site


def _is_in_reach(session: Session, actor: Actor, officer_code: str, site: SiteRow, day: date) -> bool:
    """In the actor's scope; or of an officer's own visit, anywhere in the villages where they have grids."""
    if actor.scope.holds_unit(site.unit_path) or site.grid_code in actor.scope.grid_codes:
        return True
    if actor.officer_code != officer_code:
        return False
    return Scope(tuple(territory.officer_units(session, officer_code, day))).holds_unit(site.unit_path)


def _tenancies(session: Session, visit: VisitIn, site: SiteRow, day: date) -> Sequence[CurrentTenancy]:
    """The current tenancies of the site on that day, as the visit answers for them."""
    current = sites.current_tenancies(session, [site.id], day)[site.id]
    named = [each.tenancy_id for each in visit.tenancies] + [each.id for each in visit.new_tenants]
    checks.check_tenancies(visit, site, current, sites.tenancy_brief(session, named), day)
    return current


def _distance_m(site: SiteRow, position: Position | None) -> float | None:
    if site.ground is None or position is None:
        return None
    return evidence.distance_m(shapely.from_wkb(site.ground), position)


def _submit(session: Session, actor: Actor, visited: Visited) -> bool:
    visit, site = visited.visit, visited.site
    at = visit.visited_at
    return evidence.submit(
        session, actor, visit.id, "visit", visit.officer_code, at, at, visited.day, site.place, [site.unit_path]
    )


def _store_tenancies(session: Session, settings: Settings, actor: Actor, visited: Visited) -> None:
    for new in visited.visit.new_tenants:
        found = TenancyIn(id=new.id, tenant_name=new.tenant_name, floor_unit=new.floor_unit, started_on=visited.day)
        sites.add_tenancy(session, settings, actor, visited.site.id, found, reported=True)
    queries.insert_seen(session, visited.visit.id, json.dumps(seen_by(visited.visit)))


def _judge(session: Session, settings: Settings, visited: Visited) -> None:
    visit = visited.visit
    found = evidence.hours_findings(settings, np.array([visit.visited_at.timestamp()]))
    found += _outside_scope(session, visited)
    near_m = FAR_M + ((visit.position.accuracy_m or 0.0) if visit.position else 0.0)
    away = evidence.not_there(visit.position, visit.visited_at, visited.distance_m, near_m, FAR_M)
    # Of a site that is nowhere nobody can say how far it was; that it is nowhere shows as its own omission.
    if away is not None and (visited.site.ground is not None or visit.position is None):
        found.append(NewFinding(FindingKind.VISIT_FAR, away))
    evidence.add_findings(session, visit.id, found)
    evidence.attach_photos(session, visit.id, visit.officer_code, visit.photo_ids, visit.visited_at, visited.position)


def _outside_scope(session: Session, visited: Visited) -> list[NewFinding]:
    """A site in another officer's grid; one in no grid is nobody's, so everybody is welcome there."""
    code = visited.site.grid_code
    if code is None:
        return []
    own = {grid.code for grid in territory.grids_in_charge(session, visited.visit.officer_code, visited.day)}
    if code in own:
        return []
    name = territory.grid_names(session, [code], visited.day).get(code, code)
    return [NewFinding(FindingKind.OUTSIDE_SCOPE, {"own_grids": bool(own), "grid_code": code, "grid_name": name})]


def _answer(visited: Visited, tenancies: Sequence[CurrentTenancy]) -> VisitAnswer:
    visit, distance_m = visited.visit, visited.distance_m
    seen = sum(each.seen for each in visit.tenancies) + len(visit.new_tenants)
    current = len(tenancies) + len(visit.new_tenants)
    return VisitAnswer(
        id=visit.id,
        state="accepted",
        site_id=visit.site_id,
        site_name=visited.site.name,
        result=visit.result,
        counts=visit.result != "not_entered",
        day=visited.day,
        distance_m=None if distance_m is None else round(distance_m, 1),
        tenancies_seen=seen,
        tenancies_unseen=current - seen,
        new_tenancies=[TenancyRef(id=each.id, tenant_name=each.tenant_name) for each in visit.new_tenants],
        notes=_notes(visited, current, current - seen),
    )


def _notes(visited: Visited, current: int, unseen: int) -> list[str]:
    if visited.visit.result == "not_entered":
        return ["未能进入不算检查，已留存记录；请在期限内再次走访。"]
    notes = []
    if unseen:
        notes.append(f"在场租户 {current} 个，其中 {unseen} 个未见到；全部见到后场所才算检查完整，请再次走访。")
    elif current:
        notes.append(f"已检查场所和全部 {current} 个在场租户。")
    else:
        notes.append("已检查场所。")
    if visited.visit.new_tenants:
        notes.append(
            f"新发现租户 {len(visited.visit.new_tenants)} 个，已登记为“待完善”，请村（社区）工作人员补充资料。"
        )
    if visited.site.ground is None:
        notes.append("该场所尚无坐标，无法核对手机与场所的距离。")
    return notes


def _values(settings: Settings, visited: Visited, told: VisitAnswer) -> dict[str, Any]:
    visit = visited.visit
    lon, lat = visited.position or (None, None)
    return {
        "id": visit.id,
        "site_id": visit.site_id,
        "officer_code": visit.officer_code,
        "visited_at": visit.visited_at,
        "utc_offset_s": settings.utc_offset_s(visit.visited_at),
        "day": day_number(visited.day),
        "result": visit.result,
        "not_entered_why": visit.not_entered_why,
        "checklist": json.dumps({code: item.model_dump() for code, item in visit.checklist.items()}),
        "note": visit.note,
        "lon": lon,
        "lat": lat,
        "position_accuracy_m": None if visit.position is None else visit.position.accuracy_m,
        "position_at": None if visit.position is None else visit.position.time,
        "distance_m": visited.distance_m,
        "datum": visit.datum,
        "answer": told.model_dump_json(),
    }


def _replay(session: Session, visit: VisitIn, digest: bytes) -> Accepted | None:
    row = queries.stored(session, visit.id)
    if row is None:
        return None
    if row.content_digest != digest:
        raise ConflictError(
            f"编号 {visit.id} 已用于另一份内容，本次内容与之不同，未保存。新的检查请用新的编号。", id=str(visit.id)
        )
    told = VisitAnswer.model_validate(row.answer)
    if row.state == "voided":
        note = f"本次检查已作废，不再计入。原因：{row.void_reason}"
        told = told.model_copy(update={"state": "voided", "notes": [*told.notes, note]})
    return Accepted(told, is_replay=True)
