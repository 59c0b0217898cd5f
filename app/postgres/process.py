"""The running server as seen from outside."""

import os
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.postgres.home import ClusterError

PATIENCE_S = 300  # a server that was killed replays its log first


@dataclass(frozen=True)
class Postmaster:
    """A running server, as its postmaster.pid tells."""

    pid: int
    port: int
    socket_dir: Path
    ready: bool


def find(data: Path) -> Postmaster | None:
    """The server that runs on a data directory, or None. A pid file left by a killed server does not count."""
    try:
        lines = (data / "postmaster.pid").read_text("utf-8").splitlines()
    except FileNotFoundError:
        return None
    if not lines or not is_server(int(lines[0]), data):
        return None
    if len(lines) < 8:
        return Postmaster(int(lines[0]), 0, data, ready=False)
    return Postmaster(int(lines[0]), int(lines[3]), Path(lines[4]), ready=lines[7].strip() == "ready")


def is_server(pid: int, data: Path) -> bool:
    """Whether a process is the server of this data: a number alone may have passed to another, or to a zombie."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        if Path("/proc/self").exists():
            return False
        return subprocess.run(["kill", "-0", str(pid)], check=False, capture_output=True).returncode == 0  # noqa: S603, S607
    return os.fsencode(data) in command.split(b"\0")


def free_port(preferred: int = 0) -> int:
    """A TCP port of this machine that nobody listens on: the preferred one if it is free."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise ClusterError("no free port on 127.0.0.1")


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Return as soon as the condition holds. Raises ClusterError after PATIENCE_S."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > deadline:
            raise ClusterError(f"waited {PATIENCE_S} s in vain for {what}")
        time.sleep(0.02)
