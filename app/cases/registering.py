"""Registering a case: where it comes from, whose it is, what number it gets."""

import hashlib
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from app.actor import Actor
from app.cases.facts import Ground, check_facts, clean_uscc, point, position_of, settle
from app.cases.queries import cases, files
from app.cases.reading import check_day, note_event
from app.cases.schemas.inputs import CaseIn
from app.cases.sources import Known, Origin, known_of
from app.errors import ConflictError, InvalidInputError
from app.settings import Settings

_NOTHING_KEPT = "未保存任何内容。"


def register(session: Session, settings: Settings, actor: Actor, case: CaseIn, finished_on: date | None = None) -> UUID:
    """Open the file of a case, or find that it is open already. `finished_on`: it was closed before it came here.

    Raises InvalidInputError, NotFoundError, ForbiddenError, or ConflictError: the id or the number is another case's.
    """
    digest = hashlib.sha256(f"{case.model_dump_json()}{finished_on}".encode()).digest()
    if _is_replay(session, case.id, digest):
        return case.id
    known = known_of(session, actor, Origin(case.site_id, case.tenancy_id, case.lead_id, case.visit_id))
    values = _values(session, settings, actor, case, known)
    values |= {"content_digest": f"\\x{digest.hex()}", "created_by": actor.name}
    if finished_on is not None:
        check_day(finished_on, settings.today(), case.found_on, "完成整治日期", "发现日期")
        values |= {"state": "closed", "closed_on": finished_on}
    _store(session, case, values)
    stored = cases.locked(session, case.id, settings.today())
    assert stored is not None  # noqa: S101 - just put in
    words = None if finished_on is None else f"登记时已于 {finished_on} 完成整治"
    note_event(session, actor, stored, "registered", case.found_on, words, {})
    if finished_on is not None:
        plan_look_backs(session, settings, case.id, 0, finished_on)
    return case.id


def plan_look_backs(session: Session, settings: Settings, case_id: UUID, round_: int, closed_on: date) -> None:
    """Put down the days on which a closed case must be looked at again."""
    days = [closed_on + timedelta(days=days) for days in settings.look_back_days]
    files.plan(session, [{"id": uuid4(), "case_id": case_id, "round": round_, "due_on": day} for day in days])


def _is_replay(session: Session, case_id: UUID, digest: bytes) -> bool:
    stored = cases.digest(session, case_id)
    if stored is not None and stored != digest:
        raise ConflictError(
            f"编号 {case_id} 已用于另一个案件，本次内容与之不同，未保存。新的案件请用新的编号。", id=str(case_id)
        )
    return stored is not None


def _values(session: Session, settings: Settings, actor: Actor, case: CaseIn, known: Known) -> dict[str, Any]:
    today = settings.today()
    party, address = case.party_name or known.party_name, case.address or known.address
    if party is None:
        raise InvalidInputError(f"请填写问题单位或个人的名称。{_NOTHING_KEPT}", problem="party_name")
    if address is None:
        raise InvalidInputError(f"请填写详细地址。{_NOTHING_KEPT}", problem="address")
    given = case.model_dump(exclude={"id", "number", "place"})
    check_facts(given, today)
    ground = _ground(session, actor, case, known, today)
    origin = known.origin
    return {
        **case.model_dump(mode="json", exclude={"place"}),
        "party_name": party,
        "party_uscc": clean_uscc(case.party_uscc) or (known.party_uscc if case.party_name is None else None),
        "address": address,
        "unit_code": ground.unit_code,
        "unit_path": ground.unit_path,
        "grid_code": ground.grid_code,
        "place": point(ground),
        "source_datum": ground.datum,
        "site_id": origin.site_id,
        "tenancy_id": origin.tenancy_id,
        "lead_id": origin.lead_id,
        "visit_id": origin.visit_id,
        "supervised_level": None,
        "supervised_on": None,
        "state": "registered",
        "closed_on": None,
        "relapses": 0,
    }


def _ground(session: Session, actor: Actor, case: CaseIn, known: Known, today: date) -> Ground:
    """By the place stated; else by that of the site, which is WGS-84 here; else by the unit."""
    stated = position_of(case.place)
    place = stated or known.place
    datum = case.place.datum if case.place is not None else "WGS-84"
    code = case.unit_code or (None if stated else known.unit_code)
    return settle(session, actor.scope, place, datum, code, today)


def _store(session: Session, case: CaseIn, values: dict[str, Any]) -> None:
    if case.number is not None:
        if not cases.insert(session, values):
            raise ConflictError(
                f"问题编号 {case.number} 已有案件使用，未保存。请核对编号，或留空由系统编号。", number=case.number
            )
        return
    county, year = values["unit_code"][:6], case.found_on.year
    while True:  # numbers that imports brought are passed over
        number = f"{county}-{year}-{cases.next_number(session, county, year):04d}"
        if cases.insert(session, {**values, "number": number}):
            return
        if cases.by_number(session, number) is None:
            raise ConflictError("这个案件正在被另一请求登记，请稍后刷新查看。", id=str(case.id))
