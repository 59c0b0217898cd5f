"""What shows that an order is done: evidence since it was made, never somebody's word for it.

docs/decisions/0020-when-an-order-is-done.md says why each rule is as it is.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import shapely
from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.baselines import service as baselines
from app.baselines.schemas import RowStand
from app.cases import service as cases
from app.coverage import service as coverage
from app.dispatch.wording import INCOMPLETE, LOOK_BACK
from app.leads import service as leads
from app.settings import Settings
from app.sites import service as sites
from app.visits import service as visits
from geo.areas import area_cells
from geo.daytiles import Cells, day_date
from geo.frame import TileKey

# What is left at the edges of a walk is nobody's fault; a twentieth is what two outlines of one place differ by.
NEEDED_PERCENT = 95


class Proof(NamedTuple):
    """The local day on which an order was done, the records that show it (may be none), and further facts (JSON)."""

    done_on: date
    evidence: list[str]
    facts: dict[str, Any]


Orders = Sequence[Row[Any]]
Proofs = dict[UUID, Proof]


def proofs(session: Session, settings: Settings, orders: Orders) -> Proofs:
    """What shows each of some orders done, by id; one that nothing shows done has no entry."""
    by_kind: dict[str, list[Row[Any]]] = {}
    for order in orders:
        by_kind.setdefault(order.subject_kind, []).append(order)
    found: Proofs = {}
    found |= _walked(session, settings, [*by_kind.get("ground", []), *by_kind.get("grid", [])])
    found |= _visited(session, [*by_kind.get("site", []), *by_kind.get("tenancy", [])])
    found |= _answered(session, settings, by_kind.get("lead", []))
    found |= _ended(session, settings, by_kind.get("case", []))
    found |= _checked(session, settings, by_kind.get("baseline_row", []))
    return found


def seen_since(session: Session, settings: Settings, order: Row[Any]) -> coverage.SeenSince:
    """How much of an order's ground was seen since the day it was made; `order` has its area as WKB."""
    made_on = _day(settings, order.created_at)
    return coverage.seen_since(session, _cells(session, settings, order), made_on, NEEDED_PERCENT)


def key_of(order: Row[Any]) -> str:
    """What stands behind the colon of an order's subject."""
    return str(order.subject).partition(":")[2]


