"""(d) Patrols a second, end to end: HTTP, cleaning, stamping, commit, refreshed shares."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta

from bench.harness import emit, progress
from bench.world import TODAY, World, patrol_body, world

TOKEN = "bench"  # noqa: S105 - of a server that lives for one minute on loopback
PATROLS = 600
CLIENTS = 6
WORKERS = 2
PATIENCE_S = 180


def run() -> None:
    """Upload patrols of 1,000 fixes over many grids from several clients to a server with two workers."""
    with world("throughput", 20, 20) as made:
        progress("(d) preparing uploads")
        bodies = [
            json.dumps(patrol_body(made.boxes[i % len(made.boxes)], TODAY - timedelta(days=i // 400), i)).encode()
            for i in range(PATROLS)
        ]
        port = free_port()
        with served(made, port):
            progress(f"(d) {PATROLS} uploads by {CLIENTS} clients")
            upload(port, iter(bodies[:20]), [])
            latencies_ms: list[float] = []
            started = time.perf_counter()
            upload(port, iter(bodies[20:]), latencies_ms)
            elapsed_s = time.perf_counter() - started
        latencies_ms.sort()
        emit(
            "d",
            "patrols of 1,000 fixes a second over HTTP, committed and visible",
            patrols_per_s=len(latencies_ms) / elapsed_s,
            median_ms=latencies_ms[len(latencies_ms) // 2],
            p95_ms=latencies_ms[int(len(latencies_ms) * 0.95)],
            bar="25 patrols/s",
        )


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def served(made: World, port: int) -> Iterator[int]:
    """A server with two workers on a city; its process id."""
    server = _serve(made, port)
    try:
        yield server.pid
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=30)


def _serve(made: World, port: int) -> subprocess.Popen[bytes]:
    environment = os.environ | {"WUYILOU_DATABASE_URL": made.url, "WUYILOU_OPERATOR_TOKEN": TOKEN}
    command = [sys.executable, "-m", "app.cli", "serve", "--port", str(port), "--workers", str(WORKERS)]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return server
        except OSError:
            time.sleep(0.1)
    server.terminate()  # not killed: its workers would stay
    server.wait()
    raise RuntimeError(f"the server did not come up within {PATIENCE_S} s")


def upload(port: int, bodies: Iterator[bytes], latencies_ms: list[float]) -> None:
    """Upload patrols from several clients; each one's time is added. Raises RuntimeError when one is refused."""
    lock = threading.Lock()
    failures: list[str] = []

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {TOKEN}"}
        while not failures:
            with lock:
                body = next(bodies, None)
            if body is None:
                return
            started = time.perf_counter()
            connection.request("POST", "/api/patrols", body, headers)
            answer = connection.getresponse()
            text = answer.read()
            if answer.status != 200:
                failures.append(f"{answer.status}: {text[:300]!r}")
            with lock:
                latencies_ms.append((time.perf_counter() - started) * 1e3)

    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise RuntimeError(f"an upload failed: {failures[0]}")
