"""Cases, visits and efforts put straight into the tables of the small city, with steps on days of the past."""

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.actor import Actor, operator
from app.rights import EVERY_RIGHT, Role
from app.scope import Scope
from tests.support import seeding

CITY, COUNTY, TOWN = seeding.CITY, seeding.COUNTY_A, seeding.TOWN_1
V11, V12, V21 = seeding.VILLAGE_11, seeding.VILLAGE_12, seeding.VILLAGE_21
PATHS = {unit.code: ".".join((*unit.parents, unit.code)) for unit in seeding.units()}
ITEMS = ("water", "power", "equipment", "premises", "materials")
OPERATOR = operator("127.0.0.1")
Step = tuple[str, str, str, date]  # kind, from, to, when

_CASE = text(
    """INSERT INTO case_file (id, number, party_name, category, chemical_kind, unit_code, unit_path, address,
        responsible_name, stages, chemicals, description, measures, way_to_close, is_shut, is_suspended, is_dismantled,
        found_on, deadline, filed_on, fine_wan, fined_on, confiscated_wan, confiscated_on, transferred_persons,
        transferred_on, detained_persons, disciplined_persons, state, closed_on, relapses, content_digest, created_by)
    VALUES (:id, :number, :party_name, :category, :chemical_kind, :unit_code, CAST(:unit_path AS ltree), :address,
        :responsible_name, :stages, CAST(:chemicals AS jsonb), :description, :measures, :way_to_close, :is_shut,
        :is_suspended, :is_dismantled, :found_on, :found_on, :filed_on, :fine_wan, :fined_on, :confiscated_wan,
        :confiscated_on, :transferred_persons, :transferred_on, :detained_persons, :disciplined_persons, :state,
        :closed_on, :relapses, :digest, 'test')"""
)
_EVENT = text(
    """INSERT INTO case_event (case_id, kind, from_state, to_state, on_day, by_name)
    VALUES (:case_id, :kind, :from_state, :to_state, :on_day, 'test')"""
)
_ATTACHMENT = text(
    """INSERT INTO case_attachment (id, case_id, file_name, media_type, digest, byte_count, what, added_by)
    VALUES (:id, :case_id, 'a.jpg', 'image/jpeg', :digest, 1, '现场', 'test')"""
)
_ITEM = text(
    """INSERT INTO closure_item (case_id, round, item, done_on, recorded_by)
    VALUES (:case_id, :round, :item, :done_on, 'test')"""
)
_EVIDENCE = text(
    """INSERT INTO closure_evidence (case_id, round, item, attachment_id)
    VALUES (:case_id, :round, :item, :attachment_id)"""
)
_SITE = text(
    """INSERT INTO site (id, code, name, kind, occupancy, stated_unit_code, unit_code, unit_path, point, source_datum,
        lessor_phone, created_by)
    VALUES (:id, :code, :name, 'factory', 'leased', :unit, :unit, CAST(:path AS ltree),
        ST_SetSRID(ST_MakePoint(:lon, :lat), 4326), 'WGS-84', '13800138000', 'test')"""
)
_SEEN = text(
    """INSERT INTO evidence (id, kind, officer_code, started_at, ended_at, unit_paths, sent_by)
    VALUES (:id, 'visit', 'W1', CAST(:day AS date) + time '10:00', CAST(:day AS date) + time '10:00',
        ARRAY[CAST(:path AS ltree)], 'test')"""
)
_VISIT = text(
    """INSERT INTO visit (id, site_id, officer_code, visited_at, utc_offset_s, day, result, not_entered_why, checklist,
        datum, sent, content_digest, answer, state, void_reason, voided_by, voided_at)
    VALUES (:id, :site_id, 'W1', CAST(:day AS date) + time '10:00', 28800, CAST(:day AS date) - date '2000-01-01',
        :result, :not_entered_why, '{}', 'WGS-84', '{}', :digest, '{}', :state, :void_reason, :voided_by,
        CAST(:voided_at AS timestamptz))"""
)
_FACTS: dict[str, Any] = {
    "party_name": "某冶炼作坊",
    "category": "smelting",
    "chemical_kind": None,
    "address": "三组 12 号",
    "responsible_name": None,
    "stages": [],
    "chemicals": "[]",
    "description": "无证熔炼废铝",
    "measures": None,
    "way_to_close": None,
    "is_shut": False,
    "is_suspended": False,
    "is_dismantled": False,
    "filed_on": None,
    "fine_wan": 0,
    "fined_on": None,
    "confiscated_wan": 0,
    "confiscated_on": None,
    "transferred_persons": 0,
    "transferred_on": None,
    "detained_persons": 0,
    "disciplined_persons": 0,
    "state": "registered",
    "closed_on": None,
    "relapses": 0,
}


def staff(unit: str, role: Role = Role.TOWN) -> Actor:
    """Somebody whose scope is a unit."""
    return Actor("职员", role, EVERY_RIGHT, Scope((PATHS[unit],)), "session", "127.0.0.1")


def put_case(
    session: Session, number: str, unit: str, found_on: date, steps: Iterable[Step] = (), **facts: Any
) -> UUID:
    """A case found on a day and registered on it; `steps` follow."""
    case_id = uuid4()
    values = {**_FACTS, "id": case_id, "number": number, "unit_code": unit, "unit_path": PATHS[unit]}
    digest = hashlib.sha256(number.encode()).digest()
    session.execute(_CASE, values | {"found_on": found_on, "digest": digest} | facts)
    first: Step = ("registered", "registered", "registered", found_on)
    for kind, before, after, day in (first, *steps):
        event = {"case_id": case_id, "kind": kind, "from_state": before, "to_state": after, "on_day": day}
        session.execute(_EVENT, event)
    return case_id


def clear(session: Session, case_id: UUID, days: dict[str, date], round_: int = 0) -> None:
    """Closure items done on days, each with evidence."""
    attachment_id = uuid4()
    session.execute(_ATTACHMENT, {"id": attachment_id, "case_id": case_id, "digest": b"x"})
    for item, day in days.items():
        key = {"case_id": case_id, "round": round_, "item": item}
        session.execute(_ITEM, key | {"done_on": day})
        session.execute(_EVIDENCE, key | {"attachment_id": attachment_id})


def put_site(session: Session, code: str, unit: str = V11, name: str = "红星机械厂") -> UUID:
    """A leased factory in a unit."""
    site_id = uuid4()
    place = {"lon": 119.81, "lat": 31.77} if unit == V11 else {"lon": 119.81, "lat": 31.74}
    session.execute(_SITE, {"id": site_id, "code": code, "name": name, "unit": unit, "path": PATHS[unit], **place})
    return site_id


def put_visit(
    session: Session, site_id: UUID, day: date, unit: str = V11, result: str = "nothing_found", voided: bool = False
) -> None:
    """A visit to a site."""
    visit_id = uuid4()
    values = {"id": visit_id, "day": day, "path": PATHS[unit]}
    session.execute(_SEEN, values)
    stated = {
        "site_id": site_id,
        "result": result,
        "not_entered_why": "locked" if result == "not_entered" else None,
        "digest": visit_id.bytes,
        "state": "voided" if voided else "accepted",
        "void_reason": "错" if voided else None,
        "voided_by": "test" if voided else None,
        "voided_at": "2026-11-01 00:00+00" if voided else None,
    }
    session.execute(_VISIT, values | stated)
