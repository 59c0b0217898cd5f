"""The lines of the rights matrix about baselines."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from tests.app.accounts.asks import Ask, Body, Line
from tests.support import seeding

IN, OUT = seeding.VILLAGE_11, seeding.VILLAGE_21


def new_list(unit: str, firm: str = "甲厂") -> Body:
    """A list of one firm for a unit; a new one each time it is asked for."""

    def body(_names: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, bytes]]:
        stated = {
            "id": str(uuid4()),
            "name": f"名单{firm}",
            "kind": "other",
            "department": "市场监管局",
            "as_of": "2026-01-31",
            "unit_code": unit,
            "mapping": {"name": "企业名称"},
        }
        return {"fields": json.dumps(stated)}, ("名单.csv", f"企业名称\n{firm}{uuid4().hex}\n".encode())

    return body


def _why(_names: Any) -> dict[str, str]:
    return {"why": "核实"}


def _unmatched(_names: Any) -> dict[str, str]:
    return {"state": "unmatched", "why": "核实"}


def _both(right: str, path: str, json: Body | None = None) -> Line:
    """The same asked of the list inside and of the one outside."""
    inside, outside = (path.replace("LIST", f"{{list_{at}}}").replace("ROW", f"{{row_{at}}}") for at in ("in", "out"))
    return Line(right, Ask(inside, json), Ask(outside, json))


BASELINES: dict[str, Line] = {
    "POST /api/baselines/preview": Line(
        "baselines.manage",
        Ask("/api/baselines/preview", files=new_list(IN)),
        elsewhere="shows the sender's own file, keeps nothing",
    ),
    "POST /api/baselines": Line(
        "baselines.manage", Ask("/api/baselines", files=new_list(IN)), Ask("/api/baselines", files=new_list(OUT))
    ),
    "GET /api/baselines": Line("baselines.read", Ask("/api/baselines"), shows=("list_in",), hides=("list_out",)),
    "GET /api/baselines/{baseline_id}": _both("baselines.read", "/api/baselines/LIST"),
    "GET /api/baselines/{baseline_id}/rows": _both("baselines.read", "/api/baselines/LIST/rows"),
    "GET /api/baselines/{baseline_id}/rows/{row_id}": _both("baselines.read", "/api/baselines/LIST/rows/ROW"),
    "POST /api/baselines/{baseline_id}/rows/{row_id}/decision": _both(
        "baselines.manage", "/api/baselines/LIST/rows/ROW/decision", _unmatched
    ),
    "POST /api/baselines/{baseline_id}/matching": _both("baselines.manage", "/api/baselines/LIST/matching"),
    "POST /api/baselines/{baseline_id}/withdrawal": _both("baselines.manage", "/api/baselines/LIST/withdrawal", _why),
    "GET /api/tiles/baseline-rows/{z}/{x}/{y}.mvt": _both(
        "baselines.read", "/api/tiles/baseline-rows/10/852/416.mvt?baseline=LIST"
    ),
}
