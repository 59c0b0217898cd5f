"""Programs forked from one that has the application loaded: starting a server takes no seconds of importing.

What runs in the child is `wuyilou` itself, with its own arguments, environment and log; only its imports are shared,
and the cheap hashes of tests.
"""

import atexit
import ctypes
import gc
import importlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from tests.support.hashing import hash_cheaply

REPOSITORY = Path(__file__).parents[2]
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
LOADED = ("app.main", "app.jobs", "app.cli", "app.accounts.people", "app.migrate", "uvicorn.protocols.http.auto")


class Child:
    """A running program; the process that forked it reaps it."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def is_running(self) -> bool:
        """Whether it has not ended."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal, if it is still there."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)


def start(arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> Child:
    """Run `wuyilou` with arguments in a process of its own; what it says is added to the log."""
    parent = _parent()
    assert parent.stdin is not None
    assert parent.stdout is not None
    order = {"arguments": list(arguments), "environment": dict(environment), "log": str(log)}
    parent.stdin.write(json.dumps(order).encode() + b"\n")
    parent.stdin.flush()
    return Child(int(parent.stdout.readline()))


@lru_cache(maxsize=1)
def _parent() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.support.forking"]
    # numpy's threads would not survive the fork.
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    parent = subprocess.Popen(
        command, cwd=REPOSITORY, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )
    atexit.register(_end, parent)
    return parent


def _end(parent: subprocess.Popen[bytes]) -> None:
    """Let it see the end of what it is told, which is its own."""
    with suppress(BrokenPipeError):
        parent.communicate(timeout=10)


def _serve_forks() -> None:
    for name in LOADED:
        importlib.import_module(name)
    hash_cheaply()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children that end are gone
    for line in sys.stdin.buffer:  # ends when whoever asks has ended
        pid = os.fork()
        if pid == 0:
            _become(json.loads(line))
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


def _become(order: dict[str, Any]) -> None:
    """Be the program that was asked for; does not return."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)  # killed tests leave no servers behind
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDONLY)
    told = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for given, number in ((nothing, 0), (told, 1), (told, 2)):
        os.dup2(given, number)
    os.environ.clear()
    os.environ.update(order["environment"])
    sys.argv = ["wuyilou", *order["arguments"]]
    code = 1
    try:
        importlib.import_module("app.cli").main()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    _serve_forks()
