"""Where a private cluster lives and as whom it runs.

PostgreSQL refuses to run as root, so root hands it to an unprivileged account, which must be able to reach the place: a
checkout under /root or in a fresh `mktemp -d` is closed to it, and the cluster then lives elsewhere.
"""

import os
import pwd
import secrets
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

UNPRIVILEGED = ("postgres", "nobody")
ELSEWHERE_AS_ROOT = Path("/var/lib/wuyilou")


class ClusterError(RuntimeError):
    """The private database cannot be used; the text says why and what to do."""


@dataclass(frozen=True)
class Account:
    """The account that the server runs as."""

    name: str
    uid: int
    gid: int

    @property
    def process_options(self) -> Mapping[str, Any]:
        """What makes subprocess run a program as this account."""
        if os.geteuid() == self.uid:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Give a file or directory to the account."""
        if os.geteuid() != self.uid:
            os.chown(path, self.uid, self.gid)

    def make_directory(self, path: Path) -> None:
        """A directory that only the account (and root) can enter."""
        path.mkdir(mode=0o700, exist_ok=True)
        self.own(path)

    def write_secret(self, path: Path, text: str) -> None:
        """Write a file that only the account (and root) can read; never through a link that was put there."""
        path.unlink(missing_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        self.own(path)

    def can_write(self, path: Path) -> bool:
        """Whether the account reaches a directory that is its own and closed to others."""
        if path.stat().st_mode & 0o077:
            return False  # a file system without permissions, where PostgreSQL refuses to work
        test = subprocess.run(["test", "-w", str(path)], cwd="/", check=False, **self.process_options)  # noqa: S603, S607
        return test.returncode == 0


def server_account(home: Path) -> Account:
    """The owner of the data if there is any, else the caller, else (as root) an unprivileged account."""
    caller, data = os.geteuid(), home / "data"
    owner = data.stat().st_uid if data.exists() else None
    if caller != 0:
        if owner not in (None, caller):
            name = _entry(owner).pw_name if owner is not None else ""
            raise ClusterError(f"{data} belongs to {name}: run as that user or as root, or remove it")
        return _account(_entry(caller))
    if owner:
        return _account(_entry(owner))
    for name in UNPRIVILEGED:
        try:
            return _account(pwd.getpwnam(name))
        except KeyError:
            continue
    raise ClusterError(
        f"running as root needs an unprivileged account for PostgreSQL: one of {', '.join(UNPRIVILEGED)}"
    )


def choose_home(root: Path) -> Path:
    """The directory of the cluster kept under `root`, made if new: inside it, or where `root`/elsewhere points."""
    pointer, inside = root / "elsewhere", root / "cluster"
    if pointer.exists():
        return Path(pointer.read_text("utf-8").strip())
    if (inside / "data").exists():
        return inside
    account = server_account(inside)
    account.make_directory(inside)
    if account.can_write(inside):
        return inside
    inside.rmdir()
    outside = _outside()
    outside.parent.mkdir(parents=True, exist_ok=True)
    if outside.parent == ELSEWHERE_AS_ROOT:
        outside.parent.chmod(0o755)  # whatever the caller's umask
    account.make_directory(outside)
    if not account.can_write(outside):
        raise ClusterError(f"neither {inside} nor {outside} can hold a database that {account.name} owns")
    pointer.write_text(f"{outside}\n", "utf-8")
    return outside


def _outside() -> Path:
    # A random name: a fresh clone in the same place must never find the data of the one before.
    parent = ELSEWHERE_AS_ROOT if os.geteuid() == 0 else Path.home() / ".local/share/wuyilou"
    return parent / secrets.token_hex(6)


def _entry(uid: int) -> pwd.struct_passwd:
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        return pwd.struct_passwd((str(uid), "x", uid, uid, "", "/", "/bin/sh"))


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
