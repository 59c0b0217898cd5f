"""Five sites in the small city, one in each way of being left out, with a tree of tenancies three deep."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi.testclient import TestClient

from tests.app.review.world import square
from tests.support.seeding import VILLAGE_11, VILLAGE_12
from tests.support.visiting import checklist, put_site, put_tenancy, visit

CHEMICALS = [{"name": "油性漆", "amount": 200, "unit": "千克"}, {"name": "稀释剂"}]


@dataclass(frozen=True)
class Sites:
    """Ids: a factory in which a sub-tenant was missed, a warehouse nobody entered, a farm that is in order, a factory
    that was banned (in another village), and a house of which nobody knows the place."""

    factory: str
    tenants: tuple[str, str, str]
    warehouse: str
    farm: str
    banned: str
    house: str


def put_sites(office: TestClient) -> Sites:
    """Put them down and visit the factory two days ago, the farm an hour ago."""
    factory = put_site(office, square(0.5, 2.5), name="宏达机械厂", address="柳树村 8 号")
    first = put_tenancy(office, factory, "鑫源塑料制品厂", floor_unit="1 号楼", area_m2=1200, sublets="some")
    second = put_tenancy(
        office,
        factory,
        "小李喷涂部",
        parent_id=first,
        floor_unit="1 号楼 2 层",
        process="喷涂",
        chemicals=CHEMICALS,
        lease_from="2026-01-01",
        lease_to="2026-06-30",
        sublets="some",
    )
    third = put_tenancy(office, factory, "无名加工点", parent_id=second, floor_unit="2 层隔间")
    sites = Sites(
        factory=factory,
        tenants=(first, second, third),
        warehouse=_site(office, "东风仓库", "warehouse", "idle", "low", square(1.5, 2.5)),
        farm=_site(office, "老张养殖场", "farm", "own_use", "low", square(0.5, 3.5)),
        banned=_site(
            office, "石桥旧厂", "factory", "shut_down", "medium", square(2.5, 2.5), VILLAGE_12, shut_down_kind="banned"
        ),
        house=_site(office, "无坐标民房", "house", "leased", "medium", None),
    )
    seen = {first: True, second: True, third: False}
    _visit(office, factory, timedelta(days=2), seen=seen)
    _visit(office, sites.farm, timedelta(hours=1), kind="farm")
    return sites


def _site(
    office: TestClient,
    name: str,
    kind: str,
    occupancy: str,
    risk: str,
    outline: Any,
    unit: str = VILLAGE_11,
    **changes: Any,
) -> str:
    facts = {
        "name": name,
        "kind": kind,
        "occupancy": occupancy,
        "risk": risk,
        "stated_unit_code": unit,
        "address": None,
    }
    return put_site(office, outline, **facts, **changes)


def _visit(
    office: TestClient, site_id: str, before: timedelta, seen: dict[str, bool] | None = None, kind: str = "factory"
) -> None:
    """A visit of W1's on the spot, some time ago."""
    at = (datetime.now(UTC) - before).isoformat()
    column, row = (0.5, 2.5) if kind == "factory" else (0.5, 3.5)
    middle = square(column, row).centroid
    here = {"lon": middle.x, "lat": middle.y, "accuracy_m": 6.0, "time": at}
    body = visit(site_id, seen, visited_at=at, position=here, checklist=checklist(kind))
    answer = office.post("/api/visits", json=body)
    assert answer.status_code == 200, answer.text
