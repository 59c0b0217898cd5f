"""(g) Open pages: what 500 of them cost the intake of patrols, what each is sent, what they take of memory."""

import contextlib
import itertools
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import httpx2

from app.accounts import service as accounts
from app.db import transaction
from app.rights import Role
from bench.harness import emit, progress
from bench.throughput import free_port, served, upload
from bench.world import TODAY, World, patrol_body, world

VIEWERS = 500
ROUNDS = 6
BATCH = 150
SETTLING = 15
PASSWORD = "bench bench bench"  # noqa: S105 - of people who live for a bench
CITY = "320400000000"
VILLAGES = 10


class Batch(NamedTuple):
    """Some uploads: patrols a second, the server's processor time for each, and its memory after them."""

    per_s: float
    cpu_ms: float
    memory_mb: float


def run() -> None:
    """Alternate batches without and with viewers on one server, so that whatever else the machine does hits both."""
    with world("live", 20, 20, VILLAGES) as made:
        people = _people(made)
        port = free_port()
        with served(made, port) as pid:
            sessions = [(_cookie(port, name), unit) for name, unit in people]
            bodies = _bodies(made)
            _batch(port, pid, bodies, BATCH)
            _compare(port, pid, sessions, bodies, reads=False)
            _compare(port, pid, sessions, bodies, reads=True)


def _compare(port: int, pid: int, sessions: list[tuple[str, str]], bodies: Iterator[bytes], *, reads: bool) -> None:
    alone: list[Batch] = []
    beside: list[Batch] = []
    told: list[dict[str, Any]] = []
    for n in range(ROUNDS):
        progress(f"(g) round {n + 1} of {ROUNDS}{', pages read anew' if reads else ''}")
        alone.append(_batch(port, pid, bodies, BATCH))
        with _watching(port, sessions, told, reads=reads):
            _batch(port, pid, bodies, SETTLING)
            beside.append(_batch(port, pid, bodies, BATCH))
    what = "that read anew what changed" if reads else "that listen"
    ratios = [one.per_s / other.per_s for one, other in zip(beside, alone, strict=True)]
    emit(
        "g",
        f"patrols a second beside {VIEWERS} open pages {what}, against none",
        ratio=statistics.median(ratios),
        lowest=min(ratios),
        highest=max(ratios),
        alone_per_s=statistics.median(each.per_s for each in alone),
        server_cpu_ratio=statistics.median(each.cpu_ms for each in beside) / statistics.median(e.cpu_ms for e in alone),
        bar="0.90",
    )
    _emit_told(what, told, statistics.median(b.memory_mb - a.memory_mb for b, a in zip(beside, alone, strict=True)))


def _emit_told(what: str, told: list[dict[str, Any]], memory_mb: float) -> None:
    pages = [page | {"seconds": each["seconds"]} for each in told for page in each["pages"]]
    emit(
        "g",
        f"what {VIEWERS} pages {what} are sent",
        messages_per_s=statistics.mean(page["messages"] / page["seconds"] for page in pages),
        most_messages_in_a_second=max(page["most"] for page in pages),
        bytes_per_message=sum(page["bytes"] for page in pages) / sum(page["messages"] for page in pages),
        reads_per_s=sum(page["read"] for page in pages) / sum(each["seconds"] for each in told),
        server_kb_per_page=memory_mb * 1024 / VIEWERS,
        their_own_cpu=statistics.median(each["cpu_s"] / each["seconds"] for each in told),
        bar="1 message/s",
    )


def _people(made: World) -> list[tuple[str, str]]:
    """Who watches, each with their unit: half of them the whole city, the others a village."""
    units = [CITY] * VILLAGES + [f"320404001{n + 1:03d}" for n in range(VILLAGES)]
    with transaction(made.engine) as session:
        for n, unit in enumerate(units):
            accounts.create_account(
                session,
                username=f"bench{n}",
                name=f"bench{n}",
                role=Role.LEADER,
                created_by="bench",
                password=PASSWORD,
                must_change=False,
                scopes=[(unit, None)],
            )
    return [(f"bench{n}", unit) for n, unit in enumerate(units)]


def _cookie(port: int, username: str) -> str:
    body = {"username": username, "password": PASSWORD}
    answer = httpx2.post(f"http://127.0.0.1:{port}/api/session", json=body, trust_env=False, timeout=60)
    answer.raise_for_status()
    return "; ".join(f"{name}={value}" for name, value in answer.cookies.items())


@contextlib.contextmanager
def _watching(port: int, sessions: list[tuple[str, str]], told: list[dict[str, Any]], *, reads: bool) -> Iterator[None]:
    """Pages of a process of their own; what they were sent is added at the end."""
    people = list(itertools.islice(itertools.cycle(sessions), VIEWERS))
    command = [sys.executable, "-m", "bench.viewers"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as pages:  # noqa: S603
        if pages.stdin is None or pages.stdout is None:
            raise RuntimeError("no pipes to the viewers")
        pages.stdin.write(json.dumps({"port": port, "people": people, "reads": reads}) + "\n")
        pages.stdin.flush()
        if pages.stdout.readline().strip() != "open":
            raise RuntimeError("the viewers could not open their pages")
        yield
        pages.stdin.close()
        told.append(json.loads(pages.stdout.read()))


def _bodies(made: World) -> Iterator[bytes]:
    for n in itertools.count():
        yield json.dumps(patrol_body(made.boxes[n % len(made.boxes)], TODAY - timedelta(days=n // 400), n)).encode()


def _batch(port: int, pid: int, bodies: Iterator[bytes], count: int) -> Batch:
    """Upload so many patrols."""
    ready = list(itertools.islice(bodies, count))
    cpu_s, started = _cpu_s(pid), time.perf_counter()
    upload(port, iter(ready), [])
    elapsed_s = time.perf_counter() - started
    return Batch(count / elapsed_s, (_cpu_s(pid) - cpu_s) * 1e3 / count, _memory_mb(pid))


def _processes(pid: int) -> list[Path]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    return [Path(f"/proc/{each}") for each in (str(pid), *children)]


def _memory_mb(pid: int) -> float:
    """What a server's processes hold, shared pages divided among them."""
    lines = [line for each in _processes(pid) for line in (each / "smaps_rollup").read_text("ascii").splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def _cpu_s(pid: int) -> float:
    """Processor time that a server's processes have used."""
    fields = [(each / "stat").read_text("ascii").rpartition(")")[2].split() for each in _processes(pid)]
    return sum(int(each[11]) + int(each[12]) for each in fields) / os.sysconf("SC_CLK_TCK")