def _walked(session: Session, settings: Settings, orders: Orders) -> Proofs:
    found = {}
    for order in orders:
        seen = seen_since(session, settings, order)
        if seen.cells and seen.reached_on is not None:
            facts = {"cells": seen.cells, "tracked": seen.tracked, "percent": seen.tracked * 1000 // seen.cells / 10}
            found[order.id] = Proof(seen.reached_on, [str(each) for each in seen.evidence_ids], facts)
    return found


def _cells(session: Session, settings: Settings, order: Row[Any]) -> dict[TileKey, Cells]:
    if order.area is not None:
        return area_cells(shapely.from_wkb(bytes(order.area)))
    return coverage.blind_cells(session, settings, key_of(order), order.created_at)


def _visited(session: Session, orders: Orders) -> Proofs:
    tenancies = {UUID(key_of(order)): order for order in orders if order.subject_kind == "tenancy"}
    awaited = [
        visits.Awaited(order.id, UUID(key_of(order)), None, order.created_at)
        for order in orders
        if order.subject_kind == "site"
    ]
    awaited += [
        visits.Awaited(order.id, tenancy.site_id, tenancy.id, order.created_at)
        for tenancy in sites.tenancy_brief(session, list(tenancies)).values()
        for order in orders
        if order.subject == f"tenancy:{tenancy.id}"
    ]
    came = visits.answering(session, awaited)
    return {order_id: Proof(each.day, [str(each.visit_id)], {}) for order_id, each in came.items()}


def _answered(session: Session, settings: Settings, orders: Orders) -> Proofs:
    known = leads.answered(session, {UUID(key_of(order)) for order in orders})
    found = {}
    for order in orders:
        answer = known.get(UUID(key_of(order)))
        if answer is None or answer.at < order.created_at:
            continue
        made_on, told_on = _day(settings, order.created_at), _day(settings, answer.at)
        looked_on = answer.looked_on
        day = looked_on if looked_on is not None and looked_on >= made_on else told_on
        found[order.id] = Proof(day, [] if answer.visit_id is None else [str(answer.visit_id)], {})
    return found


def _ended(session: Session, settings: Settings, orders: Orders) -> Proofs:
    if not orders:
        return {}
    ids = {UUID(key_of(order)) for order in orders}
    known, looked = cases.endings(session, ids), cases.look_backs(session, ids)
    found = {}
    for order in orders:
        case_id = UUID(key_of(order))
        proof = (
            _looked_back(settings, order, looked.get(case_id, []))
            if order.omission == LOOK_BACK
            else _closed(settings, order, known[case_id])
        )
        if proof is not None:
            found[order.id] = proof
    return found


def _closed(settings: Settings, order: Row[Any], case: cases.Ending) -> Proof | None:
    """A case that comes up again later was closed all the same; one closed without everything was not."""
    if order.omission == INCOMPLETE:
        return Proof(settings.today(), [], {}) if case.is_whole else None
    is_since = case.closed_at is not None and case.closed_at >= order.created_at
    if not is_since or case.closed_on is None or (case.is_finished and not case.is_whole):
        return None
    return Proof(max(case.closed_on, _day(settings, order.created_at)), [], {})


def _looked_back(settings: Settings, order: Row[Any], looks: Sequence[cases.Looked]) -> Proof | None:
    """Every look that had been missed when the order was made."""
    made_on = _day(settings, order.created_at)
    missed = [look for look in looks if look.due_on < made_on and (look.done_on is None or look.done_on >= made_on)]
    days = [look.done_on for look in missed if look.done_on is not None and not look.visit_voided]
    if not days or len(days) < len(missed):
        return None
    return Proof(max(days), [str(look.visit_id) for look in missed if look.visit_id is not None], {})


def _checked(session: Session, settings: Settings, orders: Orders) -> Proofs:
    """Rows of lists: checked as the list's figures count it, or nobody of that name is there."""
    if not orders:
        return {}
    rows = baselines.row_stands(session, settings, {int(key_of(order)) for order in orders})
    looks = _last_looks(session, settings, rows.values())
    found = {}
    for order in orders:
        row = rows[int(key_of(order))]
        made_on = _day(settings, order.created_at)
        since = made_on if row.decided_at is None else max(made_on, _day(settings, row.decided_at))
        proof = Proof(since, [], {"state": "absent"}) if row.state == "absent" else None
        if row.state == "matched" and row.id in looks:
            proof = _matched(order, row, since, looks[row.id])
        if proof is not None:
            found[order.id] = proof
    return found


def _last_looks(session: Session, settings: Settings, rows: Collection[RowStand]) -> dict[int, date]:
    """The day of the last look at the tenant, else at the site, that each row is matched with, by row."""
    sites_seen = sites.states(session, settings, {row.site_id for row in rows if row.site_id is not None})
    tenancy_ids = {row.tenancy_id for row in rows if row.tenancy_id is not None}
    tenants_seen = sites.seen_tenancies(session, tenancy_ids, settings.today())
    found = {}
    for row in rows:
        number = None
        if row.tenancy_id is not None:
            number = tenants_seen.get(row.tenancy_id)
        elif row.site_id in sites_seen:
            number = sites_seen[row.site_id].last_visit_day
        day = None if number is None else day_date(number)
        if day is not None:
            found[row.id] = day
    return found


def _matched(order: Row[Any], row: RowStand, since: date, seen_on: date) -> Proof | None:
    """Once done it stays so while it is the same firm and that look stands: that looks grow old does not undo it."""
    target = {"site_id": str(row.site_id), "tenancy_id": None if row.tenancy_id is None else str(row.tenancy_id)}
    known = order.done_by or {}
    stands = all(known.get(name) == value for name, value in target.items()) and seen_on.isoformat() >= known["seen_on"]
    if not row.is_checked and not stands:
        return None
    day = known["seen_on"] if stands else seen_on.isoformat()
    return Proof(max(since, seen_on), [], {"state": "matched", **target, "seen_on": day})


def _day(settings: Settings, at: datetime) -> date:
    return at.astimezone(settings.zone).date()
