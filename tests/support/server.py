"""A real server process, which tests may kill and bring back."""

import os
import signal
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from tests.support import forking
from tests.support.databases import wait_until
from tests.support.people import DATABASES, ensure_tester
from tests.support.ports import server_port

OPERATOR_TOKEN = "the-operator-of-the-tests"  # noqa: S105 - of servers that live for a test


class LiveServer:
    """`wuyilou serve` in a process of its own, on a database of its own."""

    def __init__(self, database_url: str, log: Path, environment: Mapping[str, str] | None = None) -> None:
        self.database_url = database_url
        self.port = server_port()
        self.log = log
        self._environment = dict(environment or {})
        self._process: forking.Child | None = None

    @property
    def url(self) -> str:
        """The address, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start and return when it answers; the tester may sign in."""
        ensure_tester(self.database_url)
        DATABASES[self.url] = self.database_url
        environment = {
            **os.environ,
            "WUYILOU_DATABASE_URL": self.database_url,
            "WUYILOU_OPERATOR_TOKEN": OPERATOR_TOKEN,
            **self._environment,
        }
        self._process = forking.start(["serve", "--port", str(self.port)], environment, self.log)
        wait_until(self._settled, f"{self.url} to answer")
        if not self._process.is_running():
            raise AssertionError(f"the server did not start:\n{self.log.read_text('utf-8')}")

    def kill(self) -> None:
        """End it without notice."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it as Ctrl-C does."""
        self._end(signal.SIGINT)

    def restart(self) -> None:
        """Start again on the same port, killing it first if it runs."""
        self.kill()
        self.start()

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            wait_until(lambda: self._process is None or not self._process.is_running(), f"{self.url} to end")
            self._process = None

    def _settled(self) -> bool:
        return (self._process is not None and not self._process.is_running()) or self.answers()

    def answers(self) -> bool:
        """Whether somebody answers at the address."""
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:  # noqa: S310 - http
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False
