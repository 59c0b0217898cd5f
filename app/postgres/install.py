"""Find an installed PostgreSQL that has PostGIS.

Standard library only: the set-up asks this before any package is installed.
"""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

EXTENSIONS = ("postgis", "ltree", "btree_gist", "pg_trgm")
OLDEST_POSTGIS = (3, 3)
PROGRAMS = ("initdb", "pg_ctl", "postgres", "pg_config")
USUAL_PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")


class PostgresMissingError(RuntimeError):
    """No installation fits; the text says what was looked at and what was wrong with it."""


@dataclass(frozen=True)
class Installation:
    """One installed PostgreSQL with every extension needed."""

    bin_dir: Path
    major: int
    postgis: tuple[int, int]


def find(major: int | None = None) -> Installation:
    """The newest installation that fits, of one major version if given. Raises PostgresMissingError."""
    fitting: list[Installation] = []
    problems: list[str] = []
    for bin_dir in _candidates():
        try:
            fitting.append(_examine(bin_dir))
        except PostgresMissingError as error:
            problems.append(f"{bin_dir}: {error}")
    if major is not None:
        others = ", ".join(str(one.major) for one in fitting if one.major != major)
        if others:
            problems.append(f"the data was made by PostgreSQL {major}; installed: {others}")
        fitting = [one for one in fitting if one.major == major]
    if not fitting:
        wanted = f"PostgreSQL {major or ''}".strip()
        raise PostgresMissingError("; ".join([f"no {wanted} with PostGIS >= 3.3 found", *problems]))
    return max(fitting, key=lambda one: one.major)


def _candidates() -> list[Path]:
    """Directories with PostgreSQL's programs; WUYILOU_PG_BIN names the only one to look at."""
    stated = os.environ.get("WUYILOU_PG_BIN")
    if stated:
        return [Path(stated)]
    found = [path for pattern in USUAL_PLACES for path in sorted(Path("/").glob(pattern.lstrip("/")))]
    on_path = shutil.which("initdb")
    if on_path:
        found.append(Path(on_path).resolve().parent)
    return [path for path in dict.fromkeys(found) if (path / "initdb").exists()]


def _examine(bin_dir: Path) -> Installation:
    missing = [name for name in PROGRAMS if not (bin_dir / name).exists()]
    if missing:
        raise PostgresMissingError(f"without {', '.join(missing)}")
    extensions = Path(_config(bin_dir, "--sharedir")) / "extension"
    missing = [name for name in EXTENSIONS if not (extensions / f"{name}.control").exists()]
    if missing:
        raise PostgresMissingError(f"without the extensions {', '.join(missing)}")
    stated = re.search(r"default_version = '(\d+)\.(\d+)", (extensions / "postgis.control").read_text("utf-8"))
    postgis = (int(stated[1]), int(stated[2])) if stated else (0, 0)
    if postgis < OLDEST_POSTGIS:
        raise PostgresMissingError(f"its PostGIS is {postgis[0]}.{postgis[1]}, too old")
    version = re.search(r"PostgreSQL (\d+)", _config(bin_dir, "--version"))
    return Installation(bin_dir, int(version[1]) if version else 0, postgis)


def _config(bin_dir: Path, option: str) -> str:
    program = str(bin_dir / "pg_config")
    return subprocess.run([program, option], check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603
