"""The private PostGIS cluster: it starts wherever the checkout lies, keeps its data, and leaves nothing running."""

import os
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from app.embedded import EmbeddedCluster
from app.postgres import home
from app.postgres.home import ClusterError
from tests.support.databases import kill, leave_running, quiet, remove_cluster

REPOSITORY = Path(__file__).parents[1]
DATABASE = "kept"
NOBODY = 65534


@pytest.fixture
def place() -> Iterator[Path]:
    """A directory that every account may enter (pytest's own are closed)."""
    directory = Path(tempfile.mkdtemp(prefix="wuyilou-test-"))
    directory.chmod(0o755)
    yield directory
    for lock in list(directory.rglob("users.lock")):
        remove_cluster(lock.parent)
    shutil.rmtree(directory)


def small(root: Path) -> EmbeddedCluster:
    """A cluster for a moment."""
    return EmbeddedCluster(root, durable=False, say=quiet)


def ask(url: str, query: str) -> object:
    """One value from a database."""
    with psycopg.connect(url.replace("postgresql+psycopg:", "postgresql:")) as connection:
        row = connection.execute(query.encode()).fetchone()
        return row[0] if row else None


def remember(cluster: EmbeddedCluster) -> None:
    """Put something into the database."""
    with psycopg.connect(cluster.url(DATABASE).replace("postgresql+psycopg:", "postgresql:")) as connection:
        connection.execute("CREATE TABLE memory AS SELECT ST_Point(119.97, 31.81, 4326) AS place")


def remembered(cluster: EmbeddedCluster) -> object:
    """What was put there."""
    return ask(cluster.url(DATABASE), "SELECT ST_AsText(place) FROM memory")


def test_data_survive_a_stop_and_a_kill(place: Path) -> None:
    root = place / "postgres"
    with small(root) as first:
        remember(first)
    assert first.postmaster() is None
    with small(root) as second:
        assert remembered(second) == "POINT(119.97 31.81)"
        kill(second)
        second.start()
        assert remembered(second) == "POINT(119.97 31.81)"
    assert second.postmaster() is None


def test_chinese_words_have_trigrams(place: Path) -> None:
    with small(place / "postgres") as cluster:
        assert ask(cluster.url(DATABASE), "SELECT cardinality(show_trgm('天宁区')) > 0")


@pytest.mark.nightly
def test_the_last_of_several_users_stops_it(place: Path) -> None:
    one, other = small(place / "postgres"), small(place / "postgres")
    one.start()
    other.start()
    remember(one)
    one.stop()
    assert remembered(other)
    other.stop()
    assert other.postmaster() is None


def test_a_killed_starter_is_replaced(place: Path) -> None:
    left = leave_running(place / "postgres")
    server = left.postmaster()
    assert server is not None
    with left:
        remember(left)
        found = left.postmaster()
        assert found is not None
        assert found.pid == server.pid
    assert left.postmaster() is None


def test_a_pid_that_passed_to_another_process_is_no_server(place: Path) -> None:
    with small(place / "postgres") as cluster:
        pid_file = cluster.home / "data" / "postmaster.pid"
        lines = pid_file.read_text().splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert cluster.postmaster() is None
    with cluster:
        assert cluster.postmaster() is not None


@pytest.mark.nightly
def test_another_port_is_taken_when_the_kept_one_is_busy(place: Path) -> None:
    with small(place / "postgres") as cluster:
        first = cluster.postmaster()
    assert first is not None
    with socket.create_server(("127.0.0.1", first.port)), cluster:
        second = cluster.postmaster()
        assert second is not None
        assert second.port != first.port
        assert ask(cluster.url(DATABASE), "SELECT 1")
    with cluster:
        third = cluster.postmaster()
        assert third is not None
        assert third.port == second.port


def test_nobody_enters_without_the_password(place: Path) -> None:
    with small(place / "postgres") as cluster:
        secret = cluster.home / "password"
        server = cluster.postmaster()
        assert server is not None
        assert stat.S_IMODE(secret.stat().st_mode) == 0o600
        given = secret.read_text().strip()
        for host in ("127.0.0.1", str(server.socket_dir)):
            with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
                psycopg.connect(host=host, port=server.port, user="wuyilou", password=given[::-1], dbname="postgres")
            with psycopg.connect(
                host=host, port=server.port, user="wuyilou", password=given, dbname="postgres"
            ) as right:
                assert right.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.nightly
def test_a_path_too_long_for_a_socket_gets_a_short_one(place: Path) -> None:
    with small(place / ("深" * 40) / "postgres") as cluster:
        server = cluster.postmaster()
        assert server is not None
        assert len(os.fsencode(server.socket_dir)) < 90
        assert ask(cluster.url(DATABASE), "SELECT 1")
    assert not server.socket_dir.exists()


def test_a_failed_start_shows_the_log(place: Path) -> None:
    with small(place / "postgres") as cluster:
        wrong = cluster.home / "data" / "postgresql.auto.conf"
    wrong.write_text("wal_level = 'nonsense'\n")
    with pytest.raises(ClusterError, match=r"(?s)postgres\.log.*nonsense"):
        cluster.start()
    wrong.write_text("")
    with cluster:
        assert ask(cluster.url(DATABASE), "SELECT 1")


def test_root_goes_elsewhere_when_the_server_may_not_enter(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "ELSEWHERE_AS_ROOT", place / "elsewhere")
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    said: list[str] = []
    first = EmbeddedCluster(closed / "postgres", durable=False, say=said.append)
    with first:
        remember(first)
    is_root = os.geteuid() == 0
    assert first.home.is_relative_to(place / "elsewhere" if is_root else closed)
    assert ("may not enter" in "".join(said)) == is_root
    with small(closed / "postgres") as second:
        assert remembered(second)
    where = second.home
    second.remove()
    assert not where.exists()


def test_an_ordinary_user_runs_it_as_that_user(place: Path) -> None:
    program = "import sys; from tests.test_cluster import as_ordinary_user; as_ordinary_user(sys.argv[1])"
    ended = subprocess.run(
        [sys.executable, "-c", program, str(place)], cwd=REPOSITORY, check=False, capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stderr
    owner = (place / "own" / "cluster" / "data").stat().st_uid
    assert owner == (NOBODY if os.geteuid() == 0 else os.geteuid())


def as_ordinary_user(place: str) -> None:
    """Use a cluster as nobody if this process is root's, else as who it is."""
    with small(Path(place) / "loaded") as cluster:  # loads every module while root may still read them
        remember(cluster)
    if os.geteuid() == 0:
        os.chown(place, NOBODY, NOBODY)
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    with small(Path(place) / "own") as cluster:
        remember(cluster)
        assert remembered(cluster)
