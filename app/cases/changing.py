"""Changing the facts of a file: every field that changes is kept with what it was before."""

import json
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.actor import Actor
from app.cases.closing import check_still_proved
from app.cases.facts import check_facts, clean_uscc, point, position_of, settle
from app.cases.queries import cases
from app.cases.reading import case_to_change, note_event
from app.cases.schemas.inputs import CasePatch
from app.errors import InvalidInputError
from app.settings import Settings

_PLACED = ("unit_code", "unit_path", "grid_code", "place", "source_datum")


def change(session: Session, settings: Settings, actor: Actor, case_id: UUID, patch: CasePatch) -> None:
    """Change the fields sent. Raises as `case_to_change` does, and InvalidInputError for what cannot be."""
    case = case_to_change(session, settings, actor, case_id, patch.version)
    given = {name: _plain(value) for name, value in patch.given().items()}
    if "party_uscc" in given:
        given["party_uscc"] = clean_uscc(given["party_uscc"])
    if given.get("way_to_close", "") is None and case.state in ("closed", "struck_off"):
        raise InvalidInputError("已完成整治的案件必须有整治方式，不能清空。未保存。", problem="way_to_close")
    moved = _moved(session, settings, actor, case, patch, given)
    new = {**given, **moved}
    check_facts({**case._mapping, **new}, settings.today())
    changes = _changes(case, new)
    if not changes:
        raise InvalidInputError("内容与原来相同，没有需要保存的修改。", problem="nothing")
    if "found_on" in changes:
        check_still_proved(session, case, new["found_on"])
    cases.update(session, case_id, new)
    note_event(session, actor, case, "changed", settings.today(), patch.why, changes)


def _moved(
    session: Session, settings: Settings, actor: Actor, case: Row[Any], patch: CasePatch, given: dict[str, Any]
) -> dict[str, Any]:
    """The columns of a new place or unit; empty when neither was sent. A new place finds its unit anew."""
    fields = {"place", "unit_code"} & given.keys()
    given.pop("place", None)
    if not fields:
        return {}
    stated = given.pop("unit_code", None)
    if "place" in fields:
        place, datum = position_of(patch.place), patch.place.datum if patch.place else None
        code = stated or (case.unit_code if place is None else None)
    else:
        place = None if case.lon is None else (case.lon, case.lat)
        datum, code = case.source_datum, stated
    ground = settle(session, actor.scope, place, datum, code, settings.today())
    values = (ground.unit_code, ground.unit_path, ground.grid_code, point(ground), ground.datum)
    return dict(zip(_PLACED, values, strict=True))


def _changes(case: Row[Any], new: dict[str, Any]) -> dict[str, Any]:
    old = {**case._mapping, "place": None}
    if case.lon is not None:
        old["place"] = f"SRID=4326;POINT({case.lon!r} {case.lat!r})"
    pairs = {name: [old[name], value] for name, value in new.items() if name != "unit_path"}
    return {name: [_told(a), _told(b)] for name, (a, b) in pairs.items() if _told(a) != _told(b)}


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value.model_dump(mode="json") if isinstance(value, BaseModel) else value


def _told(value: Any) -> Any:
    """A value as the history keeps it: money without trailing zeros, places as "lon lat"."""
    if isinstance(value, str) and value.startswith("SRID=4326;POINT("):
        return value.removeprefix("SRID=4326;POINT(").removesuffix(")")
    if hasattr(value, "normalize"):
        return f"{value.normalize():f}"
    return json.loads(json.dumps(value, default=str))
