"""The virtual environment .venv with the packages of requirements.lock."""

import importlib.util
import platform
import sys
from pathlib import Path

from scripts import steps

ENVIRONMENT = Path(".venv")
PIP = ("-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--progress-bar", "off")


def install(root: Path) -> None:
    """Make .venv fit the lock; nothing is done if it fits already."""
    python = root / ENVIRONMENT / "bin" / "python"
    stamp = root / ENVIRONMENT / ".wuyilou-stamp"
    version = platform.python_version()
    fingerprint = steps.digest([root / "requirements.lock", root / "pyproject.toml", version, str(root)])
    if python.exists() and steps.is_current(stamp, fingerprint):
        return
    _make(root, python)
    stamp.unlink(missing_ok=True)
    steps.run(
        "Python packages (the first time about a minute)",
        [str(python), *PIP, "--require-hashes", "-r", str(root / "requirements.lock")],
    )
    steps.run("the command wuyilou", [str(python), *PIP, "--no-deps", "--no-build-isolation", "--editable", str(root)])
    stamp.write_text(fingerprint, "utf-8")


def _make(root: Path, python: Path) -> None:
    """A virtual environment of this Python, made anew if it is another Python's or came from another place."""
    if python.exists() and _fits(root / ENVIRONMENT, root):
        return
    if importlib.util.find_spec("ensurepip") is None:
        raise steps.Failure(f"{sys.executable} has no ensurepip: install the package python3-venv of its distribution")
    steps.run("Python environment", [sys.executable, "-m", "venv", "--clear", str(root / ENVIRONMENT)])


def _fits(environment: Path, root: Path) -> bool:
    settings, pip = environment / "pyvenv.cfg", environment / "bin" / "pip"
    if not (settings.exists() and pip.exists()):
        return False
    ours = f"version = {platform.python_version()}" in settings.read_text("utf-8").splitlines()
    return ours and str(root) in pip.read_text("utf-8")[:500]
