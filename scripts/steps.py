"""Running a step of the set-up so that a person sees that it runs, and why it failed."""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

LOG = Path(".data") / "setup.log"
HEARTBEAT_S = 10
SHOWN_LINES = 30


class Failure(Exception):  # noqa: N818 - what the person is told
    """The set-up cannot go on; the text says what is missing and how to get it."""


def say(text: str) -> None:
    """Tell the person at the terminal."""
    print(f"[set-up] {text}", file=sys.stderr, flush=True)


def run(title: str, command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
    """Run a command with its output in the log; say that it starts, that it goes on, and how long it took."""
    say(f"{title} ...")
    started = time.monotonic()
    with LOG.open("a+b") as log:
        log.write(f"\n== {title}: {' '.join(command)}\n".encode())
        log.flush()
        from_byte = log.tell()
        variables = {**os.environ, **(environment or {})}
        process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=variables)  # noqa: S603
        code = _wait(process, started)
        if code:
            log.seek(from_byte)
            tail = "\n".join(log.read().decode(errors="replace").splitlines()[-SHOWN_LINES:])
            raise Failure(f"{title}: failed (exit code {code}). The end of {LOG}:\n{tail}")
    say(f"{title}: done in {time.monotonic() - started:.0f} s")


def _wait(process: subprocess.Popen[bytes], started: float) -> int:
    try:
        while True:
            try:
                return process.wait(timeout=HEARTBEAT_S)
            except subprocess.TimeoutExpired:
                say(f"    still working, {time.monotonic() - started:.0f} s")
    except KeyboardInterrupt:
        process.terminate()
        process.wait()
        raise


def digest(parts: Iterable[Path | str]) -> str:
    """A fingerprint of files (by content) and texts, to know whether a step is still up to date."""
    hashed = hashlib.sha256()
    for part in parts:
        hashed.update(part.read_bytes() if isinstance(part, Path) else part.encode())
        hashed.update(b"\0")
    return hashed.hexdigest()


def is_current(stamp: Path, fingerprint: str) -> bool:
    """Whether a step was finished for this fingerprint."""
    return stamp.exists() and stamp.read_text("utf-8") == fingerprint
