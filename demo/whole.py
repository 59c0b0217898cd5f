"""Sites of the town where nothing is left out: each in order, with papers, checks and a visit that saw everybody."""

from datetime import timedelta
from typing import Any

import numpy as np

from demo.firms import Firms
from demo.grids import Grid
from demo.intentions import Intention
from demo.plan import Plan
from demo.plane import Plane
from demo.sites import INVENTED, DemoSite, own_id

STARTED_DAYS_AGO, LEASE_DAYS = 120, 730


def whole_sites(plan: Plan) -> list[DemoSite]:
    """A factory with two tenants in each village's first grid, a workshop of somebody's own in every other."""
    firms = Firms(np.random.default_rng([plan.clock.seed, 43]))
    grids = plan.scene.of(Intention.WHOLE)
    first = {grid.unit_code: grid.code for grid in reversed(grids)}
    return [_site(plan, firms, number, grid, grid.code == first[grid.unit_code]) for number, grid in enumerate(grids)]


def _site(plan: Plan, firms: Firms, number: int, grid: Grid, is_let: bool) -> DemoSite:
    firm = firms.firm("factory")
    plane = Plane.around(grid.geometry)
    spot = plane.geographic(plane.metric(grid.geometry).buffer(-60).representative_point())
    lon, lat = round(float(spot.x), 7), round(float(spot.y), 7)
    body: dict[str, Any] = {
        "id": own_id(f"whole/{number}"),
        "code": f"YS-WZ-{number + 1:02d}",
        "name": firm.name,
        "kind": "factory" if is_let else "workshop",
        "occupancy": "multi_tenant" if is_let else "own_use",
        "risk": "medium" if is_let else "low",
        "uscc": firm.uscc,
        "address": f"演示路{500 + number}号",
        "lessor_name": firms.person() if is_let else None,
        "lessor_phone": firms.phone() if is_let else None,
        "stated_unit_code": grid.unit_code,
        "lon": lon,
        "lat": lat,
        "datum": "WGS-84",
        "provenance": INVENTED,
    }
    site = DemoSite(body, grid, (lon, lat))
    for nth in range(2 if is_let else 0):
        _tenant(plan, firms, site, nth)
    return site


def _tenant(plan: Plan, firms: Firms, site: DemoSite, nth: int) -> None:
    firm = firms.firm("tenant")
    started = plan.clock.last_day - timedelta(days=STARTED_DAYS_AGO)
    tenancy = own_id(f"{site.body['id']}/{nth}")
    site.tenancies.append(
        {
            "id": tenancy,
            "tenant_name": firm.name,
            "uscc": firm.uscc,
            "contact_name": firms.person(),
            "contact_phone": firms.phone(),
            "floor_unit": f"{nth + 1} 幢 1 层",
            "area_m2": 300.0,
            "process": "机加工、打磨",
            "main_risks": "机械伤害",
            "chemicals": [],
            "lease_from": started.isoformat(),
            "lease_to": (started + timedelta(days=LEASE_DAYS)).isoformat(),
            "sublets": "none",
            "started_on": started.isoformat(),
        }
    )
    site.checks[tenancy] = [
        {
            "id": own_id(f"{tenancy}/{aspect}"),
            "aspect": aspect,
            "result": "passed",
            "checked_by": "演示第三方机构",
            "checked_on": (started - timedelta(days=10)).isoformat(),
            "note": None,
        }
        for aspect in ("structure", "fire", "special_equipment")
    ]
