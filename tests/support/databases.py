"""The tests' own PostGIS: one cluster per run, gone at its end, and databases copied from a migrated template."""

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy import make_url
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from app import migrate
from app.db import make_engine, transaction
from app.embedded import EmbeddedCluster

REPOSITORY = Path(__file__).parents[2]
MEMORY = Path("/dev/shm")  # noqa: S108 - memory, where a new database takes a fourth of the time it takes on a disk
NEEDED_BYTES = 3 * 1024**3


def test_data() -> Path:
    """Where runs keep their databases: in memory where there is room, else in the repository."""
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= NEEDED_BYTES:
        mark = hashlib.sha256(str(REPOSITORY).encode()).hexdigest()[:8]
        return MEMORY / f"wuyilou-test-{os.getuid()}-{mark}"
    return REPOSITORY / ".data" / "test"


# Puts a world into an empty database; a function of a module, since it also names what it builds.
Seed = Callable[[Session], None]
TEST_DATA = test_data()
TEMPLATE = "wuyilou_template"


def quiet(_text: str) -> None:
    """Say nothing."""


@contextmanager
def run_directory(parent: Path = TEST_DATA) -> Iterator[Path]:
    """A directory of this run alone; what killed runs left (locks tell) is removed first, servers included."""
    parent.mkdir(parents=True, exist_ok=True)
    own = parent / f"run-{uuid4().hex[:8]}"
    with ExitStack() as held:
        with (parent / "runs.lock").open("a", encoding="utf-8") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)  # nobody may find a new directory before it is locked
            _sweep(parent)
            own.mkdir()
            fcntl.flock(held.enter_context((own / "alive.lock").open("a", encoding="utf-8")), fcntl.LOCK_EX)
        yield own
    shutil.rmtree(own, ignore_errors=True)


def _sweep(parent: Path) -> None:
    for left in parent.glob("run-*"):
        # Gone meanwhile, or still in use.
        with suppress(FileNotFoundError, BlockingIOError), (left / "alive.lock").open("a", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            remove_cluster(left / "postgres")
            shutil.rmtree(left, ignore_errors=True)


@contextmanager
def running_cluster(root: Path, durable: bool = False) -> Iterator[EmbeddedCluster]:
    """A cluster that leaves nothing behind."""
    cluster = EmbeddedCluster(root, durable=durable, say=quiet)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.remove()


def remove_cluster(root: Path) -> None:
    """Stop and delete whatever cluster is kept under a directory."""
    if root.exists():
        EmbeddedCluster(root, say=quiet).remove()


def make_template(cluster: EmbeddedCluster) -> URL:
    """The URL of a database brought to the current schema by its migrations."""
    url = make_url(cluster.url(TEMPLATE))
    engine = make_engine(url.render_as_string(hide_password=False), pool_size=1)
    migrate.upgrade(engine)
    engine.dispose()
    return url


@contextmanager
def fresh_database(template: URL) -> Iterator[str]:
    """The URL of a new copy of the template, dropped afterwards whoever is still connected."""
    name = f"test_{uuid4().hex[:12]}"
    with administration(template) as server:
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
        server.execute(copy.format(sql.Identifier(name), sql.Identifier(template.database or "")))
    try:
        yield template.set(database=name).render_as_string(hide_password=False)
    finally:
        with administration(template) as server:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


class Worlds:
    """Databases with something in them, each built once and then copied: building takes longer than most tests."""

    def __init__(self, template: URL) -> None:
        self._template = template
        self._built: dict[Seed, URL] = {}
        self._kept = ExitStack()

    @contextmanager
    def copy(self, seed: Seed | None) -> Iterator[str]:
        """The URL of a database as the seed leaves it (None: migrated and empty), dropped afterwards."""
        with fresh_database(self._template if seed is None else self._seeded(seed)) as url:
            yield url

    def close(self) -> None:
        """Drop what was built."""
        self._kept.close()

    def _seeded(self, seed: Seed) -> URL:
        if seed not in self._built:
            url = self._kept.enter_context(fresh_database(self._template))
            engine = make_engine(url, pool_size=1)
            with transaction(engine) as session:
                seed(session)
            engine.dispose()  # nobody may be connected to what is copied
            self._built[seed] = make_url(url)
        return self._built[seed]


@contextmanager
def administration(url: URL) -> Iterator[psycopg.Connection]:
    """A connection outside of any transaction, to the database that is always there."""
    address = url.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        yield connection


def leave_running(root: Path) -> EmbeddedCluster:
    """A running cluster whose starter was killed."""
    program = (
        "import os, signal, sys; from pathlib import Path; from app.embedded import EmbeddedCluster\n"
        "EmbeddedCluster(Path(sys.argv[1]), durable=False).start(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", program, str(root)], cwd=REPOSITORY, check=False, capture_output=True)
    left = EmbeddedCluster(root, durable=False, say=quiet)
    assert left.postmaster() is not None, "the killed starter had not started it"
    return left


def kill(cluster: EmbeddedCluster) -> None:
    """End the server as a power cut would: no notice, nothing written. Returns when it is gone."""
    server = cluster.postmaster()
    assert server is not None, "the cluster is not running"
    os.kill(server.pid, signal.SIGKILL)
    wait_until(lambda: cluster.postmaster() is None, "the killed server to be gone")


def wait_until(condition: Callable[[], object], what: str, patience_s: float = 90.0) -> None:
    """Return as soon as the condition holds; fail after `patience_s` naming what was waited for."""
    deadline = time.monotonic() + patience_s
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {patience_s:g} s in vain for {what}")
        time.sleep(0.02)
