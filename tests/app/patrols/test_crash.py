"""Killed at any moment, server or database: whatever was answered with yes is there once, with its coverage."""

import http.client
import itertools
import json
import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from app.embedded import EmbeddedCluster
from app.patrols.verify import verify
from tests.app.patrols.bodies import OFFICER, START, body, walk
from tests.app.patrols.conftest import rows
from tests.app.patrols.territory import add_grids
from tests.support import databases
from tests.support.server import OPERATOR_TOKEN, LiveServer

PHONES = 3
HEADERS = {"Content-Type": "application/json", "Authorization": f"Bearer {OPERATOR_TOKEN}"}
PATIENCE_S = 60.0


@pytest.fixture
def durable(run_directory: Path) -> Iterator[EmbeddedCluster]:
    """A cluster of the test's own, which it may kill."""
    with databases.running_cluster(run_directory / "killed", durable=True) as cluster:
        yield cluster


@pytest.fixture
def url(durable: EmbeddedCluster) -> URL:
    """A migrated database in it."""
    return databases.make_template(durable)


@dataclass
class Phones:
    """Phones that send patrols, each until it is told yes, and remember what they were told."""

    port: int
    told: dict[str, bytes] = field(default_factory=dict)
    sent: dict[str, dict[str, Any]] = field(default_factory=dict)
    broken: int = 0
    strange: list[str] = field(default_factory=list)
    is_over: threading.Event = field(default_factory=threading.Event)

    def stream(self, phone: int) -> None:
        """Send one patrol after the other."""
        for number in itertools.count():
            if self.is_over.is_set():
                return
            start = START + timedelta(minutes=20 * number, hours=phone)
            patrol = body(walk(60, start=start, east_m=1 + phone, north_m=number % 5))
            self.sent[patrol["id"]] = patrol
            self.until_told(patrol)

    def until_told(self, patrol: dict[str, Any]) -> None:
        """Send again until the server says yes."""
        while not self.is_over.is_set() and not self.strange:
            answer = self.send(patrol)
            if answer is not None:
                self.told[patrol["id"]] = answer
                return
            self.is_over.wait(0.05)

    def send(self, patrol: dict[str, Any]) -> bytes | None:
        """The answer of a yes; None when there was none, or a not now."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            connection.request("POST", "/api/patrols", json.dumps(patrol), HEADERS)
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            self.broken += 1
            return None
        finally:
            connection.close()
        if answer.status not in (200, 503):
            self.strange.append(f"{answer.status}: {content[:300]!r}")
        return content if answer.status == 200 else None

    def hang_up(self, threads: list[threading.Thread]) -> None:
        """Send no more."""
        self.is_over.set()
        for thread in threads:
            if thread.ident:
                thread.join()

    def wait_for(self, more: int) -> None:
        """Return when this many more patrols were answered with yes."""
        goal = len(self.told) + more
        databases.wait_until(lambda: len(self.told) >= goal or self.strange, f"{more} more answers", PATIENCE_S)
        assert not self.strange, self.strange[0]


def test_what_was_answered_survives_every_kill(durable: EmbeddedCluster, url: URL, tmp_path: Path) -> None:
    address = url.render_as_string(hide_password=False)
    engine = create_engine(address, pool_pre_ping=True)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO officer VALUES (:code, '王小明')"), {"code": OFFICER})
    add_grids(engine)
    server = LiveServer(address, tmp_path / "server.log")
    phones = Phones(server.port)
    threads = [threading.Thread(target=phones.stream, args=(number,)) for number in range(PHONES)]
    try:
        server.start()
        for thread in threads:
            thread.start()
        for kill_database in (True, False, True):
            phones.wait_for(5)
            if kill_database:
                cut_power(durable)
                durable.start()
            else:
                server.restart()
        phones.wait_for(5)
        phones.hang_up(threads)
        assert_all_is_there(phones, engine)
    finally:
        phones.hang_up(threads)
        server.kill()
        engine.dispose()


def cut_power(cluster: EmbeddedCluster) -> None:
    """Kill the server with its sessions: left alone, they would finish what they are doing, and hold the port."""
    server = cluster.postmaster()
    assert server is not None
    os.kill(server.pid, signal.SIGSTOP)  # so that it starts no more of them
    sessions = children(server.pid)
    for pid in (server.pid, *sessions):
        os.kill(pid, signal.SIGKILL)
    databases.wait_until(lambda: not any(is_running(pid) for pid in (server.pid, *sessions)), "the killed to be gone")


def children(parent: int) -> list[int]:
    """Processes started by a process."""
    return [int(path.name) for path in Path("/proc").glob("[0-9]*") if status(path).get("PPid") == str(parent)]


def is_running(pid: int) -> bool:
    """A process exists and is more than an entry that nobody collected."""
    return status(Path("/proc") / str(pid)).get("State", "Z")[0] != "Z"


def status(process: Path) -> dict[str, str]:
    """What the kernel says of a process; nothing when it is gone."""
    try:
        lines = (process / "status").read_text("utf-8").splitlines()
    except OSError:
        return {}
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def assert_all_is_there(phones: Phones, engine: Engine) -> None:
    """Every yes is stored once and answered the same; the rest is stored wholly or not at all; the coverage follows."""
    assert phones.broken > 0, "nothing was in flight when the server was killed"
    stored = {str(one) for (one,) in rows(engine, "SELECT id FROM patrol")}
    assert phones.told.keys() <= stored <= phones.sent.keys()
    with Session(engine) as session:
        report = verify(session, date(2026, 1, 1))
    assert report.differences == []
    assert report.patrols == len(stored)
    for identity, answer in phones.told.items():
        assert phones.send(phones.sent[identity]) == answer
    assert rows(engine, "SELECT count(*) FROM patrol") == [(len(stored),)]
