"""The lines of the rights matrix about sites and tenancies."""

from typing import Any
from uuid import uuid4

from tests.app.accounts.asks import Ask, Line
from tests.support import seeding
from tests.support.seeding import HEIGHT, SOUTH, WEST, WIDTH

IN, OUT = seeding.VILLAGE_11, seeding.VILLAGE_21
ROWS = {IN: 2.5, OUT: 0.5}
WHY = {"why": "核实"}
# Never sent as it stands: somebody has always changed the record meanwhile, so nothing wears out between roles.
STALE = {"version": 999}


def new_site(unit: str) -> dict[str, Any]:
    """A site in the first column of a village; a new one each time it is asked for."""
    return {
        "id": str(uuid4()),
        "name": f"厂{unit}",
        "kind": "factory",
        "occupancy": "leased",
        "stated_unit_code": unit,
        "datum": "WGS-84",
        "lon": WEST + 0.5 * WIDTH,
        "lat": SOUTH + ROWS[unit] * HEIGHT,
    }


def new_tenancy() -> dict[str, Any]:
    """A tenant; a new one each time."""
    return {"id": str(uuid4()), "tenant_name": "甲", "started_on": "2026-01-01"}


def new_check() -> dict[str, Any]:
    """A check before letting; a new one each time."""
    return {
        "id": str(uuid4()),
        "aspect": "fire",
        "result": "passed",
        "checked_by": "消防站",
        "checked_on": "2026-01-01",
    }


def _both(right: str, path: str, body: Any = None) -> Line:
    """Of one record inside and one outside."""
    made = None if body is None else (lambda _names: body() if callable(body) else body)
    return Line(right, Ask(path.replace("_X", "_in"), made), Ask(path.replace("_X", "_out"), made))


def table(unit: str) -> Any:
    """A file with one site, of the unit that the form names."""
    file = ("sites.csv", "场所名称,场所类型,使用状况\n空房,民房,闲置\n".encode())
    return lambda _names: ({"datum": "WGS-84", "unit": unit}, file)


SITES: dict[str, Line] = {
    "POST /api/sites/imports/preview": Line(
        "sites.manage",
        Ask("/api/sites/imports/preview", files=table(IN)),
        elsewhere="says what the file holds, and nothing else",
    ),
    "POST /api/sites/imports": Line(
        "sites.manage", Ask("/api/sites/imports", files=table(IN)), Ask("/api/sites/imports", files=table(OUT))
    ),
    "GET /api/sites": Line("sites.read", Ask("/api/sites?limit=500"), shows=("site_in",), hides=("site_out",)),
    "GET /api/sites/omissions": Line(
        "sites.read",
        Ask("/api/sites/omissions?limit=500"),
        Ask(f"/api/sites/omissions?unit={OUT}"),
        shows=("site_in",),
        hides=("site_out",),
    ),
    "GET /api/sites/{site_id}": _both("sites.read", "/api/sites/{site_X}"),
    "POST /api/sites": Line(
        "sites.manage",
        Ask("/api/sites", lambda _names: new_site(IN)),
        Ask("/api/sites", lambda _names: new_site(OUT)),
    ),
    "PATCH /api/sites/{site_id}": _both("sites.manage", "/api/sites/{site_X}", STALE),
    "POST /api/sites/{site_id}/removal": _both("sites.manage", "/api/sites/{site_X}/removal", WHY | STALE),
    "POST /api/sites/{site_id}/restoration": _both("sites.manage", "/api/sites/{site_X}/restoration", WHY),
    "POST /api/sites/{site_id}/tenancies": _both("sites.manage", "/api/sites/{site_X}/tenancies", new_tenancy),
    "PATCH /api/tenancies/{tenancy_id}": _both("sites.manage", "/api/tenancies/{tenancy_X}", STALE),
    "POST /api/tenancies/{tenancy_id}/end": _both(
        "sites.manage", "/api/tenancies/{tenancy_X}/end", WHY | STALE | {"ended_on": "2026-01-02"}
    ),
    "POST /api/tenancies/{tenancy_id}/checks": _both("sites.manage", "/api/tenancies/{tenancy_X}/checks", new_check),
    "GET /api/tiles/sites/{z}/{x}/{y}.mvt": Line(
        "sites.read",
        Ask("/api/tiles/sites/13/6822/3333.mvt"),
        Ask(f"/api/tiles/sites/13/6822/3333.mvt?unit={OUT}"),
        hides=("site_out",),
        elsewhere="tests.app.sites.test_tiles",
    ),
}
