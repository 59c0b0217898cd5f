"""The lines of the rights matrix about cases."""

from typing import Any
from uuid import uuid4

from tests.app.accounts.asks import Ask, Line, Names
from tests.support import seeding
from tests.support.phone import jpeg

IN, OUT = seeding.VILLAGE_11, seeding.VILLAGE_21
STEP = {"step": "note", "version": 0, "words": "核实"}
PATCH = {"version": 0, "why": "核实", "handler_name": "甲"}
ITEM = {"version": 0, "done_on": None, "attachment_ids": []}
LOOK = {"done_on": "2026-01-10", "result": "clean", "words": "核实"}
WHY = {"why": "核实"}


def new_case(unit: str) -> dict[str, Any]:
    """A case of a unit; a new one each time it is asked for."""
    return {
        "id": str(uuid4()),
        "party_name": f"作坊{unit}",
        "category": "plating",
        "unit_code": unit,
        "address": "某处",
        "description": "无证电镀",
        "found_on": "2026-01-05",
        "deadline": "2026-02-05",
    }


def _both(right: str, path: str, json: dict[str, Any] | None = None) -> Line:
    """Of one case inside and one outside."""
    body = None if json is None else (lambda _names: json)
    return Line(right, Ask(path.replace("CASE", "{case_in}"), body), Ask(path.replace("CASE", "{case_out}"), body))


def _file(_names: Names) -> Any:
    return {"id": str(uuid4()), "what": "照片"}, ("photo.jpg", jpeg(5))


def _link(_names: Names) -> Any:
    return {"id": str(uuid4()), "relation": "related", "other_name": f"某{uuid4()}"}


CASES: dict[str, Line] = {
    "GET /api/cases": Line("cases.read", Ask("/api/cases"), shows=("case_in",), hides=("case_out",)),
    "GET /api/cases/draft": Line(
        "cases.manage", Ask("/api/cases/draft?lead={lead_in}"), Ask("/api/cases/draft?lead={lead_out}")
    ),
    "POST /api/cases": Line(
        "cases.manage",
        Ask("/api/cases", lambda _names: new_case(IN)),
        Ask("/api/cases", lambda _names: new_case(OUT)),
    ),
    "GET /api/cases/{case_id}.pdf": _both("cases.read", "/api/cases/CASE.pdf"),
    "GET /api/cases/{case_id}.zip": _both("cases.read", "/api/cases/CASE.zip"),
    "GET /api/cases/{case_id}": _both("cases.read", "/api/cases/CASE"),
    "PATCH /api/cases/{case_id}": _both("cases.manage", "/api/cases/CASE", PATCH),
    "POST /api/cases/{case_id}/steps": _both("cases.manage", "/api/cases/CASE/steps", STEP),
    "POST /api/cases/{case_id}/striking-off": _both(
        "cases.strike_off", "/api/cases/CASE/striking-off", {"version": 0, "words": "核实"}
    ),
    "PUT /api/cases/{case_id}/closure/{item}": _both("cases.manage", "/api/cases/CASE/closure/water", ITEM),
    "POST /api/cases/{case_id}/look-backs/{look_back_id}": _both(
        "cases.manage", "/api/cases/CASE/look-backs/{nothing}", LOOK
    ),
    "POST /api/cases/{case_id}/attachments": Line(
        "cases.manage",
        Ask("/api/cases/{case_in}/attachments", files=_file),
        Ask("/api/cases/{case_out}/attachments", files=_file),
    ),
    "GET /api/cases/{case_id}/attachments/{attachment_id}": _both(
        "cases.read", "/api/cases/CASE/attachments/{nothing}"
    ),
    "POST /api/cases/{case_id}/attachments/{attachment_id}/withdrawal": _both(
        "cases.manage", "/api/cases/CASE/attachments/{nothing}/withdrawal", WHY
    ),
    "POST /api/cases/{case_id}/links": Line(
        "cases.manage", Ask("/api/cases/{case_in}/links", _link), Ask("/api/cases/{case_out}/links", _link)
    ),
    "POST /api/cases/{case_id}/links/{link_id}/removal": _both(
        "cases.manage", "/api/cases/CASE/links/{nothing}/removal", WHY
    ),
    "GET /api/tiles/cases/{z}/{x}/{y}.mvt": Line(
        "cases.read",
        Ask("/api/tiles/cases/10/852/417.mvt"),
        hides=("case_out",),
        elsewhere="tests.app.cases.test_lists",
    ),
}
