"""Cases and sites of the small city to draw from, plans of it, and the people who ask."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.actor import Actor
from app.rights import RIGHTS, Role
from app.scope import Scope
from app.settings import Settings
from app.supervision import service
from app.supervision.forms import FORMS
from app.supervision.schemas import AnswerIn, ItemDetail, ItemRow, PlanDetail, PlanIn
from tests.app.reports.records import PATHS, put_case, put_site
from tests.support import seeding

SETTINGS = Settings()
TODAY = SETTINGS.today()
FOUND = TODAY - timedelta(days=30)
V11, V12, V21, V31 = seeding.VILLAGE_11, seeding.VILLAGE_12, seeding.VILLAGE_21, seeding.VILLAGE_31
SEED = "福彩 3D 2026311期 482"
_SITE_FACTS = text(
    "UPDATE site SET dust_kind = :dust_kind, occupancy = :occupancy, shut_down_kind = :shut_down_kind WHERE id = :id"
)


def person(role: Role, unit: str) -> Actor:
    """Somebody of a role whose scope is a unit, with no account."""
    return Actor(f"{role.value} {unit}", role, RIGHTS[role], Scope((PATHS[unit],)), "session", "127.0.0.1")


SUPERVISOR = person(Role.SUPERVISOR, seeding.CITY)
STAFF = person(Role.CITY, seeding.CITY)


def site(session: Session, code: str, unit: str, dust: bool = False, occupancy: str = "own_use") -> UUID:
    """A site in a unit that may be a dust firm, 厂中厂, or shut down."""
    site_id = put_site(session, code, unit, f"企业{code}")
    kind = "closed" if occupancy == "shut_down" else None
    values = {"id": site_id, "dust_kind": "铝粉" if dust else None, "occupancy": occupancy, "shut_down_kind": kind}
    session.execute(_SITE_FACTS, values)
    return site_id


def chemical(session: Session, number: str, unit: str, done: bool = False, found: date = FOUND, **more: Any) -> UUID:
    """A small chemical case, finished or not."""
    facts: dict[str, Any] = {"category": "chemical", "chemical_kind": "black_workshop", **more}
    if done:
        facts |= {"state": "closed", "closed_on": found}
    return put_case(session, number, unit, found, **facts)


def draw(
    session: Session, kind: str = "provincial", unit: str = seeding.CITY, seed: str = SEED, **more: Any
) -> PlanDetail:
    """A plan drawn today."""
    told = {"id": uuid4(), "name": "八月专题督导", "kind": kind, "unit_code": unit, "seed": seed} | more
    return service.draw_plan(session, SETTINGS, SUPERVISOR, PlanIn.model_validate(told))[0]


def of(plan: PlanDetail, stratum: str) -> list[ItemRow]:
    """What one rule drew."""
    return [item for item in plan.listed if item.stratum == stratum]


def whole(form: str, **more: Any) -> dict[str, Any]:
    """A final version in which every item of a form is answered."""
    given = {"yes_no": {"answer": "yes"}, "number": {"number": 3}, "words": {"words": "已核实"}}
    answers = {str(item.number): given[item.answering] for item in FORMS[form].items}
    stated = {"id": uuid4(), "version": 0, "answers": answers, "is_final": True, "found_omission": False}
    return stated | more


def answer(session: Session, item: ItemRow, actor: Actor = SUPERVISOR, **more: Any) -> ItemDetail:
    """Fill in the whole form of an item."""
    told = AnswerIn.model_validate(whole(item.form, **more))
    return service.answer(session, SETTINGS, actor, item.id, told)[0]
