"""The demo's sites and tenancies: real industrial outlines moved to Changzhou, invented firms, planted omissions.

Everything is a body of the interface, so that the demo goes in as a village's typing would.
"""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
import shapely

from demo.firms import Firm, Firms
from demo.grids import Grid
from demo.home import home_grid
from demo.intentions import Intention
from demo.plan import Plan
from demo.plane import Plane
from demo.sources import outlines, power_plants

OUTLINES, POINTS = 300, 110
LARGEST_M2 = 60_000.0
PROVENANCE = "真实轮廓（OpenStreetMap，杭州），异地移置；名称虚构（演示）"
INVENTED = "位置与名称均为虚构（演示）"
PLANT = "真实位置（WRI Global Power Plant Database）"
NAMESPACE = uuid.UUID("6d1c9c1e-64d2-4d29-9b0c-0f6f3f1b7a10")
KINDS = {
    "factory": ("own_use", "leased", "multi_tenant", "multi_tenant", "idle", "shut_down", "zombie"),
    "warehouse": ("own_use", "leased", "idle"),
    "workshop": ("own_use", "leased"),
    "farm": ("own_use", "idle"),
    "house": ("leased", "idle", "awaiting_demolition"),
    "remote": ("idle", "awaiting_demolition"),
}
OF_OUTLINE = ("factory", "factory", "factory", "factory", "warehouse", "workshop")
OF_POINT = ("farm", "house", "house", "remote", "workshop")
SHUT = ("banned", "closed", "withdrawn")
PROCESSES = ("喷涂、烘干", "机加工、打磨", "木制品加工", "胶粘剂分装", "金属表面处理", "印花")
RISKS = ("易燃易爆", "粉尘爆炸", "有毒有害气体", "用电火灾", "机械伤害")
CHEMICALS = ("油漆", "稀释剂", "盐酸", "乙醇", "双氧水", "胶粘剂")
DUSTS = ("铝粉", "木粉", "面粉")


@dataclass(frozen=True, slots=True)
class DemoSite:
    """A site's body, those of its tenancies (parents first), of their checks, and the grid it lies in, if any."""

    body: dict[str, Any]
    grid: Grid | None
    position: tuple[float, float] | None
    tenancies: list[dict[str, Any]] = field(default_factory=list)
    checks: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # by tenancy id


def own_id(name: str) -> str:
    """The same id for the same thing in every build, so that one cut short is finished, not doubled."""
    return str(uuid.uuid5(NAMESPACE, name))


