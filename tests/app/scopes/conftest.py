"""The small city with two walks, read by people with different scopes. Tests that write use a copy of it."""

import math
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from shapely import union_all
from sqlalchemy import Engine, make_url, text
from sqlalchemy.engine import URL

from app.actor import terminal
from app.coverage import service as coverage
from app.db import make_engine, transaction
from app.main import create_app
from app.patrols import service as patrols
from app.patrols.fixes import RawFixes
from app.patrols.schemas import Record
from app.rights import Role
from app.settings import Settings
from geo.datum import Datum
from tests.support import databases, seeding
from tests.support.people import EVERYTHING, add_person
from tests.support.seeding import HEIGHT, SOUTH, WEST, WIDTH
from tests.support.server import OPERATOR_TOKEN
from tests.support.visitor import Visitor

As = Callable[[str], Visitor]
METRES_PER_DEGREE = 111_320.0
WALK_OF_W1 = UUID("00000000-0000-4000-8000-000000000001")  # in both villages of town 1
WALK_OF_W2 = UUID("00000000-0000-4000-8000-000000000002")  # in village 21
VISIT_OF_W2 = UUID("00000000-0000-4000-8000-000000000003")  # on W1's ground


def place(column: float, row: float) -> tuple[float, float]:
    """A place counted in grid sizes from the south-west corner of the city: lon, lat."""
    return WEST + column * WIDTH, SOUTH + row * HEIGHT


def walked(patrol_id: UUID, officer: str, start: datetime, column: float, row: float, columns: float) -> Record:
    """A walk to the east along a row, 2.4 m/s."""
    west, lat = place(column, row)
    step_deg = 12.0 / METRES_PER_DEGREE / math.cos(math.radians(lat))
    steps = np.arange(0, columns * WIDTH / step_deg)
    return Record(
        id=patrol_id,
        officer_code=officer,
        mode="foot",
        datum=Datum("WGS-84"),
        source="phone",
        fixes=RawFixes(
            lon=west + step_deg * steps,
            lat=np.full(len(steps), lat),
            time_us=np.array([int((start + timedelta(seconds=5 * n)).timestamp() * 1e6) for n in range(len(steps))]),
            accuracy_m=np.full(len(steps), 5.0),
        ),
    )


def put_people(engine: Engine) -> None:
    """One of each kind of scope."""
    with transaction(engine) as session:
        session.execute(text("INSERT INTO officer VALUES ('W3', '新来的', NULL)"))
        add_person(session, "city", Role.CITY, EVERYTHING)
        add_person(session, "county", Role.LEADER, [(seeding.COUNTY_A, None)])
        add_person(session, "town1", Role.TOWN, [(seeding.TOWN_1, None)])
        add_person(session, "village21", Role.VILLAGE, [(seeding.VILLAGE_21, None)], officer_code="W2")
        add_person(session, "admin-a", Role.ADMINISTRATOR, [(seeding.COUNTY_A, None)])
        add_person(session, "admin-b", Role.ADMINISTRATOR, [(seeding.COUNTY_B, None)])
        add_person(session, "w1", Role.OFFICER, (), officer_code="W1")
        add_person(session, "w3", Role.OFFICER, (), officer_code="W3")


@pytest.fixture(scope="session")
def walked_city(template: URL) -> Iterator[URL]:
    """A database to copy from: the small city, its people and their walks."""
    settings = Settings()
    start = settings.now().replace(hour=9, minute=0, second=0, microsecond=0) - timedelta(days=2)
    with databases.fresh_database(template) as url:
        engine = make_engine(url, pool_size=2)
        with transaction(engine) as session:
            seeding.seed_city(session, start.date() - timedelta(days=30))
            ground = union_all([unit.shape for unit in seeding.units()])
            coverage.repaint(session, ground, start.date() - timedelta(days=30))
        put_people(engine)
        for record in (
            walked(WALK_OF_W1, "W1", start, 0.2, 2.5, 2.6),
            walked(WALK_OF_W2, "W2", start, 0.2, 0.5, 0.6),
            walked(VISIT_OF_W2, "W2", start + timedelta(days=1), 0.2, 2.5, 0.6),
        ):
            with transaction(engine) as session:
                patrols.accept_record(session, settings, terminal(), record)
        engine.dispose()
        yield make_url(url)


def visitors(database: str) -> Iterator[As]:
    """Browsers at an application on a database, each signed in once."""
    settings = Settings(database_url=database, operator_token=SecretStr(OPERATOR_TOKEN), pool_size=4)
    app = create_app(settings)
    known: dict[str, Visitor] = {}

    def signed_in(username: str) -> Visitor:
        if username not in known:
            known[username] = Visitor(TestClient(app, "http://127.0.0.1", raise_server_exceptions=False))
            answer = known[username].sign_in(username)
            assert answer.status_code == 200, answer.text
        return known[username]

    yield signed_in
    app.state.engine.dispose()


@pytest.fixture(scope="session")
def as_(walked_city: URL) -> Iterator[As]:
    """Somebody's browser, signed in by username, for reading."""
    with databases.fresh_database(walked_city) as url:
        yield from visitors(url)


@pytest.fixture
def database(walked_city: URL) -> Iterator[str]:
    """A copy that a test may change."""
    with databases.fresh_database(walked_city) as url:
        yield url


@pytest.fixture
def writing_as(database: str) -> Iterator[As]:
    """Somebody's browser at an application whose data the test may change."""
    yield from visitors(database)
