"""Sites and tenancies as pages send them, and visits as they lie in the database, in the small city."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from fastapi.testclient import TestClient
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from app.db import transaction
from app.settings import Settings
from app.sites import service
from geo.daytiles import day_number
from tests.support.seeding import HEIGHT, SOUTH, VILLAGE_11, WEST, WIDTH

GOOD_USCC = "91110000600037341L"
TODAY = Settings().today()


def place(column: float, row: float) -> tuple[float, float]:
    """lon, lat of a place counted in grid sizes from the south-west corner of the city."""
    return WEST + column * WIDTH, SOUTH + row * HEIGHT


def site(at: tuple[float, float] | None = (0.5, 2.5), **more: Any) -> dict[str, Any]:
    """A factory in village 11."""
    body = {
        "id": str(uuid4()),
        "name": "柳树老厂房",
        "kind": "factory",
        "occupancy": "leased",
        "risk": "medium",
        "stated_unit_code": VILLAGE_11,
    }
    if at is not None:
        body |= dict(zip(("lon", "lat"), place(*at), strict=True)) | {"datum": "WGS-84"}  # type: ignore[arg-type]
    return body | more


def tenancy(name: str = "甲加工厂", **more: Any) -> dict[str, Any]:
    """A tenant who has been there for long."""
    started = (TODAY - timedelta(days=200)).isoformat()
    return {"id": str(uuid4()), "tenant_name": name, "started_on": started, "sublets": "none"} | more


def taken(answer: Any) -> dict[str, Any]:
    """What is answered to something that was accepted."""
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def refused(answer: Any, status: int, *words: str) -> dict[str, Any]:
    """The error of something that must not be accepted, which says some words."""
    assert answer.status_code == status, answer.text
    error: dict[str, Any] = answer.json()["error"]
    for word in words:
        assert word in error["message"]
    return error


def put_site(client: TestClient, **more: Any) -> str:
    """The id of a new site."""
    return str(taken(client.post("/api/sites", json=site(**more)))["id"])


def put_tenancy(client: TestClient, site_id: str, name: str = "甲加工厂", **more: Any) -> str:
    """The id of a new tenancy."""
    return str(taken(client.post(f"/api/sites/{site_id}/tenancies", json=tenancy(name, **more)))["id"])


def kinds(found: dict[str, Any]) -> set[str]:
    """Kinds of what is left out."""
    return {omission["kind"] for omission in found["omissions"]}


_EVIDENCE = text(
    """INSERT INTO evidence (id, kind, officer_code, started_at, ended_at, unit_paths, review, sent_by, received_at)
    VALUES (:id, 'visit', 'W1', :at, :at, '{}', 'none', 'test', now())"""
)
_VISIT = text(
    """INSERT INTO visit (id, site_id, officer_code, visited_at, utc_offset_s, day, result, not_entered_why, checklist,
        position, position_accuracy_m, distance_m, datum, sent, content_digest, answer)
    VALUES (:id, :site_id, 'W1', :at, 28800, :day, :result, :why, '{}', ST_GeomFromText(:position, 4326), 10,
        :distance_m, 'WGS-84', '{}', '\\x00', '{}')"""
)
_SEEN = text("INSERT INTO visit_tenancy (visit_id, tenancy_id, seen) VALUES (:visit, :tenancy, :seen)")


def visit(
    engine: Engine,
    site_id: str,
    days_ago: int = 0,
    seen: tuple[str, ...] = (),
    missed: tuple[str, ...] = (),
    result: str = "nothing_found",
    distance_m: float | None = 5.0,
    position: str | None = "POINT(119.81 31.773)",
) -> str:
    """A visit in the database, and the site's check after it, as visits do it."""
    with transaction(engine) as session:
        visit_id = put_visit(session, site_id, days_ago, seen, missed, result, distance_m, position)
        service.refresh_checks(session, [UUID(site_id)], day_number(TODAY))
    return visit_id


def put_visit(
    session: Session,
    site_id: str,
    days_ago: int = 0,
    seen: tuple[str, ...] = (),
    missed: tuple[str, ...] = (),
    result: str = "nothing_found",
    distance_m: float | None = 5.0,
    position: str | None = "POINT(119.81 31.773)",
) -> str:
    """A visit alone; the site's check does not know of it yet."""
    visit_id, day = uuid4(), TODAY - timedelta(days=days_ago)
    values = {
        "id": visit_id,
        "site_id": site_id,
        "at": f"{day.isoformat()}T04:00:00Z",
        "day": day_number(day),
        "result": result,
        "why": "locked" if result == "not_entered" else None,
        "distance_m": distance_m,
        "position": position,
    }
    session.execute(_EVIDENCE, values)
    session.execute(_VISIT, values)
    for was_seen, ids in ((True, seen), (False, missed)):
        for tenancy_id in ids:
            session.execute(_SEEN, {"visit": visit_id, "tenancy": tenancy_id, "seen": was_seen})
    return str(visit_id)


def days(count: int) -> date:
    """The day so many days ago."""
    return TODAY - timedelta(days=count)