def sites(plan: Plan) -> list[DemoSite]:
    """All of them; the same for one plan."""
    draw = np.random.default_rng([plan.clock.seed, 40])
    maker = _Maker(plan, draw)
    few = len(plan.scene.grids)
    placed = [*maker.with_outlines(min(OUTLINES, few)), *maker.with_points(min(POINTS, few // 3))]
    return [*placed, *_plants({unit.code for unit in plan.units}), *maker.without_place()]


class _Maker:
    def __init__(self, plan: Plan, draw: np.random.Generator) -> None:
        self._plan = plan
        self._draw = draw
        self._firms = Firms(draw)
        self._today = plan.clock.last_day
        self._grids = _grids_in_turn(plan, draw)
        self._number = 0

    def with_outlines(self, count: int) -> Iterator[DemoSite]:
        shapes = outlines(LARGEST_M2)
        picked = self._draw.choice(len(shapes), count, replace=False)
        for at in picked:
            grid = next(self._grids)
            outline = self._moved(shapes[at], grid)
            spot = outline.representative_point()
            where = {
                "outline": json.loads(shapely.to_geojson(outline)),
                "lon": spot.x,
                "lat": spot.y,
                "datum": "WGS-84",
            }
            body = self._body(OF_OUTLINE, grid) | where | {"provenance": PROVENANCE}
            yield self._with_tenancies(body, grid, (spot.x, spot.y))

    def with_points(self, count: int) -> Iterator[DemoSite]:
        for _ in range(count):
            grid = next(self._grids)
            lon, lat = self._point_in(grid.geometry)
            body = self._body(OF_POINT, grid) | {"lon": lon, "lat": lat, "datum": "WGS-84", "provenance": INVENTED}
            yield self._with_tenancies(body, grid, (lon, lat))

    def without_place(self) -> Iterator[DemoSite]:
        """Omissions that show: nobody said where they are."""
        for _ in range(3):
            body = self._body(OF_OUTLINE, next(self._grids)) | {"provenance": INVENTED}
            yield DemoSite(body, None, None)

    def _body(self, kinds: tuple[str, ...], grid: Grid) -> dict[str, Any]:
        self._number += 1
        kind = self._one(kinds)
        occupancy = self._one(KINDS[kind])
        firm = self._firms.firm(kind if kind in ("factory", "warehouse") else "workshop")
        has_code = kind in ("factory", "warehouse")
        return {
            "id": own_id(f"site/{self._number}"),
            "code": f"YS-CS-{self._number:04d}",
            "name": firm.name if has_code else self._name_of(kind),
            "kind": kind,
            "occupancy": occupancy,
            "shut_down_kind": self._one(SHUT) if occupancy == "shut_down" else None,
            "risk": self._one(("high", "medium", "low", None)),
            "uscc": firm.uscc if has_code else None,
            "address": f"演示路{int(self._draw.integers(1, 400))}号",
            "lessor_name": self._firms.person() if occupancy in ("leased", "multi_tenant", "idle") else None,
            "lessor_phone": self._firms.phone() if occupancy in ("leased", "multi_tenant") else None,
            "stated_unit_code": grid.unit_code,
            **self._dust(kind),
        }

    def _name_of(self, kind: str) -> str:
        words = {"farm": "养殖场", "house": "民房", "remote": "废弃泵房", "workshop": "作坊"}[kind]
        return f"演示{words}{self._number}号"

    def _dust(self, kind: str) -> dict[str, Any]:
        if kind not in ("factory", "workshop") or self._draw.random() > 0.12:
            return {}
        known = self._draw.random() < 0.6
        return {
            "dust_kind": self._one(DUSTS),
            "dust_confirmed_by": "演示专家" if known else None,
            "dust_confirmed_on": (self._today - timedelta(days=200)).isoformat() if known else None,
            "safety_officer": self._firms.person() if self._draw.random() < 0.7 else None,
        }

    def _with_tenancies(self, body: dict[str, Any], grid: Grid, position: tuple[float, float]) -> DemoSite:
        site = DemoSite(body, grid, position)
        if body["occupancy"] == "leased":
            self._tenant(site, None, "single")
        elif body["occupancy"] == "multi_tenant":
            for number in range(int(self._draw.integers(2, 5))):
                first = self._tenant(site, None, f"{number}", sublets=number == 0)
                if number == 0:  # three deep: let, sub-let, sub-let again
                    self._tenant(site, self._tenant(site, first, "0.0", sublets=True), "0.0.0")
        return site

    def _tenant(
        self, site: DemoSite, parent: dict[str, Any] | None, path: str, sublets: bool = False
    ) -> dict[str, Any]:
        firm: Firm = self._firms.firm("tenant")
        tenancy = own_id(f"{site.body['id']}/{path}")
        longest = (self._today - date.fromisoformat(parent["started_on"])).days if parent else 700
        started = self._today - timedelta(days=int(self._draw.integers(60, max(longest, 61))))
        lease_to = started + timedelta(days=int(self._draw.choice([365, 730, 1095])))
        body = {
            "id": tenancy,
            "parent_id": parent["id"] if parent else None,
            "tenant_name": firm.name,
            "uscc": firm.uscc if self._draw.random() < 0.8 else None,
            "contact_name": self._firms.person(),
            "contact_phone": self._firms.phone(),
            "floor_unit": f"{int(self._draw.integers(1, 6))} 幢 {int(self._draw.integers(1, 4))} 层",
            "area_m2": parent["area_m2"] // 2 if parent else float(self._draw.integers(160, 900)),
            "process": self._one(PROCESSES),
            "main_risks": self._one(RISKS),
            "chemicals": self._chemicals(),
            "lease_from": started.isoformat(),
            "lease_to": lease_to.isoformat(),
            "sublets": "some" if sublets else self._one(("none", "none", "none", "unknown")),
            "started_on": started.isoformat(),
        }
        site.tenancies.append(body)
        site.checks[tenancy] = list(self._checks(tenancy, started))
        return body

    def _checks(self, tenancy: str, started: date) -> Iterator[dict[str, Any]]:
        if self._draw.random() < 0.15:
            return  # let without a check: an omission that shows
        failed = self._draw.random() < 0.08
        for aspect in ("structure", "fire", "special_equipment"):
            passed = "not_applicable" if aspect == "special_equipment" else "passed"
            yield {
                "id": own_id(f"{tenancy}/{aspect}"),
                "aspect": aspect,
                "result": "failed" if failed and aspect == "fire" else passed,
                "checked_by": "演示第三方机构",
                "checked_on": (started - timedelta(days=10)).isoformat(),
                "note": "消防通道被占用" if failed and aspect == "fire" else None,
            }

    def _chemicals(self) -> list[dict[str, Any]]:
        if self._draw.random() > 0.4:
            return []
        names = self._draw.choice(CHEMICALS, int(self._draw.integers(1, 3)), replace=False)
        return [{"name": str(name), "amount": float(self._draw.integers(5, 300)), "unit": "千克"} for name in names]

    def _moved(self, outline: Any, grid: Grid) -> Any:
        """An outline whose inner point comes to lie in a grid; its shape and size stay."""
        here = Plane.around(outline)
        metres = here.metric(outline)
        centre = metres.representative_point()
        there = Plane.at(*self._point_in(grid.geometry))
        return shapely.force_2d(there.geographic(shapely.affinity.translate(metres, -centre.x, -centre.y)))

    def _point_in(self, ground: Any) -> tuple[float, float]:
        """A point well inside, where it can be."""
        plane = Plane.around(ground)
        metres = plane.metric(ground)
        inner = metres.buffer(-60)
        inner = metres if inner.is_empty else inner
        west, south, east, north = inner.bounds
        while True:
            point = shapely.Point(self._draw.uniform(west, east), self._draw.uniform(south, north))
            if inner.contains(point):
                back = plane.geographic(point)
                return round(float(back.x), 7), round(float(back.y), 7)

    def _one(self, choices: Any) -> Any:
        return choices[int(self._draw.integers(len(choices)))]


def _grids_in_turn(plan: Plan, draw: np.random.Generator) -> Iterator[Grid]:
    """The home grid's neighbours first, then all grids with somebody in charge, shuffled, again and again."""
    home = home_grid(plan.scene)
    kept_clean = {grid.code for grid in plan.scene.of(Intention.WHOLE)}
    grids = [grid for grid in plan.scene.grids if grid.officer_code and grid.code not in kept_clean]
    own = [grid for grid in grids if grid.officer_code == home.officer_code]
    yield from own * 3
    while True:
        yield from (grids[int(at)] for at in draw.permutation(len(grids)))


def is_well_kept(plan: Plan, grid: Grid) -> bool:
    """Whether all of the grid's village is walked as it should be: its sites are visited too."""
    mates = [other for other in plan.scene.grids if other.unit_code == grid.unit_code]
    return all(plan.scene.intentions[mate.code] is Intention.WELL for mate in mates)


def _plants(unit_codes: set[str]) -> Iterator[DemoSite]:
    for number, plant in enumerate(power_plants(), 1):
        if plant.county_code not in unit_codes:
            continue
        body = {
            "id": own_id(f"plant/{number}"),
            "code": f"YS-DC-{number:02d}",
            "name": plant.name,
            "kind": "factory",
            "occupancy": "own_use",
            "risk": "high",
            "stated_unit_code": plant.county_code,
            "lon": plant.lon,
            "lat": plant.lat,
            "datum": "WGS-84",
            "provenance": PLANT,
        }
        yield DemoSite(body, None, (plant.lon, plant.lat))
