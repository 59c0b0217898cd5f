"""The small city of the coverage tests, with a site and a case whose names try to be markup, code and templates."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.settings import Settings
from tests.app.coverage import world

HOSTILE = "</script><img src=x onerror=alert(1)>{{7*7}}{% raw %}\"'&`${1}`"
TODAY = Settings().today()

_SITE = text(
    """
INSERT INTO site (id, code, name, kind, occupancy, risk, point, source_datum, stated_unit_code, unit_code, unit_path,
                  created_by)
SELECT :id, :code, :name, 'factory', 'leased', 'high',
       CASE WHEN :lon IS NULL THEN NULL ELSE ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) END,
       CASE WHEN :lon IS NULL THEN NULL ELSE 'WGS-84' END, u.code, u.code, u.path, 'test'
FROM unit u WHERE u.code = :unit
""".replace(":lon", "CAST(:lon AS float8)").replace(":lat", "CAST(:lat AS float8)")
)
_CASE = text(
    """
INSERT INTO case_file (id, number, party_name, category, unit_code, unit_path, address, place, source_datum,
                       description, found_on, deadline, state, closed_on, content_digest, created_by)
SELECT :id, :number, :name, 'plating', u.code, u.path, 'x', ST_SetSRID(ST_MakePoint(:lon, :lat), 4326), 'WGS-84',
       'x', :found_on, :found_on + 30, 'closed', :closed_on, '\\x00', 'test'
FROM unit u WHERE u.code = :unit
""".replace(":found_on", "CAST(:found_on AS date)").replace(":closed_on", "CAST(:closed_on AS date)")
)
_STEP = text(
    "INSERT INTO case_event (case_id, kind, to_state, on_day, by_name) VALUES (:id, :kind, :state, :on, 'test')"
)


@pytest.fixture
def city(session: Session) -> Session:
    """The city, painted, and walked through once twenty days ago and once today in its first village."""
    world.build(session)
    world.take_in(session, world.across(0, TODAY - timedelta(days=20)))
    world.take_in(session, world.through(0, 0, TODAY))
    return session


def add_site(session: Session, name: str, column: float | None = 0.5) -> None:
    """Put a site into the first village; `column` None: nobody knows where."""
    place = (None, None) if column is None else (world.WEST + column * world.SIDE, world.SOUTH + 0.002)
    put_site(session, name, world.VILLAGES[0], *place)


def put_site(session: Session, name: str, unit: str, lon: float | None, lat: float | None) -> None:
    """Put a site that nobody has visited into a unit."""
    facts = {"id": uuid4(), "code": f"S{uuid4().hex[:8]}", "name": name, "unit": unit, "lon": lon, "lat": lat}
    session.execute(_SITE, facts)


def add_case(session: Session, name: str, found_on: date, closed_on: date) -> None:
    """Put a case into the first village that was closed some days after it was found."""
    case_id = uuid4()
    place = {"lon": world.WEST + 0.001, "lat": world.SOUTH + 0.001, "unit": world.VILLAGES[0]}
    days = {"found_on": found_on, "closed_on": closed_on}
    session.execute(_CASE, {"id": case_id, "number": f"N{case_id.hex[:6]}", "name": name, **place, **days})
    for kind, state, on in (("registered", "registered", found_on), ("closed", "closed", closed_on)):
        session.execute(_STEP, {"id": case_id, "kind": kind, "state": state, "on": on})
