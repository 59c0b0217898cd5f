"""The small city, people of every kind in it, and what they hear."""

import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from shapely import union_all
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from app.coverage import service as coverage
from app.rights import Role
from app.security import CSRF_HEADER, cookie_name, csrf_token
from app.settings import Settings
from tests.support.databases import Seed, wait_until
from tests.support.people import DATABASES, add_person, session_token
from tests.support.seeding import COUNTY_A, TOWN_1, TOWN_2, VILLAGE_11, VILLAGE_21, seed_city, units
from tests.support.server import LiveServer

PEOPLE = {
    "county": (Role.COUNTY, COUNTY_A, None),
    "town1": (Role.TOWN, TOWN_1, None),
    "town2": (Role.TOWN, TOWN_2, None),
    "leader": (Role.LEADER, COUNTY_A, None),
    "admin": (Role.ADMINISTRATOR, None, None),
    "admin2": (Role.ADMINISTRATOR, TOWN_2, None),
    "wang": (Role.OFFICER, None, "W1"),
    "li": (Role.OFFICER, None, "W2"),
}
UNITS_OF = {"W1": VILLAGE_11, "W2": VILLAGE_21}


def put_city(session: Session) -> None:
    """The city with its people; its grids are valid for two months."""
    first_day = Settings().today() - timedelta(days=60)
    seed_city(session, first_day)
    coverage.repaint(session, union_all([unit.shape for unit in units()]), first_day)
    for name, (role, unit, officer) in PEOPLE.items():
        scopes = () if role is Role.OFFICER else ((unit, None),)
        add_person(session, name, role, scopes, officer)


@pytest.fixture
def world_seed(request: pytest.FixtureRequest) -> Seed | None:
    """The city with its people for whoever asks for `db`, nothing for others."""
    return put_city if "db" in request.fixturenames else None


@pytest.fixture
def db(database: str) -> Iterator[Engine]:
    """An engine on the test's own database, with the city and its people."""
    engine = create_engine(database, connect_args={"options": "-c timezone=UTC"})
    yield engine
    engine.dispose()


def report(
    engine: Engine,
    officer: str,
    state: str = "recording",
    patrol_id: UUID | None = None,
    silent_s: float = 0.0,
    started_at: datetime | None = None,
) -> UUID:
    """A phone reports where its patrol is, as the field page's service stores it."""
    known = patrol_id or uuid4()
    with engine.begin() as connection:
        connection.execute(
            text(
                """INSERT INTO patrol_progress (patrol_id, officer_code, mode, state, started_at, updated_at, lon, lat,
                    accuracy_m, length_m, minutes, unit_paths)
                SELECT :id, :officer, 'foot', :state, :started, now() - make_interval(secs => :silent), 119.81, 31.77,
                    5, 1234, 17, ARRAY[u.path] FROM unit u WHERE u.code = :unit
                ON CONFLICT (patrol_id) DO UPDATE SET state = excluded.state, updated_at = excluded.updated_at"""
            ),
            {
                "id": known,
                "officer": officer,
                "state": state,
                "started": started_at or Settings().now() - timedelta(minutes=17),
                "silent": silent_s,
                "unit": UNITS_OF[officer],
            },
        )
    return known


@contextmanager
def signed_in(server: LiveServer, username: str) -> Iterator[httpx2.Client]:
    """A browser's cookies, without the browser."""
    with httpx2.Client(base_url=server.url, trust_env=False, timeout=30) as client:
        token = session_token(DATABASES[server.url], username)
        client.cookies.set(cookie_name(Settings()), token, domain="127.0.0.1")
        client.headers[CSRF_HEADER] = csrf_token(token)
        yield client


class Listener(threading.Thread):
    """One open page: what it was told, and whether it still hears."""

    def __init__(self, server: LiveServer, headers: Mapping[str, str], query: str) -> None:
        super().__init__(daemon=True)
        self.news: list[dict[str, Any]] = []
        self.last_id = ""
        self.ended = threading.Event()
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        self._connection.request("GET", f"/api/live{query}", headers=dict(headers))
        self.answer = self._connection.getresponse()

    def run(self) -> None:
        """Take lines until the stream ends or is cut off."""
        event = "message"
        try:
            for line in self.answer:
                name, _, value = line.decode().rstrip("\n").partition(": ")
                event = value if name == "event" else event if name else "message"
                if name == "id":
                    self.last_id = value
                elif name == "data" and event == "message":
                    self.news.append(json.loads(value))
        except (OSError, http.client.HTTPException, ValueError):
            pass
        self.ended.set()

    def wait(self, condition: Callable[[dict[str, Any]], object], what: str) -> dict[str, Any]:
        """The first message that meets the condition, as soon as it has come."""
        wait_until(lambda: any(condition(news) for news in list(self.news)), f"a message of {what}")
        return next(news for news in self.news if condition(news))

    def leave(self) -> None:
        """Close the page."""
        with suppress(OSError):
            if self._connection.sock is not None:
                self._connection.sock.shutdown(socket.SHUT_RDWR)
        self.join(30)
        self.answer.close()
        self._connection.close()


@contextmanager
def listening(
    server: LiveServer, who: httpx2.Client | str, last_id: str | None = None, age_s: float | None = None
) -> Iterator[Listener]:
    """A page that hears what its person hears, from its first message on."""
    with ExitStack() as stack:
        client = stack.enter_context(signed_in(server, who)) if isinstance(who, str) else who
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in client.cookies.items())}
        headers |= {name: client.headers[name] for name in ("Authorization",) if name in client.headers}
        headers |= {} if last_id is None else {"Last-Event-ID": last_id}
        listener = Listener(server, headers, "" if age_s is None else f"?age_s={age_s}")
        stack.callback(listener.leave)
        assert listener.answer.status == 200
        assert str(listener.answer.getheader("content-type")).startswith("text/event-stream")
        listener.start()
        wait_until(lambda: listener.news, "the first message")
        yield listener
