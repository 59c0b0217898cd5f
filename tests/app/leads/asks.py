"""Bodies of what is sent to leads, and records put straight into the tables that they refer to."""

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import xlsxwriter
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.support import seeding
from tests.support.phone import HOME
from tests.support.seeding import HEIGHT, SOUTH, WEST, WIDTH

LON, LAT = HOME.centroid.coords[0]
USCC = "91320412MA1K0000AA"
ELSEWHERE = (WEST + 2.5 * WIDTH, SOUTH + 2.5 * HEIGHT)  # in village 12


def lead(**changes: Any) -> dict[str, Any]:
    """What W1 saw just now in the first grid; `changes` replace fields."""
    stated = {
        "id": str(uuid4()),
        "officer_code": "W1",
        "what": "smell",
        "note": "夜里有刺鼻气味",
        "datum": "WGS-84",
        "lon": LON,
        "lat": LAT,
        "accuracy_m": 12.0,
        "made_at": datetime.now(UTC).isoformat(),
        "photo_ids": [],
    }
    return {**stated, **changes}


def entry(**changes: Any) -> dict[str, Any]:
    """A call to the hotline an hour ago about somewhere in village 11."""
    stated = {
        "id": str(uuid4()),
        "source": "hotline",
        "number": f"12350-{uuid4().hex[:8]}",
        "what": "night_work",
        "told": "柳树村东头厂房夜间生产，有刺鼻气味",
        "told_at": (datetime.now(UTC) - timedelta(hours=1)).isoformat(),
        "subject_name": "某金属制品厂",
        "address": "柳树村 12 号",
        "unit_code": seeding.VILLAGE_11,
    }
    return {**stated, **changes}


def reporter(**changes: Any) -> dict[str, Any]:
    """Somebody who gave their name and number."""
    return {"is_anonymous": False, "name": "郑举报", "phone": "138-1234-5678", "words": "住在隔壁二楼", **changes}


def entered(client: TestClient, **changes: Any) -> dict[str, Any]:
    """An entry that was taken in."""
    answer = client.post("/api/leads/entries", json=entry(**changes))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def took(client: TestClient, known: dict[str, Any], step: str, **more: Any) -> Response:
    """What a step is answered, taken from a lead as it is known."""
    return client.post(f"/api/leads/{known['id']}/steps", json={"step": step, "version": known["version"], **more})


def taken(client: TestClient, known: dict[str, Any], step: str, **more: Any) -> dict[str, Any]:
    """The lead after a step that was allowed."""
    answer = took(client, known, step, **more)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def site(
    session: Session,
    name: str = "柳树五金厂",
    place: tuple[float, float] | None = (LON, LAT),
    unit_code: str = seeding.VILLAGE_11,
    uscc: str | None = None,
) -> UUID:
    """A site put into the tables."""
    site_id = uuid4()
    values = {"id": site_id, "code": site_id.hex[:10], "name": name, "uscc": uscc, "unit": unit_code}
    where = {"lon": None if place is None else place[0], "lat": None if place is None else place[1]}
    session.execute(
        text(
            """INSERT INTO site (id, code, name, kind, occupancy, uscc, point, source_datum, stated_unit_code,
                unit_code, unit_path, created_by)
            VALUES (:id, :code, :name, 'factory', 'leased', :uscc,
                CASE WHEN CAST(:lon AS float8) IS NULL THEN NULL ELSE ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) END,
                'WGS-84', :unit, :unit, (SELECT path FROM unit WHERE code = :unit), 'test')"""
        ),
        {**values, **where},
    )
    return site_id


def tenancy(session: Session, site_id: UUID, name: str = "承租电镀加工点", uscc: str | None = None) -> UUID:
    """A tenancy put into the tables."""
    tenancy_id = uuid4()
    session.execute(
        text(
            """INSERT INTO tenancy (id, site_id, tenant_name, uscc, started_on, created_by)
            VALUES (:id, :site_id, :name, :uscc, '2026-01-01', 'test')"""
        ),
        {"id": tenancy_id, "site_id": site_id, "name": name, "uscc": uscc},
    )
    return tenancy_id


def visit(session: Session, site_id: UUID, at: datetime, result: str = "problem_found") -> UUID:
    """A visit of W1's put into the tables."""
    visit_id = uuid4()
    values = {"id": visit_id, "site_id": site_id, "at": at, "day": (at.date() - date(2000, 1, 1)).days}
    session.execute(
        text(
            """INSERT INTO evidence (id, kind, officer_code, started_at, ended_at, unit_paths, sent_by)
            VALUES (:id, 'visit', 'W1', :at, :at, '{}', 'test')"""
        ),
        {"id": visit_id, "at": at},
    )
    session.execute(
        text(
            """INSERT INTO visit (id, site_id, officer_code, visited_at, utc_offset_s, day, result, not_entered_why,
                checklist, datum, sent, content_digest, answer)
            VALUES (:id, :site_id, 'W1', :at, 28800, :day, :result, :why, '{}', 'WGS-84', '{}', '\\x00', '{}')"""
        ),
        {**values, "result": result, "why": "locked" if result == "not_entered" else None},
    )
    return visit_id


def months(count: int, last: tuple[int, int] = (2026, 6)) -> list[str]:
    """Names of consecutive months."""
    end = last[0] * 12 + last[1] - 1
    return [f"{month // 12}-{month % 12 + 1:02d}" for month in range(end - count + 1, end + 1)]


def csv_of(rows: Iterable[Sequence[Any]], encoding: str = "utf-8") -> bytes:
    """A CSV file."""
    return "\n".join(",".join(str(cell) for cell in row) for row in rows).encode(encoding)


def xlsx_of(rows: Iterable[Sequence[Any]]) -> bytes:
    """A workbook."""
    kept = io.BytesIO()
    book = xlsxwriter.Workbook(kept)
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return kept.getvalue()


def send_power(client: TestClient, data: bytes, name: str = "用电.csv", unit: str = seeding.VILLAGE_11) -> Response:
    """Upload readings."""
    return client.post("/api/leads/power", data={"unit_code": unit}, files={"file": (name, data)})


def trace(*parts: tuple[tuple[float, float], int], start: datetime, every_s: int = 30) -> bytes:
    """A CSV of a vehicle that stands at places for so many minutes, ten minutes' drive between them."""
    rows: list[Sequence[Any]] = [("time", "lon", "lat")]
    at, before = start, None
    for place, minutes in parts:
        if before is not None:
            for step in range(1, 20):
                share = step / 20
                lon, lat = (a + (b - a) * share for a, b in zip(before, place, strict=True))
                rows.append(((at + timedelta(seconds=every_s * step)).isoformat(), f"{lon:.7f}", f"{lat:.7f}"))
            at += timedelta(seconds=every_s * 20)
        for step in range(minutes * 60 // every_s + 1):
            rows.append(((at + timedelta(seconds=every_s * step)).isoformat(), f"{place[0]:.7f}", f"{place[1]:.7f}"))
        at, before = at + timedelta(minutes=minutes), place
    return csv_of(rows)


def send_trace(client: TestClient, data: bytes, unit: str = seeding.VILLAGE_11, **changes: str) -> Response:
    """Upload a vehicle's trace."""
    stated = {"unit_code": unit, "plate": "苏D12345", "datum": "WGS-84", **changes}
    return client.post("/api/leads/vehicles", data=stated, files={"file": ("trace.csv", data)})
