"""A village of which nothing is left out, beside another one: small grids, walked yesterday, one site in order.

      119.800     119.802     119.804     119.806
31.802 +-----------+-----------+-----------+
       | 珠 grid 1  | 珠 grid 2  | 邻 grid 1  |   about 190 m x 220 m each, all of them W1's
31.800 +-----------+-----------+-----------+
       明珠村 (VILLAGE)          邻水村 (OTHER)
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import shapely
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from app.coverage import service as coverage
from app.db import transaction
from app.main import create_app
from app.rights import Role
from app.settings import Settings
from tests.support.people import add_person
from tests.support.seeding import CITY, COUNTY_A, TOWN_1, VILLAGE_11, VILLAGE_12
from tests.support.server import OPERATOR_TOKEN
from tests.support.visiting import checklist

VILLAGE, OTHER, TOWN, COUNTY = VILLAGE_11, VILLAGE_12, TOWN_1, COUNTY_A
WEST, SOUTH, WIDE, HIGH = 119.80, 31.80, 0.002, 0.002
GRID_1, GRID_2, OTHER_GRID = f"{VILLAGE}001", f"{VILLAGE}002", f"{OTHER}001"
TOWN_PATH = f"{CITY}.{COUNTY}.{TOWN}"
PATH, OTHER_PATH = f"{TOWN_PATH}.{VILLAGE}", f"{TOWN_PATH}.{OTHER}"
SITE = (0.5, 0.5)
PEOPLE = {
    "head": (Role.LEADER, VILLAGE),
    "deputy": (Role.LEADER, VILLAGE),
    "otherhead": (Role.LEADER, OTHER),
    "townhead": (Role.LEADER, TOWN),
    "countyhead": (Role.LEADER, COUNTY),
    "clerk": (Role.VILLAGE, VILLAGE),
    "town": (Role.TOWN, TOWN),
}
_UNIT = text(
    """INSERT INTO unit (code, name, level, parent_code, path, geom, label_point, area_m2, source_datum)
    SELECT :code, :name, :level, :parent, CAST(:path AS ltree), g, ST_PointOnSurface(g), ST_Area(CAST(g AS geography)),
        'WGS-84'
    FROM ST_Multi(ST_GeomFromText(:wkt, 4326)) AS g"""
)
_GRID = text(
    """INSERT INTO grid (code, name, unit_code, risk, geom, label_point, area_m2, source_datum, valid_from)
    SELECT :code, :name, :unit, 'low', g, ST_PointOnSurface(g), ST_Area(CAST(g AS geography)), 'WGS-84', :since
    FROM ST_Multi(ST_GeomFromText(:wkt, 4326)) AS g"""
)


def ground(column: float, row: float = 0, columns: float = 1, rows: float = 1) -> shapely.Polygon:
    """A box counted in grid sizes from the south-west corner."""
    west, south = WEST + column * WIDE, SOUTH + row * HIGH
    return shapely.box(west, south, west + columns * WIDE, south + rows * HIGH)


def place(column: float, row: float) -> tuple[float, float]:
    """lon, lat of a place counted in grid sizes."""
    return WEST + column * WIDE, SOUTH + row * HIGH


def seed(session: Session, since: date) -> None:
    """Units, grids, officers and people; painted."""
    parents: tuple[str, ...] = ()
    for code, name, level in ((CITY, "试验市", "city"), (COUNTY, "东山区", "county"), (TOWN, "南桥镇", "town")):
        _add_unit(session, (*parents, code), name, level, ground(0, 0, 3))
        parents = (*parents, code)
    _add_unit(session, (*parents, VILLAGE), "明珠村", "village", ground(0, 0, 2))
    _add_unit(session, (*parents, OTHER), "邻水村", "village", ground(2))
    session.execute(text("INSERT INTO officer VALUES ('W1', '王建国', '138-0013-8001'), ('W2', '李秀英', NULL)"))
    for column, (code, unit) in enumerate(((GRID_1, VILLAGE), (GRID_2, VILLAGE), (OTHER_GRID, OTHER))):
        values = {"code": code, "name": f"第{column + 1}网格", "unit": unit, "since": since}
        session.execute(_GRID, {**values, "wkt": ground(column).wkt})
        charge = {"grid": code, "since": since}
        session.execute(text("INSERT INTO grid_officer VALUES (:grid, 'W1', :since)"), charge)
    for name, (role, code) in PEOPLE.items():
        add_person(session, name, role, [(code, None)])
    session.execute(text("UPDATE territory_version SET version = 1"))
    coverage.repaint(session, ground(0, 0, 3), since)


def _add_unit(session: Session, lineage: tuple[str, ...], name: str, level: str, shape: shapely.Polygon) -> None:
    values = {"code": lineage[-1], "name": name, "level": level, "parent": lineage[-2] if len(lineage) > 1 else None}
    session.execute(_UNIT, {**values, "path": ".".join(lineage), "wkt": shape.wkt})


def build(url: str, folder: Path) -> dict[str, str]:
    """Put all of it into an empty database; ids by name."""
    settings = Settings(database_url=url, operator_token=SecretStr(OPERATOR_TOKEN), data_dir=folder)
    engine = create_engine(url, connect_args={"options": "-c timezone=UTC"})
    with transaction(engine) as session:
        seed(session, settings.today() - timedelta(days=60))
    engine.dispose()
    headers = {"Authorization": f"Bearer {OPERATOR_TOKEN}"}
    with TestClient(create_app(settings), "http://127.0.0.1", headers=headers) as office:
        return furnish(office, settings)


def furnish(office: TestClient, settings: Settings) -> dict[str, str]:
    """Walk all of it and put one site in order; ids by name."""
    ids = {}
    for column in range(3):
        answer = office.post("/api/patrols", json=patrol(settings, column, days_ago=1))
        assert answer.status_code in (200, 201), answer.text
        assert answer.json()["state"] == "accepted"
        ids[f"patrol_{column}"] = str(answer.json()["id"])
    return ids | _one_site(office, settings)


def _one_site(office: TestClient, settings: Settings) -> dict[str, str]:
    lon, lat = place(*SITE)
    today = settings.today()
    body: dict[str, Any] = {
        "id": str(uuid4()),
        "name": "红星机械厂",
        "kind": "factory",
        "occupancy": "multi_tenant",
        "risk": "low",
        "stated_unit_code": VILLAGE,
        "lon": lon,
        "lat": lat,
        "datum": "WGS-84",
    }
    answer = office.post("/api/sites", json=body)
    assert answer.status_code == 200, answer.text
    started = (today - timedelta(days=200)).isoformat()
    tenancy = {"id": str(uuid4()), "tenant_name": "甲加工厂", "started_on": started, "sublets": "none"}
    answer = office.post(f"/api/sites/{body['id']}/tenancies", json=tenancy)
    assert answer.status_code == 200, answer.text
    for aspect in ("structure", "fire", "special_equipment"):
        check = {
            "id": str(uuid4()),
            "aspect": aspect,
            "result": "passed",
            "checked_by": "住建局",
            "checked_on": started,
        }
        answer = office.post(f"/api/tenancies/{tenancy['id']}/checks", json=check)
        assert answer.status_code == 200, answer.text
    at = _morning(settings, 1) + timedelta(hours=3)
    visit: dict[str, Any] = {
        "id": str(uuid4()),
        "site_id": body["id"],
        "officer_code": "W1",
        "visited_at": at.isoformat(),
        "datum": "WGS-84",
        "position": {"lon": lon, "lat": lat, "accuracy_m": 6.0, "time": at.isoformat()},
        "result": "nothing_found",
        "checklist": checklist(),
        "tenancies": [{"tenancy_id": tenancy["id"], "seen": True}],
    }
    answer = office.post("/api/visits", json=visit)
    assert answer.status_code in (200, 201), answer.text
    return {"site": body["id"], "tenancy": tenancy["id"], "visit": visit["id"]}


def patrol(
    settings: Settings,
    column: float,
    days_ago: int = 1,
    mode: str = "foot",
    step_s: float = 8.0,
    accuracy_m: tuple[float, float] = (3.0, 12.0),
    steps: int = 21,
) -> dict[str, Any]:
    """A way to and fro in lanes that leads along all of the grid at a column, some 190 m in `steps` fixes a lane.

    From one lane to the next it takes its time.
    """
    start = _morning(settings, days_ago) + timedelta(minutes=40 * column)
    fixes = list(_fixes(column, start, step_s, accuracy_m, steps))
    return {"id": str(uuid4()), "officer_code": "W1", "mode": mode, "datum": "WGS-84", "fixes": fixes}


def _fixes(
    column: float, start: datetime, step_s: float, accuracy_m: tuple[float, float], steps: int
) -> Iterator[dict[str, Any]]:
    chance = np.random.default_rng(int(start.timestamp()))
    lanes = 6
    for index in range(lanes * steps):
        lane, along = divmod(index, steps)
        across = (along if lane % 2 == 0 else steps - 1 - along) / (steps - 1)
        shake = chance.normal(0, 1.2e-5, 2)
        yield {
            "lon": WEST + (column + across) * WIDE + shake[0],
            "lat": SOUTH + (lane + 0.5) / lanes * HIGH + shake[1],
            "time": (
                start + timedelta(seconds=float(step_s * (index + 3 * lane + chance.uniform(-0.1, 0.1))))
            ).isoformat(),
            "accuracy_m": float(np.round(chance.uniform(*accuracy_m), 1)),
        }


def _morning(settings: Settings, days_ago: int) -> datetime:
    day = settings.today() - timedelta(days=days_ago)
    return datetime.combine(day, datetime.min.time(), settings.zone) + timedelta(hours=9)
