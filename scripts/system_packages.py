"""What only the system can give: PostgreSQL with PostGIS, venv, Node, a Chinese font; for tests Chromium."""

import ctypes
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.postgres import install as postgres
from scripts import steps

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_CLUSTER = Path("/etc/postgresql-common/createcluster.d/wuyilou.conf")


@dataclass(frozen=True)
class Need:
    """Something that is missing, what Debian calls it, and how else to get it."""

    what: str
    packages: Callable[[], Sequence[str]]
    otherwise: str


def install(for_tests: bool) -> None:
    """Install what is missing by apt, or raise Failure with what is missing and how to get it."""
    needs = missing(for_tests)
    if not needs:
        return
    for need in needs:
        steps.say(f"missing: {need.what}")
    if not shutil.which("apt-get"):
        raise steps.Failure(_by_hand(needs, "There is no apt here to install it with."))
    privilege = _privilege(needs)
    steps.run("package lists", [*privilege, "apt-get", "update", "-q"])
    packages = [name for need in needs for name in need.packages()]
    _install(privilege, packages)
    left = missing(for_tests)
    if left:
        raise steps.Failure(_by_hand(left, f"Still missing after installing {' '.join(packages)}."))


def missing(for_tests: bool) -> list[Need]:
    """Everything that is not there."""
    importlib.invalidate_caches()
    needs = []
    if not os.environ.get("WUYILOU_DATABASE_URL") or for_tests:
        try:
            postgres.find()
        except postgres.PostgresMissingError as error:
            other = "install PostgreSQL with PostGIS and name its programs' directory in WUYILOU_PG_BIN"
            if not for_tests:
                other += ", or set WUYILOU_DATABASE_URL to a server that has it"
            needs.append(Need(f"PostgreSQL with PostGIS >= 3.3 ({error})", _postgis_packages, other))
    if importlib.util.find_spec("ensurepip") is None and not Path(".venv/bin/pip").exists():
        needs.append(Need("Python's venv with pip", _venv_packages, "install the venv package of your Python"))
    if not (shutil.which("node") and shutil.which("npm")):
        needs.append(Need("Node.js with npm", lambda: ["nodejs", "npm"], "https://nodejs.org"))
    if not _has_chinese_font():  # case files are printed by the server itself
        needs.append(Need("a Chinese font", lambda: ["fonts-noto-cjk"], "install Noto Sans CJK and Noto Serif CJK"))
    return needs + (_missing_for_tests() if for_tests else [])


def _missing_for_tests() -> list[Need]:
    needs = []
    if not os.environ.get("WUYILOU_CHROMIUM") and not any(map(shutil.which, BROWSERS)):
        other = "install Chromium or Chrome, or name its program in WUYILOU_CHROMIUM"
        needs.append(Need("Chromium", _chromium_packages, other))
    if not _loads("libatomic.so.1"):
        needs.append(Need("libatomic, which Playwright's driver needs", lambda: ["libatomic1"], "install libatomic"))
    return needs


def _chromium_packages() -> list[str]:
    """Without windows where the distribution has that: a third of the size, and faster."""
    return ["chromium-headless-shell" if _candidate("chromium-headless-shell") else "chromium"]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return sys.platform != "linux"
    return True


def _has_chinese_font() -> bool:
    lister = shutil.which("fc-list")
    if lister:
        return bool(subprocess.run([lister, ":lang=zh"], check=False, capture_output=True).stdout.strip())  # noqa: S603
    return any(Path("/usr/share/fonts").rglob("*CJK*"))


def _venv_packages() -> list[str]:
    exact = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    return [exact if _candidate(exact) else "python3-venv"]


def _postgis_packages() -> list[str]:
    """The newest PostgreSQL that the distribution has PostGIS for."""
    pattern = r"^postgresql-[0-9]+-postgis-3$"
    found = _output(["apt-cache", "search", "--names-only", pattern])
    names = sorted(re.findall(r"^(postgresql-(\d+)-postgis-3) ", found, re.MULTILINE), key=lambda pair: int(pair[1]))
    fitting = [name for name, _ in names if _version(_candidate(name)) >= postgres.OLDEST_POSTGIS]
    if not fitting:
        has = ", ".join(f"{name} {_candidate(name)}" for name, _ in names) or "none"
        raise steps.Failure(
            f"PostGIS >= 3.3 is needed; this distribution's packages have: {has}.\n"
            "Add the packages of the PostgreSQL project (PGDG), or set WUYILOU_DATABASE_URL to a server that has it."
        )
    return [fitting[-1]]


def _candidate(package: str) -> str:
    found = re.search(r"Candidate: (\S+)", _output(["apt-cache", "policy", package]))
    return "" if found is None or found[1] == "(none)" else found[1]


def _version(text: str) -> tuple[int, ...]:
    found = re.match(r"(?:\d+:)?(\d+)\.(\d+)", text)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _output(command: list[str]) -> str:
    environment = {**os.environ, "LC_ALL": "C"}
    return subprocess.run(command, check=False, capture_output=True, text=True, env=environment).stdout  # noqa: S603


def _privilege(needs: list[Need]) -> list[str]:
    """What to put before a command that needs root."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], check=False, capture_output=True).returncode == 0:  # noqa: S603
        return [sudo, "-n"]
    if sudo and sys.stdin.isatty():
        steps.say("installing packages needs root; sudo may ask for your password")
        if subprocess.run([sudo, "-v"], check=False).returncode == 0:  # noqa: S603
            return [sudo, "-n"]
    raise steps.Failure(_by_hand(needs, "Installing packages needs root, and there is no sudo that lets this user."))


def _by_hand(needs: list[Need], why: str) -> str:
    lines = [why, "", "Missing:"]
    lines += [f"  - {need.what}\n    {need.otherwise}" for need in needs]
    if shutil.which("apt-get"):
        packages = " ".join(name for need in needs for name in need.packages())
        lines += ["", "As root:", f"  apt-get update && apt-get install -y --no-install-recommends {packages}"]
    return "\n".join(lines)


def _install(privilege: list[str], packages: list[str]) -> None:
    # Debian would make and start a server of its own on installing PostgreSQL; nobody asked for one.
    guarded = any(name.startswith("postgresql") for name in packages) and not shutil.which("pg_createcluster")
    guard = f"mkdir -p {NO_CLUSTER.parent} && echo 'create_main_cluster = false' > {NO_CLUSTER}"
    if guarded:
        subprocess.run([*privilege, "sh", "-c", guard], check=True)  # noqa: S603
    command = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-q", "-y", "--no-install-recommends"]
    try:
        steps.run(f"system packages {' '.join(packages)} (may take minutes)", [*privilege, *command, *packages])
    finally:
        if guarded:
            subprocess.run([*privilege, "rm", "-f", str(NO_CLUSTER)], check=False)  # noqa: S603
