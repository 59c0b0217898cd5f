"""Sites with tenancies in the small city, and visits to them as a phone sends them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import shapely
from fastapi.testclient import TestClient

from app.visits.service import CHECKLISTS
from tests.support import seeding
from tests.support.phone import at

Body = dict[str, Any]
# In W1's first grid, some 190 m x 200 m; and in a grid of W2.
YARD = seeding.cell(0.3, 2.3, 0.1, 0.1)
OTHER_YARD = seeding.cell(0.3, 0.3, 0.1, 0.1)
LONG_AGO = "2026-02-01"


def put_site(office: TestClient, outline: shapely.Geometry | None = YARD, **changes: Any) -> str:
    """Register a site, by default a factory in W1's first grid, of high risk; its id."""
    body: Body = {
        "id": str(uuid4()),
        "name": "红星机械厂",
        "kind": "factory",
        "occupancy": "multi_tenant",
        "risk": "high",
        "address": "柳树村 1 号",
        "stated_unit_code": seeding.VILLAGE_11,
    }
    if outline is not None:
        body |= {"datum": "WGS-84", "outline": shapely.geometry.mapping(outline)}
    answer = office.post("/api/sites", json=body | changes)
    assert answer.status_code == 200, answer.text
    return str(body["id"])


def put_tenancy(office: TestClient, site_id: str, name: str, **changes: Any) -> str:
    """Register who has space there since long ago; the tenancy's id."""
    body = {"id": str(uuid4()), "tenant_name": name, "started_on": LONG_AGO, **changes}
    answer = office.post(f"/api/sites/{site_id}/tenancies", json=body)
    assert answer.status_code == 200, answer.text
    return str(body["id"])


def checklist(kind: str = "factory", **answers: str) -> Body:
    """Every item of a kind as it should be, but those given."""
    return {code: {"answer": answers.get(code, "yes")} for code in CHECKLISTS[kind]}


def visit(site_id: str, seen: dict[str, bool] | None = None, **changes: Any) -> Body:
    """The body of a visit of W1's made just now inside the yard, nothing found; `seen`: tenancies by id."""
    stated: Body = {
        "id": str(uuid4()),
        "site_id": site_id,
        "officer_code": "W1",
        "visited_at": datetime.now(UTC).isoformat(),
        "datum": "WGS-84",
        "position": at(YARD),
        "result": "nothing_found",
        "checklist": checklist(),
        "tenancies": [{"tenancy_id": each, "seen": is_seen} for each, is_seen in (seen or {}).items()],
    }
    return {**stated, **changes}


def not_entered(site_id: str, why: str = "locked", **changes: Any) -> Body:
    """The body of a visit that found the gate shut."""
    shut = {"result": "not_entered", "not_entered_why": why, "checklist": {}}
    return visit(site_id, **{**shut, **changes})


def days_ago(days: float) -> str:
    """An instant so many days ago."""
    return (datetime.now(UTC) - timedelta(days=days)).isoformat()
