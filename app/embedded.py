"""A private PostGIS cluster: made, started, shared by the processes of one checkout, and stopped by the last of them.

Every process that uses the cluster holds a shared lock on `users.lock`, which the kernel drops however the process
ends. Whoever leaves last stops the server: it never vanishes under another, and the next run takes over a killed one's.
"""

import fcntl
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from app.postgres import install, process
from app.postgres.config import configuration
from app.postgres.home import ClusterError, choose_home, server_account

ROLE = "wuyilou"
START_ATTEMPTS = 5
LONGEST_SOCKET_PATH = 107
HOST_RULES = "local all all scram-sha-256\nhost all all 127.0.0.1/32 scram-sha-256\n"


def say_on_stderr(text: str) -> None:
    """Tell the person at the terminal."""
    print(text, file=sys.stderr, flush=True)


class EmbeddedCluster:
    """The cluster kept under `root`; a context manager. `durable=False` (tests) gives up safety at power loss."""

    def __init__(self, root: Path, durable: bool = True, say: Callable[[str], None] = say_on_stderr) -> None:
        self.root = root.absolute()
        self.durable = durable
        self._say = say
        self._users: IO[str] | None = None
        self.root.mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.stop()

    @property
    def home(self) -> Path:
        """The directory of the data, the log, the socket and the password."""
        return choose_home(self.root)

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.home / "postgres.log"

    def start(self) -> None:
        """Start the server, making the cluster first if there is none; join it if it runs. Raises ClusterError."""
        with self._turn():
            self._join()
            try:
                if self.postmaster() is None:
                    self._launch()
                process.wait_until(
                    lambda: (found := self.postmaster()) is not None and found.ready, "the database to be ready"
                )
            except BaseException:
                self._leave()
                raise

    def stop(self) -> None:
        """Leave; stop the server if nobody else uses it."""
        with self._turn():
            self._leave()

    def remove(self) -> None:
        """Stop and delete everything, data included. Raises ClusterError while others use it."""
        with self._turn():
            if not self._leave():
                raise ClusterError("the database is in use by another process of this checkout; stop that first")
            home = self.home
        shutil.rmtree(home)
        shutil.rmtree(self.root, ignore_errors=True)
        with suppress(OSError):
            home.parent.rmdir()  # what held nothing but this

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of a database, made with its extensions if it does not exist. Raises ClusterError."""
        with self._turn():
            server = self.postmaster()
            if server is None:
                raise ClusterError("the database is not running")
            password = (self.home / "password").read_text("utf-8").strip()
            address = make_conninfo(host=str(server.socket_dir), port=server.port, user=ROLE, password=password)
            _ensure(database, address)
        return f"postgresql+psycopg://{ROLE}:{password}@/{database}?host={quote(str(server.socket_dir))}&port={server.port}"

    def postmaster(self) -> process.Postmaster | None:
        """The running server, or None."""
        return process.find(self.home / "data")

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """One starter or stopper at a time."""
        with (self.root / "start.lock").open("a", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _join(self) -> None:
        if self._users is None:
            self._users = (self.root / "users.lock").open("a", encoding="utf-8")
            fcntl.flock(self._users, fcntl.LOCK_SH)

    def _leave(self) -> bool:
        """Give up the own share; True if nobody else has one, and the server is then stopped."""
        users = self._users or (self.root / "users.lock").open("a", encoding="utf-8")
        self._users = None
        with users:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            self._shut_down()
            return True

    def _shut_down(self) -> None:
        server = self.postmaster()
        if server is None:
            return
        os.kill(server.pid, signal.SIGINT)  # PostgreSQL's "fast": ends sessions, writes everything, leaves
        process.wait_until(lambda: not process.is_server(server.pid, self.home / "data"), "the database to stop")
        if server.socket_dir.parent != self.home:
            shutil.rmtree(server.socket_dir, ignore_errors=True)

    def _launch(self) -> None:
        if not (self.home / "data" / "PG_VERSION").exists():
            self._create()
        major = int((self.home / "data" / "PG_VERSION").read_text("utf-8"))
        installation = install.find(major)
        fresh_port = False
        for attempt in range(START_ATTEMPTS):
            time.sleep(0.2 * attempt)  # the last sessions of a killed server take a moment to notice
            from_byte = self.log.stat().st_size if self.log.exists() else 0
            result = self._try(installation, fresh_port)
            if result.returncode == 0:
                return
            tail = self._log_tail(from_byte)
            fresh_port = "could not create any TCP/IP sockets" in tail
            if not fresh_port and "shared memory block" not in tail:
                break
        raise ClusterError(f"PostgreSQL did not start. The end of {self.log}:\n{tail}{result.stderr}")

    def _try(self, installation: install.Installation, fresh_port: bool) -> subprocess.CompletedProcess[str]:
        data = self.home / "data"
        (data / "postmaster.pid").unlink(missing_ok=True)  # nobody's: postmaster() looked
        self._configure(fresh_port)
        options = ["-w", "-t", str(process.PATIENCE_S), "-D", str(data), "-l", str(self.log)]
        return self._run([installation.bin_dir / "pg_ctl", "start", *options])

    def _create(self) -> None:
        installation = install.find()
        version = f"PostgreSQL {installation.major}, PostGIS {installation.postgis[0]}.{installation.postgis[1]}"
        self._say(f"Making a private database in {self.home} ({version}; a few seconds)")
        if self.home.parent != self.root:
            self._say(f"  (not in {self.root}, which {server_account(self.home).name} may not enter)")
        account = server_account(self.home)
        unfinished = self.home / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        account.write_secret(self.home / "password", secrets.token_urlsafe(24) + "\n")
        options = ["--username", ROLE, "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8"]
        options += ["--pwfile", str(self.home / "password"), *([] if self.durable else ["--no-sync"])]
        result = self._run([installation.bin_dir / "initdb", *options, "-D", unfinished])
        if result.returncode:
            raise ClusterError(f"initdb failed in {self.home}:\n{result.stdout}{result.stderr}")
        unfinished.rename(self.home / "data")

    def _configure(self, fresh_port: bool) -> None:
        account = server_account(self.home)
        port_file = self.home / "port"
        kept = int(port_file.read_text("utf-8")) if port_file.exists() and not fresh_port else 0
        port = process.free_port(kept)
        sockets = self.home / "socket"
        shutil.rmtree(sockets, ignore_errors=True)  # a killed server's lock on the socket would be believed
        if len(os.fsencode(sockets / ".s.PGSQL.65535")) > LONGEST_SOCKET_PATH:
            sockets = Path(tempfile.mkdtemp(prefix="wuyilou-", dir="/tmp"))
        account.make_directory(sockets)
        account.write_secret(port_file, f"{port}\n")
        text = configuration(port, str(sockets), self.durable)
        account.write_secret(self.home / "data" / "postgresql.conf", text)
        account.write_secret(self.home / "data" / "pg_hba.conf", HOST_RULES)

    def _run(self, command: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
        account = server_account(self.home)
        clean = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}  # no PG* or PROJ_* of the caller
        options = {"cwd": "/", "env": clean, "stdin": subprocess.DEVNULL, **account.process_options}
        return subprocess.run(command, check=False, capture_output=True, text=True, **options)  # noqa: S603

    def _log_tail(self, from_byte: int) -> str:
        if not self.log.exists():
            return ""
        return self.log.read_bytes()[from_byte:][-3000:].decode(errors="replace")


def _ensure(database: str, address: str) -> None:
    with psycopg.connect(address, dbname="postgres", autocommit=True) as server:
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
    with psycopg.connect(address, dbname=database) as fresh:
        for extension in install.EXTENSIONS:
            fresh.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
