"""The set-up and the operator's command, as a person at a terminal meets them."""

import importlib.metadata
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tomllib
import urllib.request
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from typer.testing import CliRunner

from app.cli import application
from app.embedded import EmbeddedCluster
from tests.support import databases
from tests.support.databases import quiet, wait_until
from tests.support.ports import server_port

ROOT = Path(__file__).parents[1]


def environment(data: Path, **more: str) -> dict[str, str]:
    """A person's environment, with data of the test's own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("WUYILOU_")}
    return {**inherited, "WUYILOU_DATA_DIR": str(data), "NO_COLOR": "1", **more}


def wuyilou(data: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """What the operator's command answers."""
    command = [sys.executable, "-m", "app.cli", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment(data, **more), check=False, capture_output=True, text=True, timeout=120
    )


def answers(url: str) -> bool:
    """Whether a server is there."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - http, to ourselves
            return bool(answer.status == 200)
    except OSError:
        return False


def test_serving_to_others_without_https_is_refused_before_anything_starts(tmp_path: Path) -> None:
    arguments = ("serve", "--host", "0.0.0.0", "--port", str(server_port()))  # noqa: S104
    for public_url in ("", "http://wuyilou.example"):
        refused = wuyilou(tmp_path / "data", *arguments, WUYILOU_PUBLIC_URL=public_url)
        assert refused.returncode == 2
        for part in ("HTTPS", "WUYILOU_PUBLIC_URL", "WUYILOU_ALLOW_PLAIN_HTTP", "passwords and tracks travel readable"):
            assert part in refused.stderr
        assert not (tmp_path / "data").exists()


def test_a_taken_port_is_said_before_anything_starts(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = wuyilou(tmp_path / "data", "serve", "--port", str(port))
    assert refused.returncode == 2
    assert str(port) in refused.stderr
    assert not (tmp_path / "data").exists()


def test_a_database_that_does_not_answer_is_said_in_words(tmp_path: Path) -> None:
    nowhere = f"postgresql+psycopg://nobody@127.0.0.1:{server_port()}/none"
    failed = wuyilou(tmp_path / "data", "db", "migrate", WUYILOU_DATABASE_URL=nowhere)
    assert failed.returncode == 1
    assert "WUYILOU_DATABASE_URL does not answer" in failed.stderr
    assert "Traceback" not in failed.stderr


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_serve_needs_nothing_and_leaves_nothing_running(run_directory: Path, ending: signal.Signals) -> None:
    data, port = run_directory / f"serve-{ending}", server_port()
    command = [sys.executable, "-m", "app.cli", "serve", "--port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, env=environment(data), stderr=subprocess.PIPE, text=True)
    try:
        wait_until(lambda: answers(f"http://127.0.0.1:{port}/openapi.json") or server.poll() is not None, "an answer")
        cluster = EmbeddedCluster(data / "postgres", say=quiet)
        assert cluster.postmaster() is not None
        server.send_signal(ending)
        _, said = server.communicate(timeout=30)
        assert server.returncode == (0 if ending == signal.SIGINT else 128 + ending)
        assert f"http://127.0.0.1:{port}" in said
        assert "wuyilou accounts add" in said, "a fresh installation has nobody who could sign in"
        assert "Traceback" not in said
        assert cluster.postmaster() is None
    finally:
        server.kill()
        server.communicate()
        databases.remove_cluster(data / "postgres")


def test_any_command_can_be_lent_the_database(database: str, tmp_path: Path) -> None:
    question = "import os, psycopg; print(psycopg.connect('').execute('SELECT count(*) FROM unit').fetchone()[0])"
    lent = wuyilou(tmp_path, "db", "run", sys.executable, "-c", question, WUYILOU_DATABASE_URL=database)
    assert lent.stdout.strip() == "0", lent.stderr


def test_migrating_twice_changes_nothing(database: str, tmp_path: Path) -> None:
    for _ in range(2):
        done = wuyilou(tmp_path, "db", "migrate", WUYILOU_DATABASE_URL=database)
        assert done.returncode == 0, done.stderr


def test_every_command_has_help(tmp_path: Path) -> None:
    listed = wuyilou(tmp_path, "--help")
    assert listed.returncode == 0, listed.stderr
    for command in ("db", "serve", "demo"):
        assert command in listed.stdout
        asked = [command, "--help"]
        assert CliRunner().invoke(application(asked), asked).exit_code == 0


def bootstrap(**more: str) -> subprocess.CompletedProcess[str]:
    """What the set-up says."""
    command = [sys.executable, "scripts/bootstrap.py", "run"]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **more}, check=False, capture_output=True, text=True)


def test_a_machine_without_apt_is_told_exactly_what_is_missing(tmp_path: Path) -> None:
    told = bootstrap(PATH=str(tmp_path), WUYILOU_PG_BIN=str(tmp_path), WUYILOU_DATABASE_URL="")
    assert told.returncode == 1
    for part in ("PostgreSQL with PostGIS >= 3.3", "WUYILOU_DATABASE_URL", "Node.js with npm", "no apt"):
        assert part in told.stderr
    assert "Traceback" not in told.stderr


def test_a_database_of_ones_own_needs_no_postgresql_here(tmp_path: Path) -> None:
    told = bootstrap(
        PATH=str(tmp_path), WUYILOU_PG_BIN=str(tmp_path), WUYILOU_DATABASE_URL="postgresql+psycopg://elsewhere/x"
    )
    assert "PostGIS" not in told.stderr
    assert "Node.js with npm" in told.stderr


def test_the_lock_holds_every_stated_package_by_hash_and_names_no_registry() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    locked = {canonicalize_name(name): version for name, version in re.findall(r"^([\w.-]+)==([\w.]+)", lock, re.M)}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    for stated in [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]:
        wanted = Requirement(stated)
        assert wanted.specifier.contains(locked[canonicalize_name(wanted.name)]), f"run `make lock`: {stated}"
    entries = re.split(r"(?m)^(?=[\w.-]+==)", lock)
    assert [entry for entry in entries if entry.strip() and "--hash=sha256:" not in entry] == []
    assert "://" not in lock


def test_the_installed_packages_are_the_locked_ones() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    for name, version in re.findall(r"^([\w.-]+)==([\w.]+) \\$", lock, re.M):
        assert importlib.metadata.version(name) == version


def test_the_front_end_lock_is_exact_and_names_no_registry() -> None:
    stated = json.loads((ROOT / "package.json").read_text("utf-8"))
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))
    for name, version in {**stated["dependencies"], **stated["devDependencies"]}.items():
        assert lock["packages"][f"node_modules/{name}"]["version"] == version
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []
    assert [name for name, package in lock["packages"].items() if name and "integrity" not in package] == []


def test_every_library_file_that_the_pages_name_is_there() -> None:
    named = set()
    for page in (ROOT / "static").glob("*.html"):
        named |= set(re.findall(r"/static/vendor/[\w./-]+", page.read_text("utf-8")))
    assert named
    assert [name for name in sorted(named) if not (ROOT / name.lstrip("/")).is_file()] == []
