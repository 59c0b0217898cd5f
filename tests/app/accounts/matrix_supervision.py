"""The rights matrix of supervision: plans, forms, planted checks, the risk that remains."""

import hashlib
from collections.abc import MutableMapping
from datetime import date
from uuid import uuid4

import rfc8785
import zstandard
from sqlalchemy.orm import Session

from app.supervision.queries import answers, plans, planted
from tests.app.accounts.asks import Ask, Body, Line
from tests.support import seeding

IN, OUT = seeding.VILLAGE_11, seeding.VILLAGE_21
_PATHS = {unit.code: ".".join((*unit.parents, unit.code)) for unit in seeding.units()}
_DAY = date(2026, 3, 1)


def put_supervision(session: Session, names: MutableMapping[str, str]) -> None:
    """A plan with one finished form and a planted check that was found, in each of the villages."""
    content = rfc8785.dumps({"strata": []})
    by = {"by_account": None, "by_name": "督导员"}
    for name, unit in (("in", IN), ("out", OUT)):
        where = {"unit_code": unit, "unit_path": _PATHS[unit]}
        plan_id, item_id, check_id = uuid4(), uuid4(), uuid4()
        kept = {"candidates": zstandard.compress(content), "population_digest": hashlib.sha256(content).digest()}
        drawn = {"rules": {}, "population": [], "drawn_on": _DAY, "content_digest": b"x", "seed": "1", "kind": "city"}
        plans.insert(session, {"id": plan_id, "name": "督导", **where, **kept, **drawn, **by})
        item = {"id": item_id, "plan_id": plan_id, "ordinal": 1, "form": "F5", "subject_kind": "unit"}
        named = {"subject": f"unit:{unit}", "name": "村", "address": None, "lon": None, "lat": None}
        plans.insert_items(
            session, [{**item, **named, **where, "stratum": "towns", "why": {"all": True, "of": 1, "want": 1}}]
        )
        found = {"is_final": True, "found_omission": False, "words": None, "lon": None, "lat": None}
        filled = {"id": uuid4(), "item_id": item_id, "version": 1, "answers": {}, "content_digest": b"x"}
        answers.insert(session, {**filled, **found, **by})
        check = {"id": check_id, "what": "空桶", "lon": None, "lat": None, "planted_on": _DAY, "until": _DAY}
        planted.insert(session, {**check, **where, **by})
        planted.settle(session, check_id, "found", _DAY, "督导员", "当天发现")
        names |= {f"plan_{name}": str(plan_id), f"item_{name}": str(item_id), f"check_{name}": str(check_id)}


def plan(unit: str) -> Body:
    """A plan of a unit."""
    told = {"name": "督导", "kind": "city", "unit_code": unit, "seed": "1"}
    return lambda names: {"id": names["nothing"], **told}


def answer(_names: object) -> object:
    """A version of the answers that somebody was faster than."""
    return {"id": str(uuid4()), "version": 0, "answers": {}, "is_final": False}


def check(unit: str) -> Body:
    """A planted check in a unit."""
    told = {"what": "空桶", "planted_on": "2026-03-01", "until": "2026-03-31"}
    return lambda _names: {"id": str(uuid4()), "unit_code": unit, **told}


def settled(_names: object) -> object:
    """What became of a check that was settled before."""
    return {"outcome": "found", "settled_on": "2026-03-01", "words": "发现"}


def _both(right: str, path: str, json: Body | None = None) -> Line:
    """A route of one record: `{0}` stands for in or out."""
    return Line(right, Ask(path.replace("{0}", "in"), json), Ask(path.replace("{0}", "out"), json))


_READ, _SUPERVISE = "supervision.read", "supervision.manage"
_API = "/api/supervision"
SUPERVISION: dict[str, Line] = {
    "GET /api/supervision/risk": Line(_READ, Ask(f"{_API}/risk?unit={IN}"), Ask(f"{_API}/risk?unit={OUT}")),
    "GET /api/supervision/plans": Line(
        _READ,
        Ask(f"{_API}/plans"),
        Ask(f"{_API}/plans?unit={OUT}"),
        shows=("plan_in",),
        hides=("plan_out", "清水"),
    ),
    "POST /api/supervision/plans": Line(_SUPERVISE, Ask(f"{_API}/plans", plan(IN)), Ask(f"{_API}/plans", plan(OUT))),
    "GET /api/supervision/plans/{plan_id}": _both(_READ, _API + "/plans/{plan_{0}}"),
    "GET /api/supervision/plans/{plan_id}/redraw": _both(_SUPERVISE, _API + "/plans/{plan_{0}}/redraw"),
    "POST /api/supervision/plans/{plan_id}/end": _both(_SUPERVISE, _API + "/plans/{plan_{0}}/end"),
    "GET /api/supervision/plans/{plan_id}/report": _both(_READ, _API + "/plans/{plan_{0}}/report"),
    "GET /api/supervision/plans/{plan_id}/report.xlsx": _both(_READ, _API + "/plans/{plan_{0}}/report.xlsx"),
    "GET /api/supervision/items/{item_id}": _both(_READ, _API + "/items/{item_{0}}"),
    "GET /api/supervision/items/{item_id}/form.xlsx": _both(_READ, _API + "/items/{item_{0}}/form.xlsx"),
    "POST /api/supervision/items/{item_id}/answers": _both(_SUPERVISE, _API + "/items/{item_{0}}/answers", answer),
    "GET /api/supervision/checks": Line(
        _READ, Ask(f"{_API}/checks"), Ask(f"{_API}/checks?unit={OUT}"), shows=("check_in",), hides=("check_out",)
    ),
    "POST /api/supervision/checks": Line(
        _SUPERVISE, Ask(f"{_API}/checks", check(IN)), Ask(f"{_API}/checks", check(OUT))
    ),
    "POST /api/supervision/checks/{check_id}/outcome": _both(_SUPERVISE, _API + "/checks/{check_{0}}/outcome", settled),
}
